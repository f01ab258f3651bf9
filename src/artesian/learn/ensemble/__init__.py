"""Stacked ensembles: a metalearner learns from what other models predicted for rows that they had not seen.

`algorithm` holds the ensemble and the greedy weights as algorithms, `checks` what base models must have in common,
`level_one` makes their predictions a table, `metalearners` settles which model learns from it and how, `training` trains,
`model` and `greedy` are the models.
"""
