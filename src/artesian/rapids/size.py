"""How much an operator may make at once: what would not fit the memory budget is refused before it is tried."""

from __future__ import annotations

from artesian.core.errors import InvalidArgument, OutOfMemory
from artesian.frame.overflow import overflows
from artesian.rapids.registry import Context
from artesian.store import budget_bytes

_BYTES_A_CELL = 8
# as many numbers a row does it take to find the rows of a join
_ROW_NUMBERS = 2
# half of the budget is for values in memory, the rest for jobs
_SHARE = 0.5
_MOST_ROWS = 2**32 - 1


def check_size(context: Context, rows: int, columns: int, operator: str, *, gathered: bool = False) -> None:
    """OutOfMemory where a result of that shape takes more than its share of the budget; InvalidArgument past any frame.

    Of a result that is rows `gathered` from frames, only the row numbers need to be in memory where it can be written to files.
    """
    if columns > context.settings.max_columns:
        raise InvalidArgument(
            f"'{operator}' would make a frame of {columns} columns; at most {context.settings.max_columns} are allowed "
            "(setting max_columns)."
        )
    if rows > _MOST_ROWS:
        raise InvalidArgument(f"'{operator}' would make a frame of {rows} rows; at most {_MOST_ROWS} are possible.")
    needed = rows * (min(columns, _ROW_NUMBERS) if gathered and overflows() else columns) * _BYTES_A_CELL
    allowed = int(budget_bytes(context.settings) * _SHARE)
    if needed > allowed:
        raise OutOfMemory(
            f"'{operator}' would make {rows} rows × {columns} columns, about {needed >> 20} MB; the memory budget allows "
            f"{allowed >> 20} MB at a time. Take fewer rows or columns, or start the server with a larger --memory-budget-mb.",
            needed=needed,
            allowed=allowed,
        )
