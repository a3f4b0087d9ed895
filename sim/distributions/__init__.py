"""Distributions of times, one class each: how a file writes them, draws, moments, formulas."""

from sim.distributions.base import TimeDistribution
from sim.distributions.by_interval import DistributionByInterval
from sim.distributions.deterministic import Deterministic
from sim.distributions.exponential import Exponential
from sim.distributions.gamma import Erlang, Gamma
from sim.distributions.lognormal import Lognormal
from sim.distributions.parameters import Parameter
from sim.distributions.points import Points
from sim.distributions.uniform import Uniform
from sim.distributions.unlimited import Unlimited
from sim.distributions.weibull import Weibull

DISTRIBUTIONS: dict[str, type[TimeDistribution]] = {
    one.name: one
    for one in (
        Deterministic, Exponential, Lognormal, Gamma, Erlang, Weibull, Uniform, Points, Unlimited,
    )
}  # fmt: skip
"""All distributions by the name that files use."""

NEVER = Unlimited()
AT_ONCE = Deterministic(0.0)

__all__ = [
    "AT_ONCE",
    "DistributionByInterval",
    "DISTRIBUTIONS",
    "NEVER",
    "Deterministic",
    "Erlang",
    "Exponential",
    "Gamma",
    "Lognormal",
    "Parameter",
    "Points",
    "TimeDistribution",
    "Uniform",
    "Unlimited",
    "Weibull",
]
