"""Validation with the arrivals and agents of the actuals, by period, and its suspects."""

import datetime as dt
import re

import numpy as np
import pytest

import sim
from sim.planning.actual_inputs import with_actual_inputs
from sim.planning.headcounts import changed_headcounts
from sim.report.validation import validation_text
from sim.report.validation_details import suspect_words
from sim.scenario import Scenario, ScenarioError
from sim.scenario.interval_series import volume_of
from sim.scenario.other_days import over_days
from sim.scenario.schedules import scheduled
from sim.units import BadInputError

DAYS = 12
CENTER = """
[center]
first_day = 2026-03-02
open = { mon-fri = "09:00-13:00", sat = "09:00-11:00" }
interval = "30min"
days = 6
busyness = "20%"

[queue.orders]
volume = VOLUME
talk = "exponential 3min"
patience = "exponential 2min"
retry = { share = "30%", after = "10min" }

[group.sales]
agents = AGENTS
skills = { orders = 1 }
"""
VOLUMES = [40, 50, 60, 55, 50, 45, 40, 35]
AGENTS = [6, 6, 7, 7, 6, 6, 5, 5]
HEAD = "interval_start,offered,answered,abandoned,service_level,asa_s,aht_s,agents"


def center(**changes):
    week = [volume + 2 * day for day in range(5) for volume in VOLUMES] + VOLUMES[:4]
    text = CENTER.replace("VOLUME", str(week)).replace("AGENTS", str(AGENTS * 5 + AGENTS[:4]))
    return Scenario.parse(text).with_(**changes)


@pytest.fixture(scope="module")
def scenario():
    return center()


def recorded(tmp_path_factory, seed=5, **changes):
    """Two weeks of a world in which no customer calls again, as a table."""
    others = {"queue.orders.retry": "none", "center.first_day": "2026-04-06", "center.days": DAYS}
    week = center()
    world = over_days(week, dt.date(2026, 4, 6), DAYS).with_(**others, **changes)
    result = sim.simulate(world, runs=1, seed=seed)
    staff = scheduled(world, world.group["sales"])
    rows = {}
    for row in result.interval_rows:
        if row.scope == "queue":
            rows.setdefault(row.interval, {})[row.metric] = row.value
    lines = [HEAD]
    for start, one in rows.items():
        if one["offered"]:
            agents = staff[result.model.starts.index(start)]
            cells = [one[key] for key in ("offered", "answered", "abandoned", "service_level",
                                          "asa_s", "aht_s")]  # fmt: skip
            text = ["" if x is None else f"{x:.9g}" for x in (*cells, agents)]
            lines.append(f"{start.replace('T', ' ')}," + ",".join(text))
    path = tmp_path_factory.mktemp("world") / "actuals.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return recorded(tmp_path_factory)


@pytest.fixture(scope="module")
def same(scenario, world):
    return sim.validate(scenario, world, from_actuals=("arrivals", "agents"), runs=200, seed=11)


def test_the_arrivals_and_agents_of_each_day_are_those_of_the_actuals(scenario, world, same):
    offered = [one for one in same.cells if one.metric == "offered"]
    assert len(offered) == 10 * 8 + 4
    assert all(one.simulated == one.recorded == one.low == one.high for one in offered)
    notes = " ".join(same.notes)
    assert "left out, as the recorded arrivals include its effect: queue.orders.retry" in notes
    without = sim.validate(scenario, world, from_actuals=("arrivals",), runs=10)
    assert without.from_actuals == ("arrivals",)
    assert [one.simulated for one in without.cells if one.metric == "offered"] == [
        one.recorded for one in offered
    ]


