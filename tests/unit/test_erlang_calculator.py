"""The forward questions: arguments, variants, names, edges."""

import numpy as np
import pytest

from sim import erlang
from sim.erlang import patience as law
from sim.units import BadInputError


def test_six_service_levels_differ_as_defined():
    m = erlang.a(100, "10min", "3min", 28, "1min")
    good, early = m.answered_within(20), m.abandoned_within(20)
    short = m.abandoned_within(5)
    want = {
        "abandons_ignored": good / (1 - early),
        "abandons_negative": good,
        "abandons_positive": good + early,
        "answered_only": good / m.answered,
        "short_as_met": good + short,
        "short_excluded": good / (1 - short),
    }
    got = {v: m.service_level("20s", v) for v in erlang.VARIANTS}
    assert got == pytest.approx(want, rel=1e-12)
    assert len({round(v, 6) for v in got.values()}) == 6
    assert m.service_level(20) == got["abandons_ignored"]
    assert m.service_level(20, "short_as_met", short="20s") == pytest.approx(good + early)


def test_text_and_numbers_are_the_same():
    assert erlang.c(100, "30min", "3min", 14).asa_s == erlang.c(100, 1800, 180, 14).asa_s


def test_arrays_answer_like_single_numbers():
    calls, agents = np.array([80.0, 100.0, 120.0]), np.array([[12], [15]])
    m = erlang.a(calls, 1800, 180, agents, 60)
    p90, level = m.wait_percentile(90), m.service_level(20)
    assert level.shape == (2, 3)
    for i in range(2):
        for j in range(3):
            one = erlang.a(calls[j], 1800, 180, agents[i, 0], 60)
            assert isinstance(one.service_level(20), float)
            assert level[i, j] == pytest.approx(one.service_level(20), rel=1e-12)
            assert m.asa_s[i, j] == pytest.approx(one.asa_s, rel=1e-12)
            assert p90[i, j] == pytest.approx(one.wait_percentile(90), rel=1e-12)


