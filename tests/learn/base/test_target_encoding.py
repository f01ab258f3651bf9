"""Columns of many levels as means of the response: the arithmetic against scikit-learn, and no row is told of its own response."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from sklearn.preprocessing import TargetEncoder

from artesian.frame import Column, ColumnType, Frame
from artesian.learn.base.target_encoding import Options, Targets, TargetStep, estimated_smoothing

CLASSES = {"amounts": None, "two": ["no", "yes"], "three": ["a", "b", "c"]}


def levels_of(codes, prefix="l"):
    return Column.enum_from_strings(pl.Series([f"{prefix}{code}" for code in codes]))


def table(kind, rows=600, levels=40, seed=3):
    """Levels of unequal sizes whose means differ, a weight, and a response."""
    random = np.random.default_rng(seed)
    codes = (levels * random.random(rows) ** 2).astype(int)
    signal = random.normal(size=levels)[codes] + random.normal(size=rows)
    columns = {
        "c": levels_of(codes),
        "few": levels_of(codes % 3),
        "x": Column.reals(pl.Series(random.normal(size=rows))),
    }
    columns["w"] = Column.integers(pl.Series(random.integers(1, 4, size=rows)))
    if kind == "amounts":
        columns["y"] = Column.reals(pl.Series(signal))
    else:
        cuts = [0.0] if kind == "two" else [-0.7, 0.7]
        columns["y"] = Column.enums(pl.Series(np.digitize(signal, cuts).astype(np.uint32)), CLASSES[kind])
    return Frame.from_mapping(columns)


def learnt(frame, kind, weights=None, **options):
    options = Options(**{"levels": 25, "folds": 4, "smoothing": 3.0, "seed": 5, **options})
    targets = Targets.of(frame, "y", weights, CLASSES[kind])
    return TargetStep.fit(frame, ["c", "few", "x"], targets, options), targets, options


def shown(frame, kind):
    """The encoded columns as means or shares [rows, columns]."""
    names = ["c.b", "c.c"] if kind == "three" else ["c"]
    values = np.column_stack([np.asarray(frame[name].floats()) for name in names])
    return values if kind == "amounts" else 1 / (1 + np.exp(-values))


def of_sklearn(frame, kind, smooth, training=None):
    """scikit-learn's encodings of all rows, learnt from some of them."""
    level = np.array(frame["c"].levels)[frame["c"].codes()][:, None]
    response = np.asarray(frame["y"].floats())
    used = np.ones(frame.n_rows, dtype=bool) if training is None else training
    encoder = TargetEncoder(
        smooth=smooth, target_type={"amounts": "continuous", "two": "binary"}.get(kind, "multiclass")
    )
    found = encoder.fit(level[used], response[used]).transform(level)
    return found[:, 1:] if kind == "three" else found


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize("smooth", [0.0, 3.0, 50.0])
def test_new_rows_are_encoded_as_scikit_learn_does(kind, smooth):
    frame = table(kind)
    step, _, _ = learnt(frame, kind, smoothing=smooth)
    found = shown(step.apply(frame), kind)
    # shares of 0 and 1 (smooth 0) are shown as those of half a row: 1 / 1200 off at most
    assert found == pytest.approx(
        of_sklearn(frame, kind, smooth), abs=1e-12 if smooth or kind == "amounts" else 1 / 1199
    )


@pytest.mark.parametrize("kind", CLASSES)
def test_training_rows_are_encoded_by_the_other_folds_as_scikit_learn_does(kind):
    smooth, frame = 3.0, table(kind)
    step, targets, options = learnt(frame, kind, smoothing=smooth)
    found = shown(step.held_out(frame, targets, options), kind)
    folds, codes = targets.folds(options.folds, options.seed), frame["c"].codes()
    prior = step.encoded[0].priors
    for fold in range(4):
        rest, own = folds != fold, folds == fold
        counts = np.bincount(codes[rest], minlength=frame["c"].cardinality)[codes[own]][:, None]
        response = np.asarray(frame["y"].floats())[rest]
        priors = (
            response.mean() if kind == "amounts" else [(response == c).mean() for c in range(1, len(CLASSES[kind]))]
        )
        # scikit-learn draws towards the mean of the other folds, we towards that of all rows, so that levels which the other
        # folds lack do not tell the fold: the encodings differ by m / (rows + m) of the difference of these means
        expected = of_sklearn(frame, kind, smooth, rest)[own] + smooth / (counts + smooth) * (prior - priors)
        assert found[own] == pytest.approx(expected, abs=1e-12)


