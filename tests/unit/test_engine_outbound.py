"""Outbound calls: agents call customers before their issue becomes a contact."""

from dataclasses import replace

import numpy as np
import pytest

from sim.metrics import tally_log
from sim.metrics.invariants import violations
from sim.metrics.tally_fields import IssueSum, JourneySum, LegSum
from sim.model import IssueKind, Journeys, Model
from sim.model.journeys import OutboundCalls
from sim.model.opening_hours import first_open, next_closing
from sim.tape import Purpose, draw_tape
from tests.support.small_models import (
    center,
    email,
    fixed,
    group,
    leg_rows,
    legs,
    queue,
    shift,
    simulate,
    skill,
    states,
)

COLUMNS = "issue kind enter leave talk_end outcome"


def calls(**fields) -> OutboundCalls:
    """One call to each customer ten minutes ahead, which reaches and settles all."""
    given = {
        "queue": 1, "ahead": 600.0, "attempts": 1, "right_party": 1.0, "again": fixed(100.0),
        "unanswered": fixed(30.0), "settled": 1.0,
    }  # fmt: skip
    return OutboundCalls(**(given | fields))


def outreach(arrivals, groups=None, hours=((0, 3600),), wrap=0.0, **fields) -> Model:
    """A queue whose issues are all of a kind with outbound calls, and the queue of these."""
    queues = [queue("a", arrivals, 40, resolved=1.0), email("out", hours=hours, wrap=wrap)]
    model = center(queues, groups or group("team", [0, 1], 2))
    kinds = (IssueKind("parcel", outbound=calls(**fields)),)
    shares = np.ones((2, model.intervals, 1)), np.zeros((2, 2, 0))
    return replace(model, journeys=Journeys((), kinds, (), *shares))


def test_who_is_reached_and_settled_never_contacts():
    assert leg_rows(outreach([1000, 1500]), f"{COLUMNS} resolved contact") == [
        (0, "outbound", 400, 400, 460, "answered", 1, -1),
        (1, "outbound", 900, 900, 960, "answered", 1, -1),
    ]


def test_who_is_reached_in_vain_makes_the_contact():
    assert leg_rows(outreach([1000], settled=0.0), f"{COLUMNS} resolved contact") == [
        (0, "outbound", 400, 400, 460, "answered", 0, -1),
        (0, "inbound", 1000, 1000, 1040, "answered", 1, 0),
    ]


def test_an_unanswered_call_is_followed_by_others_until_the_contact():
    model = outreach([1000], attempts=9, right_party=0.0, again=fixed(200))
    assert leg_rows(model, COLUMNS) == [
        (0, "outbound", 400, 400, 430, "no_answer"),
        (0, "outbound", 630, 630, 660, "no_answer"),
        (0, "outbound", 860, 860, 890, "no_answer"),
        (0, "inbound", 1000, 1000, 1040, "answered"),
    ]
    assert len(leg_rows(outreach([1000], attempts=2, right_party=0.0))) == 3


def test_each_attempt_has_a_draw_of_its_own():
    arrivals = [1000 + 20 * k for k in range(100)]
    model = outreach(arrivals, group("team", [0, 1], 60), attempts=3, right_party=0.4)
    log, tape = simulate(model), draw_tape(model, 1, 1)
    for issue in range(100):
        reached = [tape.uniform(issue, 0, 128 + k, Purpose.RIGHT_PARTY) < 0.4 for k in range(3)]
        made = int(((log.legs.issue == issue) & (log.legs.contact < 0)).sum())
        assert made == (reached.index(True) + 1 if any(reached) else 3)
        contacts = ((log.legs.issue == issue) & (log.legs.contact == 0)).any()
        assert contacts == (not any(reached))


# -- hours -----------------------------------------------------------------------------------------


def test_calls_are_made_within_the_hours_of_their_queue():
    hours = ((800, 1200), (2000, 3000))
    model = outreach([900, 1000, 1900, 2500], hours=hours)
    assert leg_rows(model, COLUMNS) == [
        (0, "outbound", 800, 800, 860, "answered"),
        (1, "outbound", 800, 800, 860, "answered"),
        (2, "inbound", 1900, 1900, 1940, "answered"),  # from 1300 on the queue is closed
        (3, "outbound", 2000, 2000, 2060, "answered"),
    ]


def test_what_waits_at_closing_waits_again_from_the_next_opening():
    hours = ((800, 1000), (1500, 3000))
    model = outreach([1400, 1600], group("team", [0, 1], [0, 0, 0, 1, 1, 1]), hours=hours)
    assert leg_rows(model, COLUMNS) == [
        (0, "outbound", 800, 1000, None, "withdrawn"),
        (0, "inbound", 1400, 1800, 1840, "answered"),
        (1, "outbound", 1500, 1600, None, "withdrawn"),
        (1, "inbound", 1600, 1840, 1880, "answered"),
    ]


def test_the_next_call_is_due_at_the_next_opening():
    hours = ((0, 440), (700, 3000))
    model = outreach([1000], hours=hours, right_party=0.0, attempts=2, again=fixed(50))
    assert leg_rows(model, COLUMNS)[:2] == [
        (0, "outbound", 400, 400, 430, "no_answer"),
        (0, "outbound", 700, 700, 730, "no_answer"),
    ]


def test_hours_of_calls():
    hours = np.array([[10.0, 20.0], [20.0, 30.0], [50.0, 60.0]])
    assert [first_open(hours, at) for at in (0, 10, 25, 30, 60)] == [10, 10, 25, 50, np.inf]
    assert [next_closing(hours, at) for at in (10, 25, 50, 60)] == [30, 30, 60, np.inf]


# -- between inbound work --------------------------------------------------------------------------