def test_overload_without_abandonment_has_no_answer():
    with pytest.raises(erlang.Unstable, match="10 cannot handle a load of 10 erlangs"):
        erlang.c(100, 1800, 180, 10)
    m = erlang.c([100, 200], 1800, 180, 14)
    assert m.stable.tolist() == [True, False]
    assert np.isnan(m.service_level(20)).tolist() == [False, True]
    assert np.isnan(m.wait_percentile(90)).tolist() == [False, True]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: erlang.c(-1, 1800, 180, 5), "calls: -1"),
        (lambda: erlang.c(1, 0, 180, 5), "per: 0"),
        (lambda: erlang.c(1, 1800, 0, 5), "aht: 0"),
        (lambda: erlang.c(1, 1800, 180, 5.5), "agents: 5.5 is not a whole number"),
        (lambda: erlang.c(1, 1800, 180, 0), "agents: 0"),
        (lambda: erlang.c(float("nan"), 1800, 180, 5), "calls: nan"),
        (lambda: erlang.c("many", 1800, 180, 5), "calls: 'many'"),
        (lambda: erlang.c(1, 1800, "soon", 5), "aht: "),
        (lambda: erlang.c(1, 1800, 180, 5, redial=0.5), "redial"),
        (
            lambda: erlang.c(1, 1800, 180, 5, lines=4),
            "lines: 4 trunks are fewer than the 5 agents; allowed: 5 or more",
        ),
        (lambda: erlang.c(1, 1800, 180, 5, lines=10**20), "lines: 1e[+]20 must be <= 1,000,000"),
        (lambda: erlang.c(10**400, 1800, 180, 5), "calls: .* is not a number"),
        (lambda: erlang.c(1e300, 1e-9, 180, 5), "calls: 1e[+]300 must be fewer"),
        (lambda: erlang.c(1, 1800, 1e-308, 5), "aht: 1e-308 must be finite and >= 1e-09"),
        (lambda: erlang.c(50, 1800, 180, 5), "agents"),
        (lambda: erlang.a(1, 1800, 180, 5, 0), "patience: 0"),
        (lambda: erlang.a(1, 1800, 180, 5, np.inf), "patience: inf"),
        (lambda: erlang.a(1, 1800, 180, 5, 9, redial=1.2), "redial: 1.2"),
        (lambda: erlang.b(1, 1800, 180, 2.5), "lines: 2.5"),
        (lambda: erlang.c(1, 1800, 180, 5).service_level(20, "best"), "variant: 'best'"),
        (lambda: erlang.c(1, 1800, 180, 5).service_level(-1), "within: -1"),
        (lambda: erlang.c(1, 1800, 180, 5).wait_percentile(100), "percent"),
        (lambda: erlang.chat(1, 60, [60, 70], 2, 60, at_once=3), "at_once: 3"),
        (lambda: erlang.chat(1, 60, [60] * 6, 60, 60), "too large"),
        (lambda: erlang.g([1, 2], 60, 60, 2, 60), "single numbers"),
        (lambda: erlang.busy_days(1, 60, 60, 2, 60, 0.1, "beta"), "distribution: 'beta'"),
        (lambda: erlang.day([0], 60, 60, 2), "calls"),
        (lambda: erlang.busy_under_sine(1, 2, 1, 1, 0), "swing"),
        (lambda: erlang.drain([1], [1, 2]), "capacity: 2"),
        (lambda: law.uniform(5, 5), "high: 5"),
        (lambda: law.measured([0, 10], [0.5, 0.6]), "still_waiting"),
        (lambda: law.measured([10, 10], [0.5, 0.4]), "times"),
        (lambda: law.hyperexponential([0.5, 0.4], [1, 2]), "shares"),
        (lambda: law.curve(lambda t: min(t, 1.0)), "survival"),
    ],
)
def test_bad_input_names_field_and_value(call, message):
    with pytest.raises(BadInputError, match=message):
        call()


def test_no_calls_no_trouble():
    for m in (erlang.c(0, 60, 60, 3), erlang.a(0, 60, 60, 3, 60), erlang.b(0, 60, 60, 3)):
        assert m.service_level(20) == 1
        assert (m.asa_s, m.occupancy, m.blocking, m.mean_queue_length) == (0, 0, 0, 0)
    assert erlang.a(0, 60, 60, 3, 60, lines=5).answered == 1


def test_threshold_zero_and_endless():
    m = erlang.a(10, 60, 60, 11, 30)
    assert m.service_level(0, "abandons_negative") == pytest.approx(1 - m.wait_probability)
    assert m.service_level(1e12, "abandons_negative") == pytest.approx(m.answered, rel=1e-14)
    assert m.abandoned_within(1e12) == pytest.approx(m.abandonment, rel=1e-14)
    assert m.abandonment_excl_short(0) == pytest.approx(m.abandonment)


@pytest.mark.parametrize(
    "m",
    [
        erlang.c(10, 1, 1, 12),
        erlang.a(10, 1, 1, 11, 2),
        erlang.a(10, 1, 1, 11, 2, lines=14),
        erlang.c(10, 1, 1, 9, lines=14),
        erlang.g(10, 1, 1, 10, law.lognormal(2, 1)),
        erlang.chat(10, 1, [1, 1.5], 6, 2),
    ],
)
def test_percentiles_invert_the_tail(m):
    for percent in (80, 95, 99.5):
        wait = m.wait_percentile(percent)
        assert m.service_level(wait, "answered_only") == pytest.approx(percent / 100, abs=1e-10)
    assert m.wait_percentile(1) == 0
    with_nobody = 100 * (1 - m.service_level(0, "answered_only"))
    assert 0 < with_nobody < 100


