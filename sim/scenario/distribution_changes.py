"""Changes by path of a distribution, or of one for each interval."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter, ValidationError

from sim import units
from sim.distributions import Deterministic
from sim.scenario.distribution import Distribution
from sim.scenario.distribution_series import DistributionSeries
from sim.scenario.field_paths import PathError, keys
from sim.scenario.problems import listed, nearest


def _put_in_rows(owner: DistributionSeries, kind: Any, parts: list[str], value: Any) -> Any:
    """Return distributions by interval with one of them changed, or a parameter of all."""
    rows = owner.rows or ()
    if parts == ["mean"]:
        return with_mean(owner, kind, value)
    if not parts[0].isdigit():
        every = [put_distribution(row, Distribution, parts, value) for row in rows]
        return owner.with_rows(tuple(_read(row) for row in every))
    at = int(parts[0])
    if at >= len(rows):
        raise PathError(f"no row {parts[0]!r}; allowed: 0 to {len(rows) - 1}")
    if len(parts) > 1:
        new = put_distribution(rows[at], Distribution, parts[1:], value)
    elif units.is_change(value):
        new = with_mean(rows[at], Distribution, value)
    else:
        new = owner.read_row(value)
    return owner.with_rows((*rows[:at], _read(new), *rows[at + 1 :]))


def _read(value: Any) -> Distribution:
    try:
        return Distribution.model_validate(value)
    except ValidationError as error:
        raise ValueError(str(error.errors()[0]["msg"]).removeprefix("Value error, ")) from None


def put_distribution(owner: Distribution, kind: Any, parts: list[str], value: Any) -> Any:
    """Return a distribution with one parameter changed; a new mean scales all of it."""
    if isinstance(owner, DistributionSeries) and owner.rows is not None:
        return _put_in_rows(owner, kind, parts, value)
    known = [key for key in keys(Distribution) if key != "law"]
    if len(parts) > 1 or parts[0] not in known:
        raise PathError(
            f"no field {parts[0]!r}; known here: {listed(known)}.", nearest(parts[0], known)
        )
    key = parts[0]
    if key == "mean":
        return with_mean(owner, kind, value)
    current = getattr(owner, keys(Distribution)[key])
    if units.is_change(value):
        if not isinstance(current, float):
            raise ValueError(f"{value!r} needs a number to change; allowed: a new value")
        value = units.change(value).apply(current)
    table = {alias: getattr(owner, name) for alias, name in keys(Distribution).items()}
    return {**table, key: value}


def with_mean(distribution: Distribution, kind: Any, value: Any) -> Distribution:
    """Return a distribution with another mean; without one, what a bare time is there.

    Of distributions by interval each is changed; a new mean scales them alike.
    """
    if isinstance(distribution, DistributionSeries) and distribution.rows is not None:
        return _with_means(distribution, value)
    if distribution.is_unlimited or not distribution.time > 0:
        if units.is_change(value):
            raise ValueError(
                f"{value!r} changes a mean that is {units.show_duration(distribution.mean)}"
            )
        bare_time: Distribution = TypeAdapter(kind).validate_python(units.duration(value))
        return bare_time
    if not units.is_change(value):
        seconds = units.duration(value)
        if seconds == 0 and distribution.law != Deterministic.name:
            raise ValueError(f"{value!r} makes the mean 0 s; allowed: above 0, up to 100 years")
        return distribution.scaled(seconds / distribution.time)
    change = units.change(value)
    if change.unit == "pp":
        raise ValueError(f"{value!r} adds points to a time; allowed: {units.CHANGE_FORM}")
    mean = change.apply(distribution.time)
    if not 0 < mean <= units.LONGEST:
        raise ValueError(f"{value!r} makes the mean {mean:g} s; allowed: above 0, up to 100 years")
    return distribution.scaled(mean / distribution.time)


def _with_means(series: DistributionSeries, value: Any) -> Distribution:
    """Return distributions by interval with other means; those without a mean stay."""
    rows = series.rows or ()
    changeable = [not row.is_unlimited and row.time > 0 for row in rows]
    if not any(changeable) or (not units.is_change(value) and not all(changeable)):
        raise ValueError(f"{value!r} needs means to change; allowed: a list, one per interval")
    if not units.is_change(value):
        if not (seconds := units.duration(value)) > 0:
            raise ValueError(f"{value!r} makes the mean 0 s; allowed: above 0, up to 100 years")
        return series.scaled(seconds / series.mean)
    new: dict[int, Distribution] = {}  # many intervals have the same distribution
    for row, may_change in zip(rows, changeable, strict=True):
        if id(row) not in new:
            new[id(row)] = with_mean(row, Distribution, value) if may_change else row
    return series.with_rows(tuple(new[id(row)] for row in rows))
