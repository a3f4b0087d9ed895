"""A call log of three channels with issues, transfers and answers, made apart from the engines.

Every parameter is known, and nothing of the program that estimates them is used.
"""

import datetime as dt
from dataclasses import dataclass, field

import numpy as np

FIRST_DAY = dt.date(2026, 3, 2)
TITLES = (
    "offered", "wait", "outcome", "talk", "agent", "queue", "channel", "customer", "issue",
    "contact", "resolved", "survey",
)  # fmt: skip
CHANNELS = ("phone", "chat", "email")


@dataclass(frozen=True)
class JourneyWorld:
    """Customers with issues; probabilities unless said otherwise.

    Attributes
    ----------
    days, issues, agents : int
    first : tuple of float
        Channel of the first contact.
    resolved : float
        Of an answered contact, by an agent of usual resolution.
    agent_cv : float
        Of what agents resolve.
    abandons, redials : float
        Of a contact by phone or chat, and of those who abandoned, 20 minutes later on average.
    repeats : float
        Of unresolved contacts, after `delay_h` hours on average (exponential).
    moves : float
        Of repeats, to another channel.
    transfers : float
        Of answered contacts, to the other queue of the channel.
    odds : float
        Of being satisfied where nothing went wrong.
    factors : dict of str to float
        On the odds, as `[satisfaction]` has them; ``chat`` and ``email`` by first channel.
    answers : dict of str to float
        Probability to answer a survey of the resolved and the unresolved, and its factor on the
        odds for the satisfied.
    """

    days: int = 42
    issues: int = 7000
    agents: int = 24
    first: tuple[float, ...] = (0.6, 0.25, 0.15)
    resolved: float = 0.7
    agent_cv: float = 0.15
    abandons: float = 0.08
    redials: float = 0.6
    repeats: float = 0.6
    delay_h: float = 30.0
    moves: float = 0.35
    transfers: float = 0.12
    odds: float = 6.0
    factors: dict[str, float] = field(
        default_factory=lambda: {
            "unresolved": 0.15, "contact": 0.6, "transfer": 0.5, "switch": 0.6, "wait": 0.9,
            "chat": 1.5, "email": 0.8,
        }
    )  # fmt: skip
    answers: dict[str, float] = field(
        default_factory=lambda: {"resolved": 0.3, "unresolved": 0.55, "satisfied": 1.0}
    )


@dataclass
class Made:
    """The rows, and what really happened, also where the log does not show it."""

    rows: list
    satisfied: list = field(default_factory=list)
    answered: list = field(default_factory=list)


def made(world=JourneyWorld(), seed=1):
    """Return the rows of a log and what happened."""
    rng = np.random.default_rng(seed)
    found = Made([])
    skill = np.clip(1 + world.agent_cv * rng.standard_normal(world.agents), 0.2, 1 / world.resolved)
    for issue in range(world.issues):
        _journey(world, rng, skill, issue, found)
    found.rows.sort(key=lambda row: row[0])
    return found


def _journey(world, rng, skill, issue, found):
    channel = first = rng.choice(3, p=world.first)
    when = rng.integers(world.days) * 86_400 + rng.uniform(8, 18) * 3600
    contacts = transfers = switches = 0
    waited = 0.0
    while when < world.days * 86_400 and contacts < 8:
        number = f"{issue}-{contacts}"
        wait = rng.exponential(3600) if channel == 2 else rng.exponential(120)
        waited += 0 if channel == 2 else wait
        contacts += 1
        lead = (issue, number)
        if channel != 2 and rng.random() < world.abandons:
            found.rows.append(_row(when, wait, "abandoned", "", "", channel, 0, lead, "", ""))
            if rng.random() > world.redials:
                return
            when += wait + rng.exponential(1200)
            continue
        agent, talk = rng.integers(world.agents), rng.exponential(240) + 10
        is_moved = rng.random() < world.transfers
        kind = int(rng.random() < 0.3)
        if is_moved:
            found.rows.append(
                _row(when, wait, "answered", talk, agent, channel, kind, lead, "", "")
            )
            when, wait, kind = when + wait + talk, rng.exponential(30), 1 - kind
            waited += 0 if channel == 2 else wait
            transfers += 1
            agent = (agent + rng.integers(1, world.agents)) % world.agents
            talk = rng.exponential(240) + 10
        resolved = rng.random() < world.resolved * skill[agent]
        survey = _survey(world, rng, found, resolved, contacts, transfers, switches, waited, first)
        found.rows.append(
            _row(when, wait, "answered", talk, agent, channel, kind, lead, int(resolved), survey)
        )
        if resolved or rng.random() > world.repeats:
            return
        when += wait + talk + rng.exponential(3600 * world.delay_h)
        if rng.random() < world.moves:
            channel = (channel + rng.integers(1, 3)) % 3
            switches += 1


def _survey(world, rng, found, resolved, contacts, transfers, switches, waited, first):
    factor = world.factors
    odds = world.odds * factor["contact"] ** (contacts - 1) * factor["transfer"] ** transfers
    odds *= factor["switch"] ** switches * factor["wait"] ** max(waited / 60 - 2, 0)
    odds *= (1, factor["chat"], factor["email"])[first]
    odds *= 1 if resolved else factor["unresolved"]
    satisfied = rng.random() < odds / (1 + odds)
    share = world.answers["resolved" if resolved else "unresolved"]
    answer = share / (1 - share) * (world.answers["satisfied"] if satisfied else 1)
    answered = rng.random() < answer / (1 + answer)
    found.satisfied.append(satisfied)
    found.answered.append(answered)
    return (5 if satisfied else 2) if answered else ""


def _row(when, wait, outcome, talk, agent, channel, kind, lead, resolved, survey):
    at = dt.datetime.combine(FIRST_DAY, dt.time()) + dt.timedelta(seconds=float(when))
    issue, number = lead
    return (
        at.strftime("%Y-%m-%d %H:%M:%S.%f"), f"{wait:.3f}", outcome,
        talk if talk == "" else f"{talk:.3f}", agent if agent == "" else f"A{agent}",
        ("billing", "cards")[kind], CHANNELS[channel], f"C{issue}", f"I{issue}", f"N{number}",
        resolved, survey,
    )  # fmt: skip
