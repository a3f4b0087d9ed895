"""Renew the tables of docs/scenario.md from the fields of a scenario.

python -m scripts.field_tables
"""

from __future__ import annotations

from pathlib import Path

from sim.scenario.field_table import with_tables

PAGE = Path(__file__).resolve().parent.parent / "docs" / "scenario.md"


def main() -> None:
    """Write the page with its tables renewed."""
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
