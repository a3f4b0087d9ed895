"""A recorded week of a bank's call center, simulated with its own arrivals and talk times.

The record is the "Anonymous Bank" call-by-call log of the Technion (Guedj, Mandelbaum), free to
use with acknowledgement. It is read where CCPLAN_DATA points, and only aggregates are shown.
"""

import csv
import gzip
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.experiment import Result, simulate
from sim.metrics.tally_fields import LegSum
from sim.scenario import Scenario

Floats = npt.NDArray[np.float64]

ROOT = Path(__file__).resolve().parents[1]
WEEK = date(1999, 4, 11)
DAYS = 7
GAPS = (300, 900, 1800)
SLOT_S = 300
MOST_TALK_S = 3600.0
BANDS = ((7, 10), (10, 13), (13, 16), (16, 20), (20, 24))


@dataclass(frozen=True)
class Calls:
    """Recorded calls in order of arrival.

    Attributes
    ----------
    day : ndarray of int
        Days since the first of the record.
    start, wait, talk : ndarray
        Second of the day of arrival, wait and talk (s); talk is NaN for those who hung up.
    server : ndarray of str
    """

    day: npt.NDArray[np.int64]
    start: Floats
    wait: Floats
    talk: Floats
    server: npt.NDArray[np.str_]

    @property
    def answered(self) -> npt.NDArray[np.bool_]:
        """Which calls an agent answered."""
        return ~np.isnan(self.talk)

    def of(self, chosen: npt.NDArray[np.bool_]) -> "Calls":
        """Return some of the calls."""
        return Calls(self.day[chosen], self.start[chosen], self.wait[chosen], self.talk[chosen],
                     self.server[chosen])  # fmt: skip


FIRST = date(1999, 1, 1)


def data_folder() -> Path | None:
    """Return the folder of recorded contacts, None where there is none."""
    named = os.environ.get("CCPLAN_DATA")
    places = [Path(named)] if named else [ROOT / "data", ROOT.parent / "shared" / "data"]
    return next((place for place in places if (place / "anonymous_bank").is_dir()), None)


def read_calls(folder: Path) -> Calls:
    """Read the call-by-call log."""
    rows = list(_rows(folder / "anonymous_bank" / "calls_1999_jan_apr.csv.gz"))
    day = np.array([(date.fromisoformat(r["date"]) - FIRST).days for r in rows])
    start = np.array([float(r["t_offer"]) for r in rows])
    order = np.lexsort((start, day))
    talk = [float(r["ser_time"] or "nan") if r["outcome"] == "AGENT" else np.nan for r in rows]
    return Calls(
        day[order], start[order], np.array([float(r["wait"]) for r in rows])[order],
        np.minimum(np.array(talk), MOST_TALK_S)[order],
        np.array([r["server"] for r in rows])[order],
    )  # fmt: skip


def read_staff(folder: Path, gap: int) -> Floats:
    """Read the agents inferred with one gap rule, shape (days of the week, 48)."""
    staff = np.zeros((DAYS, 48))
    for r in _rows(folder / "anonymous_bank" / "intervals_30min_jan_apr.csv.gz"):
        k = (date.fromisoformat(r["date"]) - WEEK).days
        if 0 <= k < DAYS:
            staff[k, int(r["iv"])] = float(r[f"agents_g{gap}"])
    return staff


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", newline="") as file:
        yield from csv.DictReader(file)


def patience_points(calls: Calls, many: int = 40) -> list[list[float]]:
    """Estimate the distribution of patience from waits (Kaplan and Meier 1958).

    Returns
    -------
    list of [seconds, cumulative probability]
        At the longest recorded wait the last hang up.
    """
    waits, place = np.unique(calls.wait, return_inverse=True)
    left = np.bincount(place, ~calls.answered)
    at_risk = np.cumsum(np.bincount(place)[::-1])[::-1]
    gone = 1 - np.cumprod(1 - left / at_risk)
    # The tail of a few calls says nothing.
    last = int(np.sum(at_risk >= 50))
    marks = np.unique(np.searchsorted(gone[:last], np.linspace(0, gone[last - 1], many)))
    points = {float(waits[k]): float(gone[k]) for k in marks}
    # No recorded wait is longer, not even at night without agents.
    points[float(waits[-1])] = 1.0
    return [[0.0, 0.0], *([t, u] for t, u in sorted(points.items()) if t > 0)]


