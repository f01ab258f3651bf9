"""Trees: gradient boosting, random forests and single decision trees, on one engine of compiled histograms.

`grid` bins columns, `grower` grows a tree, `forest` predicts with many; `parameters` declares, `algorithm` registers,
`boosting` and `bagging` train, `model` predicts, `inspection` and `interactions` tell what is in the trees.
"""
