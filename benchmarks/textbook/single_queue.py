"""The single queue as a textbook writes it with SimPy: the baseline of all speeds."""

import random
from typing import Any

import simpy

from benchmarks.textbook.common import Waits

AGENTS, PER_S, TALK_S, PATIENCE_S, DAY_S = 105, 20 / 60, 300.0, 120.0, 480 * 60.0


def textbook_day(seed: int) -> dict[str, Waits]:
    """Simulate the flat day of 20 calls a minute; return the waits.

    105 agents, talk of 5 min and patience of 2 min, exponential, 480 min of arrivals.

    Parameters
    ----------
    seed : int
    """
    env, rng, waits = simpy.Environment(), random.Random(seed), Waits()
    agents = simpy.Resource(env, capacity=AGENTS)

    def contact() -> Any:
        came = env.now
        waits.offered += 1
        with agents.request() as turn:
            met = yield turn | env.timeout(rng.expovariate(1 / PATIENCE_S))
            waited = waits.answered if turn in met else waits.abandoned
            waited.append(env.now - came)
            if turn in met:
                yield env.timeout(rng.expovariate(1 / TALK_S))

    def arrivals() -> Any:
        while True:
            yield env.timeout(rng.expovariate(PER_S))
            if env.now >= DAY_S:
                return
            env.process(contact())

    env.process(arrivals())
    env.run()
    return {"calls": waits}


def ciw_day(seed: int) -> int:
    """Simulate the same day in Ciw, another simulator; return the calls.

    Parameters
    ----------
    seed : int

    Raises
    ------
    ImportError
        When it is not installed.
    """
    import ciw

    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(PER_S)],
        service_distributions=[ciw.dists.Exponential(1 / TALK_S)],
        reneging_time_distributions=[ciw.dists.Exponential(1 / PATIENCE_S)],
        number_of_servers=[AGENTS],
    )
    ciw.seed(seed)
    day = ciw.Simulation(network)
    day.simulate_until_max_time(DAY_S)
    return len(day.get_all_records())
