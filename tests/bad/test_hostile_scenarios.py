"""Malicious files: one message each, soon, and nothing forged."""

import time

import pytest

from sim.scenario import ScenarioError
from sim.scenario.editing import EditError, drop, put
from sim.scenario.scenario import Scenario

SMALL = """
[center]
open = "08:00-09:00"
[queue.a]
volume = 5
talk = "4min"
[group.g]
agents = 2
skills = { a = 1 }
"""


def many(count, line):
    return SMALL + "\n".join(line.format(k) for k in range(count))


def instead(field, value):
    rest = (line for line in SMALL.splitlines() if not line.startswith(f"{field} = "))
    table = {"open": "center", "agents": "group.g"}.get(field, "queue.a")
    return "\n".join(rest).replace(f"[{table}]", f"[{table}]\n{field} = {value}")


SLOW = {
    "wrong tables": many(1500, "[wrong{}]"),
    "wrong keys": many(1500, "[queue.q{0}]\nkey{0} = 1"),
    "wrong values": many(500, "[queue.q{}]\nvolume = 'x'\ntalk = 'y'"),
    "unknown queues": many(400, "[queue.q{0}]\nvolume = 1\ntalk = 1\n[group.g{0}]\nagents = 1\n"
                                "skills = {{ x{0} = 1 }}"),
    "blanks for a time": instead("talk", f'"{" " * 20_000}x"'),
    "blanks for hours": instead("open", f'"{" " * 20_000}x"'),
    "blanks for agents": instead("agents", f'"{" " * 20_000}x"'),
    "ones for a time": instead("talk", f'"{"1s " * 6000}"'),
    "blanks for a target": SMALL.replace("talk", f'target = "{" " * 20_000}x"\ntalk'),
    "blanks for a break": instead("agents", "0").replace(
        "agents = 0",
        f'shifts = [{{ agents = 1, start = "08:00", length = "1h", '
        f'breaks = ["{" " * 20_000}x after"] }}]',
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SLOW)
def test_no_file_takes_long(case):
    began = time.process_time()
    with pytest.raises(ScenarioError):
        Scenario.parse(SLOW[case])
    assert time.process_time() - began < 2.0  # these took from four seconds to many minutes


@pytest.mark.parametrize(
    "text",
    [
        instead("talk", "9" * 4301),
        instead("talk", "[" * 3000 + "]" * 3000),
        f"{'a.' * 500}b = 1\n{SMALL}",
        SMALL + "[experiment]\nseed = 0x" + "f" * 5000,
    ],
    ids=["digits", "nesting", "dots", "hexadecimal"],
)
def test_what_is_beyond_the_bounds_is_one_message(text):
    with pytest.raises(ScenarioError) as caught:
        Scenario.parse(text, name="bad.toml")
    assert str(caught.value).startswith("bad.toml:")
    assert "allowed:" in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    "text",
    [
        f'"a\\nerror: forged" = 1\n{SMALL}',
        SMALL + '[queue."b\\nerror: forged"]\nvolume = 1\ntalk = 1\n',
        SMALL + '[queue."b\\u001b[2Jc"]\nvolume = 1\ntalk = 1\n',
        SMALL + '[queue."b\\u202ec"]\nvolume = 1\ntalk = 1\n',
        SMALL.replace("[center]", '[center]\nname = "a\\rerror: forged"'),
        SMALL.replace('talk = "4min"', 'talk = "4min"\nchannel = "a\\nerror: forged"'),
    ],
)
def test_names_cannot_forge_a_line_or_steer_a_terminal(text):
    with pytest.raises(ScenarioError) as caught:
        Scenario.parse(text, name="bad.toml")
    lines = str(caught.value).split("\n")
    assert all(line.startswith("bad.toml:") and line.isprintable() for line in lines)


def test_problems_are_reported_up_to_a_number():
    with pytest.raises(ScenarioError) as caught:
        Scenario.parse(SLOW["wrong tables"], name="bad.toml")
    assert len(caught.value.problems) == 1500
    lines = str(caught.value).splitlines()
    assert len(lines) == 51
    assert lines[-1] == "and 1,450 more"


def test_a_long_value_is_cut_and_what_is_allowed_is_said():
    with pytest.raises(ScenarioError) as caught:
        Scenario.parse(instead("talk", f'"{"x" * 5000}"'), name="bad.toml")
    assert len(str(caught.value)) < 800
    assert "allowed:" in str(caught.value)


def test_a_very_long_text_is_not_changed_field_by_field():
    with pytest.raises(EditError, match="allowed: 100,000 to change single fields"):
        put(f"{SMALL}#{'x' * 100_000}", "queue.a.volume", 7)
    with pytest.raises(EditError, match="allowed: 100,000"):
        drop(f"{SMALL}#{'x' * 100_000}", "queue.a.volume")
    assert "volume = 7" in put(f"{SMALL}#{'x' * 50_000}", "queue.a.volume", 7)
