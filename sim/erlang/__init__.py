"""Closed formulas of queues, exact and vectorised."""

from sim.erlang.abandonment import ErlangA, a
from sim.erlang.blocking import ErlangB, b, lines_for_blocking, load_for_blocking
from sim.erlang.delay import (
    ErlangC,
    c,
    garnett_delay,
    halfin_whitt_delay,
    square_root_agents,
)
from sim.erlang.figures import VARIANTS, Figures
from sim.erlang.given import Unstable
from sim.erlang.lines import LimitedLines

__all__ = [
    "VARIANTS",
    "ErlangA",
    "ErlangB",
    "ErlangC",
    "Figures",
    "LimitedLines",
    "Unstable",
    "a",
    "b",
    "c",
    "garnett_delay",
    "halfin_whitt_delay",
    "lines_for_blocking",
    "load_for_blocking",
    "square_root_agents",
]
