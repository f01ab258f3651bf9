"""Grid search: one training for each combination of values of some parameters, and the Grid that keeps what came of them.

`walk` gives the combinations alone; `Grid` is the object that models are added to; `start` runs a search as a job.
"""

from artesian.search.grid.criteria import Criteria
from artesian.search.grid.document import Failure, Grid
from artesian.search.grid.ranking import metric_names, metric_of, ranked, scoring_history, summary_table
from artesian.search.grid.run import Keeper, check_idle, resume, start
from artesian.search.grid.space import HyperSpace, IllegalSearch
from artesian.search.grid.walks import walk

__all__ = [
    "Criteria",
    "Failure",
    "Grid",
    "HyperSpace",
    "IllegalSearch",
    "Keeper",
    "check_idle",
    "metric_names",
    "metric_of",
    "ranked",
    "resume",
    "scoring_history",
    "start",
    "summary_table",
    "walk",
]
