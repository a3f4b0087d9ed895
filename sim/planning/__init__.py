"""Planning: how many agents are needed, when, and in which group."""

from sim.planning.compare_with_actuals import Validation
from sim.planning.investment.find_mix import invest
from sim.planning.investment.investment_result import Investment
from sim.planning.least_staff import staff_by_simulation
from sim.planning.roster import Roster, plan_roster
from sim.planning.scenario_from_intervals import read_intervals
from sim.planning.shifts.planner import plan_shifts
from sim.planning.shifts.shift_schedule import ShiftSchedule
from sim.planning.simulated_staffing import SimulatedStaffing
from sim.planning.staff_scenario import staff
from sim.planning.staffing_result import Staffing
from sim.planning.validate_scenario import validate

__all__ = [
    "Investment",
    "Roster",
    "ShiftSchedule",
    "SimulatedStaffing",
    "Staffing",
    "Validation",
    "invest",
    "plan_roster",
    "plan_shifts",
    "read_intervals",
    "staff",
    "staff_by_simulation",
    "validate",
]