def test_folds_are_even_over_classes_and_amounts_and_depend_on_the_seed_alone():
    for kind in CLASSES:
        frame = table(kind)
        targets = Targets.of(frame, "y", None, CLASSES[kind])
        folds = targets.folds(4, 1)
        assert np.array_equal(folds, targets.folds(4, 1))
        assert not np.array_equal(folds, targets.folds(4, 2))
        assert np.bincount(folds).tolist() == [150] * 4
        means = [targets.response[folds == fold].mean() for fold in range(4)]
        assert np.ptp(means) < 0.02  # at random, 0.1 apart


def test_columns_of_few_levels_and_numbers_stay():
    frame = table("amounts")
    step, targets, options = learnt(frame, "amounts")
    assert [item.column for item in step.encoded] == ["c"]
    for encoded in (step.apply(frame), step.held_out(frame, targets, options)):
        assert encoded.names == frame.names
        assert encoded["few"] is frame["few"]
        assert encoded["x"] is frame["x"]
    assert learnt(frame, "amounts", levels=2)[0].predictors == ("c", "few", "x")
    assert len(learnt(frame, "amounts", levels=2)[0].encoded) == 2
    assert learnt(frame, "amounts", levels=40)[0].encoded == ()


def test_missing_values_are_a_level_and_unseen_levels_have_the_mean_of_all():
    y = [4.0, 8.0, 1.0, 1.0, 6.0]
    frame = Frame.from_mapping(
        {
            "c": Column.enums(pl.Series([0, 0, 1, None, None], dtype=pl.UInt8), ["p", "q"]),
            "y": Column.reals(pl.Series(y)),
        }
    )
    targets = Targets.of(frame, "y", None, None)
    step = TargetStep.fit(frame, ["c"], targets, Options(1, 2, 2.0, 0))
    new = Frame.from_mapping({"c": Column.enum_from_strings(pl.Series(["q", "z", None, "p"]))})
    # the mean of all is 4: q (1 + 2·4) / 3, unseen 4, missing (7 + 2·4) / 4, p (12 + 2·4) / 4
    assert step.apply(new)["c"].values.to_list() == pytest.approx([3.0, 4.0, 3.75, 5.0])
    texts = Frame.from_mapping({"c": Column(ColumnType.STRING, pl.Series(["z", "p", None]))})
    assert step.apply(texts)["c"].values.to_list() == pytest.approx([4.0, 5.0, 3.75])
    assert step.apply(Frame(["d"], [new["c"]], 4)).names == ("d",)


def test_numbers_count_as_the_levels_that_they_write():
    random = np.random.default_rng(0)
    codes = np.repeat(np.arange(30), 5)
    y = Column.reals(pl.Series(codes + random.normal(size=150)))
    frame = Frame.from_mapping({"c": levels_of(codes, ""), "y": y})
    targets = Targets.of(frame, "y", None, None)
    step = TargetStep.fit(frame, ["c"], targets, Options(25, 5, 0.0, 0))
    new = Frame.from_mapping({"c": Column.integers(pl.Series([7, 99, None]))})
    means = [y.values[35:40].mean(), y.values.mean(), y.values.mean()]
    assert step.apply(new)["c"].values.to_list() == pytest.approx(means)


@pytest.mark.parametrize("kind", CLASSES)
def test_a_row_of_weight_two_counts_as_two_and_the_unit_of_weights_does_not_matter(kind):
    frame = table(kind)
    weights = np.asarray(frame["w"].floats()).astype(int)
    twice = frame.gather(pl.Series(np.repeat(np.arange(frame.n_rows), weights)))
    by_weight, by_copies = learnt(frame, kind, "w", smoothing=0.0)[0], learnt(twice, kind, smoothing=0.0)[0]
    assert shown(by_weight.apply(frame), kind) == pytest.approx(shown(by_copies.apply(frame), kind), abs=1 / 1199)
    heavy = frame.with_column("w", Column.reals(pl.Series(weights * 1e-3)))
    again = learnt(heavy, kind, "w", smoothing=-1.0)[0]
    assert again.encoded[0].table == pytest.approx(learnt(frame, kind, "w", smoothing=-1.0)[0].encoded[0].table)


def test_rows_without_response_or_weight_do_not_count():
    frame = table("two")
    kept = np.arange(600) < 500
    response = frame["y"].values.set(pl.Series(~kept & (np.arange(600) < 550)), None)
    holed = frame.with_column("y", Column.enums(response, ["no", "yes"]))
    holed = holed.with_column("w", Column.integers(pl.Series((np.arange(600) < 550).astype(int))))
    part = frame.filter(pl.Series(kept))
    assert learnt(holed, "two", "w")[0].encoded[0].table == pytest.approx(learnt(part, "two")[0].encoded[0].table)
    step, targets, options = learnt(holed, "two", "w")
    assert not np.isnan(np.asarray(step.held_out(holed, targets, options)["c"].floats())).any()


