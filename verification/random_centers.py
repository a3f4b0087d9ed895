"""Centers with random parameters, simulated apart from the engines, and the call logs they leave.

Queues, groups of agents with speeds of their own, shifts with a break, days that differ, retrials
of customers of whom only a share is known: what a log does not say (gaps, patience, presences,
first calls) is what calibration must find. In every second center agents take breaks when it is
quiet, in every third one short pauses whether customers wait or not; in two thirds those who serve
all queues are asked before all others, or after them.
"""

from __future__ import annotations

import csv
import datetime as dt
import heapq
from dataclasses import dataclass, field
from math import exp, gamma, log, log1p, sqrt
from pathlib import Path
from typing import Any

import numpy as np

from sim.array_types import Floats

FIRST_DAY = dt.date(2026, 3, 2)  # a Monday
OPEN, HOURS = 8, 10
HALF_HOUR, DAY = 1800.0, 86_400.0
TITLES = ("Start", "Queue", "Wait", "Talk", "Wrap-up", "Agent", "Outcome", "Customer")


@dataclass(frozen=True)
class Times:
    """A distribution of times (s), by kind, mean and shape: CV, or the exponent of Weibull."""

    kind: str
    mean: float
    shape: float = 1.0
    zero: float = 0.0

    def draw(self, rng: np.random.Generator) -> float:
        """Return one time."""
        if self.zero and rng.random() < self.zero:
            return 0.0
        if self.kind == "lognormal":
            variance = log1p(self.shape**2)
            return float(rng.lognormal(log(self.mean) - variance / 2, sqrt(variance)))
        if self.kind == "gamma":
            return float(rng.gamma(1 / self.shape**2, self.mean * self.shape**2))
        scale = self.mean / gamma(1 + 1 / self.shape)
        return float(scale * rng.weibull(self.shape))

    def beyond(self, time: float) -> float:
        """Return the probability of a longer time; of Weibull and lognormal without zeros."""
        if self.kind == "lognormal":
            from scipy.special import ndtr

            variance = log1p(self.shape**2)
            return float(ndtr((log(self.mean) - variance / 2 - log(time)) / sqrt(variance)))
        return exp(-((time * gamma(1 + 1 / self.shape) / self.mean) ** self.shape))


@dataclass(frozen=True)
class RandomQueue:
    """A queue: contacts by half hour of a usual day, and its distributions."""

    name: str
    profile: Floats
    talk: Times
    patience: Times
    balk: float
    patient: float  # share who never abandon


