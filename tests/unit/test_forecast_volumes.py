"""The forecast of a queue: sums, coverage, busyness, handle times, short histories, real data."""

import csv
import datetime as dt
import gzip
import os
from pathlib import Path

import numpy as np
import pytest

from sim.history.forecast import CHOSEN, METHODS, forecast, forecast_queues
from sim.history.forecast.day_busyness import day_busyness, shared_part
from sim.history.forecast.error_variance import error_variance
from sim.history.forecast.prediction_intervals import conformal_bands
from sim.history.volume_history import VolumeHistory, infer_open
from sim.messages import BadInputError

DATA = Path(os.environ.get("CCPLAN_DATA", Path(__file__).parents[3] / "shared" / "data"))
MONDAY = dt.date(2024, 1, 1)
WEEKDAYS = np.array([1.3, 1.1, 1.0, 0.95, 1.05, 0.4, 0.0])
OPEN = (np.arange(24) >= 8) & (np.arange(24) < 20)
PROFILE = np.where(OPEN, 40 + 30 * np.sin(np.arange(24)), 0)


def day_factors(days, cv, memory, seed):
    random = np.random.default_rng(seed)
    state = np.zeros(days)
    shocks = random.normal(size=days) * np.sqrt(1 - memory**2)
    for day in range(1, days):
        state[day] = memory * state[day - 1] + shocks[day]
    return np.exp(cv * state)


def history(days, cv=0.1, memory=0.5, seed=1, factors=None, **more):
    factors = day_factors(days, cv, memory, seed) if factors is None else factors
    means = WEEKDAYS[np.arange(days) % 7][:, None] * PROFILE * factors[:, None]
    counts = np.random.default_rng(seed + 100).poisson(means).astype(float)
    is_open = infer_open(counts, MONDAY)
    return VolumeHistory("calls", "voice", MONDAY, 60, counts, is_open, **more)


@pytest.fixture(scope="module")
def half_year():
    return forecast(history(182, cv=0.12))


def test_days_and_weeks_are_sums_and_closed_hours_have_nothing(half_year):
    found = half_year
    assert found.first_day == dt.date(2024, 7, 1)
    np.testing.assert_allclose(found.intervals.expected.sum(axis=1), found.days.expected)
    np.testing.assert_allclose(found.days.expected.reshape(4, 7).sum(axis=1), found.weeks.expected)
    for band in (found.intervals, found.days, found.weeks):
        assert (band.low >= 0).all()
        assert (band.low <= band.expected).all()
        assert (band.expected <= band.high).all()
    assert not found.intervals.high[:, ~OPEN].any()
    assert not found.intervals.high[6::7].any()


def test_intervals_hold_as_often_as_they_say(half_year):
    for choice in half_year.choices:
        assert 0.87 <= choice.coverage["intervals"] <= 0.94
        assert 0.83 <= choice.coverage["days"] <= 0.98  # some 100 days, few of them independent


def test_the_choice_is_better_than_the_naive_methods_and_no_better_than_noise(half_year):
    tested = half_year.back_test
    assert {one.method for one in tested.errors} == {*METHODS, CHOSEN}
    for horizon in tested.days:
        errors = {name: tested.error(name, horizon).wape for name in (*METHODS, CHOSEN)}
        assert tested.poisson_wape < errors[CHOSEN] < errors["median of six"]
        assert errors["median of six"] < errors["seasonal naive"]
    weights = half_year.choices[0].weights
    assert sum(weights.values()) == pytest.approx(1)


def test_forecasts_are_the_same_each_time():
    again = history(60)
    one, two = forecast(again), forecast(again)
    np.testing.assert_array_equal(one.intervals.high, two.intervals.high)
    assert repr(one.choices) == repr(two.choices)  # NaN is not equal to itself


def test_busyness_and_its_memory_are_recovered():
    inside = 0
    for seed in range(40):
        factors = day_factors(250, 0.15, 0.6, seed)
        mean = np.full(250, 400.0)
        actual = np.random.default_rng(seed).poisson(mean * factors).astype(float)
        found = day_busyness(mean, actual)
        inside += found.low <= 0.15 <= found.high
        assert found.memory == pytest.approx(0.6, abs=0.25)
    assert inside >= 33


