"""Retrials in recorded volumes, which a scenario with retrials would add a second time."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np

from sim.array_types import Floats
from sim.history.estimation.expected_retrials import expected_retrials
from sim.scenario.interval_series import rules_of, volume_of
from sim.scenario.size import expected_contacts
from sim.units import DAY, MINUTE

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.scenario import Scenario

PASSES = 3
"""Fewer contacts abandon less: simulated with the volumes of the pass before."""
MOST_RUNS = 20
CONTACTS = 200_000
"""About as many contacts are simulated in a pass, at least one replication."""
_QUANTILES = 200
_WIDEST = 0.5
"""Largest coefficient of variation by which days are made quieter and busier."""


def shares_of_first_contacts(scenario: Scenario, queues: Collection[str]) -> dict[str, Floats]:
    """Return which share of the volumes are no retrials, shape (intervals,), by queue.

    The volumes count all contacts that are offered. The retrials are those that the scenario
    itself simulates with its agents, so that first contacts and simulated retrials together
    are the volumes.

    Parameters
    ----------
    scenario : Scenario
        With the volumes.
    queues : collection of str
        Those whose volumes count retrials; one without any is left out of the result.
    """
    if not any(queue.retry is not None for queue in scenario.queue.values()):
        return {}
    center = scenario.center
    all_contacts = {
        name: np.array(volume_of(scenario.queue[name], center.grid, center.open)) for name in queues
    }
    shares = {name: np.ones(center.grid.intervals) for name in queues}
    for _ in range(PASSES):
        retrials = _simulated_retrials(_with_first(scenario, all_contacts, shares))
        for name in queues:
            first = all_contacts[name] * shares[name]
            together = first + retrials[name]
            shares[name] = np.divide(first, together, out=np.ones_like(first), where=together > 0)
    return {name: share for name, share in shares.items() if (share < 1).any()}


def retrials_note(name: str, contacts: Floats, share: Floats) -> str:
    """Return what was taken off the volumes of a queue."""
    lost = float((contacts * (1 - share)).sum())
    return (
        f"{name}: {lost:,.0f} of the {contacts.sum():,.0f} forecast contacts are not in its "
        "volume, because they are retrials, which the scenario simulates too (as many as with its "
        "agents)"
    )


def busyness_of_first_contacts(
    scenario: Scenario, shares: dict[str, Floats], queues: Collection[str], cv: float
) -> float:
    """Return how first contacts differ from day to day where all contacts differ as given.

    On a busy day more customers abandon, and more of them call again: all contacts differ more
    than first ones.

    Parameters
    ----------
    scenario : Scenario
        With the volumes of all contacts.
    shares : dict of str to ndarray
        Of :func:`shares_of_first_contacts`; other queues have no retrials.
    queues : collection of str
        Those whose volumes count retrials.
    cv : float
        Coefficient of variation of the day's factor of all contacts.

    Returns
    -------
    float
        ``cv`` by the relative change of all contacts over that of first contacts, between days
        that are quieter and busier by ``cv``, as the scenario simulates them.
    """
    center = scenario.center
    spread = min(cv, _WIDEST)
    if spread <= 0:
        return cv
    first = {
        name: np.array(volume_of(scenario.queue[name], center.grid, center.open))
        * shares.get(name, 1.0)
        for name in queues
    }
    ones = {name: np.ones(values.size) for name, values in first.items()}
    quiet, busy = (
        _all_contacts(scenario, {name: by * values for name, values in first.items()}, ones)
        for by in (1 - spread, 1 + spread)
    )
    growth = float(np.log(busy / quiet) / np.log((1 + spread) / (1 - spread)))
    return cv / max(growth, 1.0)


def busyness_note(before: float, after: float) -> str:
    """Return what was taken off the busyness of days."""
    return (
        f"busyness: cv {100 * after:.3g} % of first contacts instead of {100 * before:.3g} % of "
        "all contacts, because busy days have more retrials, which the scenario simulates too"
    )


def _all_contacts(scenario: Scenario, first: dict[str, Floats], ones: dict[str, Floats]) -> float:
    """Return first contacts and simulated retrials of some queues together."""
    retrials = _simulated_retrials(_with_first(scenario, first, ones))
    return sum(float((values + retrials[name]).sum()) for name, values in first.items())


def _with_first(
    scenario: Scenario, all_contacts: dict[str, Floats], shares: dict[str, Floats]
) -> Scenario:
    changes = {}
    for name, contacts in all_contacts.items():
        rules = rules_of(scenario.queue[name], scenario.center.open)
        opens = scenario.center.grid.open_intervals(rules)
        changes[f"queue.{name}.volume"] = (contacts * shares[name])[opens].tolist()
    return scenario.with_(**changes)


def _simulated_retrials(scenario: Scenario) -> dict[str, Floats]:
    """Return the mean retrials by queue and interval."""
    from sim.experiment import simulate

    contacts = max(expected_contacts(scenario), 1.0)
    runs = max(min(MOST_RUNS, round(CONTACTS / contacts)), 1)
    return _retrials_of(simulate(scenario, runs=runs, seed=1, workers=1, allow_large=True))


def _retrials_of(result: Result) -> dict[str, Floats]:
    """Return when those who abandoned or were sent away call again, by queue and interval."""
    model = result.model
    retrying = result.tallies.of("legs", "retrying")
    found = {queue.name: np.zeros(model.intervals) for queue in model.queues}
    step = model.interval_s
    middles = (np.arange(model.intervals) + 0.5) * step
    for at, queue in enumerate(model.queues):
        if queue.retry is None:
            continue
        left = np.repeat(middles, retrying[:, at].sum(axis=0).astype(np.int64))
        delays = queue.retry.delay.quantiles((np.arange(_QUANTILES) + 0.5) / _QUANTILES)
        days = -(-model.intervals * step // DAY)
        spread = expected_retrials(left, 1 / result.runs, delays, int(days), step / MINUTE)
        found[model.queues[queue.retry.queue].name] += spread.ravel()[: model.intervals]
    return found
