"""The result of a selection: the best alternative, or those that do not differ significantly."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sim.extras import need
from sim.result_output import Output

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Alternative:
    """One alternative of a choice.

    Attributes
    ----------
    label : str
    runs : int
        Replications simulated.
    value, low, high : float or None
        The metric with its 95 % confidence interval.
    behind : float
        By how much it is behind the one in ``than``; not above zero for the leader.
    behind_low, behind_high : float or None
        Interval of that, which holds for all alternatives and at all looks together with the
        confidence of the choice; None for the leader and while nothing can be shown.
    than : str
        The leader; for one that is out, the one that it was shown to be worse than.
    possible : bool
        It may be the best.
    """

    label: str
    runs: int
    value: float | None
    low: float | None
    high: float | None
    behind: float
    behind_low: float | None
    behind_high: float | None
    than: str
    possible: bool


@dataclass(frozen=True, repr=False)
class SelectionResult(Output):
    """The best of many alternatives.

    Attributes
    ----------
    metric : str
        As in ``--best``.
    unit : str
    largest : bool
        The largest is the best, else the smallest.
    alternatives : tuple of Alternative
        The best looking first; those that are out last.
    confidence : float
        With this probability at least, the best is among the possible ones.
    likely : float
        Estimated probability that the leader is the best.
    budget : int
        Replications that could be spent.
    within : float or None
        A difference of this much did not matter.
    short : float
        By how much the leader may be short of the best, at the confidence.
    seed : int
    engine : str
    notes : tuple of str
    """

    metric: str
    unit: str
    largest: bool
    alternatives: tuple[Alternative, ...]
    confidence: float
    likely: float
    budget: int
    within: float | None
    short: float
    seed: int
    engine: str
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Return the choice in one line."""
        found = repr(self.best) if self.best else f"one of {list(self.possible)}"
        return f"SelectionResult({self.metric!r}, best: {found}, runs={self.runs})"

    @property
    def leader(self) -> Alternative:
        """Return the one that looks best."""
        return self.alternatives[0]

    @property
    def best(self) -> str | None:
        """Return the label of the best, None where several may be the best."""
        good = self.within is not None and self.short <= self.within
        return self.leader.label if len(self.possible) == 1 or good else None

    @property
    def possible(self) -> tuple[str, ...]:
        """Return the labels of those that may be the best."""
        return tuple(a.label for a in self.alternatives if a.possible)

    @property
    def runs(self) -> int:
        """Return the number of replications of all alternatives together."""
        return sum(a.runs for a in self.alternatives)

    def table(self) -> pd.DataFrame:
        """Return the alternatives as a table, columns as in :class:`Alternative`."""
        need("table", "pandas")
        import pandas as pd

        return pd.DataFrame([asdict(a) for a in self.alternatives])

    def document(self) -> dict[str, Any]:
        """Return what the command line writes as JSON."""
        from sim import __version__

        return {
            "figure": self.metric,
            "unit": self.unit,
            "better": "largest" if self.largest else "smallest",
            "best": self.best,
            "possible": list(self.possible),
            "confidence": self.confidence,
            "likely": self.likely,
            "within": self.within,
            "short_of_best": self.short if self.short < float("inf") else None,
            "runs": self.runs,
            "budget": self.budget,
            "seed": self.seed,
            "engine": self.engine,
            "version": __version__,
            "alternatives": [asdict(a) for a in self.alternatives],
            "notes": list(self.notes),
        }

    def to_json(self) -> str:
        """Return the document as JSON text; metrics that are not known are null."""
        return json.dumps(self.document(), indent=1, allow_nan=False)
