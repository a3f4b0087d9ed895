"""A scenario with times by interval over other days: each weekday keeps its own."""

import datetime as dt

import sim
from sim.scenario.other_days import over_days

WEEK = {
    "center": {"first_day": dt.date(2026, 3, 2), "days": 7, "open": "08:00-10:00",
               "interval": "60min"},
    "queue": {"calls": {
        "volume": [10, 20] * 7,
        "talk": [f"exponential {60 + 10 * day + hour}s" for day in range(7) for hour in (0, 1)],
    }},
    "group": {"team": {"agents": 3, "skills": {"calls": 1}}},
}  # fmt: skip


def test_talk_by_interval_goes_by_weekday():
    scenario = over_days(sim.load(WEEK), dt.date(2026, 3, 12), 6)  # from a Thursday
    means = [round(row.mean) for row in scenario.queue["calls"].talk.rows]
    assert means == [90, 91, 100, 101, 110, 111, 120, 121, 60, 61, 70, 71]


def test_a_weekday_that_is_missing_takes_the_first_day():
    week = sim.load(WEEK, {"center.days": 2, "queue.calls.volume": 5, "queue.calls.talk": [
        "exponential 60s", "exponential 61s", "exponential 70s", "exponential 71s"]})  # fmt: skip
    scenario = over_days(week, dt.date(2026, 3, 10), 2, ["arrivals"])
    means = [round(row.mean) for row in scenario.queue["calls"].talk.rows]
    assert means == [70, 71, 60, 61]
