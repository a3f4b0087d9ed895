"""In which order waiting contacts of different queues are served: fields of the scenario."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.array_types import Bools
from sim.history.calibration.estimated_values import EstimatedValue, estimated
from sim.history.call_log import CallLog
from sim.history.estimation.day_bootstrap import DayBootstrap, DayEstimate
from sim.history.estimation.distribution_text import rounded
from sim.history.estimation.queue_states import Waiting
from sim.history.estimation.service_order import (
    OrderPairs,
    ServiceOrder,
    order_pairs,
    service_order,
)

OWN_OVERTAKING = 0.05
"""Share of overtaken contacts of the same queue above which the report says so."""
MANY_WAITING, AT_ONCE, OFTEN_AT_ONCE = 2, 1.0, 0.25
"""Customers waiting, wait (s) and share from which a queue counts as served before all others."""
FEWEST = 50
"""Contacts of a queue."""
LEAST_HEAD_START = 1.0
LEAST_WEIGHT = 1.01
IN_WORDS = {
    "first come": "first come, first served, whatever the queue",
    "head start": "by waiting time, some queues with a head start",
    "weight": "by waiting time, which counts several times in some queues",
    "strict": "queues of higher priority strictly first",
}


@dataclass(frozen=True)
class QueueOrder:
    """The order of service of the queues of a center.

    Attributes
    ----------
    found : ServiceOrder
        Its priorities are places of queues.
    queues : tuple of str
    longest_wait : float
        Of the log (s): a longer head start does no more.
    at_once : dict of str to float
        Queues whose contacts are often answered at once though customers wait whom the same agents
        serve, with the share in which they are. They go before all others.
    """

    found: ServiceOrder
    queues: tuple[str, ...]
    longest_wait: float
    at_once: dict[str, float] = field(default_factory=dict)

    @property
    def rule(self) -> str:
        """``first come``, ``head start``, ``weight`` or ``strict``."""
        return self.found.rule

    @property
    def in_words(self) -> str:
        """The rule as a sentence without its end."""
        return IN_WORDS[self.rule]

    def name(self, priority: float) -> str:
        """Return the queue at a place."""
        return self.queues[int(priority)]

    def estimate(self, queue: str) -> DayEstimate:
        """Return head start (s) or weight of a queue, as the rule has them; NaN without."""
        at = self._at(queue)
        if at < 0 or queue in self.at_once or self.rule not in ("head start", "weight"):
            return DayEstimate(float("nan"))
        return (self.found.head_start if self.rule == "head start" else self.found.weight)[at]

    def fields(self, queue: str, value: float | None = None) -> dict[str, Any]:
        """Return what the scenario says of a queue's place in the order.

        Parameters
        ----------
        queue : str
        value : float, optional
            Head start (s) or weight in place of the estimate.
        """
        at = self._at(queue)
        if queue in self.at_once:
            return {"priority": self._first}
        if at < 0:
            return {}
        if self.rule == "strict":
            tier = int(self.found.tiers[at])
            return {"priority": 1 + tier} if tier else {}
        value = self.estimate(queue).value if value is None else value
        if self.rule == "head start" and value >= LEAST_HEAD_START:
            return {"head_start": f"{rounded(min(value, self.longest_wait), 3)}s"}
        if self.rule == "weight" and value >= LEAST_WEIGHT:
            return {"weight": rounded(value, 3)}
        return {}

    def rows(self) -> Iterator[EstimatedValue]:
        """Yield the estimates of the rule that holds."""
        how = f"who overtakes whom: {self.in_words}"
        nan = float("nan")
        for queue in self.queues:
            scope = f"queue.{queue}"
            path = f"{scope}.priority"
            if queue in self.at_once:
                yield EstimatedValue(
                    "priority", scope, float(self._first), nan, nan, "count",
                    f"{100 * self.at_once[queue]:.0f} % of its contacts that came while "
                    f"{MANY_WAITING} or more waited were answered at once",
                    0, path,
                )  # fmt: skip
                continue
            if (at := self._at(queue)) < 0 or self.rule == "first come":
                continue
            if self.rule == "strict":
                tier, pairs = 1.0 + float(self.found.tiers[at]), self.found.head_start[at].records
                yield EstimatedValue("priority", scope, tier, nan, nan, "count", how, pairs, path)
                continue
            name, unit = ("head_start", "s") if self.rule == "head start" else ("weight", "ratio")
            yield estimated(name, scope, self.estimate(queue), unit, how, f"{scope}.{name}")

    def document(self) -> dict[str, Any]:
        """Return rule, likelihoods and pairs for JSON."""
        return {
            "rule": self.rule,
            "log_likelihood": {k: round(v, 3) for k, v in self.found.log_likelihood.items()},
            "overtaking": [
                {
                    "later": self.name(one.later), "earlier": self.name(one.earlier),
                    "pairs": one.pairs, "share": round(one.share, 6), "low": round(one.low, 6),
                    "high": round(one.high, 6),
                }
                for one in self.found.overtaking
            ],
            "at_once": {name: round(share, 6) for name, share in self.at_once.items()},
        }  # fmt: skip

    @property
    def _first(self) -> int:
        """The priority before which no other queue is served."""
        strict = self.rule == "strict"
        return 2 + (int(self.found.tiers.max(initial=0)) if strict else 0)

    def _at(self, queue: str) -> int:
        """Return the place of a queue among those that were compared; -1 if it was not."""
        places = np.flatnonzero(self.found.priorities == self.queues.index(queue))
        return int(places[0]) if places.size else -1


def estimate_order(
    log: CallLog, skills: Bools, bootstrap: DayBootstrap, missing: list[str]
) -> QueueOrder | None:
    """Return the order of service of queues; None where fewer than fifty pairs show it.

    Where the order changed from the first to the second half of the days, it is that of the second.

    Parameters
    ----------
    log : CallLog
    skills : bool, shape (agents, queues)
        Pairs count where the agent could have taken the other contact as well.
    bootstrap : DayBootstrap
    missing : list of str
        What the scenario cannot say is added.
    """
    if len(log.queues) < 2:
        return None
    agent = np.where(log.answered, log.agent, -1)
    pairs = order_pairs(
        log.instant, log.wait, log.answered, queue=log.queue, agent=agent, skills=skills
    )
    _note_own(
        log, pairs.among(log.queue[pairs.earlier] == log.queue[pairs.later]), bootstrap, missing
    )
    at_once = queues_at_once(log, skills)
    for name, share in at_once.items():
        missing.append(
            f"order of {name}: {100 * share:.0f} % of its contacts that came "
            f"while {MANY_WAITING} or more waited were answered at once by agents who serve "
            "those too; simulated, it is served before all others, but waits for an agent"
        )
    found = service_order(pairs, log.queue.astype(float), bootstrap, lowest=True)
    if found is None:
        if not at_once:
            return None
        none = np.empty(0)
        found = ServiceOrder("first come", none, none.astype(np.int64), (), (), {}, ())
    else:
        found = _of_second_half(log, pairs, bootstrap, found, missing)
    return QueueOrder(found, log.queues, float(log.wait.max()), at_once)


def _of_second_half(
    log: CallLog, pairs: OrderPairs, bootstrap: DayBootstrap, found: ServiceOrder,
    missing: list[str],
) -> ServiceOrder:  # fmt: skip
    """Return the order of the second half of the days if that of the first is another one."""
    days = np.flatnonzero(log.day_used)
    late = log.day[pairs.earlier] >= days[days.size // 2]
    queue = log.queue.astype(float)
    first = service_order(pairs.among(~late), queue, bootstrap, lowest=True)
    if first is None or first.rule in ("strict", "weight"):
        return found
    second = service_order(pairs.among(late), queue, bootstrap, lowest=True)
    if second is None or first.priorities.size != second.priorities.size:
        return found
    rules = {first.rule, second.rule} - {"first come"}
    apart = any(
        low > most or high < least
        for (low, high), (least, most) in zip(_ends(first), _ends(second), strict=True)
    )
    if rules != {"head start"} or not apart:
        return found
    missing.append(
        "order of service in the first half of the days: it changed, and that of the second half "
        "is simulated"
    )
    return second


def _ends(order: ServiceOrder) -> list[tuple[float, float]]:
    """Return the ends of the confidence intervals of the head starts."""
    none = order.rule == "first come"
    return [(0.0, 0.0) if none else (one.low, one.high) for one in order.head_start]


def queues_at_once(log: CallLog, skills: Bools) -> dict[str, float]:
    """Return the queues that are often answered at once while others wait, and in which share.

    Only contacts count whose agent serves a customer who waited then: queues with agents of their
    own are answered at once without going before anybody. A contact that did not wait is in no
    pair of waiting ones, so who overtakes whom does not show it.

    Parameters
    ----------
    log : CallLog
    skills : bool, shape (agents, queues)
    """
    queues = len(log.queues)
    waiting = np.stack([
        Waiting.of(log.instant[mine], log.wait[mine]).before(log.instant)
        for mine in (log.queue == at for at in range(queues))
    ])  # fmt: skip
    came = (waiting.sum(axis=0) >= MANY_WAITING) & (~log.answered | (log.agent >= 0))
    passed = (waiting.T * skills[log.agent]).sum(axis=1) > 0
    hits = came & passed & log.answered & (log.wait < AT_ONCE)
    number, at_once = (np.bincount(log.queue[some], minlength=queues) for some in (came, hits))
    return {
        log.queues[at]: float(at_once[at] / number[at])
        for at in np.flatnonzero((number >= FEWEST) & (at_once > OFTEN_AT_ONCE * number))
    }


def _note_own(log: CallLog, pairs: OrderPairs, bootstrap: DayBootstrap, missing: list[str]) -> None:
    """Say where contacts of one queue overtake each other, which a scenario does not have."""
    queue = log.queue[pairs.earlier]
    number = np.bincount(queue, minlength=len(log.queues))
    hits = np.bincount(queue, pairs.overtaken, len(log.queues)).astype(float)
    for at in np.flatnonzero((number >= FEWEST) & (hits > OWN_OVERTAKING * number)):
        missing.append(
            f"order within {log.queues[at]}: {100 * hits[at] / number[at]:.0f} % of its waiting "
            "contacts are overtaken by later ones of the same queue"
            + _by_priority(log, pairs.among(queue == at), bootstrap)
            + "; simulated in their order of arrival"
        )


def _by_priority(log: CallLog, pairs: OrderPairs, bootstrap: DayBootstrap) -> str:
    """Return in words what the priorities of customers do within a queue, empty for nothing."""
    found = service_order(pairs, log.priority, bootstrap, lowest=True)
    if found is None or found.rule == "first come":
        return ""
    if found.rule == "strict":
        first = found.priorities[np.argmax(found.tiers)]
        return f", those of priority {first:g} first"
    said = []
    for at, level in enumerate(found.priorities):
        if found.rule == "weight" and found.weight[at].value >= LEAST_WEIGHT:
            said.append(f"{rounded(found.weight[at].value, 2)} times as long at priority {level:g}")
        if found.rule == "head start" and found.head_start[at].value >= LEAST_HEAD_START:
            said.append(f"{rounded(found.head_start[at].value, 2)} s longer at priority {level:g}")
    return f": their waits count as {', '.join(said)}" if said else ""
