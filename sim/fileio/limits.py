"""How large a table may be."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class TableLimits:
    """The largest table that is read.

    Attributes
    ----------
    size : int
        Bytes of the file.
    rows : int
        Rows below the header that are not empty.
    columns : int
    cells : int
        Rows times columns, as far as they are written.
    length : int
        Characters of a cell.
    unpacked : int
        Bytes of all parts of an XLSX workbook together.
    """

    size: int
    rows: int
    columns: int
    cells: int
    length: int = 32_767
    unpacked: int = 0


FILES = TableLimits(100 * MEGABYTE, 1_048_575, 1_000, 10_000_000, unpacked=200 * MEGABYTE)
"""For files on the disk of whoever runs the program: as many rows as a sheet can have."""
UPLOADS = TableLimits(20 * MEGABYTE, 200_000, 200, 2_000_000, unpacked=60 * MEGABYTE)
"""For what a visitor of the app sends."""
