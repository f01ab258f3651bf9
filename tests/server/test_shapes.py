"""Answers have the keys, in their order, and the kinds of values that H2O-3 3.46.0.12 answers with (recorded from it)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from answer_shapes import differences, shape_of
from server_client import Answer, Client, car_rows

RECORDED = json.loads((Path(__file__).parent / "recorded_shapes.json").read_text())
FRAME = "/3/Frames/cars"
NOTES = "/3/NodePersistentStorage"
Ask = Callable[[Client], Answer]


def get(path: str, /, **data: Any) -> Ask:
    return lambda server: server.call("GET", path, data)


def post(path: str, /, **data: Any) -> Ask:
    return lambda server: server.call("POST", path, data)


def delete(path: str, /, **data: Any) -> Ask:
    return lambda server: server.call("DELETE", path, data)


def rapids(text: str) -> Ask:
    return post("/99/Rapids", ast=text, session_id="shapes")


def parsed(path: str, **more: str) -> Ask:
    def ask(server: Client) -> Answer:
        server.call("POST", "/3/PostFile?destination_frame=shapes_raw", body=car_rows(30).encode())
        return server.call("POST", path, {"source_frames": '["shapes_raw"]', **more})

    return ask


def trained(**parameters: str) -> Ask:
    def ask(server: Client) -> Answer:
        common = {"training_frame": "cars", "response_column": "economy_20mpg", "epochs": "0.1", "hidden": "[2]"}
        answer = server.call("POST", "/3/ModelBuilders/deeplearning", common | parameters)
        if answer.status == 200:
            server.wait(answer.json["job"])
        return answer

    return ask


def any_job(path: str, method: str = "GET") -> Ask:
    def ask(server: Client) -> Answer:
        job = next(job for job in server.get("/3/Jobs")["jobs"] if job["description"] == "Parse")
        return server.call(method, path.format(job=job["key"]["name"]), {} if method == "POST" else None)

    return ask


def after(first: Ask, then: Ask) -> Ask:
    def ask(server: Client) -> Answer:
        assert first(server).status == 200
        return then(server)

    return ask


PREDICT = "/{version}/Predictions/models/{model}/frames/cars"
ROUTES: dict[str, Ask] = {
    "cloud": get("/3/Cloud"),
    "about": get("/3/About"),
    "ping": get("/3/Ping"),
    "cap": get("/3/Capabilities"),
    "log": post("/3/LogAndEcho", message="hello"),
    "gc": post("/3/GarbageCollect"),
    "unlock": post("/3/UnlockKeys"),
    "typeahead": get("/3/Typeahead/files", src="/", limit="5"),
    "parsesetup": parsed("/3/ParseSetup"),
    "parse": parsed("/3/Parse", destination_frame="shapes_parsed"),
    "postfile": lambda server: server.call("POST", "/3/PostFile?destination_frame=shapes_up", body=b"a\n1\n"),
    "job": any_job("/3/Jobs/{job}"),
    "jobcancel": any_job("/3/Jobs/{job}/cancel", "POST"),
    "frame": get(FRAME),
    "frame_rows": get(
        FRAME, row_offset="3", row_count="2", column_offset="1", column_count="2", full_column_count="-1"
    ),
    "light": get(f"{FRAME}/light"),
    "summary": get(f"{FRAME}/summary"),
    "column": get(f"{FRAME}/columns/power"),
    "columnsum": get(f"{FRAME}/columns/power/summary"),
    "domain": get(f"{FRAME}/columns/name/domain"),
    "frames": get("/3/Frames"),
    "chunks": get("/3/FrameChunks/cars"),
    "rap_frame": rapids("(tmp= shapes_t1 (cols_py cars [0 1 2]))"),
    "rap_num": rapids("(+ 1 2)"),
    "rap_list": rapids("[1 2 3]"),
    "rap_str": rapids('"abc"'),
    "split": post("/3/SplitFrame", dataset="cars", ratios="[0.7]", destination_frames='["shapes_a","shapes_b"]'),
    "tr_bin": trained(),
    "model_bin": get("/3/Models/cars_bin"),
    "model_mul": get("/3/Models/cars_mul"),
    "model_reg": get("/3/Models/cars_reg"),
    "model_ae": get("/3/Models/cars_ae"),
    "models": get("/3/Models"),
    "mbdl": get("/3/ModelBuilders/deeplearning"),
    "mbid": post("/3/ModelBuilders/deeplearning/model_id"),
    "val": post("/3/ModelBuilders/deeplearning/parameters", training_frame="cars", epochs="-1", hidden="[0]"),
    "trbad": trained(rho="4", l1="-1"),
    "mmscore": post("/3/ModelMetrics/models/cars_bin/frames/cars"),
    "mmscore_mul": post("/3/ModelMetrics/models/cars_mul/frames/cars_many"),
    "mmscore_reg": post("/3/ModelMetrics/models/cars_reg/frames/cars"),
    "mmscore_ae": post("/3/ModelMetrics/models/cars_ae/frames/cars"),
    "mm1": get("/3/ModelMetrics/models/cars_bin"),
    "pred3": post(PREDICT.format(version=3, model="cars_bin"), predictions_frame="shapes_p3"),
    "pred3ae": post(PREDICT.format(version=3, model="cars_ae"), reconstruction_error="true"),
    "pred3deep": post(PREDICT.format(version=3, model="cars_bin"), deep_features_hidden_layer="0"),
    "pred4": post(PREDICT.format(version=4, model="cars_bin")),
    "foo": get("/3/Foo"),
    "badkey": get("/3/Frames/nosuch"),
    "nps": get(f"{NOTES}/configured"),
    "nps_put": post(f"{NOTES}/notebook/shapes", value="{}"),
    "nps_get": after(post(f"{NOTES}/notebook/shapes", value="{}"), get(f"{NOTES}/notebook/shapes")),
    "nps_ls": after(post(f"{NOTES}/notebook/shapes", value="{}"), get(f"{NOTES}/notebook")),
    "nps_ex": get(f"{NOTES}/categories/notebook/names/shapes/exists"),
    "nps_null": delete(f"{NOTES}/notebook/null"),
    "sessions4": post("/4/sessions"),
    "initid": get("/3/InitID"),
    "sess_del": delete("/4/sessions/nosuch"),
    "sessprop": get("/3/SessionProperties", key="a"),
    "sessprop_set": post("/3/SessionProperties", session_key="s", key="k", value="v"),
    "dkvdel": delete("/3/DKV/nosuch"),
    "framedel": after(rapids("(assign shapes_gone (cols_py cars 0))"), delete("/3/Frames/shapes_gone")),
    "jstack": get("/3/JStack"),
    "profiler": get("/3/Profiler", depth="5"),
    "networktest": get("/3/NetworkTest"),
    "cputicks": get("/3/WaterMeterCpuTicks/0"),
    "endpoint5": get("/3/Metadata/endpoints/5"),
    "schema_cloud": get("/3/Metadata/schemas/CloudV3"),
    "modeljson": get("/99/Models/cars_bin/json", dir="shapes_model.json"),
    "saveframe": post(f"{FRAME}/save", dir="shapes_saved"),
    "export": post(f"{FRAME}/export", path="shapes.csv", force="true"),
    "logs": get("/3/Logs/nodes/0/files/info"),
}
STATUS = {"trbad": 412, "foo": 404, "badkey": 404}
OTHERWISE = {
    "trbad": "/parameters:",  # the plain object holds our parameters; H2O's has three that its metadata does not list
    "pred3deep": "/model_metrics[]:",  # deep features are no predictions, so no metrics of predictions go along
}


@pytest.mark.parametrize("name", ROUTES)
def test_answer_has_the_recorded_shape(name: str, server: Client, models: dict[str, str]) -> None:
    answer = ROUTES[name](server)
    assert answer.status == STATUS.get(name, 200), answer.content[:1000]
    recorded = RECORDED[name]
    body = answer.json
    assert (body.get("__meta") or {}).get("schema_name") == recorded["schema"]
    found = differences(recorded["shape"], shape_of(body))
    assert [line for line in found if not line.startswith(OTHERWISE.get(name, "-"))] == []


def test_import_answers_have_the_recorded_shape(server: Client, shared_folder: Path) -> None:
    file = shared_folder / "imported.csv"
    file.write_text("a,b\n1,2\n")
    one = server.post("/3/ImportFiles", path=str(file))
    several = server.post("/3/ImportFilesMulti", paths=json.dumps([str(file)]), pattern="")
    assert differences(RECORDED["import"]["shape"], shape_of(one)) == []
    assert differences(RECORDED["importmulti"]["shape"], shape_of(several)) == []
    assert several["destination_frames"] == [f"nfs:/{file}"]


def test_made_metrics_have_the_recorded_shape(server: Client, models: dict[str, str]) -> None:
    server.post("/3/Predictions/models/cars_bin/frames/cars", predictions_frame="made_p")
    server.rapids("(assign made_p1 (cols_py made_p 2))")
    server.rapids("(assign made_a (cols_py cars 'economy_20mpg'))")
    made = server.post("/3/ModelMetrics/predictions_frame/made_p1/actuals_frame/made_a", domain='["0","1"]')
    assert differences(RECORDED["mmmake2"]["shape"], shape_of(made)) == []


def test_builder_has_the_recorded_parameters(server: Client) -> None:
    builder = server.get("/3/ModelBuilders/deeplearning")["model_builders"]["deeplearning"]
    assert builder["__meta"]["schema_name"] == "DeepLearningV3"
    own = {
        "recipe",
        "ensemble_size",
        "numeric_embeddings",
        "dropout",
        "weight_decay",
        "label_smoothing",
        "fold_models_predict",
    }
    own |= {"target_encoding_levels", "target_encoding_folds", "target_encoding_smoothing"}
    names = {parameter["name"] for parameter in builder["parameters"]}
    assert own <= names
    assert len(names - own) == 91
