"""What can be asked of a trained model, and models as files, through the server."""

from __future__ import annotations

import io
import json
import urllib.parse
import zipfile
from pathlib import Path

import pytest
from server_client import Client

BUILD = "/3/ModelBuilders/deeplearning"
TASK = {
    "response_column": "economy_20mpg",
    "ignored_columns": '["name","economy"]',
    "seed": "1",
    "epochs": "3",
    "hidden": "[5]",
}


@pytest.fixture(scope="module")
def trained(server: Client, cars: str) -> str:
    job = server.post(BUILD, training_frame=cars, model_id="looked_into", **TASK)["job"]
    server.wait(job)
    return "looked_into"


def test_partial_dependence(server: Client, cars: str, trained: str) -> None:
    job = server.post("/3/PartialDependence/", model_id=trained, frame_id=cars, cols='["power"]', nbins=4)
    kept = server.get(f"/3/PartialDependence/{server.wait(job)['dest']['name']}")
    (table,) = kept["partial_dependence_data"]
    assert [column["name"] for column in table["columns"]] == [
        "power", "mean_response", "stddev_response", "std_error_mean_response",
    ]  # fmt: skip
    assert table["rowcount"] == 4
    assert all(0 <= value <= 1 for value in table["data"][1])
    assert kept["cols"] == ["power"]
    without = server.wait(server.post("/3/PartialDependence", model_id=trained, frame_id=cars))
    assert len(server.get(f"/3/PartialDependence/{without['dest']['name']}")["partial_dependence_data"]) > 1


def test_partial_dependence_that_cannot_be(server: Client, cars: str, trained: str) -> None:
    answer = server.call("POST", "/3/PartialDependence", {"model_id": trained, "frame_id": cars, "cols": '["nosuch"]'})
    assert answer.status == 400
    assert "no column 'nosuch'" in answer.json["msg"]
    uneven = {
        "model_id": trained,
        "frame_id": cars,
        "user_cols": '["power"]',
        "num_user_splits": "[2]",
        "user_splits": "[1]",
    }
    assert "belong together" in server.call("POST", "/3/PartialDependence", uneven).json["msg"]
    assert server.call("GET", "/3/PartialDependence/nosuch").status == 404


def test_permutation_importance(server: Client, cars: str, trained: str) -> None:
    answer = server.rapids(f'(tmp= importances (PermutationVarImp {trained} {cars} "auc" -1 1 [] 7))')
    assert answer["num_cols"] == 4
    assert (
        server.rapids(f'(tmp= importances_of_two (PermutationVarImp {trained} {cars} "auc" -1 2 ["power"] 7))')[
            "num_rows"
        ]
        == 1
    )
    refused = server.call("POST", "/99/Rapids", {"ast": f'(PermutationVarImp {trained} {cars} "mae" -1 1 [] 7)'})
    assert "no metric 'mae'" in refused.json["msg"]
    no_model = server.call("POST", "/99/Rapids", {"ast": f'(PermutationVarImp {cars} {cars} "auc" -1 1 [] 7)'})
    assert "the key of a model" in no_model.json["msg"]


def test_the_threshold_can_be_set(server: Client, cars: str, trained: str) -> None:
    before = server.get(f"/3/Models/{trained}")["models"][0]["output"]["default_threshold"]
    assert server.number(f"(flatten (model.reset.threshold {trained} 0))") == pytest.approx(before)
    server.post(f"/3/Predictions/models/{trained}/frames/{cars}", predictions_frame="all_yes")
    assert server.number("(min (as.numeric (cols_py all_yes 0)))") == 1
    assert server.number(f"(flatten (model.reset.threshold {trained} {before}))") == 0
    assert (
        "from 0 to 1" in server.call("POST", "/99/Rapids", {"ast": f"(model.reset.threshold {trained} 2)"}).json["msg"]
    )


def uploaded(server: Client, content: bytes, key: str) -> str:
    answer = server.call("POST", f"/3/PostFile.bin?destination_frame={key}", body=content)
    assert answer.status == 200, answer.content
    return str(answer.json["destination_frame"])


def predictions(server: Client, model: str, frame: str, key: str) -> str:
    server.post(f"/3/Predictions/models/{model}/frames/{frame}", predictions_frame=key)
    return server.call("GET", f"/3/DownloadDataset?frame_id={key}").content.decode()


