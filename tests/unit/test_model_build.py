"""A model is the scenario in arrays: names are indices, words are numbers."""

import math
from pathlib import Path

import numpy as np
import pytest

from sim.distributions import NEVER, Deterministic, Exponential, Gamma, Uniform
from sim.model import AtClose, Model, Rule, build
from sim.scenario import Scenario, lint_warnings, load
from sim.scenario.workload import hands_of, people_share

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("*.toml"))
TEXT = """
[center]
name = "Two teams"
first_day = 2026-01-09
days = 4
open = { fri = "08:00-10:00", mon = "08:00-10:00" }
at_close = "send away"
busyness = { cv = "10%", shared = "60%", shape = "lognormal" }
lines = 30
variant = "answered_only"
short = "4s"

[queue.voice]
volume = [10, 20, 30, 40]
talk = "lognormal 4min cv 0.9"
wrap = "exponential 40s"
patience = "weibull 3min shape 0.8"
balk = "4%"
lines = 60
limit = 9
longest_wait = "10min"
priority = 3
weight = 2
target = "90% in 15s"
route = "best resolver"
resolved = "78%"
volume_is = "new"
retry = { share = "40%", busy = 0.7, after = "15min", at_most = 2, by = "chat", patience = "kept" }
repeat = { share = "60%", after = "1h", by = "voice", talk = "+20%" }
transfer = { mail = "6%", chat = { share = "2%", warm = true, talk = "-25s" } }
callback = { offer_after = "90s", accepted = "37%", answered = "80%", tries = 2 }

[queue.chat]
channel = "chat"
volume = "2 per min"
talk = "uniform 1min 9min"
target = { service_level = "80%", within = "1min", variant = "short_as_met" }
callback = { offer_at = 5, accepted = 1, place = "later" }

[queue.mail]
channel = "email"
volume = "48 a day"
talk = "erlang 7min k 4"
due = "24h"
target = "95% on time"
backlog = 12
when_interrupted = "start over"

[bot.helper]
queue = "voice"
tried = "55%"
session = "2min"
contained = "40%"
resolved = "80%"
left = "5%"
takes = "120s"
handover = { context = true, talk = "-25s" }
returns = { share = "90%", after = "2h" }
outage = [{ day = 4, start = "09:00", length = "30min" }, { start = "08:30", length = "15min" }]

[group.digital]
agents = [3, 4, 5, 5]
shrinkage = "30%"
skills = { mail = 2, chat = { at_once = 3, speed = ["100%", "85%"], reserve = 1, after = "5s" } }
mix = [["chat", "email"]]
interrupts = { mail = "for chat" }
at_shift_end = "hand back"

[group.phones]
shifts = [
  { agents = 2, start = "08:00", length = "2h", breaks = ["15min at 09:00", "5min after 30min"] },
  { agents = 3, start = "08:45", length = "2h", days = "mon" },
]
skills = { voice = { level = 4, take = 7, resolves = "110%" } }
shrinkage = "20%"
absent = "6%"
wrap = "when idle"
"""


@pytest.fixture(scope="module")
def model() -> Model:
    return build(Scenario.parse(TEXT))


def test_the_calendar_covers_whole_days(model: Model) -> None:
    assert (model.name, model.days, model.day_s, model.interval_s) == ("Two teams", 4, 86400, 1800)
    assert (model.intervals, model.horizon, model.measure_from) == (192, 345600, 0)
    assert model.starts[0] == "2026-01-09T00:00"
    assert model.starts[17] == "2026-01-09T08:30"
    assert model.starts[-1] == "2026-01-12T23:30"
    assert model.channels == ("chat", "email", "voice")
    assert model.lines == 30
    assert (model.busyness.cv, model.busyness.shared, model.busyness.lognormal) == (0.1, 0.6, True)
    assert (model.runs, model.seed) == (100, 1)


def test_names_are_numbered_by_the_alphabet(model: Model) -> None:
    assert [queue.name for queue in model.queues] == ["chat", "mail", "voice"]
    assert [group.name for group in model.groups] == ["digital", "phones"]


def test_a_live_queue(model: Model) -> None:
    chat, _, voice = model.queues
    monday = 3 * 86400.0
    for queue in (chat, voice):
        assert queue.hours.tolist() == [[28800, 36000], [monday + 28800, monday + 36000]]
        assert queue.at_close is AtClose.SEND_AWAY
    assert voice.demand.expected[16:20].tolist() == [10, 20, 30, 40]
    assert voice.demand.expected[160:164].tolist() == [10, 20, 30, 40]
    assert voice.demand.expected.sum() == 200
    assert chat.demand.expected[16] == pytest.approx(60)
    assert (voice.balk, voice.lines, voice.limit, voice.longest_wait) == (0.04, 60, 9, 600)
    assert (voice.priority, voice.weight, voice.rule) == (3, 2, Rule.BEST_RESOLVER)
    assert (voice.shares_lines, chat.shares_lines) == (True, False)
    assert (voice.target, voice.threshold, voice.variant) == (0.9, 15, "answered_only")
    assert (chat.target, chat.threshold, chat.variant) == (0.8, 60, "short_as_met")
    assert voice.short == 4
    assert voice.resolved == 0.78
    assert math.isnan(chat.resolved)
    assert chat.limit == chat.lines == chat.longest_wait == chat.due == math.inf


