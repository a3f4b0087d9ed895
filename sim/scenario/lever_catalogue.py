"""The catalogue of levers: changes that fit many scenarios, with default costs and evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.scenario.lever import MADE_UP

if TYPE_CHECKING:
    from sim.scenario.queue import Queue
    from sim.scenario.scenario_record import ScenarioFields

Changes = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CatalogueLever:
    """One entry of the catalogue.

    Attributes
    ----------
    title : str
    does : str
        The default changes in words.
    changes : dict or callable
        By path with ``*``, or a function of the scenario that returns them.
    cost : dict
        As ``lever.NAME.cost`` is written.
    source : str
        Evidence for the size of the effect; costs are always made up.
    limit : int or None
        How many times; None for on/off.
    """

    title: str
    does: str
    changes: Changes | Callable[[ScenarioFields], Changes]
    cost: dict[str, Any]
    source: str = MADE_UP
    limit: int | None = None

    def changes_of(self, scenario: ScenarioFields) -> Changes:
        """Return the changes by path; paths may still hold ``*``."""
        return self.changes(scenario) if callable(self.changes) else dict(self.changes)


def _servers(scenario: ScenarioFields, queue: str) -> list[str]:
    return [name for name, group in scenario.group.items() if queue in group.skills]


def _waiting(scenario: ScenarioFields) -> dict[str, Queue]:
    """Return the live queues whose customers may hang up."""
    live = {name: q for name, q in scenario.queue.items() if not q.is_deferred}
    return {name: q for name, q in live.items() if not q.patience.is_unlimited}


def _cross_training(scenario: ScenarioFields) -> Changes:
    found: Changes = {}
    for name, group in scenario.group.items():
        own = {scenario.queue[q].channel for q in group.skills if q in scenario.queue}
        for queue, fields in scenario.queue.items():
            foreign = queue not in group.skills and _servers(scenario, queue)
            if foreign and fields.channel in own and not fields.is_deferred:
                found[f"group.{name}.skills.{queue}"] = {
                    "level": 5, "after": "20s", "speed": "90%"
                }  # fmt: skip
    return found


def _best_qualified(scenario: ScenarioFields) -> Changes:
    found: Changes = {}
    for queue in scenario.queue:
        skills = [scenario.group[g].skills[queue] for g in _servers(scenario, queue)]
        if len({skill.resolves for skill in skills}) > 1:
            found[f"queue.{queue}.route"] = "best resolver"
        elif len({skill.speed[0] for skill in skills}) > 1:
            found[f"queue.{queue}.route"] = "fastest"
        else:
            continue
        for group in _servers(scenario, queue):
            found[f"group.{group}.skills.{queue}.level"] = min(skill.level for skill in skills)
    return found


def _new_bot(scenario: ScenarioFields) -> Changes:
    live = [n for n, q in scenario.queue.items() if not q.is_deferred and not scenario.bot_of(n)]
    fields = {"session": "exponential 90s", "contained": "20%", "resolved": "58%"}
    return {f"bot.{queue}": fields for queue in live if queue not in scenario.bot}


def _bot_quality(scenario: ScenarioFields) -> Changes:
    return {
        f"bot.{name}.resolved": _raised(bot.resolved, min(1.0, bot.resolved + 0.1))
        for name, bot in scenario.bot.items()
        if bot.resolved < 1
    }


CARRIED = 0.9
"""Share of hand-overs with context, where less is carried so far."""


def _handover(scenario: ScenarioFields) -> Changes:
    """Return more context at the hand-overs that lose some, and nothing where none is modelled."""
    found: Changes = {}
    for name, bot in scenario.bot.items():
        handover = bot.handover
        if handover.carried is not None or (handover.context is not False and handover.talk.add):
            if handover.carried is not None and handover.carried < CARRIED:
                path = f"bot.{name}.handover.carried"
                found[path] = _raised(handover.carried, CARRIED)
        elif handover.context is not True and not handover.talk.add:
            found[f"bot.{name}.handover"] = {"context": True, "talk": "-25s"}
    for name, queue in scenario.queue.items():
        shares = {f"transfer.{other}": one.carried for other, one in queue.transfer.items()}
        shares["repeat"] = None if queue.repeat is None else queue.repeat.carried
        for path, share in shares.items():
            if share is not None and share < CARRIED:
                found[f"queue.{name}.{path}.carried"] = _raised(share, CARRIED)
    return found


def _raised(share: float, to: float) -> str:
    """Return the change from one share to another: others may change the field too."""
    return f"{100 * (to - share):+.10g}pp"


def _callback(scenario: ScenarioFields) -> Changes:
    offer = {"offer_after": "2min", "accepted": "30%", "answered": "80%"}
    return {
        f"queue.{name}.callback": offer
        for name, queue in _waiting(scenario).items()
        if queue.is_voice and queue.callback is None
    }


def _repair(scenario: ScenarioFields) -> Changes:
    if getattr(scenario, "issue", None):
        return {"issue.*.prevented": "20%"}
    return {"queue.*.volume": "-5%"}


SQM = "SQM: 1 % more first-contact resolution goes with 1 % more CSAT"
CATALOGUE: dict[str, CatalogueLever] = {
    "agents": CatalogueLever(
        "One agent more in each group",
        "`agents` of every group +1, or of each of its shifts",
        {"group.*.agents": "+1", "group.*.shifts.*.agents": "+1"},
        {},
        "pay from `wage`; the effect is simulated",
        limit=5,
    ),
    "cross_training": CatalogueLever(
        "Cross-training",
        "groups also serve live queues of their channels, after 20 s, at 90 % of the speed",
        _cross_training,
        {"once": 8000, "life": 24},
    ),
    "best_qualified": CatalogueLever(
        "Routing to the best qualified",
        "groups whose skills differ are asked at the same level: the best resolver or the fastest "
        "first",
        _best_qualified,
        {"once": 3000, "life": 36, "month": 100},
        "the effect is simulated",
    ),
    "coaching": CatalogueLever(
        "Coaching",
        "`resolved` of every queue +3 percentage points",
        {"queue.*.resolved": "+3pp"},
        {"month": 1500},
        f"{SQM}; the size is made up",
    ),
    "retention": CatalogueLever(
        "Retention of agents",
        "half as many agents in the tenure bands",
        {"group.*.tenure.*.share": "*50%"},
        {"month": 2000},
    ),
    "knowledge_base": CatalogueLever(
        "Knowledge base and AI assistant for agents",
        "`talk` of every queue -12 %",
        {"queue.*.talk": "-12%"},
        {"once": 10000, "life": 36, "month": 800},
        "Brynjolfsson, Li, Raymond 2023: 14 % more resolved an hour over 5,179 agents (novices "
        "34 %, experts none)",
    ),
    "bot": CatalogueLever(
        "A bot in front of live queues",
        "each live queue without self-service gets a bot: 20 % contained, 58 % of these resolved",
        _new_bot,
        {"once": 20000, "life": 36, "month": 500, "use": 0.1, "per": "sessions"},
        "Gartner 2023: returns are resolved by 58 % of bot sessions, billing disputes by 17 %; "
        "containment is made up",
    ),
    "bot_coverage": CatalogueLever(
        "Bot contains more",
        "`contained` of every bot +10 percentage points",
        {"bot.*.contained": "+10pp"},
        {"once": 12000, "life": 24, "month": 300},
    ),
    "bot_quality": CatalogueLever(
        "Bot resolves more",
        "`resolved` of every bot +10 percentage points, at most to 100 %",
        _bot_quality,
        {"once": 8000, "life": 24, "month": 300},
        "Gartner 2023: between 17 and 58 % by kind of issue; the size is made up",
    ),
    "context_handover": CatalogueLever(
        "Context is handed over",
        "agents see the session of every bot: -25 s of talk; where `carried` is modelled for bots, "
        "transfers or repeat contacts it rises to 90 %",
        _handover,
        {"once": 15000, "life": 36, "month": 200},
    ),
    "callback": CatalogueLever(
        "Callback",
        "voice queues whose customers hang up offer a callback after 2 min, 30 % accept",
        _callback,
        {"once": 4000, "life": 36, "month": 100},
    ),
    "proactive_notice": CatalogueLever(
        "Proactive notice",
        "a message reaches 60 % of those with an issue and settles it for 40 % of these",
        {"issue.*.notice": {"reached": "60%", "settled": "40%", "cost": 0.08}},
        {"once": 5000, "life": 36, "month": 200},
    ),
    "repair_at_source": CatalogueLever(
        "Repair at the source",
        "20 % of every issue never arises; without `[issue.NAME]`, volume -5 %",
        _repair,
        {"once": 30000, "life": 36},
    ),
}  # fmt: skip
"""Levers by name; costs are made up unless the source says otherwise."""


def catalogue_table() -> str:
    """Return the catalogue as a table in Markdown."""
    rows = ["| lever | what it changes | cost | evidence |", "|---|---|---|---|"]
    for name, one in CATALOGUE.items():
        times = "" if one.limit is None else f", up to {one.limit} times"
        rows.append(f"| `{name}` | {one.does}{times} | {_cost_words(one.cost)} | {one.source} |")
    return "\n".join(rows) + "\n"


def with_catalogue(page: str) -> str:
    """Return a page with the marked table of the catalogue renewed."""
    head, begin, rest = page.partition("<!-- catalogue -->\n")
    _, end, tail = rest.partition("<!-- end of catalogue -->")
    return f"{head}{begin}{catalogue_table()}{end}{tail}"


def _cost_words(cost: dict[str, Any]) -> str:
    words = []
    if "once" in cost:
        words.append(f"{cost['once']:,} once, over {cost.get('life', 36)} months")
    if "month" in cost:
        words.append(f"{cost['month']:,} a month")
    if "use" in cost:
        words.append(f"{cost['use']:g} for each of `{cost['per']}`")
    return " and ".join(words) or "pay of the agents"
