"""What every distribution of a time can do."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from sim import units
from sim.array_types import Floats, Ints
from sim.distributions.parameters import MEAN, Fields, Parameter, Table
from sim.distributions.scalar_quantile import CURVE, quantile
from sim.distributions.shown_numbers import number_text, share_text, time_text
from sim.streams import Uniforms

if TYPE_CHECKING:
    from sim.erlang import Patience

_KNOTS = 16385
_EMPTY: Floats = np.empty(0)


class TimeDistribution(ABC):
    """A distribution of a time in seconds.

    One class a distribution: its parameters, how a file writes it, its quantiles and its moments.
    Every draw is the quantile of one uniform number, so that it moves steadily with that number:
    a longer mean lengthens every draw, and ``1 - u`` gives the antithetic one.

    The methods that a class has to have, :meth:`of`, :meth:`inner_quantiles`,
    :meth:`inner_cdf`, `inner_mean` and `inner_cv`, are about the draws that are not zero.

    Attributes
    ----------
    name : str
        As files write it.
    help : str
    examples : tuple of str
        Texts that are read as this distribution.
    shapes : tuple of Parameter
        Ways to give the shape, the usual one first; none: it has only a mean.
    scales : tuple of Parameter
        Ways to give the scale.
    others : tuple of Parameter
        Parameters of a distribution that has neither.
    shape_field : str
        Field of a scenario that holds the shape.
    may_be_zero : bool
        Whether the mean may be zero.
    code : int
        How the kernel draws: a branch of :func:`sim.distributions.scalar_quantile.quantile`.
        Without a branch of its own a distribution is read from its :meth:`curve`.
    zero : float
        Share of draws that are exactly zero.
    """

    __slots__ = ()

    name: ClassVar[str]
    help: ClassVar[str]
    examples: ClassVar[tuple[str, ...]]
    shapes: ClassVar[tuple[Parameter, ...]] = ()
    scales: ClassVar[tuple[Parameter, ...]] = (MEAN,)
    others: ClassVar[tuple[Parameter, ...]] = ()
    shape_field: ClassVar[str] = "shape"
    may_be_zero: ClassVar[bool] = False
    code: ClassVar[int] = CURVE
    zero: float

    # -- draws ------------------------------------------------------------------------------

    @abstractmethod
    def inner_quantiles(self, u: Floats) -> Floats:
        """Return the quantiles (s) of the draws that are not zero."""

    @property
    def numbers(self) -> tuple[float, float]:
        """The two numbers that the branch of the kernel reads."""
        return 0.0, 0.0

    @property
    def constant(self) -> float | None:
        """The time (s) of every draw, None where draws are random."""
        return None

    def sample(self, rng: Uniforms, count: int) -> Floats:
        """Draw times, one uniform number each.

        Parameters
        ----------
        rng : Uniforms
            Not read where all draws are the same.
        count : int

        Returns
        -------
        ndarray, shape (count,)
            Seconds; infinite for "never".
        """
        constant = self.constant
        if constant is not None:
            return np.full(count, constant)
        return self.quantiles(rng.random(count))

    def quantiles(self, u: Floats) -> Floats:
        """Return the times (s) of some uniform numbers from 0 (included) to 1 (excluded).

        The same whether the numbers are in one array or in several.
        """
        zero = self.zero
        if zero == 0:
            return self.inner_quantiles(u)
        if zero == 1:
            return np.zeros(u.shape)
        rest = self.inner_quantiles(np.maximum(u - zero, 0) / (1 - zero))
        return np.where(u < zero, 0.0, rest)

    def quantile(self, u: float) -> float:
        """Return the time (s) at which a share ``u`` of the draws is shorter or equal.

        The scalar twin of :meth:`sample`, for draws that only some contacts need; the kernel
        computes the same to the bit.
        """
        knots, values = self.curve()
        return quantile(self.code, *self.numbers, self.zero, knots, values, u)

    def curve(self) -> tuple[Floats, Floats]:
        """Return the curve that the kernel reads: probabilities and quantiles (s).

        Empty for a distribution with a branch of its own. Else 16,385 exact quantiles, for a
        gamma distribution with a relative error between the 0.01 % and the 99.99 % point below
        1e-6 for shapes from 1 on, 2e-5 for 0.3, 2.5e-4 for 0.1.
        """
        return _tabulated(self) if self.code == CURVE else (_EMPTY, _EMPTY)

    # -- intervals --------------------------------------------------------------------------

    def at(self, interval: int) -> TimeDistribution:
        """Return the distribution that holds in an interval of the horizon."""
        return self

    def means(self, intervals: int) -> Floats:
        """Return the mean (s) in each interval of the horizon, shape (intervals,)."""
        return np.full(intervals, self.mean)

    def quantiles_at(self, intervals: Ints, u: Floats) -> Floats:
        """Return :meth:`quantiles`, each number by the distribution of its interval."""
        return self.quantiles(u)

    # -- moments ----------------------------------------------------------------------------

    @property
    @abstractmethod
    def inner_mean(self) -> float:
        """Mean (s) of the draws that are not zero."""

    @property
    @abstractmethod
    def inner_cv(self) -> float:
        """Coefficient of variation of the draws that are not zero."""

    @abstractmethod
    def inner_cdf(self, t: Floats) -> Floats:
        """Return the distribution function of the draws that are not zero, for t of 0 or more."""

    @property
    def mean(self) -> float:
        """Mean of all draws (s); infinite when some are never."""
        return (1 - self.zero) * self.inner_mean

    @property
    def cv(self) -> float:
        """Coefficient of variation of all draws; NaN when the mean is zero or infinite."""
        mean = self.mean
        if not math.isfinite(mean) or mean == 0:
            return math.nan
        second = (1 - self.zero) * self.inner_mean**2 * (1 + self.inner_cv**2)
        return math.sqrt(max(second / mean**2 - 1, 0.0))

    def cdf(self, times: Floats) -> Floats:
        """Return the probability that a draw is at most each time.

        Parameters
        ----------
        times : ndarray
            Seconds, of any sign.

        Returns
        -------
        ndarray
            Same shape, from 0 to 1.
        """
        t = np.asarray(times, dtype=float)
        inner = self.inner_cdf(np.maximum(t, 0.0))
        return np.where(t < 0, 0.0, self.zero + (1 - self.zero) * inner)

    def survival(self, times: Floats) -> Floats:
        """Return the probability that a draw is longer than each time (s)."""
        return 1.0 - self.cdf(times)

    # -- formulas ---------------------------------------------------------------------------

    def patience(self, balk: float = 0.0) -> Patience:
        """Return the distribution as the Erlang formulas take a patience.

        Parameters
        ----------
        balk : float
            Share who leave at once when no agent is free, below 1.
        """
        from sim.erlang import patience as formulas

        found = self.inner_patience()
        at_once = 1 - (1 - balk) * (1 - self.zero)
        return formulas.balking(at_once, found) if at_once > 0 else found

    def inner_patience(self) -> Patience:
        """Return the draws that are not zero as a patience; integrated numerically by default."""
        from sim.erlang import patience as formulas

        return formulas.curve(lambda t: 1.0 - float(self.inner_cdf(np.asarray(t, dtype=float))))

    # -- files ------------------------------------------------------------------------------

    @classmethod
    @abstractmethod
    def of(cls, fields: Fields) -> TimeDistribution:
        """Return the distribution that the fields of a scenario describe."""

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        """Return all that a table may give."""
        return cls.scales + cls.shapes + cls.others

    @classmethod
    def parse_text(cls, text: str, rest: str) -> dict[str, Any]:
        """Return the table of a text.

        Parameters
        ----------
        text : str
            The whole text, for messages.
        rest : str
            What follows the name, without ``zero`` and the parameters that have a name.
        """
        if not rest:
            raise ValueError(f'{text!r} lacks the mean; allowed: "{cls.examples[0]}"')
        return {"mean": rest}

    @classmethod
    def read(cls, table: Table) -> dict[str, Any]:
        """Return the fields of a scenario from the parameters of a table.

        Raises
        ------
        ValueError
            When parameters are missing, too many or out of bounds.
        """
        shape = cls._read_shape(table)
        mean = cls._read_mean(table, shape)
        if mean > units.LONGEST:
            raise ValueError(f"the mean is longer than 100 years; allowed: {units.DURATION_FORM}")
        if mean <= 0 and not cls.may_be_zero:
            raise ValueError(f"mean {mean:g} s must be above 0")
        return {"mean": mean} | ({cls.shape_field: shape} if cls.shapes else {})

    @classmethod
    def write(cls, fields: Fields) -> str:
        """Return the text of a distribution, without ``zero``; read again, it is the same."""
        shape = fields.spread if cls.shape_field == "cv" else fields.shape
        key = f" {cls.shapes[0].key} {number_text(shape)}" if cls.shapes else ""
        return f"{cls.name} {time_text(fields.time)}{key}"

    @classmethod
    def write_all(cls, fields: Fields) -> str:
        """Return the text of a distribution as a planner writes it."""
        zero = f" zero {share_text(fields.zero)}" if fields.zero else ""
        return cls.write(fields) + zero

    @classmethod
    def shape_from(cls, key: str, number: float) -> float:
        """Return the shape as the scenario keeps it, from the parameter that was given."""
        return number

    @classmethod
    def mean_from(cls, key: str, value: float, shape: float) -> float:
        """Return the mean (s) from the parameter that was given."""
        return value

    @classmethod
    def _read_shape(cls, table: Table) -> float:
        allowed = {one.key: one for one in cls.shapes}
        written = set(SHAPE_KEYS & table.keys())
        if written - allowed.keys():
            extra = min(written - allowed.keys())
            hint = " or ".join(sorted(allowed)) if allowed else "only a mean"
            raise ValueError(f"{cls._an()} takes no {extra}; allowed: {hint}")
        if not allowed:
            return math.nan
        if len(written) != 1:
            usual = cls.shapes[0].key
            raise ValueError(f'{cls._an()} needs {usual}, such as "{cls.examples[0]}"')
        key = written.pop()
        return cls.shape_from(key, allowed[key].read(table[key]))

    @classmethod
    def _read_mean(cls, table: Table, shape: float) -> float:
        written = set(SCALE_KEYS & table.keys())
        if len(written) != 1:
            found = " and ".join(sorted(written)) or "none"
            raise ValueError(f"{cls._an()} needs one mean; found: {found}")
        key = written.pop()
        value = units.duration(table[key])
        if key not in {one.key for one in cls.scales}:
            raise ValueError(f"{cls._an()} takes no {key}; allowed: mean")
        return cls.mean_from(key, value, shape)

    @classmethod
    def _an(cls) -> str:
        """Return the name of the distribution with its article."""
        return f"{'an' if cls.name[0] in 'aeiou' else 'a'} {cls.name} distribution"


SHAPE_KEYS = frozenset(("cv", "sigma", "shape", "k"))
SCALE_KEYS = frozenset(("mean", "scale", "median"))


@cache
def _tabulated(distribution: TimeDistribution) -> tuple[Floats, Floats]:
    knots = curve_knots()
    return knots, distribution.inner_quantiles(knots)


def curve_knots() -> Floats:
    """Return the probabilities at which quantiles are tabulated, shape (16385,).

    Even on the logistic scale: as dense in both tails as in the middle.
    """
    from scipy import special

    return np.asarray(special.expit(np.linspace(-36.0, 36.0, _KNOTS)))
