"""Make the artificial history that docs/forecast.md and its tests forecast from.

Usage: python -m scripts.artificial_history. Writes scenarios/history/shop.csv.gz: half hours of
a voice and a chat queue over 25 weeks, with holidays, two campaigns, a change of level, a day of
an outage, an afternoon of zeros that are missing values, and an incomplete last day.
"""

from __future__ import annotations

import datetime as dt
import gzip
import io
from pathlib import Path

import numpy as np

from sim.array_types import Floats

FILE = Path(__file__).resolve().parents[1] / "scenarios" / "history" / "shop.csv.gz"
FIRST, DAYS = dt.date(2026, 1, 5), 175
OPEN, SATURDAY = range(18, 34), range(20, 28)
"""Half hours of the opening hours."""
WEEKDAYS = (1.15, 1.0, 0.95, 0.95, 1.0, 0.8)
HOLIDAYS = {dt.date(2026, 1, 19): 0.6, dt.date(2026, 2, 16): 0.6, dt.date(2026, 5, 25): 0.25,
            dt.date(2026, 6, 19): 0.5}  # fmt: skip
CAMPAIGN = {dt.date(2026, month, day): 1.35 for month in (3, 5) for day in (11, 12, 13)}
NEW_LEVEL = dt.date(2026, 4, 6)
OUTAGE, MISSING = dt.date(2026, 2, 11), dt.date(2026, 4, 22)
SEED = 7


def volumes(mean: float, rng: np.random.Generator, saturday: bool) -> Floats:
    """Return counts by day and half hour of one queue."""
    means = np.zeros((DAYS, 48))
    busyness = 0.0
    for day in range(DAYS):
        date = FIRST + dt.timedelta(days=day)
        busyness = 0.5 * busyness + rng.normal(0, 0.05)
        if date.weekday() > (5 if saturday else 4):
            continue
        hours = SATURDAY if date.weekday() == 5 else OPEN
        level = mean * WEEKDAYS[date.weekday()] * np.exp(busyness)
        level *= 1.2 if date >= NEW_LEVEL else 1.0
        level *= HOLIDAYS.get(date, 1.0) * CAMPAIGN.get(date, 1.0)
        level *= 0.1 if date == OUTAGE else 1.0
        at = np.arange(len(hours)) / len(hours)
        means[day, hours] = level * (1 + 0.35 * np.sin(np.pi * at) + 0.15 * np.cos(4 * np.pi * at))
    counts = rng.poisson(means).astype(float)
    counts[(MISSING - FIRST).days, 26:32] = 0
    return counts


def text() -> str:
    """Return the history as CSV."""
    rng = np.random.default_rng(SEED)
    rows = ["interval_start,queue,channel,offered,answered,aht_s"]
    last = FIRST + dt.timedelta(days=DAYS - 3)  # a Friday, exported at 13:00
    for queue, channel, mean, aht in (("calls", "voice", 34, 260), ("chat", "chat", 9, 480)):
        counts = volumes(mean, rng, channel == "voice")
        for day in range(DAYS):
            date = FIRST + dt.timedelta(days=day)
            hours = SATURDAY if date.weekday() == 5 else OPEN
            if date > last or not counts[day].any():
                continue
            for at in hours:
                if date == last and at >= 26:
                    continue
                offered = int(counts[day, at])
                answered = int(rng.binomial(offered, 0.95))
                spread = 0.6 / np.sqrt(max(answered, 1))
                handle = round(aht * (1 + 0.06 * np.sin(at / 4)) * rng.gamma(spread**-2, spread**2))
                start = f"{date} {at // 2:02d}:{at % 2 * 30:02d}"
                shown = handle if answered else ""
                rows.append(f"{start},{queue},{channel},{offered},{answered},{shown}")
    return "\n".join(rows) + "\n"


def packed() -> bytes:
    """Return the history packed by gzip, without a time in it."""
    sink = io.BytesIO()
    with gzip.GzipFile(fileobj=sink, mode="wb", mtime=0) as file:
        file.write(text().encode())
    return sink.getvalue()


if __name__ == "__main__":
    FILE.write_bytes(packed())
    print(f"wrote {FILE.name}")
