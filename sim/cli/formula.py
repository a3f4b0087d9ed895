"""The command that answers by formula: erlang."""

from __future__ import annotations

import json
from typing import Any

from sim.cli.common import say
from sim.units import BadInputError


def show_answer(
    center: dict[str, Any],
    agents: int | None,
    goals: dict[str, str | None],
    shrinkage: str | None,
    within: str | None,
    variant: str,
    as_json: bool,
) -> None:
    """Answer a question of Erlang's kind."""
    from sim import erlang

    given: dict[str, Any] = {name: goal for name, goal in goals.items() if goal is not None}
    if agents is None and not given:
        raise BadInputError(
            "erlang: give --agents, or a goal: --target, --asa, --max-occupancy, --max-abandonment"
        )
    given |= {"shrinkage": shrinkage, "variant": variant, "within": within}
    answer = erlang.answer(agents=agents, **center, **given)
    say(json.dumps(answer, indent=1, allow_nan=False) if as_json else _text(answer))


def _text(answer: dict[str, Any]) -> str:
    from sim.report.quantity import show
    from sim.report.text import columns

    table = [[answer["model"].replace("_", " ").title(), ""]]
    for name, value in answer.items():
        if isinstance(value, (int, float)):
            label = name.removesuffix("_s").replace("_", " ")
            table.append([label, show(value, _unit(name))])
        elif isinstance(value, str) and name != "model":
            table.append([name.replace("_", " "), value])
    holds = "\n".join(f"- {line}" for line in answer.get("assumptions", ()))
    return columns(table) + (f"\n\nThis holds when:\n{holds}" if holds else "")


_SHARES = frozenset(
    {"occupancy", "wait_probability", "service_level", "abandonment", "blocking", "shrinkage"}
)


def _unit(name: str) -> str:
    if name in _SHARES:
        return "share"
    return "s" if name.endswith("_s") else "count"
