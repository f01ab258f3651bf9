"""Data made by whole-number arithmetic, the same on every machine, for tests against recorded values."""

from __future__ import annotations

import numpy as np

_I = np.arange(200)

# 101 distinct scores with ties; classes that lean with them; weights 1, 2, 3.
P1 = ((_I * 37) % 101) / 101.0
BINARY = (((_I * _I + 3 * _I) % 11) / 11.0 < P1 * 0.8 + 0.1).astype(int)
WEIGHTS = 1.0 + (_I % 3)

# 2003 distinct scores, well over the 400 thresholds of a table.
_J = np.arange(2003)
MANY_P1 = ((((_J * 797) % 2003) + 0.5) / 2003.0) ** 2
MANY_BINARY = (((_J * _J + 7 * _J) % 101) / 101.0 < MANY_P1 * 0.7 + 0.1).astype(int)

# Three classes, no tie within a row: the three scores leave different remainders of 3.
_SCORES = np.stack([3 * ((_I * 7) % 13) + 3, 3 * ((_I * 5) % 17) + 4, 3 * ((_I * 11) % 19) + 5], axis=1).astype(float)
CLASSES = (_SCORES + 3 * np.stack([(_I * 3) % 7, (_I * 13) % 5, (_I * 17) % 11], axis=1)).argmax(axis=1)
PROBABILITIES = _SCORES / _SCORES.sum(axis=1, keepdims=True)

ACTUAL = 1.0 + ((_I * 29) % 83) / 8.0
PREDICTED = 1.0 + ((_I * 31) % 89) / 16.0
FEATURE = ((_I * 29 + 11 * (_I % 5)) % 83).astype(float)
