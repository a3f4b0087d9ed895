"""What had happened in an issue up to each contact is counted as simulations count it."""

import datetime as dt

import numpy as np

from sim.history.calibration.issue_history import (
    first_records,
    issue_history,
    resolved_without_repeat,
    transferred_from,
)
from sim.history.call_log import CallLog, CallOutcome

DAY = 86_400
ABANDONED, ANSWERED = int(CallOutcome.ABANDONED), int(CallOutcome.ANSWERED)
# Hour, queue, wait, outcome, agent, contact, issue: one issue abandoned, retried, transferred,
# and repeated by email two days later; another of one contact.
ROWS = [
    (9, 0, 100.0, ABANDONED, -1, 0, 0),
    (9.5, 0, 80.0, ANSWERED, 0, 1, 0),
    (9.6, 1, 60.0, ANSWERED, 1, 1, -1),
    (10, 0, 5.0, ANSWERED, 0, -1, 1),
    (48 + 9, 2, 7200.0, ANSWERED, 1, 2, 0),
]


def log_of(rows=ROWS, channels=("phone", "phone", "email")):
    hour, queue, wait, outcome, agent, contact, issue = (
        np.array(x) for x in zip(*rows, strict=True)
    )
    day = (hour // 24).astype(np.int64)
    return CallLog(
        first_day=dt.date(2026, 3, 2), day=day, offered=(hour % 24) * 3600.0, queue=queue,
        queues=("billing", "cards", "mail"), wait=wait, outcome=outcome,
        talk=np.where(outcome == ANSWERED, 200.0, np.nan), agent=agent,
        agents=("agent 1", "agent 2"), customer=np.full(hour.size, -1),
        priority=np.full(hour.size, np.nan), day_used=np.ones(10, dtype=bool), issue=issue,
        contact=contact, channels=channels,
    )  # fmt: skip


def contacts_of(log, resolved=None):
    found = issue_history(log, log.issue, resolved)
    place = {int(first): at for at, first in enumerate(found.first)}
    return found, [place[row] for row in (0, 1, 3, 4)]


def test_a_retrial_is_a_further_contact_and_a_transfer_is_none():
    found, order = contacts_of(log_of())
    assert found.first.size == 4
    shown = {name: one[order].tolist() for name, one in found.effects.items()}
    assert shown["contact"] == [0, 1, 0, 2]
    assert shown["transfer"] == [0, 1, 0, 1]
    assert shown["switch"] == [0, 0, 0, 1]
    # 100 + 80 + 60 s by phone: two minutes beyond the first two. Email does not count.
    np.testing.assert_allclose(shown["wait"], [0, 2, 0, 2])
    assert found.further["retrial"][order].tolist() == [0, 1, 0, 1]
    assert found.further["hand_off"][order].tolist() == [0, 0, 0, 0]
    assert found.answered[order].tolist() == [False, True, True, True]
    assert [found.channels[at] for at in found.channel[order]] == ["phone"] * 4


def test_answers_and_resolution_of_a_contact_are_the_last_that_its_records_have():
    resolved = np.array([np.nan, 0.0, 1.0, 0.0, np.nan])
    found, order = contacts_of(log_of(), resolved)
    np.testing.assert_array_equal(found.resolved[order], [np.nan, 1, 0, np.nan])
    assert found.effects["unresolved"][order].tolist() == [0, 0, 1, 0]


def test_without_channels_changes_of_queue_have_no_field():
    found, order = contacts_of(log_of(channels=()))
    assert "switch" not in found.effects
    assert found.further["queue_switch"][order].tolist() == [0, 1, 0, 2]


def test_records_of_a_contact_begin_it_or_come_by_transfer():
    log = log_of()
    assert first_records(log).tolist() == [True, True, False, True, True]
    assert transferred_from(log).tolist() == [-1, -1, 1, -1, -1]


def test_a_contact_that_another_follows_did_not_resolve():
    """The log ends two days later: after that nothing is known within a week, and 1 within two."""
    log = log_of()
    np.testing.assert_array_equal(
        resolved_without_repeat(log, log.issue, 7.0), [np.nan, 0, np.nan, np.nan, np.nan]
    )
    np.testing.assert_array_equal(
        resolved_without_repeat(log, log.issue, 1.0), [np.nan, 1, np.nan, 1, np.nan]
    )
