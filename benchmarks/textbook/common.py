"""What the textbook models have in common: waits, arrivals, distributions, changing headcount."""

import math
import random
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import simpy

from sim.resources import scenarios_dir

HALF_HOUR = 1800.0


@dataclass
class Waits:
    """What a replication records of a queue.

    Attributes
    ----------
    offered : int
    answered, abandoned : list of float
        Waits (s).
    """

    offered: int = 0
    answered: list[float] = field(default_factory=list)
    abandoned: list[float] = field(default_factory=list)


def scenario(name: str) -> dict[str, Any]:
    """Return the tables of a shipped scenario, for its volumes and headcounts."""
    return tomllib.loads((scenarios_dir() / f"{name}.toml").read_text(encoding="utf-8"))


def contacts(days: dict[str, Waits]) -> int:
    """Return the contacts offered to all queues."""
    return sum(waits.offered for waits in days.values())


def arrivals(
    env: simpy.Environment, rng: random.Random, volumes: Sequence[float],
    contact: Callable[[], Any], start: float = 0.0, interval: float = HALF_HOUR,
) -> Any:  # fmt: skip
    """Let contacts arrive, in each interval at its own rate."""
    for k, volume in enumerate(volumes):
        instant, end = start + k * interval, start + (k + 1) * interval
        while volume > 0 and (instant := instant + rng.expovariate(volume / interval)) < end:
            yield env.timeout(instant - env.now)
            env.process(contact())


def lognormal(rng: random.Random, mean: float, cv: float) -> float:
    """Draw from the lognormal distribution with a mean and a coefficient of variation."""
    variance = math.log1p(cv * cv)
    return rng.lognormvariate(math.log(mean) - variance / 2, math.sqrt(variance))


def weibull(rng: random.Random, mean: float, shape: float) -> float:
    """Draw from the Weibull distribution with a mean."""
    return rng.weibullvariate(mean / math.gamma(1 + 1 / shape), shape)


AWAY = (-1, 0)


class Team(simpy.PreemptiveResource):
    """Agents who log in and out: who is not on duty is held by a request of the first priority.

    Priorities are tuples of numbers, the lower first.
    """

    users: Any

    def __init__(self, env: simpy.Environment, agents: int) -> None:
        super().__init__(env, agents)
        self.env, self.on_duty = env, 0
        self.absent = [self.turn(*AWAY) for _ in range(agents)]
        self.leaving: dict[Any, simpy.Event] = {}

    def turn(self, *priority: float, interrupt: bool = False) -> Any:
        """Request an agent, perhaps one whose work has a lower priority."""
        return self.request(priority, preempt=interrupt)  # type: ignore[arg-type]

    def done(self, turn: Any) -> None:
        """Free the agent of a request, or withdraw it while it waits."""
        left = self.leaving.pop(turn, None)
        if not turn.triggered:
            turn.cancel()
        elif left is None:
            self.release(turn)
        elif turn in self.users:  # the agent leaves
            turn.priority, turn.key = AWAY, (AWAY, 0.0, True)
            left.succeed(turn)
        else:  # interrupted work: the next agent who is free leaves instead
            self._next_free(left)

    def leave(self, rng: random.Random) -> simpy.Event:
        """Let an agent leave, when work is done; the event returned holds the request."""
        left = self.env.event()
        busy = [u for u in self.users if u.priority != AWAY and u not in self.leaving]
        if self.count < self.capacity or not busy:
            self._next_free(left)
        else:
            self.leaving[rng.choice(busy)] = left
        return left

    def _next_free(self, left: simpy.Event) -> None:
        request = self.turn(*AWAY)
        request.callbacks.append(lambda _: left.succeed(request))

    def log_in(self) -> None:
        """Let an agent log in, first of all one who was about to log out."""
        self.on_duty += 1
        if self.leaving:
            self.leaving.popitem()
        else:
            self.release(self.absent.pop())

    def log_out(self, rng: random.Random) -> None:
        """Let an agent log out, when work is done."""
        self.on_duty -= 1
        self.leave(rng).callbacks.append(lambda event: self.absent.append(event.value))

    def headcount(self, rng: random.Random, numbers: Sequence[int], start: float = 0.0) -> Any:
        """Follow the headcount of each half hour."""
        for k, number in enumerate(numbers):
            yield self.env.timeout(start + k * HALF_HOUR - self.env.now)
            while self.on_duty < number:
                self.log_in()
            while self.on_duty > number:
                self.log_out(rng)
