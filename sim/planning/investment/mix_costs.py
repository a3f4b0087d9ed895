"""What mixes cost a month: one-off costs over their life, running costs, uses, and pay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.metrics.metric_ref import has_metric, parse_metric
from sim.metrics.registry import catalogue
from sim.numerals import counted
from sim.planning.investment.mix_space import Mix, MixSpace
from sim.planning.investment.simulated_mixes import Estimates
from sim.units import DAY, BadInputError

if TYPE_CHECKING:
    from sim.metrics import MetricRef
    from sim.model import Model

DAYS_A_MONTH = 30.0
SURE = 0.5
"""Part of the own cost of levers below which a budget is refused before anything is simulated: the
other part is for overtime, which levers may save."""
RUNNING = ("total_cost", "cost")
"""The first of these that a scenario has is its running cost: all money, or the pay of agents."""


@dataclass(frozen=True, slots=True)
class MixCost:
    """What a mix costs.

    Attributes
    ----------
    once : float
        One-off, before it is spread over its life.
    spread : float
        One-off, a month of its life.
    month, use : float
        A month: fixed, and for what the mix adds of what is paid for each use.
    running : float
        Change of the running cost of the center a month, below zero where it saves.
    """

    once: float = 0.0
    spread: float = 0.0
    month: float = 0.0
    use: float = 0.0
    running: float = 0.0

    @property
    def total(self) -> float:
        """Return the cost a month, which the budget limits."""
        return self.spread + self.month + self.use + self.running

    def record(self) -> dict[str, float]:
        """Return the parts as the JSON has them."""
        return {
            "once": self.once, "spread": self.spread, "month": self.month, "use": self.use,
            "running": self.running,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class CostModel:
    """How the cost of mixes is computed from their metrics.

    Attributes
    ----------
    space : MixSpace
    running : str or None
        Metric of the running cost.
    months, days : float
        Months, and days, that one replication simulates.
    """

    space: MixSpace
    running: str | None
    months: float
    days: float

    @property
    def metrics(self) -> list[str]:
        """Return the metrics that the cost depends on."""
        per = [lever.cost.per for lever in self.space.levers if lever.cost.per is not None]
        return list(dict.fromkeys([*([self.running] if self.running else []), *per]))

    def of(self, mix: Mix, found: Estimates, base: Estimates) -> MixCost:
        """Return what a mix costs a month.

        Parameters
        ----------
        mix : tuple of float
        found, base : dict of str to InfluenceEstimate
            Metrics of the mix and of the scenario without levers.
        """
        used = [(self.space.levers[k].cost, mix[k]) for k in self.space.used(mix)]
        prices: dict[str, float] = {}
        for cost, _ in used:
            if cost.per is not None:
                prices[cost.per] = max(prices.get(cost.per, 0.0), cost.use)
        uses = sum(price * max(self._added(per, found, base), 0.0) for per, price in prices.items())
        running = 0.0 if self.running is None else self._added(self.running, found, base)
        return MixCost(
            once=sum(cost.once * level for cost, level in used),
            spread=sum(cost.once / cost.life * level for cost, level in used),
            month=sum(cost.month * level for cost, level in used),
            use=uses,
            running=running,
        )

    def period(self, metric: MetricRef) -> str:
        """Return of what period a metric is, in words; empty where its length does not matter."""
        if getattr(metric.metric, "bottom", "-"):
            return ""
        return f" of {counted(self.days, 'day')}"

    def monthly(self, metric: str, found: Estimates, base: Estimates) -> float:
        """Return by how much a metric per replication changes in a month."""
        return self._added(metric, found, base)

    def _added(self, metric: str, found: Estimates, base: Estimates) -> float:
        one, other = found.get(metric), base.get(metric)
        difference = (0.0 if one is None else float(one.value)) - (
            0.0 if other is None else float(other.value)
        )
        return difference / self.months


def cost_model(space: MixSpace, model: Model, days_a_month: float) -> CostModel:
    """Return how costs are computed for a scenario.

    Raises
    ------
    BadInputError
        When a lever is paid for each use of something that is not counted.
    """
    running = next(
        (n for n in RUNNING if n in catalogue() and has_metric(model, "total", "total", n)), None
    )
    measured = (model.horizon - model.measure_from) / DAY
    found = CostModel(space, running, measured / days_a_month, measured)
    for lever in space.levers:
        if lever.cost.per is not None:
            _check_counts(space, model, lever.name, lever.cost.per)
    return found


def _check_counts(space: MixSpace, model: Model, name: str, per: str) -> None:
    """Refuse a metric that is not a number for each replication, in the base or with the lever."""
    from sim.model.build_model import build_model

    lever = space.number(name)
    mix = space.alone(lever, space.levers[lever].levels[0])
    problem = ""
    for one in (model, build_model(space.scenario_of(mix))):
        try:
            metric = parse_metric(one, per).metric
        except BadInputError as error:
            problem = str(error)
            continue
        if getattr(metric, "bottom", "-"):
            problem = f"{per} is a ratio; allowed: what is counted, such as sessions or contacts"
            continue
        return
    raise BadInputError(f"lever.{name}.cost.per: {problem}")


def refuse_small_budget(space: MixSpace, costs: CostModel, budget: float) -> None:
    """Refuse a budget far below the own cost of every lever, before anything is simulated.

    Only where levers hardly change the running cost: it is pay, and no lever changes agents or
    their wage. Otherwise the simulation shows what they cost.

    Raises
    ------
    BadInputError
    """
    paths = [path for lever in space.levers for path in lever.changes]
    if costs.running not in (None, "cost") or any(path.startswith("group.") for path in paths):
        return
    own = [lever.cost.fixed * lever.levels[0] for lever in space.levers]
    least = min(range(len(own)), key=own.__getitem__)
    if budget < SURE * own[least]:
        raise BadInputError(
            f"budget: {budget:,.0f} a month is below the cheapest lever, "
            f"{space.levers[least].title} ({own[least]:,.0f} a month)"
        )
