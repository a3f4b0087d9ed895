"""`check` tells every field of a scenario that bends its results."""

from collections.abc import Iterator
from functools import cache
from typing import Any, get_args

import pytest

from sim.scenario import Scenario, describe
from sim.scenario.distribution import Distribution
from sim.scenario.field_types import Record, TalkChange
from sim.scenario.series import Series
from sim.scenario.volume import Volume

TEXT = """
[center]
days = 2
open = "08:00-18:00"
busyness = "10%"
talk_variation = { cv = "9%", level_change = "1%" }
target = "80% in 30s"

[queue.calls]
volume = "400 a day"
talk = "lognormal 4min cv 0.9"
patience = "3min"
target = "80% in 20s"
resolved = "80%"
retry = { share = "30%", after = "10min" }
resolution = { transferred = "90%", waited = { over = "5min", factor = "90%" } }
repeat = { share = "50%", after = "1h", carried = "40%" }
transfer = { cards = { share = "6%", carried = "40%" } }
callback = { offer_after = "1min", accepted = "40%", answered = "80%", tries = 2, place = "later" }

[queue.cards]
volume = { recorded = ["09:00", "10:00"] }
talk = "exponential 3min"
patience = "2min"

[queue.chat]
channel = "chat"
volume = 5
talk = "exponential 5min"
patience = "2min"

[queue.posts]
channel = "social"
volume = 5
talk = "exponential 5min"
patience = "2min"
silent = { waiting = "40%", within = "5%", noticed = "2min" }
announce = { scale = "90%", balk = "5%", patience = "80%", accept = "10%" }

[queue.outreach]
channel = "outbound"
deferred = true
volume = 0
talk = "2min"

[queue.mail]
channel = "email"
volume = 4
talk = "exponential 6min"
due = "4h"

[bot.calls]
session = "exponential 60s"
contained = "20%"
resolved = "80%"
takes = "100s"
handover = { talk = "-25s" }
outage = [{ start = "10:00", length = "1h" }]

[satisfaction]
contact = { value = 0.6, low = 0.4, high = 0.7 }

[target.front]
queues = ["calls", "cards"]
goal = "80% in 30s"

[target.written]
channels = ["chat"]

[target.team]
groups = ["heads"]

[event.crm]
start = "10:00"
length = "2h"
changes = { "queue.calls.talk" = "+20%" }

[group.heads]
agents = 20
wage = 20
skills = { calls = 1, cards = 2, mail = { level = 3 } }
tenure = [{ name = "new", share = "20%", speed = "90%" }]
persons = [{ name = "Ada", speed = "120%" }]
breaks_when_quiet = { share = "40%", length = "exponential 5min" }
interrupts = { mail = "calls" }

[group.shifts]
wage = 20
skills = { calls = 1, chat = 2, outreach = 1 }
[[group.shifts.shifts]]
agents = 5
start = "08:00"
length = "8h"
breaks = ["15min after 2h", { length = "30min", at = "12:00" }]

[touchpoint.delivery]
owner = "logistics"
[touchpoint.web]
[issue.parcel]
touchpoint = "delivery"
queues = { calls = "25%" }
talk = "+20%"
notice = { reached = "60%", settled = "40%" }
outbound = { queue = "outreach", ahead = "2h", right_party = "35%", settled = "60%" }
[issue.login]
touchpoint = "web"
volume = "20 a day"
first = { calls = "60%", mail = "40%" }
[issue.bill]
touchpoint = "web"
queues = { cards = "10%" }
[segment.loyal]
share = "30%"

[lever.hire]
changes = { "group.heads.agents" = "+1" }
cost = { once = 600, life = 12, month = 50, use = 0.1, per = "sessions" }
limit = { least = 1, most = 5, by = 2 }
[lever.coach]
use = "coaching"

[pattern.full]
lengths = "8h"
days_a_week = 3
breaks = ["15min between 1h and 3h", "30min unpaid between 11:30 and 14:00"]
[pattern.short]
lengths = "4h"
"""

