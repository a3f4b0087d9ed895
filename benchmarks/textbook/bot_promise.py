"""A bot that contains the easy fifth of the calls, as a user of SimPy writes it."""

import random
from typing import Any

import simpy

from benchmarks.textbook.common import Waits, arrivals

AGENTS, AN_HOUR, CONTAINED, SESSION_S = 99, 1000.0, 0.2, 90.0
TALK_S = (360.0 - CONTAINED * 180.0) / (1 - CONTAINED)  # of those whom the bot does not contain
WARM_UP_H, HOURS = 2, 22


def bot_promise_day(seed: int) -> dict[str, Waits]:
    """Simulate ``bot_promise``; return the waits after the warm-up.

    Parameters
    ----------
    seed : int
    """
    env, rng, waits = simpy.Environment(), random.Random(seed), Waits()
    agents = simpy.Resource(env, AGENTS)

    def call() -> Any:
        yield env.timeout(rng.expovariate(1 / SESSION_S))
        if rng.random() < CONTAINED:
            return
        came = env.now
        with agents.request() as turn:
            yield turn
            if came >= WARM_UP_H * 3600:
                waits.offered += 1
                waits.answered.append(env.now - came)
            yield env.timeout(rng.expovariate(1 / TALK_S))

    env.process(arrivals(env, rng, [AN_HOUR] * HOURS, call, interval=3600))
    env.run()
    return {"calls": waits}
