"""`artesian.model.confusion_matrix`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.model.confusion_matrix import ConfusionMatrix

__all__ = [
    "ConfusionMatrix",
]
