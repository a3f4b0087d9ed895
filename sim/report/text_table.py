"""A table as aligned text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence


def columns(table: Sequence[Sequence[str]], left: int = 1, rule: bool = True) -> str:
    """Align a table: the first columns to the left, the others to the right.

    Parameters
    ----------
    table : sequence of rows of equal length
        The first row is the head.
    left : int
        Number of columns set to the left; the last one is too when its head is empty.
    rule : bool
        Whether a line is drawn below the head.
    """
    widths = [max(len(row[k]) for row in table) for k in range(len(table[0]))]
    last_left = table[0][-1] == "" and len(widths) > 2
    lines = []
    for row in table:
        cells = []
        for k, (cell, width) in enumerate(zip(row, widths, strict=True)):
            flush = k < left or (last_left and k == len(widths) - 1)
            cells.append(cell.ljust(width) if flush else cell.rjust(width))
        lines.append("  ".join(cells).rstrip())
    if rule:
        lines.insert(1, "-" * max(len(line) for line in lines))
    return "\n".join(lines)
