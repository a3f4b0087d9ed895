"""A table of the report of a calibration."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PageTable:
    """A table of the page."""

    title: str
    note: str
    heads: list[str]
    rows: list[list[str]]
