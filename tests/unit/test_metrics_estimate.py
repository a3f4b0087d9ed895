"""Intervals hold the truth as often as they promise."""

import numpy as np
import pytest

from sim.metrics.estimators import (
    InfluenceEstimate,
    mean_per_replication,
    percentile,
    quantile_of_days,
    ratio,
    share_of_days,
)
from sim.metrics.tally_fields import WAIT_EDGES

REPETITIONS = 1000


def coverage(hits: int) -> bool:
    """Whether a number of hits agrees with 95 %: three standard errors, and the bias of t."""
    return 0.925 <= hits / REPETITIONS <= 0.971


def test_mean_and_interval_of_a_sum() -> None:
    one = mean_per_replication(np.array([1.0, 2.0, 3.0]))
    assert one.value == 2.0
    # t(2 d.f.) 4.302653, standard deviation 1, three runs
    assert float(one.half) == pytest.approx(4.302653 / np.sqrt(3), rel=1e-6)


def test_a_ratio_is_the_ratio_of_sums_not_the_mean_of_ratios() -> None:
    one = ratio([np.array([1.0, 90.0])], [np.array([10.0, 100.0])])
    assert float(one.value) == pytest.approx(91 / 110)


def test_a_ratio_of_nothing_is_not_known() -> None:
    one = ratio([np.zeros(3)], [np.zeros(3)])
    assert np.isnan(one.value)
    assert np.isnan(one.bounds()).all()


@pytest.mark.parametrize("true", [0.02, 0.2, 0.5, 0.97])
@pytest.mark.parametrize(("runs", "days"), [(20, 1), (50, 1), (12, 5)])
def test_the_interval_of_a_share_of_days_holds_near_its_ends_too(true, runs, days) -> None:
    rng = np.random.default_rng(7)
    held = 0
    for _ in range(REPETITIONS):
        hits = rng.binomial(days, true, runs).astype(float)
        low, high = share_of_days(hits, np.full(runs, float(days))).bounds(0.0, 1.0)
        held += bool(low <= true <= high)
    # A share of few days jumps, so its confidence interval holds a little too often or too seldom.
    assert held / REPETITIONS >= 0.925


def test_equal_days_still_leave_a_width() -> None:
    none = share_of_days(np.zeros(20), np.ones(20))
    low, high = none.bounds(0.0, 1.0)
    t = 2.093024  # 19 degrees of freedom
    assert (float(low), float(high)) == (0.0, pytest.approx(t**2 / (20 + t**2), rel=1e-5))
    every = share_of_days(np.full(20, 5.0), np.full(20, 5.0))
    assert float(every.bounds(0.0, 1.0)[0]) == pytest.approx(1 - t**2 / (20 + t**2), rel=1e-5)
    assert np.isnan(share_of_days(np.zeros(1), np.ones(1)).half)


def test_one_replication_has_no_confidence_interval() -> None:
    assert np.isnan(mean_per_replication(np.array([5.0])).half)


def test_influences_of_a_product_agree_with_leaving_one_out() -> None:
    rng = np.random.default_rng(1)
    a, b, c = rng.uniform(1, 2, (3, 400))
    one = ratio([a, b], [c])
    left_out = np.array(
        [np.delete(a, k).mean() * np.delete(b, k).mean() / np.delete(c, k).mean() for k in range(9)]
    )
    jackknife = (400 - 1) * (float(one.value) - left_out)
    assert one.influence[:9] == pytest.approx(jackknife, abs=0.01)


def test_the_interval_of_a_ratio_covers_the_truth() -> None:
    rng = np.random.default_rng(2)
    hits = 0
    for _ in range(REPETITIONS):
        busy = rng.gamma(10, 1 / 10, 20)
        offered = rng.poisson(200 * busy).astype(float)
        met = rng.binomial(offered.astype(int), 0.8).astype(float)
        low, high = ratio([met], [offered]).bounds(0, 1)
        hits += bool(low <= 0.8 <= high)
    assert coverage(hits)


def test_the_interval_of_a_paired_difference_covers_the_truth_and_is_narrower() -> None:
    rng = np.random.default_rng(3)
    hits, narrower = 0, 0
    for _ in range(REPETITIONS):
        offered = rng.poisson(200, 20).astype(float)
        common = rng.normal(0, 10, 20)
        base = 0.7 * offered + common
        other = 0.75 * offered + common + rng.normal(0, 2, 20)
        one, two = ratio([base], [offered]), ratio([other], [offered])
        gap = two.minus(one)
        low, high = gap.bounds()
        hits += bool(low <= 0.05 <= high)
        narrower += bool(gap.half < np.hypot(one.half, two.half))
    assert coverage(hits)
    assert narrower == REPETITIONS


