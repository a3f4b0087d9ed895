"""Days of actuals that a scenario was calibrated on, and which therefore prove little."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sim.planning.log_actuals import columns_of
from sim.units import counted

if TYPE_CHECKING:
    from sim.history.tables.actuals import Actuals
    from sim.scenario import Scenario


def calibrated_days(scenario: Scenario, actuals: Actuals) -> tuple[str, ...]:
    """Return a warning where actuals are of days that the scenario was calibrated on.

    Parameters
    ----------
    scenario : Scenario
        Calibration wrote its days next to it; without them there is no warning.
    actuals : Actuals
    """
    saved = columns_of(scenario)
    if saved.first is None or saved.last is None:
        return ()
    days = {entry.day for entry in actuals.entries if entry.day is not None}
    known = {day for day in days if saved.first <= day <= saved.last}
    if not known:
        return ()
    return (
        f"{len(known):,} of {counted(len(days), 'day')} are days that the scenario was calibrated "
        f"on ({saved.first} to {saved.last}), which it fits better than others: compare days after "
        f"them (--from {saved.last + dt.timedelta(days=1)})",
    )
