"""Where compiled code is kept: under a name made of the sources it was made from.

A changed source is never run from an old copy. Nothing here imports the compiler.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from functools import cache
from importlib.metadata import version
from pathlib import Path

COMPILED = (
    "engine/kernel/*.py", "metrics/kernel/*.py", "engine/rules.py", "laws.py", "model/hours.py",
    "model/__init__.py", "log.py", "tape.py", "metrics/counts.py",
)  # fmt: skip
"""All that compiled code is made from, constants included."""


@cache
def folder() -> Path:
    """Return the folder of the present sources' code; made when it is not there."""
    given = os.environ.get("NUMBA_CACHE_DIR")
    if given:
        return Path(given)
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    try:
        return _made(Path(home) / "ccplan" / _digest())
    except OSError:
        return _made(Path(tempfile.gettempdir()) / f"ccplan-{os.getuid()}" / _digest())


def is_compiled() -> bool:
    """Return whether the engine has been compiled before."""
    return any(folder().rglob("loop.live-*.nbi"))


def _digest() -> str:
    digest = hashlib.sha256(version("numba").encode())
    home = Path(__file__).parents[2]
    for pattern in COMPILED:
        for source in sorted(home.glob(pattern)):
            digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _made(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    if not os.access(path, os.W_OK):
        raise OSError(f"{path} cannot be written")
    return path
