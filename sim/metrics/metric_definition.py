"""What a metric consists of: name, unit, formula, meaning, and where it exists."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Base = Literal["legs", "issues", "journeys", "time", "center"]
Needs = Literal[
    "any",
    "live",
    "deferred",
    "callback",
    "bot",
    "resolution",
    "always",
    "wage",
    "bot_cost",
    "line_cost",
    "tools",
    "messages",
    "outbound",
    "satisfaction",
    "value",
    "poor_service",
    "costs",
    "costs_resolved",
    "costs_paid",
    "silent",
    "announce",
    "not_ready",
]


@dataclass(frozen=True, slots=True)
class RatioMetric:
    """One metric.

    Attributes
    ----------
    name : str
    unit : str
        ``share`` is from 0 to 1; ``s`` seconds; ``h`` hours; else what is counted.
    base : {"legs", "issues", "journeys", "time", "center"}
        What the sums are over; it decides the scopes: legs and their queues and channels,
        issues and the queue they first turned to, over the whole horizon also with their kind
        and segment (journeys), time of agents and their groups, the center
        as a whole.
    top, bottom : str
        Numerator and denominator; an empty denominator means per replication.
    meaning : str
        One sentence for people.
    higher_is_better : bool or None
        None where more is neither better nor worse.
    needs : str
        Queues that take part: ``live`` or ``deferred`` ones, those with a ``callback``, with
        a ``bot``, with a model of ``resolution``, of ``silent``
        abandonment, or that ``announce`` waits; groups with a ``wage``, or whose
        agents are ``not_ready`` after contacts; those with a cost of
        their own (``bot_cost``, ``line_cost``, ``tools``); the center where any cost but pay
        is known (``costs``), and with it what is resolved (``costs_resolved``) or pay
        (``costs_paid``); messages with a cost (``messages``), a model of ``satisfaction``, and
        with it customers whose ``value`` is known; ``any`` for all.
    at_instant : bool
        A state at the end of the interval: over a longer period the last one holds.
    """

    name: str
    unit: str
    base: Base
    top: str
    bottom: str
    meaning: str
    higher_is_better: bool | None = None
    needs: Needs = "any"
    at_instant: bool = False


@dataclass(frozen=True, slots=True)
class NonRatioMetric:
    """A metric that is not a ratio of sums; ``how`` says how it is computed."""

    name: str
    unit: str
    how: str
    meaning: str
    higher_is_better: bool | None = None
    needs: Needs = "any"
    scopes: tuple[str, ...] = field(default=("total", "channel", "target", "queue"))
