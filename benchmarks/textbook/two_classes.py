"""Two classes of calls with overflow after 30 seconds, as a user of SimPy writes it."""

import random
from functools import partial
from typing import Any

import simpy

from benchmarks.textbook.common import Team, Waits, arrivals, scenario

TALK_S, PATIENCE_S, OVERFLOW_S = 650.0, 300.0, 30.0
OTHER = {"small": "large", "large": "small"}
TABLES = scenario("two_classes_overflow")


def two_classes_day(seed: int) -> dict[str, Waits]:
    """Simulate ``two_classes_overflow``; return the waits by queue.

    Parameters
    ----------
    seed : int
    """
    env, rng = simpy.Environment(), random.Random(seed)
    days = {name: Waits() for name in OTHER}
    agents = {name: TABLES["group"][name]["agents"] for name in OTHER}
    teams = {name: Team(env, max(agents[name])) for name in OTHER}

    def call(queue: str) -> Any:
        came, waits = env.now, days[queue]
        waits.offered += 1
        turns = [(teams[queue], teams[queue].turn(0, came))]
        hang_up = env.timeout(rng.expovariate(1 / PATIENCE_S))
        yield turns[0][1] | hang_up | env.timeout(OVERFLOW_S)
        if not turns[0][1].triggered and not hang_up.processed:
            other = teams[OTHER[queue]]
            turns.append((other, other.turn(1, came)))
            yield turns[0][1] | turns[1][1] | hang_up
        answered = [turn for turn in turns if turn[1].triggered][:1]
        for team, turn in turns:
            if (team, turn) not in answered:
                team.done(turn)
        if not answered:
            waits.abandoned.append(env.now - came)
            return
        waits.answered.append(env.now - came)
        yield env.timeout(rng.expovariate(1 / TALK_S))
        for team, turn in answered:
            team.done(turn)

    for name in OTHER:
        env.process(teams[name].headcount(rng, agents[name]))
        volume = TABLES["queue"][name]["volume"]
        env.process(arrivals(env, rng, volume, partial(call, name)))
    env.run()
    return days