# By field: a path to it and a value that is not the one above.
OTHER: dict[str, tuple[str, Any]] = {
    "Bot.cost": ("bot.calls.cost", 0.1),
    "Group.tools": ("group.heads.tools", 1.5),
    "Queue.head_start": ("queue.calls.head_start", "60s"),
    "Group.breaks_when_quiet": ("group.heads.breaks_when_quiet", "none"),
    "QuietBreaks.share": ("group.heads.breaks_when_quiet.share", "50%"),
    "QuietBreaks.length": ("group.heads.breaks_when_quiet.length", "exponential 4min"),
    "Group.gap": ("group.heads.gap", "exponential 30s"),
    "Queue.cost_per_minute": ("queue.calls.cost_per_minute", 0.02),
    "Coefficient.value": ("satisfaction.contact.value", 0.5),
    "Coefficient.low": ("satisfaction.contact.low", 0.3),
    "Coefficient.high": ("satisfaction.contact.high", 0.8),
    "Coefficient.source": ("satisfaction.contact.source", "survey of May"),
    "Coefficient.calibrated_on": ("satisfaction.contact.calibrated_on", "survey of May"),
    "Satisfaction.calibrated_on": ("satisfaction.calibrated_on", "survey of May"),
    "Satisfaction.channel": ("satisfaction.channel", {"chat": 1.2}),
    "Satisfaction.wait_from": ("satisfaction.wait_from", "3min"),
    "Satisfaction.satisfied": ("satisfaction.satisfied", 0.8),
    "Satisfaction.unresolved": ("satisfaction.unresolved", 0.1),
    "Satisfaction.contact": ("satisfaction.contact", 0.55),
    "Satisfaction.transfer": ("satisfaction.transfer", 0.9),
    "Satisfaction.context_lost": ("satisfaction.context_lost", 0.9),
    "Satisfaction.switch": ("satisfaction.switch", 0.95),
    "Satisfaction.wait": ("satisfaction.wait", 0.95),
    "Satisfaction.promoter": ("satisfaction.promoter", 0.4),
    "Satisfaction.detractor": ("satisfaction.detractor", 2.5),
    "Satisfaction.leaves": ("satisfaction.leaves", 0.1),
    "Satisfaction.response_satisfied": ("satisfaction.response_satisfied", 0.2),
    "Satisfaction.response_dissatisfied": ("satisfaction.response_dissatisfied", 0.3),
    "Satisfaction.effort_contact": ("satisfaction.effort_contact", 1.2),
    "Satisfaction.effort_transfer": ("satisfaction.effort_transfer", 0.5),
    "Satisfaction.effort_context_lost": ("satisfaction.effort_context_lost", 0.5),
    "Satisfaction.effort_switch": ("satisfaction.effort_switch", 0.5),
    "Satisfaction.effort_unresolved": ("satisfaction.effort_unresolved", 2.5),
    "Center.name": ("center.name", "Elsewhere"),
    "Center.first_day": ("center.first_day", "2026-02-02"),
    "Center.days": ("center.days", 3),
    "Center.open": ("center.open", "08:00-17:00"),
    "Center.interval": ("center.interval", "15min"),
    "Center.time_zone": ("center.time_zone", "Europe/Lisbon"),
    "Center.at_close": ("center.at_close", "send away"),
    "Center.busyness": ("center.busyness", "12%"),
    "Center.warm_up": ("center.warm_up", "1h"),
    "Center.lines": ("center.lines", 40),
    "Center.variant": ("center.variant", "answered_only"),
    "Center.target": ("center.target", "none"),
    "Center.short": ("center.short", "8s"),
    "Busyness.cv": ("center.busyness.cv", "15%"),
    "Busyness.shared": ("center.busyness.shared", "50%"),
    "Busyness.shape": ("center.busyness.shape", "lognormal"),
    "Busyness.memory": ("center.busyness.memory", "20%"),
    "Center.talk_variation": ("center.talk_variation", "8%"),
    "TalkVariation.cv": ("center.talk_variation.cv", "8%"),
    "TalkVariation.correlation": ("center.talk_variation.correlation", 0.3),
    "TalkVariation.memory": ("center.talk_variation.memory", "50%"),
    "TalkVariation.level_change": ("center.talk_variation.level_change", "2%"),
    "TalkVariation.level_date": ("center.talk_variation.level_date", "2025-12-01"),
    "Target.service_level": ("queue.calls.target.service_level", "90%"),
    "Target.within": ("queue.calls.target.within", "30s"),
    "Target.variant": ("queue.calls.target.variant", "answered_only"),
    "Queue.channel": ("queue.calls.channel", "social"),
    "Queue.deferred": ("queue.chat.deferred", True),
    "Queue.open": ("queue.calls.open", "09:00-17:00"),
    "Queue.volume": ("queue.calls.volume", "500 a day"),
    "Queue.profile": ("queue.calls.profile", [1, 2] * 10),
    "Queue.volume_is": ("queue.calls.volume_is", "new"),
    "Queue.talk": ("queue.calls.talk", "exponential 5min"),
    "Queue.hold": ("queue.calls.hold", "10s"),
    "Queue.wrap": ("queue.calls.wrap", "30s"),
    "Queue.patience": ("queue.calls.patience", "4min"),
    "Queue.balk": ("queue.calls.balk", "5%"),
    "Queue.lines": ("queue.calls.lines", 30),
    "Queue.limit": ("queue.calls.limit", 12),
    "Queue.longest_wait": ("queue.calls.longest_wait", "5min"),
    "Queue.priority": ("queue.calls.priority", 5),
    "Queue.weight": ("queue.calls.weight", 2),
    "Queue.target": ("queue.calls.target", "none"),
    "Queue.variant": ("queue.calls.variant", "answered_only"),
    "Queue.short": ("queue.calls.short", "8s"),
    "Queue.due": ("queue.mail.due", "5h"),
    "Queue.backlog": ("queue.mail.backlog", 20),
    "Queue.when_interrupted": ("queue.mail.when_interrupted", "start over"),
    "Queue.route": ("queue.calls.route", "fastest"),
    "Queue.resolved": ("queue.cards.resolved", "70%"),
    "Queue.retry": ("queue.calls.retry", "none"),
    "Queue.repeat": ("queue.calls.repeat", "none"),
    "Queue.transfer": ("queue.calls.transfer", "none"),
    "Queue.callback": ("queue.calls.callback", "none"),
    "Volume.a_day": ("queue.calls.volume", "200 a day"),
    "Volume.per_second": ("queue.calls.volume", "2 per min"),
    "Volume.exact": ("queue.chat.volume", {"exact": 5}),
    "Volume.recorded": ("queue.cards.volume", {"recorded": ["09:00"]}),
    "Volume.talk": ("queue.cards.volume", {"recorded": ["09:00", "10:00"], "talk": [60, 90]}),
    "Volume.patience": (
        "queue.cards.volume",
        {"recorded": ["09:00", "10:00"], "patience": [60, 90]},
    ),
    "Retry.share": ("queue.calls.retry.share", "40%"),
    "Retry.busy": ("queue.calls.retry.busy", "60%"),
    "Retry.after": ("queue.calls.retry.after", "20min"),
    "Retry.at_most": ("queue.calls.retry.at_most", 2),
    "Retry.by": ("queue.calls.retry.by", "chat"),
    "Retry.patience": ("queue.calls.retry.patience", "kept"),
    "Repeat.share": ("queue.calls.repeat.share", "40%"),
    "Repeat.after": ("queue.calls.repeat.after", "2h"),
    "Repeat.at_most": ("queue.calls.repeat.at_most", 2),
    "Repeat.by": ("queue.calls.repeat.by", "chat"),
    "Repeat.talk": ("queue.calls.repeat.talk", "+20%"),
    "Transfer.share": ("queue.calls.transfer.cards.share", "7%"),
    "Transfer.warm": ("queue.calls.transfer.cards.warm", True),
    "Transfer.talk": ("queue.calls.transfer.cards.talk", "-25s"),
    "Callback.offer_after": ("queue.calls.callback.offer_after", "2min"),
    "Callback.offer_at": ("queue.calls.callback.offer_at", 3),
    "Callback.accepted": ("queue.calls.callback.accepted", "50%"),
    "Callback.answered": ("queue.calls.callback.answered", "70%"),
    "Callback.tries": ("queue.calls.callback.tries", 3),
    "Callback.place": ("queue.calls.callback.place", "kept"),
    "Callback.after": ("queue.calls.callback.after", "10min"),
    "Callback.dial": ("queue.calls.callback.dial", "40s"),
    "Callback.again": ("queue.calls.callback.again", "15min"),
    "Bot.queue": ("bot.calls.queue", "cards"),
    "Bot.kind": ("bot.calls.kind", "ivr"),
    "Bot.tried": ("bot.calls.tried", "90%"),
    "Bot.session": ("bot.calls.session", "90s"),
    "Bot.contained": ("bot.calls.contained", "30%"),
    "Bot.resolved": ("bot.calls.resolved", "70%"),
    "Bot.left": ("bot.calls.left", "5%"),
    "Bot.takes": ("bot.calls.takes", "none"),
    "Bot.handover": ("bot.calls.handover", {"context": True}),
    "Bot.returns": ("bot.calls.returns", {"share": "50%"}),
    "Bot.outage": ("bot.calls.outage", "none"),
    "Takes.talk": ("bot.calls.takes", "average"),
    "Handover.context": ("bot.calls.handover.context", False),
    "Handover.talk": ("bot.calls.handover.talk", "+20%"),
    "Returns.share": ("bot.calls.returns.share", "50%"),
    "Returns.after": ("bot.calls.returns.after", "2h"),
    "Outage.day": ("bot.calls.outage.0.day", 2),
    "Outage.start": ("bot.calls.outage.0.start", "11:00"),
    "Outage.length": ("bot.calls.outage.0.length", "2h"),
    "Group.agents": ("group.heads.agents", 22),
    "Group.open": ("group.heads.open", "09:00-17:00"),
    "Group.shifts": ("group.shifts.shifts", [{"agents": 5, "start": "09:00", "length": "8h"}]),
    "Group.skills": ("group.heads.skills", {"calls": 1}),
    "Group.shrinkage": ("group.heads.shrinkage", "20%"),
    "Group.absent": ("group.heads.absent", "5%"),
    "Group.wage": ("group.heads.wage", 25),
    "Group.overtime": ("group.heads.overtime", 1.5),
    "Group.wrap": ("group.heads.wrap", "when idle"),
    "Group.at_shift_end": ("group.heads.at_shift_end", "hand back"),
    "Group.mix": ("group.shifts.mix", [["voice", "chat"]]),
    "Group.interrupts": ("group.heads.interrupts", "none"),
    "Shift.agents": ("group.shifts.shifts.0.agents", 6),
    "Shift.start": ("group.shifts.shifts.0.start", "09:00"),
    "Shift.length": ("group.shifts.shifts.0.length", "9h"),
    "Shift.breaks": ("group.shifts.shifts.0.breaks", "none"),
    "Shift.days": ("group.shifts.shifts.0.days", "mon"),
    "Shift.name": ("group.shifts.shifts.0.name", "early"),
    "Break.length": ("group.shifts.shifts.0.breaks.0.length", "20min"),
    "Break.after": ("group.shifts.shifts.0.breaks.0.after", "3h"),
    "Break.at": ("group.shifts.shifts.0.breaks.1.at", "13:00"),
    "Skill.level": ("group.heads.skills.mail.level", 4),
    "Skill.take": ("group.heads.skills.mail.take", 1),
    "Skill.after": ("group.heads.skills.calls.after", "30s"),
    "Skill.speed": ("group.heads.skills.calls.speed", 1.1),
    "Skill.at_once": ("group.shifts.skills.chat.at_once", 3),
    "Skill.reserve": ("group.heads.skills.calls.reserve", 2),
    "Skill.resolves": ("group.heads.skills.calls.resolves", 1.1),
    "Pattern.lengths": ("pattern.full.lengths", ["8h", "6h"]),
    "Pattern.earliest": ("pattern.full.earliest", "07:00"),
    "Pattern.latest": ("pattern.full.latest", "12:00"),
    "Pattern.step": ("pattern.full.step", "15min"),
    "Pattern.breaks": ("pattern.full.breaks", "none"),
    "Pattern.days": ("pattern.full.days", "mon-fri"),
    "Pattern.groups": ("pattern.full.groups", "heads"),
    "Pattern.least": ("pattern.full.least", 2),
    "Pattern.most": ("pattern.full.most", 20),
    "Pattern.least_share": ("pattern.full.least_share", "50%"),
    "Pattern.most_share": ("pattern.full.most_share", "90%"),
    "Pattern.wage": ("pattern.full.wage", 21),
    "Pattern.overtime_after": ("pattern.full.overtime_after", "7h"),
    "Pattern.days_a_week": ("pattern.full.days_a_week", 4),
    "Pattern.consecutive": ("pattern.full.consecutive", 4),
    "Pattern.rest": ("pattern.full.rest", "12h"),
    "Pattern.start_varies": ("pattern.full.start_varies", "1h"),
    "Pattern.days_off_in_pairs": ("pattern.full.days_off_in_pairs", True),
    "PatternBreak.length": ("pattern.full.breaks.0.length", "20min"),
    "PatternBreak.earliest": ("pattern.full.breaks.0.earliest", "2h"),
    "PatternBreak.latest": ("pattern.full.breaks.1.latest", "14:30"),
    "PatternBreak.step": ("pattern.full.breaks.0.step", "5min"),
    "PatternBreak.paid": ("pattern.full.breaks.0.paid", False),
    "PatternBreak.in_shifts_from": ("pattern.full.breaks.0.in_shifts_from", "6h"),
    "ShiftPlanning.understaffing": ("shift_planning.understaffing", 50),
    "ShiftPlanning.overstaffing": ("shift_planning.overstaffing", 5),
    "ShiftPlanning.seats": ("shift_planning.seats", 30),
    "CommonTarget.queues": ("target.front.queues", ["calls", "chat"]),
    "CommonTarget.channels": ("target.written.channels", ["chat", "voice"]),
    "CommonTarget.groups": ("target.team.groups", ["heads", "shifts"]),
    "CommonTarget.goal": ("target.front.goal", "90% in 30s"),
    "Queue.resolution": ("queue.calls.resolution", "none"),
    "Resolution.transferred": ("queue.calls.resolution.transferred", "80%"),
    "Resolution.context_lost": ("queue.calls.resolution.context_lost", "80%"),
    "Resolution.waited": ("queue.calls.resolution.waited", "none"),
    "Waited.over": ("queue.calls.resolution.waited.over", "10min"),
    "Waited.factor": ("queue.calls.resolution.waited.factor", "80%"),
    "Repeat.carried": ("queue.calls.repeat.carried", "70%"),
    "Repeat.lost": ("queue.calls.repeat.lost", "+30%"),
    "Transfer.carried": ("queue.calls.transfer.cards.carried", "70%"),
    "Transfer.lost": ("queue.calls.transfer.cards.lost", "+30%"),
    "Handover.carried": ("bot.calls.handover.carried", "50%"),
    "Handover.lost": ("bot.calls.handover.lost", "+30%"),
    "Group.tenure": ("group.heads.tenure", "none"),
    "Tenure.name": ("group.heads.tenure.0.name", "juniors"),
    "Tenure.share": ("group.heads.tenure.0.share", "30%"),
    "Tenure.speed": ("group.heads.tenure.0.speed", "80%"),
    "Tenure.resolves": ("group.heads.tenure.0.resolves", "80%"),
    "Group.persons": ("group.heads.persons", "none"),
    "Group.speed_spread": ("group.heads.speed_spread", "25%"),
    "NamedAgent.name": ("group.heads.persons.0.name", "Bob"),
    "NamedAgent.speed": ("group.heads.persons.0.speed", "90%"),
    "NamedAgent.gap": ("group.heads.persons.0.gap", "exponential 20s"),
    "NamedAgent.resolves": ("group.heads.persons.0.resolves", "80%"),
    "Touchpoint.owner": ("touchpoint.delivery.owner", "carrier"),
    "Issue.touchpoint": ("issue.login.touchpoint", "delivery"),
    "Issue.queues": ("issue.parcel.queues", {"calls": "20%"}),
    "Issue.volume": ("issue.login.volume", "30 a day"),
    "Issue.first": ("issue.login.first", {"calls": "70%", "mail": "30%"}),
    "Issue.talk": ("issue.parcel.talk", "-25s"),
    "Issue.resolves": ("issue.parcel.resolves", "90%"),
    "Issue.bot_contains": ("issue.parcel.bot_contains", "50%"),
    "Issue.bot_resolves": ("issue.parcel.bot_resolves", "50%"),
    "Issue.prevented": ("issue.parcel.prevented", "10%"),
    "Issue.notice": ("issue.parcel.notice", "none"),
    "Notice.reached": ("issue.parcel.notice.reached", "70%"),
    "Notice.settled": ("issue.parcel.notice.settled", "50%"),
    "Notice.cost": ("issue.parcel.notice.cost", 0.1),
    "Issue.outbound": ("issue.parcel.outbound", "none"),
    "Outbound.queue": ("issue.parcel.outbound.queue", "mail"),
    "Outbound.ahead": ("issue.parcel.outbound.ahead", "3h"),
    "Outbound.attempts": ("issue.parcel.outbound.attempts", 3),
    "Outbound.right_party": ("issue.parcel.outbound.right_party", "50%"),
    "Outbound.again": ("issue.parcel.outbound.again", "2h"),
    "Outbound.unanswered": ("issue.parcel.outbound.unanswered", "20s"),
    "Outbound.settled": ("issue.parcel.outbound.settled", "50%"),
    "Segment.share": ("segment.loyal.share", "40%"),
    "Segment.value": ("segment.loyal.value", 400),
    "Segment.patience": ("segment.loyal.patience", "150%"),
    "Segment.tries_bot": ("segment.loyal.tries_bot", "50%"),
    "Segment.first": ("segment.loyal.first", {"mail": "100%"}),
    "Queue.silent": ("queue.posts.silent", "none"),
    "Queue.announce": ("queue.posts.announce", "none"),
    "Silent.waiting": ("queue.posts.silent.waiting", "50%"),
    "Silent.within": ("queue.posts.silent.within", "10%"),
    "Silent.noticed": ("queue.posts.silent.noticed", "1min"),
    "Announce.scale": ("queue.posts.announce.scale", "80%"),
    "Announce.balk": ("queue.posts.announce.balk", "6%"),
    "Announce.patience": ("queue.posts.announce.patience", "70%"),
    "Announce.accept": ("queue.posts.announce.accept", "20%"),
    "Event.day": ("event.crm.day", 2),
    "Event.start": ("event.crm.start", "11:00"),
    "Event.length": ("event.crm.length", "3h"),
    "Event.changes": ("event.crm.changes", {"queue.calls.talk": "+30%"}),
    "Experiment.runs": ("experiment.runs", 200),
    "Experiment.seed": ("experiment.seed", 2),
    "Experiment.precision": ("experiment.precision", "1%"),
}
LEVERS: dict[str, tuple[str, Any]] = {
    "Lever.use": ("lever.coach.use", "knowledge_base"),
    "Lever.of": ("lever.coach.of", ["cards"]),
    "Lever.title": ("lever.hire.title", "One more"),
    "Lever.changes": ("lever.hire.changes", {"group.heads.agents": "+2"}),
    "Lever.cost": ("lever.hire.cost", 700),
    "Lever.limit": ("lever.hire.limit", 4),
    "Lever.excludes": ("lever.hire.excludes", "coach"),
    "Lever.needs": ("lever.hire.needs", "coach"),
    "Lever.effect": ("lever.hire.effect", "20% to 120%"),
    "Lever.source": ("lever.hire.source", "a pilot"),
    "LeverCost.once": ("lever.hire.cost.once", 900),
    "LeverCost.life": ("lever.hire.cost.life", 24),
    "LeverCost.month": ("lever.hire.cost.month", 60),
    "LeverCost.use": ("lever.hire.cost.use", 0.2),
    "LeverCost.per": ("lever.hire.cost.per", "offered"),
    "LeverLimit.least": ("lever.hire.limit.least", 2),
    "LeverLimit.most": ("lever.hire.limit.most", 3),
    "LeverLimit.by": ("lever.hire.limit.by", 1),
    "EffectRange.low": ("lever.hire.effect", {"low": "10%"}),
    "EffectRange.high": ("lever.hire.effect", {"high": "200%"}),
}
"""Of levers, which do not change what is simulated."""
ELSEWHERE = {
    "Center.length": "goes with no days, so it has a test of its own",
    "Scenario.center": "tables, whose fields are told one by one",
    "Scenario.queue": "",
    "Scenario.bot": "",
    "Scenario.group": "",
    "Scenario.pattern": "",
    "Scenario.shift_planning": "",
    "Scenario.target": "",
    "Scenario.event": "",
    "Scenario.lever": "",
    "Scenario.experiment": "",
    "Scenario.touchpoint": "",
    "Scenario.issue": "",
    "Scenario.segment": "",
    "Scenario.satisfaction": "",
    "Volume.each": "how numbers are written; that they are told is Queue.volume and Group.agents",
    "Volume.values": "",
    "Volume.times": "",
    "Volume.source": "",
}


