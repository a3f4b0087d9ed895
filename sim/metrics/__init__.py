"""Figures: what a log says, in the words of planners.

:func:`tally` turns the log of one replication into sums, :func:`stack` puts replications side
by side, :func:`figures` makes figures with 95 % intervals of them.
"""

from sim.metrics.figures import Row, figures, findings
from sim.metrics.finding import Finding
from sim.metrics.registry import MEASURES, VARIANTS, Measure, Special, catalogue
from sim.metrics.sums import Tallies, stack
from sim.metrics.tally import Tally, tally

__all__ = [
    "MEASURES",
    "VARIANTS",
    "Finding",
    "Measure",
    "Row",
    "Special",
    "Tallies",
    "Tally",
    "figures",
    "findings",
    "catalogue",
    "stack",
    "tally",
]
