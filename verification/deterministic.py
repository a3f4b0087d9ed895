"""Deterministic cases: the times of every contact can be worked out manually."""

from collections.abc import Iterator

import numpy as np

from sim.engine import simulate_replication
from sim.log import Legs, Log, Outcome
from sim.model import build
from sim.scenario import Scenario
from verification.cases import Tables
from verification.checks import Check, exact

WORKED_OUT = "worked out manually"


def deterministic_checks() -> Iterator[Check]:
    """Give every check of a day that is known contact by contact."""
    for family in (_one_agent, _patience, _drain, _mail):
        yield from family()


def log_of(tables: Tables, seed: int = 1) -> Log:
    """Simulate one replication of a scenario given as tables; return its log."""
    import tomlkit

    return simulate_replication(build(Scenario.parse(tomlkit.dumps(tables))), seed, 1)


def _calls(**more: object) -> Tables:
    queue = {"volume": {"recorded": [0, 10, 20, 30, 40], "talk": [30, 30, 30, 30, 30]}}
    return {
        "center": {"open": "always"},
        "queue": {"calls": queue | {"talk": "30s"} | more},
        "group": {"agents": {"agents": 1, "skills": {"calls": 1}}},
    }


def _waits(legs: Legs) -> list[float]:
    return list((legs.leave - legs.enter).tolist())


def _one_agent() -> Iterator[Check]:
    """Calls every 10 s of 30 s each: the wait grows by 20 s from call to call."""
    legs = log_of(_calls()).legs
    for k, wait in enumerate(_waits(legs)):
        yield exact("Calls by the clock", WORKED_OUT, f"wait of call {k + 1}", 20.0 * k, wait)
    legs = log_of(_calls(wrap="5s")).legs
    for k, wait in enumerate(_waits(legs)):
        yield exact("With 5 s of wrap", WORKED_OUT, f"wait of call {k + 1}", 25.0 * k, wait)


def _patience() -> Iterator[Check]:
    """A call that finds 40 s of work is answered at the very end of its 40 s of patience."""
    legs = log_of(_calls(patience="deterministic 40s")).legs
    # Call 3 waits 40 s and is answered as its patience ends; call 4 would wait 60, call 5 then
    # finds the line as call 4 left it.
    waits, answered = [0.0, 20.0, 40.0, 40.0, 40.0], [1, 1, 1, 0, 0]
    lost = legs.outcome == Outcome.ABANDONED
    case = "Patience of 40 s"
    for k, wait in enumerate(_waits(legs)):
        yield exact(case, WORKED_OUT, f"wait of call {k + 1}", waits[k], wait)
        yield exact(case, WORKED_OUT, f"call {k + 1} is answered", answered[k], not lost[k])


def _drain() -> Iterator[Check]:
    """Ten mails every two hours, three times; one agent does five in two hours."""
    starts = [hour * 3600 for hour in (0, 2, 4) for _ in range(10)]
    tables = {
        "center": {"open": "always"},
        "queue": {"mail": {"channel": "email", "volume": {"recorded": starts}, "talk": "1439s"}},
        "group": {"agents": {"agents": 1, "skills": {"mail": 1}}},
    }
    legs = log_of(tables).legs
    for k, carried in enumerate((5, 10, 15, 10, 5, 0)):
        end = 7200 * (k + 1)
        open_ = int(np.sum((legs.enter < end) & ~(legs.talk_end <= end)))
        yield exact("A backlog worked off", "shiftmesh, test of drain", f"carried over {k + 1}",
                    carried, open_)  # fmt: skip
    done = int(np.sum(legs.outcome == Outcome.ANSWERED))
    yield exact("A backlog worked off", "shiftmesh, test of drain", "processed", 30, done)


def _mail() -> Iterator[Check]:
    """No mail is lost, interrupted or not: what comes is done or still open, with all its work."""
    tables = {
        "center": {"open": "08:00-18:00", "days": 2},
        "queue": {
            "calls": {"volume": "30 an hour", "talk": "exponential 3min"},
            "mail": {"channel": "email", "volume": "260 a day", "talk": "lognormal 6min cv 1",
                     "backlog": 40},
        },
        "group": {"all": {"agents": 4, "skills": {"calls": 1, "mail": 2},
                          "interrupts": {"mail": "live"}}},
    }  # fmt: skip
    log = log_of(tables)
    legs = log.legs
    mail = legs.queue == 1
    done = legs.outcome[mail] == Outcome.ANSWERED
    open_ = np.isin(legs.outcome[mail], (Outcome.WAITING, Outcome.IN_HAND))
    born = int(np.sum(log.issues.queue == 1))
    case = "Mail is conserved"
    yield exact(case, "conservation", "done or open", born, int(done.sum() + open_.sum()))
    yield exact(case, "conservation", "work done of the done", float(legs.work[mail][done].sum()),
                legs.done[mail][done].sum())  # fmt: skip
    yield exact(case, "conservation", "time spent", float(legs.done[mail].sum()),
                legs.talk_s[mail].sum() + legs.hold_s[mail].sum())  # fmt: skip
