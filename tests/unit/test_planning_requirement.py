"""Agents by formula, by group, grossed up, and deferred work allocated over the day."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import erlang
from sim.model.build_model import build_model as build
from sim.planning import staff
from sim.planning.agent_workload import delayed, work_for_agents
from sim.planning.deferred_allocation import spread
from sim.planning.formula_staffing import GRID, by_load
from sim.planning.group_allocation import grossed_up, whole
from sim.planning.requirement import require
from sim.scenario import Scenario

FLAT = """
[center]
open = "08:00-20:00"
[queue.calls]
volume = 100
talk = "exponential 180s"
{queue}
[group.agents]
agents = 14
skills = {{ calls = 1 }}
{group}
"""


def flat(queue="", group=""):
    return Scenario.parse(FLAT.format(queue=queue, group=group))


def of(staffing, scope, name, key):
    return [row[key] for row in staffing.of(scope) if row["name"] == name]


def test_a_flat_day_needs_what_erlang_c_says():
    found = staff(flat(), simulate=False)
    expected = erlang.fewest_agents("erlang_c", 100, "30min", 180, "80/20")
    assert of(found, "group", "agents", "required") == [expected.agents] * 24
    assert of(found, "queue", "calls", "fractional") == pytest.approx(
        [expected.fractional_agents] * 24
    )
    level = expected.metrics.service_level("20s")
    assert of(found, "queue", "calls", "service_level_formula") == pytest.approx([level] * 24)


def test_patience_needs_what_erlang_a_says_and_both_are_shown():
    scenario = flat('patience = "exponential 120s"')
    found = staff(scenario, simulate=False)
    more = {"calls": 100, "per": "30min", "aht": 180, "goals": "80/20"}
    a = erlang.fewest_agents("erlang_a", patience=120, **more)
    c = erlang.fewest_agents("erlang_c", **more)
    row = found.of("queue")[0]
    assert row["agents_erlang_a"] == pytest.approx(a.fractional_agents)
    assert row["agents_erlang_c"] == pytest.approx(c.fractional_agents)
    assert row["fractional"] == row["agents_erlang_a"] < row["agents_erlang_c"]
    by_c = staff(scenario, simulate=False, by="erlang_c").of("queue")[0]
    assert by_c["fractional"] == by_c["agents_erlang_c"] == row["agents_erlang_c"]


def test_a_patience_that_is_not_exponential_is_taken_as_it_is():
    found = staff(flat('patience = "weibull 3min shape 0.8"\nbalk = "5%"'), simulate=False)
    law = erlang.patience.balking(0.05, erlang.patience.weibull(180, 0.8))
    expected = erlang.fewest_agents("general_patience", 100, 1800, 180, "80/20", patience=law)
    assert found.of("queue")[0]["agents_erlang_a"] == pytest.approx(expected.fractional_agents)
    assert any("M/M/n+G" in note for note in found.notes)


def test_interpolated_requirements_are_near_the_exact_ones():
    volume = np.linspace(3, 400, 200)
    aht = np.full(200, 240.0)

    def solve(calls, seconds):
        found = erlang.fewest_agents("erlang_a", calls, 1800, seconds, "80/20", patience=120)
        return found.fractional_agents

    found, note = by_load(volume, aht, 1800.0, solve)
    assert str(GRID) in note
    exact = erlang.fewest_agents("erlang_a", volume, 1800, 240, "80/20", patience=120)
    assert np.abs(found - exact.fractional_agents).max() < 0.05


def test_the_target_and_its_formula_are_those_of_the_queue():
    strict = staff(flat('target = "95% in 5s"'), simulate=False).of("queue")[0]
    expected = erlang.fewest_agents("erlang_c", 100, 1800, 180, "95/5")
    assert strict["fractional"] == pytest.approx(expected.fractional_agents)
    given_one = staff(flat('target = "95% in 5s"'), simulate=False, target="80/20")
    assert given_one.of("group")[0]["required"] == 14
    with pytest.raises(ValueError, match=r"queue\.calls\.target: a service level of 100%"):
        staff(flat('target = "100% in 5s"'), simulate=False)


def test_shrinkage_and_absence_are_grossed_up():
    found = staff(flat(group='shrinkage = "20%"\nabsent = "10%"'), simulate=False)
    assert of(found, "group", "agents", "scheduled") == [20] * 24
    assert found.groups["agents"]["lost"] == pytest.approx(0.3)
    assert grossed_up(np.array([7.0, 14.0, 100.0]), "g", 0.3).tolist() == [10, 20, 143]
    with pytest.raises(ValueError, match=r"group\.agents: .*leave no agents"):
        staff(flat(group='shrinkage = "60%"\nabsent = "40%"'), simulate=False)


def test_fractions_are_kept_until_a_group_is_rounded():
    text = """
