"""Errors by interval, hour and day beside those of Erlang A, and how often records lie below."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import erlang
from sim.metrics.estimators import wilson
from sim.planning.actuals_error import ComparedArrays, date_of, hour_of
from sim.planning.prediction_bands import over, plain
from sim.planning.queue_agents import agents_of_queues, no_formula, queue_of
from sim.scenario.interval_series import volume_of
from sim.scenario.workload import agent_time_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sim.metrics.aggregation import PeriodSums
    from sim.model import Floats, Model, Queue
    from sim.planning.align_actuals import AlignedActuals
    from sim.scenario import Scenario

INTERVAL, HOUR, DAY = "interval", "hour", "day"
QUANTILES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
LEAST_RECORDS = 8
"""Records below which shares of them say nothing."""
LEAST_RUNS = 20
BY_FORMULA = ("service_level", "asa_s", "abandonment")


@dataclass(frozen=True, slots=True)
class PeriodError:
    """Mean absolute error of one metric of one queue by interval, hour or day.

    Attributes
    ----------
    queue, metric, unit : str
    period : {"interval", "hour", "day"}
    count : int
        Recorded periods.
    error : float or None
        Of the simulated mean, weighted by contacts; of counts as a share of the recorded.
    random_error : float or None
        Mean error when a simulated day takes the place of the recorded one.
    formula_error : float or None
        Of Erlang A with the same arrivals, agents and handle time, and exponential patience of
        the fitted rate; None where the formula does not fit the queue.
    """

    queue: str
    metric: str
    unit: str
    period: str
    count: int
    error: float | None
    random_error: float | None
    formula_error: float | None


@dataclass(frozen=True, slots=True)
class QuantileShare:
    """How often the record lies below a quantile of the simulated values.

    Attributes
    ----------
    queue, metric : str
    period : {"interval", "day"}
    quantile : float
    share, low, high : float
        Share of the records below it, with Wilson's 95 % confidence interval; a good model has the
        quantile itself. Neighbouring intervals are correlated, so it is too narrow
        for periods shorter than a day.
    count : int
        Records.
    """

    queue: str
    metric: str
    period: str
    quantile: float
    share: float
    low: float
    high: float
    count: int


def period_errors(arrays: ComparedArrays, formula: Floats | None) -> list[PeriodError]:
    """Return the errors of one metric by interval, and by hour and day where these are longer.

    Parameters
    ----------
    arrays : ComparedArrays
    formula : ndarray, shape (cells,), optional
        The metric by Erlang A.
    """
    return [
        PeriodError(
            one.queue, one.metric, one.unit, period, len(one.labels),
            plain(one.error(one.mean(), one.recorded)), plain(one.mean_random_error()),
            None if predicted is None else plain(one.error(predicted, one.recorded)),
        )
        for period, one, predicted in _periods(arrays, formula)
    ]  # fmt: skip


def _periods(
    arrays: ComparedArrays, formula: Floats | None
) -> Iterator[tuple[str, ComparedArrays, Floats | None]]:
    yield INTERVAL, arrays, formula
    before = len(arrays.labels)
    keys: tuple[tuple[str, Callable[[str], str]], ...] = ((HOUR, hour_of), (DAY, date_of))
    for period, key in keys:
        longer = arrays.added_up(key)
        if len(longer.labels) < before:
            yield period, longer, None if formula is None else _added(arrays, formula, key)
        before = len(longer.labels)


def _added(arrays: ComparedArrays, values: Floats, key: Callable[[str], str]) -> Floats:
    """Return averages over longer periods, weighted by recorded contacts."""
    keys = [key(label) for label in arrays.labels]
    names = list(dict.fromkeys(keys))
    at = np.array([names.index(one) for one in keys])
    weight = np.where(np.isnan(values), 0.0, arrays.weight)
    top = np.bincount(at, np.nan_to_num(values) * weight, len(names))
    return over(top, np.bincount(at, weight, len(names)))


def quantile_shares(arrays: ComparedArrays) -> list[QuantileShare]:
    """Return how often the records of one metric lie below quantiles of the simulated values.

    A record among equal simulated values counts as half below (the mid-distribution of counts).
    Empty where there are too few replications or records.
    """
    found: list[QuantileShare] = []
    for period, one, _ in _periods(arrays, None):
        if period == HOUR or one.runs < LEAST_RUNS:
            continue
        below = one.below()
        below = below[~np.isnan(below)]
        if below.size < LEAST_RECORDS:
            continue
        for quantile in QUANTILES:
            share = float((below < quantile).mean())
            found.append(
                QuantileShare(
                    one.queue, one.metric, period, quantile, share,
                    *wilson(share, float(below.size)), int(below.size),
                )
            )  # fmt: skip
    return found


@dataclass(frozen=True)
class ErlangInputs:
    """What Erlang A is given of one queue.

    Attributes
    ----------
    calls, agents : ndarray, shape (cells,)
        Contacts offered, and mean number of agents who may be counted as the queue's own.
    step_s : float
        Length of a cell.
    handle_s, patience_s : float
        Mean time of an agent for a contact, gaps after contacts included, and mean of the
        exponential patience.
    queue : Queue
        With threshold and formula of the service level.
    """

    calls: Floats
    agents: Floats
    step_s: float
    handle_s: float
    patience_s: float
    queue: Queue


def erlang_inputs(
    scenario: Scenario, model: Model, patience: Mapping[str, float], step: float
) -> dict[str, ErlangInputs]:
    """Return what Erlang A is given of each queue that it fits.

    Parameters
    ----------
    scenario : Scenario
        With the agents that were on duty.
    model : Model
        Built from it.
    patience : mapping of str to float
        Fitted mean (s) by queue; infinite, and without formula, where no customer abandons.
    step : float
        Length of a cell (s).
    """
    each, center = round(step / model.interval_s), scenario.center

    def of_cells(values: Sequence[float]) -> Floats:
        return np.asarray(np.add.reduceat(values, range(0, len(values), each)), np.float64)

    agents = agents_of_queues(scenario, [*patience])
    found: dict[str, ErlangInputs] = {}
    for name, mean in patience.items():
        if not 0 < mean < math.inf or no_formula(scenario, name):
            continue
        calls = of_cells(volume_of(scenario.queue[name], center.grid, center.open))
        found[name] = ErlangInputs(
            calls, of_cells(agents[name]) / each, step, agent_time_of(scenario, name), mean,
            queue_of(model, name),
        )  # fmt: skip
    return found


def fitted_patience(
    aligned: AlignedActuals, sums: PeriodSums, model: Model, queues: Sequence[str]
) -> dict[str, float]:
    """Return the mean (s) of exponential patience by queue, see :func:`sim.erlang.fitted_mean`.

    Fitted to the waits of the actuals where these are known, as in a call log, else to the
    simulated ones.

    Parameters
    ----------
    aligned : AlignedActuals
    sums : PeriodSums
        Of the simulation.
    model : Model
    queues : sequence of str
        Of the scenario.
    """
    gone, waited = (
        sums.factors("legs", formula)[0].sum(axis=(0, 2))
        for formula in ("abandoned", "wait_answered + wait_abandoned")
    )
    simulated = {
        queue.name: (float(gone[k]), float(waited[k])) for k, queue in enumerate(model.queues)
    }
    return {
        name: erlang.fitted_mean(*(aligned.waits_of(name) or simulated[name])) for name in queues
    }


def erlang_a_values(inputs: Sequence[ErlangInputs], metric: str) -> Floats | None:
    """Return a metric by Erlang A for each cell, from the volumes and the agents.

    Several queues are taken together as one: their contacts and agents added, handle time and
    patience as means by contacts, the threshold that of the first.

    Parameters
    ----------
    inputs : sequence of ErlangInputs
    metric : str

    Returns
    -------
    ndarray, shape (cells,), or None
        None where the formula has no such metric; NaN where no agent is on duty.
    """
    if metric not in BY_FORMULA or not inputs:
        return None
    calls = np.array([one.calls for one in inputs])
    total = calls.sum(axis=0)
    staff = np.floor(np.sum([one.agents for one in inputs], axis=0) + 0.5)
    shares = over(calls, np.where(total > 0, total, 1.0))
    handle = np.array([one.handle_s for one in inputs]) @ shares
    patience = np.array([one.patience_s for one in inputs]) @ shares
    known = (staff >= 1) & (total > 0)
    found = np.full(total.size, np.nan)
    if known.any():
        step = inputs[0].step_s
        formula = erlang.a(total[known], step, handle[known], staff[known], patience[known])
        found[known] = _value(formula, metric, inputs[0].queue)
    return found


def _value(formula: Any, metric: str, queue: Any) -> Floats:
    if metric == "service_level":
        return np.asarray(formula.service_level(queue.threshold, queue.variant, queue.short))
    return np.asarray(getattr(formula, metric))
