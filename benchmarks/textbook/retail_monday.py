"""A retail bank with three voice queues, chat, mail and two bots, as a user of SimPy writes it.

Simpler than the scenario in some points: the volume is used as observed, without repeat contacts;
mails are done by the generalists only; a callback that is not answered is not repeated; the speed
of a chat is that of the team when it starts, and chats are places of the team, not of one agent;
a chat that is transferred occupies no trunk.
"""

import csv
import math
import random
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import simpy

from benchmarks.textbook.common import AWAY, Team, Waits, arrivals, lognormal, weibull
from sim.resources import scenarios_dir

OPENS_S, DAY_S, CLOSE_S = 8 * 3600.0, 12 * 3600.0, 600.0
BUSY_CV, SHARED, MAILS, BACKLOG, TRUNKS, ABSENT = 0.06, 0.6, 180.0, 40, 80, 0.03
LIVE, MAIL = 1, 9  # priorities
CALLED_ANSWER, DIAL_S = 0.8, 20.0
CHATS, CHAT_SPEED = 3, (1.0, 0.85, 0.7)
SHIFTS = (  # agents, hour of start, hours, and breaks: minutes, at which hour
    (7, 8, 8, ((15, 10), (30, 12), (15, 14.5))),
    (6, 8, 8, ((15, 10.5), (30, 12.5), (15, 14.75))),
    (6, 9, 8, ((15, 10.25), (30, 12.5), (15, 15))),
    (5, 9, 8, ((15, 10.75), (30, 13), (15, 15.25))),
    (6, 13, 7, ((30, 16), (15, 18.75))),
    (6, 13, 7, ((30, 16.5), (15, 19))),
)


with (scenarios_dir() / "retail_monday.csv").open(encoding="utf-8") as file:
    ROWS = list(csv.DictReader(file))
COLUMNS = {name: [int(row[name]) for row in ROWS] for name in ROWS[0] if name != "start"}


class Queue(NamedTuple):
    """What differs between the live queues."""

    talk: Callable[[random.Random], float]
    wrap: float
    patience: Callable[[random.Random], float]
    steps: tuple[tuple[float, str, float], ...]  # after (s), the team asked and its speed
    retry: tuple[float, float, int] = (0.0, 1.0, 0)  # share, delay (s), at most
    transfers: tuple[tuple[str, float, float], ...] = ()  # to, share, change of talk (s)
    accept: float = 0.0  # of those offered a callback, in the step without a team
    balk: float = 0.0


class Bot(NamedTuple):
    """What differs between the bots."""

    tried: float
    session: tuple[float, float]
    contained: float
    left: float
    returns: float  # share of the contained
    after: float
    handed_over: tuple[float, float]  # factor and change of talk
    easy: float  # factor of those who return


def hold(rng: random.Random) -> float:
    """Draw the hold time of billing: 80 % have none."""
    return rng.expovariate(1 / 20) if rng.random() < 0.2 else 0.0


QUEUES = {
    "billing": Queue(lambda r: lognormal(r, 240, 0.9) + hold(r), 40, lambda r: weibull(r, 180, 0.8),
                     ((0, "generalists", 1), (20, "cards", 0.9), (90, "", 0)), (0.4, 900, 3),
                     (("cards", 0.06, -30),), 0.37, 0.03),
    "cards": Queue(lambda r: lognormal(r, 270, 0.8), 20, lambda r: r.expovariate(1 / 240),
                   ((0, "cards", 1), (30, "generalists", 1)), (0.5, 600, 3)),
    "service": Queue(lambda r: lognormal(r, 300, 1.0), 30, lambda r: weibull(r, 180, 0.8),
                     ((0, "generalists", 1), (120, "", 0)), (0.35, 1200, 2),
                     (("billing", 0.04, 0), ("cards", 0.03, 0)), 0.3),
    "chat": Queue(lambda r: lognormal(r, 540, 0.6), 0, lambda r: r.expovariate(1 / 180),
                  ((0, "digital", 1),), transfers=(("service", 0.05, -60),)),
}  # fmt: skip
BOTS = {  # the contained fifth is easy, so that those handed over take longer
    "billing": Bot(0.55, (90, 0.6), 0.3, 0.04, 0.2 * 0.9, 7200,
                   ((240 - 0.165 * 150) / 0.835 / 240, -15), 150 / 240),
    "chat": Bot(0.8, (120, 0.5), 0.25, 0.05, 0.25, 3600, ((540 - 0.2 * 300) / 0.8 / 540, 0),
                300 / 540),
}  # fmt: skip


