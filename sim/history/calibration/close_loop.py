"""Solve for the least certain parameters until the simulated recorded days have no bias."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.array_types import Floats
from sim.history.calibration.adjustment import AS_ESTIMATED, Adjustment
from sim.history.calibration.center_estimates import LEAST_SHARE, CenterEstimates
from sim.history.calibration.day_factors import most_talk_days
from sim.history.calibration.day_spread import RUNS as SPREAD_RUNS
from sim.history.calibration.day_spread import day_spread
from sim.history.calibration.past_days import simulate_past_days
from sim.history.calibration.period_sums import METRICS, ContactSums, actual_sums
from sim.history.calibration.week_calendar import week_calendar
from sim.history.call_log import CallLog
from sim.history.estimation.day_bootstrap import DayEstimate, student_quantile
from sim.history.estimation.presences import PRESENCE_GAP
from sim.units import HOUR

STEPS = 3
RUNS = 8
SMALL = 0.04
"""By how much (logarithm) a parameter is changed to see what it does."""
FARTHEST = 0.5
QUIET_FARTHEST = 3.0
"""By how much (logarithm) parameters, and the length of breaks, may change."""
GAP_BOUNDS = 0.75, 1.33
"""Factors between which the mean gap may be at least: gaps may depend on how many wait, which one
distribution for all does not say."""
PAUSES_BOUNDS = 0.75, 1.33
"""The same of how many pauses follow contacts: they are counted after contacts that end while
customers wait, and how many follow the others, and how many of those are seen, is not recorded."""
QUIET_STARTS = 0.1, 0.2, 0.4
QUIET_BOUNDS = 0.2, 5.0
"""Factors between which the length of breaks may be: whether an agent comes back earlier because
customers wait is not recorded."""
NOTICEABLE = 0.0005
"""Least change of a factor that is shown."""
TOLERANCES = {"service_level": 0.01, "asa_s": 4.0, "abandonment": 0.01}
"""Biases as large as these weigh as much as one standard error of a parameter."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class SolvedParameter:
    """How far a parameter was moved.

    Attributes
    ----------
    name : str
        ``gap``, ``pauses``, ``quiet``, ``agents`` or ``talk_days``.
    what : str
        In words.
    factor : float
        What the estimate is multiplied by.
    low, high : float
        Factors at the ends of what is taken for possible.
    """

    name: str
    what: str
    factor: float
    low: float
    high: float

    @property
    def range_text(self) -> str:
        """What is taken for possible, and whether the factor is outside of it."""
        inside = self.low <= self.factor <= self.high
        begin = "taken for possible:" if inside else "outside what is taken for possible,"
        return f"{begin} {self.low:.3f} to {self.high:.3f}"

    @property
    def at_end(self) -> bool:
        """Whether the factor is, as shown, at or beyond an end of what is taken for possible."""
        factor, low, high = (round(one, 3) for one in (self.factor, self.low, self.high))
        return factor <= low < 1 or factor >= high > 1

    @property
    def error(self) -> float:
        """Standard error of the logarithm of the factor."""
        return float(np.log(self.high / self.low)) / (2 * student_quantile(10**6))

    def document(self) -> dict[str, Any]:
        """Return the row for JSON."""
        numbers = {key: round(getattr(self, key), 4) for key in ("factor", "low", "high")}
        return {"name": self.name, "what": self.what, **numbers, "at_end": self.at_end}


@dataclass(frozen=True)
class ClosedLoop:
    """What closing the loop did.

    Attributes
    ----------
    adjustment : Adjustment
    parameters : tuple of SolvedParameter
    before, after : dict of str to float
        Bias of each metric: simulated minus actual.
    unexplained : float
        How many times as much as simulated days recorded ones differ in the end.
    """

    adjustment: Adjustment
    parameters: tuple[SolvedParameter, ...]
    before: dict[str, float]
    after: dict[str, float]
    unexplained: float = 1.0

    @property
    def changed(self) -> tuple[SolvedParameter, ...]:
        """The parameters that were changed."""
        return tuple(one for one in self.parameters if abs(one.factor - 1) >= NOTICEABLE)

    @property
    def spread_note(self) -> str:
        """How much more recorded days differ than simulated ones in the end, or nothing."""
        if self.unexplained <= 1:
            return ""
        return (
            f"recorded days differ {self.unexplained:.1f} times as much as simulated ones (service "
            "level, ASA and abandonment), and nothing that was estimated explains it: bands of "
            "days are too narrow by that"
        )

    def document(self) -> dict[str, Any]:
        """Return the changes and the biases for JSON."""
        return {
            "moved": [one.document() for one in self.parameters],
            "bias_before": {name: round(value, 6) for name, value in self.before.items()},
            "bias_after": {name: round(value, 6) for name, value in self.after.items()},
            "unexplained_spread": round(self.unexplained, 4),
        }


