"""The command that answers by formula: erlang."""

from __future__ import annotations

import json
from typing import Any

from sim.cli.common import BadInputError, say


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

    given = {name: goal for name, goal in goals.items() if goal is not None}
    if agents is None and not given:
        raise BadInputError(
            "erlang: give --agents, or a goal: --target, --asa, --max-occupancy, --max-abandonment"
        )
    asked = {"shrinkage": shrinkage, "variant": variant, "within": within or _within(goals)}
    answer = erlang.answer(agents=agents, **center, **given, **asked)
    say(json.dumps(answer, indent=1, allow_nan=False) if as_json else _text(answer))


def _within(goals: dict[str, str | None]) -> str:
    """Take the threshold from the target where none is given."""
    target = goals["target"] or ""
    seconds = target.partition("/")[2].strip()
    return seconds or "20s"


def _text(answer: dict[str, Any]) -> str:
    from sim.report.quantity import show
    from sim.report.text import columns

    table = [[answer["model"].replace("_", " ").title(), ""]]
    for name, value in answer.items():
        if name != "model":
            shown = show(value, _unit(name)) if isinstance(value, (int, float)) else str(value)
            table.append([name.removesuffix("_s").replace("_", " "), shown])
    return columns(table)


_SHARES = frozenset(
    {"occupancy", "wait_probability", "service_level", "abandonment", "blocking", "shrinkage"}
)


def _unit(name: str) -> str:
    if name in _SHARES:
        return "share"
    return "s" if name.endswith("_s") else "count"
