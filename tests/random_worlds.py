"""Random models that mix every feature, small enough to play in some hundredths of a second.

The same state of the generator gives the same model. What a scenario file would refuse does
not occur. With ``whole_seconds`` nearly all times are whole seconds or minutes, so that events
often fall on the same instant.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.model import (
    NEVER,
    AtClose,
    Bot,
    Busyness,
    Callback,
    Change,
    Demand,
    Floats,
    Group,
    Law,
    LawKind,
    Model,
    Queue,
    Repeat,
    Retry,
    Rule,
    Shift,
    Skill,
    Transfer,
)

DAY = 86400.0
CHANNELS = ("chat", "email", "messaging", "voice")


@dataclass(frozen=True)
class _Frame:
    """The calendar of a random model, and whether its times are whole seconds."""

    days: int
    day_s: float
    interval_s: float
    hours: Floats
    whole: bool

    @property
    def intervals(self) -> int:
        return round(self.days * self.day_s / self.interval_s)

    @property
    def is_open(self) -> np.ndarray:
        """Whether each interval lies in the opening hours."""
        starts = np.arange(self.intervals) * self.interval_s
        inside = (starts[:, None] >= self.hours[:, 0]) & (starts[:, None] < self.hours[:, 1])
        return inside.any(axis=1)


def random_model(rng: np.random.Generator, whole_seconds: bool = False) -> Model:
    """Return a random model of 50 to some hundred contacts.

    Parameters
    ----------
    rng : numpy.random.Generator
    whole_seconds : bool
        Nearly all times are whole seconds or whole minutes.
    """
    frame = _frame(rng, whole_seconds)
    count = int(rng.integers(1, 5))
    deferred = [_chance(rng, 0.3) for _ in range(count)]
    handle = [_span(rng, 20, 400, whole_seconds) for _ in range(count)]
    volumes = rng.dirichlet(np.full(count, 2.0)) * rng.integers(50, 300)
    queues = [
        _queue(rng, frame, k, count, deferred[k], handle[k], float(volumes[k]))
        for k in range(count)
    ]
    work = float(np.dot(volumes, handle))
    groups = _groups(rng, frame, queues, work)
    starts = tuple(_label(frame, i) for i in range(frame.intervals))
    bounded = any(queue.shares_lines for queue in queues)
    return Model(
        name="random",
        queues=tuple(queues),
        groups=tuple(groups),
        channels=tuple(sorted({queue.channel for queue in queues})),
        days=frame.days,
        day_s=frame.day_s,
        interval_s=frame.interval_s,
        starts=starts,
        horizon=frame.days * frame.day_s,
        measure_from=float(rng.choice([0.0, 0.0, 600.0, 1234.5])) if frame.day_s < DAY else 0.0,
        lines=float(rng.integers(3, 15)) if bounded else math.inf,
        busyness=_busyness(rng),
        runs=1,
        seed=1,
        fingerprint="random",
    )


# -- chance ----------------------------------------------------------------------------------


def _chance(rng: np.random.Generator, share: float) -> bool:
    return bool(rng.random() < share)


def _share(rng: np.random.Generator) -> float:
    """Return a share, often an extreme one."""
    return float(rng.choice([0.0, 1.0, rng.random(), rng.random(), rng.random()]))


def _span(rng: np.random.Generator, low: float, high: float, whole: bool) -> float:
    """Return a time (s) spread evenly on the logarithmic scale; whole ones round."""
    time = math.exp(rng.uniform(math.log(low), math.log(high)))
    if not whole:
        return time
    return max(
        1.0, float(round(time / 30) * 30 if time > 20 and _chance(rng, 0.7) else round(time))
    )


def _law(rng: np.random.Generator, mean: float, whole: bool) -> Law:
    """Return a law of about the given mean, of any kind that is always finite."""
    zero = float(rng.choice([0.0, 0.0, 0.0, 0.2]))
    if whole and _chance(rng, 0.95):
        low, high = max(1.0, round(mean / 2)), max(2.0, float(round(mean * 1.5)))
        u = np.array([0.0, 0.5, 0.5, 1.0])  # two values and nothing between
        steps = Law(LawKind.POINTS, zero=zero, u=u, x=np.array([low, low, high, high]))
        return (
            steps
            if _chance(rng, 0.6)
            else Law(LawKind.DETERMINISTIC, float(round(mean)), 0.0, zero)
        )
    kind = LawKind(int(rng.integers(0, LawKind.UNLIMITED)))
    if kind == LawKind.POINTS:
        u = np.array([0.0, 0.3, 0.3, 1.0])
        return Law(kind, zero=zero, u=u, x=mean * np.array([0.2, 0.5, 0.8, 1.8]))
    a, b = {
        LawKind.DETERMINISTIC: (mean, 0.0),
        LawKind.EXPONENTIAL: (mean, 0.0),
        LawKind.LOGNORMAL: (math.log(mean) - 0.32, 0.8),
        LawKind.GAMMA: (2.5, mean / 2.5),
        LawKind.WEIBULL: (1.3, mean / math.gamma(1 + 1 / 1.3)),
        LawKind.UNIFORM: (0.5 * mean, 1.5 * mean),
    }[kind]
    return Law(kind, a, b, zero)


def _small(rng: np.random.Generator, mean: float, whole: bool, share: float) -> Law:
    """Return a law, or one of no time at all."""
    nothing = Law(LawKind.DETERMINISTIC, 0.0)
    return _law(rng, mean, whole) if _chance(rng, share) else nothing


def _patience(rng: np.random.Generator, whole: bool) -> Law:
    mean = _span(rng, 20, 600, whole)
    if _chance(rng, 0.2):
        return NEVER
    if _chance(rng, 0.2):  # some never give up
        x = np.array([0.0, mean, mean, 2 * mean]) if whole else mean * np.array([0, 0.3, 1, 3])
        u = np.array([0.0, 0.0, 0.5, 0.8]) if whole else np.array([0.0, 0.2, 0.6, 0.8])
        return Law(LawKind.POINTS, u=u, x=np.round(x) if whole else x)
    return _law(rng, mean, whole)


def _busyness(rng: np.random.Generator) -> Busyness:
    cv = float(rng.choice([0.0, 0.0, 0.2]))
    return Busyness(cv, float(rng.choice([0.0, 0.5, 1.0])), _chance(rng, 0.5))


# -- calendar --------------------------------------------------------------------------------


def _frame(rng: np.random.Generator, whole: bool) -> _Frame:
    if _chance(rng, 0.25):  # one stretch without a clock on the wall
        day_s = float(rng.choice([3600.0, 5400.0, 7200.0]))
        return _Frame(1, day_s, float(rng.choice([300.0, 900.0])), np.array([[0.0, day_s]]), whole)
    days = int(rng.choice([1, 1, 1, 2, 3]))
    interval_s = float(rng.choice([900.0, 1800.0, 3600.0]))
    opens = float(rng.integers(0, 16)) * 3600
    stretches = [(opens, opens + float(rng.integers(1, 4)) * 3600)]
    if _chance(rng, 0.25):
        again = stretches[0][1] + 3600 * float(rng.integers(1, 3))
        stretches.append((again, again + 3600))
    pairs = [(d * DAY + a, d * DAY + b) for d in range(days) for a, b in stretches]
    if days == 3 and _chance(rng, 0.4):  # closed on the second day
        pairs = [pair for pair in pairs if not DAY <= pair[0] < 2 * DAY]
    return _Frame(days, DAY, interval_s, np.array(pairs), whole)


def _label(frame: _Frame, interval: int) -> str:
    day, within = divmod(interval * frame.interval_s, frame.day_s)
    clock = f"{int(within // 3600):02d}:{int(within % 3600 // 60):02d}"
    return clock if frame.days == 1 else f"2026-03-{2 + int(day):02d}T{clock}"


def _hours(rng: np.random.Generator, frame: _Frame, deferred: bool) -> Floats:
    """Return a queue's own hours: the center's, round the clock, or a little shorter."""
    if frame.day_s < DAY:
        return frame.hours
    if deferred and _chance(rng, 0.6):
        return np.array([[0.0, frame.days * DAY]])
    if _chance(rng, 0.7):
        return frame.hours
    hours = frame.hours.copy()
    hours[:, 1] -= min(frame.interval_s, 1800.0) if frame.interval_s <= 1800 else 0.0
    return hours


# -- queues ----------------------------------------------------------------------------------


def _queue(
    rng: np.random.Generator, frame: _Frame, number: int, count: int, deferred: bool,
    mean: float, volume: float,
) -> Queue:  # fmt: skip
    whole = frame.whole
    hours = _hours(rng, frame, deferred)
    live = [AtClose.SERVE, AtClose.SEND_AWAY, AtClose.CARRY_OVER]
    closing = AtClose.CARRY_OVER if deferred else live[int(rng.integers(3))]
    channel = "email" if deferred else str(rng.choice([c for c in CHANNELS if c != "email"]))
    never = deferred and _chance(rng, 0.8)
    resolved = float(rng.uniform(0.4, 1)) if _chance(rng, 0.4) else math.nan
    return Queue(
        name=f"q{number}",
        channel=channel,
        deferred=deferred,
        demand=_demand(rng, frame, hours, mean, volume),
        hours=hours,
        at_close=closing,
        talk=_law(rng, 0.75 * mean, whole),
        hold=_small(rng, 0.1 * mean, whole, 0.3),
        wrap=_small(rng, 0.25 * mean, whole, 0.6),
        patience=NEVER if never else _patience(rng, whole),
        balk=float(rng.choice([0.0, 0.0, 0.0, 0.3])),
        lines=float(rng.integers(2, 12)) if _chance(rng, 0.15) else math.inf,
        shares_lines=channel == "voice" and _chance(rng, 0.4),
        limit=float(rng.integers(0, 8)) if _chance(rng, 0.15) else math.inf,
        longest_wait=_span(rng, 60, 1800, whole) if _chance(rng, 0.15) else math.inf,
        priority=int(rng.integers(0, 3)),
        weight=float(rng.choice([1.0, 1.0, 2.0, 0.5])),
        threshold=float(rng.choice([0.0, 20.0, 60.0])),
        due=3600.0 * float(rng.integers(1, 30)) if deferred and _chance(rng, 0.5) else math.inf,
        start_over=deferred and _chance(rng, 0.3),
        rule=Rule(int(rng.integers(0, 4))),
        resolved=resolved,
        bot=_bot(rng, frame) if _chance(rng, 0.3) else None,
        retry=_retry(rng, whole, number, count) if _chance(rng, 0.5) else None,
        repeat=_repeat(rng, whole, number, count) if resolved == resolved else None,
        transfers=_transfers(rng, number, count),
        callback=_callback(rng, whole) if not deferred and _chance(rng, 0.3) else None,
    )


def _demand(
    rng: np.random.Generator, frame: _Frame, hours: Floats, mean: float, volume: float
) -> Demand:
    """Return expected, exact or recorded arrivals, mostly within the opening hours."""
    starts = np.arange(frame.intervals) * frame.interval_s
    inside = (starts[:, None] >= hours[:, 0]) & (starts[:, None] < hours[:, 1])
    expected = inside.any(axis=1) * rng.uniform(0.3, 1.7, frame.intervals)
    expected *= volume / max(expected.sum(), 1e-9)
    backlog = int(rng.integers(1, 9)) if _chance(rng, 0.25) else 0
    recorded = _chance(rng, 0.9 if frame.whole else 0.3)
    if not recorded:
        exact = _chance(rng, 0.4)
        return Demand(np.floor(expected + 0.5) if exact else expected, exact, backlog=backlog)
    instants = _recorded(rng, frame, hours, round(volume))
    talk = np.array([_span(rng, 0.3 * mean, 2 * mean, frame.whole) for _ in instants])
    talk[rng.random(talk.size) < 0.2] = math.nan
    patience = np.array([_span(rng, 20, 900, frame.whole) for _ in instants])
    patience[rng.random(patience.size) < 0.3] = math.nan
    counts = np.bincount((instants // frame.interval_s).astype(int), minlength=frame.intervals)
    return Demand(
        counts.astype(float),
        True,
        instants,
        talk if _chance(rng, 0.6) else None,
        patience if _chance(rng, 0.3) else None,
        backlog,
    )


def _recorded(rng: np.random.Generator, frame: _Frame, hours: Floats, count: int) -> Floats:
    lengths = hours[:, 1] - hours[:, 0]
    where = rng.choice(len(hours), count, p=lengths / lengths.sum())
    instants = hours[where, 0] + rng.random(count) * lengths[where]
    if frame.whole:
        minutes = rng.random(count) < 0.6
        instants = np.where(minutes, np.floor(instants / 60) * 60, np.floor(instants))
    if _chance(rng, 0.1):  # a few come when it is closed
        instants[: count // 10] = np.floor(rng.random(count // 10) * frame.days * frame.day_s)
    return np.sort(instants)


def _change(rng: np.random.Generator) -> Change:
    changes = (Change(), Change(0.5), Change(1.0, 30.0), Change(1.0, -60.0))
    return changes[int(rng.integers(4))]


def _bot(rng: np.random.Generator, frame: _Frame) -> Bot:
    left = float(rng.choice([0.0, 0.1]))
    out = np.empty((0, 2))
    if _chance(rng, 0.3):
        start = frame.hours[0, 0] + 600
        out = np.array([[start, start + 900], [start + 1200, start + 1500]])
    return Bot(
        tried=_share(rng),
        session=_law(rng, _span(rng, 10, 120, frame.whole), frame.whole),
        left=left,
        contained=float(rng.uniform(0, 0.9)),
        resolved=_share(rng),
        comes_back=_share(rng),
        comes_back_after=_law(rng, _span(rng, 60, 3600, frame.whole), frame.whole),
        handover=_change(rng),
        residual=float(rng.choice([1.0, 1.3])),
        outage=out,
        name="bot",
    )


def _retry(rng: np.random.Generator, whole: bool, number: int, count: int) -> Retry:
    delay = _law(rng, _span(rng, 10, 1800, whole), whole)
    at = number if _chance(rng, 0.8) else int(rng.integers(count))
    most = int(rng.integers(1, 5))
    return Retry(_share(rng), _share(rng), delay, most, at, _chance(rng, 0.5))


def _repeat(rng: np.random.Generator, whole: bool, number: int, count: int) -> Repeat | None:
    if _chance(rng, 0.3):
        return None
    delay = _law(rng, _span(rng, 60, 7200, whole), whole)
    at = number if _chance(rng, 0.7) else int(rng.integers(count))
    return Repeat(_share(rng), delay, int(rng.integers(1, 4)), at, _change(rng))


def _transfers(rng: np.random.Generator, number: int, count: int) -> tuple[Transfer, ...]:
    if count == 1 or _chance(rng, 0.65):
        return ()
    others = [k for k in range(count) if k != number]
    to = sorted(rng.choice(others, min(len(others), int(rng.integers(1, 3))), replace=False))
    share = float(rng.uniform(0.05, 0.5))
    return tuple(Transfer(int(k), share, _chance(rng, 0.5), _change(rng)) for k in to)


def _callback(rng: np.random.Generator, whole: bool) -> Callback:
    after, kept = _chance(rng, 0.6), _chance(rng, 0.5)
    later = _law(rng, _span(rng, 60, 1800, whole), whole)
    return Callback(
        offer_after=_span(rng, 10, 300, whole) if after else math.inf,
        offer_at=0 if after and _chance(rng, 0.7) else int(rng.integers(1, 5)),
        accepted=_share(rng),
        answered=_share(rng),
        tries=int(rng.integers(1, 4)),
        keeps_place=kept,
        delay=Law(LawKind.DETERMINISTIC, 0.0) if kept else later,
        dial=_small(rng, 20, whole, 0.9),
        again=_law(rng, _span(rng, 60, 1800, whole), whole),
    )


# -- groups ----------------------------------------------------------------------------------


def _groups(
    rng: np.random.Generator, frame: _Frame, queues: list[Queue], work: float
) -> list[Group]:
    count = int(rng.integers(1, 4))
    open_s = float((frame.hours[:, 1] - frame.hours[:, 0]).sum())
    agents = work / open_s * rng.uniform(0.6, 1.6) + 1
    shares = rng.dirichlet(np.full(count, 3.0)) * agents
    served = [sorted(_served(rng, len(queues))) for _ in range(count)]
    for k in range(len(queues)):  # nearly every queue is served by somebody
        if not any(k in each for each in served) and _chance(rng, 0.95):
            served[k % count] = sorted([*served[k % count], k])
    return [
        _group(rng, frame, queues, k, served[k], max(1, round(float(shares[k]))))
        for k in range(count)
    ]


def _served(rng: np.random.Generator, count: int) -> set[int]:
    return set(rng.choice(count, int(rng.integers(1, count + 1)), replace=False).tolist())


def _group(
    rng: np.random.Generator, frame: _Frame, queues: list[Queue], number: int,
    served: list[int], size: int,
) -> Group:  # fmt: skip
    later = _chance(rng, 0.25)
    skills = tuple(_skill(rng, frame.whole, k, not later) for k in served)
    shifts: tuple[Shift, ...] = ()
    headcount = None
    if frame.day_s == DAY and _chance(rng, 0.4):
        shifts = _shifts(rng, frame, size)
        scheduled = np.array([_planned(shifts, frame, i) for i in range(frame.intervals)])
    else:
        headcount = _headcount(rng, frame, size)
        scheduled = headcount.astype(np.float64)
    return Group(
        name=f"g{number}",
        skills=skills,
        scheduled=scheduled,
        headcount=headcount,
        shifts=shifts,
        agents=size if headcount is None else int(headcount.max(initial=0)),
        absent=float(rng.choice([0.0, 0.0, 0.2])),
        wrap_when_idle=later,
        hands_back=_chance(rng, 0.4),
        mixes=_mixes(rng, [queues[k].channel for k in served]),
        interrupts=_interrupts(rng, queues, served),
    )


def _skill(rng: np.random.Generator, whole: bool, queue: int, several: bool) -> Skill:
    at_once = int(rng.integers(2, 5)) if several and _chance(rng, 0.35) else 1
    first = float(rng.choice([1.0, 1.0, 0.5, 2.0, 1.25]))
    falls = rng.choice([1.0, 0.75, 0.5], at_once - 1) if whole else rng.uniform(0.4, 1, at_once - 1)
    speed = first * np.concatenate([[1.0], np.cumprod(falls)])
    return Skill(
        queue=queue,
        level=int(rng.integers(1, 4)),
        take=int(rng.integers(1, 4)),
        after=float(rng.choice([0.0, 0.0, 0.0, 20.0, 60.0, 120.0])),
        speed=speed,
        at_once=at_once,
        reserve=int(rng.choice([0, 0, 0, 0, 1, 2])),
        resolves=float(rng.choice([1.0, 0.8])),
    )


def _mixes(rng: np.random.Generator, channels: list[str]) -> frozenset[tuple[str, str]]:
    names = sorted(set(channels))
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :] if _chance(rng, 0.4)]
    return frozenset(pairs) | frozenset((b, a) for a, b in pairs)


def _interrupts(
    rng: np.random.Generator, queues: list[Queue], served: list[int]
) -> frozenset[tuple[int, int]]:
    works = [k for k in served if queues[k].deferred]
    lives = [k for k in served if not queues[k].deferred]
    return frozenset((w, k) for w in works for k in lives if _chance(rng, 0.6))


def _headcount(rng: np.random.Generator, frame: _Frame, size: int) -> np.ndarray:
    """Return a headcount that rises and falls, sometimes to zero, mostly in opening hours."""
    noise = np.repeat(rng.uniform(0.3, 1.5, frame.intervals), int(rng.integers(1, 4)))
    heads = np.rint(size * noise[: frame.intervals]).astype(np.int64)
    heads[rng.random(frame.intervals) < 0.05] = 0
    open_now = frame.is_open
    if _chance(rng, 0.3):  # one interval longer than the doors are open
        open_now = open_now | np.concatenate([[False], open_now[:-1]])
    return heads * open_now


def _shifts(rng: np.random.Generator, frame: _Frame, size: int) -> tuple[Shift, ...]:
    found = []
    grain = 900.0 if frame.whole else 1.0
    for agent in range(size):
        begin = frame.hours[0, 0] % DAY + grain * round(rng.uniform(-1800, 3600) / grain)
        length = grain * round(rng.uniform(3600, 4 * 3600) / grain)
        for day in range(frame.days):
            if day and _chance(rng, 0.2):
                continue
            start = max(0.0, day * DAY + begin)
            found.append(Shift(agent, day, start, start + length, _breaks(rng, start, length)))
    return tuple(sorted(found, key=lambda s: (s.day, s.start, s.agent)))


def _breaks(rng: np.random.Generator, start: float, length: float) -> Floats:
    """Return up to two breaks within a shift, one after the other."""
    count = int(rng.integers(0, 3))
    room = length / max(count, 1)
    begin = [
        start + room * k + 300 * float(rng.integers(0, int(room / 600) + 1)) for k in range(count)
    ]
    pairs = [(b, float(rng.choice([300.0, 600.0, 900.0]))) for b in begin]
    return np.array(
        [(b, min(s, start + room * (k + 1) - b)) for k, (b, s) in enumerate(pairs)], np.float64
    ).reshape(-1, 2)


def _planned(shifts: tuple[Shift, ...], frame: _Frame, interval: int) -> float:
    """Return the mean number of persons in a shift over an interval."""
    begin = interval * frame.interval_s
    end = begin + frame.interval_s
    inside = sum(max(0.0, min(end, s.end) - max(begin, s.start)) for s in shifts)
    return inside / frame.interval_s
