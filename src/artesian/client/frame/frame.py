"""H2OFrame: made of Python data or found in the server, shown, and brought back to Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from artesian.client import importing, session
from artesian.client.checks import check_choice, check_frame_id, check_separator, check_type
from artesian.client.connection import path_part
from artesian.client.display import cell_text, display
from artesian.client.exceptions import H2OError, H2OResponseError, H2OValueError, NotAvailable
from artesian.client.expr import ExprNode, fetch_info
from artesian.client.frame.base import FrameBase
from artesian.client.frame.columns import Columns
from artesian.client.frame.indexing import Indexing
from artesian.client.frame.operators import Operators
from artesian.client.frame.preview import column_values, preview_table, summary_table
from artesian.client.frame.reducers import Reducers
from artesian.client.frame.reshape import Reshape
from artesian.client.frame.strings import Strings
from artesian.client.frame.times import Times
from artesian.client.job import H2OJob
from artesian.client.two_dim_table import H2OTwoDimTable

if TYPE_CHECKING:
    import pandas
    import polars as pl
    import pyarrow

    from artesian.client.display import Rendered

_SHOWN_ROWS = 10
_SHOWN_COLUMNS = 200
_NUMPY_TYPES = {"int": np.int32, "real": np.float64}


class H2OFrame(Indexing, Operators, Reducers, Columns, Strings, Times, Reshape):
    """A table in the server: rows and named columns of numbers, levels, times or strings.

    Verbs give new frames and are computed when their result is needed. A frame without a name of its own lives as long
    as Python refers to it.
    """

    def __init__(
        self,
        python_obj: Any = None,
        destination_frame: str | None = None,
        header: int = 0,
        separator: str = ",",
        column_names: list[str] | None = None,
        column_types: Any = None,
        na_strings: Any = None,
        skipped_columns: list[int] | None = None,
        force_col_types: bool = False,
    ) -> None:
        """Sends a table to the server: pandas, Polars, Arrow, NumPy, a dict of columns, a list of rows or of values.

        `destination_frame` names it, `header=1` takes names from the first row of a list, `column_names` and
        `column_types` (a list or a dict: int, real, enum, string, time …) set what would be guessed. Types that the table
        has are kept (categories become levels in their order); texts are guessed as those of a file: numbers, times,
        levels or strings. Missing values of any kind stay missing.
        """
        check_frame_id(destination_frame)
        check_choice("header", header, (-1, 0, 1))
        check_separator("separator", separator)
        check_type("column_names", column_names, None, [str])
        if python_obj is None:
            return
        if isinstance(python_obj, FrameBase):
            self._copy_of(python_obj, destination_frame, column_names, skipped_columns)
            return
        key = importing.upload_table(
            python_obj,
            destination_frame,
            header,
            column_names,
            column_types,
            na_strings,
            skipped_columns,
            force_col_types,
        )
        self._ex = ExprNode.named(key)
        self.refresh()

    def _copy_of(
        self, source: FrameBase, name: str | None, column_names: list[str] | None, skipped: list[int] | None
    ) -> None:
        copy = source._derive("cols_py", range(source.ncols), info=source._like())
        if skipped:
            copy = copy.drop(skipped)
        if column_names:
            copy.set_names(column_names)
        if name is not None:
            copy.frame_id = name
        self._ex = copy._ex

    @staticmethod
    def from_python(
        python_obj: Any,
        destination_frame: str | None = None,
        header: int = 0,
        separator: str = ",",
        column_names: list[str] | None = None,
        column_types: Any = None,
        na_strings: Any = None,
    ) -> H2OFrame:
        """The same as `H2OFrame(python_obj, …)`."""
        return H2OFrame(python_obj, destination_frame, header, separator, column_names, column_types, na_strings)

    @staticmethod
    def get_frame(
        frame_id: str,
        rows: int = 10,
        rows_offset: int = 0,
        cols: int = -1,
        full_cols: int = -1,
        cols_offset: int = 0,
        light: bool = False,
    ) -> H2OFrame | None:
        """The frame of that name in the server, or None when there is none.

        The further arguments choose the rows that scripts find as `frame._ex._cache._data`; they are fetched when that is
        looked at: `rows` from `rows_offset` on, of `cols` columns from `cols_offset` on, the first `full_cols` of them with
        their values (-1: all). `light` leaves out what the server would have to compute.
        """
        check_type("frame_id", frame_id, str)
        frame = FrameBase._wrap(ExprNode.named(frame_id))
        frame._ex.rows_to_show = {
            "row_count": rows, "row_offset": rows_offset, "column_count": cols, "full_column_count": full_cols,
            "column_offset": cols_offset,
        }  # fmt: skip
        frame._ex.shows_light = light
        try:
            frame.refresh()
        except H2OResponseError:
            return None
        return frame

    # --- identity ---------------------------------------------------------------------------------------------------

    @property
    def frame_id(self) -> str:
        """The frame's name in the server; assign another to keep the frame under that."""
        return self._key()

    @frame_id.setter
    def frame_id(self, newid: str) -> None:
        check_frame_id(newid)
        old = self._key()
        if newid == old:
            return
        session.rapids(f'(rename "{old}" "{newid}")')
        self._ex.rename(newid)

    @property
    def key(self) -> str | None:
        """The frame's name in the server, or None for a removed one."""
        return None if self._node is None else self.frame_id

    def detach(self) -> None:
        """Forgets the frame here without removing it there."""
        self._ex = None

    def __deepcopy__(self, memo: dict[int, Any]) -> H2OFrame:
        return self._wrap(self._ex)  # frames never change under others: to share the expression is to copy

    @property
    def dtype(self) -> np.dtype[Any]:
        """The NumPy type of a frame of one column."""
        name = self._require_single("dtype")
        return np.dtype(_NUMPY_TYPES.get(self.types[name], np.str_))

    def __iter__(self) -> Any:
        return (self[position] for position in range(self.ncols))

    # --- to Python --------------------------------------------------------------------------------------------------

    def as_data_frame(
        self, use_pandas: bool = True, header: bool = True, use_multi_thread: bool = False, *, use_polars: bool = False
    ) -> Any:
        """All of the frame in Python: as pandas, as Polars, or as a list of rows of strings with the names first.

        pandas gets it as scripts for H2O expect, which read a CSV: levels as texts (or as the numbers or booleans that the
        texts are), times in milliseconds, whole numbers as int64, or float64 where one is missing. `to_pandas` keeps the
        types, as `use_polars=True` does. Where pandas is not installed the list comes. `header=False` leaves the names out
        of the list. `use_multi_thread` changes nothing: it is always fast, and no CSV is made.
        """
        from artesian.client import transfer

        frame = self._download()
        if use_polars:
            return frame
        if use_pandas and importing.has_pandas():
            return transfer.to_pandas_as_csv(frame)
        rows = transfer.to_rows(frame)
        if (
            frame.width == 1
        ):  # in CSV, a missing value alone is an empty line, and scripts expect that to be an empty row
            rows = [row if row != [""] else [] for row in rows]
        return ([frame.columns] if header else []) + rows

    def convert_with_polars(self, fileName: str) -> Any:
        """A CSV file of this machine as pandas, read by Polars; an empty field is a missing value."""
        import polars as pl

        return pl.read_csv(fileName, null_values="").to_pandas()

    def to_pandas(self) -> pandas.DataFrame:
        """All of the frame as pandas, with its types: levels as categories, times as datetimes, missing texts as missing."""
        from artesian.client import transfer

        return transfer.to_pandas(self._download())

    def to_polars(self) -> pl.DataFrame:
        """All of the frame as a Polars data frame, with its types: levels are an Enum."""
        return self._download()

    def to_arrow(self) -> pyarrow.Table:
        """All of the frame as an Arrow table, with its types: levels are a dictionary. Needs pyarrow."""
        return self._download().to_arrow()

    def to_numpy(self) -> np.ndarray[Any, Any]:
        """All of the frame as an array of rows and columns: of numbers where all columns are such, else of objects."""
        return self._download().to_numpy()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        """The frame for `numpy.asarray(frame)` and whoever takes arrays, such as plots."""
        if copy is False:
            raise ValueError("A frame lies in the server: an array of it is always a copy.")
        return np.asarray(self.to_numpy(), dtype)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The frame for whoever reads Arrow: `polars.DataFrame(frame)`, `pyarrow.table(frame)`, DuckDB and others."""
        return self._download().__arrow_c_stream__(requested_schema)

    def _download(self) -> pl.DataFrame:
        from artesian.client import transfer

        data = {"frame_id": self._key(), "format": "coded_arrow", "hex_string": False, "escape_quotes": True}
        kind, content = session.current().download("/3/DownloadDataset", data)
        if "coded-arrow" in kind:
            return transfer.from_coded_arrow(content)
        return transfer.from_csv(content, list(self.types.values()))

    def get_frame_data(self) -> str:
        """All of the frame as CSV text."""
        data = {"frame_id": self._key(), "hex_string": False, "escape_quotes": True}
        return session.current().download("/3/DownloadDataset", data)[1].decode("utf-8", "replace")

    def save(self, path: str, force: bool = True) -> None:
        """Writes the frame into a folder of the server's machine, to be read by `load_frame`."""
        reply = session.api(f"POST /3/Frames/{path_part(self._key())}/save", data={"dir": path, "force": force})
        H2OJob(reply, "Save frame data").poll()

    def save_to_hive(
        self,
        jdbc_url: str,
        table_name: str,
        format: str = "csv",
        table_path: str | None = None,
        tmp_path: str | None = None,
    ) -> None:
        """Asks the server to write the frame into a Hive table, which Artesian's does not offer (use `export_file`)."""
        for name, value in (("jdbc_url", jdbc_url), ("table_name", table_name)):
            check_type(name, value, str)
        check_choice("format", format, ("csv", "parquet"))
        data = {
            "frame_id": self._key(), "jdbc_url": jdbc_url, "table_name": table_name, "format": format,
            "table_path": table_path, "tmp_path": tmp_path,
        }  # fmt: skip
        session.offered("save_to_hive()", "POST /3/SaveToHiveTable", data)

    def convert_H2OFrame_2_DMatrix(  # noqa: N802
        self,
        predictors: Any,
        yresp: Any,
        h2oXGBoostModel: Any,
        return_pandas: bool = False,
    ) -> Any:
        """Refused by name: it takes an XGBoost model of the server, and there are none yet."""
        raise NotAvailable(
            "convert_H2OFrame_2_DMatrix() needs an XGBoost model of the server, which Artesian does not train yet; "
            "give the table of as_data_frame() to xgboost.DMatrix() instead."
        )

    # --- showing ----------------------------------------------------------------------------------------------------

    def head(self, rows: int = 10, cols: int = 200) -> H2OFrame:
        """The first rows (and columns)."""
        check_type("rows", rows, int)
        check_type("cols", cols, int)
        return self._slice(0, min(self.nrows, rows), cols)

    def tail(self, rows: int = 10, cols: int = 200) -> H2OFrame:
        """The last rows."""
        check_type("rows", rows, int)
        check_type("cols", cols, int)
        return self._slice(max(0, self.nrows - rows), self.nrows, cols)

    def _slice(self, start: int, stop: int, columns: int) -> H2OFrame:
        part: H2OFrame = self[start:stop, : min(self.ncols, columns)]
        return part._evaluated()

    def show(
        self,
        use_pandas: bool | None = None,
        rows: int = _SHOWN_ROWS,
        cols: int = _SHOWN_COLUMNS,
        verbosity: str | None = None,
        fmt: str | None = None,
    ) -> None:
        """Prints the first rows, or displays them in a notebook; as pandas prints them if asked."""
        if use_pandas:
            display(self.head(rows, cols).to_pandas())
        else:
            self._preview(rows, cols).show(verbosity, fmt)

    def _preview(self, rows: int = _SHOWN_ROWS, columns: int = _SHOWN_COLUMNS) -> Rendered:
        return preview_table(fetch_info(self._key(), max(rows, 0), min(columns, self.ncols)))

    def __str__(self) -> str:
        return self._preview().to_text() if self._node is not None else "<H2OFrame, removed>"

    def __repr__(self) -> str:
        try:
            return str(self)
        except H2OError as error:
            return f"<H2OFrame {self._node!r}: {error}>"

    def _repr_html_(self) -> str:
        return self._preview().to_html() if self._node is not None else "&lt;H2OFrame, removed&gt;"

    def to_str(self, verbosity: str | None = None, fmt: str | None = None) -> str:
        """The first rows as text, or as HTML with `fmt="html"`."""
        return self._preview().to_str(verbosity, fmt)

    def to_pretty_str(self, verbosity: str | None = None) -> str:
        """The first rows as an aligned table in text."""
        return self.to_str(verbosity, "pretty")

    def to_html(self, verbosity: str | None = None) -> str:
        """The first rows as HTML."""
        return self.to_str(verbosity, "html")

    def describe(self, chunk_summary: bool = False) -> None:
        """Prints, for each column, type, range, mean, deviation, zeros, missing values, levels and a small histogram.

        With `chunk_summary` also how the columns are stored, and where.
        """
        check_type("chunk_summary", chunk_summary, bool)
        if chunk_summary:
            stored = fetch_info(self._key(), rollups=True)
            for name in ("chunk_summary", "distribution_summary"):
                display(H2OTwoDimTable.from_reply(stored[name]))
        self.show_summary()

    def show_summary(self) -> None:
        """Prints a line of statistics for each column, with a small histogram."""
        reply = session.api(f"GET /3/Frames/{path_part(self._key())}/summary", data={"row_count": 0})
        display(summary_table(reply["frames"][0]))

    def summary(self, return_data: bool = False) -> dict[str, dict[str, Any]] | None:
        """Prints statistics of each column, or gives them with `return_data`."""
        if return_data:
            return self.get_summary()
        self.show_summary()
        return None

    def get_summary(self) -> dict[str, dict[str, Any]]:
        """Statistics of each column by its name: mins, maxs, mean, sigma, zero_count, missing_count, data, …"""
        columns = fetch_info(self._key(), _SHOWN_ROWS, rollups=True)["columns"]
        return {column["label"]: column for column in columns}

    def structure(self) -> None:
        """Prints each column's name, type and first values."""
        description = fetch_info(self._key(), _SHOWN_ROWS)
        rows, columns = self.shape
        print(f"H2OFrame '{self._key()}': {rows} obs. of {columns} variables")
        width = max((len(name) for name in self.names), default=0)
        for column in description["columns"]:
            levels = column.get("domain") or []
            shown = f"Factor w/ {len(levels)} level(s) " if column["type"] == "enum" else f"{column['type']} "
            values = [cell_text(value) for value in column_values(column)]
            listed = ",".join(f'"{level}"' for level in levels[:5]) + ("…" if len(levels) > 5 else "")
            print(
                f"$ {column['label'].ljust(width)} : {shown}{listed}{' ' if listed else ''}{' '.join(values)}".rstrip()
            )


def validated_frame(value: Any, name: str, *, required: bool = False) -> H2OFrame | None:
    """A frame given as such or by its name; None only where nothing is required."""
    if value is None:
        if required:
            raise H2OValueError(f"The argument '{name}' is required: give a frame.", name)
        return None
    check_type(name, value, str, H2OFrame)
    frame = H2OFrame.get_frame(value) if isinstance(value, str) else value
    if frame is None:
        raise H2OValueError(f"There is no frame named {value!r} in the server (argument '{name}').", name)
    return frame
