"""What a grid asks each of its models: every method gives a dict of the models' answers by their names."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from artesian.client.frame.frame import H2OFrame
    from artesian.client.model.base import ModelBase

__all__ = [
    "H2OAutoEncoderGridSearch",
    "H2OBinomialGridSearch",
    "H2OClusteringGridSearch",
    "H2ODimReductionGridSearch",
    "H2OMultinomialGridSearch",
    "H2OOBinomialUpliftGridSearch",
    "H2OOrdinalGridSearch",
    "H2ORegressionGridSearch",
]


class EachModel:
    """A collection of models that is asked as one."""

    models: list[ModelBase]

    def _each(self, name: str, *arguments: Any) -> dict[str, Any]:
        return {model.model_id: getattr(model, name)(*arguments) for model in self.models}


def by_part(name: str, text: str) -> Callable[..., dict[str, Any]]:
    """Asks each model for a metric of the training, validation or cross-validation data."""

    def accessor(self: EachModel, train: bool = False, valid: bool = False, xval: bool = False) -> dict[str, Any]:
        return self._each(name, train, valid, xval)

    return _named(accessor, name, f"{text} Of each model on the training data, or on what is asked for.")


def by_two_parts(name: str, text: str) -> Callable[..., dict[str, Any]]:
    """Asks each model for a metric of the training or validation data."""

    def accessor(self: EachModel, train: bool = False, valid: bool = False) -> dict[str, Any]:
        return self._each(name, train, valid)

    return _named(accessor, name, f"{text} Of each model on the training data, or on what is asked for.")


def by_threshold(name: str, text: str) -> Callable[..., dict[str, Any]]:
    """Asks each model of two classes for a metric by threshold."""

    def accessor(
        self: EachModel, thresholds: Any = None, train: bool = False, valid: bool = False, xval: bool = False
    ) -> dict[str, Any]:
        return self._each(name, thresholds, train, valid, xval)

    return _named(accessor, name, f"{text} Of each model, at its best threshold, at those given, or at 'all'.")


def plain(name: str, text: str) -> Callable[..., dict[str, Any]]:
    """Asks each model for something that takes no arguments."""

    def accessor(self: EachModel) -> dict[str, Any]:
        return self._each(name)

    return _named(accessor, name, text)


def _named(accessor: Callable[..., dict[str, Any]], name: str, text: str) -> Callable[..., dict[str, Any]]:
    accessor.__name__ = name
    accessor.__qualname__ = f"EachModel.{name}"
    accessor.__doc__ = text
    return accessor


class OfAllKinds(EachModel):
    """What every grid can be asked."""

    def predict(self, test_data: H2OFrame) -> dict[str, H2OFrame]:
        """A frame of predictions by each model."""
        return self._each("predict", test_data)

    is_cross_validated = plain("is_cross_validated", "Whether each model has models of folds.")
    xval_keys = plain("xval_keys", "The names of the models of each model's folds.")

    def get_xval_models(self, key: str | None = None) -> dict[str, Any]:
        """The models of each model's folds, or one of them by name."""
        return self._each("get_xval_models", key)

    def xvals(self) -> dict[str, Any]:
        """The models of each model's folds."""
        return {model.model_id: model.xvals for model in self.models}

    def deepfeatures(self, test_data: H2OFrame, layer: int | str) -> dict[str, H2OFrame]:
        """The activations of a hidden layer of each model."""
        return self._each("deepfeatures", test_data, layer)

    def weights(self, matrix_id: int = 0) -> dict[str, H2OFrame]:
        """A matrix of weights of each net, by number from 0."""
        return self._each("weights", matrix_id)

    def biases(self, vector_id: int = 0) -> dict[str, H2OFrame]:
        """A vector of biases of each net, by number from 0."""
        return self._each("biases", vector_id)

    normmul = plain("normmul", "What each net multiplies its inputs by.")
    normsub = plain("normsub", "What each net subtracts from its inputs.")
    respmul = plain("respmul", "What each net multiplies the response by.")
    respsub = plain("respsub", "What each net subtracts from the response.")
    catoffsets = plain("catoffsets", "Where the levels of each categorical column begin among a net's inputs.")

    def model_performance(
        self, test_data: H2OFrame | None = None, train: bool = False, valid: bool = False, xval: bool = False
    ) -> dict[str, Any]:
        """The metrics of each model on a frame; without one, those of its training (or validation, …) data."""
        return self._each("model_performance", test_data, train, valid, xval)

    scoring_history = plain("scoring_history", "How each model's metrics changed along its training.")

    def varimp(self, use_pandas: bool = False) -> dict[str, Any]:
        """How much each column counts in each model."""
        return self._each("varimp", use_pandas)

    residual_deviance = by_part("residual_deviance", "Deviance of the residuals.")
    residual_degrees_of_freedom = by_part("residual_degrees_of_freedom", "Degrees of freedom of the residuals.")
    null_deviance = by_part("null_deviance", "Deviance of the mean.")
    null_degrees_of_freedom = by_part("null_degrees_of_freedom", "Degrees of freedom of the mean.")

    def pprint_coef(self) -> None:
        """Prints the coefficients of each linear model."""
        for model in self.models:
            print(f"Model {model.model_id}")
            model.pprint_coef()  # type: ignore[attr-defined]
            print()

    coef = plain("coef", "The coefficients of each linear model, in the units of the columns.")
    coef_norm = plain("coef_norm", "The coefficients of each linear model, of standardised columns.")
    r2 = by_part("r2", "Share of the response's variance that is explained.")
    mse = by_part("mse", "Mean squared error.")
    rmse = by_part("rmse", "Root of the mean squared error.")
    mae = by_part("mae", "Mean absolute error.")
    rmsle = by_part("rmsle", "Root of the mean squared difference of logarithms.")
    logloss = by_part("logloss", "Mean negative logarithm of the probability of the true class.")
    mean_residual_deviance = by_part("mean_residual_deviance", "Mean deviance of the residuals.")
    auc = by_part("auc", "Area under the receiver operating characteristic.")
    aic = by_part("aic", "Akaike's information criterion.")
    gini = by_part("gini", "2 AUC - 1.")
    giniCoef = by_part("gini", "2 AUC - 1.")  # noqa: N815
    aucpr = by_part("aucpr", "Area under the precision-recall curve.")
    pr_auc = by_part("aucpr", "Area under the precision-recall curve.")


