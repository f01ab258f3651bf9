"""Generalised linear models: families and links, elastic net, paths of penalties, inference; fitted on cross products of terms.

`terms` and `rows` hold the data, `families` and `multinomial` what is minimised, `quadratic` and `fitting` how, `training`
puts it together; `choosing` compares penalties over folds.
"""
