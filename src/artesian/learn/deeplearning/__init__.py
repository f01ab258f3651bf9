"""Deep Learning: fully connected networks for regression, classification and reconstruction (autoencoders).

`parameters` declares, `algorithm` trains (with `training`, `sampling`, `scoring`), `model` predicts, `tables` and
`importances` tell of the network. The arithmetic is in the compiled kernels.
"""
