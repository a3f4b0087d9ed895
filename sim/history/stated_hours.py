"""Opening hours that a planner states for a history."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from sim.history.volume_history import VolumeHistory
from sim.scenario.calendar import OpenHours, hours_on, opening
from sim.toml_text import TomlError, read_toml
from sim.units import MINUTE, BadInputError, counted

SELDOM = 0.2
"""Share of the weeks with contacts up to which a weekday is usually closed."""
_DAY_TITLES = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
_DAY = r"(?:[a-z]{3,}|\d{4}-\d\d-\d\d)"
_ONE_DAY = re.compile(rf"(?P<days>{_DAY}(?:\s*[-,]\s*{_DAY})*)\s*[:=]?\s+(?P<hours>\S.*)", re.I)
_NEXT_DAY = re.compile(r";|(?<=\d)\s*,(?=\s*[a-z])", re.I)


@dataclass(frozen=True)
class StatedHours:
    """Opening hours by day.

    Attributes
    ----------
    rules : mapping of str to OpenHours
        As :func:`sim.scenario.calendar.opening` returns them.
    names_days : bool
        Whether days are named; otherwise the hours hold on the days that the history has.
    """

    rules: Mapping[str, OpenHours]
    names_days: bool

    def within(self, history: VolumeHistory) -> tuple[VolumeHistory, list[str]]:
        """Return a history with these opening hours, and what a reader should know of it.

        Parameters
        ----------
        history : VolumeHistory
        """
        starts = np.arange(history.intervals) * history.interval_minutes * MINUTE
        closed = set() if self.names_days else _closed_weekdays(history)
        is_open = np.zeros(history.offered.shape, dtype=bool)
        for day, weekday in enumerate(history.weekdays()):
            if weekday not in closed:
                for begin, end in hours_on(self.rules, history.day(day)):
                    is_open[day] |= (starts >= begin) & (starts < end)
        notes = []
        if closed:
            shown = " and ".join(_DAY_TITLES[day] for day in sorted(closed))
            notes.append(
                f"{history.queue}: {shown} stay closed, as in the history; hours that name "
                'days open them: --open "daily 08:00-20:00"'
            )
        outside = float(np.nansum(np.where(is_open, 0.0, history.offered)))
        if outside:
            notes.append(
                f"{history.queue}: {counted(outside, 'contact')} outside the opening hours"
            )
        return replace(history, is_open=is_open), notes


def stated_hours(value: object) -> StatedHours:
    """Return opening hours from a text or as a scenario has them.

    Parameters
    ----------
    value : str or mapping
        ``"08:00-20:00"``, ``"mon-fri 08:00-20:00; sat 09:00-14:00"``, or the value of
        ``center.open``, as a mapping or as the text of a scenario.

    Raises
    ------
    BadInputError
        When it cannot be read.
    """
    by_day = _by_day(value)
    try:
        return StatedHours(opening(by_day), isinstance(by_day, Mapping))
    except ValueError as error:
        raise BadInputError(
            f'opening: {error}; or hours by weekday, such as "mon-fri 08:00-20:00; sat 09:00-14:00"'
        ) from None


def _by_day(value: object) -> object:
    """Return a text that names days as hours by day, anything else as it is."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("{"):
        try:
            return read_toml(f"open = {value}")["open"]
        except TomlError:
            return value
    parts = [part.strip() for part in _NEXT_DAY.split(value) if part.strip()]
    found = [_ONE_DAY.fullmatch(part) for part in parts]
    matches = [match for match in found if match is not None]
    if not matches or len(matches) < len(parts):
        return value
    return {re.sub(r"\s+", "", match["days"].lower()): match["hours"] for match in matches}


def _closed_weekdays(history: VolumeHistory) -> set[int]:
    """Return the weekdays on which contacts arrive in a fifth of the weeks at most."""
    weekdays = np.asarray(history.weekdays())
    busy = np.nansum(history.offered, axis=1) > 0
    return {day for day in range(7) if (weekdays == day).any()
            and busy[weekdays == day].mean() <= SELDOM}  # fmt: skip
