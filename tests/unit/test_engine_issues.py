"""Kinds of issues and segments of customers: what they change about a contact."""

from dataclasses import replace

import numpy as np
import pytest

from sim.metrics import tally_log
from sim.metrics.invariants import violations
from sim.metrics.tally_fields import IssueSum, JourneySum
from sim.model import IssueKind, Journeys, Segment, TalkChange
from sim.tape import Prevention, Purpose, draw_tape
from sim.tape.journey_draws import first_uniforms
from tests.support.small_models import bot, center, group, leg_rows, queue, simulate

TEAM = group("team", [0], 9)
COLUMNS = "issue kind enter leave talk_end outcome"


def with_journeys(model, kinds=(), segments=(), of_kind=1.0, of_segment=1.0):
    """A model in which all or a share of the issues are of the first kind and segment."""
    queues = len(model.queues)
    kind_shares = np.full((queues, model.intervals, len(kinds)), of_kind)
    segment_shares = np.full((queues, len(kinds) + 1, len(segments)), of_segment)
    return replace(
        model, journeys=Journeys((), tuple(kinds), tuple(segments), kind_shares, segment_shares)
    )


def kind(**fields):
    return IssueKind("parcel", **fields)


def test_an_issue_changes_the_talk_of_all_its_contacts():
    model = center(queue("a", [0, 10], 60), TEAM)
    longer = with_journeys(model, [kind(change=TalkChange(1.5, 3.0))])
    assert leg_rows(longer, "talk_end") == [(93,), (103,)]


def test_an_issue_multiplies_the_share_that_is_resolved():
    model = center(queue("a", range(400), 1, resolved=0.8), TEAM)
    shares = [
        np.mean(simulate(with_journeys(model, [kind(resolves=factor)])).legs.resolved)
        for factor in (0.0, 0.5, 1.0, 5.0)
    ]
    assert shares[0] == 0
    assert shares[1] == pytest.approx(0.4, abs=0.07)
    assert shares[2] == pytest.approx(0.8, abs=0.07)
    assert shares[3] == 1


def test_an_issue_multiplies_what_a_bot_contains_and_resolves():
    ask = bot(1, contained=0.5, resolved=0.5)
    model = center(queue("a", range(400), 1, bot=ask), TEAM)
    never = with_journeys(model, [kind(bot_contains=0.0)])
    assert set(leg_rows(never, "kind outcome")) == {
        ("self_service", "handed_over"), ("inbound", "answered"),
    }  # fmt: skip
    always = with_journeys(model, [kind(bot_contains=2.0, bot_resolves=2.0)])
    assert set(leg_rows(always, "outcome resolved")) == {("contained", 1)}


def test_a_segment_multiplies_patience_and_how_often_a_bot_is_tried():
    model = center(queue("a", [0, 1], 60, 20), group("team", [0], 1))
    patient = with_journeys(model, segments=[Segment("loyal", 1.0, patience=2.0)])
    assert leg_rows(model, "leave outcome")[1] == (21, "abandoned")
    assert leg_rows(patient, "leave outcome")[1] == (41, "abandoned")
    served = center(queue("a", range(400), 1, bot=bot(1, tried=1.0)), TEAM)
    shy = with_journeys(served, segments=[Segment("shy", 1.0, tries_bot=0.25)])
    tried = {row[0] for row in leg_rows(shy, "issue kind") if row[1] == "self_service"}
    tape = draw_tape(shy, 1, 1)
    assert tried == {k for k in range(400) if tape.uniform(k, 0, 0, Purpose.TRY_BOT) < 0.25}
    assert len(tried) > 50


def test_what_is_prevented_or_settled_never_arrives():
    model = center(queue("a", range(500), 1), TEAM)
    some = with_journeys(model, [kind(prevented=0.3, reached=0.5, settled=0.4)])
    log = simulate(some)
    assert violations(log) == []
    count = np.bincount(log.issues.prevention, minlength=4)
    assert set(log.legs.issue) == set(np.flatnonzero(log.issues.arrives))
    assert count[Prevention.PREVENTED] / 500 == pytest.approx(0.3, abs=0.06)
    reached = count[Prevention.REACHED] + count[Prevention.SETTLED]
    assert reached / (500 - count[Prevention.PREVENTED]) == pytest.approx(0.5, abs=0.07)
    sums = tally_log(log).journeys[:, 1, 0]
    assert sums[JourneySum.PREVENTED] == count[Prevention.PREVENTED]
    assert sums[JourneySum.REACHED] == reached
    assert sums[JourneySum.SETTLED] == count[Prevention.SETTLED]
    assert sums[JourneySum.ISSUES] == sum(log.issues.arrives)


def test_a_larger_share_takes_the_same_issues_away_and_some_more():
    model = center(queue("a", range(500), 1), TEAM)

    def gone(**fields):
        tape = draw_tape(with_journeys(model, [kind(**fields)]), 1, 1)
        return set(np.flatnonzero(tape.prevention > Prevention.REACHED))

    assert gone() == set()
    assert gone(prevented=0.1) < gone(prevented=0.3)
    assert gone(reached=0.5, settled=0.2) < gone(reached=0.5, settled=0.6)
    assert gone(reached=0.5, settled=0.6) < gone(reached=0.8, settled=0.6)


def test_the_backlog_has_come_already():
    model = center(queue("a", [], 1, backlog=20), TEAM)
    tape = draw_tape(with_journeys(model, [kind(prevented=1.0)]), 1, 1)
    assert set(tape.prevention) == {Prevention.NONE}


def test_kind_and_segment_have_their_shares_and_are_unrelated():
    model = center(queue("a", np.arange(2000) / 2, 0.1), group("team", [0], 1))
    some = with_journeys(model, [kind()], [Segment("loyal", 0.3)], 0.25, 0.3)
    tape = draw_tape(some, 1, 1)
    is_kind, loyal = tape.issue_kind == 0, tape.segment == 0
    assert is_kind.mean() == pytest.approx(0.25, abs=0.03)
    assert loyal.mean() == pytest.approx(0.3, abs=0.03)
    assert (is_kind & loyal).mean() == pytest.approx(0.075, abs=0.02)


@pytest.mark.parametrize("replication", [1, 2], ids=["plain", "mirrored"])
def test_numbers_of_all_issues_are_those_of_single_ones(replication):
    model = center(queue("a", range(50), 1), TEAM)
    tape = draw_tape(model, 1, replication, antithetic=True)
    for purpose in (Purpose.ISSUE_KIND, Purpose.SETTLED):
        together = first_uniforms(tape.keys, purpose, tape.mirrored)
        assert together.tolist() == [tape.uniform(k, 0, 0, purpose) for k in range(50)]


def test_sums_by_kind_and_segment_add_up_to_those_by_interval():
    model = center([queue("a", range(300), 5), queue("b", range(300), 5)], TEAM)
    some = with_journeys(model, [kind(prevented=0.2)], [Segment("loyal", 0.3)], 0.5, 0.3)
    tally = tally_log(simulate(some))
    by_queue = tally.journeys[: len(IssueSum)].reshape(len(IssueSum), 2, -1).sum(axis=2)
    assert np.array_equal(by_queue, tally.issues.sum(axis=2))
    assert (tally.journeys[JourneySum.ISSUES] > 0).all()