def test_a_deferred_queue(model: Model) -> None:
    mail = model.queues[1]
    assert mail.deferred
    assert mail.at_close is AtClose.CARRY_OVER
    assert mail.hours.tolist() == [[0, 345600]]
    assert mail.demand.expected.tolist() == [1.0] * 192
    assert (mail.demand.backlog, mail.due, mail.start_over) == (12, 86400, True)
    assert (mail.target, mail.threshold) == (0.95, 86400)
    assert mail.patience == NEVER


def test_distributions(model: Model) -> None:
    chat, mail, voice = model.queues
    assert chat.talk == Uniform(60, 540)
    assert mail.talk == Gamma(4, 105)
    assert voice.wrap == Exponential(40)
    assert voice.hold == Deterministic(0)
    assert voice.talk.sigma == pytest.approx(math.sqrt(math.log(1.81)))
    assert voice.talk.mean == pytest.approx(240)
    assert voice.patience.scale * math.gamma(1 + 1 / 0.8) == pytest.approx(180)


def test_what_follows_a_contact(model: Model) -> None:
    chat, _, voice = model.queues
    retry, repeat, callback = voice.retry, voice.repeat, voice.callback
    assert retry is not None
    assert (retry.after_abandon, retry.after_busy, retry.at_most) == (0.4, 0.7, 2)
    assert (retry.queue, retry.keeps_patience, retry.delay.mean) == (0, True, 900)
    assert repeat is not None
    assert (repeat.share, repeat.queue, repeat.change.factor) == (0.6, 2, 1.2)
    assert [(t.queue, t.share, t.warm, t.change.add) for t in voice.transfers] == [
        (0, 0.02, True, -25),
        (1, 0.06, False, 0),
    ]
    assert callback is not None
    assert (callback.offer_after, callback.offer_at, callback.keeps_place) == (90, 0, True)
    assert (callback.accepted, callback.answered, callback.tries) == (0.37, 0.8, 2)
    assert (callback.dial.mean, callback.again.mean, callback.delay.mean) == (20, 1800, 0)
    assert chat.callback is not None
    assert (chat.callback.offer_after, chat.callback.offer_at) == (math.inf, 5)
    assert (chat.callback.keeps_place, chat.callback.delay.mean) == (False, 1800)


def test_self_service(model: Model) -> None:
    bot = model.queues[2].bot
    assert bot is not None
    assert (bot.name, bot.tried, bot.left, bot.contained, bot.resolved) == (
        "helper", 0.55, 0.05, 0.4, 0.8,
    )  # fmt: skip
    assert (bot.comes_back, bot.comes_back_after.mean, bot.handover.add) == (0.9, 7200, -25)
    # 22 % are contained and talk 120 of 240 s on average.
    assert bot.residual == pytest.approx((240 - 0.22 * 120) / (0.78 * 240))
    day = 3 * 86400.0
    assert bot.outage.tolist() == [[30600, 31500], [day + 32400, day + 34200]]
    assert model.queues[0].bot is None


@pytest.mark.parametrize(
    ("handover", "change"),
    [
        ('{ talk = "-25s" }', (1.0, -25.0)),
        ('{ context = true, talk = "-25s" }', (1.0, -25.0)),
        ('{ context = true, talk = "*0.5" }', (0.5, 0.0)),
        ('{ context = false, talk = "-25s" }', (1.0, 0.0)),
        ("{ context = true }", (1.0, 0.0)),
        ("{ }", (1.0, 0.0)),
    ],
)
def test_a_handover_without_context_changes_nothing(
    handover: str, change: tuple[float, float]
) -> None:
    text = f"""
    [queue.calls]
    volume = 10
    talk = "100s"
    [bot.calls]
    session = "1min"
    contained = 0
    handover = {handover}
    [group.team]
    agents = 3
    skills = {{ calls = 1 }}
    """
    scenario = Scenario.parse(text)
    bot = build(scenario).queues[0].bot
    assert bot is not None
    assert (bot.handover.factor, bot.handover.add) == change
    assert hands_of(scenario, "calls") == 100 * change[0] + change[1]
    told = [line for line in lint_warnings(scenario) if "handover.talk has no effect" in line]
    assert len(told) == (handover.startswith("{ context = false, t"))


@pytest.mark.parametrize(
    ("takes", "comeback"), [("", 0.5), ('takes = "30s"', 0.3), ('takes = "average"', 1.0)]
)
def test_who_was_not_helped_brings_the_easy_work_back(takes: str, comeback: float) -> None:
    text = f"""
    [queue.calls]
    volume = 10
    talk = "100s"
    [bot.calls]
    session = "1min"
    contained = "50%"
    resolved = 0
    {takes}
    [group.team]
    agents = 3
    skills = {{ calls = 1 }}
    """
    scenario = Scenario.parse(text)
    bot = build(scenario).queues[0].bot
    assert bot is not None
    assert bot.comeback == pytest.approx(comeback)
    # Nothing is resolved and all come back: not a second of work is gained or lost.
    assert people_share(scenario, "calls") == 1
    assert hands_of(scenario, "calls") == pytest.approx(100)
    half = scenario.with_(**{"bot.calls.returns.share": 0.5})
    work = people_share(half, "calls") * hands_of(half, "calls")
    assert work == pytest.approx(100 * (1 - 0.25 * comeback))


