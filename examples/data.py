"""Where the examples find their data.

A path given on the command line wins. Else the folder named by the variable ARTESIAN_DATA is looked into, then the data
sets of this package. MNIST is too large to come along: without it the small digits of scikit-learn stand in.
"""

from __future__ import annotations

import os
from pathlib import Path

PACKAGED = Path(__file__).resolve().parent.parent / "src" / "artesian" / "datasets"


def find(name: str) -> Path | None:
    """The file of that name in the folder ARTESIAN_DATA or among the package's data sets."""
    folders = [Path(os.environ["ARTESIAN_DATA"])] if os.environ.get("ARTESIAN_DATA") else []
    return next((folder / name for folder in [*folders, PACKAGED] if (folder / name).is_file()), None)
