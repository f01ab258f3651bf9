"""Tables between Python and the server: any Python table becomes a Polars one, which travels as Arrow (or as CSV to H2O-3).

pandas is read and made without pyarrow. Missing are None, NaN, NaT and null alike. Booleans become levels False and
True, as they do when H2O parses them.
"""

from __future__ import annotations

import datetime
import decimal
import functools
import io
import itertools
import sys
import warnings
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from artesian.client.exceptions import H2OTypeError, H2OValueError

if TYPE_CHECKING:
    import pandas

ARROW_STREAM = "application/vnd.apache.arrow.stream"
_BOOLEAN = pl.Enum(["False", "True"])
_CSV_TIME = "%Y-%m-%d %H:%M:%S%.3f"


# --- Python to Polars -------------------------------------------------------------------------------------------------


def to_polars(table: Any, header: int = 0) -> pl.DataFrame:
    """A Polars frame, ready to travel, of a pandas, Polars or Arrow table, a dict of columns, a list of rows, an array.

    A flat list is one column; names that are not given are C1, C2, …; `header=1` takes them from a list's first row.
    Raises H2OTypeError or H2OValueError for anything else, naming the column.
    """
    frame = _as_polars(table, header)
    if not frame.width:
        raise H2OValueError("There is no column in the data given.")
    return frame.select(_plain(column) for column in frame)


def _frame(columns: Iterable[pl.Series]) -> pl.DataFrame:
    """A frame of columns; one without a name gets that of its place, two of one name are refused."""
    listed = [column if column.name else column.alias(f"C{place + 1}") for place, column in enumerate(columns)]
    counts = Counter(column.name for column in listed)
    twice = next((name for name, count in counts.items() if count > 1), None)
    if twice is not None:
        raise H2OValueError(f"Two columns are called {twice!r}: columns of a frame have different names.")
    return pl.DataFrame(listed)


def _as_polars(table: Any, header: int) -> pl.DataFrame:
    if isinstance(table, pl.LazyFrame):
        return table.collect()
    if isinstance(table, pl.DataFrame):
        return table
    if isinstance(table, pl.Series):
        return table.to_frame(table.name or "C1")
    if _is_a(table, "pandas", "DataFrame"):
        return _frame([_from_pandas(str(name), column) for name, column in table.items()])
    if _is_a(table, "pandas", "Series"):
        return _frame([_from_pandas(str(table.name or "C1"), table)])
    if isinstance(table, np.ndarray):
        return _from_array(table)
    if _is_sparse(table):
        return _from_array(table.toarray())
    if hasattr(table, "__arrow_c_stream__"):
        return pl.DataFrame(table)
    if isinstance(table, Mapping):
        return _from_columns(table)
    if isinstance(table, (list, tuple)):
        return _from_rows(table, header)
    raise H2OTypeError(
        "A frame is made of a pandas, Polars or Arrow table, a dict, a list or an array. "
        f"Got a {type(table).__module__}.{type(table).__name__}."
    )


def _from_array(array: np.ndarray[Any, Any]) -> pl.DataFrame:
    if array.dtype.names:
        return _frame([_series(name, array[name]) for name in array.dtype.names])
    if array.ndim == 0 or array.ndim > 2:
        raise H2OValueError(f"An array of one or two dimensions makes a frame. Got {array.ndim}.")
    plain = np.asarray(array)  # a matrix would stay one in each of its columns
    columns = plain[:, None] if plain.ndim == 1 else plain
    return _frame([_series(f"C{i + 1}", columns[:, i]) for i in range(columns.shape[1])])


def _from_columns(columns: Mapping[Any, Any]) -> pl.DataFrame:
    made = [_column(str(name), values) for name, values in columns.items()]
    rows = max((len(column) for column in made), default=0)
    return _frame([column.extend_constant(None, rows - len(column)) for column in made])


def _column(name: str, values: Any) -> pl.Series:
    """A column of a dict: a value, several, or what is a column already."""
    if isinstance(values, pl.Series):
        return values.alias(name)
    if _is_a(values, "pandas", "Series"):
        return _from_pandas(name, values)
    if isinstance(values, np.ndarray) and values.ndim == 1 and values.dtype != object:
        return _series(name, values)
    return _series(name, _flat_list(name, values))


