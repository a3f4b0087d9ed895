"""The command that compares scenarios with the first: compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sim.cli.common import note, report_compiling, say
from sim.cli.compared_scenarios import ScenarioRequest, contenders
from sim.cli.progress import progress
from sim.cli.replication_options import replayable

if TYPE_CHECKING:
    from sim.cli.output_files import OutputFiles
    from sim.cli.replication_options import ReplicationOptions


def compare_scenarios(
    requested: Sequence[ScenarioRequest],
    wanted: ReplicationOptions,
    common: Mapping[str, Any],
    outputs: OutputFiles,
) -> None:
    """Compare scenarios with the first.

    Parameters
    ----------
    requested : sequence of ScenarioRequest
    wanted : ReplicationOptions
    common : mapping
        Engine, seed and workers.
    outputs : OutputFiles
    """
    from sim.experiment import compare
    from sim.report import comparison_text, write_rows

    outputs.check(*(one.file for one in requested))
    scenarios, labels = contenders(requested)
    report_compiling(common["engine"], *scenarios)
    replay = replayable(requested, common["engine"], wanted.antithetic)
    with replay, progress("simulating") as show:
        comparison = compare(scenarios, progress=show, labels=labels, **common, **asdict(wanted))
    if outputs.csv is not None:
        rows = [asdict(row) for row in comparison.rows]
        write_rows(outputs.csv, rows, list(rows[0]))
        note(f"wrote {outputs.csv}")
    if outputs.xlsx is not None:
        from sim.report.comparison_workbook import About, write_comparison

        about = dict(zip(labels, map(About.of, scenarios), strict=True))
        write_comparison(outputs.xlsx, comparison, about)
        note(f"wrote {outputs.xlsx}")
    for text in comparison.all_notes if outputs.as_json else ():
        note(f"note: {text}")
    text = comparison.to_json() if outputs.as_json else comparison_text(comparison, outputs.every)
    say(text)
