"""Agents are compared within queues, so that groups that serve different queues may differ."""

import numpy as np
import pytest
from scipy.special import chdtri

import sim
from sim.history.calibration import center_estimation
from sim.history.calibration.assumption_trials import _with_spread
from sim.history.calibration.center_estimates import NO_BREAKS
from sim.history.calibration.representative_persons import MOST_PERSONS
from sim.history.calibration.scenario_tables import persons_of, usual_week
from sim.history.calibration.scenario_text import scenario_of
from sim.history.call_log import read_call_log
from sim.history.estimation.agent_differences import agent_speeds, expected_of_hours
from sim.history.estimation.queue_factors import queue_factors
from sim.history.estimation.random_effects import group_spread, weighted_spread
from tests.support.recorded_world import HALF_HOURS, WORLD, rows_of, write_log

DAYS = 7
PACE = np.repeat([0.85, 1.4], [12, 8])
"""Agents of the first group serve both queues, those of the second only queue 0."""
GROUP = np.repeat([0, 1], [12, 8])


def _talk(rng, size, pace, second):
    """Return agents, queues and talk; agents serve queue 1 with a probability of their own."""
    agent = rng.integers(0, pace.size, size)
    queue = (rng.random(size) < second[agent]).astype(int)
    talk = np.array([200.0, 300.0])[queue] * pace[agent] * rng.exponential(1.0, size)
    return agent, queue, talk


def _speeds(agent, queue, talk, group):
    means = np.bincount(queue, talk) / np.bincount(queue)
    expected = expected_of_hours(talk, means[queue], agent, queue, np.zeros_like(queue))
    day = np.arange(talk.size) % 30
    return means, agent_speeds(agent, day, talk, expected, np.inf, queue, group)


def test_a_group_that_serves_fewer_queues_keeps_its_speed():
    second = np.where(GROUP == 0, 0.5, 0.0)
    agent, queue, talk = _talk(np.random.default_rng(3), 40_000, PACE, second)
    means, found = _speeds(agent, queue, talk, GROUP)
    assert found.spread.contains(np.std(PACE) / np.mean(PACE))
    assert found.spread.low > 0.15
    assert found.spread_on_duty < 0.03
    assert found.group_speed[0] / found.group_speed[1] == pytest.approx(1.4 / 0.85, rel=0.04)
    assert (found.part == 0).all()
    assert found.queue_factor[1] / found.queue_factor[0] == pytest.approx(
        1.5 * means[0] / means[1], rel=0.04
    )
    # With speeds of groups the mean of each queue is what was recorded.
    written = (means * found.talk_of_queues)[queue] / found.group_speed[GROUP[agent]]
    assert np.bincount(queue, written) / np.bincount(queue) == pytest.approx(means)
    assert found.talk_of_queues[1] == pytest.approx(found.group_speed[0])


def test_groups_that_no_agents_connect_are_not_compared():
    agent, queue, talk = _talk(np.random.default_rng(4), 20_000, PACE, 1.0 * (GROUP == 0))
    _, found = _speeds(agent, queue, talk, GROUP)
    assert sorted(set(zip(GROUP.tolist(), found.part.tolist(), strict=True))) in (
        [(0, 0), (1, 1)], [(0, 1), (1, 0)],
    )  # fmt: skip
    assert found.group_speed == pytest.approx(1.0)
    assert found.talk_of_queues == pytest.approx(1.0)
    assert found.queue_factor == pytest.approx(1.0)
    assert found.spread.value < 0.03


def test_few_contacts_in_a_queue_do_not_make_groups_differ():
    """Agents are alike, and one takes one contact in 200 in the other queue: 40 % error."""
    rng = np.random.default_rng(5)
    alike, second = np.ones(20), 1.0 * (GROUP == 0)
    second[0] = 0.995
    ratios, factors, inside = [], [], 0
    for _ in range(40):
        agent, queue, talk = _talk(rng, 20_000, alike, second)
        _, found = _speeds(agent, queue, talk, GROUP)
        ratios.append(np.log(found.group_speed[0] / found.group_speed[1]))
        factors.append(np.log(found.queue_factor[0] / found.queue_factor[1]))
        inside += found.spread.low < 0.01
    assert np.std(factors) > 0.25
    assert np.std(ratios) < 0.6 * np.std(factors)
    assert inside >= 35  # P(X < 35) = 1 % with 95 %


