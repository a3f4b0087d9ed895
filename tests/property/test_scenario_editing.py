"""Editing one field leaves every other line as it was, and means what a change by path means."""

import difflib
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario import Scenario, ScenarioError
from sim.scenario.editing import EditError, drop, put, written

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("*.toml"))
TEXTS = {file.stem: file.read_text(encoding="utf-8") for file in SHIPPED}
FOLDER = SHIPPED[0].parent


def places(node, prefix=""):
    """Paths of all single values of a text, also those in tables and lists inside it."""
    if isinstance(node, dict):
        for key, item in node.items():
            if "." not in key:  # a key that is a path itself is changed in the text
                yield from places(item, f"{prefix}{key}.")
    elif isinstance(node, list):
        for at, item in enumerate(node):
            yield from places(item, f"{prefix}{at}.")
    else:
        yield prefix.rstrip(".")


PLACES = [(name, path) for name, text in TEXTS.items() for path in places(tomllib.loads(text))]
FIELDS = {
    "center.lines": st.integers(0, 500),
    "center.short": st.integers(1, 60).map(lambda n: f"{n}s"),
    "center.busyness": st.integers(0, 40).map(lambda n: f"{n}%"),
    "experiment.runs": st.integers(1, 1000),
    "queue.{q}.balk": st.integers(0, 100).map(lambda n: f"{n}%"),
    "queue.{q}.priority": st.integers(-5, 5),
    "queue.{q}.wrap": st.integers(1, 300).map(lambda n: f"exponential {n}s"),
    "queue.{q}.limit": st.integers(0, 500),
    "group.{g}.absent": st.integers(0, 90).map(lambda n: f"{n}%"),
    "group.{g}.shrinkage": st.integers(0, 90).map(lambda n: f"{n}%"),
}


def changed_lines(before, after):
    """Lines that were taken away, and lines that came."""
    found = difflib.ndiff(before.splitlines(keepends=True), after.splitlines(keepends=True))
    both = [one for one in found if one[:1] in "+-"]
    return [x[2:] for x in both if x[0] == "-"], [x[2:] for x in both if x[0] == "+"]


@given(st.sampled_from(PLACES), st.sampled_from(["7s", 12, 0.5, True, "a # b", 'say "x"']))
def test_a_value_that_is_there_changes_its_own_line_alone(place, value):
    name, path = place
    text = TEXTS[name]
    after = put(text, path, value)
    gone, new = changed_lines(text, after)
    assert len(gone) == len(new) <= 1
    assert written(after, path) == value
    assert [line.partition("#")[2] for line in gone if " #" in line] == [
        line.rpartition("#")[2] for line in new if any(" #" in one for one in gone)
    ]


@given(st.data(), st.sampled_from(sorted(TEXTS)), st.sampled_from(sorted(FIELDS)))
def test_an_edit_reads_as_the_override_does(data, name, form):
    text = TEXTS[name]
    scenario = Scenario.parse(text, FOLDER)
    path = form.format(q=next(iter(scenario.queue)), g=next(iter(scenario.group)))
    value = data.draw(FIELDS[form])
    after = put(text, path, value)
    gone, new = changed_lines(text, after)
    assert len(gone) <= 1
    same = written(text, path) == value  # what stands there already changes nothing
    assert len([one for one in new if one.strip() and not one.startswith("[")]) == int(not same)
    try:
        expected = scenario.with_(**{path: value})
    except ScenarioError:
        with pytest.raises(ScenarioError):
            Scenario.parse(after, FOLDER)
        return
    # Equal field by field; only how a volume is backed out remembers what was written before.
    assert Scenario.parse(after, FOLDER).model_dump() == expected.model_dump()


@given(st.sampled_from(PLACES))
def test_what_was_added_can_be_taken_away(place):
    name, path = place
    table = path.rpartition(".")[0]
    text = TEXTS[name]
    if not isinstance(written(text, table), dict):
        return
    after = put(text, f"{table}.zz_new", "12s")
    assert tomllib.loads(drop(after, f"{table}.zz_new")) == tomllib.loads(text)


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_new_tables_stand_at_the_end_and_comments_stay(name):
    text = TEXTS[name]
    after = put(text, "queue.zz", {"volume": 3, "talk": "2min"})
    assert after.startswith(text)
    assert tomllib.loads(after)["queue"]["zz"] == {"volume": 3, "talk": "2min"}


def test_short_forms_are_changed_as_a_whole():
    with pytest.raises(EditError, match="written in short"):
        put('[queue.a]\ntarget = "80% in 20s"\n', "queue.a.target.within", "10s")


def test_lists_over_several_lines_keep_theirs():
    text = "[group.a]\nagents = [ # by half hour\n  3, 4, # early\n  5,\n]\nabsent = '1%'\n"
    after = put(text, "group.a.agents.1", 9)
    assert after == text.replace("3, 4,", "3, 9,")
    added = put(text, "group.a.shrinkage", "5%")
    assert added == text + 'shrinkage = "5%"\n'


def test_a_broken_text_is_reported_and_stays():
    with pytest.raises(EditError, match="no valid TOML"):
        put("[queue.a\n", "queue.a.balk", "5%")


def test_windows_line_ends_stay():
    text = "[center]\r\nname = 'a'\r\n\r\n# queues\r\n[queue.a]\r\nvolume = 3\r\n"
    after = put(text, "center.lines", 5)
    assert after == text.replace("name = 'a'\r\n", "name = 'a'\r\nlines = 5\r\n")


def test_what_was_read_of_a_text_may_be_changed():
    text = "[queue.calls]\nvolume = [1, 2]\n"
    written(text, "queue")["calls"]["volume"].append(3)
    assert written(text, "queue.calls.volume") == [1, 2]
