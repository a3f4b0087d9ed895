"""Customers whose issue is prevented or settled beforehand stay, and keep their value."""

from __future__ import annotations

from typing import Any

import pytest

import ccplan
from tests.support.small_journeys import SMALL_JOURNEYS

ISSUE = "issue.late_parcel"
PLAIN = {f"{ISSUE}.prevented": "0%"}
NOTICE = {**PLAIN, f"{ISSUE}.notice": {"reached": "60%", "settled": "50%", "cost": 0.08}}
REPAIR = {f"{ISSUE}.prevented": "50%"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> ccplan.Scenario:
    file = tmp_path_factory.mktemp("shop") / "shop.toml"
    file.write_text(SMALL_JOURNEYS, encoding="utf-8")
    return ccplan.load(file)


def values(shop: ccplan.Scenario, changes: dict[str, Any], engine: str) -> dict[str, float]:
    result = ccplan.simulate(shop.with_(**changes), runs=6, engine=engine)
    names = ("value_kept", "value_lost", "prevented", "settled")
    return {name: float(result.estimate(name).value) for name in names}


@pytest.mark.parametrize("engine", ["reference", "kernel"])
def test_prevention_keeps_the_value_of_its_customers(shop: ccplan.Scenario, engine: str) -> None:
    plain, notice, repair = (values(shop, c, engine) for c in (PLAIN, NOTICE, REPAIR))
    for some, counted in ((notice, "settled"), (repair, "prevented")):
        assert some[counted] > 0
        assert some["value_lost"] < plain["value_lost"]
        assert some["value_kept"] > plain["value_kept"]
        # The same customers in every variant: what is not lost is kept, and nothing else.
        assert some["value_kept"] + some["value_lost"] == pytest.approx(
            plain["value_kept"] + plain["value_lost"], rel=1e-9
        )


@pytest.mark.parametrize("changes", [NOTICE, REPAIR])
def test_both_engines_keep_the_same_value(shop: ccplan.Scenario, changes: dict[str, Any]) -> None:
    assert values(shop, changes, "reference") == values(shop, changes, "kernel")


def test_by_value_prevention_is_worth_money(shop: ccplan.Scenario) -> None:
    levers = {
        "repair": {"changes": {f"{ISSUE}.prevented": "+30pp"}, "cost": 10},
        "notice": {"changes": {f"{ISSUE}.notice": NOTICE[f"{ISSUE}.notice"]}, "cost": 10},
    }
    found = ccplan.invest(shop.with_(lever=levers), 5000, objective="value", runs=10, seed=3)
    for row in found.levers:
        assert row["low"] > 0, row
    assert {one["name"] for one in found.best["levers"]} == {"repair", "notice"}