def test_mean_wait_is_the_area_under_the_tail():
    t = np.linspace(0, 60, 600_001)
    for m in (erlang.a(10, 1, 1, 11, 2), erlang.a(10, 1, 1, 11, 2, lines=13)):
        let_in = 1 - m.blocking
        area = np.trapezoid(m.waiting_longer(t), t)
        assert area == pytest.approx(m.mean_wait_all_s, rel=1e-7)
        late = m.answered - m.service_level(t, "abandons_negative") * let_in
        assert np.trapezoid(late, t) / m.answered == pytest.approx(m.asa_s, rel=1e-7)
        assert np.trapezoid(m.virtual_longer(t), t) == pytest.approx(m.virtual_wait_s, rel=1e-7)


def test_equal_lines_and_agents_is_erlang_b():
    m = erlang.a(12, 1, 1, 10, 3, lines=10)
    assert m.model == "erlang_b"
    assert m.blocking == pytest.approx(erlang.b(12, 1, 1, 10).blocking, rel=1e-13)
    assert (m.wait_probability, m.abandonment, m.asa_s) == (0, 0, 0)


def test_limited_lines_take_overload():
    m = erlang.c(100, 1, 1, 10, lines=15)
    assert m.model == "erlang_c"
    assert m.answered == pytest.approx(0.1, rel=1e-3)
    assert m.answered + m.blocking == pytest.approx(1, rel=1e-14)


def test_redials_keep_the_balance():
    m = erlang.a(60, "1h", 240, 5, 180, lines=8, redial=0.7)
    lost = m.abandonment + m.blocking
    assert lost > 0.05
    assert m.calls_per_hour * (1 - 0.7 * lost) == pytest.approx(60, rel=1e-12)
    b = erlang.b(10, 1, 1, 8, redial=0.5)
    assert b.load_erlangs * (1 - 0.5 * b.blocking) == pytest.approx(10, rel=1e-12)
    assert erlang.a(60, "1h", 240, 5, 180, redial=0).calls_per_hour == 60
    with pytest.raises(erlang.Unstable, match="redial"):
        erlang.a(600, "1h", 240, 5, 180, redial=1)


@pytest.mark.parametrize(
    ("name", "curve"),
    [
        ("exponential", law.exponential(90)),
        ("fixed", law.fixed(90)),
        ("weibull", law.weibull(90, 0.6)),
        ("gamma", law.gamma("90s", 3)),
        ("lognormal", law.lognormal(90, 1.4)),
        ("uniform", law.uniform(30, 150)),
        ("hyperexponential", law.hyperexponential([0.3, 0.7], [20, 120])),
        ("measured", law.measured([0, 60, 240], [1, 0.5, 0])),
        ("balking", law.balking(0.2, law.exponential(112.5))),
    ],
)
def test_patience_curves(name, curve):
    assert curve.mean_s == pytest.approx(90)
    # The integral of survival, against brute force and against its limit.
    t = np.linspace(0, 200, 2_000_001)
    area = np.trapezoid(curve.survival(t), t)
    assert curve.lasting(np.array([200.0]))[0] == pytest.approx(area, rel=2e-6)
    assert curve.lasting(np.array([1e7]))[0] == pytest.approx(90, rel=1e-5)
    m = erlang.g(30, 600, 200, 9, curve)
    numeric = law.curve(
        lambda s: float(curve.survival(np.asarray(s))), kinks=[30, 60, 90, 150, 240]
    )
    assert m.asa_s == pytest.approx(erlang.g(30, 600, 200, 9, numeric).asa_s, rel=1e-9)
    # What goes in comes out: abandonment = expected patience used up, by Little's balance.
    assert m.answered + m.abandonment == pytest.approx(1, abs=1e-12)
    assert m.occupancy == pytest.approx(10 * m.answered / 9, rel=1e-12)


