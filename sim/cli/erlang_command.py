"""The command that answers by formula: erlang."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sim.cli.common import note, say
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.erlang import Patience


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

    wanted: dict[str, Any] = {name: goal for name, goal in goals.items() if goal is not None}
    if agents is None and not wanted:
        raise BadInputError(
            "erlang: give --agents, or a goal: --target, --asa, --max-occupancy, "
            "--max-abandonment, --max-blocking"
        )
    if center["calls"] is None and (agents is None or not wanted):
        raise BadInputError("erlang: give --calls, or --agents and a goal for the most calls")
    wanted |= {"shrinkage": shrinkage, "variant": variant, "within": within}
    center = center | {"aht": handle_times(center["aht"]), "patience": patience(center["patience"])}
    answer = erlang.answer(agents=agents, **center, **wanted)
    say(json.dumps(answer, indent=1, allow_nan=False) if as_json else _text(answer))
    if not as_json:
        for line in answer["notes"]:
            note(f"note: {line.replace('max_blocking', '--max-blocking')}")


def handle_times(texts: list[str]) -> Any:
    """Return one handle time, or those of options repeated or lists such as "300s,400s"."""
    times = [time.strip() for text in texts for time in text.split(",")]
    return times if len(times) > 1 else times[0]


def patience(text: str | None) -> Patience | str | None:
    """Read a mean patience, or a distribution as in scenario files.

    Raises
    ------
    BadInputError
        If it is neither.
    """
    if text is None or not text.strip()[:1].isalpha():
        return text
    from pydantic import ValidationError

    from sim.scenario import Distribution

    try:
        read = Distribution.model_validate(text.strip())
    except ValidationError as error:
        message = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise BadInputError(f"patience: {message}") from None
    return None if read.is_unlimited else read.to_model().patience()


def _text(answer: dict[str, Any]) -> str:
    from sim.report.formatting import show
    from sim.report.text_table import columns

    table = [[answer["model"].replace("_", " ").title(), ""]]
    for name, value in answer.items():
        if isinstance(value, (int, float)):
            label = name.removesuffix("_s").replace("_", " ")
            table.append([label, show(value, _unit(name))])
        elif isinstance(value, str) and name != "model":
            table.append([name.replace("_", " "), value])
    levels = [[name, show(v, "share")] for name, v in answer["service_levels"].items()]
    parts = [columns(table), columns([["Service levels by formula", ""], *levels])]
    if answer.get("goals"):
        parts.append("\n".join(["Goals:", *(_goal(row) for row in answer["goals"])]))
    parts.append("\n".join(["This holds when:", *(f"- {line}" for line in answer["assumptions"])]))
    return "\n\n".join(parts)


def _goal(row: dict[str, Any]) -> str:
    """Say of one goal whether it is met."""
    from sim.report.formatting import show

    unit = _unit(row["goal"])
    side = "at least" if row["goal"] == "service_level" else "at most"
    value = "none" if row["value"] is None else show(row["value"], unit)
    label = row["goal"].removesuffix("_s").replace("_", " ")
    met = "met" if row["met"] else "not met"
    return f"- {label} {side} {show(row['bound'], unit)}: {met}, {value}"


_SHARES = frozenset(
    {
        "occupancy",
        "wait_probability",
        "service_level",
        "abandonment",
        "abandonment_excl_short",
        "blocking",
        "shrinkage",
    }
)


def _unit(name: str) -> str:
    if name in _SHARES:
        return "share"
    return "s" if name.endswith("_s") else "count"
