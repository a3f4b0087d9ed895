"""Values of ``--set`` are read as TOML spells them: tables, quoted texts, lists, bare words."""

from pathlib import Path
from typing import Any

import pytest

from sim.cli import main
from sim.cli.common import loaded

SCENARIO = """
[center]
open = "08:00-10:00"
[queue.calls]
channel = "voice"
volume = 30
talk = "exponential 3min"
[group.all]
shifts = [{ agents = 4, start = "08:00", length = "2h" }]
skills = { calls = 1 }
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "small.toml"
    path.write_text(SCENARIO)
    return str(path)


@pytest.mark.parametrize(
    ("value", "law", "mean"),
    [
        ('{ law = "lognormal", mean = "200s", cv = 0.5 }', "lognormal", 200),
        ('"exponential 40s"', "exponential", 40),
        ("exponential 40s", "exponential", 40),
        ("'40s'", "deterministic", 40),
        ("+20s", "exponential", 200),
    ],
)
def test_a_distribution_by_table_or_text(file: str, value: str, law: str, mean: float) -> None:
    talk = loaded(file, [f"queue.calls.talk={value}"]).queue["calls"].talk
    assert (talk.law, talk.time) == (law, pytest.approx(mean))


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        ("group.all.skills", "{ calls = { level = 3, at_once = 2 } }", (3, 2)),
        ("group.all.skills.calls", "{ level = 3, at_once = 2 }", (3, 2)),
    ],
)
def test_a_skill_by_table(file: str, path: str, value: str, found: Any) -> None:
    skill = loaded(file, [f"{path}={value}"]).group["all"].skills["calls"]
    assert (skill.level, skill.at_once) == found


@pytest.mark.parametrize("value", ["09:00", "09:00:00", '"09:00"'])
def test_a_time_of_day_with_and_without_seconds(file: str, value: str) -> None:
    assert loaded(file, [f"group.all.shifts.0.start={value}"]).group["all"].shifts[0].start == 32400


@pytest.mark.parametrize("value", ["2026-03-02", '"2026-03-02"'])
def test_a_date(file: str, value: str) -> None:
    assert loaded(file, [f"center.first_day={value}"]).center.first_day.isoformat() == "2026-03-02"


def test_a_list(file: str) -> None:
    volume = loaded(file, ["queue.calls.volume=[1, 2, 3, 4]"]).queue["calls"].volume
    assert volume.values == (1, 2, 3, 4)


def test_the_command_reads_them_too(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    sets = ["--set", 'queue.calls.talk={ law = "exponential", mean = "40s" }']
    sets += ["--set", 'queue.calls.target="90% in 30s"']
    with pytest.raises(SystemExit) as left:
        main(["check", file, *sets])
    told = capsys.readouterr()
    assert not left.value.code, told.err
    assert "; AHT 0:40; load " in told.out
    assert "\nWarnings:\n- Queue calls is voice" in told.out
    assert "target 90% in 30s" in told.out.replace(" %", "%")


@pytest.mark.parametrize(
    ("change", "is_said"),
    [
        ("center.talk_variation.level_change=-1%", True),
        ("center.busyness=+10%", True),
        ("group.all.skills.calls.reserve=*2", True),
        ("center.talk_variation.level_change=1%", False),
        ("queue.calls.talk=-1%", False),
        ("queue.calls.balk=+10pp", False),
        ("queue.calls.talk=+1s", False),
    ],
)
def test_a_share_of_nothing_changes_nothing_and_says_so(
    file: str, change: str, is_said: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    loaded(file, [change])
    said = f"note: --set {change} changes nothing: a value with a sign or * changes"
    assert (said in capsys.readouterr().err) == is_said
