"""A forecast written into a scenario of dated rows: they move, and retrials count once."""

import datetime as dt

import numpy as np
import pytest

import sim
from sim.history.interval_forecast import IntervalForecast
from sim.history.scenario_volumes import scenario_volumes
from sim.scenario import ScenarioError
from sim.scenario.editing import drop, put
from sim.scenario.interval_series import volume_of
from sim.scenario.interval_times import means_of
from sim.scenario.schedules import scheduled

MONDAY = dt.date(2026, 3, 2)
SUNDAY = dt.date(2026, 11, 22)
HOURS = 8, 9

CENTER = """[center]
first_day = {first}
days = {days}
open = "08:00-10:00"
interval = "60min"

[queue.claims]
volume = "week.csv:claims"
talk = "week.csv:claims talk"
patience = "1min"
{retry}

[group.team]
agents = "week.csv:team"
skills = {{ claims = 1 }}
"""


def forecast(days=28, contacts=40.0):
    """From a Sunday on, 8 to 10 o'clock on all days."""
    offered = np.zeros((days, 24))
    offered[:, 8:10] = contacts
    return IntervalForecast("claims", "voice", SUNDAY, 60, offered, offered, offered, offered > 0)


def calibrated(folder, days=7, retry="", agents=5):
    """Write a scenario whose volumes, talk and agents are dated rows; return its file."""
    rows = ["interval_start,claims,claims talk,team"]
    for day in range(days):
        for hour in HOURS:
            start = dt.datetime.combine(MONDAY + dt.timedelta(days=day), dt.time(hour))
            talk = f"exponential {100 + 10 * day + hour}s"
            rows.append(f"{start:%Y-%m-%d %H:%M},30,{talk},{agents + day}")
    (folder / "week.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    file = folder / "scenario.toml"
    text = CENTER.format(first=MONDAY, days=days, retry=retry)
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("all_days", [False, True])
def test_dated_rows_stand_for_their_weekdays(tmp_path, all_days):
    file = calibrated(tmp_path)
    week = (tmp_path / "week.csv").read_bytes()
    scenario_volumes(file, [forecast()], all_days=all_days).write()
    center = sim.load(file)
    grid = center.center.grid
    first = (SUNDAY, 28) if all_days else (SUNDAY + dt.timedelta(days=1), 7)
    assert (grid.first, grid.days) == first
    agents = scheduled(center, center.group["team"])
    talk = means_of(center, "claims", "talk")
    for day in range(grid.days):
        weekday = grid.date(day).weekday()
        for hour in HOURS:
            assert agents[24 * day + hour] == 5 + weekday
            assert talk[24 * day + hour] == pytest.approx(100 + 10 * weekday + hour)
    volumes = volume_of(center.queue["claims"], grid, center.center.open)
    assert sum(volumes) == pytest.approx(2 * 40 * grid.days)
    assert (tmp_path / "week.csv").read_bytes() == week


def test_another_forecast_goes_over_the_first(tmp_path):
    file = calibrated(tmp_path)
    scenario_volumes(file, [forecast()]).write()
    scenario_volumes(file, [forecast(contacts=20.0)], all_days=True).write()
    center = sim.load(file)
    assert sum(volume_of(center.queue["claims"], center.center.grid, center.center.open)) == (
        pytest.approx(2 * 20 * 28)
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "scenario.toml", "scenario_forecast.csv", "week.csv",
    ]  # fmt: skip


def test_notes_say_what_moved_and_how_all_days_are_simulated(tmp_path):
    notes = scenario_volumes(calibrated(tmp_path), [forecast()]).notes
    assert any(
        note
        == "agents and talk of the scenario were by interval of 2026-03-02 to 2026-03-08: each "
        "day has those of its weekday, in scenario_forecast.csv"
        for note in notes
    )
    assert any("21 of the 28 days" in note and "--all-days" in note for note in notes)


def test_a_weekday_that_is_missing_is_named_and_nothing_is_written(tmp_path):
    file = calibrated(tmp_path, days=5)
    text = file.read_text(encoding="utf-8")
    with pytest.raises(
        ScenarioError,
        match=r"scenario.toml: group.team.agents: the scenario has no Sunday.*of all weekdays$",
    ):
        scenario_volumes(file, [forecast()], all_days=True)
    assert file.read_text(encoding="utf-8") == text
    assert not (tmp_path / "scenario_forecast.csv").exists()


def test_problems_name_files_that_exist(tmp_path):
    file = calibrated(tmp_path)
    with pytest.raises(ScenarioError) as error:
        scenario_volumes(file, [forecast()], {"cv": "-5%"})
    assert str(error.value).startswith(str(file))


def test_simulated_contacts_with_retrials_are_those_of_the_forecast(tmp_path):
    file = calibrated(tmp_path, retry='retry = { share = "60%", after = "10min" }', agents=0)
    found = scenario_volumes(file, [forecast()])
    (note,) = [note for note in found.notes if "retrials" in note]
    assert note.startswith("claims: ")
    found.write()
    center = sim.load(file)
    first = sum(volume_of(center.queue["claims"], center.center.grid, center.center.open))
    result = sim.simulate(center, runs=100, seed=7, workers=1)
    offered = result.tallies.of("legs", "offered").sum(axis=(1, 2))
    error = float(offered.std(ddof=1)) / 10
    assert first < 2 * 40 * 7 - 20 * error  # the retrials
    assert offered.mean() == pytest.approx(2 * 40 * 7, abs=4 * error)


def test_days_differ_with_simulated_retrials_as_in_the_forecast(tmp_path):
    """Where agents are few, nearly each further contact abandons, and calls again."""
    file = calibrated(tmp_path, 1, 'retry = { share = "80%", after = "10min" }', agents=2)
    found = scenario_volumes(file, [forecast(contacts=300.0)], {"cv": "15%", "shape": "gamma"})
    (note,) = [note for note in found.notes if note.startswith("busyness")]
    found.write()
    center = sim.load(file)
    cv = center.center.busyness.cv
    assert cv < 0.14
    assert f"cv {100 * cv:.3g} % of first contacts instead of 15 %" in note
    results = [
        sim.simulate(one, runs=400, seed=7, workers=1)
        for one in (center, center.with_(**{"center.busyness.cv": 0}))
    ]
    random, alike = (one.tallies.of("legs", "offered").sum(axis=(1, 2)) for one in results)
    spread = np.sqrt(random.var() - alike.var()) / alike.mean()
    assert spread == pytest.approx(0.15, abs=0.011)  # two standard errors
    kept = scenario_volumes(calibrated(tmp_path), [forecast()], {"cv": "15%"})
    assert '"15%"' in kept.text
    assert not any(note.startswith("busyness") for note in kept.notes)


def test_a_second_forecast_keeps_what_the_first_one_moved_into_its_table(tmp_path):
    file = calibrated(tmp_path)
    scenario_volumes(file, [forecast()]).write()
    first = file.read_bytes(), (tmp_path / "scenario_forecast.csv").read_bytes()
    second = scenario_volumes(file, [forecast()])
    second.write()
    assert (file.read_bytes(), (tmp_path / "scenario_forecast.csv").read_bytes()) == first
    assert not any("each day has those of its weekday" in note for note in second.notes)
    scenario_volumes(file, [forecast(contacts=80.0)]).write()
    center = sim.load(file)
    assert sum(center.queue["claims"].volume.values) == pytest.approx(2 * 7 * 2 * 40.0)
    assert scheduled(center, center.group["team"])[8] == 5


COMMENTED = """# Calibrated on log.csv: 9,000 contacts.
# Bounds are 95 % confidence intervals. Volumes, agents and times by interval: week.csv.
# The volume grows by 2 % a week (1 % to 3 %). Volumes and agents in week.csv are means of the days.
# My own line.

[center]
first_day = 2026-11-23
open = "08:00-10:00"
interval = "60min"
# busyness cv 6% (4% to 8%); variance of day totals beyond Poisson
busyness = { cv = "6%" }
talk_variation = { level_change = "1.1%", level_date = 2026-11-20 }

[queue.claims]
# volume change per week 2% (1% to 3%); log-linear trend of day totals by weekday
# Claims by telephone only.
volume = "40 an hour"  # as in 2025
# talk mean 3min (2min to 4min); mean of lognormal
talk = "lognormal 3min cv 0.8"  # of "week #3"

[group.team]
agents = 9
skills = { claims = 1 }
"""


def test_comments_go_with_the_volumes_that_they_describe_and_all_others_stay(tmp_path):
    file = tmp_path / "scenario.toml"
    file.write_text(COMMENTED, encoding="utf-8")
    for _ in range(2):
        scenario_volumes(file, [forecast()], {"cv": "5%"}).write()
        lines = file.read_text(encoding="utf-8").splitlines()
        gone = [line for line in COMMENTED.splitlines() if line not in lines]
        new = [line for line in lines if line not in COMMENTED.splitlines()]
        assert gone == [
            line for line in COMMENTED.splitlines()
            if line.startswith(("# Bounds", "# The volume", "# busyness", "busyness",
                                "# volume change", "volume ="))
        ]  # fmt: skip
        assert new == [
            "# Bounds are 95 % confidence intervals. Volumes: scenario_forecast.csv; agents and "
            "times by interval: week.csv.",
            "# forecast of 2026-11-22 to 2026-12-19; how far days differ from it, errors of the "
            "forecast included",
            'busyness = { cv = "5%" }',
            'volume = "scenario_forecast.csv:claims"  # forecast of 2026-11-22 to 2026-12-19',
        ]


def test_blanks_before_the_bracket_behind_a_date_stay_when_anything_is_changed():
    line = 'talk_variation = { level_change = "1.1%", level_date = 2026-02-28 }\n'
    text = f'[center]\n{line}days = 1\nnotes = [{{ day = 2026-02-28 }}, {{ day = "x" }}]\n'
    assert put(text, "center.days", 2) == text.replace("days = 1", "days = 2")
    level_date = "center.talk_variation.level_date"
    assert put(text, level_date, SUNDAY) == text.replace("2026-02-28 }\n", "2026-11-22 }\n")
    assert drop(text, "center.days") == text.replace("days = 1\n", "")
