"""TOML from anybody: within bounds, in linear time, with the line of each field."""

import time
import tomllib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.problems import line_of
from sim.toml_text import MOST_KEYS, TomlError, lines_of, read_toml

FILE = '''# a comment with [brackets] = and "quotes"
title = "x # [ no"
a.b = 1
[queue.billing]
talk = { law = "x", mean = "4min" }
volume = [
  1, # one
  2,
]
"odd.key" = 3
[[group.a.shifts]]
agents = 2
breaks = ["5min", { after = "1h", length = 2 }]
[[group.a.shifts]]
agents = 3
[group.a.shifts.more]
text = """
[not.a.table]
key = 1
"""
last = 1
[axis."queue.b.volume"]
from = 1
'''

PLACES = {
    "title": 2,
    "a.b": 3,
    "queue.billing": 4,
    "queue.billing.talk.mean": 5,
    "queue.billing.volume": 6,
    "queue.billing.odd.key": 10,
    "group.a.shifts": 11,
    "group.a.shifts.0.agents": 12,
    "group.a.shifts.0.breaks.1.length": 13,
    "group.a.shifts.1.agents": 15,
    "group.a.shifts.1.more.text": 17,
    "group.a.shifts.1.more.last": 21,
    "axis.queue.b.volume.from": 23,
}


def test_every_field_has_its_line():
    found = lines_of(FILE)
    assert {path: found.get(path) for path in PLACES} == PLACES
    assert not any("not" in path for path in found)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("queue.billing.talk.cv", 5),
        ("queue.billing.volume.1", 6),
        ("queue.billing.patience", 4),
        ("queue.other", None),
        ("", None),
        ("group.a.shifts.1.breaks.0", 14),
    ],
)
def test_what_has_no_place_stands_where_its_parent_does(path, line):
    assert line_of(FILE, path) == line


BAD = {
    "digits": ("seed = " + "9" * 4301, "a number of 4,301 characters; allowed: 100", 1),
    "digits of another base": ("a = 1\nseed = 0x" + "f" * 5000, "allowed: 100", 2),
    "nesting": ("a = " + "[" * 3000 + "]" * 3000, "nested too deep; allowed: 20", 1),
    "nested tables": ("a = " + "{a=" * 3000 + "1" + "}" * 3000, "nested too deep", 1),
    "names of a key": ("\n\n" + ".".join("a" * 500) + " = 1", "too many names; allowed: 20", 3),
    "names of a header": ("[" + ".".join("a" * 500) + "]", "too many names", 1),
    "keys": ("\n".join(f"a{k} = 1" for k in range(MOST_KEYS + 1)), "too many fields", 10_001),
    "headers": ("\n".join(f"[a{k}]" for k in range(MOST_KEYS + 1)), "too many fields", 10_001),
    "inline keys": (f"a = [{'{b=1},' * MOST_KEYS}]", "too many fields", 1),
    "long key": ("a" * 300 + " = 1", "a key of 300 characters; allowed: 200", 1),
    "long header": ('["' + "a" * 300 + '"]', "a key of 302 characters", 1),
    "characters": ("#" * (4 * 1024**2 + 1), "allowed: at most 4 million", None),
    "no TOML": ("a = 1\nb =", "no valid TOML", None),
    "no TOML on a line": ("a = 1\nb = nonsense\n", "no valid TOML", 2),
    "open text": ('a = 1\nb = "' + "[" * 5000, "no valid TOML", None),
}


@pytest.mark.parametrize("case", BAD)
def test_bounds_are_reported_with_the_line(case):
    text, words, line = BAD[case]
    with pytest.raises(TomlError, match=words) as caught:
        read_toml(text)
    assert caught.value.line == line


def test_values_may_be_long():
    text = (
        f'a = "{"[" * 50_000}"\nb = """{"{=." * 50_000}"""\nc = ["{"x" * 500}"]\nd = 1 #{"[" * 99}'
    )
    assert read_toml(text) == tomllib.loads(text)


SLOW = {
    "blanks": " " * 60_000 + "x",
    "blanks in a header": "[" + " " * 60_000 + "x",
    "blanks after a key": "a" + " " * 60_000 + "b",
    "brackets": "[" * 60_000,
    "quotes": "'" * 60_001,
    "escapes": '"""' + '\\"""' * 20_000,
    "dots": "a." * 30_000 + "b = 1",
    "tables": "\n".join(f"[wrong.table{k}]" for k in range(3000)),
    "lists of tables": "[[a]]\n" * 9000,
    "dotted": "\n".join("a." * 18 + f"b{k}=1" for k in range(1500)),
}


@pytest.mark.parametrize("case", SLOW)
def test_no_text_takes_long(case):
    began = time.process_time()
    with suppress(TomlError):
        read_toml(SLOW[case])
    lines_of(SLOW[case])
    assert time.process_time() - began < 1.0  # these took from eight seconds to hours


@given(st.text(alphabet="ab.\"'[]{}=,# \n\\1-", max_size=60))
def test_whatever_is_written_it_is_read_as_the_library_reads_it_or_refused(text):
    try:
        expected = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        with pytest.raises(TomlError):
            read_toml(text)
        lines_of(text)
        return
    assert read_toml(text) == expected
    found = lines_of(text)
    last = text.count("\n") + 1
    assert all(1 <= line <= last for line in found.values())
    assert all(any(path.split(".")[0] == key.split(".")[0] for path in found) for key in expected)
