"""Call logs of simulated centers whose parameters are known."""

import datetime as dt

import numpy as np

import sim
from sim.log import Outcome, State

FIRST_DAY = dt.date(2026, 3, 2)
HALF_HOURS = [14, 18, 22, 26, 28, 28, 26, 24, 22, 22, 22, 24, 26, 26, 24, 20, 18, 16, 12, 8]
WORLD = {
    "center": {"name": "World", "first_day": FIRST_DAY, "days": 28, "open": "08:00-18:00"},
    "queue": {
        "billing": {
            "volume": HALF_HOURS * 28,
            "talk": "lognormal 3min cv 0.9",
            "patience": "exponential 4min",
        },
        "cards": {
            "volume": 10,
            "talk": "gamma 2min cv 0.8",
            "patience": "exponential 3min",
        },
    },
    "group": {
        "team": {
            "agents": [5, 6, 6, 6, 7, 7, 7, 7, 6, 6, 6, 6, 7, 7, 6, 6, 5, 5, 5, 4] * 28,
            "skills": {"billing": 1, "cards": 1},
            "gap": "exponential 20s",
        }
    },
}
TITLES = ("offered", "wait", "outcome", "talk", "agent", "queue")


def world(**changes):
    """Return the scenario, with fields changed by path."""
    return sim.load(WORLD, {key.replace("__", "."): value for key, value in changes.items()})


def rows_of(scenario, seed=1):
    """Return the contacts of one replication as rows of a call log."""
    legs = sim.simulate(scenario, runs=1, seed=seed, workers=1).log().legs
    names = list(scenario.queue)
    start = dt.datetime.combine(scenario.center.first_day, dt.time())
    found = []
    for at in np.argsort(legs.enter, kind="stable"):
        served = legs.outcome[at] == Outcome.ANSWERED
        offered = start + dt.timedelta(seconds=float(legs.enter[at]))
        found.append((
            offered.strftime("%Y-%m-%d %H:%M:%S.%f"),
            f"{legs.leave[at] - legs.enter[at]:.3f}",
            "answered" if served else "abandoned",
            f"{legs.talk_s[at]:.3f}" if served else "",
            f"A{legs.agent[at]}" if served else "",
            names[legs.queue[at]],
        ))  # fmt: skip
    return found


def write_log(file, rows, titles=TITLES):
    """Write rows as CSV."""
    lines = [",".join(titles), *(",".join(map(str, row)) for row in rows)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


STATE_TITLES = ("agent", "start", "end", "state")
STATE_WORDS = {
    State.AVAILABLE: "Available",
    State.TALKING: "On call",
    State.WRAPPING: "After call work",
    State.ON_BREAK: "Lunch",
    State.NOT_READY: "Not ready",
}


def state_rows_of(scenario, seed=1):
    """Return the states of agents in the same replication as rows of an agent-state log."""
    log = sim.simulate(scenario, runs=1, seed=seed, workers=1).log()
    start = dt.datetime.combine(scenario.center.first_day, dt.time())

    def moment(seconds):
        return (start + dt.timedelta(seconds=float(seconds))).strftime("%Y-%m-%d %H:%M:%S.%f")

    states = log.states
    return [
        (f"A{agent}", moment(begin), moment(end), STATE_WORDS[State(int(state))])
        for agent, begin, end, state in zip(
            states.agent, states.start, states.end, states.state, strict=True
        )
    ]


def changes_of(rows):
    """Return states as one row per change, with a row for each log-out."""
    found = []
    for at, (agent, start, end, state) in enumerate(rows):
        found.append((agent, start, state))
        following = rows[at + 1] if at + 1 < len(rows) else ("", "")
        if (following[0], following[1]) != (agent, end):
            found.append((agent, end, "Logged out"))
    return found
