"""Principal component analysis and singular value decomposition.

`expansion` turns columns into the matrix that is decomposed, `products` multiplies it block of rows by block of rows,
`solvers` finds singular vectors, `model` is the result; `algorithm` has both algorithms, `training` what they share.
"""
