"""What follows a contact: trying again, coming back, being passed on."""

from sim.engine.rules import MAX_LEGS, MAX_TRANSFERS, recontact_cap
from sim.metrics.invariants import violations
from sim.model import AtClose, TalkChange
from tests.support.small_models import (
    DAY,
    HOUR,
    callback,
    center,
    group,
    leg_rows,
    legs,
    queue,
    repeat,
    retry,
    shift,
    simulate,
    skill,
    states,
    transfer,
)

TEAM = group("team", [0])
UNSTAFFED = group("team", [0], 0)
COLUMNS = "issue contact kind enter leave outcome then"

# -- trying again ------------------------------------------------------------------------------


def test_who_gave_up_makes_a_retrial_after_a_delay():
    log = simulate(center(queue("a", [0, 10], 60, [100, 20], retry=retry()), TEAM), 1, 1)
    assert legs(log, COLUMNS) == [
        (0, 0, "inbound", 0, 0, "answered", "nothing"),
        (1, 0, "inbound", 10, 30, "abandoned", "retry"),
        (1, 1, "retry", 90, 90, "answered", "nothing"),
    ]
    assert violations(log) == []


def test_who_found_all_trunks_busy_makes_a_retrial():
    model = center(queue("a", [0, 10], 60, lines=1, retry=retry(after_abandon=0.0)), TEAM)
    assert leg_rows(model, COLUMNS)[1:] == [
        (1, 0, "inbound", 10, 10, "busy", "retry"), (1, 1, "retry", 70, 70, "answered", "nothing"),
    ]  # fmt: skip


def test_an_overload_that_feeds_itself_is_bounded_and_flagged():
    issues = 40
    lost = queue("a", [0] * issues, 60, 1, retry=retry(delay=1, at_most=240))
    log = simulate(center(lost, UNSTAFFED))
    assert log.unstable
    assert len(log.legs) == issues + recontact_cap(issues)
    assert legs(log, "then").count(("gave_up",)) == issues
    assert violations(log) == []
    lost = queue("a", [0] * issues, 60, 1, retry=retry(delay=1, at_most=3))
    assert not simulate(center(lost, UNSTAFFED)).unstable


def test_full_queue_leads_to_a_retrial_as_busy_trunks_do():
    model = center(queue("a", [0, 10], 60, limit=0, retry=retry(after_abandon=0.0)), TEAM)
    assert leg_rows(model, "outcome then")[1] == ("full", "retry")


def test_who_balked_or_was_sent_away_makes_a_retrial_as_after_an_abandonment():
    again = retry(after_busy=0.0)
    model = center(queue("a", [0, 10], 60, balk=1.0, retry=again), TEAM)
    assert leg_rows(model, "outcome then")[1] == ("balked", "retry")
    hours = [(0, 600), (1200, 3600)]
    closing = queue("a", [590], 60, hours=hours, at_close=AtClose.SEND_AWAY, retry=again)
    assert leg_rows(center(closing, group("team", [0], [0, 0, 1, 1, 1, 1])), "outcome then")[0] == (
        "sent_away", "retry",
    )  # fmt: skip


def test_message_causes_no_retrial():
    model = center(queue("a", [0, 10], 600, longest_wait=20, retry=retry()), TEAM)
    assert leg_rows(model, "outcome then")[1] == ("message", "nothing")


def test_no_customer_tries_more_often_than_at_most():
    model = center(queue("a", [0], 60, 10, retry=retry(at_most=2)), UNSTAFFED)
    assert leg_rows(model, COLUMNS) == [
        (0, 0, "inbound", 0, 10, "abandoned", "retry"),
        (0, 1, "retry", 70, 80, "abandoned", "retry"),
        (0, 2, "retry", 140, 150, "abandoned", "gave_up"),
    ]


def test_a_retrial_brings_the_work_that_was_never_done():
    model = center(queue("a", [0, 10], [60, 45], [100, 20], retry=retry()), TEAM)
    # The distribution of the queue says 60, the record of this contact 45.
    assert leg_rows(model, "issue kind work")[-1] == (1, "retry", 45)


def test_patience_is_kept_where_said_else_drawn_anew():
    # The distribution says 100, the record of the second contact 20.
    for kept, leave in ((True, 110), (False, 190)):
        asked = queue("a", [0, 10], 600, [100, 20], retry=retry(keeps_patience=kept))
        assert leg_rows(center(asked, TEAM), "issue kind enter leave")[-1] == (
            1,
            "retry",
            90,
            leave,
        )


def test_who_tries_elsewhere_brings_the_work_of_that_queue():
    model = center(
        [queue("a", [0], 60, 20, retry=retry(queue=1)), queue("b", [], 33)], group("team", [1])
    )
    assert leg_rows(model, "kind queue enter work")[-1] == ("retry", 1, 80, 33)


def test_who_would_try_after_the_day_is_over_comes_later():
    model = center(queue("a", [0], 60, 20, retry=retry(delay=3580)), UNSTAFFED)
    assert leg_rows(model, "then") == [("later",)]


