"""Hour, agent and day are taken off talk once each: what a scenario multiplies is what it was."""

import datetime as dt
from types import SimpleNamespace

import numpy as np
import pytest

import sim
from sim.history.calibration.representative_persons import (
    of_all_contacts,
    representative_persons,
    speed_over_contacts,
)
from sim.history.calibration.scenario_tables import persons_of
from sim.history.calibration.talk_by_hour import WORTH_SAYING, talk_by_hour, talk_by_hour_comment
from sim.history.calibration.talk_estimates import estimate_talk
from sim.history.call_log import CallLog, CallOutcome
from sim.history.estimation.day_bootstrap import DayBootstrap
from sim.scenario.distribution import Distribution

HOURS = np.arange(8, 18)
CV = 0.8


def _log(day, hour, agent, talk, queue=None, days=None):
    """Return a log of answered contacts; agents from -1."""
    n, count = talk.size, int(day.max()) + 1 if days is None else days
    queue = np.zeros(n, dtype=np.int64) if queue is None else queue
    empty = np.full(n, -1)
    return CallLog(
        dt.date(2026, 3, 2), day, 3600.0 * hour + 60, queue,
        tuple(f"q{k}" for k in range(int(queue.max()) + 1)), np.zeros(n),
        np.full(n, CallOutcome.ANSWERED), talk, agent,
        tuple(f"A{k}" for k in range(int(agent.max()) + 1)), empty, np.full(n, np.nan),
        np.ones(count, dtype=bool),
    )  # fmt: skip


def _estimated(log, *groups):
    records = tuple(SimpleNamespace(agents=np.array(one)) for one in groups)
    return estimate_talk(log, records, DayBootstrap(log.day), log.day_used)


def _lognormal(rng, size, cv=CV):
    s2 = np.log1p(cv**2)
    return rng.lognormal(-s2 / 2, np.sqrt(s2), size)


