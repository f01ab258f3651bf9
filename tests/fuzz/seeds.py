"""Small whole files of each format, for a fuzzer to change."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator

import fastavro
import polars as pl
import pyarrow as pa
from pyarrow import orc

FORMATS = ("csv", "arff", "svmlight", "avro", "orc", "parquet", "arrow")

_CSV = (
    b'a,b,c\n1,x,2020-01-02\n2.5,"y, z",\n,"q""q",2020-01-03 04:05:06\n',
    b"1;2;3\n4;5;6\n",
    b"a\tb\n1e300\t-0\nNA\t0x1F\n",
    b"# note\n\xef\xbb\xbfname|when\n'a'|12/31/99\n\xff\xfe|31-Dec-1999\n",
    b"6ba7b810-9dad-11d1-80b4-00c04fd430c8,True\n6ba7b811-9dad-11d1-80b4-00c04fd430c8,False\n",
    b'\x00\x01\x00\x01\x02\x00\x00\x00x,y\n1,2\n"3\n4",5\n',
)
_ARFF = (
    b"% note\n@relation r\n@attribute a numeric\n@attribute b {x, y, 'z z'}\n@attribute c string\n"
    b"@attribute d date 'yyyy-MM-dd'\n@data\n1,x,'t',2020-01-02\n?,'z z',\"u\",?\n{0 5, 1 y}\n",
    b"@RELATION r\n@ATTRIBUTE a REAL\n@ATTRIBUTE b INTEGER\n@DATA\n1.5,2\n?,?\n",
)
_SVMLIGHT = (b"1 1:0.5 3:2\n-1 2:1e3 # note\n0\n", b"1 qid:3 1:1 100:2\n2 qid:3 7:-1\n", b"1 1:1\n1 4294967295:1\n")


def seeds_of(kind: str) -> list[bytes]:
    """Whole files of a format."""
    texts = {"csv": _CSV, "arff": _ARFF, "svmlight": _SVMLIGHT}
    return list(texts[kind]) if kind in texts else list(_tables(kind))


def _tables(kind: str) -> Iterator[bytes]:
    stamp = dt.datetime(2020, 1, 2, 3, 4, 5)
    rows = {
        "i": [1, None, -3],
        "r": [0.5, float("nan"), None],
        "s": ["a", None, "b b"],
        "b": [True, None, False],
        "t": [stamp, None, stamp],
    }
    if kind == "avro":
        yield from (_avro(codec) for codec in ("null", "deflate"))
        return
    for table in (
        pa.table(rows),
        pa.table({"e": pa.array(["x", "y", "x"]).dictionary_encode()}),
        pa.table({"i": [1] * 300}),
    ):
        if kind == "orc":
            plain = table.cast(pa.schema([("e", pa.string())])) if "e" in table.column_names else table
            for packed in ("uncompressed", "zlib", "snappy"):
                sink = io.BytesIO()
                orc.write_table(plain, sink, compression=packed)
                yield sink.getvalue()
            continue
        frame = pl.from_arrow(table)
        assert isinstance(frame, pl.DataFrame)
        sink = io.BytesIO()
        if kind == "parquet":
            frame.write_parquet(sink, compression="uncompressed")
        else:
            frame.write_ipc(sink)
        yield sink.getvalue()
        if kind == "arrow":
            stream = io.BytesIO()
            frame.write_ipc_stream(stream)
            yield stream.getvalue()


def _avro(codec: str) -> bytes:
    fields = [
        {"name": "i", "type": ["null", "long"]},
        {"name": "s", "type": ["null", "string"]},
        {"name": "e", "type": {"type": "enum", "name": "colour", "symbols": ["red", "blue"]}},
        {"name": "r", "type": "double"},
    ]
    rows = [
        {"i": [None, i][i % 2], "s": ["a", None][i % 2], "e": ["red", "blue"][i % 2], "r": 0.5 * i} for i in range(5)
    ]
    sink = io.BytesIO()
    fastavro.writer(sink, {"type": "record", "name": "row", "fields": fields}, rows, codec=codec)
    return sink.getvalue()
