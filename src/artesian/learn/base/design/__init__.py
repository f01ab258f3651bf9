"""The design matrix: how the columns of a frame become the inputs of a model, in training and ever after.

`encoding` turns categorical columns into other columns, `categorical` into one-hot inputs, `numeric` scales numbers,
`design` holds them together, `matrix` is the result: a sparse part, a dense block, or both.
"""

from artesian.learn.base.design.design import Design, DesignOptions, Scaling
from artesian.learn.base.design.matrix import DesignMatrix

__all__ = ["Design", "DesignMatrix", "DesignOptions", "Scaling"]