def test_a_call_waits_for_an_agent_without_inbound_contacts():
    one = group("team", [0, 1], 1)
    busy = outreach([10, 20, 30, 1000], one, ahead=975.0)  # the call about the last is due at 25
    assert leg_rows(busy, COLUMNS) == [
        (0, "outbound", 0, 0, 60, "answered"),
        (1, "outbound", 0, 20, None, "withdrawn"),
        (1, "inbound", 20, 60, 100, "answered"),
        (2, "outbound", 0, 30, None, "withdrawn"),
        (2, "inbound", 30, 100, 140, "answered"),
        (3, "outbound", 25, 140, 200, "answered"),  # after the inbound contacts that came later
    ]


def test_a_call_that_waits_is_withdrawn_at_the_contact():
    alone = group("team", [skill(0), skill(1, after=5000)], 1)
    assert leg_rows(outreach([1000], alone), COLUMNS) == [
        (0, "outbound", 400, 1000, None, "withdrawn"),
        (0, "inbound", 1000, 1000, 1040, "answered"),
    ]


@pytest.mark.parametrize("settled", [0.0, 1.0])
def test_who_talks_to_an_agent_makes_the_contact_after_that_if_at_all(settled):
    model = outreach([1000], ahead=20.0, settled=settled)
    expected = [(0, "outbound", 980, 980, 1040, "answered")]
    if not settled:
        expected.append((0, "inbound", 1040, 1040, 1080, "answered"))
    assert leg_rows(model, COLUMNS) == expected


def test_an_unanswered_call_in_progress_does_not_delay_the_contact():
    assert leg_rows(outreach([1000], ahead=20.0, right_party=0.0, attempts=5), COLUMNS) == [
        (0, "outbound", 980, 980, 1010, "no_answer"),
        (0, "inbound", 1000, 1000, 1040, "answered"),
    ]


def test_nothing_interrupts_a_call_and_no_other_agent_continues_it():
    interrupted = group("team", [0, 1], 1, interrupts=frozenset({(1, 0)}))
    model = outreach([450, 1000], interrupted, ahead=560.0, settled=0.0)
    assert leg_rows(model, COLUMNS) == [
        (0, "outbound", 0, 0, 60, "answered"),
        (0, "inbound", 450, 500, 540, "answered"),
        (1, "outbound", 440, 440, 500, "answered"),
        (1, "inbound", 1000, 1000, 1040, "answered"),
    ]
    shifts = [shift(0, 0, 420), shift(1, 0, 3600)]
    back = group("team", [0, 1], shifts=shifts, hands_back=True)
    log = simulate(outreach([1000], back))
    assert legs(log, "agent enter talk_end outcome") == [(0, 400, 460, "answered")]
    assert states(log, "agent state end")[:2] == [(0, "available", 400), (0, "working", 420)]


def test_what_agents_do_in_calls_is_work_of_the_queue_of_calls():
    log = simulate(outreach([1000, 2000], group("team", [0, 1], 1), right_party=0.0, wrap=5))
    assert [row for row in states(log, "state start end") if row[0] != "available"] == [
        ("dialling", 400, 430), ("talking", 1000, 1040),
        ("dialling", 1400, 1430), ("talking", 2000, 2040),
    ]  # fmt: skip
    log = simulate(outreach([1000], wrap=5))
    assert [row for row in states(log, "state start end") if row[0] != "available"] == [
        ("working", 400, 465)
    ]
    sums = tally_log(log).legs[:, 1].sum(axis=1)
    assert (sums[LegSum.HANDLED], sums[LegSum.TALK], sums[LegSum.WRAP]) == (1, 60, 5)
    for name in ("OFFERED", "ANSWERED", "WITHIN", "DONE", "BACKLOG", "KNOWN", "RESOLVED"):
        assert sums[LegSum[name]] == 0, name


# -- counted ---------------------------------------------------------------------------------------


def test_issues_that_calls_settle_are_counted_apart():
    arrivals = [1000 + 20 * k for k in range(100)]
    model = outreach(arrivals, group("team", [0, 1], 60), attempts=3, right_party=0.4, settled=0.5)
    log = simulate(model)
    tally = tally_log(log)
    sums = tally.journeys.reshape(len(JourneySum), -1).sum(axis=1)
    settled = int(sums[JourneySum.OUTBOUND_SETTLED])
    assert 20 < settled < 60
    assert sums[JourneySum.ISSUES] == sums[JourneySum.CONTACTS] == 100 - settled
    assert sums[JourneySum.FIRST_RESOLVED] == 100 - settled  # a call resolves no contact
    assert tally.issues[IssueSum.ISSUES].sum() == 100 - settled
    assert sums[JourneySum.SWITCHES] == sums[JourneySum.WAITED] == 0
    assert tally.legs[LegSum.OFFERED].sum() == 100 - settled
    made = (log.legs.contact < 0) & (log.legs.agent >= 0)
    assert sums[JourneySum.OUTBOUND_ATTEMPTS] == made.sum()
    assert settled < sums[JourneySum.OUTBOUND_REACHED] < sums[JourneySum.OUTBOUND_ATTEMPTS]


def test_violations_of_the_rules_of_calls_are_found():
    log = simulate(outreach([1000, 1500], settled=0.0))
    assert violations(log) == []
    legs_ = log.legs
    broken = replace(legs_, resolved=np.where(legs_.contact < 0, 1, legs_.resolved))
    assert any("settled by a call and makes a contact" in one for one in violations(
        replace(log, legs=broken)
    ))  # fmt: skip
    closed = replace(log.model.queues[1], hours=np.array([[0.0, 300.0]]))
    shut = replace(log, model=replace(log.model, queues=(log.model.queues[0], closed)))
    assert any("outside its hours" in one for one in violations(shut))
