"""Random calls of every operator, with arguments that suit it (and now and then one that does not), some of them nested.

The generators stand by family in `calls`: each belongs to one or several operators and draws one call of each. `UNTRIED` names
the operators that no call can be compared of, with the reason.
"""

from __future__ import annotations

from calls import elementwise, groups, numbers, parts, shapes, texts
from draw import GENERATORS, Draw, Expression, random_call

__all__ = [
    "GENERATORS",
    "UNTRIED",
    "Draw",
    "Expression",
    "elementwise",
    "groups",
    "numbers",
    "parts",
    "random_call",
    "shapes",
    "texts",
]

_OF_MODELS = "takes a model, which no random frame is"
UNTRIED = {
    "ls": "lists whatever else the two servers hold",
    "setTimeZone": "would change the servers for others",
    "listTimeZones": "lists the zones of the version of the time zone data that a server came with",
    "setproperty": "would change the servers for others",
    "PermutationVarImp": _OF_MODELS,
    "fairnessMetrics": _OF_MODELS,
    "makeLeaderboard": _OF_MODELS,
    "model.reset.threshold": _OF_MODELS,
    "predicted.vs.actual.by.var": _OF_MODELS,
    "segment_models_as_frame": _OF_MODELS,
    "set.calibration.model": _OF_MODELS,
    "tree.update.weights": _OF_MODELS,
}
