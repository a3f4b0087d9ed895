"""Agents with a name, a speed and a resolution of their own, and agents of random speeds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.engine import simulate_replication
from sim.model import build
from sim.model.expected_repeats import has_factors, tenure_factor
from sim.planning import staff
from sim.scenario import Scenario, describe, schema
from sim.scenario.lint import lint_warnings
from sim.scenario.merged_groups import merge_groups
from sim.scenario.problems import ScenarioError
from sim.tape import draw_tape
from sim.tape.drawn_days import DrawnDays
from sim.tape.tape_drawer import TapeDrawer
from sim.units import BadInputError

ENGINES = ("reference", "kernel")
TEXT = """
[center]
open = "08:00-10:00"
[queue.calls]
volume = [10, 20, 30, 40]
talk = "exponential 3min"
patience = "3min"
resolved = "70%"
[group.team]
agents = [2, 3, 4, 4]
skills = { calls = 1 }
"""
PERSONS = """[{ name = "Ada", speed = "150%", resolves = "110%" }, { name = "Bob", speed = "50%" }
]"""


def parse(fields: str = "", text: str = TEXT) -> Scenario:
    return Scenario.parse(text + fields)


def factors(scenario: Scenario) -> list[list[float]]:
    return build(scenario).groups[0].agent_factors[:5].tolist()


# -- persons --------------------------------------------------------------------------------------


def test_persons_are_the_first_agents_and_tenure_tells_of_the_others():
    fields = f'persons = {PERSONS}\ntenure = [{{ share = "50%", speed = "80%" }}]\n'
    assert factors(parse(fields)) == [[1.5, 1.1], [0.5, 1.0], [0.8, 1.0], [1.0, 1.0], [0.8, 1.0]]
    assert factors(parse(f"persons = {PERSONS}\n"))[2:] == [[1.0, 1.0]] * 3


def test_a_file_says_the_same_as_a_list(tmp_path):
    (tmp_path / "team.csv").write_text("name,resolves,speed\nAda,110%,1.5\nBob,,50%\n")
    by_file = Scenario.parse(TEXT + 'persons = "team.csv"\n', tmp_path)
    assert by_file.fingerprint == parse(f"persons = {PERSONS}\n").fingerprint
    assert list(by_file.data_files) == ["team.csv"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("speed\n1\n", "name"),
        ("name,pace\nAda,1\n", "unknown column 'pace'; allowed: name, speed, resolves, gap"),
        ("name,speed\nAda,1\n,2\n", "team.csv row 3: name is empty; allowed: a name"),
        ("name,speed\nAda,0\n", "group.team.persons.0.speed: '0' is not above zero"),
        ("name,speed\nAda,1\nAda,2\n", "group.team.persons.1.name: 'Ada' is there twice"),
    ],
)
def test_a_wrong_file_has_one_clear_message(content, message, tmp_path):
    (tmp_path / "team.csv").write_text(content)
    with pytest.raises(ScenarioError) as error:
        Scenario.parse(TEXT + 'persons = "team.csv"\n', tmp_path)
    assert message in str(error.value)
    assert len(error.value.problems) == 1


def test_the_schema_allows_a_list_and_a_file():
    found = schema()["$defs"]["Group"]["properties"]["persons"]["anyOf"]
    assert [one["type"] for one in found] == ["string", "array"]
    assert found[1]["items"] == {"$ref": "#/$defs/NamedAgent"}


def test_a_person_can_be_changed_by_path_and_all_be_removed():
    scenario = parse(f"persons = {PERSONS}\n")
    faster = scenario.with_(**{"group.team.persons.1.speed": "+10%"})
    assert faster.group["team"].persons[1].speed == pytest.approx(0.55)
    assert scenario.with_(**{"group.team.persons": "none"}).fingerprint == parse().fingerprint


def test_check_names_few_persons_and_sums_up_many():
    said = " ".join(describe(parse(f"persons = {PERSONS}\n")))
    assert "the first 2 agents are known by name and log in in this order" in said
    assert "Group team: Ada, at 150% speed, resolves 110% of the usual share." in said
    many = ", ".join(f'{{ name = "P{k}", speed = "{80 + k}%" }}' for k in range(20))
    said = " ".join(describe(parse(f"persons = [{many}]\n")))
    assert "the first 20 agents, of whom at most 4 are on duty" in said
    assert "P0 to P19 work at 80% to 99% speed" in said
    warned = lint_warnings(parse(f"persons = [{many}]\n"))
    assert any("lists 20 persons, more than its agents on duty" in line for line in warned)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_person_works_at_the_own_speed_and_comes_first(engine):
    text = TEXT.replace("[10, 20, 30, 40]", '{ recorded = ["08:05", "08:05", "08:05"] }')
    text = text.replace('"exponential 3min"', '"3min"').replace("[2, 3, 4, 4]", "2")
    legs = simulate_replication(build(parse(f"persons = {PERSONS}\n", text)), 1, 1, engine).legs
    assert legs.agent.tolist() == [0, 1, 0]
    assert legs.talk_s.tolist() == [120.0, 360.0, 120.0]
    shifts = text.replace("agents = 2", "").replace("[group.team]", "[group.team]\nwage = 1")
    shifts += (
        f"persons = {PERSONS}\n"
        'shifts = [{ agents = 1, start = "09:00", length = "1h" }, '
        '{ agents = 1, start = "08:00", length = "2h" }]\n'
    )
    by_shift = simulate_replication(build(parse(text=shifts)), 1, 1, engine).legs
    assert by_shift.talk_s.tolist()[0] == 360.0  # the second shift has the second person


@pytest.mark.parametrize("engine", ENGINES)
def test_a_person_has_the_own_gap_after_contacts_and_others_that_of_the_group(engine):
    text = TEXT.replace("[10, 20, 30, 40]", '{ recorded = ["08:05", "08:05", "08:09", "08:09"] }')
    text = text.replace('"exponential 3min"', '"3min"').replace("[2, 3, 4, 4]", "2")
    text = text.replace('patience = "3min"\n', "")
    text += 'gap = "10min"\npersons = [{ name = "Ada", gap = "2min" }, { name = "Bob" }]\n'
    legs = simulate_replication(build(parse(text=text)), 1, 1, engine).legs
    assert legs.agent.tolist() == [0, 1, 0, 0]
    starts = (legs.leave - 8 * 3600) / 60
    assert starts.tolist() == [5.0, 5.0, 10.0, 15.0]
    model = build(parse(text=text))
    assert model.groups[0].mean_gap == (120 + 600) / 2
    without = build(parse(text=text.replace('gap = "2min"', 'gap = "none"')))
    assert simulate_replication(without, 1, 1, engine).legs.leave[2] == 8 * 3600 + 9 * 60


def test_resolution_of_persons_counts_where_they_are():
    assert has_factors(parse(f"persons = {PERSONS}\n"))
    assert not has_factors(parse('persons = [{ name = "Ada", speed = "150%" }]\n'))
    work = 4 * (1.5 + 0.5) + (0 + 1 + 2 + 2)
    expected = (work + 4 * 1.5 * 0.1) / work
    assert tenure_factor(parse(f"persons = {PERSONS}\n"), "calls") == pytest.approx(expected)


# -- spread ---------------------------------------------------------------------------------------


def spread(fields: str = 'speed_spread = "40%"\n', agents: str = "400") -> Scenario:
    return parse(fields, TEXT.replace("[2, 3, 4, 4]", agents))


def test_speeds_have_mean_one_and_the_cv_of_the_file():
    tapes = TapeDrawer(build(spread())).draw_together(1, range(1, 21))
    speeds = tapes.agent_speed[0]
    assert speeds.shape == (20, 400)
    assert speeds.mean() == pytest.approx(1, abs=0.015)
    assert speeds.std() == pytest.approx(0.4, rel=0.04)
    assert draw_tape(build(spread()), 1, 3).agent_speed[0].tolist() == speeds[2].tolist()
    assert draw_tape(build(parse()), 1, 1).agent_speed == (None,)


def test_persons_have_no_spread_and_further_agents_change_no_others():
    known = draw_tape(build(spread(f'persons = {PERSONS}\nspeed_spread = "40%"\n')), 1, 1)
    few = draw_tape(build(spread(agents="10")), 1, 1)
    many = draw_tape(build(spread(agents="30")), 1, 1)
    assert known.agent_speed[0][:2].tolist() == [1.0, 1.0]
    assert many.agent_speed[0][:10].tolist() == few.agent_speed[0].tolist()
    assert many.talk.tolist() == few.talk.tolist()


@pytest.mark.parametrize("engine", ENGINES)
def test_an_agent_keeps_the_speed_on_all_days(engine):
    text = TEXT.replace('open = "08:00-10:00"', 'open = "08:00-10:00"\ndays = 3')
    text = text.replace('"exponential 3min"', '"3min"').replace("[2, 3, 4, 4]", "3")
    model = build(parse('speed_spread = "40%"\n', text))
    legs = simulate_replication(model, 2, 1, engine).legs
    served = legs.agent >= 0
    speed = draw_tape(model, 2, 1).agent_speed[0]
    assert legs.talk_s[served] == pytest.approx(180 / speed[legs.agent[served]], rel=1e-9)
    assert len(set(legs.agent[served])) == 3


def test_the_engines_agree_to_the_bit():
    group = '[group.other]\nagents = 2\nskills = { calls = 2 }\nspeed_spread = "60%"\n'
    model = build(parse(f'persons = {PERSONS}\nspeed_spread = "40%"\n{group}'))
    for number in range(1, 4):
        one, other = (simulate_replication(model, 1, number, engine) for engine in ENGINES)
        for name in ("leave", "talk_s", "end", "agent"):
            assert getattr(one.legs, name).tobytes() == getattr(other.legs, name).tobytes(), name


def test_random_numbers_of_more_agents_serve_a_model_with_fewer():
    larger, smaller = build(spread(agents="6")), build(spread(agents="3"))
    days = DrawnDays(larger, 1)
    found = days.tapes(smaller, range(1, 3))
    for k in range(2):
        known = draw_tape(smaller, 1, k + 1).agent_speed[0]
        assert found[k].agent_speed[0][:3].tolist() == known.tolist()


def test_staffing_by_formula_says_what_it_leaves_out():
    notes = staff(spread(agents="12"), simulate=False).notes
    assert any("team: agents differ in speed; the formulas take all" in note for note in notes)
    assert not any("agents differ" in note for note in staff(parse(), simulate=False).notes)


def test_a_scenario_without_the_fields_keeps_its_fingerprint():
    assert parse("speed_spread = 0\npersons = []\n").fingerprint == parse().fingerprint
    plain = build(parse()).groups[0]
    assert plain == replace(plain, speed_spread=0.0, persons=0)


# -- theory ---------------------------------------------------------------------------------------


def two_servers(rate: float, fast: float, slow: float) -> tuple[float, float]:
    """Probability of waiting, and share served by the fast one, of M/M/2 with unequal servers.

    A contact goes to the server who has been idle longest. States: empty (fast one next, slow one
    next), one busy (fast, slow), both busy with 0, 1, … waiting.
    """
    size = 4 + 400
    q = np.zeros((size, size))
    fast_next, slow_next, only_fast, only_slow, both = range(5)
    moves = [
        (fast_next, only_fast, rate), (slow_next, only_slow, rate),
        (only_fast, slow_next, fast), (only_slow, fast_next, slow),
        (only_fast, both, rate), (only_slow, both, rate),
        (both, only_fast, slow), (both, only_slow, fast),
    ]  # fmt: skip
    moves += [(k, k + 1, rate) for k in range(both, size - 1)]
    moves += [(k + 1, k, fast + slow) for k in range(both, size - 1)]
    for a, b, speed in moves:
        q[a, b] += speed
        q[a, a] -= speed
    p = np.linalg.lstsq(np.vstack([q.T, np.ones(size)]), np.append(np.zeros(size), 1.0))[0]
    busy = p[both:].sum()
    return float(busy), float((p[only_fast] + busy) * fast / rate)


def test_two_agents_of_different_speed_are_a_markov_chain():
    text = """
