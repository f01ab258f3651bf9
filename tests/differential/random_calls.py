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

UNTRIED = {
    "ls": "lists whatever else the two servers hold",
    "setTimeZone": "would change the servers for others",
    "listTimeZones": "lists the zones of the version of the time zone data that a server came with",
    "setproperty": "would change the servers for others",
}
