"""Models and their metrics, where scripts written for H2O look for them: `from artesian.model import H2OBinomialModel`."""

from artesian.client.model import *  # noqa: F403 - exactly the names of its __all__
from artesian.client.model import __all__ as __all__
