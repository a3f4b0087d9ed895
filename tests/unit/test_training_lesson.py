"""A lesson file: what is read, and what is said when it is wrong."""
# ruff: noqa: E501  # a table of faults reads best with one line for each

import pytest

from sim.scenario import ScenarioError
from sim.training import load_lesson, parse_lesson, shipped_lessons
from tests.support.small_lesson import SMALL, changed, small


def test_a_lesson_is_read_with_its_scenario():
    lesson = small()
    assert (lesson.name, lesson.title, lesson.number) == ("mine", "Two of them", 12)
    assert lesson.center.queue["calls"].talk.mean == 180
    assert lesson.unit_of("need") == ""
    assert lesson.unit_of("level") == "share"
    assert lesson.unit_of("handle") == "s"
    assert lesson.unit_of("target") == "text"


def test_a_changed_text_has_another_mark():
    assert small().mark == small().mark
    assert small().mark != small(("20\nhandle", "21\nhandle")).mark


# Each breaks one thing: what is replaced, and what one line of the message must hold.
BROKEN = {
    "misspelled field": ('title   = "Two', 'titel   = "Two', "mine.toml:2: titel: unknown field"),
    "number as text": ("number  = 12", 'number  = "two"', "mine.toml:3: number: 'two' is not a"),
    "no minutes": ("minutes = 5", "minutes = 0", "minutes: 0 is out of bounds; allowed: a whole"),
    "list as quantity": ("calls  = 20", "calls  = [20]", "given.calls: [20] is not a quantity; allowed:"),
    "name of a quantity": ("[compute.spare]", "[compute.Spare]", "compute.Spare: is not a name here"),
    "name twice": ("[compute.spare]", "[compute.calls]", "compute.calls: the name 'calls' is taken"),
    "unknown name": ("{calls} calls an", "{cals} calls an", "text: {cals} is not a quantity of this"),
    "answer in the text": ('text    = "', 'text    = "{need} ', "text: {need} may give an answer"),
    "answer among the told": ('"load"]', '"load", "need"]', "told: 'need' is the answer of the"),
    "unknown among the told": ('told    = ["load"]', 'told    = ["lod", "load"]', "told: 'lod' is no"),
    "answer of the transfer": ('law     = "', 'law     = "{more_need} ', "is the answer of the tran"),
    "given away": ('truth     = "need"', 'truth     = "calls"', "prediction.truth: 'calls' is giv"),
    "text as answer": ('truth     = "need"', 'truth     = "target"', "'target' is a text; allowed: a"),
    "unknown answer": ('truth     = "need"', 'truth     = "neeed"', "Did you mean 'need'?"),
    "tolerance": ("tolerance = 1\nlow", 'tolerance = "5pp"\nlow', "prediction.tolerance: '5pp' is no"),
    "negative tolerance": ("tolerance = 1\nlow", "tolerance = -1\nlow", "-1 is negative or endless"),
    "bound": ("high      = 50", 'high      = "lots"', "prediction.high: 'lots' cannot be read"),
    "bounds shut it out": ("high      = 50", "high      = 2", "prediction.truth: 'need' is 3, outs"),
    "figure of a formula": ('"load_erlangs"', '"load"', "formula.load.figure: 'load' is unknown"),
    "patience": ('target = "{target}"', 'target = "{target}"\npatience = "3min"', "Erlang A needs it"),
    "target": ('target = "80/20"', 'target = "lots"', "formula.need: target: 'lots' must be a sha"),
    "arithmetic": ("need - load", "need -", "compute.spare.formula: 'need -' is not a formula; allowed:"),
    "code": ("need - load", "open('x')", "is not a formula; allowed: names, numbers"),
    "name in arithmetic": ("need - load", "nead - load", "compute.spare: 'nead' is not a quantity"),
    "text in arithmetic": ("need - load", "target - load", "'target' is a text; allowed: a number"),
    "by zero": ("need - load", "need / (load - load)", "compute.spare: 'need / (load - load)' divid"),
    "in a circle": ("need - load", "need - spare", "circular reference: spare ← spare"),
    "simulated figure": ('"service_level"\nchange', '"servis"\nchange', "simulate.level.figure: servis"),
    "path of a change": ('{ "group.team', '{ "group.tem', "simulate.level.change: group.tem.agents:"),
    "path of a decision": ('path      = "group.team.agents', 'path      = "group.team.agnts',
                           "decision.path: group.team.agnts: no field 'agnts'"),
    "path of the reveal": ('path    = "group.team', 'path    = "grup.team', "reveal.path: grup"),
    "swept value": ("[2, 3]", "[2, -3]", "reveal.values.1: -3 is out of bounds; allowed: a whole"),
    "no figure": ("runs    = 3", "runs    = 3\nfigures = []", "figures: there is none; allowed: one"),
    "runs": ("runs    = 3", "runs    = 1", "reveal.runs: 1 is out of bounds; allowed: a whole num"),
    "formula's line": ('"erlang_c"', '"erlang_b"', "'erlang_b' is unknown; allowed: erlang_c or erl"),
    "missing table": ("[debrief]", "[debrif]", "debrif: unknown field; known here"),
    "no reason why": ('why       = "{need} are', '#why      = "{need} are', "truth, why: are missing"),
    "nothing to decide": ('path      = "group', '#path     = "group', "give one of them, a number or"),
    "no TOML": ("[transfer]", "[transfer", ": no valid TOML:"),
    "field of the scenario": ("volume = ", "volum = ", "mine.toml:15: scenario, queue.calls.volum:"),
    "value for the scenario": ('"180s"', '"3 parsecs"', "mine.toml:16: scenario, queue.calls.talk:"),
    "name in the scenario": ("{calls} an hour", "{cals} an hour", "scenario: {cals} is not given."),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), BROKEN.values(), ids=BROKEN)