def _flat_list(name: str, values: Any) -> list[Any]:
    if isinstance(values, (str, bytes)) or not hasattr(values, "__len__"):
        return [values]
    flat = list(values)
    if any(isinstance(value, (list, tuple, dict)) for value in flat):
        raise H2OValueError(f"The column {name!r} holds lists; each of its values must be a single one.")
    return flat


def _from_rows(rows: Sequence[Any], header: int) -> pl.DataFrame:
    nested = [isinstance(row, (list, tuple)) for row in rows]
    if any(nested) and not all(nested):
        raise H2OValueError("A list makes a frame when all of its elements are rows (lists), or none is.")
    table = [list(row) for row in rows] if any(nested) else [[value] for value in rows]
    names: list[str] | None = None
    if header == 1 and table:
        names, table = [str(name) for name in table[0]], table[1:]
    columns = list(itertools.zip_longest(*table))
    width = max(len(columns), len(names or []), 1)
    names = [*(names or []), *(f"C{i + 1}" for i in range(len(names or []), width))]
    columns += [()] * (width - len(columns))
    return _frame([_series(name, list(values)) for name, values in zip(names, columns, strict=True)])


def _series(name: str, values: Any) -> pl.Series:
    """A series of Python values or an array; a mixture of kinds becomes text."""
    if isinstance(values, np.ndarray) and values.dtype != object:
        if values.dtype.kind in "SU":
            return pl.Series(name, values.astype(str).tolist(), dtype=pl.String)
        return pl.Series(name, np.ascontiguousarray(values))
    plain = [_python(value) for value in values]
    kinds = {type(value) for value in plain if value is not None}
    if any(issubclass(kind, (list, tuple, dict, set)) for kind in kinds):
        raise H2OValueError(f"The column {name!r} holds lists; each of its values must be a single one.")
    if kinds <= {int, float}:
        whole = kinds == {int} and all(-(2**63) <= value < 2**63 for value in plain if value is not None)
        numbers = plain if whole else [None if value is None else float(value) for value in plain]
        return pl.Series(name, numbers, dtype=pl.Int64 if whole else pl.Float64)
    if kinds == {datetime.date} or kinds == {datetime.datetime} or kinds == {bool} or kinds == {str}:
        return pl.Series(name, plain)
    return pl.Series(name, [None if value is None else str(value) for value in plain], dtype=pl.String)


def _python(value: Any) -> Any:
    """A scalar as a plain Python value; None when it stands for a missing one."""
    if value is None or type(value) in (str, int, bool):
        return value
    if isinstance(value, (np.datetime64, np.timedelta64)):
        return value.astype("datetime64[us]").item() if isinstance(value, np.datetime64) else str(value)
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, decimal.Decimal):
        value = float(value)
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    if hasattr(value, "to_pydatetime"):
        return value.to_pydatetime()
    return None if isinstance(value, float) and value != value else value


def _from_pandas(name: str, column: pandas.Series[Any]) -> pl.Series:
    kind = column.dtype.name
    if kind == "category":
        labels = [str(label) for label in column.cat.categories]
        codes = pl.Series(name, column.cat.codes.to_numpy().astype(np.int64)).replace(-1, None)
        if len(set(labels)) != len(labels):
            return pl.Series(name, labels, dtype=pl.String).gather(codes)
        return codes.cast(pl.UInt32).cat.to(pl.Enum(labels))
    if kind.startswith("datetime64"):
        aware = getattr(column.dtype, "tz", None) is not None
        naive = column.dt.tz_convert("UTC").dt.tz_localize(None) if aware else column
        return pl.Series(name, naive.to_numpy().astype("datetime64[us]"))
    if kind.startswith(("Int", "UInt", "Float", "boolean")):  # numbers that may be missing
        missing = column.isna().to_numpy()
        values = column.fillna(False if kind == "boolean" else 0).to_numpy(
            dtype=kind.lower() if kind != "boolean" else "bool"
        )
        return pl.Series(name, values).to_frame().select(
            pl.when(pl.lit(pl.Series(~missing))).then(pl.col(name)).alias(name)
        ).to_series()  # fmt: skip
    if kind in ("object", "str", "string") or kind.startswith("string"):
        return _series(name, column.tolist())
    return _series(name, column.to_numpy())


