"""Experiments: repeat a scenario, and compare scenarios that share all chance."""

from sim.experiment.compare_scenarios import compare
from sim.experiment.comparison import Comparison, Difference
from sim.experiment.replicate import ReplicationError
from sim.experiment.result import Figure, Result
from sim.experiment.selection import Alternative, Choice, best
from sim.experiment.simulation import simulate

__all__ = [
    "Alternative",
    "Choice",
    "Comparison",
    "Difference",
    "Figure",
    "ReplicationError",
    "Result",
    "best",
    "compare",
    "simulate",
]
