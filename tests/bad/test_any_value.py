"""Whatever value stands at whatever field: a model comes out, or a plain message."""

from collections.abc import Iterator
from typing import Any

import pytest

from sim.model import build
from sim.scenario import Problem, ScenarioError, describe, lint_warnings
from sim.scenario.field_paths import annotation, bare, inside, keys, record_type
from sim.scenario.scenario import Scenario

FULL = """
[center]
open = "08:00-09:00"

[queue.billing]
volume = "v.csv:calls"
talk = "4min"
resolved = "80%"
repeat = { share = "50%", after = "1h" }
retry = { share = "50%", after = "1h" }
transfer = { mail = "5%" }
callback = { offer_after = "1min", accepted = "30%" }

[queue.mail]
channel = "email"
volume = "20 a day"
talk = "weibull 4min shape 0.8"
due = "1day"

[queue.chat]
channel = "chat"
volume = 5
talk = "lognormal 4min cv 0.9"

[bot.billing]
session = "1min"
contained = "20%"
outage = [{ start = "08:00", length = "5min" }]

[group.digital]
agents = 4
skills = { chat = 1, mail = 2 }
interrupts = { mail = "chat" }

[group.phones]
shifts = [{ agents = 2, start = "08:00", length = "1h", breaks = ["5min after 10min"] }]
skills = { billing = 1, mail = { level = 2, speed = [0.9] } }
"""
NAMES = {"queue": "billing", "bot": "billing", "group": "phones", "skills": "mail"}
NAMES |= {"transfer": "mail", "interrupts": "mail", "open": "mon"}
VALUES: list[Any] = [
    "",
    "x",
    "none",
    "unlimited",
    "+10%",
    "-10%",
    "*0",
    "-1",
    "+10pp",
    "-25s",
    "100%",
    "0%",
    "1h",
    "0s",
    "08:00",
    "08:00-09:00",
    "always",
    "closed",
    "file.csv:x",
    "v.csv:calls",
    "1 a day",
    "exponential 1s",
    "uniform 0s 0s",
    "voice",
    0,
    1,
    -1,
    2.5,
    1e300,
    10**400,
    float("nan"),
    float("inf"),
    True,
    False,
    None,
    [],
    [1],
    [[]],
    ["x", 1],
    [["voice", "chat"]],
    {},
    {"x": 1},
    {"share": 1},
    {"exact": 1},
    {"recorded": [1]},
    {"law": "gamma"},
    {"points": [[0, 0]]},
]


def every_path(kind: Any, prefix: str = "", key: str = "") -> Iterator[str]:
    """Yield a path to every field, with names and numbers that exist."""
    record = record_type(kind)
    if prefix:
        yield prefix
    if record is not None:
        for name, attribute in keys(record).items():
            below = annotation(record.model_fields[attribute])
            yield from every_path(below, f"{prefix}.{name}".lstrip("."), name)
    elif key in NAMES and inside(kind, "x") is not None:
        yield from every_path(inside(kind, "x"), f"{prefix}.{NAMES[key]}", "")
    elif record_type(inside(kind, 0)) is not None and "tuple" in str(bare(kind)):
        yield from every_path(inside(kind, 0), f"{prefix}.0", "")


PATHS = [path for path in every_path(Scenario) if path not in NAMES]


def test_the_paths_reach_every_table() -> None:
    assert len(PATHS) > 150
    wanted = {"queue.billing.callback.dial.mean", "group.phones.shifts.0.breaks.0.after"}
    assert wanted | {"center.open.mon", "bot.billing.outage.0.length"} <= set(PATHS)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    folder = tmp_path_factory.mktemp("full")
    (folder / "v.csv").write_text("calls\n10\n20\n")
    return Scenario.parse(FULL, folder)


@pytest.mark.parametrize(
    "part", [0, *(pytest.param(one, marks=pytest.mark.slow) for one in range(1, 4))]
)
@pytest.mark.parametrize("path", PATHS)
def test_any_value_is_read_or_refused_plainly(full: Scenario, path: str, part: int) -> None:
    """A path meets a quarter of the values, the next another; in `make verify` each meets all."""
    for value in VALUES[(PATHS.index(path) + part) % 4 :: 4]:
        problems: list[Problem] = []
        changed = full
        try:
            changed = full.with_(**{path: value})
        except ScenarioError as error:
            problems = error.problems
        assert all(problem.message for problem in problems)
        if problems:
            continue
        model = build(changed)
        assert model.intervals == len(model.queues[0].demand.expected)
        assert describe(changed)
        assert isinstance(lint_warnings(changed), list)
