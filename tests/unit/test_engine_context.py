"""Context carried or lost at hand-overs, factors on resolution, and agents who differ."""

import math
from dataclasses import replace

import numpy as np
import pytest

from sim.metrics import tally_log
from sim.metrics.tally_fields import JourneySum
from sim.model import Context, Resolution, TalkChange
from sim.tape import Purpose, draw_tape
from tests.support.small_models import (
    bot,
    center,
    group,
    leg_rows,
    queue,
    repeat,
    retry,
    simulate,
    skill,
    transfer,
)
from tests.unit.test_engine_issues import with_journeys

TEAM, ONE = group("team", [0, 1], 9), group("team", [0], 9)
LONGER = TalkChange(1.5, 0.0)


def with_context(way, carried, lost=LONGER):
    return replace(way, context=Context(carried, lost))


def test_a_transfer_without_context_takes_longer():
    for carried, talk_end, context in ((1.0, 70, 1), (0.0, 75, 0), (math.nan, 70, -1)):
        to = with_context(transfer(1, 1.0), carried)
        model = center([queue("a", [0], 60, transfers=(to,)), queue("b", [], 10)], TEAM)
        assert leg_rows(model, "kind talk_end context") == [
            ("inbound", 60, -1), ("transfer", talk_end, context),
        ]  # fmt: skip


def test_a_repeat_without_context_takes_longer_after_its_other_change():
    again = replace(repeat(delay=100, at_most=1), change=TalkChange(1.0, 20.0))
    model = center(queue("a", [0], 60, resolved=0.0, repeat=with_context(again, 0.0)), ONE)
    assert leg_rows(model, "kind talk_end context") == [
        ("inbound", 60, -1), ("repeat", 160 + (60 + 20) * 1.5, 0),
    ]  # fmt: skip


def test_what_a_bot_hands_over_decides_the_context_of_a_repeat_behind_it():
    ask = with_context(bot(30, handover=TalkChange(0.5)), 1.0)
    again = with_context(repeat(delay=100, at_most=1), 0.0)
    model = center(queue("a", [0], 60, resolved=0.0, repeat=again, bot=ask), ONE)
    assert [row for row in leg_rows(model, "kind context") if row[0] != "self_service"] == [
        ("inbound", 1), ("repeat", 1),
    ]  # fmt: skip
    lost = replace(ask, context=Context(0.0, TalkChange(1.0, 5.0)))
    model = center(queue("a", [0], 60, bot=lost), ONE)
    assert leg_rows(model, "kind talk_end context") == [
        ("self_service", None, -1), ("inbound", 30 + 65, 0),
    ]  # fmt: skip


def test_a_retrial_comes_without_any_context_and_more_is_carried_by_the_same_contacts():
    lost = queue("a", [0, 1], 60, 20, retry=retry())
    assert {row[0] for row in leg_rows(center(lost, group("team", [0], 1)), "context")} == {-1}
    kept = []
    for carried in (0.3, 0.7):
        to = with_context(transfer(1, 1.0), carried)
        model = center([queue("a", range(200), 1, transfers=(to,)), queue("b", [], 1)], TEAM)
        legs = simulate(model).legs
        kept.append(set(legs.issue[legs.context == 1]))
    assert kept[0] < kept[1]
    assert len(kept[1]) / 200 == pytest.approx(0.7, abs=0.1)


def test_each_factor_multiplies_the_share_resolved():
    factors = Resolution(transferred=0.5, context_lost=0.5, waited_over=100.0, waited=0.5)
    for carried, share in ((1.0, 0.5), (0.0, 0.25)):
        to = with_context(transfer(1, 1.0), carried, TalkChange())
        second = queue("b", [], 1, resolved=1.0, resolution=factors)
        model = center([queue("a", range(400), 1, transfers=(to,)), second], TEAM)
        log = simulate(model)
        solved = log.legs.resolved[log.legs.queue == 1]
        assert solved.mean() == pytest.approx(share, abs=0.07)
        u = [draw_tape(model, 1, 1).uniform(k, 0, 1, Purpose.RESOLVED) for k in range(400)]
        assert solved.tolist() == [int(x < share) for x in u]


def test_a_long_wait_lowers_the_share_resolved():
    late = Resolution(waited_over=100.0, waited=0.0)
    model = center(queue("a", [0, 1, 2, 3], 60, resolved=1.0, resolution=late), group("t", [0], 1))
    assert leg_rows(model, "leave resolved") == [(0, 1), (60, 1), (120, 0), (180, 0)]
    exactly = replace(model.queues[0], resolution=replace(late, waited_over=118.0))
    found = leg_rows(replace(model, queues=(exactly,)), "leave resolved")
    assert found[2] == (120, 1)  # not longer than that


def test_better_resolution_never_raises_volume_and_context_never_the_loss_of_it():
    def found(resolved=0.5, **fields):
        again = with_context(repeat(delay=100, at_most=5), fields.pop("carried", 0.5))
        one = queue("a", range(300), 1, resolved=resolved, repeat=again, **fields)
        model = with_journeys(center(one, group("team", [0], 50)))
        log = simulate(model)
        sums = tally_log(log).journeys.sum(axis=(1, 2))
        return len(log.legs), sums[JourneySum.CONTEXT_LOST]

    volume = [found(resolved=share)[0] for share in (0.2, 0.5, 0.8, 1.0)]
    assert volume == sorted(volume, reverse=True)
    assert volume[-1] == 300
    factor = [found(resolution=Resolution(context_lost=f))[0] for f in (0.2, 0.6, 1.0)]
    assert factor == sorted(factor, reverse=True)
    lost = [found(carried=share)[1] for share in (0.0, 0.4, 0.8, 1.0)]
    assert lost == sorted(lost, reverse=True)
    assert lost[0] > 0 == lost[-1]


def test_agents_have_their_own_speed_and_resolution():
    factors = np.array([(0.5, 0.0), (2.0, 1.0)])
    team = replace(group("team", [0], 2), agent_factors=factors)
    model = center(queue("a", [0, 1], 60, wrap=10.0, resolved=1.0), team)
    assert leg_rows(model, "agent talk_end end resolved") == [(0, 120, 140, 0), (1, 31, 36, 1)]


def test_the_speed_of_an_agent_multiplies_that_of_the_skill_at_once():
    factors = np.array([(0.5, 1.0)])
    chats = replace(
        group("team", [skill(0, at_once=2, speed=[1.0, 0.5])], 1), agent_factors=factors
    )
    model = center(queue("a", [0, 0], 60), chats)
    assert leg_rows(model, "talk_end") == [(240,), (240,)]
