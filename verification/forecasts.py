"""Forecasts of the volumes of two banks: errors of a rolling back-test, and coverage.

Run as ``python -m verification.forecasts``; ``make verify`` does. The volumes are read where
CCPLAN_DATA points, or from ``../shared/data``; only aggregates are shown. Sources: "Anonymous
Bank" call-by-call log of the Technion (Guedj, Mandelbaum); five-minute counts of a North American
bank (Weinberg, Brown, Stroud 2007).
"""

import csv
import datetime as dt
import gzip
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from sim.history.forecast import CHOSEN, METHODS, QueueForecast, forecast
from sim.history.named_days import holidays_of
from sim.history.volume_history import VolumeHistory, infer_open
from verification import forecast_coverage

DATA = Path(os.environ.get("CCPLAN_DATA", Path(__file__).parents[2] / "shared" / "data"))
Row = tuple[dt.date, int, float]


def five_minutes(row: dict[str, str]) -> Row:
    """Return day, minute and calls of a row of five-minute counts."""
    time = dt.datetime.fromisoformat(row["DateTime"])
    return time.date(), time.hour * 60 + time.minute, float(row["Calls"])


def one_call(row: dict[str, str]) -> Row:
    """Return day, minute and 1 of a row of the call log."""
    return dt.date.fromisoformat(row["date"]), int(row["t_offer"]) // 60, 1.0


SERIES: dict[str, tuple[str, Callable[[dict[str, str]], Row], int, str]] = {
    "half hours of a North American bank, March to June 2003": (
        "us_bank_2003/calls_5min_mar_jun.csv.gz",
        five_minutes,
        30,
        "US",
    ),
    "hours of the Anonymous Bank, January to April 1999": (
        "anonymous_bank/calls_1999_jan_apr.csv.gz",
        one_call,
        60,
        "IL",
    ),
}
MOST_OF_MEDIAN = 0.95
"""Share of the error of the median of six same weekdays that the choice may have a day ahead."""


def volumes(file: str, row_of: Callable[[dict[str, str]], Row], minutes: int) -> VolumeHistory:
    """Read a file into counts by day and interval."""
    with gzip.open(DATA / file, "rt", encoding="utf-8") as lines:
        rows = [row_of(row) for row in csv.DictReader(lines)]
    first = min(day for day, _, _ in rows)
    days = (max(day for day, _, _ in rows) - first).days + 1
    counts = np.zeros((days, 1440 // minutes))
    for day, minute, number in rows:
        if minute < 1440:
            counts[(day - first).days, minute // minutes] += number
    return VolumeHistory("calls", "voice", first, minutes, counts, infer_open(counts, first))


def table(found: QueueForecast) -> Iterator[str]:
    """Errors of all methods in percent (WAPE of intervals, bias), then coverage, as Markdown."""
    tested = found.back_test
    titles = list(tested.days)
    yield f"| method | {' | '.join(titles)} |\n|---|{'---:|' * len(titles)}"
    for name in (*METHODS, CHOSEN):
        errors = [tested.error(name, title) for title in titles]
        cells = ["" if e is None else f"{100 * e.wape:.2f} ({100 * e.bias:+.1f})" for e in errors]
        yield f"| {name} | {' | '.join(cells)} |"
    yield f"| Poisson noise alone | {' | '.join([f'{100 * tested.poisson_wape:.2f}'] * 3)} |"
    for what in ("intervals", "days", "weeks"):
        cells = [f"{100 * choice.coverage[what]:.1f}" for choice in found.choices]
        yield f"| coverage of 90 % intervals, {what} | {' | '.join(cells).replace('nan', '')} |"


def main() -> int:
    """Print the tables; return 1 when the choice errs more than it may."""
    failed = False
    for title, (file, row_of, minutes, country) in SERIES.items():
        if not (DATA / file).exists():
            sys.stdout.write(f"{title}: not tested, {file} is not there\n")
            continue
        history = volumes(file, row_of, minutes)
        named = holidays_of(country, history.first_day, history.last_day).names
        for holidays in ({}, named):
            found = forecast(history, holidays=holidays)
            known = f"holidays of {country} named" if holidays else "no holidays named"
            sys.stdout.write("\n".join([f"\n{title}, {known}\n", *table(found)]) + "\n")
        errors = {e.method: e.wape for e in found.back_test.errors if e.horizon == "1 day"}
        failed |= errors[CHOSEN] > MOST_OF_MEDIAN * errors["median of six"]
        failed |= not 0.87 <= found.choices[0].coverage["intervals"] <= 0.935
    return int(failed) or forecast_coverage.main()


if __name__ == "__main__":
    sys.exit(main())