[center]
open = "08:00-20:00"
[queue.a]
volume = 25
talk = "180s"
[queue.b]
volume = 25
talk = "180s"
[group.all]
agents = 9
skills = { a = 1, b = { level = 1, after = "5s" } }
"""
    found = staff(Scenario.parse(text), simulate=False)
    one = erlang.fewest_agents("erlang_c", 25, 1800, 180, "80/20")
    required = int(np.ceil(2 * one.fractional_agents))
    assert set(of(found, "group", "all", "required")) == {required}
    assert required < 2 * one.agents


def test_groups_of_the_lowest_level_share_in_proportion_to_their_people():
    text = (
        FLAT.format(queue="", group="")
        + """
[group.more]
agents = 7
skills = { calls = 1 }
[group.spare]
agents = 50
skills = { calls = 2 }
"""
    )
    found = staff(Scenario.parse(text), simulate=False)
    need = found.of("queue")[0]["fractional"]
    shares = {n: of(found, "group", n, "fractional")[0] for n in ("agents", "more", "spare")}
    assert shares == pytest.approx({"agents": need * 2 / 3, "more": need / 3, "spare": 0})


def test_where_the_first_level_is_away_the_next_one_answers():
    text = (
        FLAT.format(queue="", group='open = "08:00-12:00"')
        + """