def test_a_right_model_is_as_far_off_as_its_own_days_are_and_its_quantiles_hold(same):
    by_day = {
        one.metric: one for one in same.errors if (one.period, one.metric) != ("day", "offered")
    }
    for metric in ("abandonment", "service_level", "asa_s"):
        one = by_day[metric]
        assert (one.period, one.count) == ("day", 11)
        assert one.error < 2 * one.random_error
    hours = [one for one in same.errors if (one.period, one.metric) == ("hour", "asa_s")]
    assert [one.count for one in hours] == [10 * 4 + 2]
    shares = [one for one in same.quantiles if one.period == "interval"]
    shares = [one for one in shares if one.metric == "service_level"]
    assert [one.quantile for one in shares] == [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975]
    for one in shares:
        assert abs(one.share - one.quantile) < 4 * np.sqrt(0.25 / one.count)
    assert [one.share for one in shares] == sorted(one.share for one in shares)


def test_erlang_a_is_computed_for_the_same_arrivals_and_agents(same):
    one = next(e for e in same.errors if (e.metric, e.period) == ("abandonment", "interval"))
    cells = same.of("orders", "abandonment")
    offered = {c.interval: c.recorded for c in same.of("orders", "offered")}
    staff = AGENTS * 5 + AGENTS[:4] + AGENTS * 5
    world_staff = dict(zip([c.interval for c in cells], staff, strict=True))
    gaps = [
        offered[c.interval]
        * abs(
            float(
                sim.erlang.a(
                    offered[c.interval], "30min", "3min", world_staff[c.interval], "2min"
                ).abandonment
            )
            - c.recorded
        )
        for c in cells
    ]
    # Its rate is that of the simulated waits, which is near the one by which they were drawn.
    assert one.formula_error == pytest.approx(sum(gaps) / sum(offered.values()), rel=0.02)
    assert next(e for e in same.errors if e.metric == "aht_s").formula_error is None


def test_the_assumption_that_is_wrong_is_the_most_suspect(scenario, tmp_path_factory):
    slow = recorded(tmp_path_factory, **{"queue.orders.talk": "exponential 3min 36s"})
    found = sim.validate(
        scenario, slow, from_actuals=("arrivals", "agents"), runs=20, seed=4, suspects=True
    )
    best = found.suspects[0]
    assert (best.name, best.change) == ("talk", "+20 %")
    assert best.gain > 0.3
    assert 0 < best.gain_low < best.gain < best.gain_high < 1
    assert best.runs == 20
    assert {one.name for one in found.suspects} == {"talk", "patience", "agents"}
    assert "Most suspect: talk. A change of +20 %" in validation_text(found)
    assert suspect_words(()) == ""


def test_with_the_talk_of_each_day_its_drift_makes_nothing_wrong(scenario, tmp_path_factory):
    slow = recorded(tmp_path_factory, **{"queue.orders.talk": "exponential 3min 36s"})
    taken = ("arrivals", "agents", "talk")
    found = sim.validate(scenario, slow, from_actuals=taken, runs=60, seed=4)
    assert found.from_actuals == taken
    by_metric = {one.metric: one for one in found.verdicts}
    assert "aht_s" not in by_metric  # it was taken from the actuals
    for metric in ("service_level", "abandonment"):
        one = by_metric[metric]
        assert one.bias_low < 0 < one.bias_high, metric
    (talk,) = (note for note in found.notes if note.startswith("talk is as long as"))
    assert re.search(r"between \+?-?\d+ % on \d{4}-\d\d-\d\d and \+?-?\d+ % on \d{4}-", talk)
    without = sim.validate(scenario, slow, from_actuals=taken[:2], runs=60, seed=4)
    aht = next(one for one in without.verdicts if one.metric == "aht_s")
    assert aht.bias_high < 0


def test_talk_cannot_be_taken_where_it_is_not_recorded(scenario, world, tmp_path):
    head, *lines = world.read_text().splitlines()
    place = head.split(",").index("aht_s")
    cut = [
        ",".join(x for k, x in enumerate(row.split(",")) if k != place) for row in (head, *lines)
    ]
    table = tmp_path / "actuals.csv"
    table.write_text("\n".join(cut) + "\n")
    for options in ({}, {"recorded_aht": "with-gaps"}):
        file = world if options else table
        with pytest.raises(BadInputError, match="the talk of the actuals is not known; allowed:"):
            sim.validate(scenario, file, from_actuals=("talk",), runs=2, **options)