def test_attempt_in_the_last_second_of_the_day_is_made():
    model = center(queue("a", [0], 60, 20, retry=retry(delay=3579)), UNSTAFFED)
    assert leg_rows(model, "kind enter then") == [
        ("inbound", 0, "retry"),
        ("retry", 3599, "gave_up"),
    ]


def test_who_would_come_when_it_is_closed_is_carried_into_the_next_opening():
    hours = [(0, 600), (DAY, DAY + 600)]
    asked = queue("a", [580], 60, 10, hours=hours, retry=retry(delay=10 + (DAY - 600) / 3))
    model = center(asked, UNSTAFFED, days=2, day_s=DAY, interval_s=HOUR)
    # A third into the night: a third into the next day.
    assert leg_rows(model, "kind enter")[-1] == ("retry", DAY + 200)


def test_issue_has_no_more_legs_than_an_engine_counts():
    asked = queue("a", [0], 60, 1, retry=retry(at_most=1000, delay=1))
    log = simulate(center(asked, UNSTAFFED), 1, 1)
    assert len(log.legs) == MAX_LEGS
    assert legs(log, "then")[-1] == ("gave_up",)


# -- coming back -------------------------------------------------------------------------------


def test_who_was_not_helped_comes_back_with_changed_work():
    asked = queue("a", [0], 60, resolved=0.0, repeat=repeat(change=TalkChange(0.5, 5.0)))
    log = simulate(center(asked, TEAM), 1, 1)
    assert legs(log, COLUMNS + " resolved work") == [
        (0, 0, "inbound", 0, 0, "answered", "repeat", 0, 60),
        (0, 1, "repeat", 120, 120, "answered", "gave_up", 0, 35),
    ]
    assert violations(log) == []


def test_delay_of_a_repeat_begins_with_the_end_of_the_talk():
    asked = queue("a", [0], 60, wrap=300, resolved=0.0, repeat=repeat())
    assert leg_rows(center(asked, group("team", [0], 2)), "kind enter")[1] == ("repeat", 120)


def test_who_was_helped_does_not_come_back():
    asked = queue("a", [0], 60, resolved=1.0, repeat=repeat())
    assert leg_rows(center(asked, TEAM), "then resolved") == [("nothing", 1)]


def test_group_that_resolves_nothing_resolves_no_issue():
    asked = queue("a", [0], 60, resolved=1.0)
    assert leg_rows(center(asked, group("team", [skill(0, resolves=0.0)])), "resolved") == [(0,)]


def test_not_modelled_means_not_known():
    assert leg_rows(center(queue("a", [0], repeat=repeat()), TEAM), "then resolved") == [
        ("nothing", -1)
    ]


def test_repeat_may_go_to_another_queue():
    asked = queue("a", [0], 60, resolved=0.0, repeat=repeat(queue=1))
    model = center([asked, queue("b", [], 33)], group("team", [0, 1]))
    assert leg_rows(model, "kind queue work then")[-1] == ("repeat", 1, 33, "nothing")


# -- being passed on ---------------------------------------------------------------------------


def test_cold_transfer_frees_the_agent_for_wrap_at_once():
    model = center(
        [queue("a", [0], 60, wrap=10, transfers=(transfer(1),)), queue("b", [], 33)],
        [group("m", [0]), group("n", [1], [0, 1, 1, 1, 1, 1])],
    )
    log = simulate(model, 1, 1)
    assert legs(log, "kind contact agent enter leave talk_end end work then") == [
        ("inbound", 0, 0, 0, 0, 60, 70, 60, "transfer"),
        ("transfer", 0, 1, 60, 600, 633, 633, 33, "nothing"),
    ]
    assert violations(log) == []


def test_warm_transfer_keeps_the_agent_until_the_next_one_is_there():
    passed = (transfer(1, warm=True),)
    model = center(
        [queue("a", [0, 0], 60, wrap=10, transfers=passed), queue("b", [], 33)],
        [group("m", [0], [1, 1, 1, 1, 1, 1]), group("n", [1], [0, 1, 1, 1, 1, 1])],
    )
    log = simulate(model, 1, 1)
    assert legs(log, "issue kind agent leave talk_end end talk_s hold_s")[:2] == [
        (0, "inbound", 0, 0, 60, 610, 60, 540), (0, "transfer", 1, 600, 633, 633, 33, 0),
    ]  # fmt: skip
    assert states(log, "agent state start end")[:3] == [
        (0, "talking", 0, 60), (0, "held", 60, 600), (0, "wrapping", 600, 610),
    ]  # fmt: skip
    # The second contact, who waited for the held agent, is taken after the wrap.
    assert legs(log, "issue leave")[2] == (1, 610)
    assert violations(log) == []


def test_agent_in_a_warm_transfer_is_released_when_the_customer_gives_up():
    model = center(
        [queue("a", [0], 60, transfers=(transfer(1, warm=True),)), queue("b", [], 33, 100)],
        [group("m", [0]), group("n", [1], 0)],
    )
    assert leg_rows(model, "kind leave end outcome") == [
        ("inbound", 0, 160, "answered"), ("transfer", 160, None, "abandoned"),
    ]  # fmt: skip


