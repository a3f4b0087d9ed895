"""Staffing by simulation under a sinusoidal load: a stable probability of waiting.

The model of Feldman, Mandelbaum, Massey and Whitt (2008): arrivals at 100 + 20 sin(t) an hour, one
hour of service and of patience on average, and a probability of waiting that is to be the same in
every interval. The first hours, in which the day fills from empty, are left out of the comparison.
"""

import math
from collections.abc import Iterator
from pathlib import Path

from sim.experiment import simulate
from sim.planning.least_staff import staff_by_simulation
from sim.scenario import Scenario
from verification.checks import Check, exact

SOURCE = "Feldman, Mandelbaum, Massey and Whitt 2008"
DELAYS = (0.1, 0.5, 0.9)
INTERVALS, FIRST = 48, 6
LIMIT, RUNS = "30min", 120
"""Never reached, also on a loaded machine: the replications of each plan bound the work."""
NEAR_MEAN, NEAR_EACH = 0.05, 0.15
"""How far the mean of all intervals, and any of them, may lie from the target: whole agents."""


def scenario() -> Scenario:
    """Return the day: piecewise constant arrivals by half hours."""
    volume = [round(50 + 10 * math.sin(0.5 * k + 0.25), 3) for k in range(INTERVALS)]
    text = f"""[center]
name = "Sinusoidal"
open = "always"
interval = "30min"
[queue.calls]
volume = {volume}
talk = "exponential 1h"
patience = "exponential 1h"
[group.all]
agents = 100
skills = {{ calls = 1 }}
"""
    return Scenario.parse(text, Path())


def staffing_checks() -> Iterator[Check]:
    """Staff for each probability of waiting, and simulate the plan on other days."""
    for delay in DELAYS:
        goal = f"total={100 * (1 - delay):g}%/0"
        found = staff_by_simulation(scenario(), [goal], per="interval", time_limit=LIMIT, runs=RUNS)
        rows = simulate(found.staffed, runs=400, seed=99).by_interval("wait_probability")
        waits = [row.value or 0.0 for row in rows if row.scope == "total"][FIRST:]
        case = f"Sinusoidal load, probability of waiting {delay:g}"
        mean = sum(waits) / len(waits)
        worst = max(waits, key=lambda wait: abs(wait - delay))
        yield exact(case, SOURCE, "mean over intervals", delay, mean, 0.0, NEAR_MEAN)
        yield exact(case, SOURCE, "interval farthest from it", delay, worst, 0.0, NEAR_EACH)
