"""One question, one answer: the figures behind `ccplan erlang`."""

from __future__ import annotations

from typing import Any

from sim.erlang.abandonment import a
from sim.erlang.assumptions import assumptions
from sim.erlang.delay import c
from sim.erlang.figures import VARIANTS, Figures, Variant
from sim.erlang.given import contacts_per_s, number, seconds
from sim.erlang.goals import Goals, read_target
from sim.erlang.inverse import fewest_agents, scheduled
from sim.units import BadInputError


def answer(
    calls: Any,
    per: Any,
    aht: Any,
    agents: int | None = None,
    patience: Any = None,
    lines: int | None = None,
    within: Any = None,
    target: str | None = None,
    asa: Any = None,
    max_occupancy: Any = None,
    max_abandonment: Any = None,
    shrinkage: Any = None,
    variant: Variant = "abandons_ignored",
    redial: Any = 0.0,
) -> dict[str, Any]:
    """Say what agents achieve, or how many the goals need.

    Parameters
    ----------
    calls : float
        Contacts per `per`, >= 0.
    per, aht : duration
        Length of the interval and average handle time: seconds, or text such as "30min".
    agents : int, optional
        Number of agents; without it the fewest that reach every goal are found.
    patience : duration, optional
        Mean patience; with it the model is Erlang A, without it Erlang C.
    lines : int, optional
        Lines for contacts in service and waiting; with as many lines as agents, Erlang B.
    within : duration, optional
        Threshold of the service level; default the target's, or 20 s.
    target : str, optional
        Service level goal: "80/20" is 80% within 20 s.
    asa : duration, optional
        Goal: longest mean wait of the answered.
    max_occupancy, max_abandonment : share, optional
        Goals in (0, 1].
    shrinkage : share, optional
        Share of paid time lost, in [0, 1); adds `scheduled_agents`.
    variant : str
        Formula of the service level.
    redial : share
        Share of the abandoned and blocked who try again.

    Returns
    -------
    dict
        `model`, `load_erlangs` (of first attempts), `agents`, `occupancy`, `wait_probability`,
        `service_level`, `service_level_variant`, `within_s`, `asa_s`, `mean_wait_all_s`,
        `wait_p90_s`, `abandonment`, `blocking`, `mean_queue_length`, `assumptions`; with goals
        to search for also `fractional_agents` and `binding_goal`; with shrinkage
        `scheduled_agents`. Times in seconds, shares in [0, 1]; None where undefined.

    Raises
    ------
    Unstable
        If the agents cannot carry the load and nobody hangs up.
    BadInputError
        If an argument is out of its bounds or goals are missing or out of reach.
    """
    if variant not in VARIANTS:
        raise BadInputError(f"variant: {variant!r} must be one of {', '.join(VARIANTS)}")
    numbers = {"calls": calls, "per": per, "aht": aht, "patience": patience}
    for name, value in (numbers | {"agents": agents, "lines": lines}).items():
        _single(name, value)
    least, limit = (None, 20.0) if target is None else read_target(target)
    limit = limit if within is None else float(seconds("within", within))
    more: dict[str, Any] = {}
    if agents is None:
        goals = Goals(least, limit, variant, 5.0, asa, max_abandonment, max_occupancy)
        extra = {"lines": lines, "redial": redial}
        if patience is not None:
            extra["patience"] = patience
        model = "erlang_c" if patience is None else "erlang_a"
        need = fewest_agents(model, calls, per, aht, goals, **extra)
        figures, count = need.figures, int(need.agents)
        more = {"fractional_agents": need.fractional_agents, "binding_goal": need.binding}
    else:
        figures = _figures(calls, per, aht, agents, patience, lines, redial)
        count = int(figures.agents)
    load = float(contacts_per_s(calls, per) * seconds("aht", aht, above=True))
    out = _table(figures, limit, variant) | {"load_erlangs": load, "agents": count} | more
    if count == 0:
        out["occupancy"] = 0.0
    if shrinkage is not None:
        out["scheduled_agents"] = int(scheduled(count, shrinkage))
    return out


def _single(name: str, value: Any) -> None:
    if value is not None and not isinstance(value, str) and number(name, value).ndim:
        raise BadInputError(f"{name}: {value!r} must be a single number")


def _figures(
    calls: Any, per: Any, aht: Any, agents: Any, patience: Any, lines: Any, redial: Any
) -> Figures:
    if patience is None:
        return c(calls, per, aht, agents, lines=lines, redial=redial)
    return a(calls, per, aht, agents, patience, lines=lines, redial=redial)


def _table(figures: Figures, within: float, variant: Variant) -> dict[str, Any]:
    table = {
        "model": figures.model,
        "load_erlangs": 0.0,
        "agents": 0,
        "occupancy": figures.occupancy,
        "wait_probability": figures.wait_probability,
        "service_level": figures.service_level(within, variant),
        "service_level_variant": variant,
        "within_s": within,
        "asa_s": figures.asa_s,
        "mean_wait_all_s": figures.mean_wait_all_s,
        "wait_p90_s": figures.wait_percentile(90),
        "abandonment": figures.abandonment,
        "blocking": figures.blocking,
        "mean_queue_length": figures.mean_queue_length,
        "assumptions": assumptions(figures),
    }
    # JSON has no nan.
    return {key: None if value != value else value for key, value in table.items()}
