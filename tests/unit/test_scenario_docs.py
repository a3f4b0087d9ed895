"""The page on the scenario file names every field, and no default that is not so."""

from pathlib import Path

import pytest

from sim.scenario.scenario import Scenario
from sim.scenario.walk import paths

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
