"""Goals of a queue, each as one metric and one bound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.erlang.arguments import Duration, fraction, number, seconds
from sim.erlang.special_functions import Array, Truth
from sim.erlang.steady_state import VARIANTS, SteadyState, Variant
from sim.units import BadInputError

# A goal met but for the last bits of a double is met: 8.5 erlangs on 10 agents are 85%.
_SLACK = 1e-12

#: How far a metric is on the wrong side of its bound; positive where the goal is missed.
Excess = Callable[[SteadyState], Array]


@dataclass(frozen=True)
class Goals:
    """What has to be reached, all together; at least one goal is needed.

    Attributes
    ----------
    service_level : float or str, optional
        Least share answered within `within`, in (0, 1).
    within : float or str
        Threshold of the service level: seconds or text.
    variant : str
        Formula of the service level, see `SteadyState.service_level`.
    short : float or str
        Longest wait of a short abandon, for the variants that need it.
    asa : float or str, optional
        Longest mean wait of the answered: seconds or text.
    abandonment, occupancy, wait_probability, blocking : float or str, optional
        Largest share, in (0, 1].

    Raises
    ------
    BadInputError
        If a goal is out of its bounds or there is none.
    """

    service_level: Any = None
    within: Any = "20s"
    variant: Variant = "abandons_ignored"
    short: Any = 5.0
    asa: Any = None
    abandonment: Any = None
    occupancy: Any = None
    wait_probability: Any = None
    blocking: Any = None

    def __post_init__(self) -> None:
        if self.variant not in VARIANTS:
            raise BadInputError(f"variant: {self.variant!r} must be one of {', '.join(VARIANTS)}")
        if not self.each():
            raise BadInputError("goals: give at least one, such as a service level of 80% in 20 s")

    def each(self) -> dict[str, Excess]:
        """Give the goals by name, each as the excess of the metrics over its bound."""
        out: dict[str, Excess] = {}
        if self.service_level is not None:
            out["service_level"] = self._service_level()
        if self.asa is not None:
            limit = seconds("asa", self.asa, above=True)
            # Scaled by the handle time, so that the slack means the same for every goal.
            out["asa"] = lambda f: np.asarray((f.asa_s - limit) / limit)
        for name in ("abandonment", "occupancy", "wait_probability", "blocking"):
            value = getattr(self, name)
            if value is not None:
                out[name] = _at_most(name, number(name, fraction(name, value), above=True))
        return out

    def _service_level(self) -> Excess:
        least = fraction("service_level", self.service_level, below_one=True)
        number("service_level", least, above=True)
        within, short = seconds("within", self.within), seconds("short", self.short)
        return lambda f: np.asarray(least - f.service_level(within, self.variant, short))

    @staticmethod
    def of(target: str, **more: Any) -> Goals:
        """Read "80/20", that is 80% within 20 s, with any further goals.

        Raises
        ------
        BadInputError
            If the text is not a share and a time with a slash between.
        """
        least, within = read_target(target)
        return Goals(service_level=least, within=within, **more)


def _at_most(name: str, limit: Array) -> Excess:
    return lambda f: np.asarray(getattr(f, name) - limit)


def read_target(target: str, within: Duration | None = None) -> tuple[float, float]:
    """Read "80/20" as the share 0.8 and 20 seconds.

    Parameters
    ----------
    target : str
        "80/20", "80%/20s", "0.8/20" and "80% in 20s" are the same; "80%" alone takes the time
        from `within`.
    within : duration, optional
        Time of a target that names none.

    Raises
    ------
    BadInputError
        If the text is not a share and a time, or names no time and there is none.
    """
    text = str(target)
    left, slash, right = text.partition("/") if "/" in text else text.partition(" in ")
    left, right = left.strip(), right.strip()
    if not slash and within is not None and left.endswith("%"):
        return float(fraction("target", left)), float(seconds("within", within))
    if not slash or "/" in right:
        raise BadInputError(
            f'target: {target!r} must be a share and a time, such as "80/20" or "80% in 20s"'
        )
    try:
        bare = float(left)
    except ValueError:
        least = float(fraction("target", left))
    else:
        least = float(fraction("target", bare / 100.0 if bare > 1.0 else bare))
    return least, float(seconds("target", right))


def missed(excess: Array) -> Truth:
    """Tell where a goal is missed; an unstable queue misses every goal."""
    return np.asarray(~(excess <= _SLACK))
