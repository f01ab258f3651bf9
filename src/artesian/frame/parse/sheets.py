"""Reads the first sheet of a workbook (XLS, XLSX, XLSB) as delimited text, through fastexcel, which the extra `excel` brings.

As text a sheet is guessed and read by the same rules as any other table: header, types, texts that mean missing.
"""

from __future__ import annotations

import importlib
import io
import zipfile
from pathlib import Path
from typing import Any

import polars as pl

from artesian.core.errors import NotAvailable, ParseError
from artesian.core.settings import Settings
from artesian.frame.io.decompress import check_unpacked

SHEET_SEPARATOR = ","


def sheet_text(path: Path, title: str, settings: Settings) -> bytes:
    """The cells of the first sheet that has any, a line a row, fields separated by commas and quoted by `"` where needed.

    Numbers have as many digits as they need to be read back as the same double, times are in ISO form, truth values are
    `true` and `false`, formulas stand for the results that were saved with them. Raises ParseError for a damaged or empty
    workbook, TooLarge for a decompression bomb, NotAvailable without fastexcel.
    """
    try:
        fastexcel = importlib.import_module("fastexcel")
    except ImportError:
        raise NotAvailable(f"Reading the workbook {title} needs fastexcel: pip install 'artesian[excel]'.") from None
    _check_size(path, title, settings)
    try:
        table = _cells(fastexcel.read_excel(str(path)))
    except Exception as error:
        reason = str(error).partition("\n")[0].rstrip(".")
        raise ParseError(f"The workbook {title} is damaged or protected: {reason}.") from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # a crafted file can make the reader panic
            raise
        raise ParseError(f"The workbook {title} is damaged: {error}.") from None
    if table.height == 0:
        raise ParseError(f"The workbook {title} holds no data.")
    buffer = io.BytesIO()
    table.write_csv(buffer, include_header=False, separator=SHEET_SEPARATOR, null_value="")
    return buffer.getvalue()


def _cells(workbook: Any) -> pl.DataFrame:
    """The cells of the first sheet with any, as texts; a table without rows where there is none."""
    for number in range(len(workbook.sheet_names)):
        texts: pl.DataFrame = workbook.load_sheet(number, header_row=None, dtypes="string").to_polars()
        if texts.height:
            numbers = workbook.load_sheet(number, header_row=None, dtypes="float").to_polars()
            return pl.DataFrame([_exact(texts[name], numbers[name]) for name in texts.columns])
    return pl.DataFrame()


def _exact(texts: pl.Series, numbers: pl.Series) -> pl.Series:
    """The texts with those of numbers, which are cut after nine decimals, replaced where they lose digits by that."""
    shown = texts.cast(pl.Float64, strict=False)
    lossy = (shown != numbers).fill_null(value=False)
    return numbers.cast(pl.String).zip_with(lossy, texts).rename(texts.name)


def _check_size(path: Path, title: str, settings: Settings) -> None:
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(info.file_size for info in archive.infolist())
    most = settings.max_decompressed_mb << 20
    check_unpacked(title, path.stat().st_size, unpacked, most, settings.max_decompression_ratio)
