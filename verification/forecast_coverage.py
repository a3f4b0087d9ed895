"""Coverage of prediction intervals over many artificial histories whose later weeks are known."""

import datetime as dt
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.array_types import Floats
from sim.history.forecast import QueueForecast, forecast
from sim.history.volume_history import VolumeHistory, infer_open

MONDAY = dt.date(2024, 1, 1)
HISTORIES, DAYS, AHEAD = 80, 118, 28
WEEKDAYS = np.array([1.3, 1.1, 1.0, 0.95, 1.05, 0.4, 0.0])
HOURS = np.arange(24)
PROFILE = np.where((HOURS >= 8) & (HOURS < 20), 1 + 0.75 * np.sin(HOURS), 0.0)
LEAST, MOST = 0.8, 0.97
"""Coverage that days and weeks may have; 80 independent histories are behind it."""


@dataclass(frozen=True)
class World:
    """How volumes come about.

    Parameters
    ----------
    hourly : float
        Contacts of an ordinary hour.
    drift : float
        Standard deviation by which the log of the level moves in a day.
    cv, memory : float
        Busyness of days.
    odd : float
        Share of days with a fifth of their contacts, such as holidays without a name.
    """

    hourly: float
    drift: float
    cv: float
    memory: float
    odd: float = 0.0


WORLDS = {
    "level moves by 1.2 % a day, busyness 6 %": World(40, 0.012, 0.06, 0.5),
    "steady level, busyness 10 % with memory": World(40, 0.0, 0.10, 0.6),
    "few contacts, level moves by 2.5 %, holidays": World(8, 0.025, 0.08, 0.2, 0.025),
    "many contacts, level moves by 0.6 %, holidays": World(100, 0.006, 0.05, 0.7, 0.025),
}


def counts_of(world: World, random: np.random.Generator) -> Floats:
    """Contacts by day and hour, of the history and the weeks after it."""
    days = DAYS + AHEAD
    busy = np.zeros(days)
    shocks = random.normal(size=days)
    busy[0] = shocks[0]
    for day in range(1, days):
        busy[day] = world.memory * busy[day - 1] + np.sqrt(1 - world.memory**2) * shocks[day]
    level = np.cumsum(random.normal(size=days) * world.drift)
    means = WEEKDAYS[np.arange(days) % 7, None] * PROFILE * world.hourly
    means = means * np.exp(world.cv * busy + level)[:, None]
    means[random.random(days) < world.odd] *= 0.2
    counts: Floats = random.poisson(means).astype(float)
    return counts


def inside(found: QueueForecast, later: Floats) -> Iterator[tuple[str, Floats, Floats, Floats]]:
    """Whether later counts were inside, width and error over what was expected, by horizon."""
    days, weeks = later.sum(axis=1), later.sum(axis=1).reshape(4, 7).sum(axis=1)
    for name, band, actual, parts in (
        ("intervals", found.intervals, later, ((0, 7), (7, 28))),
        ("days", found.days, days, ((0, 7), (7, 28))),
        ("weeks", found.weeks, weeks, ((0, 1), (1, 4))),
    ):
        for title, (first, last) in zip(("1 week", "4 weeks"), parts, strict=True):
            part = slice(first, last)
            expected = band.expected[part]
            is_open = expected > 0
            low, high, true = (x[part][is_open] for x in (band.low, band.high, actual))
            expected = expected[is_open]
            yield (
                f"{name}, {title}",
                (true >= low) & (true <= high),
                (high - low) / expected.mean(),
                (true - expected) / expected.mean(),
            )


def coverage(world: World) -> dict[str, tuple[float, float, float]]:
    """Return coverage, width, and width of the same coverage were all errors known before."""
    random = np.random.default_rng(11)
    parts: dict[str, list[tuple[Floats, Floats, Floats]]] = {}
    for _ in range(HISTORIES):
        counts = counts_of(world, random)
        is_open = infer_open(counts, MONDAY)[:DAYS]
        history = VolumeHistory("calls", "voice", MONDAY, 60, counts[:DAYS], is_open)
        for title, *values in inside(forecast(history, AHEAD), counts[DAYS:]):
            parts.setdefault(title, []).append((values[0], values[1], values[2]))
    found = {}
    for title, rows in parts.items():
        covered, width, error = (np.concatenate([row[k] for row in rows]) for k in range(3))
        low, high = np.quantile(error, [0.05, 0.95])
        found[title] = (float(covered.mean()), float(width.mean()), float(high - low))
    return found


def main() -> int:
    """Print the table; return 1 where coverage of days or weeks is outside its bounds."""
    failed = False
    titles = "world | what | coverage | mean width | width needed"
    sys.stdout.write(f"\n| {titles} |\n|---|---|---:|---:|---:|\n")
    for name, world in WORLDS.items():
        for title, (covered, width, needed) in coverage(world).items():
            cells = f"{100 * covered:.1f} % | {100 * width:.0f} % | {100 * needed:.0f} %"
            sys.stdout.write(f"| {name} | {title} | {cells} |\n")
            failed |= not LEAST <= covered <= MOST and not title.startswith("intervals")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
