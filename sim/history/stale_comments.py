"""Comments of a scenario that speak of volumes which a forecast has replaced."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sim.scenario.problems import line_of

FORECAST = "# forecast of "
OF_DAYS = "; how far days differ from it, errors of the forecast included"
"""Said of the busyness beside a forecast."""
_ESTIMATE = re.compile(r"#\s*(?:volume change per week|busyness (?:cv|memory|shared)) .*;")
_GROWTH = re.compile(r"# The volume .*Volumes and agents in week\.csv are means of the days")
_WHERE = re.compile(r"Volumes(?:: \S+; |, )agents and times by interval: (\S+)\.(?=\s*$)")
_KEY = re.compile(r"\s*(\"[^\"]*\"|[\w-]+)\s*=")


def without_stale_comments(
    text: str, paths: Sequence[str], said: str, table: str, are_moved: bool
) -> str:
    """Return the text of a scenario with comments that are true of its new volumes.

    What a calibration wrote above a volume, or at the top of the file, of its volumes, and a
    comment beside a volume, go with the volume that they describe. All others stay.

    Parameters
    ----------
    text : str
        TOML with the new volumes.
    paths : sequence of str
        Fields that were replaced, such as ``queue.billing.volume``.
    said : str
        What the new values are.
    table : str
        Name of the table with the volumes.
    are_moved : bool
        Whether agents and times are in that table too.
    """
    lines = text.splitlines(keepends=True)
    for path in paths:
        at = line_of("".join(lines), path)
        found = at and _KEY.match(lines[at - 1])
        if not at or not found or found[1].strip('"') != path.rpartition(".")[2]:
            continue
        first = at - 1
        while first and lines[first - 1].lstrip().startswith("#"):
            first -= 1
        above = lines[first : at - 1]
        kept = [one for one in above if not _is_stale(one)]
        line, had_comment = _without_comment(lines[at - 1], path, "".join(lines))
        end = _end_of(line)
        what = said + (OF_DAYS if path.endswith("busyness") else "")
        if had_comment:
            line = f"{line.rstrip()}  {FORECAST}{what}{end}"
        elif len(kept) < len(above):
            kept.append(f"{FORECAST}{what}{end}")
        lines[first:at] = [*kept, line]
    return _heading("".join(lines), table, are_moved)


def _is_stale(line: str) -> bool:
    return bool(_ESTIMATE.match(line.lstrip())) or line.lstrip().startswith(FORECAST)


def _end_of(line: str) -> str:
    return "\r\n" if line.endswith("\r\n") else "\n"


def _without_comment(line: str, path: str, text: str) -> tuple[str, bool]:
    """Return a line without the comment at its end, and whether it had one."""
    from sim.scenario.editing import written

    value = written(text, path)
    for at in (found.start() for found in re.finditer(r"\s*#", line)):
        shorter = line[:at] + _end_of(line)
        if written(text.replace(line, shorter, 1), path) == value:
            return shorter, True
    return line, False


def _heading(text: str, table: str, are_moved: bool) -> str:
    """Return a text whose first comment says in which table volumes, agents and times are."""

    def where(found: re.Match[str]) -> str:
        if are_moved or found[1] == table:
            return f"Volumes, agents and times by interval: {table}."
        return f"Volumes: {table}; agents and times by interval: {found[1]}."

    top, lines = [], text.splitlines(keepends=True)
    while lines and lines[0].startswith("#"):
        line = lines.pop(0)
        if not _GROWTH.match(line):
            top.append(_WHERE.sub(where, line))
    return "".join([*top, *lines])