def test_a_group_by_headcount(model: Model) -> None:
    digital = model.groups[0]
    assert digital.headcount is not None
    assert digital.scheduled[16:20].tolist() == [3, 4, 5, 5]
    # 2.1, 2.8, 3.5 and 3.5, halves upwards.
    assert digital.headcount[16:20].tolist() == [2, 3, 4, 4]
    assert digital.headcount.dtype == np.int64
    assert digital.headcount.sum() == 26
    assert (digital.agents, digital.shifts, digital.hands_back) == (4, (), True)
    chat, mail = digital.skills
    assert (chat.queue, chat.level, chat.take, chat.after, chat.at_once) == (0, 1, 1, 5, 3)
    assert chat.speed.tolist() == [1, 0.85, 0.85]
    assert chat.reserve == 1
    assert (mail.queue, mail.level, mail.speed.tolist()) == (1, 2, [1])
    assert digital.mixes == {("chat", "email"), ("email", "chat")}
    assert digital.interrupts == {(1, 0)}


def test_a_group_by_shifts(model: Model) -> None:
    phones = model.groups[1]
    monday = 3 * 86400.0
    assert phones.headcount is None
    # Of five persons 20 % are left out, the last first.
    assert phones.agents == 4
    assert [(s.day, s.agent, s.start, s.end) for s in phones.shifts] == [
        (0, 0, 28800, 36000),
        (0, 1, 28800, 36000),
        (3, 0, monday + 28800, monday + 36000),
        (3, 1, monday + 28800, monday + 36000),
        (3, 2, monday + 31500, monday + 38700),
        (3, 3, monday + 31500, monday + 38700),
    ]
    assert phones.shifts[0].breaks.tolist() == [[30600, 300], [32400, 900]]
    assert phones.shifts[-1].breaks.shape == (0, 2)
    assert phones.scheduled[16:21].tolist() == [2, 2, 2, 2, 0]
    assert phones.scheduled[160:166].tolist() == [2, 3.5, 5, 5, 3, 1.5]
    assert (phones.absent, phones.wrap_when_idle, phones.mixes) == (0.06, True, frozenset())
    assert (phones.skills[0].level, phones.skills[0].take, phones.skills[0].resolves) == (4, 7, 1.1)


def test_recorded_arrivals_are_sorted_with_what_goes_with_them() -> None:
    text = (
        '[queue.a]\nvolume = { recorded = ["09:00", "08:00"], talk = ["2min", nan], '
        'patience = [30, 60] }\ntalk = "3min"\n[group.g]\nagents = 1\nskills = { a = 1 }\n'
    )
    demand = build(Scenario.parse(text)).queues[0].demand
    assert demand.recorded is not None
    assert demand.recorded_talk is not None
    assert demand.recorded_patience is not None
    assert demand.recorded.tolist() == [28800, 32400]
    assert math.isnan(demand.recorded_talk[0])
    assert demand.recorded_talk[1] == 120
    assert demand.recorded_patience.tolist() == [60, 30]
    assert (demand.exact, demand.expected.sum()) == (True, 2)


def test_a_stationary_simulation_has_one_interval() -> None:
    text = (
        '[center]\nlength = "30h"\nwarm_up = "1h"\n[queue.a]\nvolume = "2 per min"\ntalk = "3min"\n'
        "[group.g]\nagents = 7\nskills = { a = 1 }\n"
    )
    model = build(Scenario.parse(text))
    assert (model.days, model.day_s, model.horizon, model.measure_from) == (1, 111600, 111600, 3600)
    assert model.queues[0].hours.tolist() == [[0, 111600]]
    assert set(model.queues[0].demand.expected) == {60.0}
    assert (model.starts[0], model.starts[-1]) == ("00:00", "30:30")
    assert model.groups[0].headcount is not None
    assert set(model.groups[0].headcount) == {7}


@pytest.mark.parametrize("file", SHIPPED, ids=[file.stem for file in SHIPPED])
def test_every_shipped_scenario_becomes_a_model(file: Path) -> None:
    model = build(load(file))
    again = build(load(file).with_())
    assert model.fingerprint == again.fingerprint
    for queue in model.queues:
        opens = np.zeros(model.intervals, dtype=bool)
        for start, end in queue.hours:
            opens[int(start // model.interval_s) : int(end // model.interval_s)] = True
        assert queue.demand.expected.shape == (model.intervals,)
        assert np.isfinite(queue.demand.expected).all()
        assert not queue.demand.expected[~opens].any()
        assert queue.demand.expected.sum() > 0
        assert all(transfer.queue >= 0 for transfer in queue.transfers)
    for group in model.groups:
        assert group.skills
        assert group.agents > 0
        assert group.scheduled.shape == (model.intervals,)
