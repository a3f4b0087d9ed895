"""A forecast as text: periods with closed days, and coverage that is off its aim."""

import datetime as dt
from types import SimpleNamespace

import numpy as np

from sim.history.forecast.queue_forecast import ForecastBand, HorizonChoice
from sim.history.holiday_countries import holiday_countries, parts_with_holidays
from sim.history.named_days import holidays_of
from sim.report.forecast_text import coverage_sentences, day_rows, week_rows

FIRST = dt.date(2026, 1, 5)


def choice(horizon, intervals, days, weeks, half=0.02):
    coverage = {"intervals": intervals, "days": days, "weeks": weeks}
    ends = {kind: (share - half, share + half) for kind, share in coverage.items()}
    return HorizonChoice(horizon, {"median of six": 1.0}, True, coverage, None, ends)


def test_coverage_that_is_off_its_aim_is_said_by_horizon_and_all_else_is_not():
    queue = SimpleNamespace(
        level=0.9,
        choices=(
            choice("1 day", 0.92, 0.87, float("nan")),
            choice("1 week", 0.95, 0.9, float("nan")),
            choice("4 weeks", 0.89, 0.8, 0.59),
        ),
    )
    wide, narrow = coverage_sentences(queue)
    assert wide.startswith("1 week ahead")
    assert "intervals (95.0 %) are too wide" in wide
    assert narrow.startswith("4 weeks ahead")
    assert "days (80.0 %) and weeks (59.0 %) are too narrow" in narrow
    assert "intervals (89.0 %)" not in narrow


def test_coverage_that_may_be_random_is_not_said():
    few = choice("4 weeks", 0.97, 0.8, 1.0, half=0.15)
    unknown = choice("1 day", 0.97, 0.8, 1.0, half=float("nan"))
    assert coverage_sentences(SimpleNamespace(level=0.9, choices=(few, unknown))) == []


def forecast(is_open):
    days = len(is_open)
    offered = np.where(is_open, 10.0, 0.0)[:, None] * np.ones((1, 2))
    totals = offered.sum(axis=1)
    weeks = totals[: days // 7 * 7].reshape(-1, 7).sum(axis=1)
    queue = SimpleNamespace(
        days=ForecastBand(totals, 0.8 * totals, 1.2 * totals),
        weeks=ForecastBand(weeks, 0.9 * weeks, 1.1 * weeks),
        dates=[FIRST + dt.timedelta(days=k) for k in range(days)],
    )
    shown = SimpleNamespace(offered=2 * offered, is_open=offered > 0)  # an event doubles them
    return SimpleNamespace(queues=[queue], intervals=[shown])


def test_closed_days_say_so_and_stated_changes_move_the_bounds():
    found = forecast(np.array([True] * 6 + [False] + [True]))
    rows = day_rows(found, 0)
    assert rows[1] == ["Mon 2026-01-05", "40", "32", "48"]
    assert rows[7] == ["Sun 2026-01-11", "closed", "", ""]
    assert week_rows(found, 0)[1:] == [["Mon 2026-01-05 to Sun 2026-01-11", "240", "216", "264"]]


def test_countries_and_their_parts_have_names_and_holidays():
    countries = holiday_countries()
    assert countries["DE"] == "Germany"
    assert list(countries.values()) == sorted(countries.values())
    parts = parts_with_holidays("DE")
    assert parts["BY"] == "Bayern"
    for part in parts:
        assert holidays_of(f"DE-{part}", FIRST, dt.date(2026, 12, 31)).names