def test_a_saved_model_predicts_the_same(server: Client, cars: str, trained: str, shared_folder: Path) -> None:
    expected = predictions(server, trained, cars, "before_saving")
    path = shared_folder / "models" / "mine"
    assert server.get(f"/99/Models.bin/{trained}", dir=str(path))["dir"] == str(path)
    refused = server.call("GET", f"/99/Models.bin/{trained}?dir={urllib.parse.quote(str(path))}&force=false")
    assert refused.status == 412
    downloaded = server.call("GET", f"/3/Models.fetch.bin/{trained}").content
    with zipfile.ZipFile(io.BytesIO(downloaded)) as archive:
        assert "model/arrays.safetensors" in archive.namelist()
        assert json.loads(archive.read("archive.json"))["format_version"] == 1
    server.delete(f"/3/Models/{trained}")
    loaded = server.post("/99/Models.bin/", dir=str(path))
    assert loaded["models"][0]["model_id"]["name"] == trained
    assert predictions(server, trained, cars, "after_loading") == expected
    assert server.get(f"/3/ModelMetrics/models/{trained}")["model_metrics"]
    server.delete(f"/3/Models/{trained}")
    raw = uploaded(server, downloaded, "uploaded_model")
    assert server.post("/99/Models.upload.bin/", dir=raw)["models"][0]["model_id"]["name"] == trained
    assert predictions(server, trained, cars, "after_uploading") == expected


@pytest.mark.parametrize(
    ("members", "text"),
    [
        (None, "not a zip file"),
        ({"model/details.json": "{}"}, "archive.json"),
        ({"archive.json": '{"format_version": 99}'}, "reads up to 1"),
        ({"archive.json": '{"format_version": 1}', "../evil": "x"}, "evil"),
        ({"archive.json": '{"format_version": 1}', "model/details.json": "{}"}, "model"),
    ],
)
def test_what_is_no_model_is_refused(server: Client, members: dict[str, str] | None, text: str) -> None:
    content = io.BytesIO()
    if members is not None:
        with zipfile.ZipFile(content, "w") as archive:
            for name, value in members.items():
                archive.writestr(name, value)
    raw = uploaded(server, content.getvalue() or b"nothing", "no_model")
    answer = server.call("POST", "/99/Models.upload.bin/", {"dir": raw})
    assert answer.status == 400
    assert text in answer.json["msg"].lower() or text in answer.json["msg"]


def test_models_are_saved_inside_the_export_roots_only(server: Client, trained: str) -> None:
    assert server.call("GET", f"/99/Models.bin/{trained}?dir=/etc/model").status == 403
    assert server.call("POST", "/99/Models.bin/", {"dir": "/etc/passwd"}).status == 403


def test_segment_models(server: Client, cars: str) -> None:
    given = {"training_frame": cars, **TASK, "segment_models_id": "by_cylinders", "segment_columns": '["cylinders"]'}
    job = server.post("/3/SegmentModelsBuilders/deeplearning", **given, parallelism=2)
    server.wait(job)
    frame = server.rapids("(tmp= segments (segment_models_as_frame by_cylinders))")
    levels = int(server.number(f"(nrow (unique (cols_py {cars} 'cylinders') False))"))
    assert (frame["num_rows"], frame["num_cols"]) == (levels, 5)
    shown = server.call("GET", "/3/DownloadDataset?frame_id=segments").content.decode()
    assert '"by_cylinders_0"' in shown
    assert "SUCCEEDED" in shown
    assert not [key for key in server.get("/3/Frames")["frames"] if "_segment_" in key["frame_id"]["name"]]


def test_segments_that_cannot_be(server: Client, cars: str) -> None:
    given = {"training_frame": cars, **TASK}
    for more, text in (
        ({"segment_columns": '["nosuch"]'}, "no column 'nosuch'"),
        ({"segment_columns": '["name"]', "parallelism": "0"}, "at least 1"),
        ({}, "Give segment_columns"),
        ({"segments": "nosuch"}, "nosuch"),
    ):
        answer = server.call("POST", "/3/SegmentModelsBuilders/deeplearning", {**given, **more})
        assert answer.status in (400, 404), answer.json["msg"]
        assert text in answer.json["msg"]
