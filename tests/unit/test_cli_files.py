"""`ccplan new`, `list`, `show`, `check -`: files of one's own, and those that are shipped."""

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from sim.cli import main
from sim.scenario import load
from sim.scenario.copy_scenario import STARTER
from sim.scenario.copy_scenario import draft as new_scenario
from sim.scenario.question_comment import UNASKED, question_in, with_question

MONDAY = "Can the center keep 80 % in 20 s on a normal Monday, and where does it break first?"


class Ran:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def ccplan(capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*arguments: str) -> Ran:
        with pytest.raises(SystemExit) as left:
            main(arguments)
        told = capsys.readouterr()
        return Ran(int(left.value.code or 0), told.out, told.err)

    return run


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_new_scenario_can_be_simulated_with_its_table(ccplan: Any, here: Path) -> None:
    ran = ccplan("new", "corner_shop", "--question", "Is the team large enough?")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("wrote corner_shop.toml\nwrote corner_shop.csv\n")
    assert sorted(path.name for path in here.iterdir()) == ["corner_shop.csv", "corner_shop.toml"]
    scenario = load(here / "corner_shop.toml")
    assert (scenario.name, list(scenario.data_files)) == ("Corner shop", ["corner_shop.csv"])
    assert question_in(scenario.text) == "Is the team large enough?"
    assert "starter" not in scenario.text.lower()


def test_a_copy_keeps_neither_name_nor_question_of_what_it_was_made_from(
    ccplan: Any, here: Path
) -> None:
    assert ccplan("new", "monday", "--from", "retail_monday", "--title", "Our shop").code == 0
    copy, source = load(here / "monday.toml"), load("retail_monday")
    assert copy.name == "Our shop"
    assert question_in(copy.text) == ""
    assert copy.text.startswith(f"# {UNASKED}\n#\n# Made from retail_monday, ")
    assert MONDAY not in copy.text
    assert list(copy.data_files) == ["monday.csv"]
    assert copy.with_(**{"center.name": source.name}).model_dump() == source.model_dump()
    assert "# how much days differ" in copy.text


@pytest.mark.parametrize("there", ["monday.toml", "monday.csv"])
def test_nothing_is_overwritten_and_nothing_half_written(
    ccplan: Any, here: Path, there: str
) -> None:
    (here / there).write_text("mine")
    ran = ccplan("new", "monday", "--from", "retail_monday")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"error: {there}: is there already, and is not overwritten\n"
    assert [(path.name, path.read_text()) for path in here.iterdir()] == [(there, "mine")]


def test_tables_of_other_folders_come_along(ccplan: Any, here: Path) -> None:
    for folder in ("a", "a/t", "b"):
        (here / folder).mkdir()
    (here / "v.csv").write_text("calls\n1\n2\n")
    (here / "a" / "t" / "v.csv").write_text("agents\n1\n1\n")
    (here / "a" / "s.toml").write_text(
        '[center]\nopen = "08:00-09:00"\n[queue.q]\nvolume = "../v.csv:calls"\ntalk = "1min"\n'
        '[group.g]\nagents = "t/v.csv:agents"\nskills = { q = 1 }\n'
    )
    assert ccplan("new", "b/own", "--from", "a/s.toml").err == ""
    names = sorted(path.name for path in (here / "b").iterdir())
    assert names == ["own.toml", "own_t_v.csv", "own_v.csv"]
    assert load(here / "b" / "own.toml").queue["q"].volume.values == (1, 2)


