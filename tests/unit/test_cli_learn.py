"""``ccplan learn``: a lesson by options, what is asked and what is refused."""

import io
import json
import sys

import pytest

from sim.cli import main
from sim.training import AttemptStore
from tests.support.small_lesson import SMALL, changed

ALL = ["--predict", "4", "--because", "a guess", "--decide", "2", "--transfer", "4"]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("CCPLAN_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(sys, "stdin", io.StringIO())


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(SMALL)
    return str(path)


@pytest.fixture
def learn(capsys):
    def run(*arguments):
        with pytest.raises(SystemExit) as left:
            main(("learn", *arguments))
        told = capsys.readouterr()
        return int(left.value.code or 0), told.out, told.err

    return run


def asked(monkeypatch, *lines):
    """Type lines at a terminal."""
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    left = iter(lines)
    monkeypatch.setattr("builtins.input", lambda prompt: next(left))


def test_lessons_are_listed_with_progress(learn, file):
    code, out, _ = learn()
    assert code == 0
    assert "2   power_of_one         The power of one                15     new" in out
    learn("2", "--predict", "70%", "--because", "so")
    assert "2   power_of_one         The power of one                15   begun" in learn()[1]
    rows = json.loads(learn("--json")[1])["lessons"]
    assert [row["number"] for row in rows] == list(range(1, 11))
    assert [row["status"] for row in rows if row["lesson"] == "power_of_one"] == ["begun"]


def test_a_lesson_by_options(learn, file):
    code, out, err = learn(file, *ALL)
    assert code == 0, err
    for part in (
        "20 calls an hour of 3 min make a load of 1.",
        "Locked: 4, because a guess",
        "Decided: 2",
        "2 agents       <- yours",
        "Service level against agents: 3 days each, 95 % confidence intervals",
        "How far off was I? You said 4, it is 3: 1 too high, within the tolerance.",
        "* 2 (holds up): 3 are needed, you took 2.",
        "What on Monday\nAsk the formula.",
        "You said 4, which is right.",
    ):
        assert part in out, part
    (kept,) = AttemptStore().attempts("", "me")
    assert (kept.prediction, kept.decision, kept.transfer_holds) == (4, "2", 1)


def test_the_document(learn, file):
    code, out, _ = learn(file, *ALL, "--json", "--learner", "Ada", "--class", "May", "--seed", "3")
    found = json.loads(out)
    assert code == 0
    assert (found["learner"], found["class"], found["seed"]) == ("Ada", "May", 3)
    assert found["prediction"]["truth"] == 3
    assert found["transfer"]["verdict"] == "within the tolerance"


def test_a_lesson_goes_on_with_what_is_left(learn, file):
    code, _, err = learn(file, *ALL[:6])
    assert (code, err.splitlines()[-1][:33]) == (2, "error: --transfer: is missing; re")
    code, out, _ = learn(file, "--transfer", "4")
    assert code == 0
    assert "Locked: 4, because a guess\nDecided: 2" in out
    code, out, _ = learn(file, *ALL, "--again")
    assert code == 0
    assert len(AttemptStore().attempts("", "me")) == 2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "--predict: is missing; required without a terminal"),
        (["--predict", "4"], "--because: is missing"),
        (["--predict", "four", "--because", "x"], "prediction: 'four' cannot be read; allowed: a"),
        (["--predict", "99", "--because", "x"], "prediction: 99 is out of bounds; allowed: a num"),
        (["--predict", "4", "--because", " "], "reason: is empty"),
        (["--predict", "4", "--because", "x"], "--decide: is missing"),
        (["--predict", "4", "--because", "x", "--decide", "40"], "decision: 40 is out of bounds"),
        ([*ALL[:6], "--transfer", "x"], "transfer: 'x' cannot be read; allowed: a number"),
        (["--learner", "x" * 61], "learner: 61 characters; allowed: at most 60"),
    ],
)
def test_wrong_answers_leave_with_2_and_one_message(learn, file, options, said):
    code, _, err = learn(file, *options)
    told = [line for line in err.splitlines() if line.startswith("error")]
    assert code == 2
    assert len(told) == 1
    assert told[0].startswith(f"error: {said}")


def test_nothing_but_the_document_goes_to_stdout(learn, file):
    code, out, err = learn(file, *ALL[:6], "--json")
    assert (code, out) == (2, "")
    assert "--transfer" in err


def test_an_unknown_or_broken_lesson(learn, tmp_path):
    code, _, err = learn("powr_of_one")
    assert code == 2
    assert "Did you mean 'power_of_one'?" in err
    path = tmp_path / "broken.toml"
    path.write_text(changed(("[2, 3]", "[2, -3]"), ("runs    = 3", "runs    = 1")))
    code, _, err = learn(str(path), *ALL)
    assert code == 2
    assert err.count("broken.toml:") == 2
    assert "reveal.runs: 1 is out of bounds; allowed: a whole number from 2 to 500" in err


def test_at_a_terminal_a_wrong_answer_is_asked_for_again(learn, file, monkeypatch):
    asked(monkeypatch, "four", "4", "", "a guess", "40", "2", "x", "4")
    code, out, err = learn(file)
    assert code == 0
    for part in (
        "prediction: 'four' cannot",
        "reason: is empty",
        "decision: 40 is",
        "transfer: 'x'",
    ):
        assert part in err
    assert "Locked: 4, because a guess" in out
    assert AttemptStore().attempts("", "me")[0].transfer == 4
