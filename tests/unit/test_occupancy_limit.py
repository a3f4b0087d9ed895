"""A limit of occupancy: agents for all contacts whatever the patience; notes without it."""

import numpy as np
import pytest

import ccplan
from sim.fileio import table_from_text
from sim.history.tables.actuals import read_actuals
from sim.history.tables.column_mapping import guess
from sim.model.build_model import build_model
from sim.planning import plan_shifts, queue_agents
from sim.planning.import_queues import suggested
from sim.planning.occupancy_limit import max_occupancy_of, overload_notes
from sim.planning.requirement import require
from sim.planning.table_scenario import scenario_from_table
from sim.scenario import Scenario, ScenarioError
from sim.scenario.lint_load import overload_warnings
from sim.units import BadInputError

BUSY = "interval_start,queue,offered,aht_s\n" + "".join(
    f"2026-01-05 {hour:02d}:00,billing,1200,190\n" for hour in range(9, 12)
)


def made(tmp_path, **options):
    raw = table_from_text("busy.csv", BUSY)
    actuals = read_actuals(raw, guess(raw))
    found = scenario_from_table(actuals, suggested(actuals), name="Busy", **options)
    return found, found.parsed(tmp_path)


def test_a_new_scenario_has_agents_for_all_contacts_and_says_so(tmp_path):
    found, scenario = made(tmp_path)
    load = 1200 * 190 / 3600
    agents = scenario.group["billing agents"].agents.values
    assert all(load / 0.9 <= n < load / 0.9 + 1 for n in agents if n)
    assert any("at most 90%" in note and "assumption" in note for note in found.notes)
    assert not overload_warnings(scenario)


def test_without_a_limit_the_target_is_reached_as_customers_abandon_and_that_is_said(tmp_path):
    found, scenario = made(tmp_path, max_occupancy="")
    agents = scenario.group["billing agents"].agents.values
    assert max(agents) < 1200 * 190 / 3600
    assert any("only because customers abandon" in note for note in found.notes)
    (warning,) = overload_warnings(scenario)
    assert "not all contacts can be handled" in warning


def test_a_limit_that_is_none_names_its_field(tmp_path):
    with pytest.raises(ScenarioError) as caught:
        made(tmp_path, max_occupancy="120%")
    assert [one.path for one in caught.value.problems] == ["occupancy"]


CENTER = """
[center]
name = "x"
first_day = 2026-01-05
open = "09:00-11:00"
interval = "30min"
[queue.calls]
volume = [300, 310, 290, 5]
talk = "exponential 190s"
patience = "exponential 60s"
target = "80% in 20s"
[queue.chats]
channel = "chat"
volume = [200, 210, 190, 4]
talk = "exponential 400s"
patience = "exponential 60s"
target = "80% in 20s"
[group.a]
agents = 30
skills = { calls = 1 }
[group.b]
agents = 30
skills = { chats = { level = 1, at_once = 2, speed = [1, 0.75] } }
"""


def test_every_live_queue_is_limited_in_every_interval_and_nothing_else_changes():
    model = build_model(scenario := Scenario.parse(CENTER))
    free, limited = (require(scenario, model, max_occupancy=most) for most in (None, 0.8))
    for before, after in zip(free.queues, limited.queues, strict=True):
        at_best = {1: 1.0, 2: 1.5}[len(after.relative)]
        least = after.load / at_best / 0.8
        np.testing.assert_allclose(after.fractional, np.maximum(before.fractional, least))
        assert (after.fractional > before.fractional).any()
        assert after.fractional[-1] == before.fractional[-1] or least[-1] >= before.fractional[-1]
    assert len(list(overload_notes(model, free.queues))) == 2
    assert not list(overload_notes(model, limited.queues))


def test_staff_takes_a_limit_and_pools_keep_it():
    pooled = CENTER.replace("skills = { calls = 1 }", "skills = { calls = 1, more = 1 }").replace(
        "[queue.chats]",
        "[queue.more]\nvolume = 100\ntalk = 'exponential 180s'\npatience = 'exponential 60s'\n"
        "target = '80% in 20s'\n[queue.chats]",
    )
    found = ccplan.staff(Scenario.parse(pooled), simulate=False, max_occupancy="85%")
    group = found.requirement.groups[0]
    assert (group.load <= 0.85 * group.required + 1e-9).all()


def test_agents_of_a_queue_alone_keep_the_limit():
    model = build_model(scenario := Scenario.parse(CENTER))
    free, limited = (
        [one.needed for one in queue_agents.staffing(scenario, model, ["calls"], most)]
        for most in (None, "80%")
    )
    least = np.ceil(np.array([300, 310, 290, 5]) * 190 / 1800 / 0.8)
    np.testing.assert_allclose(limited, np.maximum(free, least))
    assert limited != free


def test_shifts_cover_the_agents_that_a_limit_requires():
    scenario = Scenario.parse(CENTER)
    free, limited = (
        plan_shifts(scenario, patterns={"two": "2h"}, max_occupancy=most, time_limit=5)
        for most in (None, "60%")
    )
    assert limited.hours > free.hours


@pytest.mark.parametrize("text", ["0%", "101%", "much"])
def test_a_limit_is_a_share_above_zero(text):
    with pytest.raises(BadInputError):
        max_occupancy_of(text)
    assert max_occupancy_of("") is None
