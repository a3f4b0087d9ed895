"""Small studies for the tests of sweeps."""

import hashlib
from pathlib import Path

from tests.support.small_scenario import small_scenario

CENTER = small_scenario(volume='"small.csv:calls"')
VOLUMES = "interval_start,calls\n08:00,15\n08:30,20\n09:00,20\n09:30,12\n"
STUDY = """base = "small.toml"
runs = 4
engine = "{engine}"
[axis]
queue.calls.volume = ["-10%", "+0%", "+10%"]
group.all.agents = {{ from = 3, to = 6, step = 1 }}
"""


def written(folder: Path, study: str = STUDY, engine: str = "reference") -> Path:
    """Write a scenario, the file beside it and a study; return the study's path."""
    (folder / "small.toml").write_text(CENTER)
    (folder / "small.csv").write_text(VOLUMES)
    path = folder / "study.toml"
    path.write_text(study.format(engine=engine))
    return path


def sums(folder: Path) -> dict[str, str]:
    """Checksum of every table of a finished sweep, and of its manifest."""
    names = ("figures.parquet", "cells.parquet", "manifest.json")
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}


def parts(folder: Path) -> list[Path]:
    """Files of the finished cells, in their order."""
    return sorted((folder / "parts").rglob("*.parquet"))
