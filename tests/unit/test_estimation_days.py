"""Arrivals, the variation of days and days that are unlike the others."""

import numpy as np
import pytest

from sim.history.estimation.arrival_rates import (
    arrival_table,
    counts_by_interval,
    unusual_days,
)
from sim.history.estimation.day_bootstrap import (
    DayBootstrap,
    student_interval,
    variance_interval,
    wilson_interval,
)
from sim.history.estimation.day_variation import (
    correlation,
    shared_part,
    talk_variation,
    volume_variation,
)

WEEKS = 8
WEEKDAY = np.arange(7 * WEEKS) % 7
PROFILE = np.concatenate((np.zeros(16), np.full(20, 30.0), np.zeros(12)))


def hits(count, contains, least):
    """Number of seeds for which an interval holds the truth; `least` of `count` have to."""
    found = sum(bool(contains(np.random.default_rng([seed, 14]))) for seed in range(count))
    assert found >= least, f"{found} of {count}"


def test_counts_of_intervals_are_those_of_the_records():
    counts = counts_by_interval(
        np.array([0, 0, 1, 1]), np.array([0.0, 1799.0, 1800.0, 90_000.0]), 2
    )
    assert counts.shape == (2, 48)
    assert counts[0, 0] == 2
    assert counts[1, 1] == 1
    assert counts[1, 47] == 1


def test_mean_arrivals_by_weekday_lie_in_their_intervals():
    rng = np.random.default_rng(1)
    mean = PROFILE[None, :] * (1 + WEEKDAY[:, None] / 10)
    table = arrival_table(rng.poisson(mean).astype(float), WEEKDAY)
    truth = PROFILE[None, :] * (1 + np.arange(7)[:, None] / 10)
    inside = (table.low <= truth) & (truth <= table.high)
    # 140 intervals hold their mean with 95 % each: 5 standard deviations are 13.
    assert table.days.tolist() == [WEEKS] * 7
    assert inside[:, 16:36].sum() >= 120
    assert inside[:, :16].all()


def test_days_that_do_not_count_change_nothing():
    counts = np.full((14, 48), 5.0)
    counts[3] = 99.0
    usable = np.arange(14) != 3
    table = arrival_table(counts, np.arange(14) % 7, usable)
    assert (table.mean == 5.0).all()
    assert table.days.tolist() == [2, 2, 2, 1, 2, 2, 2]
    assert np.isnan(table.low[3]).all()


def test_variation_of_volume_beyond_sampling_error_is_found():
    def contains(rng):
        totals = rng.poisson(400 * rng.gamma(1 / 0.15**2, 0.15**2, WEEKDAY.size))
        return volume_variation(totals.astype(float), WEEKDAY).cv.contains(0.15)

    hits(60, contains, least=52)  # P(X < 52) = 0.6 % with 95 %


def test_poisson_days_have_no_variation_of_their_own():
    rng = np.random.default_rng(4)
    found = volume_variation(rng.poisson(400, WEEKDAY.size).astype(float), WEEKDAY)
    assert found.cv.low == 0.0
    assert found.cv.value < 0.04
    assert found.sampling_cv == pytest.approx(0.05, abs=0.002)


def test_memory_and_correlation_of_volume_and_talk_are_found():
    def contains(rng):
        own = rng.standard_normal((2, WEEKDAY.size))
        for k in range(1, WEEKDAY.size):
            own[0, k] = 0.6 * own[0, k - 1] + 0.8 * own[0, k]
        volume = np.exp(0.12 * own[0])
        talk = np.exp(0.08 * (0.7 * own[0] + np.sqrt(0.51) * own[1]))
        totals = rng.poisson(1000 * volume).astype(float)
        day = np.repeat(np.arange(WEEKDAY.size), 200)
        seconds = talk[day] * rng.lognormal(5.0, 1.0, day.size)
        one = volume_variation(totals, WEEKDAY)
        other = talk_variation(day, seconds, np.full(day.size, 240.0))
        results.append((one.memory.contains(0.6), other.cv.contains(0.08)))
        return correlation(one, other).contains(0.7)

    results: list[tuple[bool, bool]] = []
    hits(40, contains, least=34)  # P(X < 34) = 0.3 % with 95 %
    memory, cv = np.array(results).sum(axis=0)
    assert memory >= 34
    assert cv >= 34


def test_queues_share_a_part_of_their_busyness():
    rng = np.random.default_rng(6)
    common = rng.standard_normal(WEEKDAY.size)
    own = rng.standard_normal((WEEKDAY.size, 3))
    factor = np.exp(0.15 * (np.sqrt(0.6) * common[:, None] + np.sqrt(0.4) * own))
    found = shared_part(rng.poisson(800 * factor).astype(float), WEEKDAY)
    assert found.contains(0.6)
    assert 0.2 < found.value < 0.95
    assert np.isnan(shared_part(rng.poisson(800 * factor[:, :1]).astype(float), WEEKDAY).value)


