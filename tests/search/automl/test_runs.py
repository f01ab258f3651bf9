"""Runs on a small table: limits hold, seeds repeat, models stack, cancelling keeps what is there, the log tells."""

from __future__ import annotations

import time
from typing import Any

import pytest
from small_runs import ended, table

from artesian.core.errors import Conflict, InvalidArgument, NotFound
from artesian.learn.training import Trainer
from artesian.search import automl
from artesian.search.automl.spec import Spec, check
from artesian.search.leaderboard import Leaderboard
from artesian.store import Kind


def document(trainer: Trainer, project: str) -> dict[str, Any]:
    return trainer.store.document(Kind.AUTOML, f"{project}@@y")


def leaderboard(trainer: Trainer, project: str) -> Leaderboard:
    found = document(trainer, project)
    details = [trainer.store.model_details(key) for key in found["models"]]
    return Leaderboard.of(details, found["sort_metric"])


def test_a_number_of_models_ends_the_run_and_a_seed_repeats_it(trainer: Trainer, start: Any) -> None:
    boards = []
    for project in ("first", "second"):
        job = ended(start(project_name=project, max_models=4, seed=7, nfolds=2))
        assert job.status.value == "DONE", job.exception
        found = document(trainer, project)
        steps = [found["steps_of"][key]["provider"] for key in found["models"]]
        assert len([s for s in steps if s != "StackedEnsemble"]) == 4
        assert steps.count("StackedEnsemble") == 2
        board = leaderboard(trainer, project)
        boards.append(
            [
                (key.replace(found["run_id"], ""), *values)
                for key, *values in zip(board.keys, *board.values.values(), strict=True)
            ]
        )
    assert boards[0] == boards[1]


@pytest.mark.alone
def test_time_ends_the_run_and_ensembles_are_made_in_time(trainer: Trainer, start: Any) -> None:
    began = time.monotonic()
    job = ended(start(project_name="timed", max_runtime_secs=10, seed=1, nfolds=3))
    taken = time.monotonic() - began
    assert job.status.value == "DONE", job.exception
    assert taken <= 10 * 1.05 + 2
    found = document(trainer, "timed")
    providers = {entry["provider"] for entry in found["steps_of"].values()}
    assert {"GBM", "XGBoost", "GLM", "StackedEnsemble"} <= providers
    assert found["status"] == "DONE"
    board = leaderboard(trainer, "timed")
    assert board.values["auc"][0] > 0.85
    info = found["training_info"]
    assert {"creation_epoch", "start_epoch", "stop_epoch", "duration_secs", "start_XGBoost_def_2"} <= info.keys()
    assert [k for k in trainer.store.keys(Kind.FRAME) if k.startswith("cv_holdout")] == []  # held-out predictions leave


@pytest.mark.alone
def test_models_of_timed_runs_predict_by_their_folds(trainer: Trainer, start: Any) -> None:
    job = ended(start(project_name="bags", max_runtime_secs=4, seed=1, nfolds=3, include_algos=["GBM"]))
    assert job.status.value == "DONE", job.exception
    model = document(trainer, "bags")["models"][0]
    assert trainer.store.model_details(model)["parameters"]["fold_models_predict"]["actual"] is True


def test_a_further_run_of_a_project_adds_to_its_leaderboard(trainer: Trainer, start: Any) -> None:
    ended(start(project_name="twice", max_models=1, seed=1, nfolds=3, include_algos=["GLM"]))
    before = document(trainer, "twice")["models"]
    job = ended(start(project_name="twice", max_models=1, seed=1, nfolds=3, include_algos=["DRF"]))
    assert job.status.value == "DONE", job.exception
    after = document(trainer, "twice")["models"]
    assert after[: len(before)] == before
    assert len(after) == len(before) + 1


def test_cancelling_keeps_what_is_there(trainer: Trainer, start: Any) -> None:
    job = start(project_name="cut", max_models=40, seed=1, nfolds=3)
    deadline = time.monotonic() + 60
    while not document(trainer, "cut")["models"] and time.monotonic() < deadline:
        time.sleep(0.05)
    with pytest.raises(Conflict, match="is running for the project 'cut'"):
        start(project_name="cut", max_models=1)
    trainer.jobs.cancel(job.key)
    assert ended(job, 20).status.value == "CANCELLED"
    found = document(trainer, "cut")
    assert found["status"] == "CANCELLED"
    assert found["models"]
    for key in found["models"]:
        trainer.store.model_folder(key)


def test_without_folds_rows_are_set_aside(trainer: Trainer, start: Any) -> None:
    job = ended(start(project_name="split", max_models=2, seed=1, nfolds=0, include_algos=["GBM", "GLM"]))
    assert job.status.value == "DONE", job.exception
    found = document(trainer, "split")
    rows = {role: trainer.store.frame(found[f"{role}_frame"]).n_rows for role in ("training", "validation")}
    assert rows == {"training": 270, "validation": 30}
    assert found["leaderboard_frame"] == found["validation_frame"]
    details = trainer.store.model_details(found["models"][0])
    assert details["validation_metrics"] is not None
    assert details["cross_validation_metrics"] is None


