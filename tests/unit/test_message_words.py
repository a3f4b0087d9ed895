"""Messages say what the user wrote, whole and printable."""

from pathlib import Path
from zipfile import ZipFile

import pytest
from typer.testing import CliRunner

from sim.cli.commands import app
from sim.fileio import TableError, read_table
from sim.scenario import Scenario, ScenarioError

TEXT = """
[queue.calls]
volume = 10
talk = "exponential 3min"
patience = "2min"
[group.all]
agents = 4
skills = { calls = 1 }
"""


def refused(change: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        Scenario.parse(TEXT, overrides=[change])
    return str(caught.value)


@pytest.mark.parametrize("word", ["none", "unlimited", "never"])
def test_an_unlimited_talk_is_reported_with_the_words_for_it(word: str) -> None:
    said = refused(f"queue.calls.talk={word}")
    assert 'queue.calls.talk: is unlimited, as "unlimited" and "none" are;' in said


@pytest.mark.parametrize(
    ("law", "said"),
    [("exponential", "an exponential distribution"), ("weibull", "a weibull distribution")],
)
def test_a_distribution_has_its_article(law: str, said: str) -> None:
    text = f'queue.calls.patience={{law = "{law}", mean = "3min", cv = 0}}'
    assert f"{said} takes no cv" in refused(text)


def test_an_exact_volume_asks_for_counts_by_interval() -> None:
    said = refused('queue.calls.volume={exact = "160 a day"}')
    assert "'160 a day' is not an exact count; allowed: counts by interval" in said


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("queue.calls.balk", "10%"),
        ("queue.calls.backlog", 5),
        ("group.all.shrinkage", "30%"),
        ("group.all.absent", "5%"),
        ("center.busyness", "10%"),
        ("center.warm_up", "1h"),
        ("group.all.skills.calls.after", "30s"),
        ("group.all.skills.calls.reserve", 1),
    ],
)
def test_none_takes_a_number_back_to_zero(path: str, value: object) -> None:
    plain = Scenario.parse(TEXT)
    changed = plain.with_(**{path: value})
    assert changed != plain
    assert changed.with_(**{path: "none"}) == plain


def test_none_is_refused_where_zero_is_not_the_default() -> None:
    assert "'none' is not a share" in refused("group.all.overtime=none")


def test_a_message_of_a_library_keeps_its_closing_quote(tmp_path: Path) -> None:
    book = pytest.importorskip("openpyxl").Workbook()
    book.active.append(["calls"])
    good, bad = tmp_path / "good.xlsx", tmp_path / "bad.xlsx"
    book.save(good)
    with ZipFile(good) as packed, ZipFile(bad, "w") as stored:
        theme = packed.read("xl/theme/theme1.xml")
        for name in packed.namelist():
            stored.writestr(name, packed.read(name))
    assert bad.read_bytes().count(theme) == 1
    bad.write_bytes(bad.read_bytes().replace(theme, theme.swapcase()))
    with pytest.raises(TableError) as caught:
        read_table(bad)
    assert str(caught.value).endswith(": Bad CRC-32 for file 'xl/theme/theme1.xml'")


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "power_of_one", "--a{}"],
        ["run", "power_of_one", "x{}"],
        ["run", "power_of_one", "--runs", "x{}"],
        ["schema", "a{}"],
        ["a{}"],
        ["--a{}"],
    ],
)
@pytest.mark.parametrize("sign", ["\x1b[31m", "\u202e", "\x9b", "\u2028"])
def test_errors_of_use_quote_no_control_characters(arguments: list[str], sign: str) -> None:
    result = CliRunner().invoke(app, [argument.format(sign) for argument in arguments])
    assert result.exit_code == 2
    assert sign not in result.output
    assert "Error: " in result.output
