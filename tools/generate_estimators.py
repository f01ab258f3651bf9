"""Writes the estimators of the Python client out of the algorithms' declared parameters.

`python tools/generate_estimators.py` writes them, `--check` only says (by its exit status) whether they are current.
The client itself knows nothing of the algorithms: what it needs of them is in the files written here.
"""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

from artesian.learn import algorithms
from artesian.learn.base.algorithm import Algorithm
from artesian.learn.base.parameters import Declaration, Kind, attribute_name, fields_of

FOLDER = Path(__file__).resolve().parent.parent / "src" / "artesian" / "client" / "estimators"
WIDTH = 116

CLASS_NAMES = {
    "deeplearning": "H2ODeepLearningEstimator",
    "drf": "H2ORandomForestEstimator",
    "dt": "H2ODecisionTreeEstimator",
    "gbm": "H2OGradientBoostingEstimator",
    "glm": "H2OGeneralizedLinearEstimator",
    "isotonicregression": "H2OIsotonicRegressionEstimator",
    "kmeans": "H2OKMeansEstimator",
    "naivebayes": "H2ONaiveBayesEstimator",
    "greedy": "H2OGreedyWeightsEstimator",
    "pca": "H2OPrincipalComponentAnalysisEstimator",
    "stackedensemble": "H2OStackedEnsembleEstimator",
    "svd": "H2OSingularValueDecompositionEstimator",
    "targetencoder": "H2OTargetEncoderEstimator",
    "xgboost": "H2OXGBoostEstimator",
    "isolationforest": "H2OIsolationForestEstimator",
    "extendedisolationforest": "H2OExtendedIsolationForestEstimator",
}
"""Names of H2O's, by algorithm; an algorithm without one has no estimator yet."""
UNSUPERVISED = {"deeplearning": ("H2OAutoEncoderEstimator", {"autoencoder": True})}
"""A second estimator of an algorithm that needs no response, and the parameters which make it so."""

FURTHER_BASES = {
    "glm": ("artesian.client.linear", "LinearMembers"),
    "pca": ("artesian.client.decomposition", "ComponentEstimator"),
    "stackedensemble": ("artesian.client.ensembles", "EnsembleMembers"),
    "svd": ("artesian.client.decomposition", "ComponentEstimator"),
    "targetencoder": ("artesian.client.target_encoding", "TargetEncodingEstimator"),
    "xgboost": ("artesian.client.xgboost", "XGBoostEstimator"),
}
"""Module and class of what an algorithm's estimator has beyond all others."""

_ANNOTATIONS = {
    Kind.INT: "int",
    Kind.LONG: "int",
    Kind.FLOAT: "float",
    Kind.DOUBLE: "float",
    Kind.BOOLEAN: "bool",
    Kind.CHOICE: "str",
    Kind.STRING: "str",
    Kind.COLUMN: "str",
    Kind.FRAME: "H2OFrame | str",
    Kind.MODEL: "ModelBase | str",
    Kind.INTS: "Sequence[int]",
    Kind.FLOATS: "Sequence[float]",
    Kind.DOUBLES: "Sequence[float]",
    Kind.STRINGS: "Sequence[str]",
    Kind.COLUMNS: "Sequence[str]",
    Kind.FRAMES: "Sequence[H2OFrame | str]",
    Kind.MODELS: "Sequence[ModelBase | str]",
    Kind.PAIRS: "dict[str, float]",
    Kind.GROUPS: "Sequence[Sequence[str]]",
}


def render(name: str) -> str:
    """The module of one algorithm's estimators."""
    algorithm = algorithms()[name]
    declarations = fields_of(algorithm.parameters)
    supervised = "response_column" in declarations
    classes = [_class(CLASS_NAMES[name], algorithm, declarations, supervised=supervised, changed={})]
    if name in UNSUPERVISED:
        class_name, changed = UNSUPERVISED[name]
        classes.append(_class(class_name, algorithm, declarations, supervised=False, changed=changed))
    header = f'''"""Estimators of {algorithm.title}; written by tools/generate_estimators.py, not by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

{_further_import(name)}from artesian.client.estimators.base import Choices, H2OEstimator

if TYPE_CHECKING:
    from artesian.client.frame.frame import H2OFrame
    from artesian.client.model.base import ModelBase
'''
    return _formatted("\n\n".join([header, *classes]))


