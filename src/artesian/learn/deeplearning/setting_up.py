"""Everything between parameters and the first update: rows, design, targets, network, and what is scored."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian._native import InputRows, NeuralNetwork
from artesian.core.errors import InvalidArgument
from artesian.frame import Frame
from artesian.learn.base.algorithm import Algorithm, Fit
from artesian.learn.base.balancing import balanced, correction
from artesian.learn.base.building import new_details
from artesian.learn.base.design import Design
from artesian.learn.base.details import Category, ModelDetails
from artesian.learn.base.scoring import Scorer, codes_in
from artesian.learn.deeplearning.model import DeepLearningModel, input_rows
from artesian.learn.deeplearning.plan import Plan
from artesian.learn.deeplearning.response import AmountScale
from artesian.learn.deeplearning.sampling import RowOrder, scored_rows
from artesian.learn.deeplearning.scored import ScoredRows, described
from artesian.learn.deeplearning.start import continued_network, given_weights, pretrained_weights
from artesian.learn.deeplearning.training import Trainer, TrainingRows

Floats = NDArray[np.float64]
_VALIDATION = 1
"""Added to the seed for the validation frame, so that samples of equal frames differ."""


class SetUp:
    """Prepares one training."""

    def __init__(self, algorithm: type[Algorithm], fit: Fit, plan: Plan, started: float) -> None:
        self.algorithm, self.fit, self.plan, self.started = algorithm, fit, plan, started
        frame, roles = fit.training, fit.roles
        self.weights = _column(frame, roles.weights)
        self.offsets = _column(frame, roles.offset)
        previous = fit.models.get("checkpoint")
        self.previous = previous if isinstance(previous, DeepLearningModel) else None
        self.response = self._response()
        self.eligible = self._eligible()

    def trainer(self) -> Trainer:
        """The trainer, ready to run."""
        design = self._design()
        model = self._model(design)
        inputs = input_rows(design.transform(self.fit.training))
        rows = self._training_rows(model, inputs)
        training = self._scored_training(model, inputs)
        return Trainer(self.fit, self.plan, model, rows, training, self._scored_validation(model), self.started)

    # ---- rows ----

    def _response(self) -> Floats | None:
        """The response of all rows: class codes or amounts, NaN where missing."""
        name = self.fit.roles.response
        if name is None:
            return None
        column = self.fit.training[name]
        if not self.plan.is_classification:
            return np.asarray(column.floats())
        levels = column.levels if self.previous is None else self.previous.details.response_domain
        return codes_in(column, levels, name)

    def _eligible(self) -> NDArray[np.int64]:
        """Rows that are learnt from: with a response, a weight above 0, and (Skip) no missing value."""
        frame = self.fit.training
        keep = np.ones(frame.n_rows, dtype=bool)
        if self.response is not None:
            keep &= ~np.isnan(self.response)
        if self.weights is not None:
            keep &= self.weights > 0
        if self.plan.parameters.missing_values_handling == "Skip":
            for name in self.fit.roles.predictors:
                if frame[name].missing_count:
                    keep &= frame[name].values.is_not_null().to_numpy()
        rows = np.flatnonzero(keep)
        if not len(rows):
            raise InvalidArgument(
                f"{self.fit.label}No row is left to learn from: all lack the response, a weight above 0, or (with "
                "missing_values_handling Skip) a value. Ignore columns with many missing values, or use MeanImputation."
            )
        return rows

    # ---- the model ----

    def _design(self) -> Design:
        if self.previous is not None:
            return self.previous.design
        weights = self.weights
        if len(self.eligible) < self.fit.training.n_rows:
            # rows that are not learnt from must not move means and deviations either
            mask = np.zeros(self.fit.training.n_rows)
            mask[self.eligible] = 1.0 if weights is None else weights[self.eligible]
            weights = mask
        return Design.fit(
            self.fit.training, self.fit.roles.predictors, self.plan.design, weights=weights, response=self.response
        )

    def _model(self, design: Design) -> DeepLearningModel:
        details = new_details(self.fit, self.algorithm, self.plan.category, self.plan.actual(), design.expanded)
        if self.previous is not None and details.response is not None:
            details.domains[-1] = self.previous.details.response_domain or None
        amounts = self._amounts()
        outputs = (
            design.n_inputs if self.plan.category is Category.AUTOENCODER else max(1, len(details.response_domain))
        )
        configuration = self.plan.network(design.n_inputs, outputs, self.fit.seed, self._huber_delta(amounts))
        if self.previous is not None:
            network = continued_network(configuration, self.previous)
        else:
            network = NeuralNetwork(**configuration)
            given_weights(network, self.fit.frames.get("initial_weights"), self.fit.frames.get("initial_biases"))
            if "pretrained_autoencoder" in self.fit.models:
                pretrained_weights(network, self.fit.models["pretrained_autoencoder"])
        self._fill_extra(details, design, amounts)
        model = DeepLearningModel(details, design, amounts, configuration, network)
        if self.previous is not None:
            model.progress = dict(self.previous.progress)
            details.scoring_history = self.previous.details.scoring_history
        return model

    def _amounts(self) -> AmountScale | None:
        if self.response is None or self.plan.is_classification:
            return None
        if self.previous is not None:
            return self.previous.amounts
        rows = self.eligible
        return AmountScale.fit(
            self.response[rows],
            None if self.weights is None else self.weights[rows],
            None if self.offsets is None else self.offsets[rows],
            self.plan.distribution,
            standardize=self.plan.parameters.standardize,
        )

    def _huber_delta(self, amounts: AmountScale | None) -> float:
        """Where the Huber loss turns linear before the network has been scored: by the distances from the mean."""
        if self.plan.loss != "Huber":
            return 1.0
        if amounts is None or self.response is None:
            return 1.0
        if self.previous is not None:
            return float(self.previous.network.huber_delta)
        distances = np.abs(amounts.targets(self.response[self.eligible]))
        delta = float(np.quantile(distances, self.plan.parameters.huber_alpha))
        return delta if delta > 0 else 1.0

    def _fill_extra(self, details: ModelDetails, design: Design, amounts: AmountScale | None) -> None:
        """What H2O's clients know of the scaling, and the keys of exported weights."""
        p, key = self.plan.parameters, self.fit.key
        details.extra["input_names"] = design.input_names
        details.extra["training_levels"] = {name: list(levels) for name, levels in design.categorical.items()}
        if details.response_domain:
            details.extra["training_levels"][str(details.response)] = details.response_domain
        if not p.export_weights_and_biases:
            return
        layers = len(p.hidden) + 1
        scaled = p.standardize and len(design.numbers.names) > 0
        details.extra |= {
            "weights": [f"{key}.weights.{layer}" for layer in range(layers)],
            "biases": [f"{key}.biases.{layer}" for layer in range(layers)],
            "normmul": design.numbers.scales.tolist() if scaled else None,
            "normsub": design.numbers.shifts.tolist() if scaled else None,
            "normrespmul": [amounts.scale] if amounts and p.standardize else None,
            "normrespsub": [amounts.shift] if amounts and p.standardize else None,
            "catoffsets": design.one_hot.offsets.tolist(),
        }

    # ---- what is trained and scored ----

    def _training_rows(self, model: DeepLearningModel, inputs: InputRows) -> TrainingRows:
        rows, weights = self.eligible, None if self.weights is None else self.weights[self.eligible]
        p = self.plan.parameters
        if p.balance_classes and self.response is not None and self.plan.is_classification:
            classes = len(model.details.response_domain)
            codes = self.response[rows].astype(np.int64)
            factors = None if p.class_sampling_factors is None else np.array(p.class_sampling_factors)
            before = rows
            rows, _ = balanced(rows, codes, classes, factors, p.max_after_balance_size, self.fit.seed)
            if not len(rows):
                raise InvalidArgument("class_sampling_factors leave no row to learn from; raise one of them above 0.")
            weights = None if self.weights is None else self.weights[rows]
            model.correction = self._correction(before, rows, classes)
        order = RowOrder(rows, weights=weights, seed=self.fit.seed)
        return TrainingRows(
            inputs, self._targets(model), self._network_offsets(model), order, self._unseen(model.design)
        )

    def _correction(self, before: NDArray[np.int64], after: NDArray[np.int64], classes: int) -> Floats:
        """See `balancing.correction`."""
        assert self.response is not None
        masses = [None if self.weights is None else self.weights[rows] for rows in (before, after)]
        codes = [self.response[rows].astype(np.int64) for rows in (before, after)]
        return correction(codes[0], codes[1], classes, masses[0], masses[1])

    def _targets(self, model: DeepLearningModel) -> NDArray[np.int32] | NDArray[np.float32] | None:
        if self.response is None:
            return None
        if model.amounts is not None:
            return model.amounts.targets(self.response)
        return np.where(np.isnan(self.response), -1, self.response).astype(np.int32)

    def _network_offsets(self, model: DeepLearningModel) -> NDArray[np.float32] | None:
        if self.offsets is None or model.amounts is None:
            return None
        return model.amounts.offsets(self.offsets)

    def _unseen(self, design: Design) -> NDArray[np.int64]:
        """The inputs for missing values of columns that miss none."""
        inputs = design.one_hot.missing_inputs()
        if not len(inputs):
            return inputs
        sources = [e.column for e in design.encodings if e.levels is not None]
        full = [self.fit.training[name].missing_count == 0 for name in sources]
        return np.asarray(inputs[np.array(full, dtype=bool)])

    def _scored_training(self, model: DeepLearningModel, inputs: InputRows) -> ScoredRows:
        p = self.plan.parameters
        order = scored_rows(self.eligible, p.score_training_samples, self.fit.seed)
        return ScoredRows(
            inputs,
            order,
            None if self.response is None else self.response[order],
            None if self.weights is None else self.weights[order],
            self._network_offsets(model),
            described("training", len(order), len(self.eligible)),
            self.fit.training_key,
        )

    def _scored_validation(self, model: DeepLearningModel) -> ScoredRows | None:
        frame = self.fit.validation
        if frame is None:
            return None
        p = self.plan.parameters
        scorer = Scorer.of(model.details)
        actual = scorer.actual(frame)
        weights = scorer.weights(frame)
        rows = np.arange(frame.n_rows, dtype=np.int64)
        stratified = p.score_validation_sampling == "Stratified" and p.balance_classes and actual is not None
        codes = None
        if stratified and actual is not None:
            codes = np.where(np.isnan(actual), -1, actual).astype(np.int64)
        chosen = scored_rows(rows, p.score_validation_samples, self.fit.seed + _VALIDATION, codes)
        if len(chosen) < len(rows):
            frame = frame.gather(pl.Series(chosen))
            actual = None if actual is None else actual[chosen]
            weights = None if weights is None else weights[chosen]
        offsets = None
        if self.fit.roles.offset and model.amounts is not None:
            offsets = model.amounts.offsets(np.asarray(frame[self.fit.roles.offset].floats()))
        return ScoredRows(
            input_rows(model.design.transform(frame)),
            np.arange(frame.n_rows, dtype=np.int64),
            actual,
            weights,
            offsets,
            described("validation", len(chosen), len(rows), stratified=codes is not None),
            self.fit.validation_key,
        )


def _column(frame: Frame, name: str | None) -> Floats | None:
    return None if name is None else np.asarray(frame[name].floats())