def _plain(column: pl.Series) -> pl.Series:
    """The column in a type that a server knows: numbers, text, levels, times."""
    kind, name = column.dtype, column.name
    if kind == pl.Boolean:
        return column.cast(pl.String).str.to_titlecase().cast(_BOOLEAN)
    if kind.is_float():
        return (column.cast(pl.Float32) if kind == pl.Float16 else column).fill_nan(None)
    if kind in (pl.UInt64, pl.Int128, pl.UInt128) or kind.is_decimal():
        return column.cast(pl.Float64)
    if kind in (pl.Date, pl.Datetime):
        if isinstance(kind, pl.Datetime) and kind.time_zone:
            column = column.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
        return column.cast(pl.Datetime("ms"))
    if kind == pl.Categorical:
        return _with_levels(column)
    if kind == pl.Null:
        return column.cast(pl.Float64)
    if kind.is_integer():
        return column.shrink_dtype()  # less to compress and to send
    if kind.is_numeric() or kind == pl.String or kind == pl.Enum:
        return column
    raise H2OTypeError(f"The column {name!r} holds values of type {kind}, which no frame can hold.")


def _with_levels(column: pl.Series) -> pl.Series:
    """Texts or categories as an Enum of the values that occur, in alphabetical order."""
    texts = column.cast(pl.String)
    return texts.cast(pl.Enum(texts.drop_nulls().unique().sort()))


def _is_a(table: Any, module: str, name: str) -> bool:
    loaded = sys.modules.get(module)
    return loaded is not None and isinstance(table, getattr(loaded, name))


def _is_sparse(table: Any) -> bool:
    return type(table).__module__.startswith("scipy.sparse") and hasattr(table, "toarray")


_STRING_SHARE = 0.95
"""Share of different values from which on H2O takes texts for strings, not for levels."""
_PATTERNS = {
    "numeric": r"^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$",
    "time": r"^\s*\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?)?\s*$",
    "uuid": r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
}


_NO_NUMBER = r"^\s*(?i:n/?a|nan|null|none|[+-]?inf(inity)?|[?.+-])\s*$"
"""Words that stand among numbers where there is none."""


