"""A lever as a plain sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim import units
from sim.scenario.form_fields import phrases
from sim.scenario.lever_changes import filled_in
from sim.scenario.problems import all_of

if TYPE_CHECKING:
    from sim.scenario.lever import Lever, LeverCost
    from sim.scenario.scenario_record import ScenarioFields


def describe_lever(scenario: ScenarioFields, name: str, lever: Lever) -> str:
    """Return what a lever changes, how often, at what cost, and how certain its effect is."""
    one = filled_in(scenario, name, lever)
    title = "" if one.title == name else f" ({one.title})"
    changes = ", ".join(f"{path} {_shown(value)}" for path, value in one.changes.items())
    words = [changes or "changes nothing here", _cost(one.cost)]
    if one.levels != (1.0,):
        words.append(f"amounts {', '.join(f'{level:g}' for level in one.levels)}")
    if one.needs:
        words.append(f"only with {all_of(list(one.needs))}")
    if one.excludes:
        words.append(f"not with {all_of(list(one.excludes))}")
    low, high = (units.show_share(end) for end in (one.effect.low, one.effect.high))
    words.append(f"between {low} and {high} of the effect; evidence: {one.source}")
    records = (lever, lever.cost, lever.limit, lever.effect)
    words += [text for record in records if record is not None for text in phrases(record)]
    used = f", {lever.use} of the catalogue" if lever.use else ""
    return f"Lever {name}{title}{used}, used by investment searches only: {'; '.join(words)}."


def _shown(value: object) -> str:
    """Return a value as a scenario file has it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_shown(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, bool):
        return str(value).lower()
    return units.show_number(value) if isinstance(value, int | float) else str(value)


def _cost(cost: LeverCost) -> str:
    """Return what one amount of a lever costs."""
    parts = []
    if cost.once:
        months = units.counted(cost.life, "month")
        parts.append(f"{units.show_number(cost.once)} once, spread over {months}")
    if cost.month:
        parts.append(f"{units.show_number(cost.month)} a month")
    if cost.use:
        parts.append(f"{units.show_number(cost.use)} for each of {cost.per}")
    return f"costs {all_of(parts)}" if parts else "costs no more than pay"
