"""XGBoost: boosted trees and boosted linear models by the xgboost library.

`parameters` declares, `checks` says what must hold together, `plan` turns both into the library's own terms, `rows` makes its
matrices, `training` boosts and scores, `model` predicts, `tables` and `importances` tell of the booster, `trees` of its trees.
"""
