"""What a page shows of self-service: its promise, what it does, and what it saves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.metrics import catalogue
from sim.metrics.metric_titles import metric_title
from sim.metrics.target_status import MET, MISSED, UNDECIDED
from sim.planning.self_service_savings import FORMULA, NAIVE, SIMULATED, WITHOUT
from sim.report.formatting import show, show_difference
from sim.report.result_views import verdict
from sim.scenario.interval_times import mean_of
from sim.scenario.workload import hands_of

if TYPE_CHECKING:
    from sim.experiment import Comparison, Result
    from sim.planning.self_service_savings import Cut, Cuts
    from sim.scenario import Scenario
    from sim.scenario.bot import Bot

WORDS = {
    WITHOUT: "Without self-service",
    NAIVE: "Naive cut",
    FORMULA: "Required, by formula",
    SIMULATED: "Required, by simulation",
}
DEFINITIONS = (
    ("Session", "One customer's stay in self-service."),
    ("Contained", "Sessions that the bot completes ÷ sessions. Contained is not resolved."),
    ("Resolved by the bot", "Sessions that resolve the issue ÷ sessions."),
    ("Abandoned in the bot", "Sessions that the customer abandons ÷ sessions."),
    (
        "Containment",
        "Sessions that end without an agent ÷ sessions: contained and abandoned in the bot. It "
        "does not say whether the customer was helped.",
    ),
    (
        "Bounce-back",
        "Contained sessions after which the customer contacts an agent about the same issue ÷ "
        "contained sessions.",
    ),
    (
        "Deflection",
        "Used for containment by some and for the drop in contacts with agents by others. Here "
        "net deflection is the latter: what agents handle with self-service less what they "
        "handle without it, on the same days.",
    ),
    (
        "Residual handle time",
        "Mean handle time of the contacts left for agents. The bot takes the easy ones; the rest "
        "take longer.",
    ),
)


@dataclass(frozen=True, slots=True)
class Promise:
    """One share that self-service promises and what is simulated of it."""

    name: str
    metric: str
    promised: float
    value: float | None
    low: float | None
    high: float | None


def promises(bot: Bot, result: Result, queue: str) -> list[Promise]:
    """Return what the file says of self-service beside what is simulated.

    Parameters
    ----------
    bot : Bot
    result : Result
    queue : str
        The queue behind it.
    """
    said = {
        "contained_share": bot.contained,
        "bot_resolution": bot.contained * bot.resolved,
        "left_inside_share": bot.left,
        "containment": bot.contained + bot.left,
        "bounce_back": (1 - bot.resolved) * bot.returns.share,
    }
    found = []
    for metric, promised in said.items():
        one = result.estimate(metric, "queue", queue)
        found.append(Promise(metric_title(metric), metric, promised, one.value, one.low, one.high))
    return found


def promise_table(rows: Sequence[Promise]) -> list[dict[str, str]]:
    """Return promises and what is simulated as rows of text."""
    return [
        {
            "Share": row.name,
            "Assumed": show(row.promised, "share"),
            "Simulated": show(row.value, "share"),
            "95 % confidence interval": _bounds(row.low, row.high, "share"),
            "Definition": catalogue()[row.metric].meaning,
        }
        for row in rows
    ]


def talk_table(
    scenario: Scenario, queue: str, result: Result, before: Result
) -> list[dict[str, str]]:
    """Return how long contacts take: of all, of what is contained, of what is left for agents.

    Parameters
    ----------
    scenario : Scenario
        With self-service in front of the queue.
    queue : str
    result, before : Result
        With and without self-service.
    """
    from sim.planning.self_service_savings import without_bot

    found = scenario.bot_of(queue)
    assert found is not None
    bot = found[1]
    mean = mean_of(scenario, queue, "talk")
    bare = without_bot(scenario, queue)
    return [
        {
            "Mean time": "Talk time of all contacts, as set for the queue",
            "By formula": show(mean, "s"),
            "Simulated": "-",
        },
        {
            "Mean time": "Talk time of contained contacts, if agents handled them",
            "By formula": show(bot.taken_talk(mean), "s"),
            "Simulated": "-",
        },
        {
            "Mean time": "Talk time of the remaining contacts",
            "By formula": show(bot.residual(mean) * mean, "s"),
            "Simulated": "-",
        },
        {
            "Mean time": "Handle time (AHT) without self-service",
            "By formula": show(hands_of(bare, queue), "s"),
            "Simulated": _aht(before, queue),
        },
        {
            "Mean time": "Handle time (AHT) with self-service, bounce-backs included",
            "By formula": show(hands_of(scenario, queue), "s"),
            "Simulated": _aht(result, queue),
        },
    ]


def _aht(result: Result, queue: str) -> str:
    one = result.estimate("aht_s", "queue", queue)
    return f"{show(one.value, 's')} ({_bounds(one.low, one.high, 's')})"


def deflection_table(comparison: Comparison, queue: str) -> list[dict[str, str]]:
    """Return what reaches agents and how busy they are, with self-service against without.

    Parameters
    ----------
    comparison : Comparison
        Without self-service first.
    queue : str
    """
    wanted = {
        ("queue", queue, "handled"): "Contacts handled by agents (net deflection)",
        ("queue", queue, "service_level"): "Service level of the queue, same agents",
        ("total", "total", "occupancy"): "Occupancy of all agents",
    }
    table = []
    for row in comparison.rows:
        name = wanted.get((row.scope, row.name, row.metric))
        if name is not None:
            unit = catalogue()[row.metric].unit
            table.append(
                {
                    "Metric": name,
                    "Without": show(row.base, unit),
                    "With": show(row.value, unit),
                    "Difference": show_difference(row.difference, unit),
                    "95 % confidence interval": _difference_bounds(row.low, row.high, unit),
                    "Verdict": verdict(row),
                }
            )
    return table


REACHED = {MET: "yes", UNDECIDED: "undecided", MISSED: "no"}
"""Whether targets are reached, by what the confidence intervals show."""


def cut_table(found: Cuts) -> list[dict[str, str]]:
    """Return the ways to staff as rows of text."""
    base = found.rows[0].agents
    return [
        {
            "Staff": WORDS[row.name],
            unit_of(found).capitalize(): show_amount(row.agents, found),
            "Difference from without": "-"
            if row.name == WITHOUT or not base
            else f"{row.agents / base - 1:+.0%}".replace("%", " %"),
            "Simulated service level": show(row.level.value, "share"),
            "95 % confidence interval": _bounds(row.level.low, row.level.high, "share"),
            "Occupancy": f"{show(row.occupancy.value, 'share')} "
            f"({_bounds(row.occupancy.low, row.occupancy.high, 'share')})",
            "Targets reached": REACHED[row.status],
        }
        for row in found.rows
    ]


def unit_of(found: Cuts) -> str:
    """Return what needs are counted in."""
    return "agents" if found.stationary else "agent-hours"


def show_amount(agents: float, found: Cuts) -> str:
    """Return a need as people write it."""
    return f"{agents:,.0f}" if found.stationary else show(agents, "h")


def cut_words(found: Cuts) -> str:
    """Return in plain words what the naive cut does, and what is needed."""
    naive, formula = found.of(NAIVE), found.of(FORMULA)
    base = found.of(WITHOUT)
    assert naive is not None
    assert formula is not None
    assert base is not None
    if naive.reached and naive.agents > formula.agents:
        return (
            f"Self-service contains {show(found.taken, 'share')} of the contacts. The naive cut, "
            f"from {show_amount(base.agents, found)} {_bare(found)}to "
            f"{show_amount(naive.agents, found)}, {_reaches(naive)}, as it keeps more agents than "
            f"needed. {_needed(found)}"
        )
    if naive.reached:
        return (
            f"Self-service contains {show(found.taken, 'share')} of the contacts. Here even the "
            f"naive cut, from {show_amount(base.agents, found)} to "
            f"{show_amount(naive.agents, found)}, {_reaches(naive)}: the staff required without "
            f"self-service had slack, as it gives {show(base.level.value, 'share')} where the "
            f"target is {show(found.target, 'share')}. That slack is used up, not work saved. "
            f"{_needed(found)}"
        )
    return (
        f"Self-service contains {show(found.taken, 'share')} of the contacts. The naive cut goes "
        f"from {show_amount(base.agents, found)} {_bare(found)}to "
        f"{show_amount(naive.agents, found)}, and {show(naive.level.value, 'share')} are then "
        f"answered in time ({_bounds(naive.level.low, naive.level.high, 'share')}), with a target "
        f"of {show(found.target, 'share')} and {show(base.level.value, 'share')} without "
        f"self-service. {_needed(found)}"
    )


def _reaches(cut: Cut) -> str:
    """Return how sure it is that a way to staff reaches the targets."""
    if cut.status == MET:
        return "reaches the targets"
    return "reaches the targets on average (undecided: more replications needed)"


def _needed(found: Cuts) -> str:
    """Return what is needed by formula and by simulation, and how coarse the latter is."""
    formula, simulated = found.of(FORMULA), found.of(SIMULATED)
    assert formula is not None
    text = f"By formula {show_amount(formula.agents, found)} are required"
    if simulated is None:
        return f"{text}; the simulation reaches the targets with no number near it."
    step = f", in steps of {show_amount(found.step, found)}"
    return f"{text}, by simulation {show_amount(simulated.agents, found)}{step}."


def _bare(found: Cuts) -> str:
    return "agents " if found.stationary else ""


def _bounds(low: float | None, high: float | None, unit: str) -> str:
    if low is None or high is None:
        return "one replication"
    return f"{show(low, unit)} to {show(high, unit)}"


def _difference_bounds(low: float | None, high: float | None, unit: str) -> str:
    if low is None or high is None:
        return "one replication"
    return f"{show_difference(low, unit)} to {show_difference(high, unit)}"


def slider_values(scenario: Scenario, queue: str) -> dict[str, int]:
    """Return the fields of a queue's self-service in whole percent and seconds; none without."""
    found = scenario.bot_of(queue)
    if found is None:
        return {}
    bot, mean = found[1], mean_of(scenario, queue, "talk")
    easy = bot.taken_talk(mean) / mean if mean > 0 else 0.5
    return {
        "tried": round(100 * bot.tried),
        "contained": round(100 * bot.contained),
        "resolved": round(100 * bot.resolved),
        "left": round(100 * bot.left),
        "back": round(100 * bot.returns.share),
        "easy": min(round(100 * easy), 200),
        "session": min(max(10 * round(bot.session.mean / 10), 10), 900),
    }


def bot_fields(scenario: Scenario, queue: str, values: Mapping[str, int]) -> dict[str, Any]:
    """Return a table of self-service from whole percent and seconds.

    Parameters
    ----------
    scenario : Scenario
        What its self-service says beyond these values is kept.
    queue : str
    values : mapping
        Keys as of :func:`slider_values`.
    """
    found = scenario.bot_of(queue)
    old = found[1] if found is not None else None
    kept = {} if old is None else {"handover": old.handover, "outage": old.outage, "kind": old.kind}
    talk = mean_of(scenario, queue, "talk") * values["easy"] / 100
    returns: dict[str, Any] = {"share": f"{values['back']}%"}
    if old is not None:
        returns["after"] = old.returns.after
    return {
        **kept,
        "session": f"exponential {values['session']}s",
        "tried": f"{values['tried']}%",
        "contained": f"{values['contained']}%",
        "resolved": f"{values['resolved']}%",
        "left": f"{values['left']}%",
        "takes": f"{max(talk, 0.1):.1f}s",
        "returns": returns,
    }
