"""Readiness when quiet is estimated from hours spread over the log, with bounded work."""

import heapq

import numpy as np
import pytest

from sim.history.estimation import quiet_readiness as module
from sim.history.estimation.break_likelihood import BreakLikelihood
from sim.history.estimation.day_bootstrap import DayBootstrap
from sim.history.estimation.free_agents import free_agents
from sim.history.estimation.free_spans import FreeSpans
from sim.history.estimation.gap_curve import GapCurve
from sim.history.estimation.presence_rule import PresenceRule
from sim.history.estimation.presences import LONGEST

DAY, HOUR = 86_400.0, 3600.0
SHARE, LENGTH, AGENTS, HOURS = 0.25, 150.0, 6, 8
NO_GAP = GapCurve.of(None)


def contacts(days, seed=3, per_hour=50.0):
    """Return instants, waits, agents and ends of contacts; free agents take breaks in between."""
    rng = np.random.default_rng(seed)
    to_break, found = SHARE / (1 - SHARE) / LENGTH, []
    for day in range(days):
        opens = day * DAY + 8 * HOUR
        instants = np.sort(opens + rng.uniform(0, HOURS * HOUR, rng.poisson(HOURS * per_hour)))
        events = [(float(at), 0, -1) for at in instants] + [(opens, 1, a) for a in range(AGENTS)]
        heapq.heapify(events)
        ready, queue = {}, []
        while events:
            now, kind, agent = heapq.heappop(events)
            if kind == 0:
                queue.append(now)
            elif kind == 1:  # ready until the break that he would take next
                ready[agent] = now + rng.exponential(1 / to_break)
                heapq.heappush(events, (ready[agent], 2, agent))
            elif ready.get(agent) == now:
                del ready[agent]
                if now < opens + HOURS * HOUR:
                    heapq.heappush(events, (now + rng.exponential(LENGTH), 1, agent))
            while queue and ready:
                agent = list(ready)[int(rng.integers(len(ready)))]
                del ready[agent]
                end = now + rng.exponential(200.0)
                found.append((queue[0], now - queue.pop(0), agent, end))
                rests = rng.exponential(LENGTH) if rng.random() < SHARE else 0.0
                heapq.heappush(events, (end + rests, 1, agent))
    return np.array(found)


def of_log(rows):
    """Return the arguments of the estimate."""
    instant, wait, agent, end = rows.T
    every, agent = np.arange(instant.size), agent.astype(int)
    spans = FreeSpans.of(agent, instant + wait, end, LONGEST)
    able, queue = np.ones((AGENTS, 1), dtype=bool), np.zeros(instant.size, dtype=int)
    rule = PresenceRule(np.empty(0), 0.0, np.ones(able.shape))
    agents = free_agents(spans, every, able, instant, wait, queue, every, rule)
    return agents, instant, wait, NO_GAP, DayBootstrap((instant // DAY).astype(int))


@pytest.fixture(scope="module")
def log():
    return contacts(30)


@pytest.fixture
def work(monkeypatch):
    """How many pairs every search evaluated, call by call."""
    found = []
    run = BreakLikelihood.run_counted

    def counted(states, *parameters):
        found.append(states._short_pairs.size)
        return run(states, *parameters)

    monkeypatch.setattr(BreakLikelihood, "run_counted", counted)
    return found


def test_what_counts_has_the_same_states_as_in_the_whole_log(log):
    agents, instant, _, gap, _ = of_log(log)
    hours = np.arange(31 * 24) % 5 == 0
    counted = hours[(instant // HOUR).astype(int)]
    whole = BreakLikelihood(agents, gap, counted)
    near = BreakLikelihood(module._near(agents, hours), gap, counted)
    for states in (whole, near):
        states.set_order(np.full(states.first.size, 0.8), 0.0)
        for every, some in zip(states.run(0.2, 100), states.run_counted(0.2, 100), strict=True):
            assert some == pytest.approx(every[states.counted], rel=1e-12)
    assert near.counted.size == whole.counted.size == np.count_nonzero(whole.first)
    assert near.first.size < 0.7 * whole.first.size
    # Agents who were free in the hour before are there, so that every choice among them is.
    for one, other in zip(whole.run_counted(0.2, 100), near.run_counted(0.2, 100), strict=True):
        assert np.sort(one) == pytest.approx(np.sort(other), abs=1e-9)


def test_work_does_not_grow_with_the_log(log, work, monkeypatch):
    monkeypatch.setattr(module, "MOST_PAIRS", 4000)
    rows = {days: log[log[:, 0] < days * DAY] for days in (8, 15, 30)}
    most = {}
    for days, some in rows.items():
        work.clear()
        module.quiet_readiness(*of_log(some))
        assert len(work) < 500
        most[days] = max(work)
    assert max(most.values()) < 2 * 4000
    assert of_log(log)[0].count.sum() > 5 * 4000


@pytest.mark.slow
def test_some_hours_say_the_same_as_all(log, monkeypatch):
    whole = module.quiet_readiness(*of_log(log))
    assert whole.not_ready.value == pytest.approx(SHARE, abs=0.05)
    assert whole.length.value == pytest.approx(LENGTH, rel=0.2)
    monkeypatch.setattr(module, "MOST_PAIRS", of_log(log)[0].count.sum() // 4)
    some = module.quiet_readiness(*of_log(log))
    assert some.not_ready.records < 0.4 * whole.not_ready.records
    assert abs(some.not_ready.value - whole.not_ready.value) < some.not_ready.error
    assert abs(some.length.value - whole.length.value) < some.length.error
    assert 1 < some.not_ready.error / whole.not_ready.error < 4


def test_hours_are_even_over_the_week_and_the_order_of_rows_does_not_matter(log, monkeypatch):
    pairs = of_log(log)[0].count.sum()
    monkeypatch.setattr(module, "MOST_PAIRS", pairs // 7 + 1)
    arguments = of_log(log)
    hours = np.flatnonzero(module._hours_that_count(*arguments[:2]))
    step = int(np.diff(hours)[0])
    assert step >= 7
    assert np.unique(np.arange(168) * step % 168).size == 168
    some = module.quiet_readiness(*arguments)
    other = module.quiet_readiness(*of_log(np.random.default_rng(1).permutation(log)))
    for one, two in ((some.not_ready, other.not_ready), (some.length, other.length)):
        assert (one.value, one.low, one.high) == pytest.approx((two.value, two.low, two.high))
