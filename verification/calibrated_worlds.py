"""Coverage of the confidence intervals of whole calibrated centers.

Random centers are simulated (:mod:`verification.random_centers`), their call logs are written,
read and calibrated as ``ccplan calibrate`` does before it closes the loop; how often the 95 %
confidence intervals hold the true parameters is counted by parameter.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from sim.history.calibration.agent_hours import agent_hours
from sim.history.calibration.center_estimates import CenterEstimates
from sim.history.calibration.center_estimation import estimate_center
from sim.history.calibration.estimate_rows import rows_of
from sim.history.calibration.estimated_values import EstimatedValue
from sim.history.call_log import read_call_log
from sim.report.calibration.words import name_in_words
from verification.random_centers import (
    OPEN,
    RandomCenter,
    RandomQueue,
    Simulation,
    Times,
    write_log,
)

CENTERS, WITH_BREAKS = 100, 40
"""Centers whose agents take no breaks, and those with breaks when quiet or with pauses."""
FIRST_SEED = 40_000
"""Centers with smaller seeds are those in which the errors of methods were measured."""
AIM = 0.93, 0.97
"""Shares of the confidence intervals that should hold the true value."""
LEAST = 0.90
"""``make verify`` fails where the upper end of the binomial interval of a share is lower."""
COMPARED = 4
"""Half hours from opening to the interval whose volume is compared."""

Row = tuple[str, float, float, float, float]
"""Parameter, estimate, low, high and the true value."""


@dataclass(frozen=True, slots=True)
class CenterCoverage:
    """How often the confidence intervals of one parameter hold its true value.

    Attributes
    ----------
    name : str
    cases : int
        Centers, or queues of them.
    hits : int
    true, mean : float
        Means of true values and of estimates.
    with_breaks : bool
        Whether agents take breaks when quiet or pauses, which a log without states of agents
        shows in part only.
    """

    name: str
    cases: int
    hits: int
    true: float
    mean: float
    with_breaks: bool = False

    @property
    def share(self) -> float:
        """Share of the confidence intervals that hold the true value."""
        return self.hits / self.cases

    @property
    def bounds(self) -> tuple[float, float]:
        """The 95 % confidence interval of that share (Clopper and Pearson 1934)."""
        from scipy.special import betaincinv

        n, k = self.cases, self.hits
        low = float(betaincinv(k, n - k + 1, 0.025)) if k else 0.0
        return low, float(betaincinv(k + 1, n - k, 0.975)) if k < n else 1.0

    @property
    def is_in_aim(self) -> bool:
        """Whether the share is one that is aimed at."""
        return AIM[0] <= self.share <= AIM[1]

    @property
    def may_be_in_aim(self) -> bool:
        """Whether the share may be one that is aimed at, for all that this number shows."""
        low, high = self.bounds
        return high >= AIM[0] and low <= AIM[1]

    @property
    def agrees(self) -> bool:
        """Whether the coverage is not certainly below :data:`LEAST`."""
        return self.bounds[1] >= LEAST


def center_checks(quick: bool = False, workers: int | None = None) -> Iterator[CenterCoverage]:
    """Measure the coverage over random centers.

    Parameters
    ----------
    quick : bool
        With an eighth of the centers.
    workers : int, optional
        Processes; one for each core unless passed.
    """
    from joblib import Parallel, delayed

    pool = Parallel(n_jobs=-1 if workers is None else workers)
    for with_breaks, count in ((False, CENTERS), (True, WITH_BREAKS)):
        seeds = islice(
            (
                k
                for k in range(FIRST_SEED, FIRST_SEED + 10 * count)
                if RandomCenter.draw(k).has_breaks == with_breaks
            ),
            count // 8 if quick else count,
        )
        rows = [row for found in pool(delayed(center_rows)(k) for k in seeds) for row in found]
        for name in dict.fromkeys(row[0] for row in rows):
            mine = np.array([row[1:] for row in rows if row[0] == name])
            value, low, high, true = mine.T
            hits = int(np.count_nonzero((low <= true) & (true <= high)))
            means = float(true.mean()), float(value.mean())
            yield CenterCoverage(name, len(mine), hits, *means, with_breaks)


def center_rows(seed: int) -> list[Row]:
    """Return the estimates of one random center beside the true values."""
    simulated = Simulation(RandomCenter.draw(seed))
    estimates = center_estimates(simulated)
    true = _true_values(simulated)
    found = [
        (_in_words(row), row.value, row.low, row.high, true[row.name, row.scope])
        for row in rows_of(estimates)
        if (row.name, row.scope) in true and np.isfinite(row.low) and np.isfinite(row.high)
    ]
    return found + list(_tables(estimates, simulated))


def _in_words(row: EstimatedValue) -> str:
    name = name_in_words(row.name)
    return f"{name} (s)" if row.unit == "s" else name


def center_estimates(simulated: Simulation) -> CenterEstimates:
    """Simulate a random center, and estimate it from its log."""
    simulated.run()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.csv"
        write_log(simulated, path)
        return estimate_center(read_call_log(path, None).log)


def _true_values(simulated: Simulation) -> dict[tuple[str, str], float]:
    center = simulated.center
    found = {
        ("busyness_cv", "center"): center.volume_cv,
        ("busyness_memory", "center"): center.memory,
        ("talk_day_cv_same_agents", "center"): center.talk_day_cv,
        ("agent_speed_cv", "center"): center.speed_cv,
        ("gap_mean_without_pauses" if center.pause else "gap_mean", "center"): (
            center.gap.mean * (1 - center.gap.zero)
        ),
        ("not_ready_when_quiet", "center"): center.quiet_share,
    }
    if center.quiet_share:
        found["quiet_break_mean", "center"] = center.quiet_length
    for queue, talk in zip(center.queues, simulated.mean_talk, strict=True):
        scope = f"queue.{queue.name}"
        found |= {
            ("talk_mean", scope): float(talk[0] / talk[1]),
            ("talk_cv", scope): _cv(queue.talk),
            ("talk_zero", scope): queue.talk.zero,
            ("wrap_mean", scope): center.wrap.mean,
            ("balking", scope): queue.balk,
            ("retrial_within_hour", scope): center.retry * -np.expm1(-3600 / center.retry_after),
        }
        found |= {
            (f"patience_beyond_{at}s", scope): _beyond(queue, at) for at in (10, 30, 60, 120, 300)
        }
    return found


def _cv(times: Times) -> float:
    """Return the coefficient of variation, zeros included, of times whose shape is a CV."""
    return float(np.sqrt((1 + times.shape**2) / (1 - times.zero) - 1))


def _beyond(queue: RandomQueue, time: float) -> float:
    return queue.patient + (1 - queue.patient) * queue.patience.beyond(time)


def _tables(estimates: CenterEstimates, simulated: Simulation) -> Iterator[Row]:
    """Yield the volume of an interval on Mondays, and the agent hours."""
    at = 2 * OPEN + COMPARED
    for queue in simulated.center.queues:
        mine = next(one for one in estimates.queues if one.name == queue.name).arrivals
        mean, low, high = (float(table[0, at]) for table in (mine.mean, mine.low, mine.high))
        yield "volume of an interval", mean, low, high, float(queue.profile[COMPARED])
    hours = agent_hours(estimates)
    true = float(simulated.hours[: estimates.usable.size][estimates.usable].mean())
    if true > 0:
        yield (
            "agent hours, as a ratio to the true ones",
            hours.value / true,
            hours.low / true,
            hours.high / true,
            1.0,
        )