def test_poisson_counts_have_no_busyness():
    actual = np.random.default_rng(3).poisson(300.0, 300).astype(float)
    found = day_busyness(np.full(300, 300.0), actual)
    assert found.low < 0.01
    assert found.cv < 0.02
    assert day_busyness(np.full(5, 300.0), actual[:5]) is None


def test_busyness_that_queues_share_is_recovered():
    random = np.random.default_rng(8)
    common, own = random.normal(size=400), random.normal(size=(3, 400))
    factors = 1 + 0.15 * (np.sqrt(0.6) * common + np.sqrt(0.4) * own)
    counts = random.poisson(200 * factors)
    ratios = [np.stack([one / 200 - 1, np.full(400, 1 / 200)]) for one in counts]
    assert shared_part(ratios) == pytest.approx(0.6, abs=0.1)
    assert shared_part(ratios[:1]) is None


def test_queues_forecast_together_have_a_shared_part():
    common = day_factors(120, 0.15, 0.3, 7)
    calls = [(0, 2)]
    found = forecast_queues(
        [history(120, factors=common, seed=seed) for seed in (1, 2)],
        progress=lambda done, total: calls.append((done, total)),
    )
    assert found[0].shared == found[1].shared > 0.7
    assert calls[-1] == (2, 2)


def test_coverage_is_out_of_sample_for_the_quantiles():
    random = np.random.default_rng(6)
    days = 200
    origins = np.arange(1, days)
    forecasts = np.full((days - 1, 1, 1), 1000.0)
    actual = random.normal(1000.0, 150.0, (days - 1, 1, 1))
    known_on = (origins + 1)[:, None]
    ones = np.ones(1)

    def bands():
        variance = error_variance(forecasts, actual, known_on, origins, ones, ones)
        return conformal_bands(forecasts, actual, known_on, origins, 0.9, variance)

    before = bands()
    assert before.coverage == pytest.approx(0.9, abs=0.05)
    actual[100:] = 5000.0
    after = bands()
    np.testing.assert_array_equal(before.high[:100], after.high[:100])
    assert not after.covered[100:102].any()


def test_a_forecast_is_inside_its_own_interval_though_all_errors_have_one_sign():
    rng = np.random.default_rng(5)
    origins = np.arange(60, 200)
    forecasts = np.full((len(origins), 1, 4), 40.0)
    actual = rng.poisson(5.0, forecasts.shape).astype(float)
    known_on = (origins + 1)[:, None]
    variance = error_variance(forecasts, actual, known_on, origins, np.ones(1), np.ones(1))
    found = conformal_bands(forecasts, actual, known_on, origins, 0.9, variance)
    assert (found.low <= forecasts).all()
    assert (found.high >= forecasts).all()
    assert (found.low[-1] < 5).all()


def test_handle_times_are_weighted_by_contacts_and_known_by_weekday_and_hour():
    counts = history(84).offered
    aht = np.full(counts.shape, 240.0)
    aht[:, 8:12] = 300.0
    aht[5::7] = 400.0
    aht[counts == 0] = np.nan
    aht[30, 9], lone = 4000.0, counts.copy()
    lone[30, 9] = 1.0  # a single long contact
    is_open = infer_open(counts, MONDAY)
    found = forecast(VolumeHistory("calls", "voice", MONDAY, 60, lone, is_open, aht))
    assert found.aht[0, 9] == pytest.approx(300, rel=0.05)
    assert found.aht[0, 16] == pytest.approx(240, rel=0.05)
    assert found.aht[5, 14] > 340
    assert np.isnan(found.aht[0, 2])
    assert forecast(history(20)).aht is None