[group.late]
agents = 9
skills = { calls = 2 }
"""
    )
    found = staff(Scenario.parse(text), simulate=False)
    rows = {(r["name"], r["interval"]): r["required"] for r in found.of("group")}
    assert rows["agents", "11:30"] == 14
    assert rows["late", "11:30"] == 0
    assert rows["late", "12:00"] == 14


def test_net_staffing_is_what_the_scenario_gives_less_what_is_required():
    found = staff("retail_monday", simulate=False)
    rows = {r["interval"]: r for r in found.of("group") if r["name"] == "generalists"}
    # At 10:30 half an hour of the early B (6) and at 10:45 a quarter of the middle B (5) rest.
    assert rows["10:30"]["now_scheduled"] == 24
    assert rows["10:30"]["now_net"] == pytest.approx((24 - 6 / 2 - 5 / 2 + 0) * 0.97, abs=0.01)
    for row in rows.values():
        assert row["net_staffing"] == pytest.approx(row["now_net"] - row["required"])


def test_the_bots_promise_needs_99_agents():
    found = staff("bot_promise", simulate=False)
    assert {row["required"] for row in found.of("group")} == {99}
    assert found.of("queue")[0]["aht_s"] == pytest.approx(405)
    assert found.of("queue")[0]["volume"] == pytest.approx(400)


def test_false_containment_comes_back_to_people():
    from sim.resources import scenarios_dir
    from sim.scenario import load

    changed = load(scenarios_dir() / "bot_promise.toml", {"bot.calls.resolved": "50%"})
    people = work_for_agents(changed, build(changed))["calls"]
    # 500 contacts an interval: 400 handed over and, some time later, 50 who come back.
    assert people.volume[-1] == pytest.approx(450, rel=0.02)
    assert people.volume[0] < 420


def test_observed_volumes_hold_their_repeats():
    more = 'resolved = "70%"\nrepeat = {{ share = "50%", after = "exponential 1h" }}'
    scenario = flat(more.replace("{{", "{").replace("}}", "}"))
    people = work_for_agents(scenario, build(scenario))["calls"]
    assert people.volume.sum() == pytest.approx(2400)
    better = scenario.with_(**{"queue.calls.resolved": "90%"})
    assert work_for_agents(better, build(better))["calls"].volume.sum() < 2300


def test_speed_shortens_the_handle_time():
    scenario = flat(group="").with_(**{"group.agents.skills.calls.speed": "90%"})
    row = staff(scenario, simulate=False).of("queue")[0]
    assert row["aht_s"] == pytest.approx(200)
    assert row["load_erlangs"] == pytest.approx(100 * 200 / 1800)


def test_chats_are_staffed_by_the_exact_chain():
    scenario = flat('patience = "exponential 180s"\nchannel = "chat"').with_(
        **{"group.agents.skills.calls": {"at_once": 3, "speed": ["100%", "85%", "70%"]}}
    )
    row = staff(scenario, simulate=False).of("queue")[0]
    times = [180, 180 / 0.85, 180 / 0.7]
    exact = erlang.fewest_agents("erlang_chat", 100, 1800, times, "80/20", patience=180)
    assert row["agents_erlang_a"] == pytest.approx(exact.fractional_agents)
    assert row["agents_erlang_c"] > row["agents_erlang_a"]
    level = erlang.chat(100, 1800, times, row["required"], 180).service_level(20)
    assert row["service_level_formula"] == pytest.approx(level)


def test_many_chats_fall_back_to_slots_and_say_so():
    scenario = flat('patience = "exponential 180s"\nchannel = "chat"').with_(
        **{"group.agents.skills.calls": {"at_once": 3}, "queue.calls.volume": 1000}
    )
    found = staff(scenario, simulate=False)
    slots = erlang.fewest_agents("erlang_a", 1000, 1800, 180, "80/20", patience=180)
    assert found.of("queue")[0]["agents_erlang_a"] == pytest.approx(slots.fractional_agents / 3)
    assert any("slot" in note and "Erlang A" in note for note in found.notes)


@given(
    st.lists(st.floats(0, 50), min_size=4, max_size=12),
    st.floats(0, 100),
    st.lists(st.floats(0, 20), min_size=12, max_size=12),
    st.lists(st.sampled_from([0.0, 10.0]), min_size=12, max_size=12),
    st.integers(1, 15),
)
def test_no_deferred_work_is_lost_and_none_is_done_before_it_comes(work, backlog, room, pace, due):
    n = len(work)
    came = np.array(work)
    found = spread(came, backlog, np.array(room[:n]), np.array(pace[:n]), due)
    assert found.done.sum() + found.carried == pytest.approx(backlog + came.sum(), abs=1e-6)
    assert np.all(np.cumsum(found.done) <= backlog + np.cumsum(came) + 1e-6)
    assert np.all(found.in_idle_time <= np.array(room[:n]) + 1e-9)
    assert np.all(found.beyond[np.array(pace[:n]) == 0] <= 1e-9)


def test_deferred_work_fills_valleys_first_and_then_asks_for_more():
    work, pace = np.array([40.0, 0, 0, 0]), np.full(4, 10.0)
    enough = spread(work, 0, np.array([0.0, 10, 30, 30]), pace, 4)
    assert enough.done.tolist() == [0, 10, 30, 0]
    assert enough.beyond.sum() == 0
    tight = spread(work, 0, np.array([0.0, 10, 10, 0]), pace, 4)
    # 20 beyond the room, level over four intervals.
    assert tight.beyond == pytest.approx([5, 5, 5, 5])
    hurried = spread(work, 0, np.zeros(4), pace, 2)
    assert hurried.done == pytest.approx([20, 20, 0, 0], abs=1e-6)


def test_deferred_work_without_agents_is_carried_over():
    found = spread(np.array([5.0, 5, 5]), 0, np.zeros(3), np.array([10.0, 10, 0]), 2)
    assert found.carried == pytest.approx(5)


def test_work_due_overnight_is_done_in_the_first_hour_anybody_is_there():
    found = spread(np.array([6.0, 0, 0, 0]), 0, np.zeros(4), np.array([0.0, 0, 2, 2]), 2)
    assert found.done == pytest.approx([0, 0, 6, 0], abs=1e-6)


def test_every_mail_of_a_scenario_is_accounted_for():
    from sim.resources import scenarios_dir
    from sim.scenario import load

    scenario = load(scenarios_dir() / "email_backlog.toml")
    model = build(scenario)
    found = require(scenario, model)
    mail = next(q for q in found.queues if q.spread is not None)
    came = mail.volume @ mail.aht_s + 120 * 420
    assert came == pytest.approx((170 * 5 + 120) * 420)
    assert mail.spread.done.sum() + mail.spread.carried == pytest.approx(came)
    assert mail.spread.in_idle_time.sum() > 0
    assert mail.spread.beyond.sum() == pytest.approx(mail.fractional.sum() * 1800)


@given(st.lists(st.floats(0, 9), min_size=1, max_size=9), st.floats(0, 3))
def test_delaying_loses_no_contact(volume, intervals):
    moved = delayed(np.array(volume), intervals)
    assert moved.sum() == pytest.approx(sum(volume))
    assert np.all(moved[np.array(volume) == 0] == 0)


def test_delaying_moves_by_part_of_an_interval():
    assert delayed(np.array([8.0, 0.5, 0.5, 0]), 0.25) == pytest.approx([6, 2.375, 0.625, 0])


def test_whole_numbers_survive_rounding():
    assert whole(np.array([13.0, 13 + 1e-12, 13.001, 0.0])).tolist() == [13, 13, 14, 0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"model": "erlang_x"}, "model: 'erlang_x' is unknown"),
        ({"by": "erlang_x"}, "by: 'erlang_x' is unknown"),
        ({"model": "erlang_c", "by": "erlang_a"}, "by: erlang_a cannot count"),
        ({"shrinkage": "30%"}, "shrinkage: is for files of interval rows"),
        ({"target": "80"}, "target: '80'"),
    ],
)
def test_wrong_options_are_reported(options, message):
    with pytest.raises(ValueError, match=message):
        staff(flat(), simulate=False, **options)


def test_the_formula_that_really_counted_is_named():
    patient = staff(flat(), simulate=False)
    assert (patient.by, patient.document()["by"]) == ("erlang_c", "erlang_c")
    assert {row["by"] for row in patient.of("queue")} == {"erlang_c"}
    assert staff(flat('patience = "exponential 2min"'), simulate=False).by == "erlang_a"
    more = """
