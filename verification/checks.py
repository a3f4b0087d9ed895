"""One expected value, the value found, and whether they agree."""

from dataclasses import dataclass

LEVEL = 0.999
"""Confidence of the verdict: one correct value in a thousand is reported as different at first."""


@dataclass(frozen=True, slots=True)
class Check:
    """One value of one case.

    Attributes
    ----------
    case, source, metric : str
    expected : float
    allowed : float
        Precision of `expected` itself: rounding in print, or the source's confidence interval.
    found : float
    error : float
        Standard error of `found`; 0 for formulas.
    freedom : int
        Degrees of freedom of that error.
    """

    case: str
    source: str
    metric: str
    expected: float
    allowed: float
    found: float
    error: float = 0.0
    freedom: int = 0

    @property
    def half(self) -> float:
        """Half width of the 95 % confidence interval of what was found."""
        return _quantile(0.95, self.freedom) * self.error if self.error else 0.0

    @property
    def band(self) -> float:
        """The largest difference that random variation and the source explain."""
        own = _quantile(LEVEL, self.freedom) * self.error if self.error else 0.0
        return own + self.allowed

    @property
    def agrees(self) -> bool:
        """Whether the difference is within the band."""
        return abs(self.found - self.expected) <= self.band

    @property
    def off(self) -> float:
        """Difference relative to the expected value."""
        gap = abs(self.found - self.expected)
        return gap / abs(self.expected) if self.expected else gap

    @property
    def shows(self) -> float:
        """Smallest relative error that this check detects, by its 95 % confidence interval."""
        return (self.half + self.allowed) / abs(self.expected) if self.expected else self.half


def exact(case: str, source: str, metric: str, expected: float, found: object,
          relative: float = 1e-9, absolute: float = 0.0) -> Check:  # fmt: skip
    """Check a value that is not random.

    Parameters
    ----------
    case, source, metric : str
    expected : float
    found : float
    relative, absolute : float
        Precision of the source.
    """
    value = float(found)  # type: ignore[arg-type]
    return Check(case, source, metric, expected, relative * abs(expected) + absolute, value)


def _quantile(level: float, freedom: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.5 + level / 2))
