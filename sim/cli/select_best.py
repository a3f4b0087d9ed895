"""The choice among scenarios: ``ccplan compare --best``."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sim.cli.common import note, report_compiling, say
from sim.cli.compared_scenarios import contenders
from sim.cli.progress import progress
from sim.cli.replication_options import replayable
from sim.units import BadInputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.cli.compared_scenarios import ScenarioRequest
    from sim.cli.output_files import OutputFiles
    from sim.cli.replication_options import ReplicationOptions


def choose(
    metric: str,
    requested: Sequence[ScenarioRequest],
    wanted: ReplicationOptions,
    options: Mapping[str, Any],
    common: Mapping[str, Any],
    outputs: OutputFiles,
) -> None:
    """Choose the best of several scenarios.

    Parameters
    ----------
    metric : str
    requested : sequence of ScenarioRequest
        The base first.
    wanted : ReplicationOptions
        Of it, only antithetic pairs and controls go with a choice.
    options : mapping
        Of ``--best``; None where missing.
    common : mapping
        Engine, seed and workers.
    outputs : OutputFiles
    """
    from sim.experiment import best
    from sim.report import write_rows
    from sim.report.best_alternative_text import choice_text

    _refuse(wanted, outputs)
    outputs.check(*(one.file for one in requested))
    scenarios, labels = contenders(requested)
    report_compiling(common["engine"], *scenarios)
    kept = {name: value for name, value in options.items() if value is not None}
    replay = replayable(requested, common["engine"], wanted.antithetic)
    with replay, progress("choosing") as show:
        choice = best(
            scenarios,
            metric,
            progress=show,
            labels=labels,
            antithetic=wanted.antithetic,
            control=wanted.control,
            allow_large=wanted.allow_large,
            **kept,
            **common,
        )
    if outputs.csv is not None:
        rows = [asdict(alternative) for alternative in choice.alternatives]
        write_rows(outputs.csv, rows, list(rows[0]))
        note(f"wrote {outputs.csv}")
    say(choice.to_json() if outputs.as_json else choice_text(choice))


def _refuse(wanted: ReplicationOptions, outputs: OutputFiles) -> None:
    for name in ("runs", "precision", "of"):
        if getattr(wanted, name) is not None:
            raise BadInputError(f"--{name}: does not go with --best; give --budget or --within")
    if outputs.xlsx is not None:
        raise BadInputError("--xlsx: does not go with --best; give --csv")


def unused(options: Mapping[str, Any]) -> None:
    """Refuse what means nothing without ``--best``."""
    for name, value in options.items():
        if value is not None:
            option = "--largest/--smallest" if name == "largest" else f"--{name}"
            raise BadInputError(f"{option}: goes with --best alone")
