"""Renew the tables of docs/scenario.md and docs/invest.md from the fields of a scenario.

python -m scripts.field_tables
"""

from __future__ import annotations

from pathlib import Path

from sim.scenario.field_table import with_tables
from sim.scenario.lever_catalogue import with_catalogue

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGE, LEVERS = DOCS / "scenario.md", DOCS / "invest.md"


def main() -> None:
    """Write the pages with their tables renewed."""
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    LEVERS.write_text(with_catalogue(LEVERS.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