def with_names(frame: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """The frame under other names; for names behind the last column there is one without any value, with a warning."""
    if len(names) < frame.width:
        raise H2OValueError(f"The data has {frame.width} columns. Got {len(names)} names.", "column_names")
    further = list(names[frame.width :])
    if further:
        listed = ", ".join(map(repr, further))
        warnings.warn(f"The data has {frame.width} columns, so these have no value: {listed}.", stacklevel=4)
    renamed = frame.rename(dict(zip(frame.columns, names, strict=False)))
    return renamed.with_columns(pl.lit(None, dtype=pl.Float64).alias(name) for name in further)


# --- over the wire ----------------------------------------------------------------------------------------------------


def to_arrow(frame: pl.DataFrame) -> bytes:
    """The frame as a compressed Arrow IPC stream."""
    buffer = io.BytesIO()
    frame.write_ipc_stream(buffer, compression="zstd")
    return buffer.getvalue()


def to_csv(frame: pl.DataFrame) -> bytes:
    """The frame as CSV with a header, texts in quotes, nothing for a missing value."""
    return frame.write_csv(quote_style="non_numeric", datetime_format=_CSV_TIME).encode()


def with_filler(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with a column of zeros behind."""
    return frame.with_columns(pl.lit(0).alias(f"{frame.columns[-1]}_"))


def types_lost_in_csv(frame: pl.DataFrame) -> dict[str, str]:
    """The types of the columns whose meaning a CSV loses: levels and times."""
    kinds = {pl.Enum: "enum", pl.Datetime: "time"}
    return {column.name: kinds[column.dtype.base_type()] for column in frame if column.dtype.base_type() in kinds}


def types_of_texts(frame: pl.DataFrame, missing: Sequence[Sequence[str]] | None = None) -> dict[str, str]:
    """What the texts of a frame mean, guessed as H2O guesses those of a file: numbers, times, levels or strings.

    Unlike H2O, which guesses by the majority, a column is of numbers or times only if all of its values are; among numbers
    words such as 'NA' and 'Inf' are no value. `missing` are for each column further texts that stand for none.
    """
    left_out = missing or [()] * frame.width
    return {
        column.name: _type_of_texts(column.filter(~column.is_in(list(texts)) | column.is_null()))
        for column, texts in zip(frame, left_out, strict=True)
        if column.dtype == pl.String
    }


def without_empty_levels(frame: pl.DataFrame, types: Mapping[str, str | None]) -> pl.DataFrame:
    """The frame with no value for the empty texts of columns that become levels or numbers, as in a file; strings keep them."""
    kept = (None, "string")
    empty = [column.name for column in frame if column.dtype == pl.String and types.get(column.name) not in kept]
    return frame.with_columns(pl.col(name).replace("", None) for name in empty)


def _type_of_texts(texts: pl.Series) -> str:
    told = texts.filter(texts != "")
    if told.is_empty():
        return "string"
    for kind, pattern in _PATTERNS.items():
        fits = told.str.contains(pattern)
        if fits.all() or (kind == "numeric" and fits.any() and told.filter(~fits).str.contains(_NO_NUMBER).all()):
            return kind
    counted = texts.fill_null("")  # in a file, no value and an empty text are one
    return "string" if len(counted) > 1 and counted.n_unique() >= _STRING_SHARE * len(counted) else "enum"


def from_arrow(content: bytes) -> pl.DataFrame:
    """The frame of an Arrow IPC stream; its numbers, stored narrow, as wide as Python's arithmetic expects them."""
    return pl.read_ipc_stream(io.BytesIO(content)).cast(_WIDE)


def from_coded_arrow(content: bytes) -> pl.DataFrame:
    """The same of a stream of level numbers, behind a stream of levels for each categorical column and their lengths."""
    view = memoryview(content)
    levels: dict[str, pl.Series] = {}
    position = _LENGTH_BYTES
    while length := int.from_bytes(view[position - _LENGTH_BYTES : position], "little"):
        part = pl.read_ipc_stream(io.BytesIO(view[position : position + length])).to_series()
        levels[part.name] = part
        position += length + _LENGTH_BYTES
    frame = pl.read_ipc_stream(io.BytesIO(view[position:]))
    others = frame.drop(levels).cast(_WIDE)
    return pl.DataFrame(
        [_of_levels(column, levels[column.name]) if column.name in levels else others[column.name] for column in frame]
    )


def _of_levels(numbers: pl.Series, levels: pl.Series) -> pl.Series:
    if not len(levels):
        return pl.Series(numbers.name, [None], dtype=pl.Enum([])).new_from_index(0, len(numbers))
    return numbers.cat.to(pl.Enum(levels))


_LENGTH_BYTES = 8
_NARROW_INTEGERS = (pl.Int8, pl.Int16, pl.Int32, pl.UInt8, pl.UInt16, pl.UInt32)
_WIDE: dict[Any, Any] = {pl.Float32: pl.Float64} | dict.fromkeys(_NARROW_INTEGERS, pl.Int64)


def from_csv(content: bytes, types: Sequence[str]) -> pl.DataFrame:
    """The frame of a CSV that H2O wrote; `types` are the columns' types as H2O names them, in their order."""
    text = pl.read_csv(content, infer_schema=False)
    return text.select(_typed(column, kind) for column, kind in zip(text, types, strict=True))


_POLARS_TYPES: dict[str, Any] = {"int": pl.Int64, "real": pl.Float64, "enum": pl.Enum([]), "time": pl.Datetime("ms")}


def _typed(column: pl.Series, kind: str) -> pl.Series:
    if kind == "int":
        numbers = column.cast(pl.Float64, strict=False)
        return numbers.cast(pl.Int64, strict=False)
    if kind == "time":
        return column.cast(pl.Int64, strict=False).cast(pl.Datetime("ms"))
    if kind == "enum":
        return _with_levels(column)
    return column.cast(_POLARS_TYPES.get(kind, pl.String), strict=False)


# --- Polars to what people want ---------------------------------------------------------------------------------------


def to_pandas(frame: pl.DataFrame) -> pandas.DataFrame:
    """The frame as pandas has it: levels as categories, times as datetime64, whole numbers with gaps as floats."""
    return _data_frame(frame, [_array(column) for column in frame])


def to_pandas_as_csv(frame: pl.DataFrame) -> pandas.DataFrame:
    """The frame as pandas reads a CSV of it, which is how H2O's own client brings one: scripts count on those types.

    Whole numbers are int64 (float64 where one is missing, also where the column is one of reals), times milliseconds, and
    levels and strings whatever pandas takes their texts for: texts, numbers, booleans; words such as NA are missing.
    """
    import pandas

    if not frame.height:
        return pandas.DataFrame(columns=pandas.Index(frame.columns))
    return _data_frame(frame, [_array_as_csv(column) for column in frame])


def _data_frame(frame: pl.DataFrame, arrays: Sequence[Any]) -> pandas.DataFrame:
    import pandas

    made = pandas.DataFrame(dict(enumerate(arrays)))
    made.columns = pandas.Index(frame.columns)
    return made


def _array(column: pl.Series) -> Any:
    """The column as NumPy or pandas holds it."""
    import pandas

    kind = column.dtype
    if kind in (pl.Categorical, pl.Enum):
        column = column if kind == pl.Enum else _with_levels(column)
        levels: pl.Series = column.dtype.categories  # type: ignore[attr-defined]
        codes = column.to_physical().cast(pl.Int64).fill_null(-1).to_numpy()
        return pandas.Categorical.from_codes(codes, categories=pandas.Index(levels.to_list()))
    if kind == pl.String:
        text_type: Any = "str" if int(pandas.__version__.split(".")[0]) >= 3 else object
        return pandas.Series(column.to_list(), dtype=text_type).array
    if kind == pl.Datetime:
        return column.cast(pl.Datetime("ms")).to_numpy()
    return column.to_numpy()


def _array_as_csv(column: pl.Series) -> Any:
    if column.dtype in (pl.Categorical, pl.Enum):
        return _levels_as_csv(column if column.dtype == pl.Enum else _with_levels(column))
    if column.dtype == pl.String:
        return _text_array(column) if _are_texts(column.head(_SAMPLE)) else _read_texts(column)
    numbers = _plain_numbers(column)
    return (numbers.cast(pl.Float64) if numbers.null_count() else numbers).to_numpy()


def _plain_numbers(column: pl.Series) -> pl.Series:
    """Times in milliseconds, and reals that are all whole as integers, which is how H2O writes them into a CSV."""
    if column.dtype == pl.Datetime:
        return column.dt.epoch("ms")
    if column.dtype.is_float() and ((column.round(0) == column) & (column.abs() < 2**63)).all():
        return column.cast(pl.Int64)
    return column


def _levels_as_csv(column: pl.Series) -> Any:
    """Each level that occurs is read once, and taken as often as it occurs."""
    levels: pl.Series = column.dtype.categories  # type: ignore[attr-defined]
    numbers = column.to_physical()
    missing = len(levels)  # the number that stands for a missing value
    codes = (numbers.cast(pl.UInt32).fill_null(missing) if numbers.null_count() else numbers).to_numpy()
    occurs = np.bincount(codes, minlength=missing + 1) > 0
    texts = levels.gather(np.flatnonzero(occurs[:missing])).extend_constant(None, int(occurs[missing]))
    read = _text_array(texts) if _are_texts(texts) else _read_texts(texts)
    return read.take(codes if occurs[:missing].all() else (np.cumsum(occurs) - 1)[codes])


_SAMPLE = 1000
"""So many texts are looked at first: one of them that is surely a text makes the column one of texts."""
_MISSING_WORDS = (
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA",
    "NULL", "NaN", "None", "n/a", "nan", "null",
)  # fmt: skip
"""Words that one version of pandas or another reads as missing."""
_NO_TEXTS = {*(word.lower() for word in _MISSING_WORDS), "true", "false", "inf", "infinity"}


def _are_texts(texts: pl.Series) -> bool:
    """Whether one of them is surely no number, boolean or missing value: it begins with a letter and is none of the words."""
    begins = texts.drop_nulls().filter(texts.drop_nulls().str.contains(r"^\p{L}"))
    return not begins.str.to_lowercase().is_in(list(_NO_TEXTS)).all()


def _text_array(texts: pl.Series) -> Any:
    """Texts that stay texts, but for those that pandas reads as missing."""
    return _array(texts.set(texts.is_in(_missing_words()), None))


@functools.cache
def _missing_words() -> list[str]:
    read = _read_texts(pl.Series([*_MISSING_WORDS, "text"]))
    return [word for word, value in zip(_MISSING_WORDS, read, strict=False) if not isinstance(value, str)]


def _read_texts(texts: pl.Series) -> Any:
    """What pandas reads from a CSV of the texts."""
    import pandas

    content = texts.alias("x").to_frame().write_csv(quote_style="always", null_value="")
    return pandas.read_csv(io.StringIO(content), low_memory=False, skip_blank_lines=False)["x"].array


def to_rows(frame: pl.DataFrame) -> list[list[str]]:
    """The rows as lists of texts, missing ones empty, times in milliseconds, as a CSV would read."""
    texts = [_plain_numbers(column).cast(pl.String).fill_null("") for column in frame]
    return [list(row) for row in zip(*(column.to_list() for column in texts), strict=True)]
