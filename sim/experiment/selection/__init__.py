"""The best of many alternatives, with replications spent where they decide."""

from sim.experiment.selection.result import Alternative, SelectionResult
from sim.experiment.selection.select_best import best

__all__ = ["Alternative", "SelectionResult", "best"]
