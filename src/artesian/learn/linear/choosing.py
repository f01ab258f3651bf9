"""Cross-validation: the alpha and lambda of the least mean deviance of held-out rows, for folds and main model alike."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from artesian.learn.linear.model import GLMModel
from artesian.learn.linear.parameters import ByFolds, GLMParameters
from artesian.learn.linear.training import Trainer

MAX_WORSE = 3
"""So many penalties worse than the best, and weaker ones are not looked at (with one alpha and falling lambdas)."""


@dataclass(frozen=True)
class _Compared:
    alpha: float
    strength: float
    deviance: float
    error: float


def choose(parameters: GLMParameters, folds: Sequence[GLMModel]) -> GLMParameters:
    """Compares the penalties over all folds, selects the best in each, and gives the parameters of the main model."""
    targets = [fold.target_step for fold in folds]
    for fold in folds:
        fold.target_step = None  # the frames that the trainers hold are encoded already
    try:
        return _chosen(parameters, folds)
    finally:
        for fold, own in zip(folds, targets, strict=True):
            fold.target_step = own


def _chosen(parameters: GLMParameters, folds: Sequence[GLMModel]) -> GLMParameters:
    trainers: list[Trainer] = [fold.trainer for fold in folds]
    paths = [_Fold(trainer) for trainer in trainers]
    compared = _compare(paths)
    best = min(range(len(compared)), key=lambda i: (_ranked(compared[i].deviance), i))
    chosen = compared[best]
    for fold, path, trainer in zip(folds, paths, trainers, strict=True):
        number = path.number(chosen.alpha, chosen.strength)
        if number != trainer.path.selected:
            trainer.path.selected = number
            trainer.complete()
        fold.trainer = None
    same = [item for item in compared if item.alpha == chosen.alpha]
    by_folds = ByFolds(
        tuple(item.strength for item in same[: same.index(chosen) + 1]),
        folds[0].terms.terms == () or _has_all_levels(folds[0]),
        same.index(chosen),
        _one_error(same, chosen),
        tuple(item.deviance for item in same),
        tuple(item.error for item in same),
    )
    if not parameters.lambda_search:
        by_folds = replace(by_folds, strengths=(chosen.strength,), chosen=0)
    return replace(parameters, alpha=(chosen.alpha,), by_folds=by_folds)


def _has_all_levels(model: GLMModel) -> bool:
    return all(term.first == 0 for term in model.terms.terms)


def _ranked(deviance: float) -> float:
    return math.inf if math.isnan(deviance) else deviance


class _Fold:
    """The path of one fold by alpha and lambda."""

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        self._places = {(item.alpha, item.strength): i for i, item in enumerate(trainer.path.submodels)}

    def reached(self, alpha: float) -> int:
        """How many penalties of an alpha were fitted."""
        return sum(own == alpha for own, _ in self._places)

    def number(self, alpha: float, strength: float) -> int:
        """The place of a penalty on the path; it is fitted if the path ended before."""
        if (alpha, strength) not in self._places:
            self.trainer.extend(alpha, strength)
            self._places[alpha, strength] = len(self.trainer.path.submodels) - 1
        return self._places[alpha, strength]


def _compare(paths: Sequence[_Fold]) -> list[_Compared]:
    alphas, strengths = paths[0].trainer.alphas, paths[0].trainer.strengths
    hurried = any(path.trainer.out_of_time for path in paths)
    falling = all(a > b for a, b in itertools.pairwise(strengths))
    compared: list[_Compared] = []
    for alpha in alphas:
        counts = [path.reached(alpha) for path in paths]
        reached = min(counts) if hurried else max(counts)
        if hurried and not reached and compared:
            break
        best, worse = math.inf, 0
        for strength in strengths[: max(reached, 1)]:
            found = [p.trainer.path.submodels[p.number(alpha, strength)].deviance_valid for p in paths]
            mean = float(np.mean(found))
            error = float(np.std(found, ddof=1) / math.sqrt(len(found))) if len(found) > 1 else 0.0
            compared.append(_Compared(alpha, strength, mean, error))
            if mean < best:
                best = mean
            elif len(alphas) == 1 and falling:
                worse += 1
                if worse == MAX_WORSE:
                    break
    return compared


def _one_error(same: Sequence[_Compared], chosen: _Compared) -> float:
    """The strongest penalty reached from the best one without leaving one standard error of its deviance."""
    ordered = sorted(same, key=lambda item: -item.strength)
    place = ordered.index(chosen)
    while place > 0 and ordered[place - 1].deviance <= chosen.deviance + chosen.error:
        place -= 1
    return ordered[place].strength
