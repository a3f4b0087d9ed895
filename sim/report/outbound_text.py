"""The outbound calls of a result as text, one line per issue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.formatting import show
from sim.report.text_table import columns

if TYPE_CHECKING:
    from sim.experiment import Result

OUTBOUND_COLUMNS = (
    ("outbound_attempts", "calls made"),
    ("outbound_reached", "reached"),
    ("right_party_rate", "right-party rate"),
    ("outbound_settled", "issues settled"),
)


def outbound_text(result: Result) -> str:
    """Return the table of outbound calls, or nothing where a model has none.

    Parameters
    ----------
    result : Result

    Returns
    -------
    str
        Empty without outbound calls. A note explains the counts of the queues of these calls.
    """
    journeys = result.model.journeys
    if journeys is None or not journeys.has_outbound:
        return ""
    rows = {(row.name, row.metric): row for row in result.rows if row.scope == "issue"}
    table = [["Outbound calls", *(head for _, head in OUTBOUND_COLUMNS)]]
    for kind in journeys.kinds:
        if kind.outbound is None:
            continue
        cells = [kind.name]
        for metric, _ in OUTBOUND_COLUMNS:
            row = rows.get((kind.name, metric))
            if row is None:
                cells.append("-")
                continue
            half = None if row.low is None or row.high is None else (row.high - row.low) / 2
            cells.append(show(row.value, row.unit, half))
        table.append(cells)
    used = dict.fromkeys(k.outbound.queue for k in journeys.kinds if k.outbound is not None)
    names = ", ".join(result.model.queues[queue].name for queue in used)
    note = f"Outbound calls of {names} count as done, but not as offered: no customer makes them."
    return f"{columns(table)}\n{note}"