def retail_monday_day(seed: int) -> dict[str, Waits]:  # noqa: C901
    """Simulate ``retail_monday``; return the waits by queue.

    Parameters
    ----------
    seed : int
    """
    env, rng = simpy.Environment(initial_time=-OPENS_S), random.Random(seed)
    days = {name: Waits() for name in (*QUEUES, "mail")}
    teams = {
        "generalists": Team(env, sum(shift[0] for shift in SHIFTS)),
        "cards": Team(env, max(COLUMNS["cards_agents"])),
        "digital": Team(env, CHATS * max(COLUMNS["digital_agents"])),
    }
    trunks = simpy.Resource(env, TRUNKS)

    def agent(start: float, hours: float, breaks: Any) -> Any:
        team, end = teams["generalists"], start + hours
        yield env.timeout(3600 * start - OPENS_S - env.now)
        team.release(team.absent.pop())
        for minutes, at in breaks:
            yield env.timeout(max(0.0, 3600 * at - OPENS_S - env.now))
            away = yield team.leave(rng)
            yield env.timeout(60 * minutes)
            team.release(away)
        stays = CLOSE_S if end == 20 else 0.0
        yield env.timeout(max(0.0, 3600 * end - OPENS_S + stays - env.now))
        yield team.leave(rng)

    def customer(queue: str, easy: float | None = None) -> Any:
        for attempt in range(20):
            q, bot, talk = QUEUES[queue], BOTS.get(queue), (easy or 1.0, 0.0)
            trunk: Any = None
            if queue != "chat" and trunks.count >= TRUNKS:
                days[queue].offered += 1
                lost = True
            else:
                trunk = trunks.request() if queue != "chat" else None
                if bot and easy is None and rng.random() < bot.tried:
                    yield env.timeout(lognormal(rng, *bot.session))
                    talk = bot.handed_over
                    if (u := rng.random()) < bot.left + bot.contained:
                        trunks.release(trunk)
                        if u >= bot.left and rng.random() < bot.returns:
                            yield env.timeout(rng.expovariate(1 / bot.after))
                            if env.now < DAY_S:
                                env.process(customer(queue, bot.easy))
                        return
                lost = yield from leg(queue, *talk, trunk)
                trunks.release(trunk)
            delay = rng.expovariate(1 / q.retry[1])
            if not lost or rng.random() >= q.retry[0] or env.now + delay >= DAY_S:
                return
            if attempt >= q.retry[2]:
                return
            yield env.timeout(delay)

    def leg(queue: str, factor: float, change: float, trunk: Any = None) -> Any:  # noqa: C901
        """Wait, talk and be transferred; return whether the customer hung up."""
        q, came, called_back = QUEUES[queue], env.now, False
        turns: list[Any] = []
        days[queue].offered += 1
        hang_up = env.timeout(q.patience(rng))
        for (after, name, speed), then in zip(q.steps, (*q.steps[1:], None), strict=True):
            if name:
                mails = any(user.priority[0] == MAIL for user in teams[name].users)
                turn = teams[name].turn(LIVE + len(turns), came, interrupt=mails)
                turns.append((teams[name], turn, speed))
                if after == 0 and not turns[0][1].triggered and rng.random() < q.balk:
                    hang_up = env.timeout(0)
            elif rng.random() < q.accept:
                called_back = True
                trunks.release(trunk)
            ends = [turn for _, turn, _ in turns] + ([] if called_back else [hang_up])
            if then:
                ends.append(env.timeout(came + then[0] - env.now))
            yield simpy.AnyOf(env, ends)
            if any(turn.triggered for _, turn, _ in turns) or hang_up.processed > called_back:
                break
        served = next((one for one in turns if one[1].triggered), None)
        for one in turns:
            if one is not served:
                one[0].done(one[1])
        if served is None:
            days[queue].abandoned.append(env.now - came)
            return True
        team, turn, speed = served
        turn.key = (AWAY, 0.0, True)  # not to be interrupted
        if called_back and rng.random() >= CALLED_ANSWER:
            yield env.timeout(DIAL_S)
            team.done(turn)
            return False
        if not called_back:
            days[queue].answered.append(env.now - came)
        if queue == "chat":
            each = (team.count - len(team.absent)) * CHATS / max(team.on_duty, 1)
            speed = CHAT_SPEED[min(math.ceil(each), CHATS) - 1]
        yield env.timeout(max(0.0, q.talk(rng) * factor + change) / speed)
        env.process(wrap(team, turn, q.wrap))
        u = rng.random()
        for to, share, changed in q.transfers:
            if u < share:
                return (yield from leg(to, 1.0, changed, trunk))
            u -= share
        return False

    def wrap(team: Team, turn: Any, mean: float) -> Any:
        yield env.timeout(rng.expovariate(1 / mean) if mean else 0.0)
        team.done(turn)

    def mail() -> Any:
        came, remaining, team = env.now, lognormal(rng, 360, 0.7), teams["generalists"]
        days["mail"].offered += came > -OPENS_S
        while remaining > 0:
            turn, begun = team.turn(MAIL, came), math.inf
            try:
                yield turn
                begun = env.now
                yield env.timeout(remaining)
                remaining = 0.0
            except simpy.Interrupt:
                remaining -= max(0.0, env.now - begun)
            team.done(turn)

    common = rng.gauss(0, 1)

    def busy(volumes: Any) -> list[float]:
        factor = 1 + BUSY_CV * (SHARED**0.5 * common + (1 - SHARED) ** 0.5 * rng.gauss(0, 1))
        return [factor * volume for volume in volumes]

    for number, start, hours, breaks in SHIFTS:
        for _ in range(number):
            if rng.random() >= ABSENT:
                env.process(agent(start, hours, breaks))
    env.process(teams["cards"].headcount(rng, COLUMNS["cards_agents"]))
    env.process(teams["digital"].headcount(rng, [CHATS * n for n in COLUMNS["digital_agents"]]))
    for name in QUEUES:
        env.process(arrivals(env, rng, busy(COLUMNS[name]), partial(customer, name)))
    for _ in range(BACKLOG):
        env.process(mail())
    env.process(arrivals(env, rng, busy([MAILS]), mail, -OPENS_S, 24 * 3600.0))
    env.run()
    return days
