"""The best of many alternatives, with runs spent where they decide."""

from sim.experiment.selection.choice import Alternative, Choice
from sim.experiment.selection.choosing import best

__all__ = ["Alternative", "Choice", "best"]
