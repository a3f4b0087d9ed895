"""A scenario file is read as meant, and everything wrong with it is reported at once."""

import datetime as dt
import json
import pickle
from pathlib import Path

import pytest

import sim
from sim.scenario import Scenario, ScenarioError, describe, lint_warnings, load, schema

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("*.toml"))
SMALL = """
[center]
open = "08:00-10:00"

[queue.calls]
volume = 10
talk = "exponential 3min"

[group.team]
agents = 4
skills = { calls = 1 }
"""


def parse(text: str = SMALL, **options: object) -> Scenario:
    return Scenario.parse(text, **options)  # type: ignore[arg-type]


def test_defaults() -> None:
    scenario = parse()
    queue, group = scenario.queue["calls"], scenario.group["team"]
    assert scenario.center.first_day == dt.date(2026, 1, 5)
    assert (scenario.center.days, scenario.center.interval_s) == (1, 1800)
    assert scenario.center.hours == [(28800, 36000)]
    assert (queue.channel, queue.priority, queue.weight, queue.balk) == ("voice", 1, 1, 0)
    assert (queue.hold.mean, queue.wrap.mean, queue.patience.is_unlimited) == (0, 0, True)
    assert (group.shrinkage, group.absent, group.wrap) == (0, 0, "at once")
    assert (scenario.experiment.runs, scenario.experiment.seed) == (100, 1)


@pytest.mark.parametrize(
    ("channel", "deferred"),
    [("voice", False), ("chat", False), ("email", True), ("Back_Office", True), ("case", True)],
)
def test_some_channels_are_deferred(channel: str, deferred: bool) -> None:
    text = SMALL.replace("[queue.calls]", f'[queue.calls]\nchannel = "{channel}"')
    assert parse(text).queue["calls"].is_deferred is deferred
    other = text.replace("volume", f"deferred = {str(not deferred).lower()}\nvolume")
    assert parse(other).queue["calls"].is_deferred is not deferred


@pytest.mark.parametrize("file", SHIPPED, ids=[file.stem for file in SHIPPED])
def test_every_example_loads_and_is_described(file: Path) -> None:
    scenario = load(file)
    assert file.read_text().startswith("# ")
    assert file.read_text().splitlines()[0].endswith("?"), "the first comment is the question"
    said = describe(scenario)
    for name in scenario.queue:
        assert any(f"Queue {name}" in line for line in said)
    for name in scenario.group:
        assert any(f"Group {name}" in line for line in said)
    assert not any("no staffed group" in line for line in lint_warnings(scenario))


def test_all_problems_come_at_once_in_the_order_of_the_file() -> None:
    text = SMALL.replace('"exponential 3min"', '"exponental 3min"').replace("calls = 1", "cals = 1")
    text = text.replace("volume = 10", "volume = 10\nbalk = 3\ncolour = 1")
    with pytest.raises(ScenarioError) as caught:
        parse(text, name="x.toml")
    found = [(p.path, p.line) for p in caught.value.problems]
    assert found == [
        ("queue.calls.balk", 7),
        ("queue.calls.colour", 8),
        ("queue.calls.talk", 9),
        ("group.team.skills.cals", 13),
    ]
    assert str(caught.value).count("\n") == 3
    assert caught.value.problems[3].suggestion == "calls"


def test_an_error_survives_being_sent_to_another_process() -> None:
    with pytest.raises(ScenarioError) as caught:
        parse(SMALL + "nonsense = 1\n")
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)
    assert again.problems == caught.value.problems


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="there is no such file"):
        load(tmp_path / "none.toml")
    with pytest.raises(ScenarioError, match="is a folder"):
        load(tmp_path)


def test_a_scenario_can_be_sent_to_another_process_and_hashed() -> None:
    scenario = parse()
    again = pickle.loads(pickle.dumps(scenario.with_(**{"group.team.agents": 5})))
    assert again.written == scenario
    assert again != scenario
    assert len({scenario, parse(), again}) == 2


