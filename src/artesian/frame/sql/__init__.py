"""Tables of databases as frames: PostgreSQL over the network, SQLite from files inside the import roots.

`address` reads the connection URL into host, port and database and refuses everything else in it, `names` reads names of
tables and columns, `postgresql` and `sqlite` ask their database for rows in batches, `reading` makes a frame of them. A
database is only ever read: one SELECT in one read-only snapshot.
"""

from artesian.frame.sql.address import check_driver, parse_address
from artesian.frame.sql.reading import SqlRequest, read_database

__all__ = ["SqlRequest", "check_driver", "parse_address", "read_database"]