def test_a_copy_that_cannot_be_read_is_not_left_there(
    ccplan: Any, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.scenario.copy_scenario.with_question", lambda text, *more: text + "[")
    assert ccplan("new", "shop").code == 2
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["", "..", "a:b", "con", "nul.x", "x\n[center]", "-v/..", "n" * 90]
)
def test_a_name_that_is_none_is_refused(ccplan: Any, here: Path, name: str) -> None:
    ran = ccplan("new", "--", name)
    assert ran.code == 2
    assert ran.err.startswith("error: ")
    assert ran.err.count("\n") == 1
    assert list(here.iterdir()) == []


def test_a_folder_that_does_not_exist_is_named(ccplan: Any, here: Path) -> None:
    assert ccplan("new", "no/shop").err == "error: no/shop: there is no folder no\n"


def test_new_as_json_names_what_was_written(ccplan: Any, here: Path) -> None:
    found = json.loads(ccplan("new", "shop", "--json").out)
    assert found == {"scenario": "shop.toml", "tables": ["shop.csv"]}


def test_what_the_starter_offers_in_comments_can_be_taken_as_it_stands(tmp_path: Path) -> None:
    text = STARTER.read_text()
    lines = r"^# (\w+ *= .*|\[.*)$"
    offered = re.findall(lines, text, flags=re.MULTILINE)
    assert len(offered) >= 14
    every = re.sub(lines, r"\1", text, flags=re.MULTILINE)
    (tmp_path / "starter.toml").write_text(every)
    (tmp_path / "starter.csv").write_bytes(STARTER.with_suffix(".csv").read_bytes())
    scenario = load(tmp_path / "starter.toml")
    assert scenario.group["team"].wage == 24.5
    assert scenario.queue["calls"].callback is not None
    assert scenario.queue["calls"].resolved == pytest.approx(0.7)
    assert scenario.satisfaction is not None
    assert set(scenario.issue) == {"delivery"}
    assert set(scenario.lever) == {"coaching"}
    for page in ("docs/experience.md", "docs/invest.md"):
        assert page in text


def test_list_shows_the_question_of_every_example(ccplan: Any, repo_root: Path) -> None:
    ran = ccplan("list")
    assert re.search(rf"^retail_monday +{re.escape(MONDAY)}$", ran.out, flags=re.MULTILINE)
    document = json.loads(ccplan("list", "--json").out)
    names = {kind: [row["name"] for row in rows] for kind, rows in document.items()}
    assert names["scenarios"] == sorted(p.stem for p in (repo_root / "scenarios").glob("*.toml"))
    assert names["studies"] == ["monday_200", "power_of_one_grid"]
    assert (len(names["lessons"]), names["lessons"][0]) == (10, "workload")
    every = [row for rows in document.values() for row in rows]
    assert [row["name"] for row in every if len(row["question"]) < 20] == []
    assert all(Path(row["file"]).is_file() for row in every)


def test_show_gives_the_text_and_names_the_tables(ccplan: Any, repo_root: Path) -> None:
    ran = ccplan("show", "retail_monday")
    assert ran.out == (repo_root / "scenarios" / "retail_monday.toml").read_text()
    assert "with the table " in ran.err
    assert "retail_monday.csv" in ran.err


def test_a_name_of_several_kinds_is_reported_and_chosen(ccplan: Any) -> None:
    ran = ccplan("show", "power_of_one")
    assert "ccplan show power_of_one --kind lesson" in ran.err
    found = json.loads(ccplan("show", "power_of_one", "--kind", "lesson", "--json").out)
    assert (found["kind"], found["name"]) == ("lesson", "power_of_one")
    assert 'title   = "The power of one"' in found["text"]


def test_show_takes_files_too(ccplan: Any, here: Path) -> None:
    (here / "own.toml").write_text("# Why?\nbase = 'erlang_a'\n")
    found = json.loads(ccplan("show", "own.toml", "--json").out)
    assert (found["kind"], found["question"]) == ("study", "Why?")


@pytest.mark.parametrize("text", ["a = " + "9" * 5000, "a = " + "[" * 3000, "a = 1\na = 2"])
def test_show_takes_files_that_cannot_be_read(ccplan: Any, here: Path, text: str) -> None:
    (here / "big.toml").write_text(text)
    ran = ccplan("show", "big.toml")
    assert (ran.code, ran.out.strip()) == (0, text)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["retail_mondy"], 'did you mean "retail_monday"?'),
        (["/etc/passwd"], "nothing of that name is shipped"),
        (["power_of_one", "--kind", "day"], "--kind: 'day' is unknown; allowed: scenario, study"),
        (["erlang_a", "--kind", "lesson"], "nothing of that name is shipped"),
    ],
)
def test_what_cannot_be_shown_is_one_message(
    ccplan: Any, arguments: list[str], message: str
) -> None:
    ran = ccplan("show", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


def test_check_reads_a_scenario_from_stdin(
    ccplan: Any, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = STARTER.read_text().replace("starter.csv", "own.csv")
    (here / "own.csv").write_bytes(STARTER.with_suffix(".csv").read_bytes())
    monkeypatch.setattr("sys.stdin", io.StringIO("\ufeff" + text))
    ran = ccplan("check", "-", "--set", "center.name=Piped", "--json")
    assert json.loads(ran.out)["scenario"] == "Piped"


def test_compare_reads_stdin_once_for_base_and_variant(
    ccplan: Any, monkeypatch: pytest.MonkeyPatch, repo_root: Path
) -> None:
    text = (repo_root / "scenarios" / "power_of_one.toml").read_text()
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    ran = ccplan("compare", "-", "--set", "group.agents.agents=-1", "--runs", "2", "--json")
    assert json.loads(ran.out)["others"] == ["group.agents.agents=-1"]


def test_errors_on_stdin_are_reported_with_their_position(
    ccplan: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("[center]\nopne = '8'\n"))
    ran = ccplan("check", "-")
    assert ran.code == 2
    assert "stdin" in ran.err
    assert "opne" in ran.err


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("# Is it?\n# Yes.\n\n# no\n", "Is it? Yes."),
        ("# Is it?\n#\n# More\n[center]\n", "Is it?"),
        ("[center]\n# no\n", ""),
        ("\ufeff# Is it?\n", "Is it?"),
        (f"# {UNASKED}\n", ""),
    ],
)
def test_the_question_is_the_first_paragraph_of_the_first_comment(text: str, question: str) -> None:
    assert question_in(text) == question


def test_a_question_takes_the_place_of_the_first_comment() -> None:
    found = with_question("# Old\n# more\n\n# kept\n[center]\n", "New\nline?", "said")
    assert found == "# New line?\n#\n# said\n\n# kept\n[center]\n"
    found = with_question("# Old\n# more\n#\n# A note.\n#\n# Another.\n[center]\n", "New?", "said")
    assert found == "# New?\n#\n# said\n#\n# A note.\n#\n# Another.\n\n[center]\n"
    assert with_question("# Old\n#\n# A note.\n\n[center]\n", "") == "# A note.\n\n[center]\n"
    assert with_question("# Old\n\n[center]\n", " ") == "[center]\n"


def test_a_copy_of_a_copy_keeps_notes_and_says_once_what_it_was_made_from(tmp_path: Path) -> None:
    first = new_scenario(str(tmp_path / "first"), "power_of_one")
    text = first.text.replace("\n[center]", "#\n# A note of ours.\n\n[center]", 1)
    first.file.write_text(text.replace("\n\n#\n# A note", "\n#\n# A note", 1))
    for place, content in first.tables.items():
        place.write_bytes(content)
    second = new_scenario(str(tmp_path / "second"), str(first.file), "Enough?")
    head = second.text.partition("[center]")[0]
    assert head.count("# Made from ") == head.count("ccplan check") == 1
    assert "ccplan check second.toml" in head
    assert "# A note of ours.\n" in head