@dataclass
class RandomCenter:
    """Parameters of a center, drawn from a seed."""

    seed: int
    days: int
    queues: list[RandomQueue]
    volume_cv: float
    memory: float
    talk_day_cv: float
    speed_cv: float
    wrap: Times
    gap: Times
    retry: float
    retry_after: float
    known: float
    agents: list[tuple[int, ...]] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    quiet_share: float = 0.0
    quiet_length: float = 0.0
    pause: float = 0.0  # length (s) of the two of a shift
    later: int = 0  # those who serve all queues are asked first (-1), as others (0), last (1)
    speeds: Floats = field(default_factory=lambda: np.ones(0))

    @property
    def has_breaks(self) -> bool:
        """Whether agents take breaks when quiet, or pauses."""
        return self.quiet_share > 0 or self.pause > 0

    @classmethod
    def draw(cls, seed: int) -> RandomCenter:
        """Return a center with random parameters."""
        rng = np.random.default_rng([seed, 1])
        u = rng.uniform
        volume = float(np.exp(u(np.log(120), np.log(700))))
        shares = rng.dirichlet([8.0] * int(rng.integers(1, 3)))
        t = np.linspace(0, 1, 2 * HOURS)
        queues = []
        for k, share in enumerate(shares):
            bump = np.exp(-(((t - u(0.2, 0.6)) / u(0.2, 0.5)) ** 2)) + 0.2
            patience = (
                Times("lognormal", u(90, 400), u(0.8, 1.8)),
                Times("weibull", u(60, 300), u(1.0, 1.5)),
            )[int(rng.integers(2))]
            talk = Times(("lognormal", "gamma")[int(rng.integers(2))], u(150, 330), u(0.6, 1.2),
                         u(0, 0.03))  # fmt: skip
            queues.append(
                RandomQueue(
                    f"queue {k + 1}",
                    volume * share * bump / bump.sum(),
                    talk,
                    patience,
                    u(0, 0.1),
                    u(0, 0.1),
                )  # fmt: skip
            )
        found = cls(
            seed, int(rng.integers(28, 85)), queues, u(0.05, 0.25), u(0, 0.5), u(0, 0.1),
            u(0.05, 0.25), Times("lognormal", u(15, 45), 1.0),
            Times("lognormal", u(8, 40), u(0.8, 2), u(0, 0.3)), u(0.1, 0.5), u(120, 900),
            u(0.4, 1.0),
        )  # fmt: skip
        found._staff(rng, u(0.95, 1.2))
        u = np.random.default_rng([seed, 4]).uniform
        if seed % 2:
            found.quiet_share, found.quiet_length = u(0.1, 0.5), u(90, 400)
        if seed % 3 == 1:
            found.pause = u(300, 720)
        found.later = int(np.random.default_rng([seed, 5]).integers(-1, 2))
        return found

    def _staff(self, rng: np.random.Generator, surplus: float) -> None:
        """Give every queue agents of its own, and some to all of them."""
        for k, queue in enumerate(self.queues):
            busy = queue.talk.mean + self.wrap.mean + self.gap.mean
            need = np.maximum(np.ceil(queue.profile * busy / HALF_HOUR * surplus), 1)
            length = 2 * HOURS * 3 // 4
            while need.max() > 0.5:
                gains = [need[s : s + length].clip(0, 1).sum() for s in (0, 2, 5)]
                if max(gains) < 0.4 * length:
                    break
                start = (0, 2, 5)[int(np.argmax(gains))]
                need[start : start + length] -= 1
                both = len(self.queues) > 1 and rng.random() < 0.4
                self.agents.append(tuple(range(len(self.queues))) if both else (k,))
                self.starts.append(start)
            if not any(k in skills for skills in self.agents):
                self.agents.append((k,))
                self.starts.append(0)
        variance = log1p(self.speed_cv**2)
        self.speeds = rng.lognormal(-variance / 2, sqrt(variance), len(self.agents))

    def factors(self, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Return the factors of the days on volume and talk."""
        e = rng.standard_normal((2, self.days))
        z = e[0].copy()
        for d in range(1, self.days):
            z[d] = self.memory * z[d - 1] + sqrt(1 - self.memory**2) * e[0, d]
        cv = np.array([[self.volume_cv], [self.talk_day_cv]])
        variance = np.log1p(cv**2)
        volume, talk = np.exp(np.sqrt(variance) * np.array([z, e[1]]) - variance / 2)
        return volume, talk


@dataclass
class Contact:
    """A contact as it goes."""

    offered: float
    queue: int
    who: int
    outcome: str = ""
    wait: float = 0.0
    talk: float = 0.0
    wrap: float = 0.0
    agent: int = -1


class Simulation:
    """One center on its days, event by event; agents are chosen who have been idle longest.

    Attributes
    ----------
    hours : ndarray, shape (days,)
        Agent hours from log-in to log-out, or to the end of the last contact if that is later;
        with pauses, without the break of a shift.
    """

    def __init__(self, center: RandomCenter) -> None:
        self.center = center
        self.rng = np.random.default_rng([center.seed, 2])
        self.volume, self.talk = center.factors(self.rng)
        self.contacts: list[Contact] = []
        self.waiting: list[dict[int, None]] = [{} for _ in center.queues]
        self.idle: dict[int, float] = {}
        self.until = [0.0] * len(center.agents)
        self.here = [False] * len(center.agents)
        self.events: list[Any] = []
        self.planned = 0
        self.hours = np.zeros(center.days)
        self.last = np.zeros(len(center.agents))  # log-out of the shift, or its half
        self.mean_talk = np.zeros((len(center.queues), 2))

    def push(self, time: float, what: str, about: Any) -> None:
        """Plan an event."""
        heapq.heappush(
            self.events, (time, len(self.events) + self.rng.integers(2**40), what, about)
        )

    def run(self) -> None:
        """Simulate all days."""
        who = 0
        for day in range(self.center.days):
            if (FIRST_DAY + dt.timedelta(days=day)).weekday() >= 5:
                continue
            opens = day * DAY + OPEN * 3600
            for k, queue in enumerate(self.center.queues):
                for at, count in enumerate(self.rng.poisson(queue.profile * self.volume[day])):
                    for time in opens + HALF_HOUR * (at + self.rng.random(count)):
                        self.push(float(time), "call", (k, who))
                        who += 1
            self._shifts(opens)
        while self.events:
            time, _, what, about = heapq.heappop(self.events)
            getattr(self, f"on_{what}")(time, about)

    def _shifts(self, opens: float) -> None:
        for agent, start in enumerate(self.center.starts):
            if self.rng.random() < 0.08:  # absent
                continue
            begin = opens + start * HALF_HOUR + self.rng.uniform(-120, 120)
            end = min(begin + 0.75 * HOURS * 3600, opens + HOURS * 3600)
            middle = begin + self.rng.uniform(0.4, 0.6) * (end - begin)
            for half in ((begin, middle), (middle + 1800 + self.rng.uniform(0, 900), end)):
                self.hours[int(opens // DAY)] += (half[1] - half[0]) / 3600
                for a, b in self._parted(*half):
                    self.push(a, "in", (agent, b, half[1]))
                    self.push(b, "out", agent)

    def _parted(self, begin: float, end: float) -> list[tuple[float, float]]:
        """Return the times at work of half a shift, with a pause in between or not."""
        if not self.center.pause:
            return [(begin, end)]
        pause = begin + self.rng.uniform(0.3, 0.7) * (end - begin)
        return [(begin, pause), (pause + self.center.pause, end)]

    def on_in(self, time: float, about: tuple[int, float, float]) -> None:
        """Log an agent in."""
        agent, self.until[about[0]], self.last[about[0]] = about
        if not self.here[agent]:
            self.here[agent] = True
            self.ready(time, agent)

    def on_out(self, time: float, agent: int) -> None:
        """Log an idle agent out; busy ones leave when they are done."""
        if self.idle.pop(agent, None) is not None:
            self.here[agent] = False

    def ready(self, time: float, agent: int, worked: bool = False) -> None:
        """Give an agent the contact that has waited longest, or let them wait or take a break."""
        if time >= self.until[agent]:
            self.here[agent] = False
            return
        firsts = [next(iter(self.waiting[k])) for k in self.center.agents[agent] if self.waiting[k]]
        if firsts:
            self.begin(time, min(firsts, key=lambda one: self.contacts[one].offered), agent)
            return
        share, length = self.center.quiet_share, self.center.quiet_length
        if worked and self.rng.random() < share:
            self.push(time + self.rng.exponential(length), "back", agent)
            return
        self.idle[agent] = time
        if share:
            later = self.rng.exponential(length * (1 - share) / share)
            self.push(time + later, "quiet", (agent, time))

    on_back = ready

    def on_ready(self, time: float, agent: int) -> None:
        """Let an agent be ready after a contact and its gap."""
        self.ready(time, agent, bool(self.center.quiet_share))

    def on_quiet(self, time: float, about: tuple[int, float]) -> None:
        """Let an agent take a break who has been idle since a moment."""
        agent, since = about
        if self.idle.get(agent) == since:
            del self.idle[agent]
            self.push(time + self.rng.exponential(self.center.quiet_length), "back", agent)

    def begin(self, time: float, number: int, agent: int) -> None:
        """Let an agent answer."""
        one, center = self.contacts[number], self.center
        del self.waiting[one.queue][number]
        self.idle.pop(agent, None)
        talk = center.queues[one.queue].talk
        factor = float(self.talk[int(one.offered // DAY)]) / float(center.speeds[agent])
        one.outcome, one.wait, one.agent = "answered", time - one.offered, agent
        one.talk, one.wrap = talk.draw(self.rng) * factor, center.wrap.draw(self.rng)
        usual = talk.mean * (1 - talk.zero) / float(center.speeds[agent])
        self.mean_talk[one.queue] += usual, 1
        done = time + one.talk + one.wrap
        self.hours[int(time // DAY)] += max(done - self.last[agent], 0.0) / 3600
        self.push(done + center.gap.draw(self.rng), "ready", agent)

    def on_call(self, time: float, about: tuple[int, int]) -> None:
        """Offer a contact."""
        k, who = about
        number, queue = len(self.contacts), self.center.queues[k]
        self.contacts.append(Contact(time, k, who))
        self.waiting[k][number] = None
        skills, later = self.center.agents, self.center.later
        able = [
            (later * len(skills[a]), since, a) for a, since in self.idle.items() if k in skills[a]
        ]
        if able:
            self.begin(time, number, min(able)[2])
            return
        closing = max(time // DAY * DAY + (OPEN + HOURS) * 3600 + 900, time + 1)
        patience = closing - time
        if self.rng.random() < queue.balk:
            patience = self.rng.uniform(0, 1)
        elif self.rng.random() >= queue.patient:
            patience = min(patience, queue.patience.draw(self.rng))
        self.push(time + patience, "leave", number)

    def on_leave(self, time: float, number: int) -> None:
        """Let a waiting customer abandon, and perhaps call again."""
        one = self.contacts[number]
        if number not in self.waiting[one.queue]:
            return
        del self.waiting[one.queue][number]
        one.outcome, one.wait = "abandoned", time - one.offered
        if self.rng.random() < self.center.retry:
            later = time + self.rng.exponential(self.center.retry_after)
            if OPEN <= later % DAY / 3600 < OPEN + HOURS:
                self.push(later, "call", (one.queue, one.who))


def write_log(simulated: Simulation, path: Path) -> None:
    """Write the contacts as a call log, times to the tenth of a second."""
    center, start = simulated.center, dt.datetime.combine(FIRST_DAY, dt.time())
    known = np.random.default_rng([center.seed, 3]).random(len(simulated.contacts)) < center.known
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(TITLES)
        for one in simulated.contacts:
            served = one.outcome == "answered"
            table.writerow([
                (start + dt.timedelta(seconds=one.offered)).isoformat(timespec="milliseconds"),
                center.queues[one.queue].name, f"{one.wait:.1f}",
                f"{one.talk:.1f}" if served else "", f"{one.wrap:.1f}" if served else "",
                f"A{one.agent}" if served else "", one.outcome,
                f"C{one.who}" if known[one.who % known.size] else "",
            ])  # fmt: skip
