"""Simulation of mixes on the same random numbers, each once, in threads; saved in a folder."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event

from sim.experiment.replication_set import ReplicationSet
from sim.experiment.replications import cpu_count
from sim.metrics import parse_metric
from sim.metrics.estimators import InfluenceEstimate
from sim.model import Model
from sim.model.build_model import build_model
from sim.planning.investment.mix_space import Mix, MixSpace
from sim.scenario import Scenario
from sim.units import BadInputError

MOST_KEPT = 24
"""Scenarios whose sums are kept, so that replications can be added."""
Estimates = dict[str, InfluenceEstimate]
"""Metrics by name; without those that a scenario does not have."""


class InvestmentStopped(Exception):  # noqa: N818 - not an error
    """The time is up, or the search was asked to stop."""


@dataclass(frozen=True, slots=True)
class Variation:
    """A mix, perhaps with another assumption.

    Attributes
    ----------
    mix : tuple of float
    effects : tuple of (int, float)
        Factors on the effects of levers.
    fields : tuple of (str, object)
        Further changes by path.
    """

    mix: Mix
    effects: tuple[tuple[int, float], ...] = ()
    fields: tuple[tuple[str, object], ...] = ()

    @property
    def key(self) -> str:
        """Return a text that no other variation has."""
        used = [one for one in self.effects if self.mix[one[0]] > 0]
        return repr((self.mix, used, self.fields))


@dataclass
class SimulatedMixes:
    """Variations with the metrics of their replications.

    Attributes
    ----------
    space : MixSpace
    metrics : tuple of str
        To be evaluated of each.
    seed : int
    workers : int or None
        Threads; one for each core by default.
    deadline : float
        Of :func:`time.monotonic`.
    stop : callable or None
        Whether to stop; asked after each replication.
    report : callable or None
        Called after each scenario.
    save : callable or None
        Called with key, seed, replications and metrics of each new scenario.
    """

    space: MixSpace
    metrics: tuple[str, ...]
    seed: int
    workers: int | None = None
    deadline: float = float("inf")
    stop: Callable[[], bool] | None = None
    report: Callable[[], None] | None = None
    save: Callable[[str, int, int, Estimates], None] | None = None
    found: dict[tuple[str, int, int], Estimates] = field(default_factory=dict)
    simulated: int = 0
    seconds_each: float = 0.0
    _sets: OrderedDict[tuple[str, int], ReplicationSet] = field(default_factory=OrderedDict)
    _ending: Event = field(default_factory=Event)

    def simulate(
        self, variations: Sequence[Variation], runs: int, seed: int | None = None
    ) -> list[Estimates]:
        """Return the metrics of some variations after so many replications.

        Raises
        ------
        InvestmentStopped
            When the time is up before all are simulated; those finished are kept.
        """
        seed = self.seed if seed is None else seed
        missing = {one.key: one for one in variations if (one.key, seed, runs) not in self.found}
        if missing:
            self.check_time()
            self._simulate_missing(list(missing.values()), runs, seed)
        return [self.found[one.key, seed, runs] for one in variations]

    def has(self, variation: Variation, runs: int) -> bool:
        """Return whether a variation has been simulated with so many replications."""
        return (variation.key, self.seed, runs) in self.found

    def check_time(self) -> None:
        """Stop when the time is up.

        Raises
        ------
        InvestmentStopped
        """
        asked = self.stop is not None and self.stop()
        if self._ending.is_set() or asked or time.monotonic() > self.deadline:
            raise InvestmentStopped

    def _simulate_missing(self, variations: list[Variation], runs: int, seed: int) -> None:
        threads = min(self.workers or cpu_count(), len(variations))
        if threads < 2:
            for one in variations:
                self._take(one, runs, seed, self._estimates(one, runs, seed, self.workers))
            return
        self._ending.clear()
        with ThreadPoolExecutor(threads) as pool:
            futures = [pool.submit(self._estimates, one, runs, seed, 1) for one in variations]
            try:
                for one, future in zip(variations, futures, strict=True):
                    self._take(one, runs, seed, future.result())
            except BaseException:
                self._ending.set()
                pool.shutdown(wait=True, cancel_futures=True)
                for one, future in zip(variations, futures, strict=True):
                    if future.done() and not future.cancelled() and future.exception() is None:
                        self._take(one, runs, seed, future.result())
                raise
            finally:
                self._ending.clear()

    def _take(self, one: Variation, runs: int, seed: int, found: Estimates) -> None:
        place = one.key, seed, runs
        if place in self.found:
            return
        self.found[place] = found
        self.simulated += 1
        if self.save is not None:
            self.save(*place, found)
        if self.report is not None and not self._ending.is_set():
            self.report()

    def _estimates(self, one: Variation, runs: int, seed: int, workers: int | None) -> Estimates:
        began = time.perf_counter()
        self.check_time()
        place = one.key, seed
        some = self._sets.pop(place, None)
        if some is None or some.runs > runs:
            some = ReplicationSet(build_model(self._scenario(one)), seed, "auto", workers)
        before = some.runs
        some.simulate_up_to(runs, lambda *_: self.check_time())
        self._sets[place] = some
        while len(self._sets) > MOST_KEPT:
            self._sets.popitem(last=False)
        found = evaluated(some.model, some, self.metrics)
        each = (time.perf_counter() - began) * runs / max(runs - before, 1)
        self.seconds_each = each if not self.seconds_each else 0.8 * self.seconds_each + 0.2 * each
        return found

    def _scenario(self, one: Variation) -> Scenario:
        scenario = self.space.scenario_of(one.mix, one.effects)
        return scenario.with_(**dict(one.fields)) if one.fields else scenario


def evaluated(model: Model, some: ReplicationSet, metrics: Sequence[str]) -> Estimates:
    """Return some metrics of the replications of a model, without those that it does not have."""
    found = {}
    for name in metrics:
        try:
            metric = parse_metric(model, name)
        except BadInputError:
            continue
        found[name] = metric.evaluate(model, some.tallies).estimate
    return found
