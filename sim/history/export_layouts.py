"""Forecasts in the layouts that suites of workforce management import.

Sources: Amazon Connect, Administrator Guide, "Override a forecast"
(docs.aws.amazon.com/connect/latest/adminguide/override-forecast.html); Genesys Cloud, Platform
API, schema ``BuImportShortTermForecastSchema`` of the import of short-term forecasts
(developer.genesys.cloud); NICE IEX WFM, fields of "CT Active Forecast Export Module"
(help.nicecxone.com).
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.fileio.csv_text import csv_of
from sim.history.interval_forecast import IntervalForecast
from sim.numerals import write_number
from sim.units import BadInputError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from sim.array_types import Floats

CONNECT_COLUMNS = (
    "QueueName", "QueueId", "ChannelType", "TimeStamp", "IntervalDuration",
    "IncomingContactVolume", "AverageHandleTime",
)  # fmt: skip
NICE_COLUMNS = ("date", "period", "TZ", "ctName", "contactsReceived", "AHT")
GENESYS_MINUTES = 15
"""Length of the intervals that Genesys Cloud imports."""


def in_layout(layout: str, forecasts: Sequence[IntervalForecast], zone: ZoneInfo | None) -> str:
    """Return forecasts as the text of a file to import.

    Parameters
    ----------
    layout : {"connect", "genesys", "nice"}
    forecasts : sequence of IntervalForecast
    zone : ZoneInfo or None
        Time zone of the center.

    Raises
    ------
    BadInputError
        When there is no such layout, or it cannot hold these intervals.
    """
    if layout not in LAYOUTS:
        raise BadInputError(f"layout: {layout!r} is unknown; allowed: {', '.join(LAYOUTS)}")
    return LAYOUTS[layout](forecasts, zone)


def connect_override(forecasts: Sequence[IntervalForecast], zone: ZoneInfo | None) -> str:
    """Return the override file of Amazon Connect: whole contacts, times in UTC.

    Intervals of 5 or 10 minutes are put together to 15 or 30; an hour is halved. ``QueueId``
    stays empty, since only Amazon Connect knows it. Rounding keeps the total of each day.

    Raises
    ------
    BadInputError
        When the time zone of the center is unknown, a channel is neither voice nor chat, or
        handle times are unknown: the format requires a whole number in each row.
    """
    if zone is None:
        raise BadInputError("layout connect: times are in UTC, so --center-zone is needed")
    rows: list[Sequence[str]] = [CONNECT_COLUMNS]
    for one in forecasts:
        channel = one.channel.upper()
        if channel not in ("VOICE", "CHAT"):
            raise BadInputError(
                f"layout connect: queue {one.queue} has the channel {one.channel}; allowed: "
                "voice or chat"
            )
        minutes = 15 if 15 % one.interval_minutes == 0 else 30
        offered, aht, is_open = _at(one, minutes)
        _require_handle_times("connect", one.queue, "AverageHandleTime", aht[is_open])
        for day in range(one.days):
            for at, contacts in zip(
                np.flatnonzero(is_open[day]), _whole(offered[day][is_open[day]]), strict=True
            ):
                midnight = dt.datetime.combine(one.first_day, dt.time())
                local = midnight + dt.timedelta(days=day, minutes=int(at) * minutes)
                moment = local.replace(tzinfo=zone).astimezone(dt.UTC)
                rows.append(
                    (one.queue, "", channel, f"{moment:%Y-%m-%dT%H:%M:%SZ}", f"{minutes}mins",
                     str(contacts), f"{aht[day, at]:.0f}")
                )  # fmt: skip
    return csv_of(rows)


def genesys_import(forecasts: Sequence[IntervalForecast], zone: ZoneInfo | None) -> str:
    """Return the body of the import of a short-term forecast to Genesys Cloud, as JSON.

    It holds whole weeks from the first day on, in quarters of an hour, and one day more, as the
    import asks for; days after the forecast are 0. ``planningGroupId`` is the name of the
    queue, to be replaced by the id of the planning group.

    Raises
    ------
    BadInputError
        When handle times are unknown: the import takes a number for each interval, and 0 would
        be a forecast of no work.
    """
    days = max(one.days for one in forecasts)
    weeks = math.ceil(days / 7)
    groups = []
    for one in forecasts:
        offered, aht, is_open = _at(one, GENESYS_MINUTES)
        _require_handle_times(
            "genesys", one.queue, "averageHandleTimeSecondsPerInterval", aht[is_open]
        )
        groups.append(
            {
                "planningGroupId": one.queue,
                "offeredPerInterval": _filled(offered, weeks),
                "averageHandleTimeSecondsPerInterval": _filled(aht, weeks),
            }
        )
    body = {
        "description": f"ccplan, from {forecasts[0].first_day}",
        "weekCount": weeks,
        "planningGroups": groups,
        "canUseForScheduling": True,
    }
    return json.dumps(body, indent=1) + "\n"


def _filled(values: Floats, weeks: int) -> list[float]:
    size = (7 * weeks + 1) * values.shape[1]
    flat = [round(float(value), 2) for value in np.nan_to_num(values).reshape(-1)]
    return flat + [0.0] * (size - len(flat))


def nice_rows(forecasts: Sequence[IntervalForecast], zone: ZoneInfo | None) -> str:
    """Return rows separated by bars with the field names of NICE IEX WFM.

    Dates are written ``mmddyyyy`` and periods ``hhmm``, the defaults of its exports.
    """
    shown = zone.key if zone is not None else ""
    lines = ["|".join(NICE_COLUMNS)]
    for one in forecasts:
        for at in one.open_intervals():
            seconds = math.nan if one.aht is None else one.aht[at]
            handle = "" if math.isnan(seconds) else f"{seconds:.0f}"
            start, contacts = one.start(*at), write_number(one.offered[at], 7)
            queue = one.queue.replace("|", "/")
            lines.append(f"{start:%m%d%Y}|{start:%H%M}|{shown}|{queue}|{contacts}|{handle}")
    return "\n".join(lines) + "\n"


def _require_handle_times(layout: str, queue: str, field: str, aht: Floats) -> None:
    """Refuse open intervals whose handle times are not known."""
    if np.isnan(aht).any():
        raise BadInputError(
            f"layout {layout}: queue {queue} has no handle times, and {field} must be a number of "
            "seconds; allowed: a history with a column of handle times (--column aht=TITLE)"
        )


def _at(one: IntervalForecast, minutes: int) -> tuple[Floats, Floats, np.ndarray]:
    """Return contacts, handle times (NaN unknown) and openness in intervals of another length."""
    handle: Floats = np.full(one.offered.shape, np.nan) if one.aht is None else one.aht
    many = max(1, minutes // one.interval_minutes)
    parts = max(1, one.interval_minutes // minutes)

    def joined(values: np.ndarray) -> np.ndarray:
        return np.repeat(values, parts, axis=1).reshape(one.days, -1, many)

    offered: Floats = joined(one.offered).sum(axis=2) / parts
    known = joined(np.where(np.isnan(handle), 0.0, one.offered)).sum(axis=2) / parts
    work = joined(np.nan_to_num(one.offered * handle)).sum(axis=2) / parts
    is_open = np.array(joined(one.is_open).max(axis=2), dtype=bool)
    handle = joined(handle)[:, :, 0]
    aht = np.divide(work, known, out=handle.astype(float), where=known > 0)
    return offered, aht, is_open


def _whole(values: Floats) -> list[int]:
    """Return whole numbers whose sums up to each place are those of the values, rounded."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    return [int(step) for step in np.diff(np.round(sums))]


LAYOUTS: dict[str, Callable[[Sequence[IntervalForecast], ZoneInfo | None], str]] = {
    "connect": connect_override,
    "genesys": genesys_import,
    "nice": nice_rows,
}
