"""Experiments: repeat a scenario, and compare scenarios on the same random numbers."""

from sim.experiment.compare_scenarios import compare
from sim.experiment.comparison import Comparison, Difference
from sim.experiment.replications import ReplicationError
from sim.experiment.result import Estimate, Result
from sim.experiment.selection import Alternative, SelectionResult, best
from sim.experiment.simulation import simulate

__all__ = [
    "Alternative",
    "SelectionResult",
    "Comparison",
    "Difference",
    "Estimate",
    "ReplicationError",
    "Result",
    "best",
    "compare",
    "simulate",
]
