"""The estimators of the Python API, where scripts written for H2O look for them: `from artesian.estimators import …`."""

from artesian.client.estimators import *  # noqa: F403
from artesian.client.estimators import __all__ as __all__
