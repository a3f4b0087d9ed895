"""Call logs as actuals: what the engine counts by interval, counted again from its own log."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.history.calibration.column_file import (
    LogColumns,
    column_file_text,
    saved_columns,
    zone_as_saved,
)
from sim.history.call_log import read_call_log
from sim.planning.actual_inputs import with_actual_inputs
from sim.planning.log_actuals import StateFile, log_actuals
from sim.scenario import Scenario, ScenarioError
from sim.scenario.distribution import Distribution
from sim.scenario.interval_series import volume_of
from sim.scenario.schedules import scheduled
from sim.units import BadInputError

FIRST = dt.date(2026, 3, 2)
CENTER = """
[center]
first_day = 2026-03-02
open = "09:00-13:00"
interval = "30min"
days = 4

[queue.orders]
volume = 60
talk = "exponential 3min"
wrap = "exponential 20s"
patience = "exponential 2min"
target = { service_level = "80%", within = "20s", variant = "short_excluded" }

[queue.service]
volume = 25
talk = "exponential 4min"
patience = "exponential 3min"
target = "70% in 30s"

[group.sales]
agents = 8
skills = { orders = 1 }

[group.help]
agents = 5
skills = { service = 1, orders = 2 }
"""


@pytest.fixture(scope="module")
def scenario():
    return Scenario.parse(CENTER)


@pytest.fixture(scope="module")
def world(scenario, tmp_path_factory):
    """A simulated log, one row a contact, with the counts of the engine by interval."""
    pytest.importorskip("pyarrow", reason="call logs are read with pyarrow")
    result = sim.simulate(scenario, runs=1, seed=7)
    legs = result.log(1).table("legs")
    lines = ["start,queue,wait,outcome,talk,wrap,agent"]
    for leg in legs.itertuples():
        if leg.outcome not in ("answered", "abandoned"):
            continue
        instant = dt.datetime.combine(FIRST, dt.time()) + dt.timedelta(seconds=leg.enter)
        answered = leg.outcome == "answered"
        lines.append(
            f"{instant.isoformat(timespec='microseconds')},{leg.queue},{leg.leave - leg.enter:.6f},"
            f"{leg.outcome},{f'{leg.talk_s:.6f}' if answered else ''},"
            f"{f'{leg.wrap_s:.6f}' if answered else ''},"
            + (f"{leg.group} {leg.agent}" if answered else "")
        )
    path = tmp_path_factory.mktemp("log") / "calls.csv"
    path.write_text("\n".join([lines[0], *reversed(lines[1:])]) + "\n")
    return path, result


def test_intervals_of_a_log_are_those_of_the_engine(scenario, world):
    path, result = world
    found = log_actuals(path, scenario)
    rows = {}
    for row in result.interval_rows:
        if row.scope == "queue":
            rows.setdefault((row.name, row.interval), {})[row.metric] = row.value
    assert found.actuals.step == 1800
    keys = {"offered": "offered", "answered": "answered", "abandoned": "abandoned",
            "level": "service_level", "asa": "asa_s", "aht": "aht_s"}  # fmt: skip
    seen = set()
    for entry in found.actuals.entries:
        start = f"{entry.day}T{int(entry.second // 3600):02d}:{int(entry.second % 3600 // 60):02d}"
        expected = rows[entry.queue, start]
        seen.add((entry.queue, start))
        for key, metric in keys.items():
            if not np.isnan(entry.numbers[key]):
                assert entry.numbers[key] == pytest.approx(expected[metric], abs=1e-4), key
    assert seen == {key for key, one in rows.items() if one["offered"]}


def test_agents_are_found_from_their_calls_and_belong_to_the_group_of_their_queues(scenario, world):
    found = log_actuals(world[0], scenario).inputs
    assert (found.first_day, found.minutes) == (FIRST, 10)
    within = slice(57, 75)  # 09:30 to 12:30, where all agents are on duty
    for group, staffed in (("sales", 8), ("help", 5)):
        table = found.agents[group]
        assert table.shape == (4, 144)
        assert table[:, :51].sum() == 0
        assert table[:, within].mean() == pytest.approx(staffed, abs=0.35)


def test_recorded_days_are_simulated_in_intervals_of_ten_minutes(scenario, world):
    path, result = world
    file = log_actuals(path, scenario)
    taken = with_actual_inputs(scenario, file.actuals, ("arrivals", "agents"), recorded=file.inputs)
    fine = taken.scenario
    assert fine.center.grid.interval_s == 600
    counts = volume_of(fine.queue["orders"], fine.center.grid, fine.center.open)
    legs = result.log(1).table("legs")
    entered = legs[(legs.queue == "orders") & legs.outcome.isin(["answered", "abandoned"])].enter
    assert counts == np.bincount((entered // 600).astype(int), minlength=4 * 144).tolist()
    staff = scheduled(fine, fine.group["sales"])
    opened = fine.center.grid.open_intervals(fine.center.open)
    present = file.inputs.agents["sales"].ravel()[opened]
    assert sum(staff) == pytest.approx(present.sum(), abs=0.6)
    assert any("customers waited longer than 3 min" in note for note in taken.notes)
    alone = with_actual_inputs(scenario, file.actuals, ("agents",), recorded=file.inputs).scenario
    counts = volume_of(alone.queue["orders"], alone.center.grid, alone.center.open)
    assert {round(n, 9) for n in counts} == {0, 20}


def test_agents_are_not_taken_from_a_log_without_any(scenario, world):
    file = log_actuals(world[0], scenario)
    nobody = {name: np.zeros_like(table) for name, table in file.inputs.agents.items()}
    recorded = replace(file.inputs, agents=nobody)
    with_actual_inputs(scenario, file.actuals, ("arrivals",), recorded=recorded)
    with pytest.raises(BadInputError, match="has no agents; allowed: a log with a column of them"):
        with_actual_inputs(scenario, file.actuals, ("agents",), recorded=recorded)


def test_gaps_of_recorded_agents_are_those_at_work(scenario, world):
    gap = "lognormal 40s cv 3"
    center = scenario.with_(**{"group.sales.gap": gap})
    file = log_actuals(world[0], center)
    found = with_actual_inputs(center, file.actuals, ("agents",), recorded=file.inputs).scenario
    assert 0 <= file.inputs.unseen_pauses < 0.01  # hardly any in this world
    cut = Distribution.model_validate(gap).with_longer(180, file.inputs.unseen_pauses)
    assert found.group["sales"].gap.mean == pytest.approx(cut.mean)
    assert cut.mean < 30
    recorded = replace(file.inputs, unseen_pauses=0.2)
    more = with_actual_inputs(center, file.actuals, ("agents",), recorded=recorded).scenario
    assert more.group["sales"].gap.share_beyond(180) == pytest.approx(0.2)


def test_a_log_takes_the_place_of_a_table_of_intervals(scenario, world):
    found = sim.validate(scenario, world[0], from_actuals=("arrivals", "agents"), runs=100, seed=3)
    assert found.notes[0].startswith("2 contacts") or "arrivals" in found.notes[0]
    by_metric = {one.metric: one for one in found.verdicts if one.queue == "all queues"}
    assert "offered" not in by_metric  # it was taken from the actuals
    offered = found.of("all queues", "offered")
    assert sum(one.simulated for one in offered) == sum(one.recorded for one in offered)
    assert found.recorded_aht == "handle"
    assert not any("not specified" in note for note in found.notes)
    for metric in ("abandonment", "service_level", "asa_s"):
        one = by_metric[metric]
        assert one.days == 4
        assert abs(one.bias) < 3 * (one.bias_high - one.bias_low)
    errors = {(one.queue, one.metric): one for one in found.errors if one.period == "day"}
    pooled = errors["all queues", "abandonment"]
    assert pooled.error < 3 * pooled.random_error


def test_outcomes_are_left_out_and_columns_of_the_calibration_are_read(scenario, world, tmp_path):
    head, *lines = world[0].read_text().splitlines()
    assert head == "start,queue,wait,outcome,talk,wrap,agent"
    own = "began,kind,stood,ending,spoken,after,who"
    drills = [f"2026-03-02T10:0{k}:00,orders,0,drill,10,0,sales 1" for k in range(3)]
    path = tmp_path / "calls.csv"
    path.write_text("\n".join([own, *lines, *drills]) + "\n")
    meanings = ("offered", "queue", "wait", "outcome", "talk", "wrap", "agent")
    pairs = zip(meanings, own.split(","), strict=True)
    rows = [f'{key} = "{title}"' for key, title in pairs]
    (tmp_path / "columns.toml").write_text("\n".join(["[columns]", *rows]) + "\n")
    center = Scenario.parse(CENTER, tmp_path)
    plain = offered_by_queue(log_actuals(world[0], scenario))
    found = log_actuals(path, center, not_outcome=("drill",))
    assert offered_by_queue(found) == plain
    assert found.aht == "handle"
    assert log_actuals(path, scenario) is None  # without the columns


@pytest.fixture(scope="module")
def in_utc(world, tmp_path_factory):
    """The same log with times in UTC, of a center in Athens."""
    lines = world[0].read_text().splitlines()
    shifted = [lines[0]]
    for line in lines[1:]:
        start, rest = line.split(",", 1)
        instant = dt.datetime.fromisoformat(start) - dt.timedelta(hours=2)
        shifted.append(f"{instant.isoformat(timespec='microseconds')}Z,{rest}")
    path = tmp_path_factory.mktemp("utc") / "calls.csv"
    path.write_text("\n".join(shifted) + "\n")
    return path


def test_times_in_utc_are_read_in_the_zone_of_the_scenario_or_its_calibration(
    scenario, world, in_utc, tmp_path
):
    plain = offered_by_queue(log_actuals(world[0], scenario))
    says = scenario.with_(**{"center.time_zone": "Europe/Athens"})
    (tmp_path / "columns.toml").write_text('[times]\nzone = "Europe/Athens"\n')
    for center in (says, Scenario.parse(CENTER, tmp_path)):
        found = log_actuals(in_utc, center)
        assert offered_by_queue(found) == plain
        assert {entry.second for entry in found.actuals.entries} <= set(range(32400, 46801, 1800))
        assert found.warnings == ()


def test_times_in_utc_without_a_zone_are_a_warning(scenario, in_utc, tmp_path):
    (text,) = log_actuals(in_utc, scenario).warnings
    assert "stay in UTC" in text
    (tmp_path / "columns.toml").write_text('[times]\nzone = "not converted"\n')
    calibrated = Scenario.parse(CENTER, tmp_path)
    assert log_actuals(in_utc, calibrated).warnings == ()  # as it was calibrated


@pytest.mark.parametrize("zone", ["Europe/Berlin", "not converted"])
def test_another_zone_than_that_of_the_scenario_is_refused(in_utc, tmp_path, zone):
    (tmp_path / "columns.toml").write_text(f'[times]\nzone = "{zone}"\n')
    center = Scenario.parse(CENTER, tmp_path)
    with pytest.raises(BadInputError, match=f"--zone: is Europe/Athens, .* scenario is {zone}"):
        log_actuals(in_utc, center, zone="Europe/Athens")


def test_a_calibration_remembers_its_zone_or_that_times_were_not_converted(in_utc, tmp_path):
    for said, zone in ((None, "not converted"), ("Europe/Athens", "Europe/Athens")):
        read = read_call_log(in_utc, zone=said)
        assert zone_as_saved(read) == zone
        (tmp_path / "columns.toml").write_text(
            column_file_text(LogColumns(read.columns, zone=zone))
        )
        assert saved_columns(tmp_path).zone == zone
        assert saved_columns(tmp_path).zone_of_log(None) == said


def test_titles_and_words_of_states_are_those_of_the_calibration(scenario, world, tmp_path):
    lines = ["colleague,moment,what"]
    for day in range(4):
        date = FIRST + dt.timedelta(days=day)
        for at in range(8):
            lines += [f"sales {at + 1},{date}T09:00:00,Zulu", f"sales {at + 1},{date}T11:00:00,Out"]
    states = tmp_path / "states.csv"
    states.write_text("\n".join(lines) + "\n")
    center = Scenario.parse(CENTER, tmp_path)
    with pytest.raises(ScenarioError, match="no column is mapped to it"):
        log_actuals(world[0], center, states=StateFile(states))
    (tmp_path / "columns.toml").write_text(
        '[columns]\n[state_columns]\nagent = "colleague"\nstart = "moment"\nstate = "what"\n'
        '[states]\nZulu = "available"\nOut = "logged_out"\n'
    )
    found = log_actuals(world[0], center, states=StateFile(states))
    assert found.inputs.agents["sales"][:, 54:66].mean() == pytest.approx(8, abs=0.05)
    assert any("agents as recorded by states.csv" in note for note in found.actuals.notes)


def test_the_handle_time_of_a_log_without_wrap_up_is_talk(scenario, world, tmp_path):
    head, *lines = world[0].read_text().splitlines()
    path = tmp_path / "calls.csv"
    path.write_text("\n".join([head.replace("wrap", "remark"), *lines]) + "\n")
    assert log_actuals(path, scenario).aht == "talk"


def test_an_open_interval_without_a_contact_has_zero_and_closed_ones_have_no_row(
    scenario, world, tmp_path
):
    head, *lines = world[0].read_text().splitlines()
    quiet = [x for x in lines if not x.startswith(f"{FIRST}T10:") or ",service," not in x]
    assert len(quiet) < len(lines)
    path = tmp_path / "quiet.csv"
    path.write_text("\n".join([head, *quiet]) + "\n")
    before, after = (log_actuals(one, scenario).actuals.entries for one in (world[0], path))
    assert {(e.queue, e.day, e.second) for e in before} == {
        (e.queue, e.day, e.second) for e in after
    }
    missing = [e for e in after if (e.queue, e.day) == ("service", FIRST) and e.second == 10 * 3600]
    assert [e.numbers["offered"] for e in missing] == [0]


def log_text(rows):
    return "\n".join(["start,queue,wait,outcome,talk,agent", *rows]) + "\n"


def test_an_agent_who_leaves_while_customers_wait_is_absent_until_the_next_contact(
    scenario, tmp_path
):
    """Of two agents one takes no contact from 9:30 to 9:40; all who contact wait for a minute."""
    rows = []
    for k in range(120):
        for agent in ("a", "b"):
            if agent == "a" or not 30 <= k < 40:
                start = dt.datetime.combine(FIRST, dt.time(9)) + dt.timedelta(minutes=k)
                rows.append(f"{start},orders,60,answered,58,{agent}")
    path = tmp_path / "calls.csv"
    path.write_text(log_text(rows))
    present = log_actuals(path, scenario).inputs.agents["sales"][0]
    assert present[54:66].tolist() == pytest.approx([2, 2, 2, 1, *[2] * 8], abs=0.25)


def test_days_with_outages_are_named(scenario, tmp_path):
    rows = []
    for day in range(20):
        date = FIRST + dt.timedelta(days=day)
        for k in range(240):
            start = dt.datetime.combine(date, dt.time(9)) + dt.timedelta(minutes=k)
            if day != 9 or k < 60 or k > 180:
                rows.append(f"{start},orders,0,answered,60,agent {k % 4}")
    path = tmp_path / "calls.csv"
    path.write_text(log_text(rows))
    (warning,) = log_actuals(path, scenario).warnings
    assert warning.startswith("days with outages are compared too, unless left out (--without): ")
    assert f"{FIRST + dt.timedelta(days=9)}: 2 h without contacts, where" in warning
    path.write_text(log_text(row for row in rows if str(FIRST + dt.timedelta(days=9)) not in row))
    assert log_actuals(path, scenario).warnings == ()


def test_a_table_of_intervals_is_not_a_log(scenario, tmp_path):
    path = tmp_path / "actuals.csv"
    path.write_text("start,queue,offered,abandoned,wait,agent\n2026-03-02 09:00,orders,60,2,12,8\n")
    assert log_actuals(path, scenario) is None


def offered_by_queue(found):
    sums = {}
    for entry in found.actuals.entries:
        sums[entry.queue] = sums.get(entry.queue, 0) + entry.numbers["offered"]
    return sums


def test_queues_that_calibration_pooled_are_compared_as_its_other_queues(scenario, world):
    pooled = CENTER.replace("queue.service", 'queue."other queues"')
    pooled = pooled.replace("{ service = 1", '{ "other queues" = 1')
    found = log_actuals(world[0], Scenario.parse(pooled))
    own, whole = offered_by_queue(found), offered_by_queue(log_actuals(world[0], scenario))
    assert own == {"orders": whole["orders"], "other queues": whole["service"]}
    assert any(
        note.startswith(f'contacts of service ({whole["service"]:,.0f}) count for "other queues"')
        for note in found.actuals.notes
    )
    agents = found.inputs.agents
    assert agents["help"].sum() == log_actuals(world[0], scenario).inputs.agents["help"].sum() > 0


def test_only_days_from_a_first_to_a_last_are_compared(scenario, world, tmp_path):
    second, third = FIRST + dt.timedelta(days=1), FIRST + dt.timedelta(days=2)
    found = log_actuals(world[0], scenario, first=second, last=third)
    assert {entry.day for entry in found.actuals.entries} == {second, third}
    rows = [f"{FIRST + dt.timedelta(days=k)} 09:00,{k + 1},orders" for k in range(4)]
    table = tmp_path / "actuals.csv"
    table.write_text("\n".join(["interval_start,offered,queue", *rows]) + "\n")
    options = {"first": second, "last": third, "runs": 2}
    row = sim.validate(scenario, table, **options).verdicts[0]
    assert (row.metric, row.recorded, row.intervals) == ("offered", 2 + 3, 2)
    with pytest.raises(BadInputError, match="has no row from 2027-01-01 to .*; allowed: days from"):
        sim.validate(scenario, table, first=dt.date(2027, 1, 1))
    table.write_text("start,offered,queue\n09:00,5,orders\n")
    with pytest.raises(BadInputError, match="some rows of .* have no date"):
        sim.validate(scenario, table, first=second)
