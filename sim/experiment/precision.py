"""Simulating until the confidence interval of a metric is narrow enough.

Stopping as soon as it is narrow enough stops too often where the spread happens to look small, and
then the confidence interval misses more often than it says (Law, Simulation Modeling and Analysis,
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
from sim.metrics.estimators import InfluenceEstimate
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
    """Half the width that the 95 % confidence interval of one metric shall have.

    Attributes
    ----------
    metric_ref : MetricRef
    half_width : float
        In the unit of the metric, or a share of its value.
    relative : bool
        The amount is a share of the value.
    """

    metric_ref: MetricRef
    half_width: float
    relative: bool = False

    def width_ratio(self, estimate: InfluenceEstimate, value: float | None = None) -> float:
        """Return half the width over the target: 1 and less is precise enough.

        Parameters
        ----------
        estimate : InfluenceEstimate
        value : float, optional
            What the share is of; the metric's own value by default.
        """
        half = _half_width(estimate)
        if isnan(half):
            return half
        wanted = self.half_width
        if self.relative:
            wanted *= abs(float(estimate.value) if value is None else value)
        return half / wanted if wanted > 0 else (inf if half > 0 else 0.0)

    def text(self, estimate: InfluenceEstimate, value: float | None = None) -> str:
        """Report how far a metric is from its target."""
        half, unit = _half_width(estimate), self.metric_ref.metric.unit
        if self.relative:
            whole = abs(float(estimate.value) if value is None else value)
            reached = half / whole if whole else inf
            return f"± {reached:.3%} of its value, wanted ± {self.half_width:.3%}"
        return f"± {_formatted(half, unit)}, wanted ± {_formatted(self.half_width, unit)}"


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
    """Read the precision that a metric shall reach.

    Parameters
    ----------
    model : Model
    precision : float or str
        In the metric's unit (``"0.5%"`` or ``0.005`` for shares, ``"5s"`` for times, a plain
        number for what is counted), or ``"2% of value"``.
    of : str, optional
        The metric, see :func:`sim.metrics.parse_metric`; default the service level of all queues.

    Raises
    ------
    BadInputError
    """
    metric_ref = parse_metric_option(model, of or HEADLINE, "of")
    text = str(precision).strip()
    if text.lower().endswith(_OF_VALUE):
        return PrecisionTarget(metric_ref, _share(text[: -len(_OF_VALUE)].strip()), relative=True)
    return PrecisionTarget(
        metric_ref, parse_half_width(precision, metric_ref.metric.unit, "precision")
    )


def parse_half_width(value: float | str, unit: str, option: str) -> float:
    """Return an amount in the unit of a metric; a message names the option it was given by.

    Raises
    ------
    BadInputError
        When it is not an amount, or not above zero.
    """
    try:
        return _parse_half_width(value, unit)
    except BadInputError as error:
        hint = "" if unit == "share" else f" (the metric is in {unit})"
        raise BadInputError(f"{option}: {error}{hint}") from None


def parse_metric_option(model: Model, text: str, option: str) -> MetricRef:
    """Return the metric of a name; a message names the option it was given by."""
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
    simulate_up_to: Callable[[int], None],
    width_ratio: Callable[[], float],
    unit_size: int = 1,
    most: int = 0,
) -> int:
    """Simulate by stages until the target is reached.

    Parameters
    ----------
    simulate_up_to : callable
        Goes on until there are so many replications.
    width_ratio : callable
        Returns how far the confidence interval is too wide: 1 and less is reached, NaN cannot be.
    unit_size : int
        Consecutive replications that share random numbers.
    most : int
        Largest number of replications; :data:`MAX_RUNS` by default.

    Returns
    -------
    int
        Replications simulated.
    """
    most = most or MAX_RUNS
    step = FIRST_UNITS * unit_size
    planned = min(step, most)
    simulate_up_to(planned)
    while True:
        ratio = width_ratio()
        if not ratio > 1 or planned >= most:
            return planned
        needed = inf if ratio == inf else ceil(planned * ratio**2 * SPARE)
        planned = min(most, max(planned + step // 2, int(min(needed, 4 * planned))))
        planned += -planned % unit_size
        simulate_up_to(planned)