def gap_points(calls: Calls, longest: float, many: int = 30) -> list[list[float]]:
    """Estimate how long an agent takes from one call to the next while two or more wait.

    Returns
    -------
    list of [seconds, cumulative probability]
    """
    gaps: list[Floats] = []
    for day in np.unique(calls.day):
        today = calls.of(calls.day == day)
        came, went = np.sort(today.start), np.sort(today.start + today.wait)
        taken = today.of(today.answered)
        for name in np.unique(taken.server):
            own = taken.of(taken.server == name)
            begin = np.sort(own.start + own.wait)
            end = (own.start + own.wait + own.talk)[np.argsort(own.start + own.wait)]
            waiting = np.searchsorted(came, end[:-1], "right") - np.searchsorted(
                went, end[:-1], "right"
            )
            gap = begin[1:] - end[:-1]
            gaps.append(gap[(waiting >= 2) & (gap >= 0) & (gap <= longest)])
    shares = np.linspace(0, 1, many)
    values = np.quantile(np.concatenate(gaps), shares)
    return [[float(x), float(u)] for x, u in zip(values, shares, strict=True)]


def bank_week(folder: Path, gap: int, into: Path) -> Scenario:
    """Build the scenario of the recorded week.

    Parameters
    ----------
    folder : Path
        Recorded contacts.
    gap : int
        Rule (s) by which agents were inferred: away when no call came for longer.
    into : Path
        Folder for the files that the scenario names.

    Notes
    -----
    Patience, gaps between calls and the talk of those who hung up are estimated from the other
    weeks. Half an agent is an agent for half of the slots of five minutes.
    """
    import tomlkit

    calls, first = read_calls(folder), (WEEK - FIRST).days
    this = (calls.day >= first) & (calls.day < first + DAYS)
    week, others = calls.of(this), calls.of(~this)
    with (into / "calls.csv").open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["at", "talk_s"])
        for at, talk in zip((week.day - first) * 86400 + week.start, week.talk, strict=True):
            out.writerow([f"{at:g}" if at < 1e5 else f"{at:.0f}", "" if np.isnan(talk) else talk])
    slots = in_slots(read_staff(folder, gap))
    known = others.talk[others.answered]
    queue = {
        "volume": {"recorded": "calls.csv:at", "talk": "calls.csv:talk_s"},
        "talk": {"law": "lognormal", "mean": float(known.mean()),
                 "cv": float(known.std() / known.mean())},
        "wrap": {"law": "points", "points": _as_text(gap_points(others, gap))},
        "patience": {"law": "points", "points": _as_text(patience_points(others))},
    }  # fmt: skip
    tables = {
        "center": {"name": "A bank's week", "first_day": WEEK, "days": DAYS, "open": "always",
                   "interval": "5min", "at_close": "serve"},
        "queue": {"calls": queue},
        "group": {"agents": {"agents": slots.tolist(), "skills": {"calls": 1}}},
    }  # fmt: skip
    return Scenario.parse(tomlkit.dumps(tables), into)


def in_slots(staff: Floats) -> npt.NDArray[np.int64]:
    """Turn fractional agents per half hour into whole ones per slot of five minutes."""
    each = 1800 // SLOT_S
    whole = np.floor(staff)[..., None]
    part = np.rint((staff - np.floor(staff)) * each)[..., None]
    return (whole + (np.arange(each) < part)).astype(np.int64).ravel()


def _as_text(points: list[list[float]]) -> list[list[str]]:
    return [[f"{x:.6g}s", f"{100 * u:.8g}%"] for x, u in points]


