"""Reading distributions of times, as text or as a table of parameters."""

from __future__ import annotations

import itertools
import math
import re
from typing import Any

from sim import units
from sim.fileio import duration
from sim.scenario.field_types import one_of
from sim.scenario.files import Files
from sim.scenario.problems import all_of

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
LEAST_SHAPE = 0.001
MOST_SHAPE = 1000
"""Bounds of a cv, sigma, shape or k."""
LEAST_WEIBULL_SHAPE = 0.012
"""Below this the variance of a Weibull law, by gamma(1 + 2 / shape), is not a finite number."""
_SHAPE_OF = {"lognormal": "cv", "gamma": "cv", "erlang": "k", "weibull": "shape"}
_EXTRA = re.compile(r"\b(cv|shape|k|zero)\s+(\S+(?:\s+%)?)", re.IGNORECASE)
_END = re.compile(r"\s+to\s+", re.IGNORECASE)
_POINT = re.compile(r"(.+?)\s+(\S+(?:\s+%)?)")
FORM = (
    'a law such as "exponential 40s", "lognormal 4min cv 0.9", "gamma 4min cv 0.5", '
    '"erlang 4min k 2", "weibull 3min shape 0.8", "uniform 10s to 50s", "30s", '
    '"empirical calls.csv:talk" or "unlimited"'
)


def from_text(text: str, files: Any) -> dict[str, Any]:
    """Return the table that a text such as ``"lognormal 4min cv 0.9"`` stands for.

    Parameters
    ----------
    text : str
    files : Files or None
        Where a recorded sample is read from.

    Raises
    ------
    ValueError
        When it is not a law; says what is allowed.
    """
    words = text.strip()
    if words.lower() in ("unlimited", "none", "never"):
        return {"law": "unlimited"}
    first, _, rest = words.partition(" ")
    if first.lower() == "empirical":
        return _empirical(rest, files)
    extras = {key.lower(): value for key, value in _EXTRA.findall(words)}
    words = _EXTRA.sub("", words).strip()
    if is_bare(words):
        return {"law": "deterministic", "mean": words, **extras}
    first, _, rest = words.partition(" ")
    law = one_of(first, LAWS)
    if law == "uniform":
        low, high = _ends(text, rest)
        return {"law": law, "low": low, "high": high, **extras}
    if law == "points":
        return {"law": law, "points": _pairs(rest), **extras}
    if not rest:
        raise ValueError(f"{text!r} lacks the mean; allowed: {FORM}")
    return {"law": law, "mean": rest, **extras}


def is_bare(value: Any) -> bool:
    """Return whether a time is written without the name of a law."""
    if isinstance(value, str):
        words = value.strip()
        return words[:1].isdigit() or words[:1] in (".", ",")
    return isinstance(value, int | float) and not isinstance(value, bool)


def _ends(text: str, rest: str) -> tuple[str, str]:
    """Return the two ends of ``"10s 50s"``, ``"2min 30s to 3min"`` or ``"2min 30s 3min"``."""
    ends = _END.split(rest)
    if len(ends) == 2:
        return ends[0], ends[1]
    words = rest.split()
    cuts = [(" ".join(words[:k]), " ".join(words[k:])) for k in range(1, len(words))]
    found = [cut for cut in cuts if _is_ascending(*cut)] if len(words) > 2 else cuts
    if len(ends) > 2 or len(found) != 1:
        raise ValueError(f'{text!r} lacks its two ends; allowed: "uniform 10s to 50s"')
    return found[0]


def _is_ascending(low: str, high: str) -> bool:
    """Return whether two texts are times, each in falling units, the first no longer."""
    try:
        return all(map(_falls, (low, high))) and units.duration(low) <= units.duration(high)
    except ValueError:
        return False


def _falls(text: str) -> bool:
    """Return whether the units of a time fall, as in ``"2min 30s"``."""
    sizes = [units.duration(f"1{unit}") for unit in re.findall(r"[a-z]+", text, re.IGNORECASE)]
    return all(a > b for a, b in itertools.pairwise(sizes))


def _pairs(text: str) -> list[list[str]]:
    """Return the points of ``"10s 5%, 60s 50%"``."""
    found = [_POINT.fullmatch(part.strip()) for part in text.split(",")]
    if not all(found):
        raise ValueError(f'{text!r} are no points; allowed: "points 10s 5%, 60s 50%"')
    return [[match[1], match[2]] for match in found if match]


def _empirical(source: str, files: Any) -> dict[str, Any]:
    """Return the quantile curve of a recorded sample.

    Order statistics stand in the middle of their steps; at most 2001 of them are kept.
    """
    if not isinstance(files, Files):
        raise ValueError(f"{source!r} cannot be read: the scenario has no folder")
    sample = sorted(duration(value) for value in files.column(source.strip()).values)
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


def tidied(table: dict[str, Any]) -> dict[str, Any]:
    """Return a checked table with mean and shape, whatever parameters were given.

    Raises
    ------
    ValueError
        When parameters are missing, too many or out of bounds.
    """
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
        if result["zero"]:
            raise ValueError('an unlimited law takes no zero; allowed: a law such as "1h zero 10%"')
        return result
    reader = {"points": _points, "uniform": _uniform}.get(law)
    return result | (_parametric(law, given) if reader is None else reader(given))


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
    if mean > units.LONGEST:
        raise ValueError(f"the mean is longer than 100 years; allowed: {units.DURATION_FORM}")
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
        article = "an" if law[0] in "aeiou" else "a"
        raise ValueError(f"{article} {law} law takes no {extra}; allowed: {hint}")
    if not allowed:
        return math.nan
    if len(written) != 1:
        raise ValueError(f'a {law} law needs {_SHAPE_OF[law]}, such as "{law} 4min {_sample(law)}"')
    key = written.pop()
    number = _above_zero(key, given[key])
    if law == "lognormal" and key == "sigma":
        return _cv_of_sigma(number)
    if law == "gamma" and key == "shape":
        return 1 / math.sqrt(number)
    if law == "erlang" and number != int(number):
        raise ValueError(f"k {number:g} is not a whole number; allowed: 1, 2, 3, …")
    if law == "weibull" and number < LEAST_WEIBULL_SHAPE:
        raise ValueError(
            f"shape {number:g} makes a mean or variance that is not finite; "
            f"allowed: {LEAST_WEIBULL_SHAPE:g} to {MOST_SHAPE:,}"
        )
    return number


def _cv_of_sigma(sigma: float) -> float:
    """Return the cv of a lognormal law from the sigma of its logarithm."""
    most = math.sqrt(math.log1p(MOST_SHAPE**2))
    if sigma > most:
        bound = math.floor(100 * most) / 100
        raise ValueError(
            f"sigma {sigma:g} makes a cv above {MOST_SHAPE:,}; allowed: 0.001 to {bound:g}"
        )
    return math.sqrt(math.expm1(sigma**2))


def _sample(law: str) -> str:
    return {"erlang": "k 2", "weibull": "shape 0.8"}.get(law, "cv 0.9")


def _above_zero(key: str, value: Any) -> float:
    number = units.ratio(value)
    if not LEAST_SHAPE <= number <= MOST_SHAPE:
        raise ValueError(
            f"{key} {value!r} is not above zero or too far; "
            f"allowed: {LEAST_SHAPE:g} to {MOST_SHAPE:,}"
        )
    return number


def _mean(law: str, given: dict[str, Any], shape: float) -> float:
    written = {"mean", "scale", "median"} & given.keys()
    if len(written) != 1:
        raise ValueError(f"a {law} law needs one mean; found: {all_of(sorted(written)) or 'none'}")
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