def test_fixed_patience_in_closed_form():
    """With patience D the offered wait is a cut exponential (Barrer 1957)."""
    rate, n, d = 1.1, 1, 2.0
    gap = n - rate
    mass = -np.expm1(-gap * d) / gap + np.exp(-gap * d) / n
    waits = rate * mass / (1 + rate * mass)
    lost = waits * np.exp(-gap * d) / n / mass
    m = erlang.g(rate, 1, 1, n, law.fixed(d))
    assert m.wait_probability == pytest.approx(waits, rel=1e-12)
    assert m.abandonment == pytest.approx(lost, rel=1e-12)
    assert m.abandoned_within(d) == pytest.approx(lost, rel=1e-12)
    assert m.abandoned_within(d * 0.999) == pytest.approx(0, abs=1e-12)


def test_some_never_hang_up():
    patient = law.measured([0, 60], [1, 0.5])
    assert erlang.g(30, 600, 200, 9, patient).abandonment < 0.5
    with pytest.raises(erlang.Unstable, match="never hang up"):
        erlang.g(30, 600, 200, 5, patient)


def test_chat_slows_with_concurrency():
    alone = erlang.chat(60, "1h", [300, 300], 4, 120)
    slowed = erlang.chat(60, "1h", [300, 500], 4, 120)
    assert slowed.wait_probability > alone.wait_probability
    assert alone.handle_time_s == pytest.approx(300, rel=1e-10)
    assert 300 < slowed.handle_time_s < 500
    assert 1 < slowed.concurrency < 2
    # Twice the slots at the same speed each: an Erlang A queue with twice the agents.
    twin = erlang.a(60, "1h", 300, 8, 120)
    assert alone.wait_probability == pytest.approx(twin.wait_probability, rel=1e-10)
    assert alone.asa_s == pytest.approx(twin.asa_s, rel=1e-9)


def test_day_settles_at_the_steady_state():
    d = erlang.day([600] * 4, "10h", 30, 9, 40)
    m = erlang.a(600, "10h", 30, 9, 40)
    assert d.wait_probability == pytest.approx(m.wait_probability, rel=1e-3)
    assert d.wait_probability < m.wait_probability
    for variant in erlang.VARIANTS:
        assert d.service_level(20, variant) == pytest.approx(m.service_level(20, variant), rel=1e-3)
    assert d.asa_s == pytest.approx(m.asa_s, rel=2e-3)


def test_day_does_not_depend_on_how_it_is_cut():
    whole = erlang.day([400], "4h", 300, 9, 60)
    parts = erlang.day([100] * 4, "1h", 300, 9, 60)
    assert parts.abandons == pytest.approx(whole.abandons, rel=1e-10)
    assert parts.last == pytest.approx(whole.last, abs=1e-12)


def test_day_keeps_every_contact():
    d = erlang.day([100, 300, 50, 0], "30min", 180, [14, 20, 6, 0], 60)
    served = sum(
        float(np.minimum(np.arange(v.size), p.agents) @ v) / 180
        for p, v in zip(d.pieces, d.time_in, strict=True)
    )
    present = float(np.arange(d.last.size) @ d.last)
    assert served + d.abandons + present == pytest.approx(450, rel=1e-10)


def test_unlimited_agents_by_interval():
    busy = erlang.busy_by_interval([60, 60, 0], "30min", "10min")
    many = erlang.day([60, 60, 0], "30min", "10min", 200)
    assert busy.mean() == pytest.approx(many.mean_busy, rel=1e-10)
    assert busy[0] < busy[1] < 20
    assert busy[2] > 0


def test_assumptions_differ_by_model():
    said = {
        "c": erlang.assumptions(erlang.c(1, 1, 1, 2)),
        "a": erlang.assumptions(erlang.a(1, 1, 1, 2, 1)),
        "k": erlang.assumptions(erlang.c(1, 1, 1, 2, lines=3)),
        "chat": erlang.assumptions(erlang.chat(1, 1, [1, 2], 2, 1)),
    }
    assert any("No contact is abandoned" in s for s in said["c"])
    assert not any("No contact is abandoned" in s for s in said["a"])
    assert any("turned away" in s for s in said["k"])
    assert any("fewest chats" in s for s in said["chat"])