def test_a_leaderboard_frame_ranks(trainer: Trainer, start: Any) -> None:
    trainer.store.put_frame("judges", table(200, seed=9))
    job = ended(
        start(
            project_name="judged",
            max_models=2,
            seed=1,
            nfolds=3,
            include_algos=["GLM", "DRF"],
            leaderboard_frame="judges",
        )
    )
    assert job.status.value == "DONE", job.exception
    found = document(trainer, "judged")
    assert found["leaderboard_frame"] == "judges"
    said = [entry["message"] for entry in found["events"] if "is trained: auc" in entry["message"]]
    held_out = trainer.store.model_details(found["models"][0])["cross_validation_metrics"]["auc"]
    assert float(said[0].rpartition(" ")[2]) != pytest.approx(held_out, abs=1e-6)


def test_many_levels_are_encoded_unless_told_not_to(trainer: Trainer, start: Any) -> None:
    encodings = {}
    for project, preprocessing in (("encoded", None), ("raw", [])):
        ended(
            start(
                project_name=project, max_models=1, seed=1, nfolds=3, include_algos=["GLM"], preprocessing=preprocessing
            )
        )
        details = trainer.store.model_details(document(trainer, project)["models"][0])
        encodings[project] = details["parameters"].get("categorical_encoding", {"given": None})["given"]
    assert encodings == {"encoded": "TargetEncoding", "raw": "AUTO"}


@pytest.mark.parametrize(
    ("values", "error", "words"),
    [
        ({"training_frame": "trian"}, NotFound, "train"),
        ({"response_column": "Y"}, InvalidArgument, "no response column 'Y'"),
        ({"max_models": -1}, InvalidArgument, "'max_models' must be at least 0. Got -1"),
        ({"include_algos": ["GBN"]}, InvalidArgument, "Got 'GBN'.*mean 'GBM'"),
        (
            {"include_algos": ["GBM"], "exclude_algos": ["GLM"]},
            InvalidArgument,
            "either include_algos or exclude_algos",
        ),
        ({"sort_metric": "mae"}, InvalidArgument, "cannot be sorted by 'mae'"),
        ({"nfolds": 1}, InvalidArgument, "'nfolds' must be 0, -1"),
        ({"distribution": "poisson"}, InvalidArgument, "distribution 'poisson' does not suit"),
        ({"exploitation_ratio": 2}, InvalidArgument, "between 0 and 1"),
        ({"fold_column": "f"}, InvalidArgument, "no fold column 'f'"),
        ({"ignored_columns": ["w"]}, InvalidArgument, "no column 'w' to ignore"),
        ({"preprocessing": ["pca"]}, InvalidArgument, "knows target_encoding. Got 'pca'"),
        ({"max_modles": 3}, InvalidArgument, "no parameter 'max_modles'.*max_models"),
        ({"modeling_plan": ["GBN"]}, InvalidArgument, "names 'GBN'"),
    ],
)
def test_what_is_wrong_is_said_at_once(start: Any, values: dict[str, Any], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        start(**{"project_name": "wrong", "max_models": 1, **values})


def test_a_run_goes_on_where_the_server_ended(trainer: Trainer, start: Any) -> None:
    job = ended(start(project_name="stopped", max_models=3, seed=5, nfolds=2))
    assert job.status.value == "DONE", job.exception
    whole = document(trainer, "stopped")
    times = {key: trainer.store.model_details(key)["end_ms"] for key in whole["models"]}
    left = whole["models"][:2]
    for key in whole["models"][2:]:
        trainer.store.remove(key)
    trainer.store.put_document(Kind.AUTOML, whole["key"], {**whole, "models": left, "status": "RUNNING"})
    (resumed,) = automl.resume_all(trainer)
    assert ended(resumed).status.value == "DONE", resumed.exception
    again = document(trainer, "stopped")
    assert sorted(again["models"]) == sorted(
        k for k in whole["models"] if not k.startswith("StackedEnsemble")
    ) or sorted(again["models"]) == sorted(whole["models"])
    assert [trainer.store.model_details(key)["end_ms"] for key in left] == [times[key] for key in left]
    assert automl.resume_all(trainer) == []


@pytest.mark.parametrize(
    ("rows", "limits", "folds"),
    [
        (300, {"max_runtime_secs": 60.0}, 8),  # about 150 of each class
        (300, {"max_models": 5}, 5),  # as in H2O-3
        (900, {"max_runtime_secs": 60.0}, 5),
        (900, {"max_runtime_secs": 0.1}, 0),  # no time for any: a blending frame
    ],
)
def test_folds_follow_the_size_of_the_table_and_the_limits(
    trainer: Trainer, rows: int, limits: dict[str, Any], folds: int
) -> None:
    trainer.store.put_frame("sized", table(rows))
    spec = Spec.of({"training_frame": "sized", "response_column": "y", "project_name": "sized", **limits})
    assert check(spec, trainer, threads=2).spec.nfolds == folds


def test_limit_of_a_model_is_not_that_of_a_grid(trainer: Trainer, start: Any) -> None:
    """The third network of a grid has as long as the first, however long those before it took."""
    plan = [{"name": "DeepLearning", "steps": [{"id": "grid_1"}]}]
    limits = {"max_models": 4, "max_runtime_secs_per_model": 1.0, "seed": 2, "nfolds": 0}
    job = ended(start(project_name="each", modeling_plan=plan, **limits))
    assert job.status.value == "DONE", job.exception
    found = document(trainer, "each")
    assert len(found["models"]) == 4
    given = {trainer.store.model_details(key)["parameters"]["max_runtime_secs"]["given"] for key in found["models"]}
    assert given == {1.0}
