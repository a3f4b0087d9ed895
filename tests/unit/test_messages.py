"""What others wrote reaches no terminal raw, and long values are cut."""

import pytest

from sim.messages import is_printable, message, one_line, printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, naïve, 日本, 80 % in 20 s", None),
        ("a\x1b[31mred", "a\\x1b[31mred"),
        ("bell\a and back\b", "bell\\x07 and back\\x08"),
        ("over\rwritten", "over\\rwritten"),
        ("turned \u202e round", "turned \\u202e round"),
        ("new\u2028line", "new\\u2028line"),
        ("c1 \x9b31m", "c1 \\x9b31m"),
        ("half \udc80", "half \\udc80"),
        ("می\u200cخواهم", None),
        ("two\nlines\tand a tab", None),
    ],
)
def test_control_characters_are_written_out(text, shown):
    assert printable(text) == (text if shown is None else shown)
    assert is_printable(text) == (shown is None and "\n" not in text)
    printable(text).encode()


def test_a_line_stays_one_line():
    assert one_line("key\nerror: forged") == "key\\nerror: forged"
    assert message("one\ntwo") == "one\ntwo"


def test_a_long_value_is_cut_and_what_is_allowed_stays():
    text = f"the scenario's field: {'x' * 5000!r} is not a time; allowed: a planner's time"
    assert (
        one_line(text)
        == f"the scenario's field: '{'x' * 76}…' is not a time; allowed: a planner's time"
    )
    for quote in "'\"":
        assert len(one_line(f"is {quote}{'a b ' * 5000}{quote}; allowed: less")) < 120


def test_long_words_and_lines_are_cut():
    assert len(one_line("a" * 5000)) == 300
    shown = one_line(f"begin {'1, ' * 5000} end")
    assert len(shown) <= 1000
    assert shown.startswith("begin 1")
    assert shown.endswith(" end")


def test_a_long_text_of_quotes_takes_no_time():
    one_line("'" * 200_000)
    one_line("a'" * 200_000)
    one_line("\x1b" * 200_000)
