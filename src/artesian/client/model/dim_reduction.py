"""What models that reduce columns to a few components have beyond all others."""

from __future__ import annotations

from typing import Any

from artesian.client.checks import check_choice
from artesian.client.exceptions import H2OValueError
from artesian.client.frame.frame import H2OFrame
from artesian.client.model.base import ModelBase

_RECONSTRUCTS = "Only a generalised low-rank model gives its rows back; this is a {title} model."


class H2ODimReductionModel(ModelBase):
    """A model of components."""

    def varimp(self, use_pandas: bool = False) -> Any:
        """Deviation, share of the variance and cumulative share of the components, as rows or as a pandas frame."""
        table = self._output.get("importance")
        if table is None:
            print("This model has no importance of components.")
            return None
        if use_pandas:
            import pandas

            return pandas.DataFrame(table.cell_values, columns=table.col_header)
        return table.cell_values

    def rotation(self) -> Any:
        """The directions of the components in the space of the inputs: a table of inputs by components."""
        found = self._output.get("eigenvectors")
        if found is None:
            raise H2OValueError(f"A model of {self._reply['algo_full_name']} has no table of directions.")
        return found

    def num_iterations(self) -> int:
        """Iterations until the method had converged, of a method that counts them in its summary."""
        return int(self._of_summary("number_of_iterations"))

    def objective(self) -> float:
        """Final value of the objective, of a method that has one."""
        return float(self._of_summary("final_objective_value"))

    def final_step(self) -> float:
        """Final step size, of a method that has one."""
        return float(self._of_summary("final_step_size"))

    def _of_summary(self, name: str) -> Any:
        table = self._output["model_summary"]
        if name not in table.col_header:
            title = self._reply["algo_full_name"]
            raise H2OValueError(f"A model of {title} has no '{name}' in its summary.")
        return table[name][0]

    def archetypes(self) -> list[list[Any]]:
        """The archetypes of a generalised low-rank model."""
        self._refuse_reconstruction()
        return [list(row[1:]) for row in self._output["archetypes"].cell_values]

    def reconstruct(self, test_data: H2OFrame, reverse_transform: bool = False) -> H2OFrame:
        """The rows as a generalised low-rank model gives them back."""
        self._refuse_reconstruction()
        return self._predicted(test_data, "reconstruction", reconstruct_train=True, reverse_transform=reverse_transform)

    def proj_archetypes(self, test_data: H2OFrame, reverse_transform: bool = False) -> H2OFrame:
        """The archetypes of a generalised low-rank model in the units of the columns."""
        self._refuse_reconstruction()
        return self._predicted(test_data, "archetypes", project_archetypes=True, reverse_transform=reverse_transform)

    def _refuse_reconstruction(self) -> None:
        if "archetypes" not in self._output:
            raise H2OValueError(_RECONSTRUCTS.format(title=self._reply["algo_full_name"]))

    def screeplot(self, type: str = "barplot", server: bool = False, save_plot_path: str | None = None) -> Any:
        """Draws the variances of the components as a 'barplot' or as 'lines'."""
        from artesian.client import plots

        check_choice("type", type, ("barplot", "lines"))
        table = self._output.get("importance")
        if table is None:
            raise H2OValueError("This model has no importance of components to draw.")
        variances = [float(deviation) ** 2 for deviation in table.cell_values[0][1:]]
        return plots.scree(variances, type, server, save_plot_path)