def test_what_is_wrong_is_said_with_file_field_and_what_is_allowed(old, new, said):
    with pytest.raises(ScenarioError) as caught:
        small((old, new))
    lines = str(caught.value).splitlines()
    assert any(said in line for line in lines), lines
    assert all(line.startswith("mine.toml") for line in lines)


def test_the_line_number_is_that_of_the_file():
    with pytest.raises(ScenarioError) as caught:
        small(("[2, 3]", "[2, -3]"))
    number = int(str(caught.value).split(":")[1])
    assert changed(("[2, 3]", "[2, -3]")).splitlines()[number - 1] == "values  = [2, -3]"


def test_options_are_checked_too():
    options = """
[[decision.option]]
name = "More"
change = { "group.team.agents" = "{ned}" }
why = "x"
[[decision.option]]
name = "MORE"
why = "x"
good = true
"""
    number = SMALL[SMALL.index('path      = "group') : SMALL.index("\n[reveal]")]
    with pytest.raises(ScenarioError, match="two have the same name"):
        small((number, options))
    options = options.replace("MORE", "Less")
    with pytest.raises(ScenarioError, match=r"option\.0\.change: 'ned' is not a quantity"):
        small((number, options))
    options = options.replace("{ned}", "{need}").replace("good = true", "good = false")
    with pytest.raises(ScenarioError, match="none is good"):
        small((number, options))
    options = options.replace("good = false", "good = true")
    assert [one.name for one in small((number, options)).decision.option] == ["More", "Less"]


def test_a_scenario_is_shipped_or_beside_and_never_elsewhere(tmp_path):
    inner = SMALL[SMALL.index("scenario = '''") : SMALL.index("[given]")]
    folder = tmp_path / "lessons"
    folder.mkdir()
    text = inner.removeprefix("scenario = '''").rstrip().removesuffix("'''")
    plain = text.replace("{calls}", "20").replace("{handle}", "180s")
    (folder / "shop.toml").write_text(plain)
    (tmp_path / "secret.toml").write_text(plain)
    file = folder / "mine.toml"
    file.write_text(SMALL.replace(inner, 'scenario = "shop.toml"\n\n'))
    assert load_lesson(file).center.center.name == "Small shop"
    file.write_text(SMALL.replace(inner, 'scenario = "../secret.toml"\n\n'))
    with pytest.raises(ScenarioError, match="leaves the lesson's folder"):
        load_lesson(file)
    with pytest.raises(ScenarioError, match="'shop.toml' is not a scenario"):
        parse_lesson(SMALL.replace(inner, 'scenario = "shop.toml"\n\n'))


def test_lessons_are_found_by_name_number_and_file():
    assert load_lesson("2").name == load_lesson("power_of_one").name == "power_of_one"
    assert load_lesson(shipped_lessons()["power_of_one"]).name == "power_of_one"
    with pytest.raises(ScenarioError, match="Did you mean 'power_of_one'"):
        load_lesson("powr_of_one")


def test_a_huge_or_unreadable_file_is_refused(tmp_path):
    file = tmp_path / "big.toml"
    file.write_text("#" * 300_000)
    with pytest.raises(ScenarioError, match="is larger than 256 KB"):
        load_lesson(file)
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ScenarioError, match="cannot be read"):
        load_lesson(file)
