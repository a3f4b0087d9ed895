"""Writing the scenario of a plan of shifts to a file, with the tables it names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.planning.shifts.shift_scenario import text_with_shifts
from sim.scenario.written_files import write_with_tables
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.planning.shifts.shift_schedule import ShiftSchedule


def write_scenario(plan: ShiftSchedule, path: str | Path) -> list[Path]:
    """Write a scenario with the shifts of a plan, and return the files that were written.

    Tables that the scenario names are copied next to it where it is in another folder.

    Parameters
    ----------
    plan : ShiftSchedule
    path : str or Path
        Of the scenario, replaced when it is there.

    Raises
    ------
    BadInputError
        When the plan has no scenario, or another table of the same name is there.
    """
    file = Path(path)
    source = plan.inputs.scenario
    if source is None or plan.scenario is None or not source.text:
        raise BadInputError(f"{file}: this plan has no scenario file to write the shifts into")
    return write_with_tables(source, text_with_shifts(source, plan.shift_tables), file)
