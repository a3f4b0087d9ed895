"""The answer to one question, as `ccplan erlang` shows it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.erlang.arguments import (
    MOST_AT_ONCE,
    OneShare,
    OneTime,
    contacts_per_s,
    fraction,
    number,
    seconds,
    whole,
)
from sim.erlang.assumptions import assumptions
from sim.erlang.call_capacity import most_calls
from sim.erlang.chat import chat
from sim.erlang.erlang_a import a
from sim.erlang.erlang_c import c
from sim.erlang.goals import Goals, read_target
from sim.erlang.mmn_g import g
from sim.erlang.patience import Patience, exponential
from sim.erlang.required_agents import fewest_agents, scheduled
from sim.erlang.steady_state import VARIANTS, SteadyState, Variant
from sim.erlang.zero_agents import without_agents
from sim.units import BadInputError

_SLACK = 1e-9  # the most calls meet their goal but for rounding
_MOST_BLOCKED = 0.01
_PERCENTILES = (50, 80, 90, 95, 99)


@dataclass(frozen=True)
class _Asked:
    """The queue in question; `aht` is a list of handle times for chats."""

    model: str
    per: Any
    aht: Any
    patience: Any
    lines: Any
    redial: Any

    @property
    def more(self) -> dict[str, Any]:
        """What the inverse formulas want beside calls and agents."""
        if self.model == "erlang_chat":
            return {"patience": self.patience}
        if self.model == "erlang_c":
            return {"lines": self.lines, "redial": self.redial}
        return {"patience": self.patience, "lines": self.lines, "redial": self.redial}

    @property
    def work(self) -> Any:
        """Handle time in seconds of a contact alone."""
        return np.atleast_1d(seconds("aht", self.aht, above=True))[0]

    def metrics(self, calls: Any, agents: Any) -> SteadyState:
        """Return the metrics for a number of calls and agents, 0 included."""
        rate = contacts_per_s(calls, self.per)
        count = int(whole("agents", agents, 0))
        if count == 0 and float(rate) > 0.0:
            return self._without_agents(rate)
        count = max(count, 1)
        if self.model == "erlang_chat":
            return chat(calls, self.per, self.aht, count, self.patience)
        if self.model == "general_patience":
            return g(calls, self.per, self.aht, count, self.patience, redial=self.redial)
        lines = None if self.lines is None else self.lines if agents else max(self.lines, 1)
        if self.model == "erlang_c":
            return c(calls, self.per, self.aht, count, lines=lines, redial=self.redial)
        more = {"lines": lines, "redial": self.redial}
        return a(calls, self.per, self.aht, count, self.patience, **more)

    def _without_agents(self, rate: Any) -> SteadyState:
        patience = self.patience
        if patience is not None and not isinstance(patience, Patience):
            patience = exponential(patience)
        lines = None if self.lines is None else whole("lines", self.lines, 0)
        return without_agents(rate, self.work, patience, lines, self.redial, self.model)


def answer(
    calls: float | None,
    per: OneTime,
    aht: OneTime | Sequence[OneTime],
    agents: int | None = None,
    patience: OneTime | Patience | None = None,
    lines: int | None = None,
    within: OneTime | None = None,
    target: str | None = None,
    asa: OneTime | None = None,
    max_occupancy: OneShare | None = None,
    max_abandonment: OneShare | None = None,
    shrinkage: OneShare | None = None,
    variant: Variant = "abandons_ignored",
    redial: OneShare = 0.0,
    *,
    max_blocking: OneShare | None = None,
    at_once: int | None = None,
    short: OneTime = 5.0,
) -> dict[str, Any]:
    """Say what agents achieve, how many the goals need, or how many calls they allow.

    Parameters
    ----------
    calls : float, optional
        Contacts per `per`, >= 0. None, with agents and goals, asks for the most calls.
    per, aht : duration
        Length of the interval and average handle time: seconds, or text such as "30min". For
        chats a list of handle times with 1, 2, ... at once; a single one holds for all.
    agents : int, optional
        Number of agents, >= 0; without it the fewest that reach every goal are found.
    patience : duration or Patience, optional
        Mean patience: the model is Erlang A; with a distribution that is not exponential the
        general queue M/M/n+G; without patience Erlang C.
    lines : int, optional
        Trunks for contacts in service and waiting; with as many trunks as agents, Erlang B.
    within : duration, optional
        Threshold of the service level; default the target's, or 20 s.
    target : str, optional
        Service level goal: "80/20" or "80% in 20s" is 80% within 20 s; "80%" is within `within`.
    asa : duration, optional
        Goal: longest mean wait of the answered.
    max_occupancy, max_abandonment, max_blocking : share, optional
        Goals in (0, 1]; the last needs `lines`.
    shrinkage : share, optional
        Share of paid time lost, in [0, 1); adds `scheduled_agents`.
    variant : str
        Formula of the service level.
    redial : share
        Share of the abandoned and blocked that redial.
    at_once : int, optional
        Chats that an agent has at once at most, 1 to 20.
    short : duration
        Longest wait of a short abandon.

    Returns
    -------
    dict
        `model` ("erlang_b", "erlang_c", "erlang_a", "general_patience" or "chat"), `calls`,
        `load_erlangs` (of first attempts), `agents`, `occupancy`, `wait_probability`,
        `service_level`, `service_level_variant`, `service_levels` (all six by name),
        `within_s`, `short_s`, `asa_s`, `mean_wait_all_s`, `virtual_wait_s`,
        `wait_p50_s` to `wait_p99_s`, `abandonment`, `abandonment_excl_short`, `blocking`,
        `mean_queue_length`, `assumptions`, `notes`; with goals `goals`, a list of `goal`,
        `bound`, `value` and `met`, and where agents are searched for `fractional_agents` and
        `binding_goal`; with shrinkage `scheduled_agents`. Times in seconds, shares in [0, 1];
        None where undefined or endless.

    Raises
    ------
    Unstable
        If the load exceeds the agents and there is no abandonment.
    BadInputError
        If an argument is out of its bounds or goals are missing or out of reach.
    """
    if variant not in VARIANTS:
        raise BadInputError(f"variant: {variant!r} must be one of {', '.join(VARIANTS)}")
    numbers = {"calls": calls, "per": per, "patience": patience, "agents": agents, "lines": lines}
    for name, value in numbers.items():
        _single(name, value)
    short = float(seconds("short", short))
    asked = _asked(per, aht, patience, lines, redial, at_once)
    least, limit = (None, 20.0) if target is None else read_target(target, within or 20.0)
    limit = limit if within is None else float(seconds("within", within))
    if max_blocking is not None and lines is None:
        raise BadInputError("max_blocking: without trunks (lines) no contact is blocked")
    bounds = (asa, max_abandonment, max_occupancy, None, max_blocking)
    goals = None
    if least is not None or any(bound is not None for bound in bounds):
        goals = Goals(least, limit, variant, short, *bounds)
    calls, count, metrics, more = _solved(asked, calls, agents, goals)
    load = float(contacts_per_s(calls, per) * asked.work)
    out = _table(metrics, limit, variant, short)
    out |= {"calls": float(calls), "load_erlangs": load, "agents": count} | more
    if count == 0:
        out["occupancy"] = 0.0
    if goals is not None:
        out["goals"] = _judged(goals, metrics)
    out["notes"] = _notes(goals, metrics)
    if shrinkage is not None:
        out["scheduled_agents"] = int(scheduled(count, shrinkage))
    return out


def _single(name: str, value: Any) -> None:
    if value is None or isinstance(value, (str, Patience)):
        return
    if number(name, value).ndim:
        raise BadInputError(f"{name}: {value!r} must be a single number")


def _asked(
    per: Any, aht: Any, patience: Any, lines: Any, redial: Any, at_once: int | None
) -> _Asked:
    """Choose the model, and refuse what it does not know."""
    if isinstance(patience, Patience) and patience.name == "exponential":
        patience = patience.mean_s
    several = not isinstance(aht, str) and np.ndim(aht) > 0
    if several or at_once is not None:
        times = _times(list(aht) if several else [aht], at_once)
        if len(times) > 1 or at_once is not None:
            _refuse_for_chat(patience, lines, redial)
            return _Asked("erlang_chat", per, times, patience, None, 0.0)
        aht = times[0]
    model = "erlang_c" if patience is None else "erlang_a"
    if isinstance(patience, Patience):
        model = "general_patience"
        if lines is not None:
            raise BadInputError("lines: are known for an exponential patience only")
    return _Asked(model, per, aht, patience, lines, redial)


def _times(times: list[Any], at_once: int | None) -> list[Any]:
    """Return one handle time for each number of chats at once."""
    if at_once is None:
        return times
    most = int(whole("at_once", at_once, most=MOST_AT_ONCE))
    if len(times) not in (1, most):
        raise BadInputError(f"aht: {len(times)} handle times for at_once {most}; one, or {most}")
    return times * most if len(times) == 1 else times


def _refuse_for_chat(patience: Any, lines: Any, redial: Any) -> None:
    if patience is None or isinstance(patience, Patience):
        raise BadInputError("patience: chats at once need an exponential one, such as 120s")
    if lines is not None:
        raise BadInputError("lines: are not known for chats at once")
    if float(fraction("redial", redial)) > 0.0:
        raise BadInputError("redial: is not known for chats at once")


def _solved(
    asked: _Asked, calls: Any, agents: int | None, goals: Goals | None
) -> tuple[Any, int, SteadyState, dict[str, Any]]:
    """Return calls, agents, metrics, and what only a search for agents yields."""
    if agents is None and (calls is None or goals is None):
        raise BadInputError("goals: give at least one, or agents" if goals is None else "calls: "
                            "give them, or agents to ask for the most calls")  # fmt: skip
    if agents is None:
        assert goals is not None
        need = fewest_agents(asked.model, calls, asked.per, asked.aht, goals, **asked.more)
        more = {"fractional_agents": need.fractional_agents, "binding_goal": need.binding}
        return calls, int(need.agents), need.metrics, more
    if calls is None:
        if goals is None:
            raise BadInputError("calls: give them, or goals to ask for the most calls")
        calls = most_calls(asked.model, agents, asked.per, asked.aht, goals, **asked.more)
    return calls, int(whole("agents", agents, 0)), asked.metrics(calls, agents), {}


def _judged(goals: Goals, metrics: SteadyState) -> list[dict[str, Any]]:
    """Say of each goal whether it is met."""
    out = []
    for name, excess in goals.each().items():
        if name == "service_level":
            bound = float(fraction(name, goals.service_level))
            value = metrics.service_level(goals.within, goals.variant, goals.short)
        elif name == "asa":
            bound, value = float(seconds(name, goals.asa)), metrics.asa_s
        else:
            bound, value = float(fraction(name, getattr(goals, name))), getattr(metrics, name)
        met = bool(excess(metrics) <= _SLACK)
        key = "asa_s" if name == "asa" else name
        out.append({"goal": key, "bound": bound, "value": _known(value), "met": met})
    return out


def _notes(goals: Goals | None, metrics: SteadyState) -> list[str]:
    blocked = float(metrics.blocking)
    if goals is None or goals.blocking is not None or blocked <= _MOST_BLOCKED:
        return []
    return [
        f"{100 * blocked:.1f} % of contacts find every trunk busy and count in no other goal; "
        "set a goal with max_blocking, or give more trunks (lines)"
    ]


def _known(value: Any) -> Any:
    """Return None for what JSON has no word for: undefined, or endless."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _table(metrics: SteadyState, within: float, variant: Variant, short: float) -> dict[str, Any]:
    levels: Any = {v: metrics.service_level(within, v, short) for v in VARIANTS}  # type: ignore[arg-type]
    table = {
        "model": "chat" if metrics.model == "erlang_chat" else metrics.model,
        "calls": 0.0,
        "load_erlangs": 0.0,
        "agents": 0,
        "occupancy": metrics.occupancy,
        "wait_probability": metrics.wait_probability,
        "service_level": levels[variant],
        "service_level_variant": variant,
        "within_s": within,
        "asa_s": metrics.asa_s,
        "mean_wait_all_s": metrics.mean_wait_all_s,
        "virtual_wait_s": metrics.virtual_wait_s,
        **{f"wait_p{p}_s": metrics.wait_percentile(p) for p in _PERCENTILES},
        "abandonment": metrics.abandonment,
        "abandonment_excl_short": metrics.abandonment_excl_short(short),
        "short_s": short,
        "blocking": metrics.blocking,
        "mean_queue_length": metrics.mean_queue_length,
        "service_levels": {name: _known(level) for name, level in levels.items()},
        "assumptions": assumptions(metrics),
    }
    return {key: _known(value) for key, value in table.items()}
