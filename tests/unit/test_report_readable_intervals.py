"""Charts of many intervals: put together to hours or days, and one day by itself."""

import pytest

import sim
from sim.planning.queue_agents import IntervalAgents
from sim.report import readable_intervals
from sim.report.one_day import days_of, of_day
from sim.report.readable_intervals import readable_agents, readable_points
from sim.report.result_views import over_the_day

CENTER = """
[center]
name = "x"
first_day = 2026-01-05
days = 3
open = "09:00-11:00"
interval = "15min"
[queue.calls]
volume = 20
talk = "exponential 3min"
patience = "exponential 2min"
[group.a]
agents = 5
skills = { calls = 1 }
[experiment]
runs = 4
"""


@pytest.fixture(scope="module")
def result():
    return sim.simulate(sim.scenario.Scenario.parse(CENTER), engine="reference")


def points_of(result, most, monkeypatch):
    monkeypatch.setattr(readable_intervals, "MOST_POINTS", most)
    return readable_points(
        result.model, lambda many: over_the_day(result, "service_level", None, many)
    )


@pytest.mark.parametrize(("most", "count", "name"), [(24, 24, ""), (10, 6, "hour"), (5, 3, "day")])
def test_too_many_intervals_become_hours_and_then_days(result, monkeypatch, most, count, name):
    points, together = points_of(result, most, monkeypatch)
    assert (len(points), together) == (count, name)
    every, _ = points_of(result, 24, monkeypatch)
    assert sum(p.offered for p in points) == pytest.approx(sum(p.offered for p in every))
    assert days_of(points) == ["2026-01-05", "2026-01-06", "2026-01-07"]


def test_a_longer_interval_has_the_level_of_its_contacts_with_a_narrower_interval(
    result, monkeypatch
):
    by_day, _ = points_of(result, 5, monkeypatch)
    every, _ = points_of(result, 24, monkeypatch)
    own = [p for p in every if p.day == "2026-01-05"]
    assert min(p.value for p in own) < by_day[0].value < max(p.value for p in own)
    widest = max(p.high - p.low for p in own)
    assert by_day[0].high - by_day[0].low < widest


def test_one_day_has_times_of_day(result):
    own = of_day(over_the_day(result, "service_level"), "2026-01-06")
    assert [p.interval for p in own][:2] == ["09:00", "09:15"]
    assert days_of(own) == []


def test_agents_are_means_of_the_hour(monkeypatch):
    monkeypatch.setattr(readable_intervals, "MOST_POINTS", 3)
    rows = [
        IntervalAgents(f"2026-01-05T09:{minute:02d}", "2026-01-05", needed, 4.0)
        for minute, needed in ((0, 2.0), (15, 3.0), (30, 4.0), (45, 5.0))
    ]
    assert readable_agents(rows) == (
        [IntervalAgents("2026-01-05T09:00", "2026-01-05", 3.5, 4.0)], "hour"
    )  # fmt: skip
    assert readable_agents(rows[:3]) == (rows[:3], "")
