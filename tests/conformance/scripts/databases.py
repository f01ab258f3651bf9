"""Tables and queries of SQLite, and of a PostgreSQL where the run has one; the real H2O-3 needs JDBC drivers for these."""

import os
import sqlite3
from pathlib import Path

import h2o
from h2o.exceptions import H2OResponseError, H2OServerError

h2o.connect(url=os.environ["ARTESIAN_URL"], verbose=False)
h2o.no_progress()


def refused(part, call, *arguments, **options):
    """Asserts that the call fails with a message that holds the part."""
    try:
        call(*arguments, **options)
    except (H2OResponseError, H2OServerError, OSError) as error:
        assert part in str(error), f"{part!r} is not in: {error}"
    else:
        raise AssertionError(f"not refused: {part}")


def check(url, user, password):
    """The table `cars` through both functions: whole, some columns, a query, and what may not be done."""
    whole = h2o.import_sql_table(url, "cars", user, password, optimize=False)
    assert whole.shape == (1200, 4), whole.shape
    assert whole.types == {"id": "int", "name": "string", "power": "real", "built": "time"}, whole.types
    assert whole["id"].sum() == 1200 * 1201 / 2
    assert whole["power"].nacnt() == [1], whole["power"].nacnt()
    assert whole[0, "name"] == "car 1, ü"
    assert whole["built"].year().unique().as_data_frame(use_pandas=False, header=False) == [["2024"]]
    assert whole["name"].asfactor().nlevels() == [1200]

    part = h2o.import_sql_table(url, "cars", user, password, columns=["power", "id"], fetch_mode="SINGLE")
    assert part.names == ["power", "id"], part.names
    assert part.nrow == 1200

    query = "SELECT id % 3 AS third, count(*) AS n, max(power) AS strongest FROM cars GROUP BY id % 3 ORDER BY third"
    for options in ({}, {"use_temp_table": False, "fetch_mode": "SINGLE"}):
        groups = h2o.import_sql_select(url, query, user, password, **options)
        rows = [[float(cell) for cell in row] for row in groups.as_data_frame(use_pandas=False, header=False)]
        assert rows == [[0.0, 400.0, 600.0], [1.0, 400.0, 599.0], [2.0, 400.0, 599.5]], rows

    refused("no_such", h2o.import_sql_table, url, "no_such", user, password)
    refused("SELECT", h2o.import_sql_select, url, "DELETE FROM cars", user, password)
    assert h2o.import_sql_table(url, "cars", user, password, columns=["id"]).nrow == 1200


database = Path(os.environ["ARTESIAN_EXPORT"]) / "shop.db"
with sqlite3.connect(database) as connection:
    connection.execute("CREATE TABLE cars (id INTEGER, name TEXT, power REAL, built TIMESTAMP)")
    connection.executemany(
        "INSERT INTO cars VALUES (?, ?, ?, ?)",
        [(i, f"car {i}, ü", None if i == 7 else i / 2, f"2024-03-{1 + i % 28:02} 10:00:00") for i in range(1, 1201)],
    )
connection.close()
check(f"jdbc:sqlite:{database}", "", "")
refused("mysql", h2o.import_sql_table, "jdbc:mysql://localhost:3306/shop", "cars", "root", "secret")
refused("load_extension", h2o.import_sql_table, f"jdbc:sqlite:{database}?load_extension=1", "cars", "", "")

if "ARTESIAN_POSTGRESQL" in os.environ:
    url, user, password = (os.environ[f"ARTESIAN_POSTGRESQL{part}"] for part in ("", "_USER", "_PASSWORD"))
    check(url, user, password)
    refused("password", h2o.import_sql_table, url, "cars", user, "wrong")
    refused("socketFactory", h2o.import_sql_table, f"{url}?socketFactory=x", "cars", user, password)
    print("with PostgreSQL")
else:
    print("without PostgreSQL, which this run does not have")
