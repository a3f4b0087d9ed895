"""Labels in `compare`, `-h` and `-V`, shell completion, `--verbose`, and the time that is left."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sim.cli import main
from sim.cli import progress as told
from sim.cli.compared_scenarios import ScenarioRequest, asked, contenders
from sim.units import BadInputError
from tests.support.small_scenario import small_scenario

BOT = ("labels", "bot 30 %")
TRIED = ("sets", "bot.billing.tried=30%")
MORE = ("sets", "group.cards.agents=+1")


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


def test_each_label_opens_a_variant_that_the_sets_behind_it_change(ccplan: Any) -> None:
    document = json.loads(
        ccplan(
            "compare", "power_of_one", "--runs", "2", "--json",
            "--as", "two more", "--set", "group.agents.agents=+2",
            "--as=busy and short", "--set=queue.calls.volume=+5%",
            "--set", "group.agents.agents=-1",
        ).out
    )  # fmt: skip
    assert document["others"] == ["two more", "busy and short"]
    offered = {
        row["other"]: (row["base"], row["value"])
        for row in document["differences"]
        if (row["scope"], row["metric"]) == ("total", "offered")
    }
    assert offered["two more"][0] == offered["two more"][1]
    assert offered["busy and short"][0] < offered["busy and short"][1]
    staff = {
        row["other"]: row["value"] - row["base"]
        for row in document["differences"]
        if (row["scope"], row["metric"]) == ("group", "staff")
    }
    assert staff == {"two more": 2, "busy and short": -1}


def test_sets_before_the_first_label_change_the_other_files() -> None:
    found = asked("a", ["b"], [MORE, BOT, TRIED, MORE])
    assert [(one.file, one.sets, one.label) for one in found] == [
        ("a", [], ""),
        ("b", [MORE[1]], ""),
        ("a", [TRIED[1], MORE[1]], "bot 30 %"),
    ]


def test_without_a_label_set_does_what_it_did() -> None:
    assert [(one.file, one.sets) for one in asked("a", ["b"], [MORE])] == [
        ("a", []), ("b", [MORE[1]]),
    ]  # fmt: skip
    alone = asked("a", [], [MORE, TRIED])[1]
    assert alone.label == f"{MORE[1]}, {TRIED[1]}"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([BOT], "--as 'bot 30 %': changes nothing; give a --set behind it"),
        ([BOT, TRIED, BOT, MORE], "--as 'bot 30 %': is given twice"),
        ([MORE, BOT, TRIED], "--set group.cards.agents=+1: stands before the first --as"),
        ([("labels", "  "), MORE], "--as '': must be a name of 1 to 80 characters"),
        ([("labels", "a\nerror: b"), MORE], r"--as 'a\nerror: b': must be a name"),
        ([("labels", "x" * 81), MORE], "must be a name of 1 to 80 characters"),
        ([], "compare: give another scenario, or what to change with --set"),
    ],
)
def test_labels_that_mean_nothing_are_refused(options: list[tuple[str, str]], message: str) -> None:
    with pytest.raises(BadInputError, match=re.escape(message)):
        asked("a", [], options)


def test_the_best_is_chosen_among_labels(ccplan: Any) -> None:
    ran = ccplan(
        "compare", "erlang_a", "--best", "service_level", "--budget", "60", "--json",
        "--as", "two more", "--set", "group.agents.agents=+2",
    )  # fmt: skip
    assert json.loads(ran.out)["best"] == "two more"


@pytest.mark.parametrize("command", [[], ["run"], ["compare"], ["erlang"], ["new"]])
def test_h_is_help(ccplan: Any, command: list[str]) -> None:
    short, long = ccplan(*command, "-h"), ccplan(*command, "--help")
    assert (short.code, short.err) == (0, "")
    assert short.out == long.out
    assert short.out.startswith(f"Usage: {' '.join(['ccplan', *command])}")


def test_v_is_the_version(ccplan: Any) -> None:
    assert ccplan("-V").out == ccplan("--version").out


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("ccplan comp", {"compare"}),
        ("ccplan run pow", {"power_of_one"}),
        ("ccplan compare erlang_a day/", {"day/own.toml"}),
        ("ccplan sweep mon", {"monday_200"}),
        ("ccplan learn po", {"power_of_one", "pooling"}),
        ("ccplan new x --from two", {"two_classes_overflow"}),
        ("ccplan run erlang_a --prec", {"--precision"}),
    ],
)
def test_the_shell_is_offered_names_and_files(
    typed: str, offered: set[str], tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    (tmp_path / "day").mkdir()
    for name in ("own.toml", "own.csv", ".hidden.toml"):
        (tmp_path / "day" / name).touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("_CCPLAN_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", str(len(typed.split()) - 1))
    with pytest.raises(SystemExit):
        main([])
    assert set(capsys.readouterr().out.split()) == offered


def test_verbose_tells_what_is_read_and_how_long_it_takes(ccplan: Any) -> None:
    ran = ccplan("run", "retail_monday", "--runs", "1", "--set", "group.cards.agents=+1", "-v")
    plain = ccplan("run", "retail_monday", "--runs", "1", "--set", "group.cards.agents=+1")
    lines = ran.err.splitlines()
    assert all(re.match(r"\[ +\d+\.\d\d s\] ", line) for line in lines)
    for part in ("Python 3.", "read retail_monday, group.cards.agents=+1", "retail_monday.csv",
                 "engine auto; compiled code is kept in ", "simulating took "):  # fmt: skip
        assert part in ran.err
    assert ran.out == plain.out


def test_verbose_shows_where_bad_input_was_refused(ccplan: Any) -> None:
    ran = ccplan("check", "nowhere.toml", "--verbose")
    assert ran.code == 2
    assert "Traceback" in ran.err
    assert ran.err.splitlines()[-1].startswith("error: nowhere.toml: there is no such file")
    assert "Traceback" not in ccplan("check", "nowhere.toml").err


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_is_shown_a_bar_with_the_time_left_that_is_wiped_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr(told, "REDRAWN_S", 0.0)
    monkeypatch.setattr(told, "SURE_AFTER_S", 0.0)
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    with told.progress("simulating", "runs") as tell:
        for done in range(1, 5):
            tell(done, 4)
    shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", screen.getvalue())
    assert re.search(r"simulating .*2/4 +runs .* about \d.* left", shown)
    assert screen.getvalue().rstrip().endswith("\x1b[2K")


def test_elsewhere_a_line_from_time_to_time_says_how_long_it_takes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    times = iter([0.0, 0.0, 10.0, 31.0, 40.0, 62.0, 70.0, 80.0])
    monkeypatch.setattr(told.time, "monotonic", lambda: next(times))
    with told.progress("sweeping", "cells") as tell:
        for done in (101, 110, 115, 120, 200):
            tell(done, 200, 100)
    assert capsys.readouterr().err.splitlines() == [
        "sweeping: 110/200 cells, about 3:30 left",
        "sweeping: 120/200 cells, about 3:39 left",
    ]


def test_help_imports_nothing_slow() -> None:
    code = "import sys; from sim.cli import main\ntry: main(['-h'])\nfinally: print(*sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True,
        env={**os.environ, "COLUMNS": "80"},
    )  # fmt: skip
    loaded = set(ran.stdout.splitlines()[-1].split())
    slow = {"numpy", "scipy", "numba", "pandas", "pydantic", "rich", "joblib", "tomlkit", "jinja2"}
    assert loaded & slow == set()


def test_files_of_centers_of_one_name_are_told_apart_by_their_paths(tmp_path: Path) -> None:
    for place in ("a/scenario.toml", "a/bot.toml", "b/scenario.toml"):
        (tmp_path / place).parent.mkdir(exist_ok=True)
        (tmp_path / place).write_text(small_scenario())
    (tmp_path / "own.toml").write_text(small_scenario(name='"Own"'))
    files = [
        ScenarioRequest(str(tmp_path / place))
        for place in ("a/scenario.toml", "a/bot.toml", "b/scenario.toml", "own.toml")
    ]
    assert contenders(files)[1] == ["a/scenario.toml", "bot.toml", "b/scenario.toml", "Own"]
    more = ScenarioRequest(files[0].file, ["group.all.agents=+1"])
    assert contenders([files[0], more])[1] == ["Small", "Small, group.all.agents=+1"]
