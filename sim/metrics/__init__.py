"""Figures: what a log says, in the words of planners.

:func:`tally` turns the log of one replication into sums, :func:`stack` puts replications side
by side, :func:`figures` makes figures with 95 % intervals of them.
"""

from sim.metrics.metric_ref import Which, known_metric, known_scope, which
from sim.metrics.metric_rows import Row, figures, findings, interval_figures
from sim.metrics.registry import MEASURES, VARIANTS, Measure, Special, catalogue
from sim.metrics.scoped_metric import Finding
from sim.metrics.tally import Tally, tally
from sim.metrics.tally_store import Tallies, stack
from sim.metrics.variance_reduction import Reduction

__all__ = [
    "MEASURES",
    "VARIANTS",
    "Finding",
    "Measure",
    "Reduction",
    "Row",
    "Special",
    "Tallies",
    "Tally",
    "Which",
    "catalogue",
    "figures",
    "findings",
    "interval_figures",
    "known_metric",
    "known_scope",
    "stack",
    "tally",
    "which",
]
