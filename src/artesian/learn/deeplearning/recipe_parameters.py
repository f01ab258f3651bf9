"""The parameters of the recipe `tabular`: our own, H2O has none of them."""

from __future__ import annotations

from dataclasses import dataclass

from artesian.learn.base.parameters import Interval, Kind, Parameters, parameter

RECIPES = ("classic", "tabular")


@dataclass(frozen=True)
class RecipeParameters(Parameters):
    """Which kind of network, and what only the kind made for tables has."""

    recipe: str = parameter(
        "classic",
        "classic: one network as the other parameters describe it. tabular: a small ensemble of networks made for tables, with "
        "robust scaling, embeddings of numbers and of categories with many levels, a learnt scale of each input, Adam on a "
        "schedule, and each network's best epoch; hidden, epochs, mini_batch_size and rate follow the size of the table where "
        "they are at their defaults.",
        kind=Kind.CHOICE,
        level="critical",
        choices=RECIPES,
    )
    ensemble_size: int = parameter(
        0,
        "Recipe tabular: networks that predict together. 0 takes 5, each with its own held-out rows; with a validation frame 2, "
        "compared on it; in cross-validation one a fold.",
        kind=Kind.INT,
        interval=Interval(0, 32),
    )
    numeric_embeddings: bool = parameter(
        True,
        "Recipe tabular: give the network of each number also three learnt mixtures of 16 cosines of it, with which it draws "
        "bends and steps more easily.",
        kind=Kind.BOOLEAN,
    )
    dropout: float = parameter(
        0.15,
        "Recipe tabular: share of the hidden units dropped for each training row; falls to 0 over the second half.",
        kind=Kind.DOUBLE,
        interval=Interval(0, 1, high_open=True),
    )
    weight_decay: float = parameter(
        0.02,
        "Recipe tabular: share of each weight that an update takes away, times the learning rate; falls to 0 over the second half.",
        kind=Kind.DOUBLE,
        interval=Interval(0),
    )
    label_smoothing: float = parameter(
        0.0,
        "Recipe tabular: share of each row's target that is spread evenly over all classes. Above 0 it may classify better and "
        "tells worse probabilities.",
        kind=Kind.DOUBLE,
        level="expert",
        interval=Interval(0, 1, high_open=True),
    )
