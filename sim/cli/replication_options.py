"""Number of replications, variance reduction, and how a failed replication is reproduced."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sim.cli.common import note
from sim.cli.compared_scenarios import ScenarioRequest


@dataclass(frozen=True, slots=True)
class ReplicationOptions:
    """Number of replications, and how the variance is reduced."""

    runs: int | None = None
    precision: str | None = None
    of: str | None = None
    antithetic: bool = False
    control: bool = False
    allow_large: bool = False


@contextmanager
def replayable(
    requested: Sequence[ScenarioRequest], engine: str, antithetic: bool
) -> Iterator[None]:
    """Report the command that reproduces a failed replication.

    Parameters
    ----------
    requested : sequence of ScenarioRequest
        The scenarios in the order in which they are simulated.
    engine : str
    antithetic : bool
    """
    from sim.experiment import ReplicationError

    try:
        yield
    except ReplicationError as error:
        one = requested[error.place]
        words = [
            "ccplan",
            "run",
            one.file,
            "--seed",
            str(error.seed),
            "--runs",
            str(error.replication),
        ]
        words += ["--engine", engine, "--workers", "1", *["--antithetic"] * antithetic]
        for text in one.sets:
            words += ["--set", text]
        note(f"fault: {error}\nto reproduce it: {shlex.join(words)}")
        raise
