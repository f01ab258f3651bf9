"""Grid search over REST: searches, sorted Grids, failures, files, and what a crash leaves."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from answer_shapes import differences, shape_of
from server_client import Answer, Client, Starter, car_rows, stop

from artesian.server import lenient_json

RECORDED = json.loads((Path(__file__).parent / "recorded_shapes.json").read_text())
UNUSED = '["name","economy","cylinders"]'
SHARED = {"training_frame": "cars", "response_column": "economy_20mpg", "ignored_columns": UNUSED, "seed": "1"}


def send(server: Client, space: Any, algo: str = "gbm", **options: Any) -> Answer:
    data = {**SHARED, "hyper_parameters": space, **options}
    plain = {n: json.dumps(v) if isinstance(v, (dict, list)) else v for n, v in data.items() if v is not None}
    return server.call("POST", f"/99/Grid/{algo}", plain)


def search(server: Client, space: Any, algo: str = "gbm", **options: Any) -> dict[str, Any]:
    """The Grid of a search that has ended."""
    answer = send(server, space, algo, **options)
    assert answer.status == 200, answer.content
    job = server.wait(answer.json["job"], 120)
    assert job["status"] == "DONE", job
    return server.get(f"/99/Grids/{quote(job['dest']['name'], safe='')}")  # type: ignore[no-any-return]


def names(grid: dict[str, Any]) -> list[str]:
    return [key["name"] for key in grid["model_ids"]]


def cells(table: dict[str, Any]) -> dict[str, list[Any]]:
    return {column["name"]: data for column, data in zip(table["columns"], table["data"], strict=True)}


@pytest.fixture(scope="module")
def grid(server: Client, cars: str) -> dict[str, Any]:
    """Two models, validated by folds, and two combinations that fail."""
    criteria = {"strategy": "RandomDiscrete", "seed": 1}
    space = {"ntrees": [2, 3], "learn_rate": [0.1, -1]}
    return search(server, space, grid_id="g", nfolds="2", validation_frame="cars", search_criteria=criteria)


def test_answers_have_the_recorded_shapes(server: Client, grid: dict[str, Any], shared_folder: Path) -> None:
    criteria = {"strategy": "RandomDiscrete", "seed": 1}
    begun = send(server, {"ntrees": [2]}, grid_id="shapes", search_criteria=criteria).json
    job = server.wait(begun["job"])
    folder = shared_folder / "shapes"
    found = {
        "grid_search": begun,
        "grid_job": server.get(f"/3/Jobs/{job['key']['name']}"),
        "grid": server.get("/99/Grids/g", sort_by="auc", decreasing="true"),
        "grids": server.get("/99/Grids"),
        "grid_export": server.post("/3/Grid.bin/g/export", grid_directory=str(folder)),
        "grid_import": server.post("/3/Grid.bin/import", grid_path=str(folder / "g")),
        "grid_resume": server.post("/99/Grid/gbm/resume", grid_id="shapes"),
        "grid_missing": server.call("GET", "/99/Grids/nothing").json,
        "grid_bad_hyper": send(server, {"nosuch": [1]}).json,
    }
    for name, body in found.items():
        assert body["__meta"]["schema_name"] == RECORDED[name]["schema"]
        assert differences(RECORDED[name]["shape"], shape_of(body)) == [], name
    server.wait(found["grid_resume"]["job"])
    assert server.call("GET", "/99/Grids/nothing").status == RECORDED["grid_missing"]["status"] == 404
    assert send(server, {"nosuch": [1]}).status == RECORDED["grid_bad_hyper"]["status"] == 412


def test_a_grid_is_sorted_by_log_loss_of_the_folds_unless_one_says_otherwise(
    server: Client, grid: dict[str, Any]
) -> None:
    assert (grid["sort_by"], grid["decreasing"], grid["hyper_names"]) == ("logloss", False, ["learn_rate", "ntrees"])
    losses = [metrics["logloss"] for metrics in grid["cross_validation_metrics"]]
    assert losses == sorted(losses)
    shown = cells(grid["summary_table"])
    assert shown["model_ids"] == names(grid)
    assert shown["logloss"] == losses
    assert sorted(shown["ntrees"]) == [2, 3]
    assert shown["learn_rate"] == [0.1, 0.1]
    assert grid["summary_table"]["description"] == "ordered by increasing logloss"
    falling = server.get("/99/Grids/g", sort_by="AUC", decreasing="true")
    aucs = [metrics["AUC"] for metrics in falling["cross_validation_metrics"]]
    assert aucs == sorted(aucs, reverse=True) == cells(falling["summary_table"])["AUC"]
    worst_first = cells(grid["scoring_history"])["cross_validation_logloss"]
    assert worst_first == sorted(losses, reverse=True)


@pytest.mark.parametrize(
    ("metric", "path"),
    [
        ("rmse", "RMSE"), ("mse", "MSE"), ("r2", "r2"), ("aucpr", "pr_auc"), ("pr_auc", "pr_auc"), ("gini", "Gini"),
        ("mean_per_class_error", "mean_per_class_error"), ("aic", "AIC"),
    ],
)  # fmt: skip
def test_metrics_are_those_that_the_models_tell(server: Client, grid: dict[str, Any], metric: str, path: str) -> None:
    found = server.get("/99/Grids/g", sort_by=metric)
    told = [metrics[path] for metrics in found["cross_validation_metrics"]]
    assert cells(found["summary_table"])[metric] == told


def test_metrics_of_the_confusion_matrix_follow_from_its_counts(server: Client, grid: dict[str, Any]) -> None:
    name = names(grid)[0]

    def value(metric: str) -> float:
        found = server.get("/99/Grids/g", sort_by=metric)
        return float(cells(found["summary_table"])[metric][names(found).index(name)])

    first = server.get(f"/3/Models/{name}")["models"][0]["output"]["cross_validation_metrics"]
    (tn, fn, _), (fp, tp, _) = first["cm"]["table"]["data"][:2]  # columns are what is predicted
    rows = tn + fn + fp + tp
    assert value("err_count") == fp + fn
    assert value("total_rows") == rows
    assert value("err") == pytest.approx((fp + fn) / rows)
    assert value("max_per_class_error") == pytest.approx(max(fp / (fp + tn), fn / (fn + tp)))
    assert value("mcc") == pytest.approx((tp * tn - fp * fn) / ((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)) ** 0.5)
    table = cells(first["max_criteria_and_metric_scores"])
    maxima = dict(zip(table["metric"], table["value"], strict=True))
    for metric in ("f1", "f2", "f0point5", "accuracy", "precision", "recall", "specificity"):
        assert value(metric) == pytest.approx(maxima[f"max {metric}"]), metric
    assert value("lift_top_group") == pytest.approx(cells(first["gains_lift_table"])["lift"][0])


def test_an_unknown_metric_is_answered_with_those_that_there_are(server: Client, grid: dict[str, Any]) -> None:
    answer = server.call("GET", "/99/Grids/g", {"sort_by": "loglos"})
    assert answer.status == 412
    assert "cannot be sorted by 'loglos'. Did you mean 'logloss'?" in answer.json["msg"]
    assert "rmse" in answer.json["msg"]


def test_failures_are_told_in_the_words_that_scripts_look_for(grid: dict[str, Any]) -> None:
    assert len(names(grid)) == len(grid["failure_details"]) == 2
    assert sorted(grid["failed_raw_params"]) == [["-1", "2"], ["-1", "3"]]
    for reason, parameters in zip(grid["failure_details"], grid["failed_params"], strict=True):
        assert reason.startswith("Illegal argument(s) for GBM model: g_model_")
        assert "Details: ERRR on field: _learn_rate: " in reason
        assert parameters["__meta"]["schema_name"] == "GBMParametersV3"
        assert parameters["learn_rate"] == -1


@pytest.mark.parametrize(
    ("options", "status", "sentence"),
    [
        ({"space": "{'max_depth': range(2, 4)}"}, 412, "Can't parse the hyper_parameters dictionary: "),
        ({"space": "[1, 2]"}, 412, "Can't parse the hyper_parameters dictionary: it must be values by name"),
        ({"space": {"ntrees": []}}, 412, "'ntrees' has an empty list"),
        ({"space": {"nfolds": [2]}}, 412, "'nfolds' of GBM cannot be a hyper-parameter"),
        ({"space": {"max_depth": [2]}, "max_depth": "4"}, 412, "'max_depth' is given both"),
        ({"search_criteria": {"strategy": "Cartesian", "max_models": 2}}, 412, "Can't parse the search_criteria"),
        ({"search_criteria": "{'strategy': 'RandomDiscrete', 'max_models': [1, 3]}"}, 412, "'max_models' must be"),
        ({"parallelism": "-1"}, 400, "'parallelism' must be 0"),
        ({"nothing_like_it": "1"}, 412, "no parameter 'nothing_like_it'"),
        ({"training_frame": "nothing"}, 404, "nothing"),
        ({"grid_id": "cars"}, 409, "taken by a frame"),
        ({"job_id": "mine"}, 412, "'job_id' is not available"),
        ({"recovery_dir": "/proc/no"}, 403, "/proc/no"),
        ({"export_checkpoints_dir": "/proc/no"}, 403, "/proc/no"),
    ],
)
def test_searches_that_cannot_start_say_why(
    server: Client, cars: str, options: dict[str, Any], status: int, sentence: str
) -> None:
    options = dict(options)
    answer = send(server, options.pop("space", {"ntrees": [2]}), **options)
    assert answer.status == status, answer.content
    assert sentence in answer.json["msg"]


def test_a_search_is_one_job_of_the_list(server: Client, cars: str) -> None:
    before = len(server.get("/3/Jobs")["jobs"])
    search(server, {"ntrees": [2, 3]}, grid_id="listed")
    assert [job["dest"]["name"] for job in server.get("/3/Jobs")["jobs"]][before:] == ["listed"]


def test_a_parameter_that_cannot_be_searched_is_refused_in_the_words_that_scripts_compare(
    server: Client, cars: str
) -> None:
    answer = send(server, {"control_variables": [1]}, "glm")
    assert (
        "Illegal hyper parameter for grid search! The parameter 'control_variables is not gridable!"
        in answer.json["dev_msg"]
    )


def test_a_grid_goes_with_its_models_and_what_belongs_to_them(server: Client, cars: str) -> None:
    search(
        server, {"ntrees": [2]}, grid_id="gone", nfolds="2", keep_cross_validation_predictions="true",
        keep_cross_validation_models="true",
    )  # fmt: skip
    models = {model["model_id"]["name"] for model in server.get("/3/Models")["models"]}
    assert {"gone_model_1", "gone_model_1_cv_1", "gone_model_1_cv_2"} <= models
    server.delete("/3/DKV/gone", cascade="true")
    models = {model["model_id"]["name"] for model in server.get("/3/Models")["models"]}
    frames = {frame["frame_id"]["name"] for frame in server.get("/3/Frames")["frames"]}
    assert not [name for name in models | frames if "gone" in name]
    assert server.call("GET", "/99/Grids/gone").status == 404


def test_a_grid_is_saved_and_loaded_with_models_frames_and_predictions(start_server: Starter, tmp_path: Path) -> None:
    server = start_server("--export-roots", str(tmp_path), "--import-roots", str(tmp_path))
    server.upload(car_rows(), "cars")
    folder = tmp_path / "saved grid"
    options = {"ignored_columns": '["name"]', "response_column": "economy", "grid_id": "a/b ü"}
    kept = {"nfolds": "2", "keep_cross_validation_predictions": "true"}
    before = search(server, {"ntrees": [2, 3]}, **options, **kept)
    path = "/3/Grid.bin/a%2Fb%20%C3%BC/export"
    server.post(
        path, grid_directory=str(folder), save_params_references="true", export_cross_validation_predictions="true"
    )
    server.delete("/3/DKV")
    server.post("/3/Grid.bin/import", grid_path=f"{folder}/a%2Fb %C3%BC", load_params_references="true")
    after = server.get("/99/Grids/a%2Fb%20%C3%BC")
    assert after["summary_table"] == before["summary_table"]
    assert server.get("/3/Frames/cars")["frames"][0]["rows"] == 120
    model = server.get(f"/3/Models/{quote(names(after)[0], safe='')}")["models"][0]
    holdout = model["output"]["cross_validation_holdout_predictions_frame_id"]["name"]
    assert holdout in {frame["frame_id"]["name"] for frame in server.get("/3/Frames")["frames"]}
    extended = search(server, {"ntrees": [2, 3, 4]}, **options, **kept)
    assert len(names(extended)) == 3
    (folder / "a%2Fb %C3%BC_references").unlink()
    answer = server.call(
        "POST", "/3/Grid.bin/import", {"grid_path": f"{folder}/a%2Fb %C3%BC", "load_params_references": "true"}
    )
    assert (answer.status, "without the frames and models" in answer.json["msg"]) == (400, True)
    (folder / f"{names(before)[0]}".replace("/", "%2F").replace("ü", "%C3%BC")).unlink()
    answer = server.call("POST", "/3/Grid.bin/import", {"grid_path": f"{folder}/a%2Fb %C3%BC"})
    assert (answer.status, "is not in" in answer.json["msg"]) == (400, True)


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"format_version": 99}', '{"format_version": 1, "key": "x", "failures": 3}']
)
def test_files_that_are_no_grid_are_refused(server: Client, shared_folder: Path, content: str) -> None:
    (shared_folder / "no_grid").write_text(content)
    answer = server.call("POST", "/3/Grid.bin/import", {"grid_path": str(shared_folder / "no_grid")})
    assert answer.status == 400
    assert "grid" in answer.json["msg"]
    assert server.call("POST", "/3/Grid.bin/import", {"grid_path": "/etc/passwd"}).status == 403


def test_trainings_export_their_models_and_the_search_its_grid(server: Client, cars: str, shared_folder: Path) -> None:
    folder = shared_folder / "checkpoints"
    grid = search(server, {"ntrees": [2, 3]}, grid_id="exported", export_checkpoints_dir=str(folder), nfolds="2")
    assert grid["export_checkpoints_dir"] == str(folder)
    assert len(list(folder.iterdir())) == 1 + 2 * (1 + 2)  # the grid, and of each model itself and two folds
    server.delete("/3/DKV/exported")  # its models stay
    assert server.get("/3/Models/exported_model_1")["models"][0]["algo"] == "gbm"
    server.post("/3/Grid.bin/import", grid_path=str(folder / "exported"))
    assert names(server.get("/99/Grids/exported")) == names(grid)


def test_a_cancelled_search_keeps_its_models_and_is_resumed(server: Client, cars: str) -> None:
    space = {"ntrees": [2, 3, 4, 5, 6, 7, 8, 9], "max_depth": [2, 3]}
    begun = send(server, space, grid_id="stopped").json
    wait_for_models(server, "stopped", 1)
    server.post(f"/3/Jobs/{begun['job']['key']['name']}/cancel")
    assert server.wait(begun["job"])["status"] == "CANCELLED"
    partial = names(server.get("/99/Grids/stopped"))
    assert 1 <= len(partial) < 16
    job = server.wait(server.post("/99/Grid/gbm/resume", grid_id="stopped")["job"], 120)
    assert job["status"] == "DONE"
    whole = names(server.get("/99/Grids/stopped"))
    assert sorted(whole) == sorted(f"stopped_model_{n}" for n in range(1, 17))
    answer = server.call("POST", "/99/Grid/drf/resume", {"grid_id": "stopped"})
    assert (answer.status, "is one of gbm, not of drf" in answer.json["msg"]) == (400, True)


def wait_for_models(server: Client, key: str, count: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        answer = server.call("GET", f"/99/Grids/{key}")
        if answer.status == 200 and len(answer.json["model_ids"]) >= count:
            return
        time.sleep(0.02)
    raise AssertionError(f"the grid {key} did not get {count} models")


def test_a_search_goes_on_after_the_server_was_killed(start_server: Starter, tmp_path: Path) -> None:
    roots = ("--export-roots", str(tmp_path), "--import-roots", str(tmp_path))
    server = start_server(*roots)
    server.upload(car_rows(), "cars")
    recovery = tmp_path / "recovery"
    space = {"ntrees": list(range(2, 14)), "max_depth": [2, 3]}
    options = {"ignored_columns": '["name"]', "response_column": "economy", "validation_frame": "cars"}
    criteria = {"strategy": "RandomDiscrete", "seed": 11}
    send(server, space, grid_id="crash", recovery_dir=str(recovery), search_criteria=criteria, **options)
    wait_for_models(server, "crash", 2)
    assert server.process is not None
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()
    written = {path.name for path in recovery.iterdir() if path.name.startswith("crash_model_")}
    assert len(written) >= 2
    times = {name: (recovery / name).stat().st_mtime_ns for name in written}

    server = start_server(*roots)
    assert server.call("GET", "/99/Grids/crash").status == 404
    server.post("/3/Recovery/resume", recovery_dir=str(recovery))
    begun = server.get("/3/Jobs")["jobs"][-1]
    grid = server.get("/99/Grids/crash")
    kept = set(names(grid))
    assert kept <= written and len(kept) >= max(2, len(written) - 1)  # the last file may not have been named any more
    assert server.get("/3/Frames/cars")["frames"][0]["rows"] == 120
    assert server.wait(begun, 120)["status"] == "DONE"
    whole = server.get("/99/Grids/crash")
    assert sorted(names(whole)) == sorted(f"crash_model_{n}" for n in range(1, 25))
    ends = {m: server.get(f"/3/Models/{m}")["models"][0]["output"]["end_time"] for m in kept}
    assert all(ends[name] * 1_000_000 <= times[name] + 1_000_000_000 for name in kept)  # those were not trained anew
    assert list(recovery.iterdir()) == []  # what is done needs no recovery
    answer = server.call("POST", "/3/Recovery/resume", {"recovery_dir": str(recovery)})
    assert (answer.status, "nothing to resume" in answer.json["msg"]) == (400, True)
    assert server.call("POST", "/3/Recovery/resume").status == 400
    assert server.call("POST", "/3/Recovery/resume", {"recovery_dir": "/etc"}).status == 403


def test_a_grid_outlives_the_server_in_a_data_folder(start_server: Starter, tmp_path: Path) -> None:
    server = start_server("--data-dir", str(tmp_path / "data"))
    server.upload(car_rows(), "cars")
    options = {"ignored_columns": '["name"]', "response_column": "economy", "grid_id": "kept"}
    before = search(server, {"ntrees": [2, 3]}, **options)
    stop(server)
    server = start_server("--data-dir", str(tmp_path / "data"))
    assert server.get("/99/Grids/kept")["summary_table"] == before["summary_table"]
    assert len(names(search(server, {"ntrees": [2, 3, 4]}, **options))) == 3


def test_a_search_goes_on_by_itself_in_a_data_folder(start_server: Starter, tmp_path: Path) -> None:
    server = start_server("--data-dir", str(tmp_path / "data"))
    server.upload(car_rows(), "cars")
    options = {"ignored_columns": '["name"]', "response_column": "economy", "grid_id": "went_on"}
    send(server, {"ntrees": list(range(2, 14)), "max_depth": [2, 3]}, **options)
    wait_for_models(server, "went_on", 2)
    assert server.process is not None
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()
    server = start_server("--data-dir", str(tmp_path / "data"))
    wait_for_models(server, "went_on", 4)
    stop(server)  # amid the search again, this time in peace
    server = start_server("--data-dir", str(tmp_path / "data"))
    wait_for_models(server, "went_on", 24)
    assert sorted(names(server.get("/99/Grids/went_on"))) == sorted(f"went_on_model_{n}" for n in range(1, 25))
    stop(server)
    server = start_server("--data-dir", str(tmp_path / "data"))
    server.get("/99/Grids")
    assert server.get("/3/Jobs")["jobs"] == []  # what is done is not begun again


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1, 2.5, "x"]}', {"a": [1, 2.5, "x"]}),
        ("{\"a\": [Uniform,None],'b':True}", {"a": ["Uniform", None], "b": True}),
        ("{a: [[10, 10], [20]], b: {c: 1e-3}}", {"a": [[10, 10], [20]], "b": {"c": 0.001}}),
        (r"{'a': 'it\'s \u00fc'}", {"a": "it's ü"}),
        ("{}", {}),
    ],
)
def test_what_clients_write_is_read(text: str, value: Any) -> None:
    assert lenient_json.loads(text) == value


@pytest.mark.parametrize(
    "text",
    ["{", "{'a': }", "{'a': 1 'b': 2}", "{'a': range(1)}", "[1, 2", "{'a': 'x", "{} {}", "{'a':1,'a':2}", "[" * 99],
)
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(Exception, match="at character"):
        lenient_json.loads(text)


def test_a_list_of_searches_can_be_asked_for_in_brief(server: Client, grid: dict[str, Any]) -> None:
    whole = server.get("/99/Grids")
    brief = server.get("/99/Grids", _exclude_fields="grids/summary_table,grids/scoring_history")
    assert [set(one) - set(other) for one, other in zip(whole["grids"], brief["grids"], strict=True)] == [
        {"summary_table", "scoring_history"} for _ in whole["grids"]
    ]
    assert whole["grids"]
