"""In which order waiting contacts of different queues are served: fields of the scenario."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.array_types import Bools, Ints
from sim.history.calibration.estimated_values import EstimatedValue, estimated
from sim.history.call_log import CallLog
from sim.history.estimation.day_bootstrap import DayBootstrap, DayEstimate
from sim.history.estimation.distribution_text import rounded
from sim.history.estimation.queue_states import Waiting
from sim.history.estimation.service_order import ServiceOrder, order_pairs, service_order

OWN_OVERTAKING = 0.05
"""Share of overtaken contacts of the same queue above which the report says so."""
MANY_WAITING, AT_ONCE, OFTEN_AT_ONCE = 2, 1.0, 0.25
"""Customers waiting, wait (s) and share from which a queue counts as served apart from others."""
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
    """

    found: ServiceOrder
    queues: tuple[str, ...]
    longest_wait: float

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
        if at < 0 or self.rule not in ("head start", "weight"):
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
        for queue in self.queues:
            if (at := self._at(queue)) < 0 or self.rule == "first come":
                continue
            scope = f"queue.{queue}"
            if self.rule == "strict":
                tier, pairs = 1.0 + float(self.found.tiers[at]), self.found.head_start[at].records
                nan = float("nan")
                yield EstimatedValue(
                    "priority", scope, tier, nan, nan, "count", how, pairs, f"{scope}.priority"
                )
                continue
            field, unit = ("head_start", "s") if self.rule == "head start" else ("weight", "ratio")
            yield estimated(field, scope, self.estimate(queue), unit, how, f"{scope}.{field}")

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
        }  # fmt: skip

    def _at(self, queue: str) -> int:
        """Return the place of a queue among those that were compared; -1 if it was not."""
        places = np.flatnonzero(self.found.priorities == self.queues.index(queue))
        return int(places[0]) if places.size else -1


def estimate_order(
    log: CallLog, skills: Bools, bootstrap: DayBootstrap, missing: list[str]
) -> QueueOrder | None:
    """Return the order of service of queues; None where fewer than fifty pairs show it.

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
    own = log.queue[pairs.earlier] == log.queue[pairs.later]
    _note_own(log, pairs.overtaken[own], log.queue[pairs.earlier[own]], missing)
    note_at_once(log, missing)
    found = service_order(pairs, log.queue.astype(float), bootstrap, lowest=True)
    return None if found is None else QueueOrder(found, log.queues, float(log.wait.max()))


def note_at_once(log: CallLog, missing: list[str]) -> None:
    """Say which queues are answered at once while others wait, as if they had agents of their own.

    A contact that did not wait is in no pair of waiting ones, so the order of service does not
    show it.
    """
    waiting = Waiting.of(log.instant, log.wait).before(log.instant) >= MANY_WAITING
    number = np.bincount(log.queue[waiting], minlength=len(log.queues))
    at_once = log.answered & (log.wait < AT_ONCE) & waiting
    hits = np.bincount(log.queue[at_once], minlength=len(log.queues))
    for at in np.flatnonzero((number >= 50) & (hits > OFTEN_AT_ONCE * number)):
        missing.append(
            f"order of {log.queues[at]}: {100 * hits[at] / number[at]:.0f} % of its contacts that "
            f"came while {MANY_WAITING} or more waited were answered at once, as if it had agents "
            "of its own; simulated, they wait as others do, so its waits are too long"
        )


def _note_own(log: CallLog, overtaken: Bools, queue: Ints, missing: list[str]) -> None:
    """Say where contacts of one queue overtake each other, which a scenario does not have."""
    number = np.bincount(queue, minlength=len(log.queues))
    hits = np.bincount(queue, overtaken, len(log.queues)).astype(float)
    for at in np.flatnonzero((number >= 50) & (hits > OWN_OVERTAKING * number)):
        missing.append(
            f"order within {log.queues[at]}: {100 * hits[at] / number[at]:.0f} % of its waiting "
            "contacts are overtaken by later ones of the same queue; simulated in their order of "
            "arrival"
        )
