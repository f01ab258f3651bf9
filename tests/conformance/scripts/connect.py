"""A client connects without flags, sees a healthy cluster, logs a line, lists and closes."""

import os
import tempfile
from pathlib import Path

import h2o

h2o.connect(url=os.environ["ARTESIAN_URL"], verbose=False)
cluster = h2o.cluster()
assert cluster.is_running()
assert cluster.version == h2o.__version__, (cluster.version, h2o.__version__)
assert cluster.cloud_healthy
assert cluster.cloud_size == len(cluster.nodes) == 1
cluster.show_status()
cluster.show_status(True)
h2o.log_and_echo("a line from a client")
with tempfile.TemporaryDirectory() as folder:
    path = h2o.download_all_logs(folder)
    assert Path(path).stat().st_size > 0
assert isinstance(cluster.list_jobs(), object)
assert cluster.timezone
zones = cluster.list_timezones()
assert zones.nrow > 100
reply = h2o.api("GET /3/About")
assert any(entry["name"] for entry in reply["entries"])
try:
    h2o.api("GET /3/NoSuchThing")
except h2o.exceptions.H2OResponseError as error:
    assert error.args[0].http_status == 404, error.args[0].http_status
else:
    raise AssertionError("an unknown route answered")
try:
    h2o.get_frame("no such frame")
except Exception as error:  # the client's own kind of error differs by what the route answers
    print(type(error).__name__)
h2o.connection().close()
print("closed")
