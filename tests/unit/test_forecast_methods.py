"""Methods of forecasting: known series are found, nothing of the future is used."""

import datetime as dt

import numpy as np
import pytest

from sim.history.forecast.day_table import day_table
from sim.history.forecast.methods import (
    LOW_RANK,
    MEDIAN,
    METHODS,
    NAIVE,
    REGRESSION,
    SMOOTHING,
    TREND,
    method_forecasts,
)
from sim.history.forecast.origins import HORIZONS, LEADS, at_targets, target_days
from sim.history.forecast.rolling_regression import nan_median, smoothed
from sim.history.forecast.root_scale import mean_count, root
from sim.history.forecast.weighted_mean import chosen_weights, error_weights, weighted
from sim.history.volume_history import VolumeHistory, infer_open

MONDAY = dt.date(2024, 1, 1)
WEEKDAYS = np.array([1.3, 1.1, 1.0, 0.95, 1.05, 0.4, 0.0])
PROFILE = np.where((np.arange(24) >= 8) & (np.arange(24) < 20), 40 + 30 * np.sin(np.arange(24)), 0)


def world(days=120, seed=1, cv=0.08, memory=0.6, level=None):
    """Counts by day and hour, their means, and the means without the factor of the day."""
    random = np.random.default_rng(seed)
    shocks = random.normal(size=days) * np.sqrt(1 - memory**2)
    state = np.zeros(days)
    for day in range(1, days):
        state[day] = memory * state[day - 1] + shocks[day]
    usual = WEEKDAYS[np.arange(days) % 7][:, None] * PROFILE
    usual = usual * (np.ones(days) if level is None else level)[:, None]
    means = usual * np.exp(cv * state)[:, None]
    return random.poisson(means).astype(float), usual


def table_of(counts, ahead=LEADS, names=None):
    history = VolumeHistory("calls", "voice", MONDAY, 60, counts, infer_open(counts, MONDAY))
    return day_table(history, ahead, names or {})


def wape(forecast, table, origins, lead=0):
    actual = at_targets(table.counts, origins, lead + 1)[:, lead]
    known = np.isfinite(actual)
    return np.abs(forecast[:, lead] - actual)[known].sum() / actual[known].sum()


def test_the_root_of_poisson_counts_is_inverted_without_bias():
    random = np.random.default_rng(5)
    for mean in (0.05, 0.4, 2.0, 9.0, 80.0):
        counts = random.poisson(mean, 200_000)
        found = mean_count(np.array([root(counts.astype(float)).mean()]))[0]
        assert found == pytest.approx(mean, abs=4 * np.sqrt(mean / 200_000) + 0.004)


def test_medians_without_unknown_values():
    values = np.array([[3.0, np.nan, 1.0], [np.nan] * 3, [4.0, 2.0, np.nan]])
    np.testing.assert_array_equal(nan_median(values), [2.0, np.nan, 3.0])


def test_each_method_beats_or_is_the_naive_one_and_the_choice_is_near_the_best():
    counts, _ = world()
    table = table_of(counts)
    origins = np.arange(14, table.known + 1)
    found = method_forecasts(table, origins, LEADS, METHODS)
    assert found.names == METHODS
    assert not found.refused
    late = origins >= 42
    errors = {
        name: wape(one[late], table, origins[late])
        for name, one in zip(found.names, found.forecasts, strict=True)
    }
    assert errors[MEDIAN] < errors[NAIVE]
    assert max(errors[REGRESSION], errors[LOW_RANK], errors[SMOOTHING]) < errors[MEDIAN]
    chosen = weighted(found.forecasts, chosen_weights(found.forecasts, table.counts, origins))
    assert wape(chosen[late], table, origins[late]) < 1.03 * min(errors.values())


def test_the_regression_finds_the_expected_volumes():
    counts, usual = world(days=200, cv=0.0)
    table = table_of(counts)
    forecast = method_forecasts(table, np.array([199, 200]), LEADS, [REGRESSION]).forecasts[0, -1]
    truth = np.tile(usual[4:11], (4, 1))[: len(forecast), table.columns]  # day 200 is a Friday
    assert abs(forecast.sum() / truth.sum() - 1) < 0.02
    assert np.abs(forecast - truth).sum() / truth.sum() < 0.06


