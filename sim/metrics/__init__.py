"""Metrics: what a log says, in the words of planners.

:func:`tally_log` turns the log of one replication into sums, :func:`stack` puts replications side
by side, :func:`compute_rows` makes metrics with 95 % confidence intervals of them.
"""

from sim.metrics.metric_definition import NonRatioMetric, RatioMetric
from sim.metrics.metric_ref import MetricRef, check_metric_name, check_scope, parse_metric
from sim.metrics.metric_rows import (
    MetricRow,
    compute_estimates,
    compute_interval_rows,
    compute_rows,
)
from sim.metrics.registry import RATIO_METRICS, VARIANTS, catalogue
from sim.metrics.scoped_estimate import ScopedEstimate
from sim.metrics.tally import Tally, tally_log
from sim.metrics.tally_store import Tallies, stack
from sim.metrics.variance_reduction import VarianceReduction

__all__ = [
    "RATIO_METRICS",
    "VARIANTS",
    "ScopedEstimate",
    "RatioMetric",
    "VarianceReduction",
    "MetricRow",
    "NonRatioMetric",
    "Tallies",
    "Tally",
    "MetricRef",
    "catalogue",
    "compute_rows",
    "compute_estimates",
    "compute_interval_rows",
    "check_metric_name",
    "check_scope",
    "stack",
    "tally_log",
    "parse_metric",
]
