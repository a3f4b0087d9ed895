"""Money beyond pay: what metrics say is what the log and the fields give."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import ccplan
from sim.experiment import Result
from sim.log import Kind, Outcome

CENTER: dict[str, Any] = {
    "queue": {
        "calls": {
            "volume": 60, "talk": "3min", "wrap": "20s", "patience": "3min", "resolved": "60%",
            "repeat": {"share": "60%", "after": "20min"}, "transfer": {"cards": "10%"},
            "cost_per_minute": 0.02,
        },
        "cards": {"volume": 10, "talk": "4min", "resolved": "90%"},
    },
    "bot": {"calls": {"session": "1min", "contained": "20%", "resolved": "50%", "cost": 0.15}},
    "group": {
        "team": {"agents": 9, "skills": {"calls": 1, "cards": 1}, "wage": 20, "overtime": 0,
            "tools": 1.5,
        },
    },
    "center": {"open": "09:00-12:00"},
}  # fmt: skip


def values(result: Result) -> dict[str, float]:
    """Return the metrics of the whole center by name."""
    total = (row for row in result.rows if row.scope == "total" and row.interval is None)
    return {row.metric: row.value for row in total if row.value is not None}


@pytest.fixture(scope="module")
def result() -> Result:
    return ccplan.simulate(ccplan.load(CENTER), runs=1)


def test_amounts_are_those_of_the_log(result: Result) -> None:
    legs, found = result.log(1).legs, values(result)
    sessions = legs.kind == Kind.SELF_SERVICE
    assert found["bot_cost"] == pytest.approx(0.15 * sessions.sum())
    calls = result.model.queues[legs.queue[0]].name == "calls"
    number = int(legs.queue[0]) if calls else 1 - int(legs.queue[0])
    of_calls = legs.queue == number
    minutes = (legs.leave - legs.enter + legs.talk_s + legs.hold_s)[of_calls].sum() / 60
    assert found["telephony_cost"] == pytest.approx(0.02 * minutes, rel=1e-6)
    assert found["tools_cost"] == pytest.approx(found["cost"] / 20 * 1.5)
    parts = ("cost", "bot_cost", "telephony_cost", "tools_cost")
    assert found["total_cost"] == pytest.approx(sum(found[name] for name in parts))


def test_cost_of_a_contact_and_of_a_resolved_issue(result: Result) -> None:
    legs, found = result.log(1).legs, values(result)
    done = np.isin(legs.outcome, (Outcome.ANSWERED, Outcome.CONTAINED)).sum()
    assert found["cost_per_contact"] == pytest.approx(found["total_cost"] / done)
    resolved = np.unique(legs.issue[legs.resolved == 1]).size
    assert found["cost_per_resolved"] == pytest.approx(found["total_cost"] / resolved)


def test_rework_is_what_repeats_bounces_and_transfers_take(result: Result) -> None:
    legs, found = result.log(1).legs, values(result)
    handled = legs.outcome == Outcome.ANSWERED
    time = legs.talk_s + legs.hold_s + legs.wrap_s
    again = handled & np.isin(legs.kind, (Kind.REPEAT, Kind.BOUNCE, Kind.TRANSFER))
    share = time[again].sum() / time[handled].sum()
    assert found["rework_cost"] == pytest.approx(share * found["cost"], rel=1e-4)


def test_both_engines_give_the_same_amounts() -> None:
    center = ccplan.load(CENTER)
    one, other = (ccplan.simulate(center, runs=3, engine=e) for e in ("reference", "kernel"))
    assert values(one) == values(other)


@pytest.mark.parametrize("path", ["queue.calls.cost_per_minute", "bot.calls.cost"])
def test_without_costs_there_is_only_pay(path: str) -> None:
    plain = ccplan.load(CENTER).with_(
        **{
            "queue.calls.cost_per_minute": "none",
            "bot.calls.cost": "none",
            "group.team.tools": "none",
        }
    )
    found = values(ccplan.simulate(plain, runs=1))
    assert [name for name in found if "cost" in name] == ["cost"]
    found = values(ccplan.simulate(plain.with_(**{path: 0.1}), runs=1))
    assert "total_cost" in found


def test_better_resolution_saves_rework() -> None:
    base = ccplan.load(CENTER)
    better = base.with_(**{"queue.calls.resolved": "90%"})
    costs = [values(ccplan.simulate(one, runs=20))["rework_cost"] for one in (base, better)]
    assert costs[1] < costs[0]
