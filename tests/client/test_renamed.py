"""The client under the official one's name, as the conformance scripts import it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

OWN = Path(__file__).resolve().parent.parent / "conformance" / "own"


def run(code: str) -> list[str]:
    environment = os.environ | {"PYTHONPATH": str(OWN)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_names_lead_to_this_client() -> None:
    code = (
        "import h2o, h2o.backend, h2o.exceptions; from h2o.frame import H2OFrame; from h2o.group_by import GroupBy; "
        "from h2o.estimators.deeplearning import H2ODeepLearningEstimator; from h2o.model import H2OBinomialModel; "
        "print(h2o.__name__, h2o.H2OFrame is H2OFrame, H2OFrame.__module__, GroupBy.__module__, h2o.frame.__module__, "
        "h2o.exceptions.H2OTypeError.__module__, h2o.backend.H2OCluster.__module__, h2o.import_file.__module__)"
    )
    assert run(code) == [
        "h2o", "True", "artesian.client.frame.frame", "artesian.client.frame.group_by", "artesian.client.objects",
        "artesian.client.exceptions", "artesian.client.cluster", "artesian.client.importing",
    ]  # fmt: skip


def test_parts_of_the_official_package_lead_to_their_counterparts() -> None:
    code = (
        "from h2o.transforms.preprocessing import H2OScaler; from h2o.persist import set_s3_credentials; "
        "from h2o.backend import H2OConnectionConf; from h2o.backend.connection import H2OConnectionConf as Same; "
        "from h2o.transforms.decomposition import H2OPCA; from h2o.pipeline import H2OMojoPipeline; "
        "print(H2OScaler.__module__, set_s3_credentials.__module__, H2OConnectionConf.__module__, Same is H2OConnectionConf, "
        "H2OPCA.__module__, H2OMojoPipeline.__module__)"
    )
    homes = ["transforms", "persist", "connection_conf"]
    assert run(code) == [
        *(f"artesian.client.{home}" for home in homes), "True", "artesian.client.decomposition", "h2o",
    ]  # fmt: skip


def test_what_is_not_there_yet_can_be_imported_and_not_made() -> None:
    code = (
        "from h2o.estimators import H2OCoxProportionalHazardsEstimator, H2OWord2vecEstimator\n"
        "from h2o.exceptions import NotAvailable\n"
        "for kind in (H2OCoxProportionalHazardsEstimator, H2OWord2vecEstimator):\n"
        "    try: kind()\n"
        "    except NotAvailable as error: print(str(error).split(chr(39))[2])"
    )
    assert run(code) == ["H2OCoxProportionalHazardsEstimator", "H2OWord2vecEstimator"]


def test_assertions_on_types() -> None:
    cases = [
        ("1", "str", False),
        ("1", "numeric", True),
        ("True", "int", False),
        ("[1, 'a']", "[int, str]", True),
        ("[1, 'a']", "[int]", False),
        ("{'a': 1}", "{str: int}", True),
        ("{'a': 'b'}", "{str: int}", False),
        ("(1, 'a')", "(int, str)", True),
        ("None", "None, int", True),
        ("2", "U(str, NOT(float))", True),
        ("2", "I(int, lambda n: n > 2)", False),
    ]
    calls = "; ".join(f"print(is_type({value}, {types}))" for value, types, _ in cases)
    found = run(f"from h2o.utils.typechecks import *; {calls}")
    assert dict(zip(cases, found, strict=True)) == {case: str(case[2]) for case in cases}
