"""Times by a measured curve."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from sim import units
from sim.array_types import Floats
from sim.distributions.base import TimeDistribution
from sim.distributions.parameters import Fields, Parameter, Table
from sim.distributions.shown_numbers import share_text, time_text

if TYPE_CHECKING:
    from sim.erlang import Patience

_POINT = re.compile(r"(.+?)\s+(\S+(?:\s+%)?)")
Pairs = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Points(TimeDistribution):
    """A quantile curve that is linear between its points.

    Attributes
    ----------
    u, x : ndarray, shape (n,)
        Probabilities (ascending, from 0 to at most 1) and values (s). Probability beyond the last
        point means "never" (infinite).
    """

    name: ClassVar[str] = "points"
    help: ClassVar[str] = "a measured curve, see below"
    examples: ClassVar[tuple[str, ...]] = ("points 10s 5%, 60s 50%",)
    scales: ClassVar[tuple[Parameter, ...]] = ()
    others: ClassVar[tuple[Parameter, ...]] = (
        Parameter(
            "points", "pairs of value and cumulative probability; the rest is never", "points",
            in_text=False,
        ),
    )  # fmt: skip

    u: Floats
    x: Floats
    zero: float = 0.0

    @classmethod
    def of(cls, fields: Fields) -> Self:
        """Return the distribution that the fields of a scenario describe."""
        x, u = np.array(fields.points, dtype=float).T
        return cls(u.copy(), x.copy(), fields.zero)

    @classmethod
    def parse_text(cls, text: str, rest: str) -> dict[str, Any]:
        """Return the points of ``"10s 5%, 60s 50%"``."""
        found = [_POINT.fullmatch(part.strip()) for part in rest.split(",")]
        if not all(found):
            raise ValueError(f'{rest!r} are not points; allowed: "points 10s 5%, 60s 50%"')
        return {"points": [[match[1], match[2]] for match in found if match]}

    @classmethod
    def read(cls, table: Table) -> dict[str, Any]:
        """Return the fields of a scenario from pairs of value and probability."""
        points = [*map(_point, _listed(table.get("points")))]
        for (x, p), (y, q) in pairwise(points):
            if y < x or q < p:
                raise ValueError(
                    f"points fall from ({x:g} s, {p:g}) to ({y:g} s, {q:g}); "
                    "allowed: values and probabilities that never fall"
                )
        if points[0][1] > 0:
            from_zero = len(points) > 1 or points[0][1] < 1
            points.insert(0, (0.0 if from_zero else points[0][0], 0.0))
        return {"points": tuple(points), "mean": _mean(points)}

    @classmethod
    def write(cls, fields: Fields) -> str:
        """Return the text of the points."""
        return "points " + ", ".join(f"{time_text(x)} {share_text(p)}" for x, p in fields.points)

    def curve(self) -> tuple[Floats, Floats]:
        """Return the points."""
        return self.u, self.x

    def inner_quantiles(self, u: Floats) -> Floats:
        """Return the quantiles (s) of the draws that are not zero."""
        return np.interp(u, self.u, self.x, right=np.inf if self.u[-1] < 1 else None)

    @property
    def inner_mean(self) -> float:
        """Mean (s) of the draws that are not zero; infinite when some are never."""
        if self.u[-1] < 1:
            return math.inf
        return float(np.sum(np.diff(self.u) * (self.x[1:] + self.x[:-1]) / 2))

    @property
    def inner_cv(self) -> float:
        """Coefficient of variation of the draws that are not zero."""
        points = list(zip(self.x.tolist(), self.u.tolist(), strict=True))
        mean = _mean(points)
        second = sum((q - p) * (x * x + x * y + y * y) / 3 for (x, p), (y, q) in pairwise(points))
        return math.sqrt(max(second / mean**2 - 1, 0.0)) if mean else 0.0

    def inner_cdf(self, t: Floats) -> Floats:
        """Return the distribution function of the draws that are not zero."""
        return np.interp(t, self.x, self.u, left=0.0)

    def inner_patience(self) -> Patience:
        """Return a measured survival curve; of points at the same time the last one counts."""
        from sim.erlang import patience as formulas

        still = dict(zip(self.x.tolist(), (1 - self.u).tolist(), strict=True))
        return formulas.measured(list(still), list(still.values()))

    def __eq__(self, other: object) -> bool:
        """Equal when all points are."""
        if not isinstance(other, Points):
            return NotImplemented
        same = np.array_equal(self.u, other.u) and np.array_equal(self.x, other.x)
        return same and self.zero == other.zero

    def __hash__(self) -> int:
        """Hash by the points."""
        return hash((self.u.tobytes(), self.x.tobytes(), self.zero))


def _listed(pairs: Any) -> list[Any] | tuple[Any, ...]:
    if not isinstance(pairs, list | tuple) or len(pairs) < 1:
        raise ValueError(
            'a points distribution needs points; allowed: [["10s", "5%"], ["60s", "50%"]]'
        )
    return pairs


def _point(pair: Any) -> tuple[float, float]:
    if not isinstance(pair, list | tuple) or len(pair) != 2:
        raise ValueError(f'{pair!r} is not a point; allowed: ["10s", "5%"]')
    return units.duration(pair[0]), units.share(pair[1])


def _mean(points: list[tuple[float, float]]) -> float:
    """Return the mean (s) of a quantile curve, of the draws that are not never."""
    top = points[-1][1]
    area = sum((q - p) * (x + y) / 2 for (x, p), (y, q) in pairwise(points))
    return area / top if top > 0 else math.nan
