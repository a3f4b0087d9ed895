"""What holds for the formulas whatever the numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import erlang
from sim.erlang import patience as law

loads = st.floats(1e-6, 3e4)
staff = st.integers(1, 20_000)
times = st.floats(1e-3, 1e4)
waits = st.floats(0, 1e4)
# Whoever is driven away at once counts as met in short_as_met: it may rise with the load.
rising_variants = st.sampled_from([v for v in erlang.VARIANTS if v != "short_as_met"])
SHARES = ("wait_probability", "answered", "abandonment", "blocking", "occupancy")
MEANS = ("asa_s", "mean_wait_all_s", "virtual_wait_s", "mean_queue_length")


def assert_sound(m, t):
    for name in SHARES:
        assert 0 <= getattr(m, name) <= 1, name
    for name in MEANS:
        assert 0 <= getattr(m, name) < np.inf, name
    for variant in erlang.VARIANTS:
        assert 0 <= m.service_level(t, variant) <= 1, variant
    assert m.answered + m.abandonment + m.blocking == pytest.approx(1, abs=1e-11)


def curves(mean):
    return st.sampled_from(
        [
            law.exponential(mean),
            law.fixed(mean),
            law.weibull(mean, 0.7),
            law.gamma(mean, 2),
            law.lognormal(mean, 1.2),
            law.uniform(0, 2 * mean),
            law.balking(0.1, law.hyperexponential([0.4, 0.6], [mean / 3, mean])),
            law.measured([0, mean, 3 * mean], [0.95, 0.5, 0]),
        ]
    )


@given(loads, staff, times, waits)
def test_metrics_are_consistent(load, n, patience, t):
    a = erlang.a(load, 1, 1, n, patience)
    assert_sound(a, t)
    assert_sound(erlang.b(load, 1, 1, n), t)
    # Who abandons leaves at rate 1/patience while waiting.
    assert load * a.abandonment * patience == pytest.approx(a.mean_queue_length, rel=1e-9)
    if load < n * 0.9999:
        assert_sound(erlang.c(load, 1, 1, n), t)


@given(loads, staff)
def test_erlang_b_recurrence(load, n):
    """B(n) = a B(n-1) / (n + a B(n-1)), Erlang's own step."""
    b = erlang.b(load, 1, 1, np.array([n, n + 1])).blocking
    assert b[1] == pytest.approx(load * b[0] / (n + 1 + load * b[0]), rel=1e-11, abs=1e-300)


@given(st.floats(0.01, 0.9999), st.integers(1, 5000), times)
def test_abandonment_lies_between_loss_and_delay(busy, n, patience):
    load = busy * n
    b, c = erlang.b(load, 1, 1, n), erlang.c(load, 1, 1, n)
    a = erlang.a(load, 1, 1, n, patience)
    slack = 1 + 1e-10
    assert b.blocking <= a.wait_probability * slack
    assert a.wait_probability <= c.wait_probability * slack
    assert a.abandonment <= b.blocking * slack
    assert a.asa_s <= c.asa_s * slack
    assert a.occupancy <= c.occupancy * slack


@given(st.floats(0.01, 0.99), st.integers(1, 500))
def test_endless_patience_is_erlang_c(busy, n):
    a, c = erlang.a(busy * n, 1, 1, n, 1e10), erlang.c(busy * n, 1, 1, n)
    assert a.wait_probability == pytest.approx(c.wait_probability, rel=1e-5)
    assert a.asa_s == pytest.approx(c.asa_s, rel=1e-5)
    assert a.service_level(0.3) == pytest.approx(c.service_level(0.3), rel=1e-5)


@given(loads, staff)
def test_no_patience_is_erlang_b(load, n):
    a, b = erlang.a(load, 1, 1, n, 1e-9), erlang.b(load, 1, 1, n)
    assert a.abandonment == pytest.approx(b.blocking, rel=1e-4)


@given(st.floats(0.1, 3000), st.integers(1, 3000), times, waits, rising_variants)
def test_more_agents_serve_better(load, n, patience, t, variant):
    m = erlang.a(load, 1, 1, np.array([n, n + 1, n + 7]), patience)
    for falling in (m.wait_probability, m.abandonment, m.occupancy, m.asa_s, m.mean_queue_length):
        assert np.all(np.diff(falling) <= 1e-12 * (1 + falling[:-1]))
    assert np.all(np.diff(m.service_level(t, variant)) >= -1e-11)


@given(st.floats(0.1, 3000), st.integers(1, 3000), times, waits, rising_variants)
def test_more_calls_serve_worse(load, n, patience, t, variant):
    m = erlang.a(load * np.array([1, 1.01, 1.3]), 1, 1, n, patience)
    for rising in (m.wait_probability, m.abandonment, m.occupancy, m.asa_s, m.mean_queue_length):
        assert np.all(np.diff(rising) >= -1e-12 * (1 + rising[:-1]))
    assert np.all(np.diff(m.service_level(t, variant)) <= 1e-11)


@given(loads, staff, times, times)
def test_units_do_not_matter(load, n, patience, unit):
    one = erlang.a(load, 1, 1, n, patience)
    two = erlang.a(load, unit, unit, n, patience * unit)
    assert two.abandonment == pytest.approx(one.abandonment, rel=1e-8, abs=1e-15)
    assert two.asa_s == pytest.approx(one.asa_s * unit, rel=1e-8, abs=1e-15)
    assert two.service_level(3 * unit) == pytest.approx(one.service_level(3), rel=1e-8, abs=1e-9)