class H2OAutoEncoderGridSearch(OfAllKinds):
    """A grid of autoencoders."""

    def anomaly(self, test_data: H2OFrame, per_feature: bool = False) -> dict[str, H2OFrame]:
        """The reconstruction error of each row by each model."""
        return self._each("anomaly", test_data, per_feature)


class H2OBinomialGridSearch(OfAllKinds):
    """A grid of models of two classes."""

    F1 = by_threshold("F1", "Harmonic mean of precision and recall.")
    F2 = by_threshold("F2", "F-measure that weighs recall twice.")
    F0point5 = by_threshold("F0point5", "F-measure that weighs precision twice.")
    accuracy = by_threshold("accuracy", "Share of right rows.")
    error = by_threshold("error", "Share of wrong rows.")
    precision = by_threshold("precision", "Share of true ones among those found.")
    tpr = by_threshold("tpr", "True positive rate.")
    tnr = by_threshold("tnr", "True negative rate.")
    fnr = by_threshold("fnr", "False negative rate.")
    fpr = by_threshold("fpr", "False positive rate.")
    recall = by_threshold("recall", "Share of the true ones that are found.")
    sensitivity = by_threshold("sensitivity", "Share of the true ones that are found.")
    fallout = by_threshold("fallout", "False positive rate.")
    missrate = by_threshold("missrate", "False negative rate.")
    specificity = by_threshold("specificity", "True negative rate.")
    mcc = by_threshold("mcc", "Absolute value of Matthews' correlation coefficient.")
    max_per_class_error = by_threshold("max_per_class_error", "Greater error rate of the two classes.")
    mean_per_class_error = by_threshold("mean_per_class_error", "Mean of the two error rates.")

    def metric(
        self, metric: str, thresholds: Any = None, train: bool = False, valid: bool = False, xval: bool = False
    ) -> dict[str, Any]:
        """Pairs of threshold and value of a metric, of each model."""
        return self._each("metric", metric, thresholds, train, valid, xval)

    roc = by_part("roc", "False and true positive rates at all thresholds.")

    def confusion_matrix(
        self, metrics: Any = None, thresholds: Any = None, train: bool = False, valid: bool = False, xval: bool = False
    ) -> dict[str, Any]:
        """Confusion matrices of each model at the best thresholds of metrics and at given thresholds."""
        return self._each("confusion_matrix", metrics, thresholds, train, valid, xval)

    def find_threshold_by_max_metric(
        self, metric: str, train: bool = False, valid: bool = False, xval: bool = False
    ) -> dict[str, Any]:
        """The threshold at which a metric is greatest, of each model."""
        return self._each("find_threshold_by_max_metric", metric, train, valid, xval)

    def find_idx_by_threshold(
        self, threshold: float, train: bool = False, valid: bool = False, xval: bool = False
    ) -> dict[str, Any]:
        """The number of the row of a threshold in each model's table of all."""
        return self._each("find_idx_by_threshold", threshold, train, valid, xval)


