"""Floor 3: the algorithms, one package each, registered by class attributes; their shared base and their metrics.

`validate` finds every problem of given parameters; `tasks` holds what worker processes run; `base` what algorithms share.
"""

from artesian.learn.base.registry import algorithm, algorithms
from artesian.learn.base.validation import Lookup, ValidatedParameters, validate

__all__ = ["Lookup", "ValidatedParameters", "algorithm", "algorithms", "validate"]
