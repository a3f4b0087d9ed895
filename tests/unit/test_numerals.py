"""Numbers in texts: decimal commas are read, what may be thousands is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from sim import units
from sim.cli.commands import app
from sim.experiment.sweep.value_range import parse_range_value
from sim.fileio import Numbers
from sim.fileio import duration as cell_duration
from sim.fileio import number as cell_number
from sim.numerals import decimal_mark, read_number, write_number
from sim.scenario import Scenario
from sim.scenario.by_interval import by_interval, change_cells
from sim.scenario.editing import EditError
from sim.scenario.written_changes import text_with_changes

SMALL = """
[center]
open = "08:00-09:00"
[queue.calls]
volume = [10, 12]
talk = "exponential 3min"
[group.all]
agents = 4
skills = { calls = 1 }
"""


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1440", 1440),
        ("22,50", 22.5),
        ("22,5", 22.5),
        ("22.50", 22.5),
        ("0,125", 0.125),
        ("0.125", 0.125),
        ("1234.567", 1234.567),
        ("1234,567", 1234.567),
        ("1.4400", 1.44),
        (",5", 0.5),
        ("1.440e3", 1440),
        ("5.", 5),
    ],
)
def test_decimal_points_and_commas_are_read(text: str, number: float) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("1.440", ("1.44", "1440")),
        ("1,440", ("1.44", "1440")),
        ("12.000", ("12", "12000")),
        ("999,999", ("999.9990", "999999")),
        ("1.125", ("1.1250", "1125")),
    ],
)
def test_what_may_be_thousands_is_refused_with_both_readings(
    text: str, readings: tuple[str, str]
) -> None:
    with pytest.raises(ValueError, match=" may be {} or {};".format(*readings)):
        read_number(text)


def test_each_reading_that_a_message_names_is_read() -> None:
    assert (read_number("1.1250"), read_number("1125")) == (1.125, 1125)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.440.000", 1440000),
        ("1,440.5", 1440.5),
        ("1.440,5", 1440.5),
        ("1 440", 1440),
        ("1\u00a0440", 1440),
        ("1'440", 1440),
        ("1 234 567,5", 1234567.5),
    ],
)
def test_thousands_that_cannot_be_mistaken_are_read_in_texts_as_in_tables(
    text: str, number: float
) -> None:
    assert read_number(text) == cell_number(text) == number
    assert units.duration(text) == cell_duration(text) == number
    assert units.duration(f"{text} min") == cell_duration(f"{text} min") == number * 60
    assert units.rate(f"{text} a day") == (number, 86400)
    assert units.change(f"+{text}").add == number
    base = Scenario.parse(SMALL).with_(**{"queue.calls.volume": f"{text} a day"})
    assert base.queue["calls"].volume.a_day == number


@pytest.mark.parametrize(
    "text",
    [
        "1,2,3",
        "1.2.3",
        "1234 567",
        "1 23",
        "0 123",
        "1.5,5,5",
        "1,23,456.5",
        "05.01.2026",
        "0.1 234",
    ],
)
def test_separators_that_part_no_thousands_are_refused(text: str) -> None:
    for read in (read_number, cell_number, units.duration, cell_duration):
        with pytest.raises(units.BadInputError, match="allowed"):
            read(text)
    assert decimal_mark(text) == ""


def test_a_time_of_a_table_is_read_as_its_numbers_are() -> None:
    assert cell_duration("1,125 min", Numbers(",")) == 67.5
    assert cell_duration("1.125 min", Numbers(",", certain=True)) == 67500


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (units.rate, "1.440 a day"),
        (units.rate, "1,440 per h"),
        (units.duration, "1.440"),
        (units.duration, "1.440s"),
        (units.duration, "2min 1,440s"),
        (units.money, "1.440"),
        (units.change, "+1.440"),
        (units.change, "+1.440s"),
        (units.change, "*1,440"),
        (units.ratio, "1,440"),
    ],
)
def test_every_quantity_refuses_both_readings(read, text: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(units.BadInputError, match=r"may be 1\.44 or 1440"):
        read(text)


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (units.duration, "5:29", 329),
        (units.duration, "05:29", 329),
        (units.duration, "6:10", 370),
        (units.duration, "90:00", 5400),
        (units.duration, "1:02:03", 3723),
        (units.duration, "28:02:03", 28 * 3600 + 123),
        (units.duration, "5:28,7", 328.7),
        (units.duration, "28s 125ms", 28.125),
        (units.duration, "22,5 s", 22.5),
        (units.share, "22,50 %", 0.225),
        (units.share, "80 %", 0.8),
        (units.ratio, "1.125", 1.125),
        (units.money, "22,50", 22.5),
        (units.rate, "22,5 per min", (22.5, 60)),
    ],
)
def test_what_output_writes_is_read(read, text: str, value: object) -> None:  # type: ignore[no-untyped-def]
    assert read(text) == pytest.approx(value)


@pytest.mark.parametrize("wrong", ["5:60", "5:9", "1:60:00", "1:2:03", ":30", "1:02:03:04"])
def test_wrong_colons_are_refused(wrong: str) -> None:
    with pytest.raises(units.BadInputError, match="is not a time; allowed"):
        units.duration(wrong)


def test_a_single_colon_is_refused_where_hours_are_usual() -> None:
    with pytest.raises(units.BadInputError, match='may be "8min 30s" or "8h 30min"'):
        units.long_duration("8:30")
    assert units.long_duration("8:30:00") == units.long_duration("8h 30min") == 30600


@given(st.integers(0, 10_000_000))
def test_shown_milliseconds_are_read_back(milliseconds: int) -> None:
    seconds = milliseconds / 1000
    assert units.duration(units.show_duration(seconds)) == pytest.approx(seconds, abs=1e-9)


@pytest.mark.parametrize("huge", ["1e400 a day", "2e12 a day", "1e9 per s"])
def test_rates_beyond_any_bound_are_refused(huge: str) -> None:
    with pytest.raises(units.BadInputError, match="allowed"):
        units.rate(huge)


@pytest.mark.parametrize(("calls", "code"), [("1.440", 2), ("1,440", 2), ("22,5", 0), ("40", 0)])
def test_calls_on_the_command_line_are_no_thousands(calls: str, code: int) -> None:
    asked = ["erlang", "--calls", calls, "--per", "30min", "--aht", "180s", "--agents", "9"]
    found = CliRunner().invoke(app, asked)
    assert found.exit_code == code
    assert ("may be 1.44 or 1440" in found.stderr) is (code == 2)


@pytest.mark.parametrize(("value", "wanted"), [("22,5", 22.5), ("22.5", 22.5), (7, 7)])
def test_cells_of_the_table_by_interval_are_read_alike(value: object, wanted: float) -> None:
    text = SMALL
    table = by_interval(Scenario.parse(text))
    changed, _ = change_cells((text, {}), table, {0: {"calls: contacts": value}})
    assert Scenario.parse(changed).queue["calls"].volume.values[0] == wanted


@pytest.mark.parametrize("value", ["1.440", "1,440"])
def test_cells_that_may_be_thousands_are_refused(value: str) -> None:
    table = by_interval(Scenario.parse(SMALL))
    with pytest.raises(EditError, match=r"calls: contacts at 08:00: .* may be 1\.44 or 1440"):
        change_cells((SMALL, {}), table, {0: {"calls: contacts": value}})


@given(st.floats(0, 1e6) | st.integers(0, 10**7).map(lambda n: n / 1000))
def test_a_written_number_is_read_in_one_way_only(number: float) -> None:
    assert read_number(write_number(number, 17)) == number
    assert read_number(write_number(number, 6)) == pytest.approx(number, rel=1e-5)


@pytest.mark.parametrize(
    ("low", "number"), [("+1", 12.125), ("+1", -12.125), ("+1s", 12.125), ("*1", 12.125)]
)
def test_what_a_sweep_puts_between_two_amounts_is_read(low: str, number: float) -> None:
    change = units.change(parse_range_value(low).at(number))
    assert (change.factor if low.startswith("*") else change.add) == number


def test_a_changed_rate_can_be_read_back() -> None:
    text = SMALL.replace("[10, 12]", '"28 a day"')
    base = Scenario.parse(text)
    changed = base.with_(**{"queue.calls.volume": "+0.125"})
    again = Scenario.parse(text_with_changes(changed))
    assert again.queue["calls"].volume.a_day == 28.125
