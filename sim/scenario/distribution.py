"""Distributions of times as planners write them: ``lognormal 4min cv 0.9``."""

from __future__ import annotations

import math
import re
from typing import Any, ClassVar, Self

from pydantic import Field, ValidationInfo

from sim import units
from sim.scenario.fields import Share, Written, one_of
from sim.scenario.files import Files

LAWS = (
    "deterministic",
    "exponential",
    "lognormal",
    "gamma",
    "erlang",
    "weibull",
    "uniform",
    "points",
    "unlimited",
)
_SHAPE_OF = {"lognormal": "cv", "gamma": "cv", "erlang": "k", "weibull": "shape"}
_EXTRA = re.compile(r"\b(cv|shape|k|zero)\s+(\S+)", re.IGNORECASE)
_TIME = ["string", "number"]
FORM = (
    'a law such as "exponential 40s", "lognormal 4min cv 0.9", "gamma 4min cv 0.5", '
    '"erlang 4min k 2", "weibull 3min shape 0.8", "uniform 10s 50s", "30s", '
    '"empirical calls.csv:talk" or "unlimited"'
)


class Distribution(Written):
    """A distribution of a time: a string such as ``"lognormal 4min cv 0.9"``, or a table.

    The time in the string is always the mean (seconds). ``zero`` is the share of draws that
    are exactly zero; ``mean`` in the table is then the mean of the others, whereas the
    attribute :attr:`mean` is that of all.
    """

    SHORT = FORM
    EXAMPLES = ("exponential 40s", "lognormal 4min cv 0.9", "weibull 3min shape 0.8", "30s", 30)

    TABLE: ClassVar[dict[str, Any]] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "law": {"enum": list(LAWS)},
            "mean": {"type": _TIME, "description": "mean of the draws that are not zero"},
            "cv": {"type": _TIME, "description": "coefficient of variation (lognormal, gamma)"},
            "median": {"type": _TIME, "description": "instead of the mean (lognormal)"},
            "sigma": {"type": _TIME, "description": "of the logarithm, instead of cv (lognormal)"},
            "shape": {"type": _TIME, "description": "weibull; gamma instead of cv"},
            "scale": {"type": _TIME, "description": "instead of the mean (weibull, gamma)"},
            "k": {"type": "integer", "minimum": 1, "description": "phases (erlang)"},
            "low": {"type": _TIME, "description": "lowest value (uniform)"},
            "high": {"type": _TIME, "description": "highest value (uniform)"},
            "points": {
                "type": "array",
                "items": {"type": "array", "items": {"type": _TIME}},
                "description": "pairs of value and cumulative probability; the rest is never",
            },
            "zero": {"type": _TIME, "description": "share of draws that are exactly zero"},
        },
    }

    law: str = "deterministic"
    """Family: deterministic, exponential, lognormal, gamma, erlang, weibull, uniform, …"""
    time: float = Field(default=math.nan, alias="mean")
    """Mean of the draws that are not zero, in seconds."""
    spread: float = Field(default=math.nan, alias="cv")
    """Coefficient of variation (lognormal, gamma), above zero."""
    shape: float = math.nan
    """Shape (weibull, gamma) or number of phases (erlang), above zero."""
    low: float = 0.0
    """Lowest value (uniform), in seconds."""
    high: float = 0.0
    """Highest value (uniform), in seconds."""
    points: tuple[tuple[float, float], ...] = ()
    """Pairs of value (s) and cumulative probability; what is missing to 100% is never."""
    zero: Share = 0.0
    """Share of draws that are exactly zero."""

    @classmethod
    def read(cls, value: Any, info: ValidationInfo) -> dict[str, Any]:
        """Read the short form."""
        if isinstance(value, str):
            return _from_text(value, info.context)
        return {"law": "deterministic", "mean": units.duration(value)}

    @classmethod
    def tidy(cls, table: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        """Turn every way of giving parameters into mean and shape."""
        return _table(table)

    @property
    def mean(self) -> float:
        """Mean of all draws in seconds; infinite when some are never."""
        if self.law == "unlimited" or (self.points and self.points[-1][1] < 1):
            return math.inf
        return (1 - self.zero) * self.time

    @property
    def cv(self) -> float:
        """Coefficient of variation of all draws; NaN when the mean is zero or infinite."""
        mean = self.mean
        if not math.isfinite(mean) or mean == 0:
            return math.nan
        second = (1 - self.zero) * self.time**2 * (1 + _cv_of(self) ** 2)
        return math.sqrt(max(second / mean**2 - 1, 0.0))

    @property
    def is_unlimited(self) -> bool:
        """Whether every draw is infinite."""
        return self.law == "unlimited"

    def scaled(self, factor: float) -> Self:
        """Return the same law with every draw multiplied.

        Parameters
        ----------
        factor : float
            Zero or more.
        """
        return self | {
            "time": self.time * factor,
            "low": self.low * factor,
            "high": self.high * factor,
            "points": tuple((x * factor, p) for x, p in self.points),
        }

    def __str__(self) -> str:
        """Return the law as a planner writes it."""
        return _shown(self)


def fixed(seconds: float) -> Distribution:
    """Return the law of a time that never varies (s)."""
    return Distribution.model_validate({"law": "deterministic", "mean": seconds})


def exponential(seconds: float) -> Distribution:
    """Return the exponential law of a mean (s)."""
    return Distribution.model_validate({"law": "exponential", "mean": seconds})


def _from_text(text: str, files: Any) -> dict[str, Any]:
    words = text.strip()
    if words.lower() in ("unlimited", "none", "never"):
        return {"law": "unlimited"}
    first, _, rest = words.partition(" ")
    if first.lower() == "empirical":
        return _empirical(rest, files)
    extras = {key.lower(): value for key, value in _EXTRA.findall(words)}
    words = _EXTRA.sub("", words).strip()
    if words[:1].isdigit() or words[:1] == ".":
        return {"law": "deterministic", "mean": words, **extras}
    first, _, rest = words.partition(" ")
    law = one_of(first, tuple(name for name in LAWS if name != "points"))
    if law == "uniform":
        ends = rest.split()
        if len(ends) != 2:
            raise ValueError(f'{text!r} lacks its two ends; allowed: "uniform 10s 50s"')
        return {"law": law, "low": ends[0], "high": ends[1], **extras}
    if not rest:
        raise ValueError(f"{text!r} lacks the mean; allowed: {FORM}")
    return {"law": law, "mean": rest, **extras}


def _empirical(source: str, files: Any) -> dict[str, Any]:
    """Return the quantile curve of a recorded sample.

    Order statistics stand in the middle of their steps; at most 2001 of them are kept.
    """
    if not isinstance(files, Files):
        raise ValueError(f"{source!r} cannot be read: the scenario has no folder")
    sample = sorted(units.duration(value) for value in files.column(source.strip()).values)
    if not sample:
        raise ValueError(f"{source!r} holds no values; allowed: at least one")
    zero = sum(value == 0 for value in sample) / len(sample)
    kept = [value for value in sample if value > 0]
    points = [[value, (i + 0.5) / len(kept)] for i, value in enumerate(kept)]
    if len(points) > 2001:
        step = (len(points) - 1) / 2000
        points = [points[round(i * step)] for i in range(2001)]
    if points:
        points = [[points[0][0], 0.0], *points, [points[-1][0], 1.0]]
    else:
        return {"law": "deterministic", "mean": 0.0}
    return {"law": "points", "points": points, "zero": zero}


def _table(table: dict[str, Any]) -> dict[str, Any]:
    """Return a checked table with mean and shape, whatever parameters were given."""
    given = {{"time": "mean", "spread": "cv"}.get(k, k): v for k, v in table.items()}
    known = {"law", "mean", "cv", "shape", "k", "scale", "median", "sigma"}
    known |= {"low", "high", "points", "zero"}
    for key in given:
        if key not in known:
            raise ValueError(f"unknown key {key!r}; allowed: {', '.join(sorted(known))}")
    given = {k: v for k, v in given.items() if not _is_blank(v)}
    law = one_of(given.get("law", "points" if "points" in given else "deterministic"), LAWS)
    result = {"law": law, "zero": units.share(given.get("zero", 0.0))}
    if law == "unlimited":
        return result
    if law == "points":
        return result | _points(given)
    if law == "uniform":
        return result | _uniform(given)
    return result | _parametric(law, given)


def _is_blank(value: Any) -> bool:
    return (isinstance(value, float) and math.isnan(value)) or value == ()


def _points(given: dict[str, Any]) -> dict[str, Any]:
    pairs = given.get("points")
    if not isinstance(pairs, list | tuple) or len(pairs) < 1:
        raise ValueError('law "points" needs points; allowed: [["10s", "5%"], ["60s", "50%"]]')
    points = []
    for pair in pairs:
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise ValueError(f'{pair!r} is not a point; allowed: ["10s", "5%"]')
        points.append((units.duration(pair[0]), units.share(pair[1])))
    for (x, p), (y, q) in zip(points, points[1:], strict=False):
        if y < x or q < p:
            raise ValueError(
                f"points fall from ({x:g} s, {p:g}) to ({y:g} s, {q:g}); "
                "allowed: values and probabilities that never fall"
            )
    if points[0][1] > 0:
        points.insert(0, (0.0, 0.0) if len(points) > 1 or points[0][1] < 1 else (points[0][0], 0.0))
    return {"points": tuple(points), "mean": _mean_of_points(points)}


def _mean_of_points(points: list[tuple[float, float]]) -> float:
    """Return the mean of a quantile curve, of the draws that are not never."""
    top = points[-1][1]
    area = sum((q - p) * (x + y) / 2 for (x, p), (y, q) in zip(points, points[1:], strict=False))
    return area / top if top > 0 else math.nan


def _uniform(given: dict[str, Any]) -> dict[str, Any]:
    if "low" not in given or "high" not in given:
        raise ValueError('law "uniform" needs low and high, such as "uniform 10s 50s"')
    low, high = units.duration(given["low"]), units.duration(given["high"])
    if high < low:
        raise ValueError(f"high {high:g} s lies below low {low:g} s; allowed: high of low or more")
    return {"low": low, "high": high, "mean": (low + high) / 2}


def _parametric(law: str, given: dict[str, Any]) -> dict[str, Any]:
    shape = _shape(law, given)
    mean = _mean(law, given, shape)
    if not _is_blank(mean) and mean <= 0 and law != "deterministic":
        raise ValueError(f"mean {mean:g} s is not above zero; allowed: above 0")
    if law in ("lognormal", "gamma"):
        return {"mean": mean, "cv": shape}
    if law == "erlang":
        return {"mean": mean, "shape": shape}
    return {"mean": mean} | ({"shape": shape} if law == "weibull" else {})


def _shape(law: str, given: dict[str, Any]) -> float:
    """Return the cv (lognormal, gamma), the shape (weibull) or the phases (erlang)."""
    allowed = {
        "lognormal": {"cv", "sigma"},
        "gamma": {"cv", "shape"},
        "erlang": {"k", "shape"},
        "weibull": {"shape"},
    }.get(law, set())
    written = {"cv", "sigma", "shape", "k"} & given.keys()
    if written - allowed:
        extra = sorted(written - allowed)[0]
        hint = f"{' or '.join(sorted(allowed))}" if allowed else "only a mean"
        raise ValueError(f"a {law} law takes no {extra}; allowed: {hint}")
    if not allowed:
        return math.nan
    if len(written) != 1:
        raise ValueError(f'a {law} law needs {_SHAPE_OF[law]}, such as "{law} 4min {_sample(law)}"')
    key = written.pop()
    number = _above_zero(key, given[key])
    if law == "lognormal" and key == "sigma":
        return math.sqrt(math.expm1(number**2))
    if law == "gamma" and key == "shape":
        return 1 / math.sqrt(number)
    if law == "erlang" and number != int(number):
        raise ValueError(f"k {number:g} is not a whole number; allowed: 1, 2, 3, …")
    return number


def _sample(law: str) -> str:
    return {"erlang": "k 2", "weibull": "shape 0.8"}.get(law, "cv 0.9")


def _above_zero(key: str, value: Any) -> float:
    number = units.ratio(value)
    if number <= 0:
        raise ValueError(f"{key} {value!r} is not above zero; allowed: above 0")
    return number


def _mean(law: str, given: dict[str, Any], shape: float) -> float:
    written = {"mean", "scale", "median"} & given.keys()
    if len(written) != 1:
        raise ValueError(f"a {law} law needs one mean; found: {listed_or_none(written)}")
    key = written.pop()
    value = units.duration(given[key])
    if key == "scale" and law == "gamma":
        return value / shape**2
    if key == "scale" and law == "weibull":
        return value * math.gamma(1 + 1 / shape)
    if key == "median" and law == "lognormal":
        return value * math.sqrt(1 + shape**2)
    if key != "mean":
        raise ValueError(f"a {law} law takes no {key}; allowed: mean")
    return value


def listed_or_none(words: set[str]) -> str:
    """Return words in order, or "none"."""
    return ", ".join(sorted(words)) or "none"


def _cv_of(law: Distribution) -> float:
    """Return the coefficient of variation of the draws that are not zero."""
    if law.law in ("lognormal", "gamma"):
        return law.spread
    if law.law == "exponential":
        return 1.0
    if law.law == "erlang":
        return 1 / math.sqrt(law.shape)
    if law.law == "weibull":
        first, second = math.gamma(1 + 1 / law.shape), math.gamma(1 + 2 / law.shape)
        return math.sqrt(max(second / first**2 - 1, 0.0))
    if law.law == "uniform":
        return (law.high - law.low) / math.sqrt(12) / law.time if law.time else 0.0
    if law.law == "points":
        return _cv_of_points(law.points, law.time)
    return 0.0


def _cv_of_points(points: tuple[tuple[float, float], ...], mean: float) -> float:
    """Return the cv of a quantile curve that is linear between its points."""
    second = sum(
        (q - p) * (x * x + x * y + y * y) / 3
        for (x, p), (y, q) in zip(points, points[1:], strict=False)
    )
    return math.sqrt(max(second / mean**2 - 1, 0.0)) if mean else 0.0


def _shown(law: Distribution) -> str:
    tail = f" zero {units.show_share(law.zero)}" if law.zero else ""
    if law.law == "unlimited":
        return "unlimited"
    if law.law == "points":
        return (
            f"a curve of {len(law.points)} points with mean {units.show_duration(law.mean)}{tail}"
        )
    if law.law == "uniform":
        low, high = units.show_duration(law.low), units.show_duration(law.high)
        return f"uniform {low} {high}{tail}"
    extra = {
        "lognormal": f" cv {law.spread:.4g}",
        "gamma": f" cv {law.spread:.4g}",
        "erlang": f" k {law.shape:g}",
        "weibull": f" shape {law.shape:.4g}",
    }.get(law.law, "")
    time = units.show_duration(law.time)
    return (time if law.law == "deterministic" else f"{law.law} {time}{extra}") + tail
