"""The page on the scenario file names every field, and no default that is not so."""

from pathlib import Path

import pytest

from sim.scenario.field_paths import paths
from sim.scenario.scenario import Scenario

PAGE = (Path(__file__).parents[2] / "docs" / "scenario.md").read_text(encoding="utf-8")
INTERNAL = {"time", "spread", "source", "factor", "add", "values", "times", "each"}
INTERNAL |= {"a_day", "per_second"}
FIELDS = sorted({path for path in paths(Scenario) if path.rpartition(".")[2] not in INTERNAL})


@pytest.mark.parametrize("path", FIELDS)
def test_every_field_is_on_the_page(path: str) -> None:
    key = path.rpartition(".")[2]
    assert any(mark in PAGE for mark in (f"`{key}`", f"{key} =", f"[{key}", f"`{key}: "))


def test_the_page_is_about_the_fields_there_are() -> None:
    assert len(FIELDS) > 100
    assert {"queue.*.volume", "group.*.skills.*.speed", "bot.*.takes.talk"} <= set(FIELDS)


def documented_nones() -> list[str]:
    """Paths of all fields whose default is none, or no bound, by the tables of the page."""
    found = []
    for section in PAGE.split("\n## ")[1:]:
        owner = {
            "`[center]`": "center",
            "`[queue.NAME]`": "queue.calls",
            "`[bot.NAME]`": "bot.calls",
            "`[group.NAME]`": "group.all",
            "`[experiment]`": "experiment",
        }.get(section.partition("\n")[0].strip())
        for line in section.partition("\n### ")[0].splitlines():
            owner = "group.late.shifts.0" if line.startswith("`shifts = ") else owner
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if owner and len(cells) == 4 and cells[3] in ("none", "no bound", "not modelled"):
                found += [f"{owner}.{key.strip(' `')}" for key in cells[0].split(",")]
    return found


def test_the_page_names_the_fields_that_may_be_none() -> None:
    assert {"queue.calls.wrap", "group.all.wage", "center.lines"} <= set(documented_nones())


@pytest.mark.parametrize("path", documented_nones())
def test_none_is_taken_wherever_it_is_documented(path: str) -> None:
    text = '[queue.calls]\nvolume = 10\ntalk = "exponential 3min"\n'
    text += "[group.all]\nagents = 4\nskills = { calls = 1 }\n"
    text += '[bot.calls]\nsession = "30s"\ncontained = 0\n[group.late]\n'
    text += '[[group.late.shifts]]\nagents = 1\nstart = "08:00"\nlength = "4h"\n'
    text += 'breaks = ["15min after 1h"]\nname = "early"\n'
    changed = Scenario.parse(text).with_(**{path: "none"})
    assert changed.queue["calls"].volume.each == 10