def classes(waits: np.ndarray) -> np.ndarray:
    out = np.zeros((waits.shape[0], WAIT_EDGES.size), dtype=np.int32)
    for run, row in enumerate(waits):
        np.add.at(out[run], np.searchsorted(WAIT_EDGES, row), 1)
    return out


def test_the_interval_of_a_percentile_covers_the_truth() -> None:
    rng = np.random.default_rng(4)
    truth = -30 * np.log(0.1)
    hits = 0
    for _ in range(REPETITIONS):
        one = percentile(classes(rng.exponential(30, (20, 100))), WAIT_EDGES, 0.9)
        low, high = one.bounds()
        hits += bool(low <= truth <= high)
    assert coverage(hits)


@pytest.mark.parametrize("share", [0.5, 0.8, 0.9, 0.99])
def test_a_percentile_is_exact_to_its_class(share: float) -> None:
    waits = np.random.default_rng(5).exponential(80, (4, 5000))
    value = float(percentile(classes(waits), WAIT_EDGES, share).value)
    assert value == pytest.approx(np.quantile(waits, share), rel=0.01, abs=0.25)


def test_a_percentile_among_waits_of_zero_is_zero() -> None:
    waits = np.where(np.random.default_rng(6).uniform(size=(5, 400)) < 0.7, 0.0, 10.0)
    one = percentile(classes(waits), WAIT_EDGES, 0.5)
    assert one.value == 0.0
    assert one.half == 0.0
    assert float(percentile(classes(waits), WAIT_EDGES, 0.9).value) == pytest.approx(10, abs=0.5)


def test_a_percentile_of_nothing_is_not_known() -> None:
    assert np.isnan(percentile(classes(np.empty((3, 0))), WAIT_EDGES, 0.9).value)


def test_quantiles_of_days_pool_the_days_of_all_runs() -> None:
    days = np.array([[0.1, 0.9], [0.5, np.nan], [0.3, 0.7]])
    assert float(quantile_of_days(days, 0.5).value) == 0.5
    assert float(quantile_of_days(days, 0.1).value) == 0.1
    assert float(quantile_of_days(days, 0.9).value) == 0.9


def test_the_interval_of_a_quantile_of_days_covers_the_truth() -> None:
    rng = np.random.default_rng(7)
    hits = 0
    for _ in range(REPETITIONS):
        low, high = quantile_of_days(rng.uniform(size=(100, 1)), 0.5).bounds()
        hits += bool(low <= 0.5 <= high)
    assert 0.925 <= hits / REPETITIONS <= 0.985  # order statistics are coarse


def test_a_quantile_beyond_the_days_seen_is_not_bounded_by_them() -> None:
    """Of ten days the best may be worse than the 99 % quantile, the worst better than the 1 %."""
    days = np.linspace(0.5, 0.6, 10).reshape(10, 1)
    assert quantile_of_days(days, 0.99).bounds()[1] == 1.0
    assert quantile_of_days(days, 0.99).bounds(0.0, 1.0)[0] >= 0.5
    assert quantile_of_days(days, 0.01).bounds()[0] == 0.0
    assert quantile_of_days(-days, 0.01, lowest=-2.0).bounds()[0] == -2.0


@pytest.mark.parametrize(("days", "share"), [(20, 0.1), (20, 0.9), (40, 0.1), (60, 0.9)])
def test_the_interval_of_an_outer_quantile_of_few_days_covers_the_truth(
    days: int, share: float
) -> None:
    rng = np.random.default_rng(8)
    hits = 0
    for _ in range(REPETITIONS):
        low, high = quantile_of_days(rng.uniform(size=(days, 1)), share).bounds()
        hits += bool(low <= share <= high)
    assert hits / REPETITIONS >= 0.93


def test_bounds_stay_within_the_range_of_the_metric() -> None:
    one = InfluenceEstimate(np.array(0.99), np.array([0.05, -0.05]))
    low, high = one.bounds(0.0, 1.0)
    assert float(high) == 1.0
    assert 0.0 <= float(low) < 0.99
