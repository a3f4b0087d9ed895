"""The files that a command writes, and how much of a result it shows as text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.extras import need


@dataclass(frozen=True, slots=True)
class OutputFiles:
    """Where results go, and how much of them is shown as text."""

    log: Path | None = None
    xlsx: Path | None = None
    csv: Path | None = None
    html: Path | None = None
    as_json: bool = False
    intervals: bool = False
    every: bool = False

    def check(self, *inputs: str | Path) -> None:
        """Find out before the work whether the files can be written and are no inputs."""
        from sim.fileio import checked

        if self.xlsx is not None:
            need("--xlsx", "xlsxwriter")
            checked(self.xlsx, ".xlsx", inputs)
        if self.csv is not None:
            checked(self.csv, None, inputs)
        if self.html is not None:
            checked(self.html, None, inputs)
        if self.log is not None:
            need("--log", "pandas", "pyarrow")
            checked(self.log / "legs.parquet" if self.log.is_dir() else self.log)