def test_smoothing_is_estimated_from_the_variances_within_and_between_levels():
    # Levels of two rows, 1 3 | 5 7 | 0 2: within variance (2 + 2 + 2) / 3 = 2; means 2, 6, 1 with mean 3:
    # between 2·(1 + 9 + 4) = 28 = 2·2 + spread·(6 - 12/6), so spread = 6 and m = 1/3.
    counts, sums, squares = np.full(3, 2.0), np.array([4.0, 12.0, 2.0]), np.array([10.0, 74.0, 4.0])
    assert estimated_smoothing(counts, sums, squares) == pytest.approx(1 / 3)
    assert estimated_smoothing(np.append(counts, 0.0), np.append(sums, 0.0), np.append(squares, 0.0)) == pytest.approx(
        1 / 3
    )
    # the same means, 1 5 | 1 5 | 1 5: no more than chance
    assert estimated_smoothing(counts, np.full(3, 6.0), np.full(3, 26.0)) == np.inf
    # every row a level of its own: nothing is known of the variance within
    assert estimated_smoothing(np.ones(3), np.array([1.0, 2.0, 9.0]), np.array([1.0, 4.0, 81.0])) == np.inf


def test_smoothing_finds_the_variances_that_made_the_data():
    random = np.random.default_rng(0)
    codes = random.integers(0, 400, size=20_000)
    values = 0.5 * random.normal(size=400)[codes] + random.normal(size=20_000)
    counts = np.bincount(codes, minlength=400).astype(float)
    sums, squares = np.bincount(codes, values, 400), np.bincount(codes, values**2, 400)
    assert estimated_smoothing(counts, sums, squares) == pytest.approx(1 / 0.25, rel=0.2)


def test_a_column_that_names_each_row_becomes_constant():
    random = np.random.default_rng(0)
    frame = Frame.from_mapping({"c": levels_of(range(200)), "y": Column.reals(pl.Series(random.normal(size=200)))})
    targets, options = Targets.of(frame, "y", None, None), Options(25, 5, -1.0, 0)
    step = TargetStep.fit(frame, ["c"], targets, options)
    for encoded in (step.apply(frame), step.held_out(frame, targets, options)):
        assert np.ptp(np.asarray(encoded["c"].floats())) < 1e-12


@pytest.mark.parametrize("kind", CLASSES)
def test_encodings_of_training_rows_know_nothing_of_their_own_response(kind):
    """Changing one row's response moves its encoding by no more than the mean of all rows moves."""
    frame = table(kind)
    step, targets, options = learnt(frame, kind)
    before = step.held_out(frame, targets, options)
    folds = targets.folds(options.folds, options.seed)
    row = int(np.flatnonzero(np.bincount(frame["c"].codes())[frame["c"].codes()] == 3)[0])
    changed = targets.response.copy()
    changed[row] = 50.0 if kind == "amounts" else 1 - (changed[row] == 1)
    other = Targets(changed, None, targets.classes)
    item = step.encoded[0]
    after = item.held_out(frame, other, folds)
    same_fold = (frame["c"].codes() == frame["c"].codes()[row]) & (folds == folds[row])
    values = np.column_stack([np.asarray(before[name].floats()) for name in item.names])
    assert np.array_equal(after[same_fold], values[same_fold])
    mates = (frame["c"].codes() == frame["c"].codes()[row]) & (folds != folds[row])
    assert mates.any()
    assert (after[mates] != values[mates]).any(axis=1).all()


def test_names_of_encoded_columns_give_way_to_columns_that_are_there():
    frame = table("three").with_column("c.b", Column.reals(pl.Series(np.arange(600.0))))
    step, _, _ = learnt(frame, "three")
    assert step.predictors == ("c.b_", "c.c", "few", "x")
    assert step.apply(frame)["c.b"].values.to_list()[:2] == [0.0, 1.0]


@pytest.mark.parametrize("kind", CLASSES)
def test_a_step_is_the_same_from_its_state(kind):
    frame = table(kind)
    step, targets, options = learnt(frame, kind)
    again = TargetStep.from_state(*step.to_state())
    for encode in (lambda s: s.apply(frame), lambda s: s.held_out(frame, targets, options)):
        assert encode(again).to_polars().equals(encode(step).to_polars())
    assert again.predictors == step.predictors


def test_one_row_and_a_response_of_one_class():
    frame = Frame.from_mapping({"c": levels_of([1]), "y": Column.enums(pl.Series([1], dtype=pl.UInt8), ["no", "yes"])})
    targets, options = Targets.of(frame, "y", None, ["no", "yes"]), Options(1, 5, -1.0, 0)
    step = TargetStep.fit(frame.with_column("c", Column.enums(pl.Series([1]), ["p", "q"])), ["c"], targets, options)
    assert np.isfinite(step.encoded[0].table).all()
    held_out = step.held_out(frame.with_column("c", Column.enums(pl.Series([1]), ["p", "q"])), targets, options)
    assert np.isfinite(held_out["c"].values.to_list()).all()
