"""Frames made from Python and files: shapes, types, indexing, assignment, arithmetic, reducers, splits, conversion."""

import math
import os
from pathlib import Path

import h2o
import pandas
from reference_data import small

h2o.connect(url=os.environ["ARTESIAN_URL"], verbose=False)
h2o.no_progress()
iris = h2o.import_file(small("iris.csv"), destination_frame="conformance_iris")
assert iris.shape == (150, 5)
assert list(iris.types.values()) == ["real", "real", "real", "real", "enum"], iris.types
label = iris.columns[4]
first = iris.columns[0]
assert iris[label].nlevels() == [3]
assert len(iris[label].levels()[0]) == 3
assert abs(iris[first].mean()[0] - 5.843333) < 1e-5
assert iris[0:10, :].shape == (10, 5)
assert iris[iris[first] > 5, :].nrow == 118
assert iris[[0, 2]].ncol == 2
assert iris[label].isfactor() == [True]
assert (iris[first] + 1).max() == iris[first].max() + 1
iris["twice"] = iris[first] * 2
assert iris.ncol == 6
assert abs(iris["twice"].sum() - 2 * iris[first].sum()) < 1e-9
iris = iris.drop("twice")
assert iris.ncol == 5
iris.describe()
iris.show_summary()
iris.head(3)
parts = iris.split_frame(ratios=[0.8], seed=1234)
assert sum(part.nrow for part in parts) == 150
again = iris.split_frame(ratios=[0.8], seed=1234)
assert [part.nrow for part in parts] == [part.nrow for part in again]
uniform = iris.runif(seed=5)
assert uniform.nrow == 150
assert 0 <= uniform.min() <= uniform.max() <= 1

table = pandas.DataFrame({"number": [1, 2, None, 4], "text": ["a", "b", None, "a"], "real": [0.5, math.nan, 2.5, 1e10]})
frame = h2o.H2OFrame(table, column_types={"text": "enum"})
assert frame.shape == (4, 3)
assert frame.types["text"] == "enum"
assert frame["number"].isna().sum() == 1
back = frame.as_data_frame()
assert list(back.columns) == ["number", "text", "real"]
assert back["text"].tolist()[0] == "a"
assert back["number"].isna().tolist() == [False, False, True, False]
numbers = frame["number"].asfactor()
assert numbers.levels() == [["1", "2", "4"]], numbers.levels()
assert numbers.asnumeric().sum(skipna=True) == 7
assert frame["text"].ascharacter().ischaracter() == [True]
both = frame.cbind(frame["number"])
assert both.ncol == 4
stacked = frame.rbind(frame)
assert stacked.nrow == 8
frame[frame["number"].isna(), "number"] = 0
assert frame["number"].min() == 0
assert frame["number"].isna().sum() == 0
frame.set_names(["x", "y", "z"])
assert frame.names == ["x", "y", "z"]
counts = iris[label].table()
assert counts["Count"].sum() == 150
assert h2o.get_frame("conformance_iris").nrow == 150
assert "conformance_iris" in h2o.ls()["key"].tolist()
path = str(Path(os.environ["ARTESIAN_EXPORT"]) / "exported.csv")
h2o.export_file(iris, path, force=True)
assert h2o.import_file(path).nrow == 150
h2o.remove("conformance_iris")
assert "conformance_iris" not in h2o.ls()["key"].tolist()