[center]
length = "250h"
warm_up = "10h"
interval = "10h"
[queue.calls]
volume = "24 per hour"
talk = "exponential 4min"
[group.team]
agents = 2
skills = { calls = 1 }
persons = [{ name = "Ada", speed = "160%" }, { name = "Bob", speed = "40%" }]
"""
    model = build(Scenario.parse(text))
    waits, shares = [], []
    for number in range(1, 13):
        legs = simulate_replication(model, 6, number).legs
        counted = legs.enter > 36000
        waits.append(np.mean(legs.leave[counted] > legs.enter[counted]))
        shares.append(np.mean(legs.agent[counted] == 0))
    wait, share = two_servers(0.4, 1.6 / 4, 0.4 / 4)
    for found, expected in ((waits, wait), (shares, share)):
        error = np.std(found, ddof=1) / np.sqrt(len(found))
        assert abs(np.mean(found) - expected) < 4 * error
        assert error < 0.02


def test_groups_with_persons_are_not_merged():
    other = '[group.other]\nagents = 2\nskills = { calls = 2 }\nspeed_spread = "60%"\n'
    with pytest.raises(BadInputError, match="group.team.persons: agents with a name keep"):
        merge_groups(parse(f"persons = {PERSONS}\n{other}"), ["team", "other"])
    merged = merge_groups(parse(f"speed_spread = 0\n{other}"), ["team", "other"]).changes
    assert 0 < merged["group.team"]["speed_spread"] < 0.6
