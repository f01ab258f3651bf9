"""What belongs to an object of the store and goes with it: models of folds, kept predictions, weights, metrics; models of a search."""

from __future__ import annotations

from artesian.store.entry import Kind
from artesian.store.store import Store


def belongings(store: Store, key: str) -> set[str]:
    """The keys that belong to an object.

    To a model: models and frames of its folds, its predictions and weights, its metalearner. To a grid or an AutoML run: its models.
    """
    if key not in store:
        return set()
    kind = store.kind_of(key)
    if kind is Kind.GRID:
        found = set(store.document(kind, key)["model_ids"])
    elif kind is Kind.AUTOML:
        found = set(store.document(kind, key).get("models", ()))
    elif kind is Kind.MODEL:
        details = store.model_details(key)
        found = {details.get("cross_validation_holdout_predictions"), details.get("cross_validation_fold_assignment")}
        for name in ("cross_validation_models", "cross_validation_predictions"):
            found |= set(details.get(name) or ())
        extra = details.get("extra", {})
        for name in ("weights", "biases"):
            found |= set(extra.get(name) or ())
        found |= {extra.get("metalearner"), extra.get("levelone_frame_id")}
    else:
        return set()
    return {item for item in found if item and item in store}


def all_belongings(store: Store, key: str) -> set[str]:
    """The same with what belongs to those in turn."""
    found: set[str] = set()
    rest = [key]
    while rest:
        new = belongings(store, rest.pop()) - found
        found |= new
        rest.extend(new)
    return found


def metrics_prefix(model: str) -> str:
    """How the keys of a model's stored metrics start; the frame's key follows."""
    return f"modelmetrics_{model}_on_"


def metrics_of(store: Store, models: set[str]) -> set[str]:
    """The keys of stored metrics of those models."""
    prefixes = tuple(metrics_prefix(model) for model in models)
    return {key for key in store.keys(Kind.METRICS) if key.startswith(prefixes)} if prefixes else set()


def remove(store: Store, key: str) -> None:
    """Removes an object with all that belongs to it; one that is not there is removed already."""
    gone = {key} | all_belongings(store, key)
    gone |= metrics_of(store, {item for item in gone if item in store and store.kind_of(item) is Kind.MODEL})
    for item in gone:
        store.remove(item, missing_ok=True)