def test_sampling_errors_of_queue_factors_are_those_of_repeated_logs():
    rng = np.random.default_rng(6)
    second = np.array([0.0, 0.0, 0.02, 0.9, 1.0])
    contrasts = []
    for _ in range(400):
        agent, queue, talk = _talk(rng, 3000, np.ones(5), second)
        expected = np.array([200.0, 300.0])[queue]
        found = queue_factors(agent, queue, talk, expected, np.ones(talk.size))
        contrasts.append(np.log(found.factor[0] / found.factor[1]))
    far = found.shared[0] - found.shared[4]  # who serve one queue each
    assert np.std(contrasts) == pytest.approx(np.linalg.norm(far), rel=0.15)
    agent, queue, talk = _talk(rng, 3000, np.ones(5), second)
    exact = np.array([500.0, 100.0])[queue] * PACE[4 * agent]
    found = queue_factors(agent, queue, exact, expected=np.ones(3000), weight=np.ones(3000))
    assert found.factor[0] / found.factor[1] == pytest.approx(5.0)


def test_errors_in_common_count_as_in_the_whole_covariance():
    rng = np.random.default_rng(7)
    mean, variance = rng.normal(0, 1.0, 12), rng.uniform(0.005, 0.02, 12)
    shared = rng.normal(0, 0.2, (12, 3))
    design = np.ones((12, 1))
    found = group_spread(mean, variance, design, shared)
    whole = np.diag(variance) + shared @ shared.T
    total = np.linalg.inv(whole + found.spread**2 * np.eye(12))
    common = (design.T @ total @ mean) / (design.T @ total @ design)
    left = mean - common[0]
    assert left @ total @ left == pytest.approx(chdtri(11, 0.5))
    assert found.shrunk == pytest.approx(common[0] + found.spread**2 * total @ left)
    lean = design - found.spread**2 * total @ design
    error = found.spread**2 * np.eye(12) - found.spread**4 * total
    error += lean @ lean.T / (design.T @ total @ design)
    assert found.error**2 == pytest.approx(np.diag(error))
    weight = rng.uniform(1, 5, 12)
    kept = np.diag(weight) - np.outer(weight, weight) / weight.sum()
    square = mean @ kept @ mean * 11 / chdtri(11, 0.5) - np.sum(kept * whole)
    one = weighted_spread(mean, variance, weight, design, shared)
    assert one**2 == pytest.approx(square / np.trace(kept))


def test_speeds_of_groups_reach_the_scenario(tmp_path, monkeypatch):
    """Group new takes 1/0.7 of the talk of the others, and only contacts of billing."""
    slower = {"billing": {"level": 1, "speed": "70%"}}
    tables = WORLD | {
        "center": WORLD["center"] | {"days": DAYS},
        "group": {
            "team": WORLD["group"]["team"] | {"agents": 4},
            "new": {"agents": 4, "skills": slower, "gap": "exponential 20s"},
        },
    }
    secret = sim.load(tables, {"queue.billing.volume": HALF_HOURS * DAYS})
    log = read_call_log(write_log(tmp_path / "log.csv", rows_of(secret))).log
    monkeypatch.setattr(center_estimation, "_readiness", lambda *_: (None, NO_BREAKS))
    estimates = center_estimation.estimate_center(log)
    tables = usual_week(estimates)
    fast, slow = (
        np.mean([float(one["speed"].rstrip("%")) for one in group["persons"]])
        for group in tables["group"].values()
    )
    assert slow / fast == pytest.approx(0.7, abs=0.05)
    pair = _with_spread(tables, 0.2, (0.0, 0.0), estimates)
    other = [float(one["speed"].rstrip("%")) for one in pair["group"]["team 2"]["persons"]]
    assert np.mean(other) == pytest.approx(slow, rel=0.03)
    legs = sim.simulate(scenario_of(tables), runs=4, workers=1).log().legs
    for at, name in enumerate(log.queues):
        simulated = np.nanmean(legs.talk_s[(legs.queue == at) & (legs.talk_s > 0)])
        recorded = np.nanmean(log.talk[(log.queue == at) & log.answered])
        assert simulated == pytest.approx(recorded, rel=0.06), name


def test_groups_without_a_spread_and_very_large_ones_have_their_speed():
    assert {one["speed"] for one in persons_of(0.0, [3], speed=0.8)["persons"]} == {"80.0%"}
    assert persons_of(0.0, [3], speed=1.001) == {}
    assert persons_of(0.2, [MOST_PERSONS + 1], speed=0.8) == {
        "speed_spread": "20%", "tenure": [{"name": "usual", "share": "100%", "speed": "80%"}],
    }  # fmt: skip
