"""Estimates with less variance: antithetic pairs, and controls by regression."""

import numpy as np
import pytest
from scipy import stats

from sim.metrics.estimators import mean_per_replication, percentile, ratio
from sim.metrics.variance_reduction import VarianceReduction

RUNS = 40


def sample(seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    controls = rng.standard_normal((RUNS, 2)) @ np.array([[1.0, 0.3], [0.0, 2.0]])
    return 5 + controls @ [1.5, -0.7] + 0.5 * rng.standard_normal(RUNS), controls


def test_controls_give_the_regression_at_the_known_means() -> None:
    y, controls = sample()
    found = VarianceReduction(controls=controls).apply(mean_per_replication(y))
    # Ordinary least squares with an intercept, written out: its intercept is the answer.
    design = np.column_stack([np.ones(RUNS), controls])
    weights, rest, *_ = np.linalg.lstsq(design, y, rcond=None)
    variance = rest[0] / (RUNS - 3) * np.linalg.inv(design.T @ design)[0, 0]
    assert float(found.value) == pytest.approx(weights[0])
    assert float(found.half) == pytest.approx(stats.t.ppf(0.975, RUNS - 3) * np.sqrt(variance))
    assert found.share_removed == pytest.approx(1 - variance / (y.var(ddof=1) / RUNS))


def test_pairs_are_the_units_of_antithetic_replications() -> None:
    rng = np.random.default_rng(2)
    noise = rng.standard_normal(20)
    y = 3 + np.column_stack([noise, -0.8 * noise]).ravel()
    found = VarianceReduction(unit_size=2).apply(mean_per_replication(y))
    means = y.reshape(20, 2).mean(axis=1)
    assert float(found.value) == pytest.approx(y.mean())
    assert found.units == 20
    half = stats.t.ppf(0.975, 19) * means.std(ddof=1) / np.sqrt(20)
    assert float(found.half) == pytest.approx(half)
    assert found.share_removed == pytest.approx(1 - means.var(ddof=1) / 20 / (y.var(ddof=1) / 40))
    assert found.share_removed is not None
    assert found.share_removed > 0.9


def test_pairs_and_controls_go_together() -> None:
    y, controls = sample()
    both = VarianceReduction(2, controls).apply(mean_per_replication(y))
    units = VarianceReduction(controls=controls.reshape(20, 2, 2).mean(axis=1))
    alone = units.apply(mean_per_replication(y.reshape(20, 2).mean(axis=1)))
    assert float(both.value) == pytest.approx(float(alone.value))
    assert float(both.half) == pytest.approx(float(alone.half))


def test_nothing_done_changes_nothing() -> None:
    one = mean_per_replication(np.array([1.0, 2.0, 4.0]))
    assert VarianceReduction().apply(one) is one
    assert not VarianceReduction()
    assert one.share_removed is None


def test_controls_that_tell_the_same_or_nothing_are_left_out() -> None:
    y, controls = sample()
    more = np.column_stack([controls, controls @ [2.0, 1.0], np.zeros(RUNS)])
    one, other = (
        VarianceReduction(controls=c).apply(mean_per_replication(y)) for c in (controls, more)
    )
    assert (one.fitted, other.fitted) == (2, 2)
    assert float(one.half) == pytest.approx(float(other.half))


def test_too_few_replications_for_controls_leave_the_estimate_unchanged() -> None:
    y, controls = sample()
    one = mean_per_replication(y[:4])
    assert float(VarianceReduction(controls=controls[:4]).apply(one).half) == float(one.half)


def test_regression_is_linear_so_differences_stay_differences() -> None:
    y, controls = sample()
    z, _ = sample(3)
    reduction = VarianceReduction(controls=controls)
    one, other = mean_per_replication(y), mean_per_replication(z)
    gap = reduction.apply(other.minus(one))
    apart = float(reduction.apply(other).value) - float(reduction.apply(one).value)
    assert float(gap.value) == pytest.approx(apart)


def test_metrics_by_interval_are_treated_separately() -> None:
    y, controls = sample()
    z, _ = sample(3)
    reduction = VarianceReduction(controls=controls)
    both = reduction.apply(mean_per_replication(np.column_stack([y, z])))
    for k, one in enumerate((y, z)):
        alone = reduction.apply(mean_per_replication(one))
        assert both.value[k] == pytest.approx(float(alone.value))
        assert both.half[k] == pytest.approx(float(alone.half))


def test_what_is_not_known_stays_so() -> None:
    _, controls = sample()
    nothing = ratio([np.zeros(RUNS)], [np.zeros(RUNS)])
    assert np.isnan(VarianceReduction(controls=controls).apply(nothing).value)


def test_interval_of_a_percentile_counts_pairs() -> None:
    rng = np.random.default_rng(4)
    edges = np.array([0.0, 1.0, 2.0, 3.0, np.inf])
    counts = rng.multinomial(50, [0.2, 0.3, 0.3, 0.15, 0.05], 20)
    twice = np.repeat(counts, 2, axis=0)  # the second of a pair tells nothing new
    alone, paired = percentile(counts, edges, 0.8), percentile(twice, edges, 0.8, unit_size=2)
    assert paired.span == pytest.approx(alone.span)
    assert float(paired.grouped(2).half) == pytest.approx(float(alone.half))