@dataclass(frozen=True)
class WeekComparison:
    """Recorded and simulated values of the half hours of the week, shape (days, 48)."""

    offered: Floats
    abandoned: Floats
    waited: Floats
    abandoned_sim: Floats
    waited_sim: Floats

    def line(self, name: str, chosen: tuple[int | slice, int | slice]) -> str:
        """Return a row of the table for some days and half hours."""
        n = self.offered[chosen].sum()
        return (
            f"| {name} | {n:.0f} | {self.waited[chosen].sum() / n:.0f} | "
            f"{self.waited_sim[chosen].sum() / n:.0f} | {self.abandoned[chosen].sum() / n:.1%} | "
            f"{self.abandoned_sim[chosen].sum() / n:.1%} |"
        )

    @property
    def correlation(self) -> float:
        """Correlation of mean waits over half hours with at least 20 calls."""
        busy = self.offered >= 20
        n = self.offered[busy]
        return float(np.corrcoef(self.waited[busy] / n, self.waited_sim[busy] / n)[0, 1])


def compare_week(folder: Path, result: Result) -> WeekComparison:
    """Compare the simulated week with the recorded one."""
    calls, first = read_calls(folder), (WEEK - FIRST).days
    week = calls.of((calls.day >= first) & (calls.day < first + DAYS))
    cell = (week.day - first) * 48 + (week.start // 1800).astype(np.int64)

    def total(amount: npt.NDArray[Any]) -> Floats:
        return np.asarray(np.bincount(cell, amount, minlength=DAYS * 48).reshape(DAYS, 48))

    sums = result.tallies.legs[:, :, 0].mean(axis=0)
    halves = sums.reshape(sums.shape[0], DAYS, 48, -1).sum(axis=3)
    return WeekComparison(
        total(np.ones(cell.size)), total(1.0 - week.answered), total(week.wait),
        halves[LegSum.ABANDONED], halves[LegSum.WAIT_ANSWERED] + halves[LegSum.WAIT_ABANDONED],
    )  # fmt: skip


def simulate_week(folder: Path, gap: int, runs: int, workers: int | None = None) -> WeekComparison:
    """Simulate the recorded week and compare it with the record."""
    with TemporaryDirectory() as into:
        center = bank_week(folder, gap, Path(into))
    return compare_week(folder, simulate(center, runs=runs, seed=1, workers=workers))


def report(runs: int = 20, workers: int | None = None) -> str:
    """Return the results of the recorded week, as Markdown; the reason if there is no data."""
    folder = data_folder()
    if folder is None:
        return "No recorded data here: CCPLAN_DATA names its folder."
    found = {gap: simulate_week(folder, gap, runs, workers) for gap in GAPS}
    every = (slice(None), slice(None))
    head = ["| {} | calls | wait s | simulated | abandoned | simulated |",
            "|---|--:|--:|--:|--:|--:|"]  # fmt: skip
    rules = [f.line(f"gaps up to {gap // 60} min", every) for gap, f in found.items()]
    tracks = "; ".join(f"{gap // 60} min {f.correlation:.2f}" for gap, f in found.items())
    best = min(found, key=lambda g: abs(found[g].waited_sim.sum() - found[g].waited.sum()))
    chosen = found[best]
    days = [chosen.line(f"{WEEK + timedelta(k):%A}", (k, slice(None))) for k in range(DAYS)]
    bands = [chosen.line(f"{a}:00 to {b}:00", (slice(None), slice(2 * a, 2 * b)))
             for a, b in BANDS]  # fmt: skip
    parts = [
        f"One week of a bank ({WEEK}, the Technion's Anonymous Bank log) with its recorded "
        f"arrivals and talk times, {runs} replications. Patience and the pause between calls "
        "come from the other weeks. Agents on duty were not recorded but inferred from the "
        "gaps between their calls, which is the largest doubt: every rule is shown.",
        "\n".join([head[0].format("agents inferred from"), head[1], *rules]),
        f"Correlation of mean waits over half hours of at least 20 calls: {tracks}. By day and "
        f"time of day, with gaps up to {best // 60} min:",
        "\n".join([head[0].format("day"), head[1], *days]),
        "\n".join([head[0].format("time of day"), head[1], *bands]),
    ]
    return "\n\n".join(parts)
