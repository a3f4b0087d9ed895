"""The time zone in which a call log is read to be compared with a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.history.calibration.column_file import LogColumns
    from sim.scenario import Scenario


def log_zone(scenario: Scenario, saved: LogColumns, said: str | None) -> str | None:
    """Return the time zone to whose clock a log is converted, which must be the scenario's.

    Parameters
    ----------
    scenario : Scenario
    saved : LogColumns
        What a calibration wrote next to the scenario.
    said : str or None
        The time zone that was asked for.

    Raises
    ------
    BadInputError
        When another time zone was asked for than that of the scenario.
    """
    of_scenario = scenario.center.time_zone or saved.zone
    if said and of_scenario and said != of_scenario:
        raise BadInputError(
            f"--zone: is {said}, and the time zone of the scenario is {of_scenario}, so that its "
            "hours are others than those of the log; allowed: the same zone, or a scenario that "
            f"was calibrated with --zone {said}"
        )
    return said or scenario.center.time_zone or saved.zone_of_log(None)
