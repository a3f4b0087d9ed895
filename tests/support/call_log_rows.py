"""Rows of a small call log of eight weeks, with days and records that are no ordinary ones."""

import csv
import datetime as dt
import io

import numpy as np

FIRST, DAYS = dt.date(2026, 3, 2), 56
TITLES = ("Call ID", "Start time", "Queue", "Waited", "Outcome", "Talk", "Wrap", "Agent")
CLOSED, NEARLY_EMPTY = FIRST + dt.timedelta(days=22), FIRST + dt.timedelta(days=31)


def contacts(days=DAYS):
    """Rows of a log: two queues from Monday to Saturday, one of them with a call now and then."""
    rng = np.random.default_rng(11)
    found = []
    for date in (FIRST + dt.timedelta(days=day) for day in range(days)):
        if date.weekday() == 6 or date == CLOSED:
            continue
        for queue, mean in (("billing", 60), ("orders", 25), ("vip", 1.2)):
            mean = mean / 20 if date == NEARLY_EMPTY else mean
            for second in np.sort(rng.integers(9 * 3600, 15 * 3600, rng.poisson(mean))).tolist():
                kind = rng.choice(
                    ["answered", "abandoned", "blocked", "phantom", "ivr", "transfer"],
                    p=[0.75, 0.1, 0.03, 0.04, 0.04, 0.04],
                )
                served = kind == "answered"
                at = dt.datetime.combine(date, dt.time()) + dt.timedelta(seconds=second)
                found.append((
                    len(found), at, queue, "" if kind == "ivr" else int(rng.integers(0, 90)), kind,
                    int(rng.integers(20, 500)) if served else "",
                    int(rng.integers(5, 60)) if served and rng.random() < 0.8 else "",
                    f"Ann {rng.integers(5)}" if served else "",
                ))  # fmt: skip
    return found


def as_csv(titles, rows):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(titles)
    writer.writerows(rows)
    return text.getvalue()
