"""The plans, their order and weights; requests' own plans, and which are refused."""

from __future__ import annotations

import pytest

from artesian.core.errors import InvalidArgument
from artesian.search.automl.plan import Step, Work, definitions, plan_of
from artesian.search.automl.spec import Spec


def spec(**values: object) -> Spec:
    return Spec.of({"training_frame": "f", "response_column": "y", "project_name": "p", **values})


def names(steps: list[Step], group: int) -> list[str]:
    return [step.label for step in steps if step.group == group]


def test_time_limited_plan_has_ensembles_in_each_layer() -> None:
    steps = plan_of(spec(max_runtime_secs=60))
    assert names(steps, 1) == ["XGBoost_def_2", "GLM_def_1", "GBM_def_5", "StackedEnsemble_best_of_family_1"]
    assert "StackedEnsemble_all_4" in names(steps, 4)
    assert names(steps, 10) == [
        "completion_resume_best_grids",
        "StackedEnsemble_greedy",
        "StackedEnsemble_best_of_family",
        "StackedEnsemble_best_N",
    ]
    assert [step.group for step in steps] == sorted(step.group for step in steps)


def test_a_large_table_has_a_first_model_soon() -> None:
    steps = plan_of(spec(max_runtime_secs=60), is_large=True)
    assert (steps[0].label, steps[0].group) == ("GBM_quick", 0)
    assert steps[1:] == plan_of(spec(max_runtime_secs=60))
    assert "GBM_quick" not in [step.label for step in plan_of(spec(max_models=5), is_large=True)]


def test_plan_for_a_number_of_models_stacks_at_its_end_only() -> None:
    steps = plan_of(spec(max_models=5))
    ensembles = [step for step in steps if step.work is Work.ENSEMBLE]
    assert [step.id for step in ensembles] == ["monotonic", "best_of_family_xglm", "all_xglm"]
    assert {step.group for step in ensembles} == {9, 10}


def test_algorithms_are_left_out_as_asked() -> None:
    assert {s.provider for s in plan_of(spec(max_models=5, include_algos=["GBM", "GLM"]))} == {
        "GBM",
        "GLM",
        "completion",
    }
    left = plan_of(spec(max_models=5, exclude_algos=["GBM", "StackedEnsemble"]))
    assert {s.provider for s in left} == {"XGBoost", "GLM", "DRF", "DeepLearning", "completion"}


def test_exploitation_ratio_is_the_share_of_the_selections() -> None:
    steps = plan_of(spec(max_models=5, exploitation_ratio=0.25))
    exploiting = sum(step.weight for step in steps if step.work is Work.SELECTION)
    assert exploiting / sum(step.weight for step in steps) == pytest.approx(0.25)
    none = plan_of(spec(max_models=5, exploitation_ratio=0))
    assert not [step for step in none if step.work is Work.SELECTION]


def test_own_plans_take_names_aliases_and_steps() -> None:
    plan = [
        "DRF",
        {"name": "GBM", "alias": "grids"},
        {"name": "XGBoost", "steps": [{"id": "def_1"}, {"id": "lr_search", "group": 7, "weight": 3}]},
        {"name": "StackedEnsemble", "alias": "defaults"},
    ]
    steps = plan_of(spec(max_models=5, modeling_plan=plan))
    assert [(s.provider, s.id, s.group, s.weight) for s in steps if s.provider != "StackedEnsemble"] == [
        ("DRF", "def_1", 1, 10),
        ("DRF", "XRT", 1, 10),
        ("XGBoost", "def_1", 1, 10),
        ("GBM", "grid_1", 2, 30),
        ("XGBoost", "lr_search", 7, 3),
    ]
    assert [s.id for s in steps if s.provider == "StackedEnsemble"] == [
        f"{kind}_{group}" for group in (1, 2, 7) for kind in ("best_of_family", "all")
    ]
    assert definitions(steps)[0] == {
        "name": "DRF",
        "steps": [{"id": "def_1", "group": 1, "weight": 10}, {"id": "XRT", "group": 1, "weight": 10}],
    }


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (["DFR"], "names 'DFR'.*mean 'DRF'"),
        ([{"name": "GBM", "alias": "some"}], "takes all, defaults, grids, optionals.*Got 'some'"),
        ([{"name": "GBM", "steps": [{"id": "def_9"}]}], "GBM has no step 'def_9'"),
        ([{"name": "StackedEnsemble", "steps": [{"id": "best"}]}], "StackedEnsemble has no step 'best'"),
    ],
)
def test_plans_that_name_what_is_not_there_are_refused(plan: list[object], words: str) -> None:
    with pytest.raises(InvalidArgument, match=words):
        plan_of(spec(max_models=5, modeling_plan=plan))