def test_the_fingerprint_is_of_the_meaning_not_of_the_text(tmp_path: Path) -> None:
    base = parse().fingerprint
    same = SMALL.replace('"exponential 3min"', '{ law = "exponential", mean = 180 }')
    same = same.replace("volume = 10", 'volume = [10, 10, 10, 10]\nbalk = "0%"  # none')
    (tmp_path / "v.csv").write_text("calls\n10\n10\n10\n10\n")
    file = SMALL.replace("volume = 10", 'volume = "v.csv:calls"')
    assert parse(SMALL.replace("[queue.calls]", "# a comment\n[queue.calls]")).fingerprint == base
    assert parse(same).fingerprint == parse(file, folder=tmp_path).fingerprint
    (tmp_path / "v.csv").write_text("calls\n10\n10\n10\n11\n")
    assert parse(same).fingerprint != parse(file, folder=tmp_path).fingerprint
    assert len(base) == 64


def test_the_order_of_tables_changes_nothing() -> None:
    head, queue, group = SMALL.partition("[queue.calls]")[0], "", ""
    queue, _, group = SMALL[len(head) :].partition("[group.team]")
    turned = "[group.team]" + group + head + queue
    assert parse(turned).fingerprint == parse().fingerprint


@pytest.mark.parametrize(
    ("open_", "days", "hours"),
    [
        ('"08:00-10:00"', 1, [(8, 10)]),
        ('"always"', 2, [(0, 48)]),
        ('"09:00-12:00, 13:00-18:00"', 1, [(9, 12), (13, 18)]),
        ('{ mon-fri = "08:00-10:00", sat = "09:00-10:00" }', 7, [
            (8, 10), (32, 34), (56, 58), (80, 82), (104, 106), (129, 130),
        ]),
        ('{ weekdays = "08:00-10:00", "2026-01-06" = "closed" }', 3, [(8, 10), (56, 58)]),
        ('{ daily = "08:00-10:00", mon = "09:00-10:00" }', 2, [(9, 10), (32, 34)]),
        ('{ mon = "20:00-24:00", tue = "00:00-02:00" }', 2, [(20, 26)]),
    ],
)  # fmt: skip
def test_opening_hours(open_: str, days: int, hours: list[tuple[int, int]]) -> None:
    scenario = parse(SMALL.replace('"08:00-10:00"', f"{open_}\ndays = {days}"))
    assert scenario.center.hours == [(start * 3600, end * 3600) for start, end in hours]


def test_a_stationary_simulation_is_always_open() -> None:
    scenario = parse(SMALL.replace('open = "08:00-10:00"', 'length = "10h"\nwarm_up = "1h"'))
    grid = scenario.center.grid
    assert (grid.days, grid.day_s, grid.interval_s) == (1, 39600, 1800)
    assert scenario.center.hours == [(0, 39600)]
    odd = parse(SMALL.replace('open = "08:00-10:00"', 'length = "100min"'))
    assert odd.center.grid.interval_s == 6000


def test_the_schema_is_json_and_says_every_field() -> None:
    found = schema()
    json.dumps(found, allow_nan=False)
    queue = found["$defs"]["Queue"]["properties"]
    assert set(queue) >= {"volume", "talk", "patience", "retry", "callback", "transfer"}
    assert all(field.get("description") for field in queue.values())
    law = found["$defs"]["Distribution"]["anyOf"]
    assert [form["type"] for form in law] == [["number", "string"], "object"]


def test_describe_says_load_and_the_bots_net_effect() -> None:
    text = SMALL + '[bot.calls]\nsession = "1min"\ncontained = "20%"\ntakes = "90s"\n'
    said = " ".join(describe(parse(text)))
    # 80 % reach people and talk (180 - 0.2 * 90) / 0.8 = 202.5 s.
    assert "20min" not in said
    assert "80% of contacts reach agents" in said
    assert "112.5% of the mean talk time" in said
    assert "90% of their workload" in said
    assert "0.9 erlangs on average" in said
    assert "all contacts that bot calls contains count as resolved" in said


MAIL = SMALL + '[queue.post]\nchannel = "email"\nvolume = 3\ntalk = "5min"\n'


@pytest.mark.parametrize(
    ("fields", "sentence", "default"),
    [
        ("", "target none, as it has no due time.", "has no due time, so nothing is late"),
        ('due = "24h"', "target 80% done within 1day by default.", "has the target 80% on time"),
        ('due = "24h"\ntarget = "95% on time"', "target 95% done within 1day.", None),
        ('due = "24h"\ntarget = "95% in 24h"', "target 95% done within 1day.", None),
        ('target = "95% in 8h"', "target 95% done within 8h.", None),
    ],
)
def test_describe_says_by_what_deferred_work_is_judged(
    fields: str, sentence: str, default: str | None
) -> None:
    said = describe(parse(MAIL + fields))
    judged = [line for line in said if line.startswith("Queue post: ") and "; target " in line]
    assert [line.partition("; ")[2] for line in judged] == [sentence]
    rests = [line for line in said if line.startswith("Default: queue post ")]
    assert rests == ([f"Default: queue post {default}."] if default else [])