def test_memory_carries_a_busy_spell_to_tomorrow_and_less_to_next_month():
    counts, usual = world(days=150, cv=0.15, memory=0.9, seed=3)
    counts[-6:] = np.random.default_rng(9).poisson(1.3 * usual[-6:])
    table = table_of(counts)
    origins = np.arange(20, 151)
    path = method_forecasts(table, origins, LEADS, [REGRESSION]).forecasts[0, -1]
    ratio = path.sum(axis=1) / np.maximum(np.tile(usual[3:10], (5, 1))[:LEADS].sum(axis=1), 1)
    assert ratio[0] > 1.12
    assert ratio[24] < 0.7 * (ratio[0] - 1) + 1


def test_a_near_empty_day_does_not_move_the_forecast_and_a_new_level_does():
    counts, _ = world(days=100, cv=0.03)
    origins = np.arange(20, 101)

    def tomorrow(changed):
        found = method_forecasts(table_of(changed), origins, LEADS, [REGRESSION, LOW_RANK])
        return found.forecasts[:, -1, :7].sum(axis=(1, 2)), found.odd

    usual, _ = tomorrow(counts)
    empty = counts.copy()
    empty[[80, 98]] = np.round(0.05 * empty[[80, 98]])
    moved, odd = tomorrow(empty)
    assert {80, 98} <= set(odd)
    np.testing.assert_allclose(moved, usual, rtol=0.04)
    shifted = counts.copy()
    shifted[-14:] = np.round(1.4 * shifted[-14:])
    moved, _ = tomorrow(shifted)
    np.testing.assert_allclose(moved, 1.4 * usual, rtol=0.12)  # after two weeks


def test_a_first_shift_of_level_lasts_and_a_week_of_holidays_does_not():
    counts, usual = world(days=133, cv=0.03)
    origins = np.arange(14, 134)

    def fourth_week(factor, last):
        changed = counts.copy()
        changed[-last:] = np.round(factor * changed[-last:])
        found = method_forecasts(table_of(changed), origins, LEADS, [REGRESSION, LOW_RANK])
        return found.forecasts[:, -1, 21:].sum(axis=(1, 2)) / usual[:7].sum()

    np.testing.assert_allclose(fourth_week(1.4, 12), 1.4, rtol=0.07)
    np.testing.assert_allclose(fourth_week(0.6, 5), 1.0, rtol=0.1)


def test_a_holiday_is_forecast_from_those_before():
    counts, _ = world(days=150, cv=0.03)
    holidays = {MONDAY + dt.timedelta(days=day): "holiday" for day in (30, 58, 86, 114, 152)}
    for day in (30, 58, 86, 114):
        counts[day] = np.round(0.3 * counts[day])
    origins = np.arange(14, 151)
    plain = method_forecasts(table_of(counts), origins, LEADS, [REGRESSION]).forecasts[0, -1]
    named = method_forecasts(
        table_of(counts, names=holidays), origins, LEADS, [REGRESSION]
    ).forecasts[0, -1]
    totals, usual = named.sum(axis=1), plain.sum(axis=1)
    assert totals[2] / usual[2] == pytest.approx(0.3, abs=0.1)
    np.testing.assert_allclose(totals[9:13], usual[9:13], rtol=0.05)


def test_nothing_of_the_future_is_used():
    counts, _ = world(days=110)
    random = np.random.default_rng(4)
    table = table_of(counts)
    scrambled = counts.copy()
    scrambled[80:] = random.permuted(scrambled[80:], axis=0) * random.uniform(0, 4, (30, 1))
    scrambled = np.where(infer_open(counts, MONDAY), np.round(scrambled) + 0.0, 0.0)
    history = VolumeHistory("calls", "voice", MONDAY, 60, scrambled, infer_open(counts, MONDAY))
    origins = np.arange(14, 111)
    before = method_forecasts(table, origins, LEADS, METHODS)
    after = method_forecasts(day_table(history, LEADS, {}), origins, LEADS, METHODS)
    early = origins <= 80
    np.testing.assert_allclose(
        before.forecasts[:, early], after.forecasts[:, early], rtol=1e-6, atol=1e-6
    )
    weights = [chosen_weights(f.forecasts, c, origins)[:, early] for f, c in
               ((before, table.counts), (after, scrambled[:, table.columns]))]  # fmt: skip
    np.testing.assert_allclose(weights[0], weights[1], rtol=1e-6, atol=1e-9)
    assert not np.allclose(before.forecasts[:, ~early], after.forecasts[:, ~early])


