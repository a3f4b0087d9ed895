"""The best of many alternatives, with runs spent where they decide."""

from sim.experiment.selection.result import Alternative, SelectionResult
from sim.experiment.selection.select import best

__all__ = ["Alternative", "SelectionResult", "best"]
