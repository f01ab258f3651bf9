"""The errors of the Python API, where scripts written for H2O look for them: `from artesian.exceptions import H2OValueError`."""

from artesian.client.exceptions import *  # noqa: F403 - exactly the names of its __all__
from artesian.client.exceptions import __all__ as __all__