def test_recorded_arrivals_keep_their_number_despite_repeats(world):
    repeat = 'resolved = "70%"\nrepeat = { share = "80%", after = "1h" }'
    text = CENTER.replace('retry = { share = "30%", after = "10min" }', repeat)
    week = [volume + 2 * day for day in range(5) for volume in VOLUMES] + VOLUMES[:4]
    repeating = Scenario.parse(
        text.replace("VOLUME", str(week)).replace("AGENTS", str(AGENTS * 5 + AGENTS[:4]))
    )
    found = sim.validate(repeating, world, from_actuals=("arrivals",), runs=3)
    offered = [one for one in found.cells if one.metric == "offered"]
    assert offered
    assert all(one.simulated == one.recorded for one in offered)


def test_a_left_out_day_is_not_compared(scenario, world):
    found = sim.validate(
        scenario, world, from_actuals=("arrivals", "agents"), runs=5, without=["2026-04-07"]
    )
    assert {one.day for one in found.cells} == {
        f"2026-04-{day:02d}" for day in (6, 8, 9, 10, 11, 13, 14, 15, 16, 17)
    }


def test_other_days_take_the_mean_of_the_same_weekdays(scenario):
    moved = over_days(scenario, dt.date(2026, 4, 7), 9)  # Tuesday to the next Wednesday
    numbers = volume_of(moved.queue["orders"], moved.center.grid, moved.center.open)
    opened = [n for n in numbers if n]
    tuesday, saturday = [v + 2 for v in VOLUMES], VOLUMES[:4]
    assert opened[:8] == tuesday == opened[-16:-8]
    assert opened[32:36] == saturday
    with pytest.raises(ScenarioError, match=r"group.sales.agents: the scenario has no Saturday"):
        over_days(
            Scenario.parse(
                CENTER.replace("days = 6", "days = 5")
                .replace("VOLUME", "40")
                .replace("AGENTS", str(AGENTS))
            ),
            dt.date(2026, 4, 6),
            6,
        )


def test_headcounts_that_are_changed_by_a_share_keep_their_sum():
    assert changed_headcounts([5.0] * 20, 0.05) == pytest.approx([5] * 20, abs=1)
    assert sum(changed_headcounts([5.0] * 20, 0.05)) == 105
    assert sum(changed_headcounts([5.0, 0.0] * 10, -0.2)) == 40
    assert changed_headcounts([0.0, 0.0], 0.2) == [0, 0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"from_actuals": ("staff",)},
            "given: 'staff' is unknown; allowed: agents, arrivals or talk",
        ),
        ({"without": ("Monday",)}, "without: 'Monday' is not a date"),
        ({"without": ("2026-01-01",)}, r"without: .*actuals.csv has no row on 2026-01-01"),
    ],
)
def test_bad_options_are_refused(scenario, world, options, message):
    with pytest.raises(BadInputError, match=message):
        sim.validate(scenario, world, runs=2, **options)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("date,start,offered\n2026-04-06,09:00,10\n", "agents: there is no such column"),
        ("start,offered,agents\n09:00,10,3\n", "start: some rows have no date"),
        (
            "date,start,offered\n2024-04-06,09:00,10\n2026-04-06,09:00,10\n",
            "are 731 days; allowed: at most 366",
        ),
    ],
)
def test_tables_that_lack_what_is_taken_are_refused(scenario, tmp_path, text, message):
    path = tmp_path / "actuals.csv"
    path.write_text(text)
    with pytest.raises(BadInputError, match=message):
        sim.validate(scenario, path, from_actuals=("agents",), runs=2)


def test_agents_who_serve_two_queues_cannot_be_taken(scenario, world):
    from sim.fileio import read_table
    from sim.history.tables.actuals import read_actuals

    actuals = read_actuals(read_table(str(world)))
    text = CENTER.replace("VOLUME", "40").replace("AGENTS", "5")
    both = Scenario.parse(text + "[group.more]\nagents = 2\nskills = { orders = 1 }\n")
    with pytest.raises(BadInputError, match="given: agents of orders are those of sales and more"):
        with_actual_inputs(both, actuals, ("agents",))
