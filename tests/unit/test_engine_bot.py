"""Self-service in front of a queue."""

import numpy as np
import pytest

from sim.metrics.invariants import violations
from sim.model import TalkChange
from tests.support.small_models import (
    bot,
    center,
    fixed,
    group,
    leg_rows,
    legs,
    queue,
    repeat,
    simulate,
)

TEAM = group("team", [0])
COLUMNS = "issue kind enter leave outcome then resolved"


def test_session_comes_first_then_an_agent():
    log = simulate(center(queue("a", [10], 60, bot=bot(30)), TEAM), 1, 1)
    assert legs(log, "kind contact agent enter leave end outcome then") == [
        ("self_service", 0, -1, 10, 40, None, "handed_over", "people"),
        ("inbound", 0, 0, 40, 40, 100, "answered", "nothing"),
    ]
    assert violations(log) == []


def test_bot_serves_any_number_at_once():
    model = center(queue("a", [0, 0, 0], 60, bot=bot(30, contained=1.0)), TEAM)
    assert leg_rows(model, COLUMNS) == [
        (issue, "self_service", 0, 30, "contained", "nothing", 1) for issue in range(3)
    ]


def test_patience_begins_with_the_wait_for_an_agent():
    model = center(queue("a", [0, 0], 60, 40, bot=bot(30)), TEAM)
    assert leg_rows(model, "kind enter leave outcome")[-1] == ("inbound", 30, 70, "abandoned")


def test_handover_changes_the_remaining_talk():
    shortened = bot(30, handover=TalkChange(0.5, 10.0))
    assert leg_rows(center(queue("a", [0], 60, bot=shortened), TEAM), "work")[-1] == (40,)


def test_what_remains_for_agents_is_harder():
    assert leg_rows(center(queue("a", [0], 60, bot=bot(30, residual=1.5)), TEAM), "work")[-1] == (
        90,
    )


def test_residual_then_handover():
    both = bot(30, residual=1.5, handover=TalkChange(0.5, 10.0))
    assert leg_rows(center(queue("a", [0], 60, bot=both), TEAM), "work")[-1] == (55,)


def test_who_does_not_try_the_bot_goes_to_an_agent_with_the_residual_but_no_handover():
    avoided = bot(30, tried=0.0, residual=1.5, handover=TalkChange(0.5, 10.0))
    assert leg_rows(center(queue("a", [0], 60, bot=avoided), TEAM), "kind enter work") == [
        ("inbound", 0, 90)
    ]


def test_who_abandons_the_bot_is_gone():
    model = center(queue("a", [0], 60, bot=bot(30, left=1.0)), TEAM)
    assert leg_rows(model, COLUMNS) == [(0, "self_service", 0, 30, "left_inside", "nothing", -1)]


def test_who_was_not_really_helped_comes_back_and_goes_past_the_bot():
    false_help = bot(30, contained=1.0, resolved=0.0, comes_back_after=fixed(100))
    log = simulate(center(queue("a", [0], 60, bot=false_help), TEAM), 1, 1)
    assert legs(log, "contact " + COLUMNS) == [
        (0, 0, "self_service", 0, 30, "contained", "bounce", 0),
        (1, 0, "bounce", 130, 130, "answered", "nothing", -1),
    ]
    assert violations(log) == []


def test_who_comes_back_brings_the_easy_part_of_the_work():
    false_help = bot(
        30, contained=1.0, resolved=0.0, comes_back_after=fixed(100), residual=1.5, comeback=0.5
    )
    log = simulate(center(queue("a", [0], 60, bot=false_help), TEAM), 1, 1)
    assert legs(log, "kind leave end") == [("self_service", 30, None), ("bounce", 130, 160)]


def test_no_customer_returns_from_the_bot_twice():
    false_help = bot(30, contained=1.0, resolved=0.0, comes_back_after=fixed(100))
    asked = queue("a", [0], 60, bot=false_help, resolved=0.0, repeat=repeat())
    assert leg_rows(center(asked, TEAM), "kind enter outcome then") == [
        ("self_service", 0, "contained", "bounce"), ("bounce", 130, "answered", "repeat"),
        ("self_service", 250, "contained", "nothing"),
    ]  # fmt: skip


def test_who_was_not_really_helped_may_stay_away():
    false_help = bot(30, contained=1.0, resolved=0.0, comes_back=0.0)
    assert leg_rows(center(queue("a", [0], bot=false_help), TEAM), COLUMNS) == [
        (0, "self_service", 0, 30, "contained", "nothing", 0)
    ]


def test_who_comes_back_after_the_day_is_over_comes_later():
    false_help = bot(30, contained=1.0, resolved=0.0, comes_back_after=fixed(3570))
    assert leg_rows(center(queue("a", [0], bot=false_help), TEAM), "then") == [("later",)]


@pytest.mark.parametrize(
    ("arrives", "kind"),
    [(99, "self_service"), (100, "inbound"), (199, "inbound"), (200, "self_service")],
)
def test_bot_out_of_order_is_passed_by(arrives, kind):
    broken = bot(30, outage=np.array([[100.0, 200.0]]))
    assert leg_rows(center(queue("a", [arrives], bot=broken), TEAM), "kind")[0] == (kind,)


def test_session_that_began_before_the_outage_goes_on():
    broken = bot(30, outage=np.array([[100.0, 200.0]]))
    assert leg_rows(center(queue("a", [90], bot=broken), TEAM), "kind enter leave")[0] == (
        "self_service", 90, 120,
    )  # fmt: skip


def test_session_occupies_a_trunk_until_it_is_over():
    model = center(queue("a", [0, 29, 30], bot=bot(30, contained=1.0), lines=1), TEAM)
    assert leg_rows(model, "issue outcome") == [(0, "contained"), (1, "busy"), (2, "contained")]


def test_trunk_of_the_session_is_kept_for_the_agent():
    model = center(queue("a", [0, 50, 90], 60, bot=bot(30), lines=1), TEAM)
    assert leg_rows(model, "issue outcome") == [
        (0, "handed_over"), (0, "answered"), (1, "busy"), (2, "handed_over"), (2, "answered"),
    ]  # fmt: skip


def test_backlog_does_not_go_through_the_bot():
    model = center(queue("a", backlog=1, bot=bot(30)), TEAM)
    assert leg_rows(model, "kind leave") == [("backlog", 0)]


def test_session_over_after_closing_is_served_where_those_who_wait_are():
    model = center(queue("a", [590], 60, bot=bot(30), hours=[(0, 600)]), TEAM)
    assert leg_rows(model)[-1] == (0, 0, 620, 620, 680, "answered")


def test_session_over_when_everybody_has_gone_is_sent_away():
    team = group("team", [0], [1, 0, 0, 0, 0, 0])
    model = center(queue("a", [590], 60, bot=bot(30), hours=[(0, 600)]), team)
    assert leg_rows(model)[-1] == (0, -1, 620, 620, None, "sent_away")