@pytest.mark.parametrize("days", [7, 8, 15, 29])
def test_short_histories_are_forecast_with_what_can_be_tried(days):
    found = forecast(history(days))
    assert found.days.expected[0] > 0
    assert ("exponential smoothing" in found.refused) == (days < 28)
    assert any("too few days with contacts to choose" in note for note in found.notes) == (
        days < 29
    )
    assert np.isfinite(found.days.high).all()


def test_days_after_the_fourth_week():
    found = forecast(history(60), days=70)
    assert found.days.expected.shape == (70,)
    assert found.weeks.expected.shape == (10,)
    np.testing.assert_allclose(found.days.expected[:28], forecast(history(60)).days.expected)
    assert (found.days.high[found.days.expected > 0] > 0).all()
    assert (found.days.expected[52:58] > 0).all()  # Monday to Saturday


def test_gaps_are_not_forecast_as_quiet_days():
    full = history(90, cv=0.02)
    gaps = full.offered.copy()
    gaps[60:67] = np.nan
    gaps[80, :13] = np.nan
    partly = VolumeHistory("calls", "voice", MONDAY, 60, gaps, full.is_open)
    np.testing.assert_allclose(
        forecast(partly).days.expected, forecast(full).days.expected, rtol=0.06, atol=1e-9
    )


@pytest.mark.parametrize(
    ("days", "more", "message"),
    [
        (1, {}, r"queue calls: 1 day with volumes are too few.*at least a week"),
        (14, {"days": 0}, "days: 0; allowed are 1 to 366"),
        (14, {"level": 1.0}, "level: 1.0; allowed are 0.5 to 0.99"),
        (
            14,
            {"methods": ["oracle"]},
            "method: 'oracle' is unknown; allowed: seasonal naive, median",
        ),
    ],
)
def test_what_cannot_be_forecast_is_refused(days, more, message):
    with pytest.raises(BadInputError, match=message):
        forecast(history(days), **more)


def test_a_new_holiday_may_be_empty_and_widens_no_other_day():
    ordinary = history(150, cv=0.02)
    names = {MONDAY + dt.timedelta(days=day): f"holiday {day}" for day in (65, 100, 121, 162)}
    counts = ordinary.offered.copy()
    for day in (65, 100, 121):
        counts[day] = np.round(0.1 * counts[day])
    quiet = VolumeHistory("calls", "voice", MONDAY, 60, counts, ordinary.is_open)
    found, plain = forecast(quiet, holidays=names), forecast(ordinary)
    others = [1, 2, 4, 15, 16, 18]
    width = (found.days.high - found.days.low)[others]
    usual = (plain.days.high - plain.days.low)[others]
    assert found.days.low[12] < 0.2 * plain.days.expected[12]  # day 162
    assert found.days.high[12] > 1.5 * found.days.expected[12]
    np.testing.assert_allclose(width, usual, rtol=0.3)
    weeks = [(one.weeks.high - one.weeks.low) / one.weeks.expected for one in (found, plain)]
    assert weeks[0][1] > 1.5 * weeks[1][1]  # the week with the holiday
    assert weeks[0][0] < 1.3 * weeks[1][0]


def test_a_holiday_known_for_years_is_as_certain_as_other_days():
    ordinary = history(150, cv=0.02)
    days = (51, 65, 79, 93, 107, 121, 135, 163)
    counts = ordinary.offered.copy()
    for day in days[:-1]:
        counts[day] = np.round(0.5 * counts[day])
    names = {MONDAY + dt.timedelta(days=day): "half day" for day in days}
    found = forecast(
        VolumeHistory("calls", "voice", MONDAY, 60, counts, ordinary.is_open), events=names
    )
    expected = found.days.expected[13]
    assert expected / found.days.expected[6 + 14] == pytest.approx(0.5, abs=0.08)
    assert found.days.low[13] > 0.6 * expected
    assert found.days.high[13] < 1.4 * expected


