"""The screens of Flow that tests and pictures show: the command of each, and what says that it is there."""

from __future__ import annotations

import re
from typing import Any

from flow_page import FlowPage

# name: command, and role and name of what is there once the screen can be used
SCREENS: dict[str, tuple[str, str, str]] = {
    "home": ("assist", "heading", "What would you like to do?"),
    "import": ("importFiles", "heading", "Import files"),
    "frames": ("getFrames", "grid", "Frames"),
    "frame": ('getFrameSummary "prostate"', "grid", "Columns"),
    "rows": ('getFrameData "prostate"', "grid", "Rows of prostate"),
    "column": ('getColumnSummary "prostate", "AGE"', "heading", "AGE"),
    "levels": ('getColumnSummary "prostate", "CAPSULE"', "list", "Rows of each level"),
    "split": ('assist splitFrame, "prostate"', "heading", "Split a frame"),
    "build": (
        'assist buildModel, "deeplearning", {"training_frame": "prostate", "response_column": "CAPSULE"}',
        "combobox",
        "training_frame",
    ),
    "jobs": ("getJobs", "grid", "Jobs"),
    "models": ("getModels", "grid", "Models"),
    "model": ('getModel "net"', "tab", "Overview"),
    "trees": ('getModel "trees"', "tab", "Overview"),
    "automl": (
        'assist runAutoML, {"input_spec": {"training_frame": "prostate", "response_column": "CAPSULE"}}',
        "button",
        "Run AutoML",
    ),
    "leaderboard": ('getLeaderboard "seen@@CAPSULE"', "grid", "Leaderboard"),
    "grids": ("getGrids", "grid", "Grid searches"),
    "grid": ('getGrid "seen-grid"', "grid", "Models of the search"),
    "compare": ('compareModels ["trees", "net"]', "region", "Metrics"),
    "predict": ('assist predict, {"model": "trees", "frame": "prostate"}', "heading", "Predict"),
    "prediction": ('getPrediction model: "trees", frame: "prostate"', "heading", "Prediction"),
    "predicted-rows": ('getPredictedRows model: "trees", frame: "prostate"', "grid", "Rows of rows-trees-prostate"),
    "predictions": ("getPredictions", "grid", "Predictions"),
    "partial": ('getPartialDependence "seen-dependence"', "heading", "Partial dependence"),
    "merge": ("assist mergeFrames", "heading", ""),
    "sql": ("assist importSqlTable", "heading", ""),
    "cloud": ("getCloud", "list", "Processors"),
    "log": ("getLogFile", "heading", "Log"),
    "timeline": ("getTimeline", "grid", "Timeline"),
    "profile": ("getProfile", "heading", "Profile"),
    "traces": ("getStackTrace", "heading", "Stack traces"),
    "network": ("testNetwork", "heading", "Network"),
    "routes": ("getEndpoints", "list", "Routes"),
    "help": ("getHelp", "list", "Topics"),
    "inspect": ('inspect "Scoring History", getModel "net"', "combobox", "Table"),
}


def show(flow: FlowPage, name: str) -> Any:
    """Runs the screen's command and gives its cell once the screen is there."""
    command, role, title = SCREENS[name]
    cell = flow.run(command) if name != "home" else flow.cell("assist")
    flow.role(role, re.compile(rf"^{re.escape(title)}"), cell).first.wait_for()
    return cell


def tabs_of(flow: FlowPage, cell: Any) -> list[str]:
    """Names of the tabs of a result."""
    return [name.strip() for name in cell.get_by_role("tab").all_inner_texts()]
