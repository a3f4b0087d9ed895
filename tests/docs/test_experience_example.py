"""The example of docs/experience.md: its blocks are complete, and the script can renew them."""

from __future__ import annotations

import re

import pytest

import ccplan
from scripts import experience_example as example
from scripts.tutorial_page import BLOCK
from sim.report.scorecards import Scorecards
from sim.scenario import Scenario
from tests.support.small_journeys import SMALL_JOURNEYS

TEXT = example.PAGE.read_text(encoding="utf-8")
SHOWN = {match[2]: match[0] for match in BLOCK.finditer(TEXT)}


def cells(block: str) -> list[list[str]]:
    """Return the rows of the table of a block, without its two rows of head."""
    rows = [line.strip("|").split(" | ") for line in block.splitlines() if line.startswith("|")]
    assert len({len(row) for row in rows if set("".join(row)) - set("-:|")}) == 1, block
    return [[cell.strip() for cell in row] for row in rows[2:]]


def test_each_block_is_on_the_page_once_and_closed() -> None:
    names = [match[2] for match in BLOCK.finditer(TEXT)]
    assert sorted(names) == sorted(example.NAMES)
    assert TEXT.count("<!-- results: ") == TEXT.count("<!-- end of results -->") == len(names)


@pytest.mark.parametrize("name", ["service", "experience", "money"])
def test_each_value_has_its_confidence_interval(name: str) -> None:
    rows = cells(SHOWN[name])
    assert len(rows) > 4
    for title, value, bounds in rows:
        assert re.search(r"\d", value), title
        assert " to " in bounds or bounds == "the same in all replications", title
    uncalibrated = [title for title, *_ in rows if "uncalibrated" in title]
    assert bool(uncalibrated) == (name != "service")


def test_levers_and_owners_are_those_of_the_scenario() -> None:
    scenario = ccplan.load(example.SCENARIO)
    rows = cells(SHOWN["levers"])
    titles = [row[0] for row in rows]
    assert titles[:-1] == [lever.title for lever in scenario.lever.values()]
    for row in rows:
        low, high = (float(part.split()[0]) for part in row[3].split(" to "))
        assert low <= float(row[2].split()[0]) <= high
    owners = {touchpoint.owner for touchpoint in scenario.touchpoint.values()}
    assert {row[0] for row in cells(SHOWN["owner"])} == owners
    assert SHOWN["advice"].count("\n- ") > 2


def test_blocks_are_replaced_and_the_rest_stays() -> None:
    cards = Scorecards(ccplan.simulate(Scenario.parse(SMALL_JOURNEYS), runs=2))
    new = {name: f"new {name}" for name in example.NAMES}
    new["experience"] = example.scorecard(cards.experience)
    new["owner"] = example.by_owner(cards)
    page = example.with_results(TEXT, new)
    assert BLOCK.sub("", page) == BLOCK.sub("", TEXT)
    assert all(text in page for text in new.values())
    assert cells(new["owner"])[0][0] == "logistics"
