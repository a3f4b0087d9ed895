"""One handmade log, every sum worked out."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from sim.distributions import Exponential
from sim.log import Issues, Kind, Legs, Log, Outcome, Presences, State, States, Then
from sim.metrics import tally_log
from sim.metrics.invariants import violations
from sim.metrics.tally_fields import WAIT_EDGES, IssueSum, LegSum, TimeSum
from sim.model import (
    NEVER,
    AtClose,
    Busyness,
    Demand,
    Group,
    Model,
    Queue,
    Skill,
)

NAN = float("nan")
CALLS, MAIL = 0, 1


def queue(name: str, **given: Any) -> Queue:
    minute = Exponential(60.0)
    given = {"deferred": False, "at_close": AtClose.SERVE} | given
    return Queue(
        name=name,
        demand=Demand(np.ones(4)),
        hours=np.array([[0.0, 400.0]]),
        talk=minute,
        hold=NEVER,
        wrap=NEVER,
        patience=NEVER,
        **given,
    )


def model(**given: Any) -> Model:
    """Four intervals of 100 s, two to a day; calls within 20 s, mail due in 150 s."""
    skills = tuple(Skill(k, 1, 1, 0.0, np.ones(2), 2, 0, 1.0) for k in (CALLS, MAIL))
    whole = Model(
        name="handmade",
        queues=(
            queue("calls", channel="voice", threshold=20.0, short=5.0, resolved=0.8, target=0.5),
            queue("mail", channel="email", deferred=True, due=150.0),
        ),
        groups=(Group("all", skills, np.array([1.0, 1, 1, 0]), np.array([1, 1, 1, 0]), (), 1),),
        channels=("email", "voice"),
        days=2,
        day_s=200.0,
        interval_s=100.0,
        starts=("a", "b", "c", "d"),
        horizon=400.0,
        measure_from=0.0,
        lines=np.inf,
        busyness=Busyness(),
        runs=3,
        seed=1,
        fingerprint="",
    )
    return replace(whole, **given)


def leg(issue: int, enter: float, leave: float, outcome: Outcome, **given: Any) -> dict[str, Any]:
    row = {f.name: 0 for f in fields(Legs)}
    row |= {"group": -1, "agent": -1, "talk_end": NAN, "end": NAN, "resolved": -1, "context": -1}
    row |= {"issue": issue, "enter": enter, "leave": leave, "outcome": outcome}
    return row | given


def served(
    issue: int, enter: float, leave: float, talk: float, wrap: float = 0.0, **given: Any
) -> dict[str, Any]:
    done = {"group": 0, "agent": 0, "talk_end": leave + talk, "end": leave + talk + wrap}
    done |= {"talk_s": talk, "wrap_s": wrap, "work": talk, "done": talk, "stints": 1}
    return leg(issue, enter, leave, Outcome.ANSWERED, **(done | given))


def log(
    legs: list[dict[str, Any]],
    states: list[tuple[Any, ...]] = (),
    presences: list[tuple[Any, ...]] = (),
    whole: Model | None = None,
) -> Log:
    """Put rows into tables; states are (agent, group, state, load, overtime, start, end)."""
    births: dict[int, tuple[int, float]] = {}
    for row in legs:
        births.setdefault(row["issue"], (row["queue"], row["enter"]))
    born = [births[k] for k in sorted(births)]
    return Log(
        whole or model(),
        1,
        1,
        Issues.plain(np.array([b[0] for b in born]), np.array([b[1] for b in born])),
        table(Legs, [tuple(row[f.name] for f in fields(Legs)) for row in legs]),
        table(States, states),
        table(Presences, presences),
    )


def table(kind: type[Any], rows: Any) -> Any:
    columns = list(zip(*rows, strict=True)) or [()] * len(fields(kind))
    types = ["int64" if "int64" in str(f.type) else "float64" for f in fields(kind)]
    return kind(*(np.array(c, dtype=t) for c, t in zip(columns, types, strict=True)))


STORY = [
    # answered at the very threshold, resolved; 20.0 - 0.1 + 0.1 would not be 20
    served(0, 0.1, 0.1 + 20.0, talk=30.0, wrap=10.0, resolved=1),
    # answered at once in the second interval, not resolved, repeats, then abandons late
    served(1, 100.0, 100.0, talk=40.0, resolved=0, then=Then.REPEAT),
    leg(1, 250.0, 290.0, Outcome.ABANDONED, leg=1, contact=1, kind=Kind.REPEAT),
    # balks and redials, gets the busy signal, gives up
    leg(2, 110.0, 110.0, Outcome.BALKED, then=Then.RETRY),
    leg(2, 130.0, 130.0, Outcome.BUSY, leg=1, contact=1, kind=Kind.RETRY, then=Then.GAVE_UP),
    # takes a callback after 15 s, is called back
    leg(3, 160.0, 175.0, Outcome.CALLBACK, then=Then.CALLBACK),
    served(3, 175.0, 205.0, talk=20.0, leg=1, kind=Kind.CALLBACK, resolved=1),
    # abandons short
    leg(4, 170.0, 174.0, Outcome.ABANDONED),
    # contained by the bot, back
    leg(5, 210.0, 215.0, Outcome.CONTAINED, kind=Kind.SELF_SERVICE, then=Then.BOUNCE, resolved=0),
    served(5, 230.0, 231.0, talk=4.0, leg=1, contact=1, kind=Kind.BOUNCE, resolved=1),
    # handed over by the bot, transferred to mail, still open there
    leg(6, 240.0, 243.0, Outcome.HANDED_OVER, kind=Kind.SELF_SERVICE, then=Then.PEOPLE),
    served(6, 243.0, 250.0, talk=5.0, leg=1, then=Then.TRANSFER),
    leg(6, 255.0, NAN, Outcome.WAITING, leg=2, kind=Kind.TRANSFER, queue=MAIL),
    # mail: on time, late, backlog of yesterday, missed
    served(7, 10.0, 60.0, talk=90.0, queue=MAIL),
    served(8, 20.0, 150.0, talk=60.0, queue=MAIL),
    served(9, 0.0, 260.0, talk=10.0, queue=MAIL, kind=Kind.BACKLOG),
    leg(10, 30.0, NAN, Outcome.WAITING, queue=MAIL),
]  # fmt: skip


def sums(name: LegSum, at: int = CALLS) -> list[float]:
    return tally_log(log(STORY)).legs[name, at].tolist()


COUNTS: dict[LegSum, list[float]] = {
    LegSum.OFFERED: [1, 5, 3, 0],
    LegSum.ANSWERED: [1, 1, 2, 0],
    LegSum.WITHIN: [1, 1, 2, 0],
    LegSum.AT_ONCE: [0, 1, 0, 0],
    LegSum.ABANDONED: [0, 2, 1, 0],
    LegSum.ABANDONED_WITHIN: [0, 2, 0, 0],
    LegSum.ABANDONED_SHORT: [0, 2, 0, 0],
    LegSum.BALKED: [0, 1, 0, 0],
    LegSum.BUSY: [0, 1, 0, 0],
    LegSum.CALLBACKS: [0, 1, 0, 0],
    LegSum.CALLBACKS_ANSWERED: [0, 1, 0, 0],
    LegSum.WAIT_ABANDONED: [0, 4, 40, 0],
    LegSum.WAIT_OTHERS: [0, 15, 0, 0],
    LegSum.WAIT_CALLBACK: [0, 30, 0, 0],
    LegSum.HANDLED: [1, 2, 2, 0],
    LegSum.TALK: [30, 60, 9, 0],
    LegSum.WRAP: [10, 0, 0, 0],
    LegSum.TRANSFERRED: [0, 0, 1, 0],
    LegSum.REPEATING: [0, 1, 0, 0],
    LegSum.RETRYING: [0, 1, 0, 0],
    LegSum.RETRIES: [0, 1, 0, 0],
    LegSum.REPEATS: [0, 0, 1, 0],
    LegSum.BOUNCES: [0, 0, 1, 0],
    LegSum.KNOWN: [1, 2, 1, 0],
    LegSum.RESOLVED: [1, 1, 1, 0],
    LegSum.SESSIONS: [0, 0, 2, 0],
    LegSum.CONTAINED: [0, 0, 1, 0],
    LegSum.HANDED_OVER: [0, 0, 1, 0],
    LegSum.BOT_RESOLVED: [0, 0, 0, 0],
    LegSum.BOUNCED: [0, 0, 1, 0],
    LegSum.SESSION_TIME: [0, 0, 8, 0],
    LegSum.BACKLOG: [0, 0, 0, 0],
}


@pytest.mark.parametrize("name", COUNTS, ids=lambda leg: leg.name)
def test_counts_of_calls(name: LegSum) -> None:
    assert sums(name) == pytest.approx(COUNTS[name])


MAIL_COUNTS: dict[LegSum, list[float]] = {
    LegSum.OFFERED: [3, 0, 1, 0],
    LegSum.ANSWERED: [2, 0, 0, 0],
    LegSum.STILL_WAITING: [1, 0, 1, 0],
    LegSum.HANDLED: [3, 0, 0, 0],
    LegSum.DONE: [3, 0, 0, 0],
    LegSum.DUE_MET: [1, 0, 0, 0],  # done at 150, due at 160
    LegSum.DUE_MISSED: [3, 0, 0, 0],  # done at 210 and 270, and one still open
    LegSum.COMPLETION: [140 + 190 + 270, 0, 0, 0],
    LegSum.BACKLOG: [4, 3, 2, 2],
}


@pytest.mark.parametrize("name", MAIL_COUNTS, ids=lambda leg: leg.name)
def test_counts_of_mail(name: LegSum) -> None:
    assert sums(name, MAIL) == pytest.approx(MAIL_COUNTS[name])


def test_open_work_that_is_not_yet_due_is_neither_met_nor_missed() -> None:
    mail = tally_log(log(STORY)).legs[:, MAIL, 2]
    assert mail[LegSum.DUE_MET] + mail[LegSum.DUE_MISSED] == 0  # entered at 255, due at 405


def test_the_threshold_itself_is_within() -> None:
    waits = np.random.default_rng(5).uniform(0, 400, 200)
    story = [served(k, t, t + 20.0, 1.0) for k, t in enumerate(waits)]
    story += [served(k + 200, t, np.nextafter(t + 20.0, 1e9), 1.0) for k, t in enumerate(waits)]
    assert tally_log(log(story)).legs[LegSum.WITHIN].sum() == 200


def test_issues_count_where_they_were_born_and_yesterdays_do_not() -> None:
    issues = tally_log(log(STORY)).issues
    assert issues[IssueSum.ISSUES, CALLS].tolist() == [1, 4, 2, 0]
    assert issues[IssueSum.ISSUES, MAIL].tolist() == [3, 0, 0, 0]
    assert issues[IssueSum.CONTACTS, CALLS].tolist() == [1, 6, 3, 0]
    assert issues[IssueSum.FIRST_RESOLVED, CALLS].tolist() == [1, 1, 0, 0]
    assert issues[IssueSum.EVER_RESOLVED, CALLS].tolist() == [1, 1, 1, 0]
    assert issues[IssueSum.JUDGED, MAIL].sum() == 0
    assert issues[IssueSum.RESOLUTION_TIME, CALLS].tolist() == pytest.approx([50, 65, 25, 0])
    assert issues[IssueSum.GAVE_UP, CALLS].tolist() == [0, 1, 0, 0]
    assert issues[IssueSum.SWITCHES, CALLS].tolist() == [0, 0, 1, 0]
    assert issues[IssueSum.SERVED, CALLS].tolist() == [1, 2, 2, 0]


def test_what_began_before_the_end_of_the_warm_up_does_not_count() -> None:
    warmed = tally_log(log(STORY, whole=model(measure_from=100.0)))
    assert warmed.legs[LegSum.OFFERED, CALLS].tolist() == [0, 5, 3, 0]
    assert warmed.issues[IssueSum.ISSUES, CALLS].tolist() == [0, 4, 2, 0]
    assert warmed.legs[LegSum.BACKLOG, MAIL].tolist() == [4, 3, 2, 2]


def test_a_leg_after_the_horizon_counts_in_the_last_interval() -> None:
    late = tally_log(log([served(0, 450.0, 451.0, 5.0)]))
    assert late.legs[LegSum.OFFERED, CALLS].tolist() == [0, 0, 0, 1]


def test_an_answered_leg_that_is_not_done_is_answered_but_not_handled() -> None:
    open_ = leg(0, 390.0, 395.0, Outcome.IN_HAND, group=0, agent=0, stints=1)
    one = tally_log(log([open_])).legs[:, CALLS].sum(axis=1)
    assert (one[LegSum.ANSWERED], one[LegSum.WITHIN], one[LegSum.HANDLED]) == (1, 1, 0)
    assert one[LegSum.IN_HAND] == 1


def test_waits_fall_into_classes_with_their_upper_edge() -> None:
    story = [served(k, 0.0, wait, 1.0) for k, wait in enumerate([0.0, 0.5, 0.51, 60.0, 1e5, 1e9])]
    classes = tally_log(log(story)).waits[CALLS]
    edges = WAIT_EDGES[np.repeat(np.arange(classes.size), classes)]
    assert edges[:4].tolist() == [0.0, 0.5, 1.0, 60.0]
    assert 1e5 <= edges[4] <= 1.01e5
    assert edges[5] == np.inf


AGENT = [
    # agent, group, state, load, overtime, start, end
    (0, 0, State.AVAILABLE, 0, 0, 50.0, 90.0),
    (0, 0, State.TALKING, 2, 0, 90.0, 130.0),
    (0, 0, State.ON_BREAK, 0, 0, 130.0, 150.0),
    (0, 0, State.WORKING, 1, 0, 150.0, 350.0),
    (0, 0, State.TALKING, 1, 1, 350.0, 370.0),
    (0, 0, State.TALKING, 1, 0, 370.0, 430.0),
]


def test_agent_time_is_cut_at_the_bounds_of_intervals() -> None:
    spent = tally_log(log(STORY, AGENT)).time[:, 0]
    assert spent[TimeSum.AVAILABLE].tolist() == [40, 0, 0, 0]
    assert spent[TimeSum.TALKING].tolist() == [10, 30, 0, 30]
    assert spent[TimeSum.LOAD].tolist() == [20, 60, 0, 30]
    assert spent[TimeSum.ON_BREAK].tolist() == [0, 20, 0, 0]
    assert spent[TimeSum.WORKING].tolist() == [0, 50, 100, 50]
    assert spent[TimeSum.OVERTIME].tolist() == [0, 0, 0, 20 + 30]


def test_paid_is_what_was_scheduled_or_logged_in_where_that_is_more() -> None:
    spent = tally_log(log(STORY, AGENT)).time[:, 0]
    assert spent[TimeSum.PAID].tolist() == [100, 100, 100, 80]


def test_agent_time_of_the_warm_up_does_not_count() -> None:
    spent = tally_log(log(STORY, AGENT, whole=model(measure_from=120.0))).time[:, 0]
    assert spent[TimeSum.AVAILABLE].sum() == 0
    assert spent[TimeSum.TALKING].tolist() == [0, 10, 0, 30]
    assert spent[TimeSum.PAID].tolist() == [0, 80, 100, 80]


# -- invariants ------------------------------------------------------------------------------

SOUND_STATES = [
    (0, 0, State.AVAILABLE, 0, 0, 0.0, 10.0),
    (0, 0, State.TALKING, 1, 0, 10.0, 40.0),
    (0, 0, State.WRAPPING, 1, 0, 40.0, 50.0),
]
SOUND = [
    served(0, 5.0, 10.0, talk=30.0, wrap=10.0, then=Then.REPEAT),
    leg(0, 60.0, 65.0, Outcome.ABANDONED, leg=1, contact=1, kind=Kind.REPEAT),
]
Change = Callable[[list[dict[str, Any]], list[tuple[Any, ...]]], None]


def test_a_sound_log_breaks_no_invariant() -> None:
    assert violations(log(SOUND, SOUND_STATES, [(0, 0.0, 50.0)])) == []


def first(**given: Any) -> Change:
    return lambda legs, states: legs[0].update(given)


def second(**given: Any) -> Change:
    return lambda legs, states: legs[1].update(given)


BROKEN: list[tuple[str, Change]] = [
    ("not numbered in steps of 1", second(leg=2)),
    ("the first leg of an issue is not number 0", first(leg=1)),
    ("contacts of an issue are not numbered", second(contact=2)),
    ("leaves before it enters", second(leave=19.0)),
    ("talk ends before it begins", first(talk_end=9.0)),
    ("the agent is done before the talk ends", first(end=39.0)),
    ("wrap_s is negative", first(wrap_s=-1.0)),
    ("has no end of its wait", second(leave=NAN)),
    ("is answered, but has no end", first(end=NAN)),
    ("does not fit self-service", second(outcome=Outcome.CONTAINED)),
    ("but not a call by an agent", second(outcome=Outcome.NO_ANSWER, agent=0)),
    ("is answered by no agent", first(agent=-1)),
    ("was not answered, but has an agent", second(agent=0)),
    ("was refused, but waited", second(outcome=Outcome.BUSY)),
    ("work was lost", first(done=29.0)),
    ("transfer legs do not match", first(then=Then.TRANSFER)),
    ("further contacts do not match", first(then=Then.NOTHING)),
    ("a repeat came by itself", first(then=Then.RETRY)),
    ("active contacts take 40.000 s, legs were handled 41.000 s", first(talk_s=31.0)),
    ("do not tile the presence", lambda legs, states: states.pop(0)),
    ("do not tile the presence", lambda legs, states: states.pop(1)),
    ("is not over when the next leg of the issue begins", second(enter=39.0)),
    ("passed on at another instant", second(kind=Kind.TRANSFER)),
    ("ends a contact that goes on", second(contact=0)),
    ("leads on, but is the last leg", second(then=Then.TRANSFER)),
    ("more was done than there was work", first(done=31.0)),
    ("(Little's law)", first(leave=4.0)),
    ("-1 active legs against the load in the log at 10.000 s", first(leave=20.0)),
    ("+1 active legs against the load in the log at 50.000 s", first(end=51.0)),
    ("has no length", lambda legs, states: states.append((0, 0, 0, 0, 0, 50.0, 50.0))),
    ("overlaps the next", lambda legs, states: states.append((0, 0, 0, 0, 0, 45.0, 50.0))),
]  # fmt: skip


@pytest.mark.parametrize(("what", "change"), BROKEN, ids=[what for what, _ in BROKEN])
def test_each_broken_invariant_is_reported(what: str, change: Change) -> None:
    legs, states = [dict(row) for row in SOUND], list(SOUND_STATES)
    change(legs, states)
    assert any(what in told for told in violations(log(legs, states, [(0, 0.0, 50.0)])))


def test_an_issue_without_a_leg_is_reported() -> None:
    sound = log(SOUND, SOUND_STATES, [(0, 0.0, 50.0)])
    more = replace(sound, issues=Issues.plain(np.array([0, 0]), np.array([5.0, 6.0])))
    assert violations(more) == ["issues: an issue has no leg (1 rows, first is row 1)"]


def test_more_active_contacts_than_allowed_are_reported() -> None:
    """Two calls and a mail: three in the hands of one who may have two, and may not mix."""
    legs = [
        served(0, 5.0, 10.0, talk=30.0),
        served(1, 5.0, 20.0, talk=30.0),
        served(2, 5.0, 30.0, talk=5.0, queue=MAIL),
    ]
    states = [
        (0, 0, State.AVAILABLE, 0, 0, 0.0, 10.0),
        (0, 0, State.TALKING, 1, 0, 10.0, 20.0),
        (0, 0, State.TALKING, 2, 0, 20.0, 30.0),
        (0, 0, State.TALKING, 3, 0, 30.0, 35.0),
        (0, 0, State.TALKING, 2, 0, 35.0, 40.0),
        (0, 0, State.TALKING, 1, 0, 40.0, 50.0),
    ]
    told = violations(log(legs, states, [(0, 0.0, 50.0)]))
    assert told == [
        "legs: agent 0 has more active contacts than allowed at 30.000 s (1 instants)",
        "legs: agent 0 has email together with voice at once at 30.000 s (1 instants)",
    ]
    assert violations(log(legs[:2], [*states[:3], (*states[2][:5], 30.0, 40.0), states[5]],
                          [(0, 0.0, 50.0)])) == []  # fmt: skip