def close_loop(
    estimates: CenterEstimates,
    log: CallLog,
    progress: Progress | None = None,
    runs: int = RUNS,
) -> ClosedLoop:
    """Change gap, pauses and breaks in quiet times so that the simulated days are as actual.

    Parameters
    ----------
    estimates : CenterEstimates
    log : CallLog
        Days of the estimates that are simulated.
    progress : callable, optional
        Called with the simulations done and all.
    runs : int
        Replications of each simulation.

    Notes
    -----
    The sum of squared biases, in units of :data:`TOLERANCES`, and of squared changes, in units of
    standard errors, is made least (Gauss-Newton; a Bayesian estimate with normal priors). All
    simulations have the same random numbers. The agents stay as inferred, so that the scenario fits
    other days whose agents are inferred in the same way; only without a gap and breaks they change,
    between the hours that gap rules of 5 and 30 min make. At last the variation of talk from day to
    day, where there is any, is made so large that recorded days differ as simulated ones do, up to
    the end of its interval: the rest has another reason.
    """
    parameters = _least_certain(estimates)
    calendar = week_calendar(estimates.log, estimates.usable)
    by_half_hour = actual_sums(log, calendar)
    actual = by_half_hour.in_all()
    starts = _starts(parameters)
    steps = (
        (4 if most_talk_days(estimates) > 1 else 2) + len(starts) + STEPS * (len(parameters) + 1)
    )
    done = 0
    if progress is not None:
        progress(0, steps)

    def simulated(adjustment: Adjustment, replications: int = runs) -> ContactSums:
        nonlocal done
        found = simulate_past_days(estimates, log, replications, adjustment)
        done += 1
        if progress is not None:
            progress(done, steps)
        return found

    def biases(change: Floats) -> Floats:
        return _biases(simulated(_adjusted(parameters, change)), actual)

    first, best_change, best_bias = _least_cost(biases, parameters, starts)
    solved = tuple(
        SolvedParameter(one.name, one.what, float(np.exp(moved)), one.low, one.high)
        for one, moved in zip(parameters, best_change, strict=True)
    )
    adjustment = _adjusted(parameters, best_change)
    largest = most_talk_days(estimates)
    spread = day_spread(
        by_half_hour,
        lambda by: simulated(adjustment.with_("talk_days", by), SPREAD_RUNS),
        largest,
    )
    if largest > 1:
        adjustment = adjustment.with_("talk_days", spread.factor)
        best_bias = _biases(simulated(adjustment), actual)
        what = "variation of talk from day to day (so that simulated days differ as recorded)"
        solved += (SolvedParameter("talk_days", what, spread.factor, 1.0, largest),)
    return ClosedLoop(
        adjustment, solved, _in_units(first), _in_units(best_bias), spread.unexplained
    )


def _least_cost(
    biases: Callable[[Floats], Floats],
    parameters: tuple[SolvedParameter, ...],
    starts: list[Floats],
) -> tuple[Floats, Floats, Floats]:
    """Return the biases without a change, and the change of least cost with its biases.

    From the best of the starts on, steps of Gauss-Newton.
    """
    change = best_change = np.zeros(len(parameters))
    now = first = best_bias = biases(change)
    best = _cost(now, change, parameters)
    for start in starts:
        bias = biases(start)
        if (cost := _cost(bias, start, parameters)) < best:
            best, best_change, best_bias = cost, start, bias
    change, now = best_change, best_bias
    for _ in range(STEPS if parameters else 0):
        slopes = np.stack(
            [(biases(change + SMALL * axis) - now) / SMALL for axis in np.eye(len(parameters))]
        )
        change = _next(change, now, slopes, parameters)
        now = biases(change)
        if (cost := _cost(now, change, parameters)) < best:
            best, best_change, best_bias = cost, change, now
        if np.all(np.abs(now) < 0.5):
            break
    return first, best_change, best_bias


