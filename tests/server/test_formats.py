"""Every format through the server's door: upload, set-up, parse, summary, a page of rows, export, training."""

from __future__ import annotations

import io
import json
from typing import Any

import fastavro
import numpy as np
import openpyxl
import pyarrow as pa
import pytest
import xlwt
from pyarrow import orc
from server_client import Client

WORDS = ["u", "v", "u"]
NUMBERS = [1.5, 0.1, -7.0]


def avro() -> bytes:
    fields = [
        {"name": "x", "type": "double"},
        {"name": "e", "type": {"type": "enum", "name": "e", "symbols": ["v", "u"]}},
    ]
    buffer = io.BytesIO()
    rows = [{"x": x, "e": e} for x, e in zip(NUMBERS, WORDS, strict=True)]
    fastavro.writer(buffer, {"type": "record", "name": "r", "fields": fields}, rows)
    return buffer.getvalue()


def orc_file() -> bytes:
    buffer = io.BytesIO()
    orc.write_table(pa.table({"x": NUMBERS, "e": WORDS}), buffer)
    return buffer.getvalue()


def xlsx() -> bytes:
    book = openpyxl.Workbook()
    for row in [("x", "e"), *zip(NUMBERS, WORDS, strict=True)]:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("one")
    for i, row in enumerate([("x", "e"), *zip(NUMBERS, WORDS, strict=True)]):
        for j, value in enumerate(row):
            sheet.write(i, j, value)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def arff() -> bytes:
    rows = "".join(f"{x},{e}\n" for x, e in zip(NUMBERS, WORDS, strict=True))
    return f"@relation r\n@attribute x real\n@attribute e {{v,u}}\n@data\n{rows}".encode()


def imported(server: Client, content: bytes, key: str) -> dict[str, Any]:
    """Guessed and parsed as the official client does it: what the set-up says is sent back with the parse."""
    source = f"{key}.dat"
    server.call("POST", f"/3/PostFile?destination_frame={source}", body=content)
    setup = server.post("/3/ParseSetup", source_frames=f'["{source}"]')
    names = setup["column_names"] or [f"C{i + 1}" for i in range(setup["number_columns"])]
    server.post(
        "/3/Parse",
        source_frames=f'["{source}"]',
        destination_frame=key,
        parse_type=setup["parse_type"],
        separator=setup["separator"],
        number_columns=setup["number_columns"],
        single_quotes=setup["single_quotes"],
        column_names=json.dumps(names),
        column_types=json.dumps(setup["column_types"]),
        check_header=setup["check_header"],
        chunk_size=setup["chunk_size"],
        delete_on_done="true",
        blocking="true",
    )
    return dict(setup)


@pytest.mark.parametrize(
    ("write", "form", "kind"),
    [
        (avro, "AVRO", "enum"),
        (orc_file, "ORC", "string"),
        (xlsx, "XLSX", "enum"),
        (xls, "XLS", "enum"),
        (arff, "ARFF", "enum"),
    ],
)
def test_a_file_becomes_a_frame(server: Client, write: Any, form: str, kind: str) -> None:
    setup = imported(server, write(), f"format_{form}")
    assert setup["parse_type"] == form
    frame = server.get(f"/3/Frames/format_{form}/summary")["frames"][0]
    x, e = frame["columns"]
    assert (x["label"], x["type"], x["mins"][0]) == ("x", "real", -7.0)
    assert x["data"] == NUMBERS
    assert (e["label"], e["type"]) == ("e", kind)
    found = [e["domain"][int(code)] for code in e["data"]] if kind == "enum" else e["string_data"]
    assert found == WORDS


def test_a_sparse_file_is_trained_on(server: Client) -> None:
    """The label says whether column C3 is 1; the 3,000 other columns hold noise, twenty values a row."""
    random = np.random.default_rng(1)
    lines = []
    for _ in range(600):
        columns = np.unique(random.integers(3, 3_000, 20))
        sign = int(random.choice([-1, 1])) if random.random() < 0.9 else 0
        signal = f" 2:{sign}" if sign else ""
        noise = " ".join(f"{c}:{v:.3f}" for c, v in zip(columns, random.normal(size=len(columns)), strict=True))
        lines.append(f"{int(sign > 0)}{signal} {noise}")
    setup = imported(server, ("\n".join(lines) + "\n").encode(), "format_svm")
    assert setup["parse_type"] == "SVMLight"
    frame = server.get("/3/Frames/format_svm/summary", column_count=5)["frames"][0]
    assert [column["label"] for column in frame["columns"]] == ["C1", "C2", "C3", "C4", "C5"]
    assert frame["byte_size"] < 12 * 600 * 22  # a row number and a double for each entry, of 1.8 million cells
    zeros = frame["columns"][2]["zero_count"]
    assert server.rapids("(sum (== (cols_py format_svm 2) 0))")["scalar"] == zeros
    server.rapids("(tmp= format_trained (:= format_svm (as.factor (cols_py format_svm 0)) 0 []))")
    answer = server.post(
        "/3/ModelBuilders/deeplearning",
        training_frame="format_trained",
        response_column="C1",
        hidden="[10]",
        epochs="8",
        seed="1",
        l1="0.0005",
    )
    assert server.wait(answer["job"], timeout=120)["status"] == "DONE"
    key = answer["job"]["dest"]["name"]
    metrics = server.get(f"/3/Models/{key}")["models"][0]["output"]["training_metrics"]
    assert metrics["AUC"] > 0.9
    server.rapids("(tmp= format_part (rows format_svm [0:50]))")
    assert server.get("/3/Frames/format_part/summary", column_count=5)["frames"][0]["rows"] == 50
