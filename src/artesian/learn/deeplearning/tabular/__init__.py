"""The recipe `tabular` of Deep Learning: small ensembles of networks made for tables of numbers and categories.

`recipe` settles sizes and schedules, `inputs` turns columns into inputs, `network` holds the arithmetic, `member` trains one
network, `training` all of them between looks at clock and cancellation, `model` predicts, `checks` refuses what cannot be honoured.

After RealMLP (Holzmüller, Grinsztajn, Steinwart: Better by Default, 2024, section 3 and table A.1): robust scaling with a
smooth clip, periodic embeddings of numbers, a learnt scale of each input, neural tangent parametrisation, activations that are
mixed with the identity, Adam on a schedule of four cycles, the best epoch on held-out rows.
"""
