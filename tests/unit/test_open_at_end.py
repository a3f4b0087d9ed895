"""Issues that are open at the end of the horizon, which count as unresolved."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import ccplan
from sim.log import Outcome, Then
from sim.report.scorecard_text import scorecard_texts
from sim.report.summary_html import summary_page
from sim.scenario import describe

CENTER: dict[str, Any] = {
    "center": {"open": "09:00-15:00", "days": 1},
    "queue": {
        "calls": {
            "volume": 60, "talk": "3min", "patience": "3min", "resolved": "50%",
            "repeat": {"share": "90%", "after": "exponential 5h"},
        },
    },
    "group": {"team": {"agents": 9, "skills": {"calls": 1}}},
    "satisfaction": {},
}  # fmt: skip


@pytest.mark.parametrize("engine", ["reference", "kernel"])
def test_it_is_the_share_of_the_log(engine: str) -> None:
    result = ccplan.simulate(ccplan.load(CENTER), runs=1, engine=engine)
    legs = ccplan.simulate(ccplan.load(CENTER), runs=1, engine="reference").log(1).legs
    stopped = (Outcome.WAITING, Outcome.IN_HAND, Outcome.IN_SESSION)
    pending = set(legs.issue[(legs.then == Then.LATER) | np.isin(legs.outcome, stopped)])
    found = pending - set(legs.issue[legs.resolved == 1])
    share = len(found) / len(set(legs.issue))
    assert 0 < share < 1
    assert float(result.estimate("open_at_end").value) == pytest.approx(share, rel=1e-12)


def test_more_days_leave_fewer_issues_open_and_resolve_more() -> None:
    short, long = (
        ccplan.simulate(ccplan.load(CENTER).with_(**{"center.days": days}), runs=4)
        for days in (1, 10)
    )
    assert short.estimate("open_at_end").value > 1.5 * long.estimate("open_at_end").value
    assert short.estimate("resolution").value < long.estimate("resolution").value


def test_the_scorecard_and_check_say_so() -> None:
    center = ccplan.load(CENTER)
    result = ccplan.simulate(center, runs=2)
    text = "\n".join(scorecard_texts(result))
    assert "of the issues are still open after 1 day and count as unresolved" in text
    assert "Issues open at the end" in text
    assert "are still open after 1 day" in summary_page(center, result)
    assert "open at the end of the horizon count as unresolved" in " ".join(describe(center))


def test_without_satisfaction_there_is_no_such_row() -> None:
    plain = ccplan.load({k: v for k, v in CENTER.items() if k != "satisfaction"})
    assert not any(row.metric == "open_at_end" for row in ccplan.simulate(plain, runs=1).rows)
