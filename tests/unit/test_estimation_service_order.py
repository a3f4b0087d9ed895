"""Who overtakes whom."""

import numpy as np
import pytest

from sim.history.estimation.day_bootstrap import DayBootstrap
from sim.history.estimation.service_order import OrderPairs, order_pairs, service_order
from verification.known_center import KnownCenter, simulate_center


def order_of(log, **options):
    pairs = order_pairs(log.instant, log.wait, ~log.abandoned, **options)
    return pairs, service_order(pairs, log.priority, DayBootstrap(log.day))


@pytest.mark.parametrize("head_start", [0.0, 60.0, 1e6])
def test_the_rule_of_service_is_found(head_start):
    """Two priorities; a head start longer than any wait is a strict priority."""
    center = KnownCenter(
        days=20, agents=3, per_hour=60.0, preferred=0.4, head_start=head_start, gap_mean=5.0
    )
    log = simulate_center(center, 21)
    _, found = order_of(log)
    assert found.priorities.tolist() == [0.0, 1.0]
    assert found.rule == {0.0: "first come", 60.0: "head start", 1e6: "strict"}[head_start]
    shares = {(one.later, one.earlier): one.share for one in found.overtaking}
    assert shares[1.0, 1.0] == 0.0
    assert shares[0.0, 1.0] == 0.0
    assert shares[1.0, 0.0] == {0.0: 0.0, 1e6: 1.0}.get(head_start, shares[1.0, 0.0])
    if head_start == 60.0:
        assert 0.1 < shares[1.0, 0.0] < 0.9
        assert found.head_start[1].value == pytest.approx(60.0, abs=2.0)


def noisy_pairs(rng, rule, count=4000):
    """Waiting contacts in pairs, the later one with priority 1 in half of them."""
    apart, waited = rng.exponential(60.0, count), rng.exponential(60.0, count)
    priority = rng.integers(0, 2, (count, 2)).astype(float)
    advantage = priority[:, 1] - priority[:, 0]
    noise = rng.logistic(0.0, 1.0, count)
    if rule == "head start":
        overtaken = 60.0 * advantage - apart + 15.0 * noise > 0
    else:
        overtaken = np.log(3.0) * advantage - np.log1p(apart / waited) + 0.3 * noise > 0
    return apart, waited, priority, overtaken


@pytest.mark.parametrize(("rule", "truth"), [("head start", 60.0), ("weight", 3.0)])
def test_head_start_and_weight_are_distinguished_and_measured(rule, truth):
    apart, waited, priority, overtaken = noisy_pairs(np.random.default_rng(3), rule)
    rows = np.arange(apart.size)
    pairs = OrderPairs(2 * rows, 2 * rows + 1, apart, waited, overtaken)
    found = service_order(pairs, priority.ravel(), DayBootstrap(np.repeat(rows % 30, 2)))
    assert found.rule == rule
    measured = {"head start": found.head_start, "weight": found.weight}[rule]
    assert measured[1].contains(truth)
    assert measured[1].high - measured[1].low < truth / 2


def test_a_rule_is_not_strict_where_the_preferred_often_wait():
    """One order in eight is by neither rule, however far apart the contacts came."""
    rng = np.random.default_rng(4)
    apart, waited, priority, overtaken = noisy_pairs(rng, "head start")
    overtaken = np.where(rng.random(apart.size) < 0.25, rng.random(apart.size) < 0.5, overtaken)
    rows = np.arange(apart.size)
    pairs = OrderPairs(2 * rows, 2 * rows + 1, apart, waited, overtaken)
    found = service_order(pairs, priority.ravel(), DayBootstrap(np.repeat(rows % 30, 2)))
    assert found.rule == "head start"


def test_only_contacts_that_both_waited_are_compared():
    offered = np.array([0.0, 5.0, 20.0, 30.0, 31.0])
    wait = np.array([15.0, 20.0, 2.0, 0.0, 9.0])
    pairs = order_pairs(offered, wait, np.array([True, True, True, True, False]))
    # The first and the second; the second and the third, which is served first.
    assert list(zip(pairs.earlier, pairs.later, pairs.overtaken, strict=True)) == [
        (0, 1, False), (1, 2, True),
    ]  # fmt: skip
    assert pairs.apart.tolist() == [5.0, 15.0]
    assert pairs.waited.tolist() == [10.0, 2.0]


def test_agents_who_could_not_serve_the_other_overtake_nothing():
    offered, wait = np.array([0.0, 5.0]), np.array([30.0, 10.0])
    answered, queue, agent = np.array([True, True]), np.array([0, 1]), np.array([0, 1])
    everyone = order_pairs(offered, wait, answered)
    assert everyone.overtaken.tolist() == [True]
    skills = np.array([[True, True], [False, True]])
    able = order_pairs(offered, wait, answered, queue=queue, agent=agent, skills=skills)
    assert able.overtaken.size == 0


def test_too_few_pairs_make_no_rule():
    pairs = order_pairs(np.array([0.0, 1.0]), np.array([9.0, 9.5]), np.array([True, True]))
    assert service_order(pairs, np.array([0.0, 1.0]), DayBootstrap(np.zeros(2, dtype=int))) is None
    assert order_pairs(np.array([0.0]), np.array([9.0]), np.array([True])).apart.size == 0
