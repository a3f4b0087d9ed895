"""What `check` counts, explains and echoes."""

import sys
from typing import Any

import pytest
from typer.testing import CliRunner

from sim import simulate
from sim.cli.commands import app
from sim.distributions import Deterministic, Exponential
from sim.model import build
from sim.scenario import Scenario, ScenarioError, describe, lint_warnings
from sim.scenario.problems import nearest_zone
from sim.scenario.size import expected_contacts
from tests.support.small_scenario import small_scenario

TEXT = small_scenario(open='"08:00-12:00"', volume=10, target=None)


def check(text: str) -> str:
    return "\n".join(describe(Scenario.parse(text)))


def odd(text: str) -> str:
    return "\n".join(lint_warnings(Scenario.parse(text)))


# Breaks

SHIFTS = """
[center]
open = "08:00-12:00"
[queue.calls]
volume = 18
talk = "exponential 5min"
[group.all]
skills = { calls = 1 }
[[group.all.shifts]]
agents = 4
start = "08:00"
length = "4h"
breaks = ["30min after 1h", "15min at 11:00"]
"""


def test_breaks_are_no_working_time() -> None:
    # 18 calls of 5 min in half an hour: 3 erlangs. 4 agents work 195 of 240 min: 3.25 agents.
    assert "handling takes 92.3% of the agents' time net of planned breaks" in check(SHIFTS)
    assert "in 2 intervals (worst 09:00: 3.0 erlangs, 0.0 agents" in odd(SHIFTS)


def test_the_share_of_time_that_chats_need_counts_concurrency():
    alone = SHIFTS.replace("[queue.calls]", '[queue.calls]\nchannel = "chat"')
    assert alone != SHIFTS
    assert "calls: handling takes 92.3% of the agents' time" in check(alone)
    both = check(
        alone.replace("calls = 1", 'calls = { level = 1, at_once = 2, speed = ["100%", "75%"] }')
    )
    assert "calls: handling takes at least 61.5% of the agents' time" in both  # 92.3 / (2 x 0.75)
    assert "at full concurrency" in both


def test_breaks_leave_no_time_for_deferred_work() -> None:
    mail = '\n[queue.mail]\nchannel = "email"\nvolume = 1\ntalk = "exponential 5min"\n'
    text = SHIFTS.replace("volume = 18", "volume = 24").replace(
        "calls = 1 }", "calls = 1, mail = 2 }"
    )
    assert "little or none of it is worked on" in odd(text + mail)
    assert "little or none of it is worked on" not in odd(text.replace("24", "12") + mail)


# Patience


@pytest.mark.parametrize("bare", ['"2min"', "120", '"2:00"', '{ mean = "2min" }'])
def test_a_bare_patience_is_the_mean_of_an_exponential(bare: str) -> None:
    text = TEXT.replace('"exponential 2min"', bare)
    assert Scenario.parse(text).fingerprint == Scenario.parse(TEXT).fingerprint
    assert "patience exponential 2min;" in check(text)


def test_deterministic_patience_says_so() -> None:
    text = TEXT.replace('"exponential 2min"', '"deterministic 2min"')
    patience = build(Scenario.parse(text)).queues[0].patience
    assert patience == Deterministic(120)
    assert "patience deterministic 2min (every customer abandons after exactly this time)" in check(
        text
    )


@pytest.mark.parametrize("path", ["queue.calls.patience", "queue.calls.patience.mean"])
@pytest.mark.parametrize("before", ['"unlimited"', '"exponential 9min"'])
def test_a_bare_patience_by_path_is_exponential_too(path: str, before: str) -> None:
    text = TEXT.replace('"exponential 2min"', before)
    changed = Scenario.parse(text).with_(**{path: "2min"})
    assert changed.fingerprint == Scenario.parse(TEXT).fingerprint


def test_a_mean_by_path_keeps_a_deterministic_patience() -> None:
    text = TEXT.replace('"exponential 2min"', '"deterministic 9min"')
    changed = Scenario.parse(text).with_(**{"queue.calls.patience.mean": "2min"})
    assert str(changed.queue["calls"].patience) == "deterministic 2min"