[queue.more]
volume = 10
talk = "exponential 180s"
patience = "exponential 2min"
"""
    text = FLAT.format(queue="", group="") + more
    text = text.replace("calls = 1 }", 'calls = 1, more = { level = 1, after = "5s" } }')
    both = Scenario.parse(text)
    mixed = staff(both, simulate=False)
    assert mixed.by == "mixed"
    by = {row["name"]: row["by"] for row in mixed.of("queue", whole=True)}
    assert by == {"calls": "erlang_c", "more": "erlang_a"}
    assert staff(both, simulate=False, by="erlang_c").by == "erlang_c"
    assert "Erlang A where customers abandon, else Erlang C" in mixed.text()


def test_the_required_agents_themselves_are_simulated():
    lossy = staff(flat(group='shrinkage = "30%"\nabsent = "5%"'), runs=2, seed=1, workers=1)
    plain = staff(flat(), runs=2, seed=1, workers=1)
    row = lossy.of("group")[0]
    assert (row["required"], row["scheduled"]) == (14, 22)
    assert set(lossy.staffed.group["agents"].agents.values) == {0, 14}
    service = [
        found.of("queue", whole=True)[0]["service_level_simulated"] for found in (lossy, plain)
    ]
    assert service[0] == service[1]
    assert any("without shrinkage and absence" in note for note in lossy.notes)
    assert not any("simulated" in note for note in staff(flat(), simulate=False).notes)


def test_hours_of_load_are_not_called_erlangs():
    text = staff(flat(), simulate=False).text()
    head = next(line for line in text.splitlines() if line.startswith("interval"))
    assert "load" in head
    assert "erlangs" not in head
    assert "last line in hours, load in erlang-hours" in text


def test_gap_after_contacts_lengthens_the_handle_time_of_the_formulas_and_a_note_says_so():
    text = """
[center]
open = "08:00-20:00"
[queue.a]
volume = 25
talk = "{talk}"
[group.all]
agents = 9
skills = {{ a = 1 }}
{gap}
[group.others]
agents = 3
skills = {{ a = {{ level = 1, speed = "50%" }} }}
"""
    gap = staff(Scenario.parse(text.format(talk="140s", gap='gap = "40s"')), simulate=False)
    speed = (9 + 3 * 0.5) / 12
    aht = gap.of("queue")[0]["aht_s"]
    assert aht == pytest.approx(140 / speed + 40 * 9 / 12)
    one = erlang.fewest_agents("erlang_c", 25, 1800, aht, "80/20")
    assert gap.of("queue")[0]["fractional"] == pytest.approx(one.fractional_agents)
    assert any("a: the handle time of the formula is longer by 30s" in note for note in gap.notes)
    none = staff(Scenario.parse(text.format(talk="140s", gap="")), simulate=False)
    assert not any("longer by" in note for note in none.notes)
