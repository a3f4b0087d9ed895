"""Quantities are read, shown and changed as planners write them."""

import datetime as dt
import math
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import units


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("20s", 20),
        ("4min 30s", 270),
        ("4min30s", 270),
        ("1h", 3600),
        ("1.5 hours", 5400),
        ("1day", 86400),
        ("2 weeks", 1209600),
        ("90", 90),
        (" 90 ", 90),
        (90, 90),
        (0.5, 0.5),
        (".5s", 0.5),
        ("0s", 0),
        ("1e3s", 1000),
        ("1H 1MIN", 3660),
    ],
)
def test_durations_are_read(written: object, seconds: float) -> None:
    assert units.duration(written) == seconds


@pytest.mark.parametrize(
    "wrong",
    ["", "s", "20 m", "ten s", "20s!", "-5s", "1:3", -1, math.inf, math.nan, True, None, []],
)
def test_wrong_durations_say_value_and_what_is_allowed(wrong: object) -> None:
    with pytest.raises(ValueError, match="allowed") as caught:
        units.duration(wrong)
    assert repr(wrong) in str(caught.value)


@pytest.mark.parametrize("wrong", ["-5s", "- 5s", "-5", "-5:29", "-4min 30s", -5])
def test_a_negative_duration_is_called_negative(wrong: object) -> None:
    with pytest.raises(ValueError, match="^'?- ?[^']*'? is negative; allowed: a time"):
        units.duration(wrong)


@pytest.mark.parametrize("wrong", ["--5s", "4min -30s", "-x", "-"])
def test_a_minus_alone_makes_no_negative_duration(wrong: str) -> None:
    with pytest.raises(ValueError, match="is not a time"):
        units.duration(wrong)


@pytest.mark.parametrize(
    ("written", "share"), [("80%", 0.8), (0.8, 0.8), ("0.8", 0.8), ("2.5 %", 0.025), (1, 1), (0, 0)]
)
def test_shares_are_read(written: object, share: float) -> None:
    assert units.share(written) == pytest.approx(share, abs=1e-15)


@pytest.mark.parametrize("wrong", ["101%", 80, "-1%", -0.1, "half", True, None, math.nan])
def test_wrong_shares_say_what_is_allowed(wrong: object) -> None:
    with pytest.raises(ValueError, match="allowed"):
        units.share(wrong)


def test_a_ratio_may_pass_one_but_a_share_may_not() -> None:
    assert units.ratio("110%") == pytest.approx(1.1)
    with pytest.raises(ValueError, match="more than 100%"):
        units.share("110%")


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("08:00", 28800),
        ("8:00", 28800),
        ("24:00", 86400),
        ("00:00:30", 30),
        (dt.time(8, 30), 30600),
    ],
)
def test_times_of_day_are_read(written: object, seconds: float) -> None:
    assert units.clock(written) == seconds


@pytest.mark.parametrize("wrong", ["24:01", "25:00", "8", "08:60", "8h", 800, None])
def test_wrong_times_of_day_are_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match="time of day"):
        units.clock(wrong)


@pytest.mark.parametrize(
    ("written", "rate"),
    [
        ("1200 a day", (1200, 86400)),
        ("48 per min", (48, 60)),
        ("100 per 30min", (100, 1800)),
        ("400 an hour", (400, 3600)),
        ("400/h", (400, 3600)),
    ],
)
def test_rates_are_read(written: str, rate: tuple[float, float]) -> None:
    assert units.rate(written) == rate


@pytest.mark.parametrize("wrong", ["1200", "many a day", "5 per moon", "5 per 0s"])
def test_wrong_rates_are_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="allowed"):
        units.rate(wrong)


@pytest.mark.parametrize(
    ("written", "before", "after"),
    [
        ("+10%", 200, 220),
        ("-10%", 200, 180),
        ("-2", 12, 10),
        ("+2", 12, 14),
        ("*1.1", 200, 220),
        ("x2", 3, 6),
        ("*50%", 200, 100),
        ("-25s", 240, 215),
        ("+1min", 240, 300),
        ("+10pp", 0.5, 0.6),
    ],
)
def test_changes_apply(written: str, before: float, after: float) -> None:
    assert units.change(written).apply(before) == pytest.approx(after)
    assert units.is_change(written)


@pytest.mark.parametrize("wrong", ["10%", "2", "-110%", "*2s", "+ten", "", 2])
def test_wrong_changes_are_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match="allowed|unit"):
        units.change(wrong)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0s"),
        (20, "20s"),
        (270, "4min 30s"),
        (86400, "1day"),
        (90061.5, "1day 1h 1min 1.5s"),
        (59.9999, "1min"),
        (math.inf, "unlimited"),
        (math.nan, "unknown"),
        (-25, "-25s"),
    ],
)
def test_durations_are_shown(seconds: float, shown: str) -> None:
    assert units.show_duration(seconds) == shown


@given(st.floats(0, 1e7))
def test_a_shown_duration_is_read_back(seconds: float) -> None:
    assert units.duration(units.show_duration(seconds)) == pytest.approx(seconds, abs=5.0001e-4)


@given(st.floats(0, 1))
def test_a_shown_share_is_read_back(share: float) -> None:
    assert units.share(units.show_share(share, digits=4)) == pytest.approx(share, abs=1e-6)


def test_shares_numbers_and_clocks_are_shown() -> None:
    assert units.show_share(0.785) == "78.5%"
    assert units.show_share(0.8) == "80%"
    assert units.show_share(math.nan) == "unknown"
    assert units.show_number(1234.5) == "1,234.5"
    assert units.show_number(100) == "100"
    assert units.show_number(-0.001) == "0"
    assert units.show_number(math.inf) == "unlimited"
    assert units.show_clock(28800) == "08:00"
    assert units.show_clock(95430) == "26:30:30"
    assert units.show_clock(899, "minute") == "00:15"
    assert units.show_clock(28800, "second") == "08:00:00"


def test_minutes_are_shown_with_their_seconds_and_read_back() -> None:
    for seconds, text in ((0, "0:00"), (329, "5:29"), (3600, "1:00:00"), (3723, "1:02:03")):
        assert units.show_minutes(seconds) == text
        assert units.duration(text) == seconds


def test_times_are_written_in_one_place() -> None:
    own = re.compile(r"// ?(60|3600)\b|% ?60:02|divmod\([^,]+, 60\)")
    folder = Path(units.__file__).parent
    found = [path.name for path in folder.rglob("*.py") if own.search(path.read_text("utf-8"))]
    assert found == ["durations.py"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(1, "1 agent"), (0, "0 agents"), (2.5, "2.5 agents"), (1200, "1,200 agents")],
)
def test_nouns_follow_their_numbers(value, text):
    assert units.counted(value, "agent", 1) == text
