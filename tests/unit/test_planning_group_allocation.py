"""Groups that can stand in for one another: their agents are rounded up once, together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.planning import staff
from sim.planning.group_allocation import whole_agents
from sim.scenario import Scenario
from tests.support.spreadsheet import Recalculated

QUEUES = {"a": (30, 4), "b": (20, 6), "c": (10, 5)}
SAME = "a = 1, b = 1, c = 1"


def pool(groups, skills=SAME, agents=3, queues=QUEUES, hours="08:00-18:00", more=""):
    text = f'[center]\nopen = "{hours}"\ntarget = "80% in 20s"\n'
    for name, (volume, talk) in queues.items():
        text += f'[queue.{name}]\nvolume = {volume}\ntalk = "exponential {talk}min"\n'
        text += 'patience = "exponential 3min"\n'
    for name in groups:
        text += f"[group.{name}]\nagents = {agents}\nskills = {{ {skills} }}\n"
    return Scenario.parse(text + more)


def hours(found):
    return {row["name"]: row["required"] for row in found.of("group", whole=True)}


@pytest.mark.parametrize(
    ("groups", "skills", "expected"),
    [
        ("xyzwv", SAME, {"v": 30, "w": 30, "x": 20, "y": 20, "z": 20}),
        ("xy", 'a = { speed = "80%" }, b = 1, c = 1', {"x": 70, "y": 60}),
        ("x", SAME, {"x": 120}),
    ],
)
def test_a_pool_is_rounded_up_once_and_dealt_out_to_its_groups(groups, skills, expected):
    found = staff(pool(groups, skills), simulate=False)
    assert hours(found) == expected
    (sharing,) = found.sharings
    assert sharing.pooled_h == sum(expected.values())
    for name in expected:
        own = [row["required"] for row in found.of("group") if row["name"] == name]
        assert len(set(own)) == 1, "the same group has the extra agent in every interval"


def test_what_the_pool_needs_does_not_depend_on_its_groups():
    one, five = (staff(pool(groups), simulate=False) for groups in ("x", "xyzwv"))
    assert one.sharings[0].apart_h == five.sharings[0].apart_h
    levels = [found.of("queue", whole=True)[0]["service_level_formula"] for found in (one, five)]
    assert levels[0] == pytest.approx(levels[1])


def test_one_queue_of_several_groups_is_rounded_up_once():
    queues = {"a": QUEUES["a"]}
    one, five = (staff(pool(g, "a = 1", queues=queues), simulate=False) for g in ("x", "xyzwv"))
    assert sum(hours(five).values()) == sum(hours(one).values())


def test_deferred_work_of_several_groups_is_rounded_up_once():
    text = '[center]\nopen = "08:00-18:00"\n[queue.mail]\nchannel = "email"\nvolume = 9\n'
    text += 'talk = "exponential 10min"\ndue = "1h"\n'
    groups = "".join(f"[group.{g}]\nagents = 1\nskills = {{ mail = 1 }}\n" for g in "xyz")
    found = staff(Scenario.parse(text + groups), simulate=False)
    agents = [
        row["required"]
        for row in found.of("group")
        if "T10:00" in row["interval"] or row["interval"] == "10:00"
    ]
    assert sum(agents) == 3


def test_a_pool_with_one_target_is_not_said_to_be_sized_by_its_strictest():
    found = staff(pool("xyzwv"), runs=10, seed=1, workers=1)
    assert {check.status for check in found.targets} == {"met"}
    assert "strictest" not in found.text()
    for check in (one for one in found.targets if one.scope == "queue"):
        assert check.by_formula == pytest.approx(check.simulated, abs=0.04)


def test_groups_that_are_rounded_up_one_by_one_are_a_cause_of_a_surplus():
    more = "[group.u]\nagents = 3\nskills = { a = 1 }\n"
    found = staff(pool("xyzwv", more=more), runs=10, seed=1, workers=1)
    over = [check for check in found.targets if check.status == "overshot"]
    assert over
    assert all("are each rounded up to whole agents" in " ".join(c.causes) for c in over)


@given(st.lists(st.lists(st.floats(0, 40), min_size=3, max_size=3), min_size=1, max_size=6))
def test_allocation_keeps_the_sum_and_changes_no_group_by_a_whole_agent(parts):
    values = np.array(parts)
    agents = whole_agents(values)
    total = values.sum(axis=0)
    assert np.all(agents.sum(axis=0) >= total - 1e-5)
    assert np.all(agents.sum(axis=0) < total + 1)
    assert np.all(np.abs(agents - values) < 1 + 1e-5)
    assert np.all(agents == np.round(agents))


def test_the_largest_remainder_gets_the_agent():
    assert whole_agents(np.array([[1.2], [1.7], [1.4]])).ravel().tolist() == [1, 2, 2]
    assert whole_agents(np.array([[0.0], [0.1], [0.1]])).ravel().tolist() == [0, 1, 0]


@pytest.mark.parametrize("volume", [30.0, 71.0])
def test_the_workbook_deals_out_the_same_agents(volume, tmp_path):
    few = {"a": (30, 4), "b": (20, 6)}
    written = pool("xyz", "a = 1, b = 1", queues=few, hours="08:00-09:00")
    staff(written, simulate=False).to_xlsx(tmp_path / "a.xlsx")
    book = Recalculated(tmp_path / "a.xlsx")
    for row in book.book["By queue"].iter_rows(min_row=2):
        if row[0].value == "a":
            book.set("By queue", f"D{row[0].row}", volume)
    changed = staff(written.with_(**{"queue.a.volume": volume}), simulate=False)
    expected = {(row["name"], row["interval"]): row["required"] for row in changed.of("group")}
    found = {
        (row[0].value, row[1].value): book.value("Requirement", f"I{row[0].row}")
        for row in book.book["Requirement"].iter_rows(min_row=2)
    }
    assert found == expected
    assert len(set(expected.values())) > 1