def test_the_forecast_of_a_queue_with_few_contacts_is_not_their_median():
    means = WEEKDAYS[np.arange(120) % 7][:, None] * PROFILE / 200
    counts = np.random.default_rng(3).poisson(means).astype(float)
    found = forecast(VolumeHistory("rare", "voice", MONDAY, 60, counts, infer_open(counts, MONDAY)))
    assert found.days.expected.sum() == pytest.approx(4 * means[:7].sum(), rel=0.35)
    assert abs(found.back_test.error(CHOSEN, "1 week").bias) < 0.3
    assert found.back_test.error("median of six", "1 week").bias < -0.5


def test_weeks_with_an_interval_left_out_are_compared_all_the_same():
    full = history(120, cv=0.05)
    counts = full.offered.copy()
    counts[2::7, 10] = np.nan  # each Wednesday
    counts[73] = np.nan
    partly = forecast(VolumeHistory("calls", "voice", MONDAY, 60, counts, full.is_open))
    whole = forecast(full)
    for one in (1, 2):
        coverage = [found.choices[one].coverage["weeks"] for found in (partly, whole)]
        assert coverage[0] == pytest.approx(coverage[1], abs=0.12)
    width = [(found.weeks.high - found.weeks.low) for found in (partly, whole)]
    np.testing.assert_allclose(width[0], width[1], rtol=0.3)


@pytest.mark.parametrize(("silent", "is_noted"), [(5, False), (12, True)])
def test_a_queue_without_volumes_at_the_end_is_noted(silent, is_noted):
    full = history(60)
    counts = full.offered.copy()
    counts[-silent:] = np.nan
    found = forecast(VolumeHistory("calls", "voice", MONDAY, 60, counts, full.is_open))
    assert any("it has ended" in note for note in found.notes) == is_noted


def test_an_event_never_seen_is_noted():
    found = forecast(history(60), events={MONDAY + dt.timedelta(days=65): "campaign"})
    assert any("named campaign" in note for note in found.notes)


def test_a_coming_day_that_is_taken_as_closed_is_called_so():
    full = history(60)
    offered, is_open = full.offered.copy(), full.is_open.copy()
    offered[30], is_open[30] = np.nan, False
    closed_once = VolumeHistory("calls", "voice", MONDAY, 60, offered, is_open)
    names = {MONDAY + dt.timedelta(days=30): "New Year", MONDAY + dt.timedelta(days=65): "May Day"}
    found = forecast(closed_once, events=names)
    assert found.days.expected[5] == 0
    assert "no day of the history is named May Day: taken as closed, as most days" in " ".join(
        found.notes
    )


def counts_of(file, times, minutes):
    """Counts by day and interval of a file of the two banks."""
    with gzip.open(DATA / file, "rt") as lines:
        rows = [times(row) for row in csv.DictReader(lines)]
    first = min(day for day, _, _ in rows)
    counts = np.zeros(((max(day for day, _, _ in rows) - first).days + 1, 1440 // minutes))
    for day, minute, number in rows:
        if minute < 1440:
            counts[(day - first).days, minute // minutes] += number
    is_open = infer_open(counts, first)
    return VolumeHistory("calls", "voice", first, minutes, counts, is_open)


def five_minutes(row):
    time = dt.datetime.fromisoformat(row["DateTime"])
    return time.date(), time.hour * 60 + time.minute, float(row["Calls"])


def one_call(row):
    return dt.date.fromisoformat(row["date"]), int(row["t_offer"]) // 60, 1.0


@pytest.mark.parametrize(
    ("file", "times", "minutes", "share_of_median"),
    [
        ("us_bank_2003/calls_5min_mar_jun.csv.gz", five_minutes, 30, 0.80),
        ("anonymous_bank/calls_1999_jan_apr.csv.gz", one_call, 60, 0.95),
    ],
)
def test_real_volumes_are_forecast_better_than_by_medians(file, times, minutes, share_of_median):
    if not (DATA / file).exists():
        pytest.skip(f"{file} is not there")
    found = forecast(counts_of(file, times, minutes))
    errors = {name: found.back_test.error(name, "1 day").wape for name in (*METHODS, CHOSEN)}
    assert errors[CHOSEN] < share_of_median * errors["median of six"]
    assert 0.86 <= found.choices[0].coverage["intervals"] <= 0.94