class H2OClusteringGridSearch(OfAllKinds):
    """A grid of models of clusters."""

    betweenss = by_part("betweenss", "Squared distances that the clusters explain.")
    totss = by_part("totss", "Squared distances of all rows from their mean.")
    tot_withinss = by_part("tot_withinss", "Squared distances of all rows from the centres of their clusters.")
    num_iterations = plain("num_iterations", "Passes over the rows that each model took.")
    centers = plain("centers", "The centres of each model, one a row.")
    centers_std = plain("centers_std", "The centres of each model in standardised units, one a column.")

    def size(self, train: bool = False, valid: bool = False, xval: bool = False) -> dict[str, Any]:
        """Number of rows in each cluster of each model; clusters have no held-out rows, so `xval` gives None."""
        return self._of_clusters("size", train, valid, xval)

    def withinss(self, train: bool = False, valid: bool = False, xval: bool = False) -> dict[str, Any]:
        """Squared distances of the rows of each cluster from its centre, of each model."""
        return self._of_clusters("withinss", train, valid, xval)

    def centroid_stats(self, train: bool = False, valid: bool = False, xval: bool = False) -> dict[str, Any]:
        """Size and sum of squares of each cluster, of each model."""
        return self._of_clusters("centroid_stats", train, valid, xval)

    def _of_clusters(self, name: str, train: bool, valid: bool, xval: bool) -> dict[str, Any]:
        def ask(model: Any) -> Any:
            return model._of_parts(train, valid, xval, lambda metrics: getattr(metrics, name)())

        return {model.model_id: ask(model) for model in self.models}


class H2ODimReductionGridSearch(OfAllKinds):
    """A grid of models of components."""

    num_iterations = plain("num_iterations", "Iterations until each model had converged.")
    objective = plain("objective", "Final value of each model's objective.")
    final_step = plain("final_step", "Final step size of each model.")
    archetypes = plain("archetypes", "The archetypes of each generalised low-rank model.")


class H2OMultinomialGridSearch(OfAllKinds):
    """A grid of models of several classes."""

    def confusion_matrix(self, data: H2OFrame) -> dict[str, Any]:
        """Counts by actual and predicted class on a frame, of each model."""
        return self._each("confusion_matrix", data)

    hit_ratio_table = by_part(
        "hit_ratio_table", "For each k, the share of rows whose class is among the k most probable."
    )
    mean_per_class_error = by_part("mean_per_class_error", "Mean of the classes' error rates.")


class H2OOrdinalGridSearch(OfAllKinds):
    """A grid of models of ordered classes."""

    def confusion_matrix(self, data: H2OFrame) -> dict[str, Any]:
        """Counts by actual and predicted class on a frame, of each model."""
        return self._each("confusion_matrix", data)

    hit_ratio_table = by_part(
        "hit_ratio_table", "For each k, the share of rows whose class is among the k most probable."
    )
    mean_per_class_error = by_part("mean_per_class_error", "Mean of the classes' error rates.")


class H2ORegressionGridSearch(OfAllKinds):
    """A grid of models of a number."""


class H2OOBinomialUpliftGridSearch(OfAllKinds):
    """A grid of uplift models."""

    auuc = by_two_parts("auuc", "Area under the uplift curve.")
    qini = by_two_parts("qini", "Qini coefficient.")
    ate = by_two_parts("ate", "Mean effect of the treatment.")
    att = by_two_parts("att", "Mean effect of the treatment on the treated.")
    atc = by_two_parts("atc", "Mean effect of the treatment on the others.")


KINDS: dict[str, type[OfAllKinds]] = {
    "Binomial": H2OBinomialGridSearch,
    "Clustering": H2OClusteringGridSearch,
    "Regression": H2ORegressionGridSearch,
    "Multinomial": H2OMultinomialGridSearch,
    "Ordinal": H2OOrdinalGridSearch,
    "AutoEncoder": H2OAutoEncoderGridSearch,
    "DimReduction": H2ODimReductionGridSearch,
    "BinomialUplift": H2OOBinomialUpliftGridSearch,
}
"""The kind of grid by the category of its models; of other categories there is nothing special."""
