"""Planning: how many agents are needed, when, and in which group."""

from sim.planning.intervals import read_intervals
from sim.planning.plan import staff
from sim.planning.staffing import Staffing
from sim.planning.validating import validate
from sim.planning.validation import Validation

__all__ = ["Staffing", "Validation", "read_intervals", "staff", "validate"]
