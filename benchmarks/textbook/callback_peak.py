"""A peak with callbacks and retrials, as a user of SimPy writes it."""

import random
from typing import Any

import simpy

from benchmarks.textbook.common import Team, Waits, arrivals, lognormal, scenario, weibull

OFFER_S, ACCEPTED, ANSWERED, CALLS, DIAL_S, NEXT_CALL_S = 45.0, 0.7, 0.85, 2, 25.0, 1800.0
RETRY, RETRY_S, RETRIALS = 0.4, 1200.0, 2
DAY_S = 9 * 3600.0
TABLES = scenario("callback_peak")


def callback_peak_day(seed: int) -> dict[str, Waits]:  # noqa: C901
    """Simulate ``callback_peak``; return the waits, without those of callbacks.

    Parameters
    ----------
    seed : int
    """
    env, rng, waits = simpy.Environment(), random.Random(seed), Waits()
    headcount = TABLES["group"]["sales"]["agents"]
    sales = Team(env, max(headcount))

    def talk(turn: Any) -> Any:
        yield env.timeout(lognormal(rng, 300.0, 0.8) + rng.expovariate(1 / 30.0))
        sales.done(turn)

    def callback(turn: Any) -> Any:
        for calls in range(1, CALLS + 1):
            yield turn
            if rng.random() < ANSWERED:
                yield from talk(turn)
                return
            yield env.timeout(DIAL_S)
            sales.done(turn)
            if calls == CALLS or env.now + NEXT_CALL_S >= DAY_S:
                return
            yield env.timeout(NEXT_CALL_S)
            turn = sales.turn(env.now)

    def call() -> Any:
        for _ in range(1 + RETRIALS):
            came = env.now
            waits.offered += 1
            turn = sales.turn(came)
            hang_up = env.timeout(weibull(rng, 240.0, 0.9))
            yield turn | hang_up | env.timeout(OFFER_S)
            if not turn.triggered and not hang_up.processed:
                if rng.random() < ACCEPTED:
                    yield from callback(turn)  # the place in the queue is kept
                    return
                yield turn | hang_up
            if turn.triggered:
                waits.answered.append(env.now - came)
                yield from talk(turn)
                return
            sales.done(turn)
            waits.abandoned.append(env.now - came)
            delay = rng.expovariate(1 / RETRY_S)
            if rng.random() >= RETRY or env.now + delay >= DAY_S:
                return
            yield env.timeout(delay)

    env.process(sales.headcount(rng, headcount))
    env.process(arrivals(env, rng, TABLES["queue"]["orders"]["volume"], call))
    env.run()
    return {"orders": waits}
