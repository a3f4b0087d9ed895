"""Sliders: which fields of a scenario they change, within which bounds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.scenario import Group, Queue, Scenario


@dataclass(frozen=True, slots=True)
class Slider:
    """One slider.

    Attributes
    ----------
    section : str
        Queue, bot or group it belongs to; empty for the whole center.
    label, help : str
    paths : tuple of str
        Fields it changes, by dotted path.
    low, high, step, start : int
        ``start`` leaves the scenario as it is.
    form : str
        How a value is written into the fields: ``{:+d}%`` or ``{}%``.
    shown : str
        How the slider shows a value, in the manner of printf.
    """

    section: str
    label: str
    help: str
    paths: tuple[str, ...]
    low: int
    high: int
    step: int
    start: int
    form: str
    shown: str

    @property
    def key(self) -> str:
        """Return the key of this slider."""
        return "|".join((self.section, *self.paths))

    @property
    def range(self) -> range:
        """Return the values it can have."""
        return range(self.low, self.high + 1)

    @property
    def slot(self) -> str:
        """Return the key that its value is stored under; it includes a start other than 0."""
        return f"{self.key}@{self.start}" if self.start else self.key

    def changes(self, value: int) -> dict[str, str]:
        """Return the fields as changed by a value; none at the start."""
        if value == self.start:
            return {}
        return {path: self.form.format(value) for path in self.paths}

    def words(self, value: int) -> str:
        """Return a value in words: ``Queue billing: volume +10 %``."""
        said = f"{self.label} {self.shown % value}"
        return f"{self.section}: {said[:1].lower()}{said[1:]}" if self.section else said


def center_sliders(scenario: Scenario) -> list[Slider]:
    """Return the sliders that change every queue and group together."""
    queues = list(scenario.queue.items())
    volume = tuple(path for name, queue in queues for path in _volume(name, queue))
    handle_times = tuple(path for name, queue in queues for path in _handle_times(name, queue))
    patience = tuple(path for name, queue in queues for path in _patience(name, queue))
    sliders = [
        _percent("", "Volume", "Contacts that arrive, in every interval.", volume, 50),
        _percent("", "Handle time", "Talk, hold and wrap-up of every contact.", handle_times, 40),
        _percent("", "Patience", "How long customers wait before they abandon.", patience, 75),
    ]
    if len(scenario.group) == 1:
        sliders += [_agents("", group, scenario.group[group]) for group in scenario.group]
    else:
        paths = tuple(p for name, group in scenario.group.items() for p in _staff(name, group))
        text = "Agents of every group, rounded to whole numbers."
        sliders.append(_percent("", "Agents", text, paths, 40))
    return [slider for slider in [*sliders, *_bots(scenario, "")] if slider.paths]


def part_sliders(scenario: Scenario) -> list[Slider]:
    """Return the sliders of each queue, bot and group."""
    sliders: list[Slider] = []
    for name, queue in scenario.queue.items():
        where = f"Queue {name}"
        sliders += [
            _percent(
                where,
                "Volume",
                "Contacts that arrive, in every interval.",
                _volume(name, queue),
                50,
            ),
            _percent(
                where,
                "Handle time",
                "Talk, hold and wrap-up of its contacts.",
                _handle_times(name, queue),
                40,
            ),
            _percent(
                where,
                "Patience",
                "How long its customers wait before they abandon.",
                _patience(name, queue),
                75,
            ),
        ]
    sliders += _bots(scenario, "Bot")
    sliders += [_agents(f"Group {name}", name, group) for name, group in scenario.group.items()]
    return [slider for slider in sliders if slider.paths]


def typed(text: str) -> dict[str, Any]:
    """Return further changes, one ``PATH=VALUE`` a line.

    Raises
    ------
    sim.scenario.ScenarioError
        When a line has no ``=``, as on the command line.
    """
    from sim.scenario.overrides import pairs

    return pairs([line for line in text.splitlines() if line.strip()])


def slider_for_path(sliders: Sequence[Slider], path: str) -> Slider | None:
    """Return the slider whose fields lie nearest to a path that has a problem, or None."""
    wanted = path.split(".")

    def shared(slider: Slider) -> int:
        return max(_common(wanted, each.split(".")) for each in slider.paths)

    best = max(sliders, key=shared, default=None)
    return best if best is not None and shared(best) >= 2 else None


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _percent(section: str, label: str, text: str, paths: Iterable[str], reach: int) -> Slider:
    return Slider(section, label, text, tuple(paths), -reach, 2 * reach, 5, 0, "{:+d}%", "%+d %%")


def _volume(name: str, queue: Queue) -> Iterator[str]:
    if queue.volume.recorded is None:
        yield f"queue.{name}.volume"


def _handle_times(name: str, queue: Queue) -> Iterator[str]:
    """Yield the handle times that can be scaled: a time of zero stays zero."""
    for part in ("talk", "hold", "wrap"):
        distribution: Any = getattr(queue, part)
        if isfinite(distribution.mean) and distribution.mean > 0:
            yield f"queue.{name}.{part}"


def _patience(name: str, queue: Queue) -> Iterator[str]:
    if not queue.patience.is_unlimited and queue.patience.mean > 0:
        yield f"queue.{name}.patience"


def _staff(name: str, group: Group) -> Iterator[str]:
    if group.agents is not None:
        yield f"group.{name}.agents"
    yield from (f"group.{name}.shifts.{k}.agents" for k in range(len(group.shifts)))


def _agents(section: str, name: str, group: Group) -> Slider:
    paths = tuple(_staff(name, group))
    if group.agents is None:
        fewest = min((shift.agents for shift in group.shifts), default=0)
        label, text = "Agents on each shift", "Agents added to or removed from each of its shifts."
    else:
        numbers = group.agents.values or (group.agents.each or 0.0,)
        fewest = int(max(numbers))
        label, text = "Agents", "Agents added or removed in every interval, never below zero."
    reach = max(3, min(fewest, 20))
    return Slider(section, label, text, paths, -min(reach, fewest), reach, 1, 0, "{:+d}", "%+d")


def _bots(scenario: Scenario, section: str) -> Iterator[Slider]:
    for name, bot in scenario.bot.items():
        where = f"{section} {name}" if section else ""
        label = "Contained" if section else f"Contained by bot {name}"
        text = "Share of its sessions that the bot completes; contained is not resolved."
        start = round(100 * bot.contained)
        path = (f"bot.{name}.contained",)
        yield Slider(where, label, text, path, 0, 100, 1, start, "{}%", "%d %%")
        if section:
            text = "Share of contained sessions that resolve the issue."
            resolved = round(100 * bot.resolved)
            path = (f"bot.{name}.resolved",)
            yield Slider(
                where, "Resolved, of contained", text, path, 0, 100, 1, resolved, "{}%", "%d %%"
            )