def test_talk_that_differs_by_sampling_alone_has_no_day_factor():
    rng = np.random.default_rng(2)
    day = np.repeat(np.arange(40), 100)
    found = talk_variation(day, rng.lognormal(5.0, 1.0, day.size), np.full(day.size, 240.0))
    assert found.cv.low == 0.0
    assert found.sampling_cv == pytest.approx(0.131, abs=0.02)


def test_outages_are_named_and_ordinary_days_are_not():
    rng = np.random.default_rng(3)
    counts = rng.poisson(np.tile(PROFILE, (WEEKDAY.size, 1))).astype(float)
    assert unusual_days(counts, WEEKDAY, counts.sum(axis=1) * 0.05) == ()
    counts[10] = 0
    counts[20, 22:] = 0
    counts[30, 25:27] = 0
    counts[40] *= 3
    abandoned = counts.sum(axis=1) * 0.05
    abandoned[50] *= 10
    found = unusual_days(counts, WEEKDAY, abandoned)
    assert [(one.day, one.kind) for one in found] == [
        (10, "no contacts"), (20, "few contacts"), (20, "silence"), (30, "silence"),
        (40, "many contacts"), (50, "abandonment"),
    ]  # fmt: skip
    silence = found[3]
    assert (silence.first, silence.last) == (25, 26)
    assert silence.value == pytest.approx(60, rel=0.15)


@pytest.mark.parametrize("variation", [0.0, 0.1])
def test_an_outage_with_a_trickle_of_contacts_is_named_and_quiet_hours_are_not(variation):
    """Two hours of a tenth of the contacts, spread over four intervals."""
    rng = np.random.default_rng(5)
    means = np.tile(PROFILE, (WEEKDAY.size, 1))
    if variation:  # parts of days differ beyond Poisson noise
        parts = rng.gamma(1 / variation**2, variation**2, (WEEKDAY.size, 12))
        means = means * np.repeat(parts, 4, axis=1)
    assert unusual_days(rng.poisson(means).astype(float), WEEKDAY) == ()
    means[30, 24:28] *= 0.1
    means[40, 24:28] *= 0.7
    counts = rng.poisson(means).astype(float)
    [outage] = unusual_days(counts, WEEKDAY)
    assert (outage.day, outage.kind, outage.first, outage.last) == (30, "outage", 24, 27)
    seen = counts[30, 24:28].sum()
    assert outage.reason.startswith(f"{seen:.0f} contacts in 2 h, where ")
    assert outage.usual == pytest.approx(PROFILE[24:28].sum(), rel=0.15)


def test_an_interval_of_a_mean_holds_with_few_days():
    def contains(rng):
        day = np.repeat(np.arange(12), 20)
        values = rng.standard_normal(12)[day] + rng.standard_normal(day.size)
        bootstrap = DayBootstrap(day)
        return bootstrap.ratio(bootstrap.sums(values), bootstrap.sums()).contains(0.0)

    hits(200, contains, least=178)  # P(X < 178) = 0.02 % with 95 %
    hits(200, lambda rng: not contains(rng), least=2)  # and is not too wide


def test_the_interval_of_a_variance_holds_with_tails():
    def contains(rng):
        values = rng.laplace(0.0, 1.0, 60)
        _, low, high = variance_interval(values - values.mean(), 59)
        return low <= 2.0 <= high

    # Bonett's own tables have 92 to 93 % for this distribution and number.
    hits(200, contains, least=171)


def test_without_days_there_is_no_interval():
    bootstrap = DayBootstrap(np.zeros(5, dtype=np.int64))
    found = bootstrap.ratio(bootstrap.sums(), bootstrap.sums())
    assert found.value == 1.0
    assert np.isnan(found.low)
    assert np.isnan(student_interval(np.nan, np.array([1.0, 2.0]), 5)[0])
    assert np.isnan(variance_interval(np.ones(3), 2)[0])
    assert wilson_interval(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert np.isnan(wilson_interval(0, 0)[0])


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_a_share_of_none_or_all_cases_has_an_interval(value):
    bootstrap = DayBootstrap(np.repeat(np.arange(20), 30))
    found = bootstrap.estimate(value, np.full(500, value), "logit", 558)
    width = found.high - found.low
    assert (found.low if value == 0 else found.high) == value
    assert 2 / 558 < width < 5 / 558  # the rule of three has 3 / 558 on one side
