"""How sure a figure shall be, and going on until it is.

Stopping as soon as an interval is narrow enough stops too often where the spread happens to look
small, and then the interval misses more often than it says (Law, Simulation Modeling and Analysis,
5th ed., sec. 9.4.1). So the first look comes late, and the replications grow by stages: each is as
long as the spread so far asks for, and a tenth more, so that there are few looks and most end with
fresh replications (Chow and Robbins 1965, Annals of Mathematical Statistics 36, for the rule;
Hall 1981, Annals of Statistics 9, for stages). ``make verify`` counts how often the intervals hold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, inf, isnan

from sim.metrics import MetricRef, parse_metric
from sim.metrics.estimate import InfluenceEstimate
from sim.metrics.metric_ref import HEADLINE
from sim.model import Model
from sim.units import BadInputError, duration, share

MAX_RUNS = 10_000
FIRST_UNITS = 50
"""Independent replications (or pairs) before the first look: fewer judge the spread badly."""

SPARE = 1.1
"""Length of a stage, of what the spread so far asks for."""

_OF_VALUE = "of value"


@dataclass(frozen=True, slots=True)
class PrecisionTarget:
    """Half the width that the 95 % interval of one figure shall have.

    Attributes
    ----------
    which : MetricRef
    amount : float
        In the unit of the figure, or a share of its value.
    relative : bool
        The amount is a share of the value.
    """

    which: MetricRef
    amount: float
    relative: bool = False

    def off(self, estimate: InfluenceEstimate, value: float | None = None) -> float:
        """Return half the width over what is wanted: 1 and less is sure enough.

        Parameters
        ----------
        estimate : InfluenceEstimate
        value : float, optional
            What the share is of; the figure's own value unless given.
        """
        half = _half_width(estimate)
        if isnan(half):
            return half
        wanted = self.amount
        if self.relative:
            wanted *= abs(float(estimate.value) if value is None else value)
        return half / wanted if wanted > 0 else (inf if half > 0 else 0.0)

    def text(self, estimate: InfluenceEstimate, value: float | None = None) -> str:
        """Say how far a figure is from what was wanted."""
        half, unit = _half_width(estimate), self.which.measure.unit
        if self.relative:
            whole = abs(float(estimate.value) if value is None else value)
            reached = half / whole if whole else inf
            return f"± {reached:.3%} of its value, wanted ± {self.amount:.3%}"
        return f"± {_formatted(half, unit)}, wanted ± {_formatted(self.amount, unit)}"


def _half_width(estimate: InfluenceEstimate) -> float:
    """Return half the width of the interval, also of one that is not symmetric."""
    half = float(estimate.half)
    if isnan(half) or estimate.span is None:
        return half
    low, high = (float(bound) for bound in estimate.bounds())
    return (high - low) / 2


def _formatted(amount: float, unit: str) -> str:
    return f"{amount:.3%}" if unit == "share" else f"{amount:.4g} {unit}"


def parse_precision(model: Model, precision: float | str, of: str | None = None) -> PrecisionTarget:
    """Read how sure which figure shall be.

    Parameters
    ----------
    model : Model
    precision : float or str
        In the figure's unit (``"0.5%"`` or ``0.005`` for shares, ``"5s"`` for times, a plain
        number for what is counted), or ``"2% of value"``.
    of : str, optional
        The metric, see :func:`sim.metrics.parse_metric`; default the service level of all queues.

    Raises
    ------
    BadInputError
    """
    figure = parse_metric_option(model, of or HEADLINE, "of")
    text = str(precision).strip()
    if text.lower().endswith(_OF_VALUE):
        return PrecisionTarget(figure, _share(text[: -len(_OF_VALUE)].strip()), relative=True)
    return PrecisionTarget(figure, parse_half_width(precision, figure.measure.unit, "precision"))


def parse_half_width(given: float | str, unit: str, option: str) -> float:
    """Return an amount in the unit of a figure; a message names the option it was given by.

    Raises
    ------
    BadInputError
        When it is none, or not above zero.
    """
    try:
        return _parse_half_width(given, unit)
    except BadInputError as error:
        hint = "" if unit == "share" else f" (the figure is in {unit})"
        raise BadInputError(f"{option}: {error}{hint}") from None


def parse_metric_option(model: Model, text: str, option: str) -> MetricRef:
    """Return the figure of a name; a message names the option it was given by."""
    try:
        return parse_metric(model, text)
    except BadInputError as error:
        raise BadInputError(f"{option}: {error}") from None


def _parse_half_width(precision: float | str, unit: str) -> float:
    if unit == "share":
        return _share(precision, "")
    if unit == "s":
        found = duration(precision)
    elif unit == "h" and isinstance(precision, str) and not _is_number(precision):
        found = duration(precision) / 3600
    else:
        if not _is_number(precision):
            raise BadInputError(f"{precision!r} is not a number")
        found = float(precision)
    if not 0 < found < inf:
        raise BadInputError(f"{precision} must be more than zero")
    return found


def _share(precision: float | str, option: str = "precision: ") -> float:
    try:
        value = share(precision)
    except BadInputError as error:
        raise BadInputError(f"{option}{error}") from None
    if not 0 < value < 1:
        raise BadInputError(f"{option}{precision} must lie between 0 % and 100 %")
    return value


def _is_number(value: float | str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


def simulate_until_precise(
    live: Callable[[int], None], off: Callable[[], float], together: int = 1, most: int = 0
) -> int:
    """Go on by stages until what is wanted is reached.

    Parameters
    ----------
    live : callable
        Goes on until there are so many replications.
    off : callable
        Returns how far the interval is too wide: 1 and less is reached, NaN cannot be.
    together : int
        Consecutive replications that share chance.
    most : int
        Largest number of replications; :data:`MAX_RUNS` unless given.

    Returns
    -------
    int
        Replications lived.
    """
    most = most or MAX_RUNS
    step = FIRST_UNITS * together
    planned = min(step, most)
    live(planned)
    while True:
        ratio = off()
        if not ratio > 1 or planned >= most:
            return planned
        needed = inf if ratio == inf else ceil(planned * ratio**2 * SPARE)
        planned = min(most, max(planned + step // 2, int(min(needed, 4 * planned))))
        planned += -planned % together
        live(planned)