def _further_import(name: str) -> str:
    if name not in FURTHER_BASES:
        return ""
    module, base = FURTHER_BASES[name]
    return f"from {module} import {base}\n"


def _class(
    class_name: str,
    algorithm: type[Algorithm],
    declarations: dict[str, Declaration],
    *,
    supervised: bool,
    changed: dict[str, Any],
) -> str:
    defaults = {name: changed.get(name, declared.default) for name, declared in declarations.items()}
    signature = "\n".join(
        f"        {attribute_name(name)}: {_annotation(declared, defaults[name])} = {_default(declared, defaults[name])},"
        for name, declared in declarations.items()
    )
    names = map(attribute_name, declarations)
    passed = "\n".join(f"            {name}={name}," for name in names)
    first = next(iter(_ways(algorithm, supervised)))
    parameters = "\n".join(_described(declared, defaults[name]) for name, declared in declarations.items())
    further = FURTHER_BASES.get(algorithm.name)
    bases = "H2OEstimator" if further is None else f"{further[1]}, H2OEstimator"
    return f'''class {class_name}({bases}):
    """{first}

    Parameters:
{parameters}
    """

    algo = "{algorithm.name}"
    supervised_learning = {supervised}
    _choices: ClassVar[Choices] = {_choices(declarations)}

    def __init__(
        self,
{signature}
    ) -> None:
        super().__init__(
{passed}
        )
'''


def _choices(declarations: dict[str, Declaration]) -> str:
    chosen = {
        attribute_name(name): tuple(snake(choice) for choice in declared.choices)
        for name, declared in declarations.items()
        if declared.kind is Kind.CHOICE and declared.choices
    }
    return repr(chosen)


def _ways(algorithm: type[Algorithm], supervised: bool) -> list[str]:
    about = (algorithm.__doc__ or algorithm.title).strip().splitlines()[0]
    has_response = "response_column" in fields_of(algorithm.parameters)
    return [about if supervised or not has_response else f"{algorithm.title} that reconstructs its input. {about}"]


def _described(declared: Declaration, default: Any) -> str:
    text = f"{attribute_name(declared.name)}: {declared.help.strip()}"
    if declared.choices:
        text += f" One of {', '.join(snake(choice) for choice in declared.choices)}."
    if declared.refused:
        text += " Only the default is available."
    shown = _default(declared, default)
    text += f" Default: {shown}."
    return textwrap.fill(text, WIDTH, initial_indent=" " * 8, subsequent_indent=" " * 12, break_long_words=False)


def _annotation(declared: Declaration, default: Any) -> str:
    optional = default is None
    return f"{_ANNOTATIONS[declared.kind]}{' | None' if optional else ''}"


def _default(declared: Declaration, default: Any) -> str:
    if declared.kind is Kind.CHOICE and default is not None:
        return repr(snake(default)).replace("'", '"')
    if isinstance(default, str):
        return f'"{default}"'
    return repr(default)


def snake(choice: str) -> str:
    """A choice as Python writes it: `MeanImputation` as `mean_imputation`, `AUTO` as `auto`."""
    if choice.isupper() or "_" in choice:
        return choice.lower()
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", choice).lower()


def _formatted(source: str) -> str:
    """Formatted, without imports that nothing uses."""
    for step in (["check", "--fix-only", "--select", "F401,I"], ["format"]):
        command = [sys.executable, "-m", "ruff", *step, "-q", "--stdin-filename", str(FOLDER / "generated.py"), "-"]
        source = subprocess.run(command, input=source, capture_output=True, text=True, check=True).stdout
    return source


def stale() -> list[Path]:
    """The files that differ from what would be written."""
    files = {FOLDER / f"{name}.py": render(name) for name in CLASS_NAMES}
    return [path for path, text in files.items() if not path.exists() or path.read_text(encoding="utf-8") != text]


def main() -> int:
    """Writes the files, or with `--check` names those that are not current."""
    outdated = stale()
    for path in outdated:
        if "--check" in sys.argv[1:]:
            print(f"{path} is not current: run python tools/generate_estimators.py", file=sys.stderr)
        else:
            path.write_text(render(path.stem), encoding="utf-8")
            print(f"wrote {path}")
    return 1 if outdated and "--check" in sys.argv[1:] else 0


if __name__ == "__main__":
    raise SystemExit(main())
