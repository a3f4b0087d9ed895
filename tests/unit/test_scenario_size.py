"""Contacts and memory that a scenario takes, and the bound on both."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim import compare, simulate, staff
from sim.cli.commands import app
from sim.experiment.sweep import load_study, sweep
from sim.scenario import Scenario, describe, size
from sim.scenario.size import MOST_CONTACTS, TooLargeError
from tests.support.small_scenario import small_scenario

TEXT = small_scenario(open='"08:00-12:00"', volume=10, target=None)

LARGE = TEXT.replace("volume = 10", 'volume = "1e9 a day"')


def notes(text: str) -> str:
    return "\n".join(describe(Scenario.parse(text)))


def test_contacts_and_memory_are_stated() -> None:
    assert "One replication has about 80 contacts" in notes(TEXT)
    assert "takes about 200 MB of memory in each process." in notes(TEXT)
    assert "about 1,000,000,000 contacts" in notes(LARGE)
    assert f"above {MOST_CONTACTS:,} contacts it needs --allow-large" in notes(LARGE)


def test_too_many_contacts_are_refused_everywhere(tmp_path: Path) -> None:
    large = Scenario.parse(LARGE)
    for command in (simulate, staff, lambda one: compare([Scenario.parse(TEXT), one])):
        with pytest.raises(TooLargeError, match=r"1,000,000,000 contacts .*--allow-large"):
            command(large)
    (tmp_path / "small.toml").write_text(TEXT)
    (tmp_path / "study.toml").write_text(
        'base = "small.toml"\nruns = 1\n[axis]\n"queue.calls.volume" = [10, "1e9 a day"]\n'
    )
    with pytest.raises(TooLargeError, match="--allow-large"):
        sweep(load_study(tmp_path / "study.toml"), tmp_path / "out", workers=1)


@pytest.mark.parametrize("command", ["run", "compare", "staff"])
def test_the_command_line_refuses_and_allows(
    command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "small.toml"
    file.write_text(TEXT)
    asked = [command, str(file), "--runs", "2"] + ["--set", "queue.calls.volume=11"]
    monkeypatch.setattr(size, "MOST_CONTACTS", 80)
    refused = CliRunner().invoke(app, asked)
    assert refused.exit_code == 2
    assert "88 contacts in one replication" in refused.stderr
    assert CliRunner().invoke(app, [*asked, "--allow-large"]).exit_code == 0


def test_check_says_all_of_it_as_json() -> None:
    found = CliRunner().invoke(app, ["check", "retail_monday", "--json"])
    understood = json.loads(found.stdout)["understood"]
    assert any(line.startswith("One replication has about 3,723 contacts") for line in understood)
