"""Estimates from January and February of a bank's call log, against its known values.

The log is that of the "Anonymous Bank" of the Technion (Guedj and Mandelbaum); it is not part of
the project.
"""

import csv
import datetime as dt
import gzip
import os
from pathlib import Path

import numpy as np
import pytest

from sim.history.estimation.agent_differences import agent_speeds
from sim.history.estimation.arrival_rates import counts_by_interval, unusual_days
from sim.history.estimation.day_bootstrap import DayBootstrap
from sim.history.estimation.day_variation import talk_variation, volume_variation
from sim.history.estimation.duration_models import duration_model
from sim.history.estimation.free_agents import free_agents
from sim.history.estimation.free_spans import FreeSpans
from sim.history.estimation.gap_after_contact import gap_estimate, waiting_gaps
from sim.history.estimation.gap_curve import GapCurve
from sim.history.estimation.patience_curve import patience_curve
from sim.history.estimation.patience_models import patience_models
from sim.history.estimation.presence_rule import PresenceRule
from sim.history.estimation.presences import agents_present, presences
from sim.history.estimation.quiet_readiness import quiet_readiness

DATA = Path(os.environ.get("CCPLAN_DATA", Path(__file__).resolve().parents[2] / "../shared/data"))
LOG = DATA / "anonymous_bank" / "calls_1999_jan_apr.csv.gz"
INTERVALS = DATA / "anonymous_bank" / "intervals_30min_jan_apr.csv.gz"
FIRST, DAYS = dt.date(1999, 1, 1), 59

pytestmark = pytest.mark.skipif(
    not LOG.exists(), reason="the bank's call log is not here; CCPLAN_DATA says where it is"
)


def rows_of(path):
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            day = (dt.date.fromisoformat(row["date"]) - FIRST).days
            if day < DAYS:
                yield day, row


class BankLog:
    def __init__(self) -> None:
        rows = list(rows_of(LOG))
        self.day = np.array([day for day, _ in rows])
        self.offered = np.array([float(row["t_offer"]) for _, row in rows])
        self.wait = np.array([float(row["wait"]) for _, row in rows])
        self.abandoned = np.array([row["outcome"] == "HANG" for _, row in rows])
        self.talk = np.array([float(row["ser_time"] or "nan") for _, row in rows])
        names = np.array([row["server"] for _, row in rows])
        self.agent = np.unique(names, return_inverse=True)[1] - 1  # "" is unknown
        self.instant = self.day * 86_400.0 + self.offered
        self.start, self.end = self.instant + self.wait, self.instant + self.wait + self.talk
        self.weekday = (FIRST.weekday() + np.arange(DAYS)) % 7
        self.bootstrap = DayBootstrap(self.day)


@pytest.fixture(scope="module")
def log():
    return BankLog()


@pytest.fixture(scope="module")
def answered(log):
    return np.flatnonzero(~log.abandoned & np.isfinite(log.talk))


def test_outages_are_named_and_busy_days_differ(log):
    counts = counts_by_interval(log.day, log.offered, DAYS)
    found = unusual_days(counts, log.weekday)
    named = {one.day for one in found}
    # 11 to 13 January: two days, then 90 minutes without a record.
    assert named >= {10, 11, 12}
    assert len(named) < 8
    usable = ~np.isin(np.arange(DAYS), list(named))
    variation = volume_variation(counts.sum(axis=1), log.weekday, usable)
    # Counts per hour vary 9 to 13 times more than Poisson; days, five to twenty hours long, more.
    assert (variation.cv.value / variation.sampling_cv) ** 2 > 8
    assert variation.memory.low > 0


def test_patience_is_not_exponential_and_half_wait_five_minutes(log):
    met = (log.wait > 0) | log.abandoned
    rows = np.flatnonzero(met)
    found = patience_curve(log.wait[met], log.abandoned[met], rows, log.bootstrap)
    assert 270 < found.median.low < found.median.high < 380  # 349 s over four months
    assert found.balk.high < 0.01
    models = patience_models(log.wait[met], log.abandoned[met], rows, log.bootstrap, cured=False)
    assert models[0].family == "lognormal"
    assert models[-1].family == "exponential"
    assert models[-1].aic - models[0].aic > 100


def test_talk_has_the_mean_and_short_share_that_are_known(log, answered):
    found = duration_model(log.talk[answered], answered, log.bootstrap, longest=3600.0)
    assert found.mean.value == pytest.approx(188, rel=0.07)  # over four months
    assert found.short.contains(0.06)
    assert found.clipped < 20
    day, talk = log.day[answered], np.minimum(log.talk[answered], 3600.0)
    factor = talk_variation(day, talk, np.full(talk.size, 180.0))
    assert 0.05 < factor.cv.value < 0.12  # 8 to 10 % in later months


@pytest.mark.parametrize("gap", [300, 900, 1800])
def test_agents_present_are_those_that_were_inferred_before(log, gap):
    known = log.agent >= 0
    found = presences(log.agent[known], log.start[known], log.end[known], float(gap))
    present = agents_present(found, DAYS)
    column = f"agents_g{gap}"
    before = np.array([
        (day, int(row["iv"]), float(row[column])) for day, row in rows_of(INTERVALS)
    ])  # fmt: skip
    off = present[before[:, 0].astype(int), before[:, 1].astype(int)] - before[:, 2]
    assert np.abs(off).mean() < 0.01


def test_agents_pause_half_a_minute_after_calls_though_customers_wait(log):
    means = {}
    for longest in (300.0, 900.0, 1800.0):
        gaps = waiting_gaps(log.instant, log.wait, log.agent, log.end, longest)
        found = gap_estimate(gaps, log.bootstrap, longest)
        assert found.median.value == pytest.approx(6, abs=1)
        means[longest] = found.mean.value
    assert means[300.0] < 36 < means[1800.0]  # 36 s in later months; how long depends on the rule


def test_many_free_agents_are_not_ready_when_it_is_quiet(log):
    known = np.flatnonzero(log.agent >= 0)
    spans = FreeSpans.of(log.agent[known], log.start[known], log.end[known], 900.0)
    able = np.ones((int(log.agent.max()) + 1, 1), dtype=bool)
    one = np.zeros(log.instant.size, dtype=int)
    agents = free_agents(
        spans, known, able, log.instant, log.wait, one, np.arange(log.instant.size),
        PresenceRule(np.empty(0), 0.0, np.ones(able.shape)),
    )  # fmt: skip
    gaps = waiting_gaps(log.instant, log.wait, log.agent, log.end, 900.0)
    gap = GapCurve.of(gap_estimate(gaps, log.bootstrap, 900.0))
    readiness = quiet_readiness(agents, log.instant, log.wait, gap, log.bootstrap)
    assert 0.2 < readiness.not_ready.value < 0.4
    assert 60 < readiness.length.value < 240
    some = readiness.contacts > 300
    some[0] = False
    assert np.abs(readiness.fitted - readiness.waited)[some].max() < 0.06


def test_agents_work_at_very_different_speeds(log, answered):
    talk = np.minimum(log.talk[answered], 3600.0)
    found = agent_speeds(log.agent[answered], log.day[answered], talk, np.full(talk.size, 180.0))
    busy = found.calls > 500
    assert 0.2 < found.spread.low < found.spread.high < 0.6
    # 0.7 to 2 times the mean.
    assert 0.4 < found.value[busy].min() < 0.8
    assert 1.2 < found.value[busy].max() < 2.0
