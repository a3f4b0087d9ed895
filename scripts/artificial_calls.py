"""Make an artificial call log with issues and survey answers, for pictures of page Calibrate.

Usage: python -m scripts.artificial_calls FILE. A simulated center of three weeks, two queues by
telephone and one by chat; who answers a survey depends on what was resolved.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import numpy as np

import sim
from sim.fileio.csv_text import csv_of
from sim.log import Outcome

FIRST_DAY = dt.date(2026, 3, 2)
SEED = 1
PATIENCE = "exponential 4min"
REPEAT = {"share": "60%", "after": "lognormal 1day cv 1"}
RETRY = {"share": "40%", "after": "exponential 10min"}
CENTER = {
    "center": {
        "name": "Customer service", "first_day": FIRST_DAY, "days": 21,
        "open": {"mon-fri": "08:00-18:00", "sat-sun": "closed"},
        "busyness": {"cv": "8%", "shared": "50%"},
    },
    "queue": {
        "billing": {
            "channel": "phone", "volume": 16, "talk": "lognormal 4min cv 0.9",
            "patience": PATIENCE, "resolved": "70%", "repeat": REPEAT, "retry": RETRY,
            "transfer": {"orders": "8%"},
        },
        "orders": {
            "channel": "phone", "volume": 8, "talk": "gamma 3min cv 0.8",
            "patience": PATIENCE, "resolved": "80%", "repeat": REPEAT | {"by": "chat"},
        },
        "chat": {
            "channel": "chat", "volume": 5, "talk": "lognormal 5min cv 0.7",
            "patience": PATIENCE, "resolved": "75%", "repeat": REPEAT,
        },
    },
    "group": {
        "team": {
            "agents": 6, "skills": {"billing": 1, "orders": 1, "chat": 1},
            "gap": "exponential 20s", "speed_spread": "20%",
        }
    },
}  # fmt: skip
TITLES = ["offered", "wait", "outcome", "talk", "agent", "queue", "channel", "issue", "contact",
          "resolved", "survey"]  # fmt: skip
ODDS = {"first": 6.0, "contact": 0.6, "unresolved": 0.15}
"""Of being satisfied, and factors on them."""
ANSWERS = (0.5, 0.25)
"""Share who answer a survey of the unresolved and of the resolved."""


def text() -> str:
    """Return the log as CSV."""
    scenario = sim.load(CENTER)
    legs = sim.simulate(scenario, runs=1, seed=SEED, workers=1).log().legs
    queues = list(scenario.queue.items())
    rng = np.random.default_rng(SEED)
    start = dt.datetime.combine(FIRST_DAY, dt.time())
    rows: list[list[object]] = []
    for at in np.argsort(legs.enter, kind="stable"):
        served = legs.outcome[at] == Outcome.ANSWERED
        if not served and legs.outcome[at] != Outcome.ABANDONED:
            continue
        name, queue = queues[legs.queue[at]]
        judged = served and legs.resolved[at] >= 0
        resolved = int(legs.resolved[at]) if judged else ""
        survey = _answer(rng, int(legs.contact[at]), bool(legs.resolved[at] == 1)) if judged else ""
        rows.append([
            (start + dt.timedelta(seconds=float(legs.enter[at]))).strftime("%Y-%m-%d %H:%M:%S"),
            f"{legs.leave[at] - legs.enter[at]:.1f}", "answered" if served else "abandoned",
            f"{legs.talk_s[at]:.1f}" if served else "", f"A{legs.agent[at]}" if served else "",
            name, queue.channel, f"I{legs.issue[at]}", f"I{legs.issue[at]}-{legs.contact[at]}",
            resolved, survey,
        ])  # fmt: skip
    return csv_of([TITLES, *rows])


def _answer(rng: np.random.Generator, contact: int, resolved: bool) -> object:
    """Return the answer to a survey from 1 to 5, empty where there is none."""
    odds = ODDS["first"] * ODDS["contact"] ** contact * (1 if resolved else ODDS["unresolved"])
    is_satisfied = rng.random() < odds / (1 + odds)
    return (5 if is_satisfied else 2) if rng.random() < ANSWERS[resolved] else ""


def main() -> None:
    """Write the log."""
    Path(sys.argv[1]).write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