def test_the_same_patience_loses_as_many_as_erlang_a() -> None:
    """The same text means the same to the formula and to the simulation."""
    text = """
[center]
length = "100h"
warm_up = "2h"
[queue.calls]
volume = "30 an hour"
talk = "exponential 6min"
patience = "4min"
[group.all]
agents = 3
skills = { calls = 1 }
"""
    from sim import erlang

    found = simulate(Scenario.parse(text), runs=20).estimate("abandonment")
    formula = erlang.a(30, "1h", "6min", 3, "4min").abandonment
    assert found.low is not None
    assert found.high is not None
    assert found.low - 0.01 < float(formula) < found.high + 0.01


@pytest.mark.parametrize(
    ("talk", "asked"),
    [
        ('"4min"', True),
        ("240", True),
        ('"deterministic 4min"', False),
        ('"exponential 4min"', False),
    ],
)
def test_a_bare_talk_is_asked_about(talk: str, asked: bool) -> None:
    text = TEXT.replace('"exponential 3min"', talk)
    assert ("every talk takes exactly 4min; is that intended?" in odd(text)) is asked
    kind = build(Scenario.parse(text)).queues[0].talk
    assert isinstance(kind, Exponential if "exp" in talk else Deterministic)


# Volumes


@pytest.mark.parametrize("volume", ["1.440 a day", "1,440 a day", "1.440", "1,440"])
def test_thousands_separators_are_refused_with_both_readings(volume: str) -> None:
    with pytest.raises(ScenarioError, match=r"queue\.calls\.volume: .* may be 1\.44 or 1440;"):
        Scenario.parse(TEXT.replace("volume = 10", f'volume = "{volume}"'))


@pytest.mark.parametrize(
    "path", ["queue.calls.volume", "queue.calls.backlog", "group.agents.agents"]
)
@pytest.mark.parametrize("value", ["1.440", "1,440"])
def test_thousands_separators_are_refused_on_the_command_line(path: str, value: str) -> None:
    found = CliRunner().invoke(app, ["check", "erlang_a", "--set", f"{path}={value}"])
    assert found.exit_code == 2
    assert f"{path}: '{value}' may be 1.44 or 1440" in found.stderr


def test_decimal_commas_are_read() -> None:
    text = TEXT.replace("volume = 10", 'volume = "22,5 a day"')
    assert expected_contacts(Scenario.parse(text)) == pytest.approx(22.5)


def test_exact_volumes_are_explained() -> None:
    text = TEXT.replace("volume = 10", "volume = { exact = 10 }")
    assert "exact: every replication has exactly these counts in each interval of 30min" in check(
        text
    )
    assert "exact" not in check(TEXT)


@pytest.mark.parametrize(
    "feed",
    [
        'transfer = { second = "10%" }',
        'retry = { share = "10%", after = "1min", by = "second" }',
        'resolved = "80%"\nrepeat = { share = "10%", after = "1min", by = "second" }',
    ],
)
def test_queues_that_others_feed_have_volume(feed: str) -> None:
    fed = '\n[queue.second]\nvolume = 0\ntalk = "exponential 3min"\npatience = "2min"\n'
    text = TEXT.replace("calls = 1", "calls = 1, second = 1")
    assert "Queue second has no volume." in odd(text + fed)
    assert "has no volume" not in odd(text.replace("volume = 10", f"volume = 10\n{feed}") + fed)


def test_a_queue_is_fed_over_several_steps_but_not_by_nothing() -> None:
    chain = "".join(
        f'\n[queue.{name}]\nvolume = 0\ntalk = "exponential 3min"\npatience = "2min"\n{more}'
        for name, more in (("b", 'transfer = { c = "5%" }\n'), ("c", 'transfer = { b = "5%" }\n'))
    )
    text = TEXT.replace("calls = 1", "calls = 1, b = 1, c = 1")
    assert odd(text + chain).count("has no volume") == 2
    assert "no volume" not in odd(
        text.replace("volume = 10", "volume = 10\ntransfer = { b = 1 }") + chain
    )