def test_describe_says_what_the_live_queues_should_reach_together() -> None:
    said = describe(parse(SMALL.replace("[center]", '[center]\ntarget = "90% in 15s"')))
    together = [line for line in said if "All live queues together" in line]
    assert len(together) == 1
    assert "should reach 90% in 15s (abandons ignored)" in together[0]
    assert not any("All live queues together" in line for line in describe(parse()))


ODD = [
    ("no staffed group", SMALL + '[queue.b]\nvolume = 1\ntalk = "1s"\n', "no staffed group"),
    ("no skills", SMALL + "[group.b]\nagents = 1\n", "Group b has no skills"),
    ("too few agents", SMALL.replace("agents = 4", "agents = 1"), "grows without bound"),
    (
        "too few, impatient",
        SMALL.replace("agents = 4", "agents = 1").replace("volume", 'patience = "1min"\nvolume'),
        "many customers will abandon",
    ),
    ("endless patience", SMALL, "patience is unlimited"),
    ("no volume", SMALL.replace("volume = 10", "volume = 0"), "has no volume"),
    (
        "late overflow",
        SMALL.replace("{ calls = 1 }", '{ calls = { after = "2min" } }').replace(
            "volume", 'longest_wait = "1min"\nvolume'
        ),
        "longer than the longest wait",
    ),
    (
        "late callback",
        SMALL.replace(
            "volume",
            'longest_wait = "1min"\ncallback = { offer_after = "90s", accepted = "1%" }\nvolume',
        ),
        "offers callbacks after 1min 30s",
    ),
    (
        "a shift outside",
        SMALL.replace("agents = 4", 'shifts = [{ agents = 9, start = "09:00", length = "8h" }]'),
        "partly outside the opening hours",
    ),
    (
        "a change of the clock",
        SMALL.replace(
            "[center]", '[center]\nfirst_day = 2026-03-28\ndays = 3\ntime_zone = "Europe/Lisbon"'
        ),
        "2026-03-29 (an hour is missing",
    ),
    (
        "mail without time",
        SMALL.replace("agents = 4", "agents = 1").replace("calls = 1", "calls = 1, m = 2")
        + '[queue.m]\nchannel = "email"\nvolume = 3\ntalk = "5min"\n',
        "little or none of it is worked on",
    ),
    (
        "retries without reason",
        SMALL.replace("volume", 'retry = { share = 0.5, after = "1h" }\nvolume'),
        "no customer abandons",
    ),
    ("no agents", SMALL.replace("agents = 4", "agents = 0"), "no agents at any time"),
]


@pytest.mark.parametrize(("text", "part"), [o[1:] for o in ODD], ids=[o[0] for o in ODD])
def test_odd_things_are_reported(text: str, part: str) -> None:
    assert any(part in line for line in lint_warnings(parse(text))), lint_warnings(parse(text))


def test_nothing_is_odd_about_an_ordinary_center() -> None:
    assert (
        lint_warnings(parse(SMALL.replace("volume", 'patience = "exponential 3min"\nvolume'))) == []
    )


def test_a_shipped_scenario_is_known_by_its_bare_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sim.load("erlang_a") == load(next(f for f in SHIPPED if f.stem == "erlang_a"))
    (tmp_path / "erlang_a").mkdir()
    monkeypatch.chdir(tmp_path)
    assert sim.load("erlang_a").name == "Erlang A"
    (tmp_path / "erlang_a").rmdir()
    (tmp_path / "erlang_a").write_text(SMALL)
    assert sim.load("erlang_a") == parse(SMALL), "a file of that name comes first"


@pytest.mark.parametrize("given", ["erlang_b", "./erlang_a", "erlang_a.toml", "/erlang_a"])
def test_what_is_neither_a_file_nor_shipped_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.chdir(tmp_path)
    told = r"there is no such file; shipped scenarios are bank_journeys, .*two_classes_overflow\."
    with pytest.raises(ScenarioError, match=told):
        load(given)
