"""What models of trees have beyond others: leaves, stages, contributions, interactions; ModelBase inherits it.

The server refuses, with a sentence, what a model of another kind is asked for.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from artesian.client import session
from artesian.client.checks import check_choice, check_type
from artesian.client.exceptions import H2OValueError

if TYPE_CHECKING:
    from artesian.client.frame.frame import H2OFrame
    from artesian.client.two_dim_table import H2OTwoDimTable


class TreeVerbs:
    """Verbs of models of trees."""

    if TYPE_CHECKING:

        @property
        def model_id(self) -> str:
            """The model's name in the server."""

        @property
        def _output(self) -> dict[str, Any]: ...

        def _predicted(self, test_data: Any, what: str, **options: Any) -> H2OFrame: ...

    def predict_leaf_node_assignment(self, test_data: H2OFrame, type: str = "Path") -> H2OFrame:
        """The leaf of each row in each tree: the turns on the way to it ('Path', as LRL), or its number ('Node_ID')."""
        check_choice("type", type, (None, "Path", "Node_ID"))
        return self._predicted(
            test_data, "leaf assignment", leaf_node_assignment=True, leaf_node_assignment_type=type or "Path"
        )

    def staged_predict_proba(self, test_data: H2OFrame) -> H2OFrame:
        """Probabilities of classes after each tree, of two classes that of the first: columns T1.C1, T2.C1 …"""
        return self._predicted(test_data, "staged predictions", predict_staged_proba=True)

    def predict_contributions(
        self,
        test_data: H2OFrame,
        output_format: str = "Original",
        top_n: int | None = None,
        bottom_n: int | None = None,
        compare_abs: bool = False,
        background_frame: H2OFrame | None = None,
        output_space: bool = False,
        output_per_reference: bool = False,
    ) -> H2OFrame:
        """What each column adds to the output of each row (Shapley values) and, as BiasTerm, the output without them.

        `top_n` and `bottom_n` tell only so many largest and smallest of each row, with the columns' names (a negative
        number: all of them); `compare_abs` orders by size. Against a `background_frame` contributions are means over its
        rows, or with `output_per_reference` those against each of them; `output_space` scales them to the response.
        """
        check_choice("output_format", output_format, (None, "Original", "Compact", "original", "compact"))
        for name, value in (("top_n", top_n), ("bottom_n", bottom_n)):
            check_type(name, value, None, int)
        from artesian.client.frame.frame import H2OFrame

        check_type("background_frame", background_frame, None, H2OFrame)
        return self._predicted(
            test_data,
            "contributions",
            predict_contributions=True,
            predict_contributions_output_format=(output_format or "Original").capitalize(),
            top_n=top_n,
            bottom_n=bottom_n,
            compare_abs=compare_abs,
            background_frame=None if background_frame is None else background_frame.frame_id,
            output_space=output_space,
            output_per_reference=output_per_reference,
        )

    def feature_frequencies(self, test_data: H2OFrame) -> H2OFrame:
        """How often each column is asked on a row's way to its leaves."""
        return self._predicted(test_data, "feature frequencies", feature_frequencies=True)

    def row_to_tree_assignment(self, original_training_data: H2OFrame) -> H2OFrame:
        """Which rows of the training frame each tree was grown on: 1, or 0."""
        return self._predicted(original_training_data, "row to tree assignment", row_to_tree_assignment=True)

    def update_tree_weights(self, frame: H2OFrame, weights_column: str) -> None:
        """Counts the rows of nodes anew, from a frame's weights: contributions are told for such rows from then on."""
        _evaluate("tree.update.weights", self.model_id, frame, weights_column)

    def calibrate(self, calibration_model: Any) -> None:
        """Calibrates the probabilities of two classes by a binomial GLM of `p0`, or an isotonic regression of `p1`."""
        from artesian.client.expr import AstName

        _evaluate("set.calibration.model", self.model_id, AstName(calibration_model.model_id))

    def ntrees_actual(self) -> int | None:
        """How many trees (rounds of them) the model has; None of a model without trees."""
        summary = self._output.get("model_summary")
        if summary is None or "number_of_trees" not in summary.col_header:
            print("This model has no trees.")
            return None
        return int(summary["number_of_trees"][0])

    def feature_interaction(
        self,
        max_interaction_depth: int = 100,
        max_tree_depth: int = 100,
        max_deepening: int = -1,
        path: str | None = None,
    ) -> list[H2OTwoDimTable] | None:
        """Which columns split together: a table for each number of them, leaf statistics, and split values by column.

        `max_deepening` is how deep in a tree an interaction may start (-1: anywhere). `path`: an Excel file to write the
        tables to, which needs pandas and an Excel writer.
        """
        data = {
            "model_id": self.model_id,
            "max_interaction_depth": max_interaction_depth,
            "max_tree_depth": max_tree_depth,
            "max_deepening": max_deepening,
        }
        tables: list[H2OTwoDimTable] | None = session.api("POST /3/FeatureInteraction", data=data)[
            "feature_interaction"
        ]
        if path is not None and tables:
            _write_excel(tables, path)
        return tables

    def h(self, frame: H2OFrame, variables: list[str]) -> float:
        """Friedman and Popescu's H of numeric columns: 0 for no interaction, up to 1; NaN where effects are too weak."""
        if not variables:
            raise H2OValueError("Name the variables whose interaction is wanted.", "variables")
        data = {"model_id": self.model_id, "frame": frame.frame_id, "variables": [f'"{name}"' for name in variables]}
        return float(session.api("POST /3/FriedmansPopescusH", data=data)["h"])


def _evaluate(operator: str, model: str, *arguments: Any) -> None:
    """Runs an operator on a model and warns of what it answers, unless all is well."""
    from artesian.client.expr import AstName, ExprNode

    answer = str(ExprNode(operator, AstName(model), *arguments).evaluate_scalar())
    if answer != "OK":
        warnings.warn(answer, RuntimeWarning, stacklevel=3)


def _write_excel(tables: list[H2OTwoDimTable], path: str) -> None:
    import pandas as pd

    with pd.ExcelWriter(path) as writer:
        for table in tables:
            table.as_data_frame().to_excel(writer, sheet_name=str(table._table_header)[:31])