@given(st.floats(0.05, 400), st.integers(1, 200), st.integers(0, 60), times, waits)
def test_limited_lines(load, n, room, patience, t):
    m = erlang.a(load, 1, 1, n, patience, lines=n + room)
    assert_sound(m, t)
    b, a = erlang.b(load, 1, 1, n), erlang.a(load, 1, 1, n, patience)
    assert m.blocking <= b.blocking * (1 + 1e-10)
    assert m.answered <= a.answered * (1 + 1e-9)
    k = erlang.c(load, 1, 1, n, lines=n + room)
    assert_sound(k, t)
    assert k.answered >= m.answered * (1 - 1e-10)
    assert k.blocking >= m.blocking * (1 - 1e-10)
    # Little's law, with abandonment as the clock.
    assert m.rate * m.abandonment * patience == pytest.approx(m.mean_queue_length, rel=1e-9)


@given(st.data(), st.floats(0.1, 300), st.integers(1, 150), st.floats(0.01, 100), waits)
def test_any_patience(data, load, n, mean, t):
    m = erlang.g(load, 1, 1, n, data.draw(curves(mean)))
    assert_sound(m, t)
    # The flow through the busy agents balances: an identity that the quadrature does not use.
    idle = erlang.b(load, 1, 1, n).blocking
    free = 1 - m.wait_probability
    if n > 1:
        # P(exactly k busy), k < n, keeps Erlang's proportions whatever the patience.
        before = erlang.b(load, 1, 1, n - 1).blocking
        below = load * (1 - before) * free if before < 1 else 0.0
        busy = below + n * m.wait_probability
        assert load * m.answered == pytest.approx(busy, rel=1e-8)
    else:
        assert load * m.answered == pytest.approx(m.wait_probability, rel=1e-8)
    assert m.wait_probability >= idle * (1 - 1e-9) - 1e-300


@given(
    st.integers(1, 6),
    st.lists(st.floats(1, 5), min_size=1, max_size=3),
    st.floats(0.01, 20),
    st.floats(0.05, 50),
    waits,
)
def test_chat_keeps_every_chat(n, aht, rate, patience, t):
    aht = sorted(aht)
    m = erlang.chat(rate, 1, aht, n, patience)
    for name in SHARES:
        assert 0 <= getattr(m, name) <= 1, name
    assert 0 <= m.service_level(t) <= 1
    assert aht[0] * (1 - 1e-9) <= m.handle_time_s <= aht[-1] * (1 + 1e-9)
    assert 1 - 1e-9 <= m.concurrency <= len(aht) + 1e-9
    # Chats in service by Little's law equal the slots in use.
    slots = m.slot_occupancy * n * len(aht)
    assert rate * m.answered * m.handle_time_s == pytest.approx(slots, rel=1e-9)


@given(
    st.floats(0.01, 5000),
    st.floats(0.05, 0.99),
    st.floats(0, 3),
    st.floats(0.3, 0.99),
    st.floats(0.02, 20),
)
def test_fewest_agents_is_the_boundary(load, level, within, occupancy, patience):
    goals = erlang.Goals(level, within, occupancy=occupancy)
    for model, more in (("c", {}), ("a", {"patience": patience})):
        need = erlang.fewest_agents(model, load, 1, 1, goals, **more)
        each = list(goals.each().values())
        assert all(e(need.metrics) <= 1e-12 for e in each)
        assert need.agents - 1 <= need.fractional_agents <= need.agents
        if need.agents > 1:
            fewer = need.queue.build(need.rate, np.asarray(need.agents - 1.0))
            assert not all(e(fewer) <= 1e-12 for e in each)


@given(st.integers(1, 5000), st.floats(1e-6, 0.9))
def test_lines_and_load_are_inverse(lines, blocking):
    load = erlang.load_for_blocking(lines, blocking)
    assert erlang.b(load, 1, 1, lines).blocking == pytest.approx(blocking, rel=1e-9)
    assert erlang.lines_for_blocking(load * (1 - 1e-9), blocking) == lines


@given(st.integers(0, 2000), st.floats(0, 0.95))
def test_scheduled_covers_the_need(agents, shrinkage):
    people = erlang.scheduled(agents, shrinkage)
    assert people * (1 - shrinkage) >= agents * (1 - 1e-8)
    assert (people - 1) * (1 - shrinkage) < agents or people == 0


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.integers(0, 200), min_size=1, max_size=4),
    st.integers(1, 12),
    st.floats(10, 2000),
    st.floats(5, 900),
)
def test_a_day_loses_no_customer(calls, n, aht, patience):
    calls = [*calls, 5]
    d = erlang.day(calls, "30min", aht, n, patience)
    served = d.mean_busy * 1800 * len(calls) / aht
    present = float(np.arange(d.last.size) @ d.last)
    assert served + d.abandons + present == pytest.approx(sum(calls), rel=1e-9)
    for variant in erlang.VARIANTS:
        assert 0 <= d.service_level(20, variant) <= 1 + 1e-12


@settings(max_examples=15, deadline=None)
@given(st.floats(1, 100), st.integers(1, 120), st.floats(0.1, 10), st.floats(0.01, 1))
def test_random_days_are_worse_than_the_mean_day(load, n, patience, cv):
    mixed = erlang.busy_days(load, 1, 1, n, patience, cv)
    fixed = erlang.a(load, 1, 1, n, patience)
    assert mixed.abandonment >= fixed.abandonment * (1 - 1e-9)
    assert mixed.answered + mixed.abandonment == pytest.approx(1, abs=1e-11)
    assert mixed.weights @ (1 / mixed.days.rate) * load == pytest.approx(1, rel=1e-6)