# What is echoed

RICH = """
[center]
open = "08:00-12:00"
[queue.calls]
volume = 10
talk = "uniform 2min 30s 3min 30s"
patience = "exponential 2min"
retry = { share = "40%", busy = "70%", after = "exponential 15min", at_most = 2, patience = "kept" }
transfer = { cards = "6%" }
resolved = "80%"
volume_is = "new"
repeat = { share = "50%", after = "exponential 1h" }
[queue.cards]
volume = 5
talk = "exponential 3min"
patience = "2min"
[queue.mail]
channel = "email"
volume = 2
talk = "exponential 5min"
when_interrupted = "start over"
[group.all]
agents = 6
skills = { calls = 1, cards = { level = 2, after = "30s" }, mail = 9 }
interrupts = { mail = "live" }
[group.others]
skills = { calls = 1, mail = 2 }
[[group.others.shifts]]
agents = 2
start = "08:00"
length = "4h"
breaks = ["15min after 1h", "30min at 10:30"]
"""


@pytest.mark.parametrize(
    "line",
    [
        "Queue calls: talk uniform 2min 30s to 3min 30s.",
        "Queue calls: 40% of those who abandon retry after exponential 15min, at most "
        "2 times, after a busy signal 70%, with the same patience.",
        "Queue calls: 80% are resolved; 50% of the others contact the center again after "
        "exponential 1h, at most 3 times; repeats come on top of the volume.",
        "Queue calls: handled contacts are transferred, 6% to cards.",
        "cards (level 2, only after a wait of 30s)",
        "Group all: work on mail is interrupted by calls and cards and then starts over.",
        "Group others: work on mail is not interrupted by live contacts.",
        "Group others: 2 agents from 08:00 to 12:00; a break of 15min after 1h, a break of "
        "30min at 10:30.",
    ],
)
def test_what_follows_a_contact_and_who_interrupts_is_echoed(line: str) -> None:
    assert line in check(RICH)


# None, as documented


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ('wrap = "30s"', "wrap"),
        ('hold = "30s"', "hold"),
        ("lines = 9", "lines"),
        ("limit = 9", "limit"),
        ('longest_wait = "5min"', "longest_wait"),
        ('resolved = "80%"', "resolved"),
        ('retry = { share = "10%", after = "1min" }', "retry"),
        ('transfer = { other = "10%" }', "transfer"),
        ('callback = { offer_after = "30s", accepted = "50%" }', "callback"),
        ("profile = [1, 2, 1, 1, 1, 1, 1, 1]", "profile"),
        ('target = "80% in 20s"', "target"),
    ],
)
def test_none_takes_away_what_a_queue_has_or_not(line: str, path: str) -> None:
    other = '\n[queue.other]\nvolume = 1\ntalk = "exponential 1min"\n'
    text = TEXT.replace("calls = 1", "calls = 1, other = 1").replace("10", '"80 a day"', 1) + other
    with_it = Scenario.parse(text.replace("volume", f"{line}\nvolume", 1))
    without = Scenario.parse(text)
    assert with_it.fingerprint != without.fingerprint or path == "target"
    for one in (with_it, without):
        assert one.with_(**{f"queue.calls.{path}": "none"}).fingerprint == without.fingerprint


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("group.all.wage", "wage = 20"),
        ("group.all.mix", 'mix = [["voice", "chat"]]'),
        ("group.all.interrupts", 'interrupts = { mail = "live" }'),
        ("center.lines", "lines = 9"),
        ("center.time_zone", 'time_zone = "Europe/Lisbon"'),
        ("bot.calls.outage", 'outage = [{ day = 1, start = "09:00", length = "1h" }]'),
    ],
)
def test_none_takes_away_what_tables_have(path: str, line: str) -> None:
    rest = (
        '\n[queue.chat]\nchannel = "chat"\nvolume = 1\ntalk = "exponential 1min"\n[queue.mail]\n'
        'channel = "email"\nvolume = 1\ntalk = "exponential 1min"\n'
        '[bot.calls]\nsession = "30s"\ncontained = 0\n'
    )
    text = TEXT + rest
    header = f"[{path.rpartition('.')[0]}]"
    with_it = Scenario.parse(text.replace(header, f"{header}\n{line}"))
    without = Scenario.parse(text)
    assert with_it.fingerprint != without.fingerprint
    assert with_it.with_(**{path: "none"}).fingerprint == without.fingerprint