def _least_certain(estimates: CenterEstimates) -> tuple[SolvedParameter, ...]:
    found = []
    gap = estimates.gap
    if gap is not None and gap.mean.value > 0 and np.isfinite(gap.mean.low):
        apart = estimates.pauses
        shown = "mean gap after a contact" + (" without pauses" if apart is not None else "")
        mean = gap.mean if apart is None else apart.gap
        found.append(_parameter("gap", shown, mean, GAP_BOUNDS))
        if apart is not None:
            what = "share of contacts that a pause follows"
            found.append(_parameter("pauses", what, apart.pauses, PAUSES_BOUNDS))
    ready = estimates.readiness
    if ready is not None and ready.not_ready.value >= LEAST_SHARE:
        what = "length of breaks while no customer waits"
        found.append(SolvedParameter("quiet", what, 1.0, *QUIET_BOUNDS))
    if not found and (bounds := presence_bounds(estimates)) is not None:
        found.append(SolvedParameter("agents", "agents present, by the gap rule", 1.0, *bounds))
    return tuple(found)


def _parameter(
    name: str, what: str, found: DayEstimate, bounds: tuple[float, float]
) -> SolvedParameter:
    """Return a parameter, with its confidence interval where that is wider than the bounds."""
    with np.errstate(invalid="ignore"):
        low = np.fmin(found.low / found.value, bounds[0])
        high = np.fmax(found.high / found.value, bounds[1])
    return SolvedParameter(name, what, 1.0, float(low), float(high))


def _starts(parameters: tuple[SolvedParameter, ...]) -> list[Floats]:
    """Return changes from which the best is sought, besides none.

    Breaks as frequent as seen have little effect if they are very short or very long: slopes
    alone may lead to the wrong end.
    """
    quiet = np.array([one.name == "quiet" for one in parameters])
    return [np.log(factor) * quiet for factor in QUIET_STARTS] if quiet.any() else []


def presence_bounds(estimates: CenterEstimates) -> tuple[float, float] | None:
    """Return the hours of the shortest and longest gap rule as ratios to those of the one used."""
    hours = {one.gap: one.lengthened_hours for one in estimates.sensitivity}
    base = hours.get(PRESENCE_GAP, 0.0)
    if base <= 0:
        return None
    if estimates.states is not None:  # the hours of other agents are recorded
        present = estimates.present
        certain = float(np.sum(present.end - present.start)) / HOUR - base
        low, high = (
            (one + certain) / (base + certain) for one in (min(hours.values()), max(hours.values()))
        )
        return min(low, 0.999), max(high, 1.001)
    low, high = min(hours.values()) / base, max(hours.values()) / base
    return (min(low, 0.98), max(high, 1.02))


def _adjusted(parameters: tuple[SolvedParameter, ...], change: Floats) -> Adjustment:
    found = AS_ESTIMATED
    for one, moved in zip(parameters, change, strict=True):
        found = found.with_(one.name, float(np.exp(moved)))
    return found


def _biases(found: ContactSums, actual: ContactSums) -> Floats:
    total = found.over_replications().in_all()
    return np.array(
        [
            float(total.metric(name)[0] - actual.metric(name)[0]) / TOLERANCES[name]
            for name in METRICS
        ]
    )


def _in_units(biases: Floats) -> dict[str, float]:
    return {name: float(b) * TOLERANCES[name] for name, b in zip(METRICS, biases, strict=True)}


def _cost(biases: Floats, change: Floats, parameters: tuple[SolvedParameter, ...]) -> float:
    errors = np.array([one.error for one in parameters])
    return float(np.sum(np.nan_to_num(biases) ** 2) + np.sum((change / errors) ** 2))


def _next(
    change: Floats, biases: Floats, slopes: Floats, parameters: tuple[SolvedParameter, ...]
) -> Floats:
    """Return the next change by Gauss-Newton, bounded."""
    errors = np.array([one.error for one in parameters])
    slopes, biases = np.nan_to_num(slopes), np.nan_to_num(biases)
    curvature = slopes @ slopes.T + np.diag(1 / errors**2)
    slope = slopes @ biases + change / errors**2
    most = [QUIET_FARTHEST if one.name == "quiet" else FARTHEST for one in parameters]
    return np.clip(change - np.linalg.solve(curvature, slope), np.negative(most), most)
