"""Calls and mails, with mails set aside for calls, as a user of SimPy writes it."""

import random
from math import inf
from typing import Any

import simpy

from benchmarks.textbook.common import AWAY, Team, Waits, arrivals, lognormal, scenario

DAYS, DAY_S, OPENS_S, CLOSES_S = 5, 24 * 3600.0, 9 * 3600.0, 17 * 3600.0
MAILS_A_DAY, BACKLOG = 170.0, 120
TABLES = scenario("email_backlog")
CALLS, MAILS = 1, 2  # priorities


def email_backlog_week(seed: int) -> dict[str, Waits]:  # noqa: C901
    """Simulate ``email_backlog``; return the waits by queue.

    Parameters
    ----------
    seed : int
    """
    env, rng = simpy.Environment(), random.Random(seed)
    calls, mails = Waits(), Waits()
    headcount = TABLES["group"]["phones"]["agents"]
    phones, clerk = Team(env, max(headcount)), Team(env, 1)
    waiting: set[Any] = set()  # calls

    def call() -> Any:
        came = env.now
        calls.offered += 1
        turn = phones.turn(CALLS, came, interrupt=True)  # of a mail
        waiting.add(turn)
        yield turn | env.timeout(rng.expovariate(1 / 180.0))
        waiting.discard(turn)
        if turn.triggered:
            calls.answered.append(env.now - came)
            yield env.timeout(lognormal(rng, 240.0, 0.9) + rng.expovariate(1 / 30.0))
        else:
            calls.abandoned.append(env.now - came)
        phones.done(turn)

    def mail() -> Any:
        came, remaining, starts = env.now, lognormal(rng, 420.0, 0.7), 0
        mails.offered += came > 0
        while remaining > 0:
            turns = [(clerk, clerk.turn(MAILS, came))]
            if not turns[0][1].triggered:
                turns.append((phones, phones.turn(MAILS, came)))
            begun = inf
            try:
                yield simpy.AnyOf(env, [turn for _, turn in turns])
                begun, starts = env.now, starts + 1
                if starts == 1 and came > 0:
                    mails.answered.append(begun - came)
                kept = next(turn for turn in turns if turn[1].triggered)
                for team, turn in turns:
                    if turn is not kept[1]:
                        team.done(turn)
                turns = [kept]
                yield env.timeout(remaining)
                remaining = 0.0
            except simpy.Interrupt:
                remaining -= max(0.0, env.now - begun)
            for team, turn in turns:
                team.done(turn)

    def week() -> Any:
        for start in range(DAYS):
            opens, closes = start * DAY_S + OPENS_S, start * DAY_S + CLOSES_S
            yield env.timeout(opens - env.now)
            clerk.log_in()
            env.process(arrivals(env, rng, TABLES["queue"]["calls"]["volume"], call, opens))
            yield env.process(phones.headcount(rng, headcount, opens))
            yield env.timeout(closes - env.now)
            clerk.on_duty -= 1
            clerk.absent.append(clerk.turn(*AWAY, interrupt=True))  # of a mail
            while waiting:  # at closing the calls that wait are served
                yield env.timeout(1)
            while phones.on_duty:
                phones.log_out(rng)

    for _ in range(BACKLOG):
        env.process(mail())
    env.process(arrivals(env, rng, [MAILS_A_DAY] * DAYS, mail, interval=DAY_S))
    env.process(week())
    env.run()
    return {"calls": calls, "mail": mails}
