"""Warnings about how days and agents differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim import units

if TYPE_CHECKING:
    from sim.scenario.center import Busyness, Center, TalkVariation
    from sim.scenario.group import Group

_MOST_CV = 1.0
_MOST_SPEED = 10.0
_MOST_CHANGE = 0.05
_MOST_LEVEL = 0.5


def day_variation(center: Center) -> Iterator[str]:
    """Yield warnings about busyness and talk variation that have no effect or are far too large.

    Parameters
    ----------
    center : Center
    """
    busy, talk = center.busyness, center.talk_variation
    yield from _too_large("center.busyness.cv", busy.cv, _MOST_CV)
    yield from _too_large("center.talk_variation.cv", talk.cv, _MOST_CV)
    yield from _without_cv("center.busyness", busy, ("memory",))
    yield from _without_cv("center.talk_variation", talk, ("correlation", "memory"))
    if talk.cv and talk.correlation and not busy.cv:
        yield (
            "center.talk_variation.correlation has no effect, as volumes do not differ from day to "
            "day; center.busyness says by how much they do."
        )
    yield from _talk_level(center)


def _talk_level(center: Center) -> Iterator[str]:
    """Yield warnings about a level of talk that changes implausibly much, or not at all."""
    talk, path = center.talk_variation, "center.talk_variation"
    if talk.level_date is not None and not talk.level_change:
        yield f"{path}.level_date has no effect without {path}.level_change."
    days, at_end = center.days_to_last, center.level_change_by_last
    if talk.level_change > _MOST_CHANGE:
        yield (
            f"{path}.level_change is {units.show_share(talk.level_change)} from one day to the "
            f"next; is that intended? Over {units.counted(days, 'day')} the level of talk changes "
            f"by {at_end:.0%} (standard deviation)."
        )
    elif at_end > _MOST_LEVEL:
        yield (
            f"{path}: by the last day, {units.counted(days, 'day')} after its level was known, "
            f"talk may have changed by {at_end:.0%} (standard deviation); is the level_date right?"
        )


def agent_speeds(name: str, group: Group) -> Iterator[str]:
    """Yield warnings about speeds of agents that are far too large, of persons only the first.

    Parameters
    ----------
    name : str
        Of the group.
    group : Group
    """
    yield from _too_large(f"group.{name}.speed_spread", group.speed_spread, _MOST_CV)
    for k, person in enumerate(group.persons):
        if person.speed > _MOST_SPEED:
            path = f"group.{name}.persons.{k} ({person.name}): speed"
            yield from _too_large(path, person.speed, _MOST_SPEED)
            return


def _too_large(path: str, value: float, most: float) -> Iterator[str]:
    """Ask whether a ratio was meant in percent."""
    if value > most:
        number = f"{value:g}"
        yield (
            f"{path} is {units.show_share(value)}; is that intended? For {number} percent write "
            f'"{number}%".'
        )


def _without_cv(
    path: str, factor: Busyness | TalkVariation, keys: tuple[str, ...]
) -> Iterator[str]:
    """Yield a warning where a factor that is always 1 is said to depend on something."""
    for key in keys:
        if getattr(factor, key) and not factor.cv:
            yield f"{path}.{key} has no effect without {path}.cv."
