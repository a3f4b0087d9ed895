"""What a comparison with actuals says as a whole: in which direction, and whether bands hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.planning.align_actuals import ALL_QUEUES

if TYPE_CHECKING:
    from sim.planning.actuals_error import MetricError

WAITS = {"service_level": 1, "abandonment": -1, "asa_s": -1}
"""Metrics of waiting, with the sign of a bias that is too optimistic."""
OPTIMISTIC, PESSIMISTIC, BOTH, NEITHER, UNKNOWN = (
    "optimistic", "pessimistic", "both", "neither", "unknown",
)  # fmt: skip
DAYS, INTERVALS = "days", "intervals"
FEWEST_REPLICATIONS = 10
"""With fewer the confidence interval of the bias is so wide, by more than a seventh (quantiles of
Student's t), that a bias inside of it says little."""
FEWEST_DAYS = 5
"""With fewer whole days the intervals of the actuals are counted; fewer days, whole or not, cannot
tell whether bands are too narrow."""
LESS = 0.05
"""So much below its nominal share a band may be before it is called too narrow."""
IMPROBABLE = 0.05
"""Probability below which so few days inside the bands of any metric are not taken for random."""


@dataclass(frozen=True)
class ShareInside:
    """How often actuals lie inside the bands of one metric.

    Attributes
    ----------
    metric : str
    share : float
    periods : int
        Days or intervals.
    is_too_low : bool
        Whether so few are hardly random.
    is_less : bool
        Whether the share is below what should be inside, random or not.
    """

    metric: str
    share: float
    periods: int
    is_too_low: bool
    is_less: bool

    @property
    def count(self) -> int:
        """Return the periods inside."""
        return round(self.share * self.periods)


@dataclass(frozen=True)
class ValidationVerdict:
    """A comparison as a whole, of all queues together.

    Attributes
    ----------
    direction : {"optimistic", "pessimistic", "both", "neither", "unknown"}
        Of the significant biases of service level, abandonment and ASA: shorter waits than
        recorded are optimistic. Unknown without these metrics, or with too few replications.
    biases : tuple of MetricError
        The significant ones of these metrics.
    causes : tuple of MetricError
        Significant biases of contacts offered and handle time.
    period : {"days", "intervals"}
        What is counted as inside.
    inside : tuple of ShareInside
        Of these metrics.
    expected : float
        Share that should be inside at least.
    days : int
        Days of the scenario that are compared.
    """

    direction: str
    biases: tuple[MetricError, ...]
    causes: tuple[MetricError, ...]
    period: str
    inside: tuple[ShareInside, ...]
    expected: float
    days: int

    @property
    def has_narrow_bands(self) -> bool:
        """Whether actuals lie inside their bands less often than they should."""
        return any(one.is_too_low for one in self.inside)

    @property
    def is_unsure(self) -> bool:
        """Whether fewer are inside than should be, but not so few that it is hardly random."""
        return not self.has_narrow_bands and any(one.is_less for one in self.inside)

    def document(self) -> dict[str, object]:
        """Return the verdict as plain data."""
        return {
            "direction": self.direction,
            "significant": [one.metric for one in (*self.biases, *self.causes)],
            "period": self.period,
            "inside": {one.metric: round(one.share, 6) for one in self.inside},
            "expected": round(self.expected, 6),
            "inside_as_often_as_expected": (
                not self.has_narrow_bands if self.inside and not self.is_unsure else None
            ),
        }


def verdict_on(found: Sequence[MetricError], band: float, days: int) -> ValidationVerdict:
    """Return what the metrics of a comparison say as a whole.

    Parameters
    ----------
    found : sequence of MetricError
    band : float
        Share of simulated days inside a band.
    days : int
        Days of the scenario that are compared.
    """
    together = [one for one in found if one.queue == ALL_QUEUES] or list(found)
    waits = [one for one in together if one.metric in WAITS]
    known = [one for one in waits if one.replications >= FEWEST_REPLICATIONS]
    biases = tuple(filter(is_biased, known))
    causes = tuple(
        one for one in together
        if one.metric in ("offered", "aht_s") and one.replications >= FEWEST_REPLICATIONS
        and is_biased(one)
    )  # fmt: skip
    period = DAYS if all(one.days >= FEWEST_DAYS for one in waits) else INTERVALS
    by_day = period == DAYS
    inside = _days_inside(known, band) if by_day else _intervals_inside(known, band, days)
    direction = _direction(biases) if known else UNKNOWN
    return ValidationVerdict(direction, biases, causes, period, inside, band - LESS, days)


def is_biased(one: MetricError) -> bool:
    """Return whether the confidence interval of a bias leaves out zero."""
    low, high = one.bias_low, one.bias_high
    return low is not None and high is not None and not low <= 0 <= high


def _direction(biases: Sequence[MetricError]) -> str:
    signs = {WAITS[one.metric] * (1 if (one.bias or 0.0) > 0 else -1) for one in biases}
    if len(signs) > 1:
        return BOTH
    return OPTIMISTIC if 1 in signs else PESSIMISTIC if -1 in signs else NEITHER


def _days_inside(known: Sequence[MetricError], band: float) -> tuple[ShareInside, ...]:
    """Return the shares of days inside, with a binomial test of each (independent days).

    It is tested whether as many lie inside as should be at least. The test is one-sided, and its
    level is shared among the metrics (Bonferroni), the worst of which decides.
    """
    from scipy.special import bdtr

    found = []
    for one in known:
        if one.inside_days is None:
            continue
        is_less = one.inside_days < band - LESS
        probability = float(bdtr(round(one.inside_days * one.days), one.days, band - LESS))
        is_low = is_less and probability < IMPROBABLE / len(known)
        found.append(ShareInside(one.metric, one.inside_days, one.days, is_low, is_less))
    return tuple(found)


def _intervals_inside(
    known: Sequence[MetricError], band: float, days: int
) -> tuple[ShareInside, ...]:
    """Return the shares of intervals inside, with an interval that knows their days."""
    found = []
    for one in known:
        if one.inside is None or one.inside_high is None:
            continue
        is_less = one.inside < band - LESS
        is_low = is_less and one.inside_high < band - LESS and days >= FEWEST_DAYS
        found.append(ShareInside(one.metric, one.inside, one.intervals, is_low, is_less))
    return tuple(found)