def fields(record: type[Record]) -> Iterator[str]:
    """Every field of a record and of those below it, distributions and plain numbers alike."""
    for name, info in record.model_fields.items():
        yield f"{record.__name__}.{name}"
        for below in records(info.annotation):
            yield from fields(below)


def records(kind: Any) -> Iterator[type[Record]]:
    plain = (Distribution, TalkChange) if kind is Volume else (Distribution, TalkChange, Series)
    if isinstance(kind, type) and issubclass(kind, Record) and not issubclass(kind, plain):
        yield kind
    for inner in get_args(kind):
        yield from records(inner)


def test_every_field_is_tried() -> None:
    assert set(fields(Scenario)) == {*OTHER, *LEVERS, *ELSEWHERE}


@cache
def full() -> Scenario:
    return Scenario.parse(TEXT)


@cache
def full_facts() -> set[str]:
    return _facts(full())


@pytest.mark.parametrize("field", OTHER)
def test_a_changed_field_is_described(field: str) -> None:
    path, value = OTHER[field]
    before = full()
    after = before.with_(**{path: value})
    assert after.fingerprint != before.fingerprint
    assert _facts(after) != full_facts()


@pytest.mark.parametrize("field", LEVERS)
def test_a_changed_lever_is_described(field: str) -> None:
    path, value = LEVERS[field]
    assert _facts(full().with_(**{path: value})) != full_facts()


def _facts(scenario: Scenario) -> set[str]:
    """What is said, but not what is computed from it: load, needs and size."""
    return {
        line
        for line in describe(scenario)
        if "of the agents' time" not in line and not line.startswith("One replication has about")
    }


def test_a_stationary_run_tells_its_length_and_interval() -> None:
    text = """
[center]
length = "10h"
[queue.calls]
volume = "10 an hour"
talk = "exponential 3min"
[group.all]
agents = 3
skills = { calls = 1 }
"""
    told = [describe(Scenario.parse(text))[0]]
    told += [describe(Scenario.parse(text.replace("10h", "20h")))[0]]
    told += [describe(Scenario.parse(text.replace("[center]", '[center]\ninterval = "1h"')))[0]]
    assert len(set(told)) == 3
