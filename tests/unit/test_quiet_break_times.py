"""Breaks of agents from recorded states: planned ones apart, and what is a gap after a contact."""

import numpy as np
import pytest

from sim.history.call_log.state_words import words_of_planned_breaks
from sim.history.estimation.day_bootstrap import DayBootstrap
from sim.history.estimation.kaplan_meier import survival_curve
from sim.history.estimation.queue_states import WaitingForAgents
from sim.history.estimation.quiet_break_times import AfterContacts, HiddenGap, quiet_breaks
from sim.history.estimation.state_times import (
    Contacts,
    StateRows,
    presences_of_states,
    times_of_states,
)

DAY = 86_400.0
AGENTS, DAYS = 12, 30
SHARE, LENGTH = 0.2, 240.0
AVAILABLE, BUSY, BREAK, LUNCH = range(4)


def shifts(seed=1, gap=0.0, contacts_per_hour=6.0):
    """Return states of agents from 8 to 16: contacts, breaks from ready, a lunch of half an hour.

    Who has finished counts as available, for the gap too.
    """
    rng = np.random.default_rng(seed)
    to_break = SHARE / (1 - SHARE) / LENGTH
    rows, contacts, gaps = [], [], []
    for agent in range(AGENTS):
        for day in range(DAYS):
            now, end = day * DAY + 8 * 3600.0, day * DAY + 16 * 3600.0
            lunch = now + rng.uniform(3, 5) * 3600
            while now < end:
                if now > lunch:
                    rows.append((agent, now, now + rng.normal(1800, 60), LUNCH))
                    now, lunch = rows[-1][2], np.inf
                    continue
                begun = now
                if contacts and contacts[-1][2] == now and gap:
                    gaps.append(rng.exponential(gap))
                    now += gaps[-1]
                pause = rng.exponential(1 / to_break)
                contact = rng.exponential(3600 / contacts_per_hour)
                rows.append((agent, begun, min(now + min(pause, contact), end), AVAILABLE))
                if rows[-1][2] == end:
                    break
                now = rows[-1][2]
                if contact < pause:
                    rows.append((agent, now, now + rng.exponential(200), BUSY))
                    contacts.append((agent, now, rows[-1][2]))
                else:
                    rows.append((agent, now, min(now + rng.exponential(LENGTH), end), BREAK))
                now = rows[-1][2]
    return np.array(rows), np.array(contacts), np.array(gaps)


def times(rows, contacts, has_word=True, waiting=((), ())):
    agent, state = rows[:, 0].astype(int), rows[:, 3]
    lunch = state == LUNCH
    states = StateRows(
        agent, rows[:, 1], rows[:, 2], state == AVAILABLE, state == BUSY, lunch & False,
        (state == BREAK) | lunch, lunch & has_word,
    )  # fmt: skip
    work = Contacts.of(contacts[:, 0].astype(int), contacts[:, 1], contacts[:, 2])
    offered, wait = (np.array(one, dtype=float) for one in waiting)
    skills = np.eye(2, dtype=bool)[[0] * (AGENTS - 1) + [1]]
    queue = np.ones(offered.size, dtype=int)
    return times_of_states(states, work, WaitingForAgents.of(offered, wait, queue, skills)), work


def estimates(found, work, hidden=None, days=DAYS):
    bootstrap = DayBootstrap(np.arange(days))
    none = np.zeros(work.end.size)
    after = AfterContacts((work.end // DAY).astype(int), none, none)
    return quiet_breaks(found, work, after, hidden or HiddenGap(None, 0.0), bootstrap)


@pytest.mark.parametrize("has_word", [True, False])
def test_a_lunch_of_half_an_hour_does_not_count_as_break_when_quiet(has_word):
    """Where systems have one word for all breaks, their lengths tell them apart."""
    rows, contacts, _ = shifts()
    found, work = times(rows, contacts, has_word)
    lunch = found.rows.length[found.rows.not_ready & ~found.on_duty]
    assert np.count_nonzero(lunch > 1500) == pytest.approx(AGENTS * DAYS, rel=0.05)
    quiet = estimates(found, work)
    assert quiet.share.contains(SHARE) or not has_word
    assert quiet.share.value == pytest.approx(SHARE, rel=0.05)
    assert quiet.length.value == pytest.approx(LENGTH, rel=0.05)
    assert quiet.share.high - quiet.share.low < 0.04
    present = presences_of_states(found, work)
    hours = (present.end - present.start).sum() / 3600
    logged_in = (rows[:, 2] - rows[:, 1])[rows[:, 3] != LUNCH].sum() / 3600
    assert hours == pytest.approx(logged_in, rel=0.01)


def test_days_that_are_left_out_do_not_count():
    rows, contacts, _ = shifts()
    found, work = times(rows, contacts)
    half = estimates(found, work, days=DAYS // 2)
    assert half.share.contains(SHARE)
    assert half.as_simulated == pytest.approx(estimates(found, work).as_simulated, rel=0.1)


def test_long_breaks_are_not_cut_off_where_no_lunch_has_the_same_word():
    rows, contacts, _ = shifts()
    rest = rows[rows[:, 3] != LUNCH]
    found, _ = times(rest, contacts)
    longest = found.rows.length[found.quiet_break].max()
    assert longest > 1500
    assert found.on_duty[found.rows.not_ready].all()


def test_a_gap_shown_as_available_does_not_count_as_ready_time():
    rows, contacts, gaps = shifts(gap=60.0, contacts_per_hour=15.0)
    found, work = times(rows, contacts)
    curve = survival_curve(gaps, np.ones(gaps.size, dtype=bool))
    assert estimates(found, work, HiddenGap(curve, 1.0)).share.contains(SHARE)
    assert estimates(found, work).share.high < SHARE


def test_customers_of_queues_that_an_agent_does_not_serve_prevent_no_break():
    """All the time someone waits for the other queue, which only the last agent serves."""
    rows, contacts, _ = shifts()
    found, _ = times(rows, contacts, waiting=([0.0], [DAYS * DAY]))
    agents = found.rows.agent[found.quiet_break]
    assert set(agents.tolist()) == set(range(AGENTS - 1))


def test_a_word_that_nearly_always_lasts_as_long_is_a_planned_break():
    rng = np.random.default_rng(1)
    length = np.concatenate([rng.normal(900, 40, 60), rng.exponential(240, 600), [1800] * 5])
    code = np.repeat([0, 1, 2], [60, 600, 5])
    words = ["AUX 3", "AUX 1", "AUX 7"]
    found = words_of_planned_breaks(code, length, words, {})
    assert found == {0: pytest.approx(900, abs=20)}
    assert words_of_planned_breaks(code, length, words, {"aux 3": "not_ready"}) == {}