def test_customer_met_at_once_holds_no_agent():
    model = center(
        [queue("a", [0], 60, transfers=(transfer(1, warm=True),)), queue("b", [], 33)],
        [group("m", [0]), group("n", [1])],
    )
    assert leg_rows(model, "kind leave end hold_s") == [
        ("inbound", 0, 60, 0), ("transfer", 60, 93, 0),
    ]  # fmt: skip


def test_agent_whose_break_is_due_transfers_cold():
    team = group("m", [0], shifts=[shift(0, 0, 1000, (30, 60))])
    model = center(
        [queue("a", [0], 60, transfers=(transfer(1, warm=True),)), queue("b", [], 33)],
        [team, group("n", [1], 0)],
    )
    assert leg_rows(model, "kind end")[0] == ("inbound", 60)


def test_agent_in_a_warm_transfer_is_released_when_a_break_is_due():
    team = group("m", [0], shifts=[shift(0, 0, 1000, (100, 60))])
    model = center(
        [queue("a", [0], 60, transfers=(transfer(1, warm=True),)), queue("b", [], 33)],
        [team, group("n", [1], 0)],
    )
    log = simulate(model, 1, 1)
    assert legs(log, "kind end hold_s")[0] == ("inbound", 100, 40)
    assert states(log, "state start end")[2:] == [("on_break", 100, 160), ("available", 160, 1000)]


def test_agent_in_a_warm_transfer_that_no_agent_answers_is_recorded():
    held = queue("a", [0], 60, transfers=(transfer(1, warm=True),))
    log = simulate(center([held, queue("b")], group("team", [0])), 1, 1)
    assert violations(log) == []
    assert [row[:2] for row in legs(log, "leg kind")] == [(0, "inbound"), (1, "transfer")]
    assert len(log.presences) == 1


def test_transfer_with_context_shortens_the_talk():
    passed = (transfer(1, factor=0.5, add=-10.0),)
    model = center([queue("a", [0], transfers=passed), queue("b", [], 60)], group("team", [0, 1]))
    assert leg_rows(model, "kind work")[1] == ("transfer", 20)


def test_changed_talk_is_never_below_nothing():
    passed = (transfer(1, add=-100.0),)
    model = center([queue("a", [0], transfers=passed), queue("b", [], 60)], group("team", [0, 1]))
    assert leg_rows(model, "kind work outcome")[1] == ("transfer", 0, "answered")


def test_who_is_transferred_in_circles_gives_up():
    passed = [queue("a", [0], 60, transfers=(transfer(1),)),
              queue("b", [], 60, transfers=(transfer(0),))]  # fmt: skip
    log = simulate(center(passed, group("team", [0, 1])), 1, 1)
    assert legs(log, "queue then") == [
        (0, "transfer"), (1, "transfer"), (0, "transfer"), (1, "gave_up"),
    ]  # fmt: skip
    assert len(log.legs) == MAX_TRANSFERS + 1


def test_first_transfer_that_the_number_falls_into_is_the_one():
    passed = (transfer(1, share=0.0), transfer(2, share=1.0))
    model = center([queue("a", [0], transfers=passed), queue("b"), queue("c", [], 33)],
                   group("team", [0, 1, 2]))  # fmt: skip
    assert leg_rows(model, "queue work") == [(0, 60), (2, 33)]


def test_transferred_means_not_yet_resolved():
    passed = queue("a", [0], 60, transfers=(transfer(1),), resolved=1.0, repeat=repeat())
    model = center([passed, queue("b", [], 33, resolved=1.0)], group("team", [0, 1]))
    assert leg_rows(model, "kind resolved then") == [
        ("inbound", -1, "transfer"), ("transfer", 1, "nothing"),
    ]  # fmt: skip


def test_transfer_minds_no_limit_but_may_take_a_callback():
    passed = queue("a", [0, 0], 60, transfers=(transfer(1),))
    asked = queue("b", [0, 0], 1000, limit=1, callback=callback(offer_at=2))
    model = center([passed, asked], [group("m", [0], 2), group("n", [1])])
    assert [row for row in leg_rows(model, "kind queue outcome") if row[0] == "transfer"] == [
        ("transfer", 1, "callback"), ("transfer", 1, "callback"),
    ]  # fmt: skip


def test_who_was_transferred_and_gave_up_makes_a_retrial_at_the_queue_of_the_retry():
    passed = queue("a", [0], 60, transfers=(transfer(1),))
    model = center([passed, queue("b", [], 33, 20, retry=retry(queue=1))],
                   [group("m", [0]), group("n", [1], [0, 1, 1, 1, 1, 1])])  # fmt: skip
    assert leg_rows(model, "contact kind queue enter leave outcome")[1:] == [
        (0, "transfer", 1, 60, 80, "abandoned"), (1, "retry", 1, 140, 160, "abandoned"),
    ]  # fmt: skip
