"""create_frame: random data of a given shape and mixture of kinds, made by the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from artesian.client import session
from artesian.client.checks import Number, check_frame_id, check_type
from artesian.client.exceptions import H2OValueError
from artesian.client.expr import new_temporary

if TYPE_CHECKING:
    from artesian.client.frame.frame import H2OFrame

_USUAL_SHARES = {"real": 0.5, "categorical": 0.2, "integer": 0.2, "binary": 0.1, "time": 0.0, "string": 0.0}
_SLACK = 1e-10


def create_frame(
    frame_id: str | None = None,
    rows: int = 10_000,
    cols: int = 10,
    randomize: bool = True,
    real_fraction: float | None = None,
    categorical_fraction: float | None = None,
    integer_fraction: float | None = None,
    binary_fraction: float | None = None,
    time_fraction: float | None = None,
    string_fraction: float | None = None,
    value: float = 0,
    real_range: float = 100,
    factors: int = 100,
    integer_range: int = 100,
    binary_ones_fraction: float = 0.02,
    missing_fraction: float = 0.01,
    has_response: bool = False,
    response_factors: int = 2,
    positive_response: bool = False,
    seed: int | None = None,
    seed_for_column_types: int | None = None,
) -> H2OFrame:
    """A frame of random data: `cols` columns (and a response) of `rows` rows.

    The fractions are the shares of the columns of each kind; those not given share out what the others leave, in the
    proportions real 5 : categorical 2 : integer 2 : binary 1. Numbers lie within plus and minus `real_range` and
    `integer_range`, categoricals have `factors` levels, binary columns that share of ones, and `missing_fraction` of all
    values is missing. With `randomize=False` all values are `value`. Raises H2OValueError for shares that do not add up.
    """
    from artesian.client.objects import made_by

    check_frame_id(frame_id)
    for name, number in (("rows", rows), ("cols", cols), ("factors", factors), ("integer_range", integer_range)):
        check_type(name, number, int)
        if number < 1:
            raise H2OValueError(f"The argument '{name}' must be at least 1. Got {number}.", name)
    given = {
        "real": real_fraction, "categorical": categorical_fraction, "integer": integer_fraction,
        "binary": binary_fraction, "time": time_fraction, "string": string_fraction,
    }  # fmt: skip
    if randomize and value:
        raise H2OValueError("The argument 'value' fills the frame only with randomize=False.", "value")
    if not randomize and (categorical_fraction or integer_fraction):
        raise H2OValueError("Categorical and integer columns are random: leave randomize=True.", "randomize")
    data: dict[str, Any] = {
        "dest": frame_id or new_temporary(session.current()), "rows": rows, "cols": cols, "randomize": randomize,
        "value": value, "real_range": real_range, "factors": factors, "integer_range": integer_range,
        "binary_ones_fraction": binary_ones_fraction, "missing_fraction": missing_fraction,
        "has_response": has_response, "response_factors": response_factors, "positive_response": positive_response,
        "seed": -1 if seed is None else seed,
        "seed_for_column_types": -1 if seed_for_column_types is None else seed_for_column_types,
    }  # fmt: skip
    # the share of real columns is what the others leave, so it is not sent
    data |= {f"{kind}_fraction": share for kind, share in shares(given).items() if kind != "real"}
    return made_by(session.offered("create_frame()", "POST /3/CreateFrame", data), "Create Frame")


def shares(given: dict[str, float | None]) -> dict[str, float]:
    """The share of each kind of column; those that are None get their part of what the given ones leave of 1."""
    for kind, share in given.items():
        check_type(f"{kind}_fraction", share, None, Number)
        if share is not None and not 0 <= share <= 1:
            raise H2OValueError(f"The argument '{kind}_fraction' must be from 0 to 1. Got {share}.", f"{kind}_fraction")
    total = sum(share for share in given.values() if share is not None)
    if total > 1 + _SLACK:
        raise H2OValueError(f"The fractions of kinds of columns add up to {total:g}, which is more than 1.")
    open_kinds = [kind for kind, share in given.items() if share is None]
    left = max(0.0, 1 - total)
    if not open_kinds:
        if left > _SLACK:
            raise H2OValueError(f"The fractions of kinds of columns add up to {total:g}, which is less than 1.")
        return {kind: float(share or 0) for kind, share in given.items()}
    weight = sum(_USUAL_SHARES[kind] for kind in open_kinds)
    parts = {kind: _USUAL_SHARES[kind] / weight if weight else 1 / len(open_kinds) for kind in open_kinds}
    return {kind: float(share) if share is not None else left * parts[kind] for kind, share in given.items()}
