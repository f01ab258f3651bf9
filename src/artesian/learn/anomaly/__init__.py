"""Isolation forests: rows that random splits separate early are anomalies.

`parameters` declares, `checks` says what must hold together, `isolation` and `extended` grow trees, `training` fits both kinds,
`model` predicts, `tables` tell of the forest.
"""
