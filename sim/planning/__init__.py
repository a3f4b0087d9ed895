"""Planning: how many agents are needed, when, and in which group."""

from sim.planning.intervals import read_intervals
from sim.planning.plan import staff
from sim.planning.staffing import Staffing

__all__ = ["Staffing", "read_intervals", "staff"]
