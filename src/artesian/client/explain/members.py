"""The methods by which a model explains itself; see the modules beside this one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from artesian.client.frame.frame import H2OFrame


class Explained:
    """What every model of a response can be asked about how it predicts."""

    def partial_plot(
        self,
        frame: H2OFrame | None = None,
        cols: Sequence[str] | None = None,
        destination_key: str | None = None,
        nbins: int = 20,
        weight_column: str | None = None,
        plot: bool = True,
        plot_stddev: bool = True,
        figsize: tuple[float, float] = (7, 10),
        server: bool = False,
        include_na: bool = False,
        user_splits: Mapping[str | int, Sequence[Any]] | None = None,
        col_pairs_2dpdp: Sequence[Sequence[str]] | None = None,
        save_plot_path: str | None = None,
        row_index: int | None = None,
        targets: Sequence[str] | None = None,
        data: H2OFrame | None = None,
        save_to_file: str | None = None,
    ) -> Any:
        """Partial dependence on columns and pairs of columns: a list of tables, whose `figure()` is their picture.

        Up to `nbins` values are tried, or those of `user_splits` by column; `include_na` tries the missing value too.
        `row_index` looks at one row alone; `targets` names classes of a model of more than two. `data` and `save_to_file` are
        earlier names of `frame` and `save_plot_path`.
        """
        from artesian.client.explain import partial

        return partial.partial_plot(
            self, data if frame is None else frame, cols, col_pairs_2dpdp, plot=plot,  # type: ignore[arg-type]
            plot_stddev=plot_stddev, figsize=figsize, server=server,
            save_plot_path=save_plot_path or save_to_file, targets=targets, destination_key=destination_key, nbins=nbins,
            weight_column=weight_column, include_na=include_na, user_splits=user_splits, row_index=row_index,
        )  # fmt: skip

    def permutation_importance(self, frame: H2OFrame, *arguments: Any, **options: Any) -> Any:
        """How much a metric changes when the values of a column are shuffled, for each column: a table.

        See `artesian.client.explain.permutation.permutation_importance`.
        """
        from artesian.client.explain import permutation

        return permutation.permutation_importance(self, frame, *arguments, **options)  # type: ignore[arg-type]

    def permutation_importance_plot(self, frame: H2OFrame, *arguments: Any, **options: Any) -> Any:
        """The same as bars, or as boxes of several runs."""
        from artesian.client.explain import permutation

        return permutation.permutation_importance_plot(self, frame, *arguments, **options)  # type: ignore[arg-type]

    def predicted_vs_actual_by_variable(
        self, frame: H2OFrame, predicted: H2OFrame, variable: str, use_pandas: bool = False
    ) -> Any:
        """Mean prediction and mean response for each level of a categorical column: a table."""
        from artesian.client.explain import permutation

        return permutation.predicted_vs_actual_by_variable(self, frame, predicted, variable, use_pandas)  # type: ignore[arg-type]

    def pd_plot(self, frame: H2OFrame, column: str, *arguments: Any, **options: Any) -> Any:
        """Draws partial dependence on one column; see `artesian.client.explain.partial.pd_plot`."""
        from artesian.client.explain import partial

        return partial.pd_plot(self, frame, column, *arguments, **options)

    def ice_plot(self, frame: H2OFrame, column: str, *arguments: Any, **options: Any) -> Any:
        """Draws curves of single rows over one column; see `artesian.client.explain.partial.ice_plot`."""
        from artesian.client.explain import partial

        return partial.ice_plot(self, frame, column, *arguments, **options)

    def shap_summary_plot(self, frame: H2OFrame, *arguments: Any, **options: Any) -> Any:
        """Draws what the inputs contribute to the predictions of many rows."""
        from artesian.client.explain import shap

        return shap.shap_summary_plot(self, frame, *arguments, **options)  # type: ignore[arg-type]

    def shap_explain_row_plot(self, frame: H2OFrame, row_index: int, *arguments: Any, **options: Any) -> Any:
        """Draws what the inputs contribute to the prediction of one row."""
        from artesian.client.explain import shap

        return shap.shap_explain_row_plot(self, frame, row_index, *arguments, **options)  # type: ignore[arg-type]

    def explain(self, frame: H2OFrame, *arguments: Any, **options: Any) -> Any:
        """Everything that tells how the model predicts; see `artesian.client.explain.report.explain`."""
        from artesian.client.explain import report

        return report.explain(self, frame, *arguments, **options)

    def explain_row(self, frame: H2OFrame, row_index: int, *arguments: Any, **options: Any) -> Any:
        """Everything that tells how the model predicts one row."""
        from artesian.client.explain import report

        return report.explain_row(self, frame, row_index, *arguments, **options)


class FairlyExplained:
    """What models of two classes can be asked about groups."""

    def fairness_metrics(
        self, frame: H2OFrame, protected_columns: Sequence[str], reference: Sequence[str] | None, favorable_class: str
    ) -> dict[str, H2OFrame]:
        """Metrics in each group of the protected columns: frames by name, `overview` and the thresholds of each group."""
        from artesian.client.explain import fairness

        arguments = (frame, protected_columns, reference, favorable_class)
        return fairness.fairness_metrics(self, *arguments)  # type: ignore[arg-type]

    def fair_roc_plot(self, frame: H2OFrame, *arguments: Any, **options: Any) -> Any:
        """Draws the receiver operating characteristic of each group."""
        from artesian.client.explain import fairness

        return fairness.fair_roc_plot(self, frame, *arguments, **options)

    def fair_pr_plot(self, frame: H2OFrame, *arguments: Any, **options: Any) -> Any:
        """Draws precision over recall of each group."""
        from artesian.client.explain import fairness

        return fairness.fair_pr_plot(self, frame, *arguments, **options)

    def fair_pd_plot(self, frame: H2OFrame, column: str, protected_columns: Sequence[str], **options: Any) -> Any:
        """Draws partial dependence on a column in each group."""
        from artesian.client.explain import fairness

        return fairness.fair_pd_plot(self, frame, column, protected_columns, **options)  # type: ignore[arg-type]

    def fair_shap_plot(self, frame: H2OFrame, column: str, protected_columns: Sequence[str], **options: Any) -> Any:
        """Draws what a column contributes to the predictions in each group: pictures by input."""
        from artesian.client.explain import fairness

        return fairness.fair_shap_plot(self, frame, column, protected_columns, **options)  # type: ignore[arg-type]

    def inspect_model_fairness(self, frame: H2OFrame, *arguments: Any, **options: Any) -> Any:
        """Metrics, curves and dependences of the groups of protected columns, as an explanation."""
        from artesian.client.explain import fairness

        return fairness.inspect_model_fairness(self, frame, *arguments, **options)  # type: ignore[arg-type]


class ResidualsExplained:
    """What models of a number can be asked about their errors."""

    def residual_analysis_plot(self, frame: H2OFrame, *arguments: Any, **options: Any) -> Any:
        """Draws actual minus predicted over predicted values."""
        from artesian.client.explain import residuals

        return residuals.residual_analysis_plot(self, frame, *arguments, **options)  # type: ignore[arg-type]