@pytest.mark.parametrize("path", ["repeat.talk", "transfer.cards.talk"])
def test_none_leaves_the_talk_unchanged(path: str) -> None:
    longer = Scenario.parse(RICH).with_(**{f"queue.calls.{path}": "+20%"})
    again = longer.with_(**{f"queue.calls.{path}": "none"})

    def factor(scenario: Scenario) -> float:
        queue = build(scenario).queues[0]
        further = queue.repeat if path == "repeat.talk" else queue.transfers[0]
        assert further is not None
        return further.change.factor

    assert (factor(longer), factor(again)) == (1.2, 1.0)


def test_none_in_the_file_means_without_wrap() -> None:
    text = TEXT.replace("volume", 'wrap = "none"\nhold = "none"\nvolume')
    assert Scenario.parse(text).fingerprint == Scenario.parse(TEXT).fingerprint


# Needs of a whole horizon, and of many queues

MAILS = """
[queue.mail]
channel = "email"
volume = "{mails} a day"
talk = "exponential 6min"
due = "1d"
"""


@pytest.mark.parametrize(("mails", "share"), [(120, "100%"), (160, "125%")])
def test_more_work_than_time_over_the_horizon_is_odd(mails: int, share: str) -> None:
    # 4 agents are there for 16 hours; 80 calls of 3 min take 4, 120 mails of 6 min take 12 hours.
    text = TEXT.replace("calls = 1 }", "calls = 1, mail = 2 }") + MAILS.format(mails=mails)
    assert f"calls and mail: handling takes {share} of the agents' time net of" in check(text)
    said = f"calls, mail: handling needs {share} of the agents' time over the whole horizon"
    assert (said in odd(text)) is (share != "100%")


def test_contacts_at_once_count_at_full_speed() -> None:
    # 30 chats of 5 min in half an hour: 5 erlangs for 4 agents, who can have 2 at once.
    text = TEXT.replace("volume = 10", 'channel = "chat"\nvolume = 30').replace("3min", "5min")
    assert "calls: handling needs 125% of the agents' time over the whole horizon" in odd(text)
    assert "horizon" not in odd(text.replace("calls = 1 }", "calls = { at_once = 2 } }"))


def test_many_queues_and_groups_take_time_in_proportion() -> None:
    def calls(count: int) -> int:
        text = "".join(
            f'[queue.q{i}]\nvolume = 1\ntalk = "4min"\nchannel = "email"\n'
            f"[group.g{i}]\nagents = 1\nskills = {{ q{i} = 1 }}\n"
            for i in range(count)
        )
        made = 0

        def count_call(frame: Any, event: str, what: Any) -> None:
            nonlocal made
            made += 1

        sys.setprofile(count_call)  # time would depend on what else the machine does
        try:
            scenario = Scenario.parse(text)
            assert describe(scenario)
            assert lint_warnings(scenario)
        finally:
            sys.setprofile(None)
        return made

    calls(10)  # what is imported or looked up once
    assert calls(200) < 6 * calls(50)  # 4 times is linear, 16 times is quadratic


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [("Europe/Lisboa", "Europe/Lisbon"), ("Pacific/Aukland", "Pacific/Auckland")],
)
def test_the_nearest_time_zone_is_looked_for_in_its_own_region_first(wrong, meant) -> None:
    assert nearest_zone(wrong) == meant