def test_no_contacts_are_forecast_below_zero_or_in_closed_hours():
    counts, _ = world(days=60)
    counts[:, 8:10] = np.random.default_rng(2).poisson(0.05, (60, 2))
    table = table_of(counts)
    origins = np.arange(14, 61)
    forecasts = method_forecasts(table, origins, LEADS, METHODS).forecasts
    assert (forecasts >= 0).all()
    is_open = table.is_open[target_days(origins, LEADS)]
    assert not forecasts[:, ~is_open].any()


def test_short_histories_say_what_cannot_be_tried():
    counts, _ = world(days=8)
    found = method_forecasts(table_of(counts), np.array([7, 8]), LEADS, METHODS)
    assert set(found.names) == {NAIVE, REGRESSION}
    assert found.refused[SMOOTHING] == "needs 28 days of history, there are 8"
    assert np.isfinite(found.forecasts).all()


def test_horizons_cover_four_weeks():
    leads = [lead for one in HORIZONS for lead in range(one.first, one.last + 1)]
    assert leads == list(range(1, LEADS + 1))


@pytest.mark.parametrize(("is_named", "weight"), [(True, 1.0), (False, 0.5)])
def test_a_day_after_an_extra_closed_day_is_forecast_as_the_first_of_a_week(is_named, weight):
    counts, _ = world(days=120, cv=0.0)
    tuesday = 99 - 99 % 7 + 1
    counts[tuesday - 1] = 0.0
    names = {MONDAY + dt.timedelta(days=tuesday - 1): "holiday"} if is_named else {}
    origins = np.arange(14, tuesday + 1)
    methods = [REGRESSION, SMOOTHING, LOW_RANK]
    found = method_forecasts(table_of(counts, names=names), origins, LEADS, methods)
    roots = weight * WEEKDAYS[0] ** 0.5 + (1 - weight) * WEEKDAYS[1] ** 0.5
    for forecast in found.forecasts:
        assert forecast[-1, 0].sum() == pytest.approx(roots**2 * PROFILE.sum(), rel=0.045)


def test_a_day_like_the_first_of_a_week_leaves_the_season_of_smoothing_as_it_was():
    counts, _ = world(days=120, cv=0.0)
    tuesday = 99 - 99 % 7 + 1
    ordinary = table_of(counts)
    counts[tuesday] *= 1.5
    counts[tuesday - 1] = 0.0
    closed = table_of(counts, names={MONDAY + dt.timedelta(days=tuesday - 1): "holiday"})
    origins = np.arange(14, 108)
    before, after = (
        method_forecasts(table, origins, LEADS, [SMOOTHING]).forecasts[0, -1].sum(axis=1)
        for table in (ordinary, closed)
    )
    np.testing.assert_allclose(after, before, rtol=0.05, atol=1e-9)


def test_days_before_holidays_are_forecast_from_those_before_other_holidays():
    counts, _ = world(days=120, cv=0.0)
    days = (31, 59, 87, 115)
    for day in days:
        counts[day - 1] *= 0.4
        counts[day] *= 0.2
    names = {MONDAY + dt.timedelta(days=day): f"holiday {day}" for day in days}
    table = table_of(counts, names=names)
    assert table.special_names[table.special[30]] == "day before holiday 31"
    origins = np.arange(14, 116)
    found = method_forecasts(table, origins, LEADS, [REGRESSION]).forecasts[0]
    usual = [WEEKDAYS[day % 7] * PROFILE.sum() for day in (114, 115)]
    assert found[-2, 0].sum() / usual[0] == pytest.approx(0.4 ** (3 / 4), rel=0.1)
    assert found[-1, 0].sum() / usual[1] == pytest.approx(0.2 ** (3 / 4), rel=0.1)


