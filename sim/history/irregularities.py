"""What is odd in the volumes of a queue: found, named, and never mended without saying so.

Levels are compared on the scale of roots, where Poisson noise has the same size at all volumes,
with medians and median deviations, so that odd days do not hide one another.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.array_types import Bools, Floats
from sim.history.outage_runs import SURE, low_runs
from sim.history.outlier_intervals import outlier_intervals
from sim.history.usual_volumes import KNOWN_SHARE, UsualVolumes, usual_volumes
from sim.history.volume_history import VolumeHistory
from sim.units import MINUTE, counted, show_clock

LEFT_OUT, KEPT, CLOSED = "left out", "kept", "taken as closed"
EMPTY_SHARE, LOW_SHARE, HIGH_SHARE = 0.3, 0.6, 1.67
"""Share of the expected contacts below which a day is near-empty, low; above which it is high."""
FAR = 5.0
"""Robust standard deviations from which a day is an outlier."""
SHIFT, SHIFT_DAYS, NOISE = 0.15, 14, 5.0
"""Least relative change of the level, the open days on both sides that show it, and how many of
its standard errors the difference of the two means must have."""


@dataclass(frozen=True)
class Irregularity:
    """Something odd in the history of a queue.

    Attributes
    ----------
    kind : str
        ``gap``, ``day without rows``, ``day of zeros``, ``outage``, ``half-open day``,
        ``near-empty day``, ``outlier day``, ``outlier interval``, ``level shift``,
        ``doubled hour``, ``skipped hour`` or ``incomplete last day``.
    queue : str
    first, last : datetime.date
        Days from and to, both included.
    start, end : int or None
        First interval of these days and the one after the last; None for whole days.
    text : str
        What was found, in numbers.
    treatment : str
        What the forecast does with it: ``left out``, ``kept`` or ``taken as closed``.
    """

    kind: str
    queue: str
    first: dt.date
    last: dt.date
    start: int | None
    end: int | None
    text: str
    treatment: str

    def clock(self, interval_minutes: int) -> str:
        """Return the time of day as ``08:00-09:30``, empty for whole days."""
        if self.start is None or self.end is None:
            return ""
        ends = (at * interval_minutes * MINUTE for at in (self.start, self.end))
        return "-".join(show_clock(end) for end in ends)


def find_irregularities(
    history: VolumeHistory,
    named_days: Mapping[dt.date, str] | None = None,
    before: Sequence[Irregularity] = (),
) -> list[Irregularity]:
    """Return what is odd in the volumes of one queue, in the order of days.

    Parameters
    ----------
    history : VolumeHistory
        NaN where the table has no number.
    named_days : mapping of date to str, optional
        Holidays and events; odd days with a name are kept, since the forecast knows them.
    before : sequence of Irregularity
        Findings known before, such as the hours of daylight saving.

    Returns
    -------
    list of Irregularity
        With those known before.
    """
    names = dict(named_days or {})
    found = list(before)
    # Coarse oddities are taken away before finer ones are looked for: an empty day has no hours.
    # A few wrong numbers of a day go before the day, which may be usual without them.
    coarse = ((_unknown, _zero_days, _empty_days), (_closed_ends,), (_outages,), (_zero_runs,))
    for stage in (*coarse, (_few_odd_intervals,), (_odd_days,), (_odd_intervals,)):
        rest = leave_out(history, found)
        usual = usual_volumes(rest)
        odd = [one for part in stage for one in part(rest, usual, names)]
        found += [one for one in odd if not any(_overlap(one, other) for other in found)]
    rest = leave_out(history, found)
    found += _level_shifts(rest, usual_volumes(rest))
    return sorted(_joined(found, names), key=lambda one: (one.first, one.start or 0))


def leave_out(history: VolumeHistory, found: Sequence[Irregularity]) -> VolumeHistory:
    """Return a history without what is left out: unknown there, or closed.

    Parameters
    ----------
    history : VolumeHistory
    found : sequence of Irregularity
        Those of other queues change nothing.
    """
    offered, is_open = history.offered.copy(), history.is_open.copy()
    for one in found:
        if one.queue != history.queue or one.treatment == KEPT:
            continue
        days = slice((one.first - history.first_day).days, (one.last - history.first_day).days + 1)
        offered[days, one.start : one.end] = np.nan
        if one.treatment == CLOSED:
            is_open[days, one.start : one.end] = False
    return replace(history, offered=offered, is_open=is_open)


def _unknown(
    history: VolumeHistory, usual: UsualVolumes, names: Mapping[dt.date, str]
) -> Iterator[Irregularity]:
    """Yield days and intervals of the opening hours without a number."""
    unknown = np.isnan(history.offered) & history.is_open
    for day in np.flatnonzero(unknown.any(axis=1)):
        date = history.day(int(day))
        if np.isnan(history.offered[day]).all():
            treatment = CLOSED if date in names else LEFT_OUT
            text = f"no rows on a {date:%A}, {usual.around[day]:,.0f} contacts expected"
            yield _whole(history, "day without rows", date, text + _name(names, date), treatment)
            continue
        for start, end in _runs(unknown[day]):
            text = f"{counted(end - start, 'interval')} without a number"
            yield Irregularity("gap", history.queue, date, date, start, end, text, LEFT_OUT)


def _zero_days(
    history: VolumeHistory, usual: UsualVolumes, names: Mapping[dt.date, str]
) -> Iterator[Irregularity]:
    """Yield days of the opening hours on which no contact arrived."""
    for day in range(history.days):
        expected, own = usual.around[day], history.offered[day]
        if expected >= SURE and np.nansum(own) == 0 and not np.isnan(own).all():
            date = history.day(day)
            text = f"no contact on a {date:%A}, {expected:,.0f} expected" + _name(names, date)
            treatment = CLOSED if date in names else LEFT_OUT
            yield _whole(history, "day of zeros", date, text, treatment)


def _closed_ends(
    history: VolumeHistory, usual: UsualVolumes, names: Mapping[dt.date, str]
) -> Iterator[Irregularity]:
    """Yield runs of zeros at the beginning or end of a day that are too long to be random."""
    for one, at_end in _runs_of_zeros(history, usual, names):
        if at_end:
            yield replace(one, kind="half-open day", treatment=CLOSED)


def _zero_runs(
    history: VolumeHistory, usual: UsualVolumes, names: Mapping[dt.date, str]
) -> Iterator[Irregularity]:
    """Yield runs of zeros within a day that are too long to be random."""
    for one, at_end in _runs_of_zeros(history, usual, names):
        if not at_end:
            yield one


def _outages(
    history: VolumeHistory, usual: UsualVolumes, names: Mapping[dt.date, str]
) -> Iterator[Irregularity]:
    """Yield runs of intervals with few contacts, too few in all to be random."""
    for day, start, end, expected in low_runs(history.offered, usual.profile, usual.level):
        date = history.day(day)
        if date not in names:
            yield _outage(history, date, start, end, expected)


def _outage(
    history: VolumeHistory, date: dt.date, start: int, end: int, expected: float
) -> Irregularity:
    real = float(np.nansum(history.offered[(date - history.first_day).days, start:end]))
    contacts = counted(real, "contact") if real else "no contact"
    text = f"{contacts} in {counted(end - start, 'interval')}, {expected:.0f} expected"
    return Irregularity("outage", history.queue, date, date, start, end, text, LEFT_OUT)


def _runs_of_zeros(
    history: VolumeHistory, usual: UsualVolumes, names: Mapping[dt.date, str]
) -> Iterator[tuple[Irregularity, bool]]:
    """Yield runs of zeros that are too long to be random, and whether they begin or end a day."""
    for day in range(history.days):
        zeros = (history.offered[day] == 0) & (usual.expected[day] > 0)
        if not zeros.any() or usual.level[day] == 0 or np.nansum(history.offered[day]) == 0:
            continue
        busy = np.flatnonzero(history.offered[day] > 0)
        for start, end in _runs(zeros):
            expected = float(usual.expected[day, start:end].sum())
            if expected < SURE:
                continue
            one = _outage(history, history.day(day), start, end, expected)
            at_end = bool(end <= busy[0] or start > busy[-1])
            yield replace(one, text=one.text + _name(names, one.first)), at_end


def _empty_days(
    history: VolumeHistory, usual: UsualVolumes, names: Mapping[dt.date, str]
) -> Iterator[Irregularity]:
    """Yield days with a small part of the contacts of the days around them."""
    for day, share in _apart(usual, FAR / 2):
        if share < EMPTY_SHARE:
            yield _odd_day(history, "near-empty day", usual, day, names)


def _odd_days(
    history: VolumeHistory, usual: UsualVolumes, names: Mapping[dt.date, str]
) -> Iterator[Irregularity]:
    """Yield days whose contacts are far from those of the days around them."""
    for day, share in _apart(usual, FAR):
        if share >= EMPTY_SHARE and not LOW_SHARE <= share <= HIGH_SHARE:
            yield _odd_day(history, "outlier day", usual, day, names)


def _apart(usual: UsualVolumes, least: float) -> Iterator[tuple[int, float]]:
    """Yield days far from what is expected of them, and their share of it."""
    with np.errstate(invalid="ignore"):
        far = (usual.total > 0) & (usual.around >= SURE) & (np.abs(usual.distance) > least)
    for day in np.flatnonzero(far):
        yield int(day), float(usual.total[day] / usual.around[day])


def _odd_day(
    history: VolumeHistory, kind: str, usual: UsualVolumes, day: int, names: Mapping[dt.date, str]
) -> Irregularity:
    date = history.day(day)
    real, expected = counted(float(usual.total[day]), "contact"), usual.around[day]
    text = f"{real} on a {date:%A}, {expected:,.0f} expected"
    treatment = KEPT if date in names else LEFT_OUT
    return _whole(history, kind, date, text + _name(names, date), treatment)


def _few_odd_intervals(
    history: VolumeHistory, usual: UsualVolumes, names: Mapping[dt.date, str]
) -> Iterator[Irregularity]:
    """Yield outlier intervals of days of which enough remains to judge the day itself."""
    yield from _odd_intervals(history, usual, names, most=1 - KNOWN_SHARE)


def _odd_intervals(
    history: VolumeHistory, usual: UsualVolumes, _: Mapping[dt.date, str], most: float = 1.0
) -> Iterator[Irregularity]:
    """Yield intervals far from what the contacts of their day and the usual profile expect."""
    odd, expected = outlier_intervals(history, usual)
    share = np.where(odd, expected, 0.0).sum(axis=1) <= most * expected.sum(axis=1)
    for day in np.flatnonzero(odd.any(axis=1) & share):
        date = history.day(int(day))
        for start, end in _runs(odd[day]):
            real, mean = (float(x[day, start:end].sum()) for x in (history.offered, expected))
            text = f"{counted(real, 'contact')}, {mean:,.0f} expected of this day"
            yield Irregularity(
                "outlier interval", history.queue, date, date, start, end, text, LEFT_OUT
            )


def _level_shifts(history: VolumeHistory, usual: UsualVolumes) -> Iterator[Irregularity]:
    """Yield days from which the level stays another one."""
    with np.errstate(invalid="ignore"):
        days = np.flatnonzero((usual.total > 0) & (usual.mean_day > 0))
    if len(days) < 2 * SHIFT_DAYS:
        return
    level = np.log(usual.total[days] / usual.mean_day[days])
    steps = np.zeros(len(days))
    for k in range(SHIFT_DAYS, len(days) - SHIFT_DAYS + 1):
        steps[k] = _middle(level[k : k + SHIFT_DAYS]) - _middle(level[k - SHIFT_DAYS : k])
    noise = 1.4826 * float(np.median(np.abs(np.diff(level)))) / np.sqrt(2)
    least = max(float(np.log1p(SHIFT)), NOISE * noise * np.sqrt(2 / SHIFT_DAYS))
    while np.abs(steps).max() > least:
        peak = int(np.argmax(np.abs(steps)))
        change, k = float(np.expm1(steps[peak])), _sharpest(level, peak)
        steps[max(0, min(k, peak) - SHIFT_DAYS) : max(k, peak) + SHIFT_DAYS] = 0.0
        text = f"contacts change by {100 * change:+.0f} % and stay there"
        yield _whole(history, "level shift", history.day(int(days[k])), text, KEPT)


def _middle(values: Floats) -> float:
    """Return the mean without the two largest and the two smallest values."""
    return float(np.sort(values)[2:-2].mean())


def _sharpest(level: Floats, near: int) -> int:
    """Return the day near a change of level that parts the days around it best."""
    low, high = max(1, near - SHIFT_DAYS), min(len(level), near + SHIFT_DAYS)
    own = level[low - 1 : high]

    def apart(k: int) -> float:
        parts = own[: k - low + 1], own[k - low + 1 :]
        return sum(float(np.abs(part - np.median(part)).sum()) for part in parts if part.size)

    return min(range(max(low, near - 7), min(high, near + 8)), key=apart)


def _overlap(one: Irregularity, other: Irregularity) -> bool:
    """Tell whether two findings have an interval in common."""
    days = one.first <= other.last and other.first <= one.last
    if None in (one.start, one.end, other.start, other.end):
        return days
    return days and (one.start or 0) < (other.end or 0) and (other.start or 0) < (one.end or 0)


def _whole(
    history: VolumeHistory, kind: str, date: dt.date, text: str, treatment: str
) -> Irregularity:
    return Irregularity(kind, history.queue, date, date, None, None, text, treatment)


def _name(names: Mapping[dt.date, str], date: dt.date) -> str:
    return f" ({names[date]})" if date in names else ""


def _runs(flags: Bools) -> list[tuple[int, int]]:
    """Return begin and end of every sequence of true values."""
    framed = np.concatenate([[False], flags, [False]])
    edges = np.flatnonzero(framed[1:] != framed[:-1])
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _joined(found: Sequence[Irregularity], names: Mapping[dt.date, str]) -> list[Irregularity]:
    """Return findings of days without rows in a row as one."""
    joined: list[Irregularity] = []
    for one in sorted(found, key=lambda one: (one.kind, one.first)):
        last = joined[-1] if joined else None
        if (
            last is not None
            and one.kind == last.kind == "day without rows"
            and one.treatment == last.treatment
            and (one.first - last.last).days == 1
        ):
            days = (one.last - last.first).days + 1
            dates = (last.first + dt.timedelta(days=day) for day in range(days))
            named = ", ".join(dict.fromkeys(names[date] for date in dates if date in names))
            text = f"no rows on {days} days in a row" + (f" ({named})" if named else "")
            joined[-1] = replace(last, last=one.last, text=text)
        else:
            joined.append(one)
    return joined