def _late_and_fast(hourly=0.0, days=0.08, agents=16, size=40_000):
    """Return a log whose fast agents work late, and what is expected of its contacts."""
    rng = np.random.default_rng(1)
    day, hour = rng.integers(0, 40, size), rng.choice(HOURS, size)
    late = rng.random(size) < (hour - 8) / 9
    agent = np.where(late, agents // 2, 0) + rng.integers(0, agents // 2, size)
    speed = np.repeat([0.8, 1.25], agents // 2) * np.exp(rng.normal(0, 0.12, agents))
    of_day = np.exp(rng.normal(0, days, 40))
    shape = 1 + hourly * (13 - hour) / 5
    expected = 200.0 * shape * of_day[day] / speed[agent]
    talk = expected * _lognormal(rng, size)
    talk[rng.random(size) < 0.04] = 0.0
    return _log(day, hour, agent, talk), shape


def _by_hour(values, hour):
    return np.bincount(hour, values, 24)[HOURS] / np.bincount(hour, minlength=24)[HOURS]


@pytest.mark.parametrize("hourly", [0.0, 0.2])
def test_hours_have_their_means_and_those_of_the_same_agents_not_who_works(hourly):
    log, shape = _late_and_fast(hourly=hourly)
    found = _estimated(log, range(16))
    hour = (log.offered // 3600).astype(int)
    written = found.models[0].mean.value * found.by_hour[0][HOURS]
    recorded = _by_hour(log.talk, hour)
    assert recorded[0] / recorded[-1] > 1.3
    assert written == pytest.approx(recorded, rel=0.01)
    same = found.by_hour_of_same_agents[0]
    true = _by_hour(shape, hour)
    assert same[HOURS] / same[12] == pytest.approx(true / true[4], rel=0.05)


def test_variation_is_that_of_one_agent_hour_and_day():
    log, _ = _late_and_fast(hourly=0.4, days=0.25)
    found = _estimated(log, range(16))
    model, talk = found.models[0], log.talk
    raw = talk.std() / talk.mean()
    with_zeros = np.sqrt((1 + CV**2) / 0.96 - 1)
    assert raw > 1.1 * with_zeros
    assert model.cv.value == pytest.approx(with_zeros, rel=0.03)
    assert model.cv.contains(with_zeros)
    text = Distribution.model_validate(model.text)
    assert model.best == "lognormal"
    assert model.fits[0].cv == pytest.approx(CV, rel=0.03)
    assert text.cv == pytest.approx(with_zeros, rel=0.03)
    # Mean and zeros are those of the log.
    assert text.mean == pytest.approx(talk.mean(), rel=0.002)
    assert model.mean.value == pytest.approx(talk.mean())
    assert model.zero.value == pytest.approx((talk == 0).mean())


def test_hours_agents_and_days_with_few_contacts_do_not_take_variation_away():
    """All are alike; agents have 20 contacts, days 50: their own means take 4 % off the CV."""
    rng = np.random.default_rng(2)
    cvs = []
    for _ in range(20):
        n = 600
        agent, day = np.arange(n) % 30, np.arange(n) // 50
        log = _log(day, rng.choice(HOURS, n), agent, 200 * _lognormal(rng, n, 0.5))
        model = _estimated(log, range(30)).models[0]
        cvs.append(model.cv.value / (log.talk.std() / log.talk.mean()))
    assert 0.975 < np.mean(cvs) < 1.01


def test_groups_that_work_at_other_hours_do_not_count_in_hours_and_speeds():
    rng = np.random.default_rng(3)
    n = 40_000
    day, hour = rng.integers(0, 40, n), rng.choice(HOURS, n)
    group = (rng.random(n) < (hour - 8) / 9).astype(int)
    agent = group * 8 + rng.integers(0, 8, n)
    queue = ((group == 0) & (rng.random(n) < 0.4)).astype(int)
    talk = np.array([200.0, 120.0])[queue] / np.array([0.85, 1.2])[group] * _lognormal(rng, n)
    log = _log(day, hour, agent, talk, queue)
    found = _estimated(log, range(8), range(8, 16))
    mine = queue == 0
    means = np.bincount(queue, talk) / np.bincount(queue)
    marginal = _by_hour(talk[mine], hour[mine]) / means[0]
    assert np.ptp(marginal) > 0.3
    assert found.by_hour == pytest.approx(1.0, abs=0.04)
    speeds = found.speeds
    simulated = means[queue] * speeds.group_factor_of(queue, group) * found.by_hour[queue, hour]
    assert _by_hour(simulated[mine], hour[mine]) == pytest.approx(marginal * means[0], rel=0.03)
    assert np.bincount(queue, simulated) == pytest.approx(np.bincount(queue, talk), rel=0.002)
    assert found.models[0].cv.value == pytest.approx(CV, rel=0.03)


def test_contacts_without_an_agent_count_as_those_of_usual_ones():
    log, _ = _late_and_fast()
    unknown = np.random.default_rng(4).random(len(log)) < 0.2
    found = _estimated(log._with({"agent": np.where(unknown, -1, log.agent)}), range(16))
    assert found.models[0].mean.value == pytest.approx(log.talk.mean())
    # A fifth has the variation between agents as well.
    every, apart = _estimated(log, range(16)).models[0].cv.value, log.talk.std() / log.talk.mean()
    assert every < found.models[0].cv.value < every + 0.4 * (apart - every)
    speeds = found.speeds
    factor = speeds.group_factor_of(np.zeros(2, dtype=int), np.array([-1, 0]))
    assert factor == pytest.approx(1.0)
    assert speeds.speed_of(np.array([-1]), 16) == pytest.approx(1.0)


def test_no_agents_and_queues_without_talk_have_plain_estimates():
    rng = np.random.default_rng(5)
    n = 400
    day, queue = np.arange(n) % 10, np.arange(n) % 2
    talk = np.where(queue == 0, 200 * _lognormal(rng, n), 0.0)
    log = _log(day, rng.choice(HOURS, n), np.full(n, -1), talk, queue)
    found = _estimated(log)
    assert found.models[1] is None
    assert found.models[0].mean.value == pytest.approx(talk[queue == 0].mean())
    assert found.by_hour == pytest.approx(1.0, abs=0.2)
    assert found.speeds.agent.size == 0


def test_hours_say_what_of_them_is_who_works():
    log, _ = _late_and_fast()
    found = _estimated(log, range(16))
    queue = SimpleNamespace(
        name="calls", talk_by_hour=found.by_hour[0],
        talk_by_hour_of_same_agents=found.by_hour_of_same_agents[0],
    )  # fmt: skip
    rows = talk_by_hour(SimpleNamespace(log=log, queues=(queue,)))
    assert [one.hour for one in rows] == HOURS.tolist()
    assert rows[-1].as_written < 0.9 < rows[-1].same_agents
    assert rows[0].document()["as_written"] == pytest.approx(rows[0].as_written, abs=1e-4)
    assert "same agents" in talk_by_hour_comment(queue)
    near = (1 + WORTH_SAYING / 2) * found.by_hour[0]
    queue.talk_by_hour_of_same_agents = near
    assert talk_by_hour_comment(queue) == ""
    queue.talk_by_hour = queue.talk_by_hour_of_same_agents = np.ones(24)
    assert talk_by_hour(SimpleNamespace(log=log, queues=(queue,))) == ()


@pytest.mark.parametrize("busy", [0.0, 0.6, 1.0])
def test_contacts_of_all_persons_take_as_long_as_with_speed_one(busy):
    longer = 1 / of_all_contacts(np.array([0.6, 0.9, 1.0, 1.2, 1.7]), busy)
    taken = 1 / (busy * longer + 1 - busy)
    assert np.average(longer, weights=taken) == pytest.approx(1.0)
    mean = speed_over_contacts(0.3, busy)
    assert mean == pytest.approx(1 + (1 - busy) * 0.3**2, abs=0.006)


def test_persons_make_the_simulated_mean_of_talk_that_of_the_scenario():
    """Every talk of 100 s takes 100 s / speed; half of the time is talk."""
    tables = {
        "center": {"name": "W", "days": 5, "open": "08:00-18:00"},
        "queue": {"calls": {"volume": 90, "talk": "deterministic 100s"}},
        "group": {
            "team": {"agents": 10, "skills": {"calls": 1},
                     "persons": representative_persons(0.3, 10, busy=0.5)},
        },
    }  # fmt: skip
    talk = sim.simulate(sim.load(tables), runs=1, workers=1).log().legs.talk_s
    assert np.nanmean(talk[talk > 0]) == pytest.approx(100.0, rel=0.01)


def test_the_first_persons_differ_as_all_do():
    speeds = np.array([
        float(one["speed"].rstrip("%")) / 100 for one in representative_persons(0.2, 40)
    ])  # fmt: skip
    for first in range(6, 40):
        assert speeds[:first].std() == pytest.approx(speeds.std(), rel=0.3)
        assert speeds[:first].mean() == pytest.approx(1.0, abs=0.03)


def test_persons_who_are_seldom_on_duty_count_less():
    agents = [1] * 30 + [2] * 15 + [5] * 5
    persons = persons_of(0.3, agents, speed=0.8, busy=0.6)["persons"]
    longer = 0.8 / np.array([float(one["speed"].rstrip("%")) / 100 for one in persons])
    taken = np.array([50, 20, 5, 5, 5]) / (0.6 * longer + 0.4)
    assert np.average(longer, weights=taken) == pytest.approx(1.0, abs=0.001)
    assert longer.mean() > 1.02