def test_forecasts_weigh_by_how_much_more_they_err_than_the_best():
    weights = error_weights(np.array([[10.0, np.nan], [10.5, np.nan], [14.0, 3.0]]), 0.05)
    assert weights[1, 0] / weights[0, 0] == pytest.approx(0.5, abs=0.05)
    assert weights[2, 0] == 0
    np.testing.assert_allclose(weights[:, 1], 1 / 3)  # where errors of some are not known
    np.testing.assert_allclose(weights.sum(axis=0), 1.0)


def test_effects_are_smoothed_over_the_day_but_not_with_closed_intervals():
    roots = np.ones((10, 4))
    roots[:, 3] = np.nan
    slopes = np.array([[[1.0, 2.0, 3.0, 0.0]]])
    nearness = np.exp(-0.5 * np.square(np.subtract.outer(np.arange(4.0), np.arange(4.0))))
    found = smoothed(slopes, roots, np.ones((10, 1)), np.ones((1, 10)), nearness)[0, 0]
    assert 1 < found[0] < 2
    last = nearness[:3, 2]
    assert found[2] == pytest.approx(last @ [1, 2, 3] / last.sum())
    alone = smoothed(slopes, roots, np.ones((10, 1)), np.ones((1, 10)), np.eye(4))
    np.testing.assert_array_equal(alone, slopes)


def test_the_first_and_last_working_days_of_months_have_effects_of_their_own():
    counts, _ = world(days=200, cv=0.05)
    dates = [MONDAY + dt.timedelta(days=day) for day in range(200 + LEADS)]
    works = np.array([date.weekday() < 6 for date in dates])
    firsts = [
        next(day for day in range(start, len(dates)) if works[day])
        for start in range(len(dates) - 3)
        if dates[start].day == 1
    ]
    for day in firsts:
        if day < 200:
            counts[day] = np.round(1.3 * counts[day])
    table = table_of(counts)
    found = method_forecasts(table, np.arange(14, 201), LEADS, [REGRESSION]).forecasts[0, -1]
    coming = next(day for day in firsts if day >= 200) - 200
    assert 1.1 < found[coming].sum() / found[coming + 7].sum() < 1.35
    longer = table_of(counts, ahead=LEADS + 40)  # where the table ends changes nothing
    np.testing.assert_array_equal(longer.features[: 200 + LEADS], table.features)


@pytest.mark.parametrize("growth", [0.02, 0.01, 0.0, -0.01])
def test_a_growth_goes_on_for_four_weeks_and_none_is_seen_where_there_is_none(growth):
    days = 100
    level = np.exp(growth * (np.arange(days + LEADS) - days / 2))
    counts, usual = world(days=days + LEADS, cv=0.03, memory=0.0, level=level)
    table, origins = table_of(counts[:days]), np.arange(14, days + 1)
    found = method_forecasts(table, origins, LEADS, METHODS)
    weights = chosen_weights(found.forecasts, table.counts, origins, found.doubts)
    totals = weighted(found.forecasts, weights)[-1].sum(axis=1)
    expected = usual[days:].sum(axis=1)
    assert totals[7:].sum() / expected[7:].sum() == pytest.approx(1, abs=0.04)


def test_a_trend_of_one_busy_week_is_not_believed():
    counts, usual = world(days=100, cv=0.03, memory=0.0)
    counts[-5:] = np.round(counts[-5:] * [[1.05], [1.1], [1.15], [1.2], [1.25]])
    found = method_forecasts(table_of(counts), np.arange(14, 101), LEADS, [REGRESSION, TREND])
    totals = found.forecasts[1, -1, 21:].sum()
    assert totals / usual[93:100].sum() == pytest.approx(1.1, abs=0.15)


def test_errors_count_as_shares_of_a_level_that_falls():
    """Of forecasts that serve a busy past and a quiet present, the one of the present is taken."""
    origins = np.arange(10, 120)
    level = np.where(np.arange(120) < 70, 1000.0, 100.0)
    actual = level[np.minimum(origins[:, None] + np.arange(LEADS), 119)][..., None]
    past, present = (np.where(actual > 500, *both) for both in ((1.02, 1.2), (1.06, 1.0)))
    weights = chosen_weights(np.stack([past, present]) * actual, level[:, None], origins)
    assert weights[1, -1, 0] > 0.9
