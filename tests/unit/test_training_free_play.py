"""The shift of free play: its past stays, its callers stay, its points can be worked out."""

import numpy as np
import pytest

from sim.log import Outcome
from sim.training.free_play import FILE, FreePlayShift, QuarterDecision, load_free_play
from sim.training.free_play_plans import MINE, best, compare_plans, describe_best, plan_rows, plans
from sim.units import BadInputError

NOW = 8
"""The quarter of an hour from which on something else is decided."""


@pytest.fixture(scope="module")
def shift():
    return load_free_play()


@pytest.fixture(scope="module")
def usual(shift):
    return shift.log({}, 1)


def small_shift():
    """An hour of five callers, known to the second, and one mail."""
    text = FILE.read_text(encoding="utf-8")
    play = text[text.index("\n[play]") : text.index("\n[center]")]
    owed = play[play.index("breaks       =") : play.index("\n\n[points]")]
    play = play.replace(owed, "breaks       = [0, 0, 0, 0]")
    return FreePlayShift(
        f"""
{play}
[center]
name     = "An hour"
open     = "09:00-10:00"
interval = "15min"
[queue.calls]
volume   = [3, 0, 2, 0]
talk     = "600s"
patience = "300s"
target   = "80% in 20s"
[queue.calls_offered]
volume   = 0
talk     = "600s"
patience = "300s"
target   = "80% in 20s"
callback = {{ offer_after = "45s", accepted = "100%", answered = "100%" }}
[queue.mail]
channel = "email"
volume  = "1 a day"
profile = [1, 0, 0, 0]
open    = "09:00-10:00"
talk    = "60s"
due     = "4h"
target  = "90% on time"
[group.phones]
agents = [1, 1, 1, 1]
skills = {{ calls = 1, calls_offered = 1 }}
[group.mixed]
agents     = 0
skills     = {{ calls = 1, calls_offered = 1, mail = 5 }}
interrupts = {{ mail = "live" }}
[group.extra]
agents = 0
skills = {{ calls = 1, calls_offered = 1 }}
[group.writers]
agents = 0
skills = {{ mail = 1 }}
"""
    )


def born(log):
    """Every caller by the second of their call, over both queues."""
    names = [q.name for q in log.model.queues]
    mine = np.isin(log.legs.queue, [names.index("calls"), names.index("calls_offered")])
    first = mine & (log.legs.leg == 0)
    return sorted(log.legs.enter[first])


def past(log, until):
    """Events of every contact up to an instant, without later ones."""
    legs = log.legs
    rows = []
    for k in np.flatnonzero(legs.enter < until):
        left = legs.leave[k] if legs.leave[k] < until else None
        what = Outcome(legs.outcome[k]) if left is not None else None
        answered = what is Outcome.ANSWERED
        end = legs.end[k] if answered and legs.end[k] < until else None
        rows.append((float(legs.enter[k]), left, what, end))
    return sorted(rows, key=str)


OTHER = {
    "breaks": QuarterDecision(breaks=9),
    "an hour more": QuarterDecision(extra=6),
    "callbacks": QuarterDecision(callbacks=True),
    "mails": QuarterDecision(blend=8),
    "all": QuarterDecision(breaks=3, extra=4, callbacks=True, blend=5),
}


@pytest.mark.parametrize("decision", OTHER.values(), ids=OTHER)
def test_the_past_stays_as_it_was(shift, usual, decision):
    moves = {q: shift.suggested({}, q) for q in range(NOW)}
    other = shift.log({**moves, NOW: decision}, 1)
    now, later = shift.instant(NOW), shift.instant(NOW + 8)
    assert past(other, now) == past(usual, now)
    assert past(other, later) != past(usual, later)


@pytest.mark.parametrize("plan", range(7))
def test_every_plan_has_the_same_callers(shift, usual, plan):
    log = shift.log(plans(shift)[plan].moves, 1)
    assert born(log) == born(usual)


def test_another_day_has_other_callers(shift, usual):
    assert born(shift.log({}, 1, 2)) != born(usual)
    assert born(shift.log({}, 1, 1)) == born(usual)


def test_choices_are_what_the_scenario_gets(shift):
    moves = {0: QuarterDecision(breaks=2), 1: QuarterDecision(extra=3), 2: QuarterDecision(blend=4)}
    over = shift.overlay(moves)
    planned = shift.planned
    assert over["group.phones.agents"][:4] == [
        planned[0] - 2,
        planned[1] - 2,
        planned[2] - 4,
        planned[3] - 4,
    ]  # a break lasts two quarters; who does mails goes on until the next decision
    assert over["group.extra.agents"][:7] == [0, 3, 3, 3, 3, 0, 0]
    assert over["group.mixed.agents"][:4] == [0, 0, 4, 4]


def test_breaks_are_given_as_planned_until_none_is_owed(shift):
    every = shift.all_moves({})
    assert sum(one.breaks for one in every) == shift.owed == 26
    early = shift.all_moves({0: QuarterDecision(breaks=10), 1: QuarterDecision(breaks=10)})
    assert sum(one.breaks for one in early) == shift.owed
    assert shift.left({0: QuarterDecision(breaks=10)}, 1) == 16


@pytest.mark.parametrize(
    ("decision", "said"),
    [
        (QuarterDecision(breaks=-1), "Start breaks now: -1 people; allowed: 0 to 14"),
        (QuarterDecision(breaks=15), "Start breaks now: 15 people; allowed: 0 to 14"),
        (QuarterDecision(extra=7), "Work an extra hour: 7 people; allowed: 0 to 6"),
        (QuarterDecision(blend=9), "Mails between calls: 9 people; allowed: 0 to 8"),
    ],
)
def test_impossible_decisions_are_rejected(shift, decision, said):
    with pytest.raises(BadInputError, match=said):
        shift.check({}, 0, decision)
    with pytest.raises(BadInputError, match=said):
        shift.go_on({}, decision, 4)


def test_going_on_holds_a_choice_and_gives_breaks_as_planned(shift):
    moves = shift.go_on({}, QuarterDecision(breaks=1, extra=2, callbacks=True, blend=3), 8)
    assert list(moves) == list(range(8))
    assert moves[0] == QuarterDecision(1, 2, True, 3)
    assert moves[1] == QuarterDecision(0, 0, True, 3)
    assert moves[6] == QuarterDecision(4, 0, True, 3)
    assert len(shift.go_on(moves, QuarterDecision(), shift.quarters)) == shift.quarters


def callers(monkeypatch, shift, moments):
    """Let callers come at given seconds after nine, who talk 600 s and abandon after 300 s."""
    at = np.array([shift.first_s + s for s in moments], dtype=float)
    flat = (at, np.full(at.size, 600.0), np.full(at.size, 300.0), np.ones(at.size, dtype=bool))
    monkeypatch.setattr(shift, "_callers", lambda seed, run: flat)


def test_points_of_a_worked_example(monkeypatch):
    # One agent. Calls at 0 s, 400 s, 610 s: answered at once; waits 200 s, too late; the third
    # would wait until 1200 s and hangs up at 910 s. At 1800 s one is answered at once, at 1850 s
    # another hangs up. The mail is not done, as no agent does mails: 2 * 3 + 1 + 0.5 points.
    shift = small_shift()
    callers(monkeypatch, shift, [0, 400, 610, 1800, 1850])
    score = shift.score(shift.log({}, 1), {})
    assert (score.offered, score.in_time, score.late, score.lost) == (5, 2, 1, 2)
    assert (score.called, score.mail, score.hours, score.missed) == (0, 1, 0.0, 0)
    assert score.points == 7.5


def test_points_of_an_additional_hour(monkeypatch):
    # A second agent from 09:00 on takes the calls at 400 s and 1850 s in time; the one at 610 s is
    # taken by the first, who is free at 600 s. One hour costs 12 points, the mail 0.5.
    shift = small_shift()
    callers(monkeypatch, shift, [0, 400, 610, 1800, 1850])
    moves = {0: QuarterDecision(extra=1)}
    score = shift.score(shift.log(moves, 1), moves)
    assert (score.in_time, score.late, score.lost, score.hours) == (5, 0, 0, 1.0)
    assert score.points == 12.5


def test_points_of_callbacks(monkeypatch):
    # Offered from the beginning: who has waited 45 s takes it. The calls at 400, 610 and 1850 s do.
    shift = small_shift()
    callers(monkeypatch, shift, [0, 400, 610, 1800, 1850])
    moves = {0: QuarterDecision(callbacks=True)}
    score = shift.score(shift.log(moves, 1), moves)
    assert (score.lost, score.late, score.called) == (0, 0, 3)
    assert score.points == 3 * 0.5 + 0.5


def test_missed_breaks_cost_points(shift, usual):
    moves = dict(enumerate([QuarterDecision()] * shift.quarters))
    score = shift.score(shift.log(moves, 1), moves)
    assert score.missed == 26
    assert score.points == pytest.approx(
        3 * score.lost + score.late + 0.5 * score.called + 0.5 * score.mail + 260
    )
    assert shift.score(usual, {}).missed == 0


def test_plans_are_compared_with_mine_on_the_same_random_numbers(shift):
    found = compare_plans(shift, {}, 1, days=3)
    assert [one.plan.name for one in found][:2] == [MINE, "As planned"]
    mine, planned = found[:2]
    assert mine.today == planned.today  # nothing was decided, so both are the same
    assert planned.than_mine.value == 0
    assert planned.points == mine.points
    for one in found[2:]:
        assert one.than_mine.value == pytest.approx(one.points.value - mine.points.value)
    top = best(found)
    assert top.today.points == min(one.today.points for one in found)
    rows = plan_rows(found)
    assert [row["Plan"] for row in rows if row["Best today"]] == [top.plan.name]
    assert f"'{top.plan.name}' would have cost" in describe_best(found, 3)


def test_the_rules_name_every_cost(shift):
    words = shift.rules()
    for part in ("3 for a caller", "1 for one answered later than in 20 s", "12 for an extra hour",
                 "10 for a break", "26 breaks of 30 minutes"):  # fmt: skip
        assert part in words


def test_the_score_so_far_counts_what_has_happened_and_ends_at_the_score_of_the_day():
    shift = load_free_play()
    moves = {0: QuarterDecision(breaks=2, extra=1)}
    log = shift.log(moves, 1)
    scores = [shift.score(log, moves, quarter) for quarter in range(shift.quarters + 1)]
    whole = shift.score(log, moves)
    assert scores[0].offered == scores[0].lost == scores[0].late == 0
    assert scores[0].hours == 0.0
    assert scores[1].hours == scores[-1].hours == whole.hours == 1.0
    for field in ("offered", "in_time", "lost", "late"):
        counts = [getattr(one, field) for one in scores]
        assert counts == sorted(counts)
        assert counts[-1] <= getattr(whole, field)
    assert scores[-1].mail == whole.mail
    assert all(one.missed == 0 for one in scores)


def test_the_score_so_far_knows_nothing_of_later_decisions():
    shift = load_free_play()
    now = {0: QuarterDecision(breaks=1)}
    later = now | {1: QuarterDecision(extra=6, blend=8)}
    before = shift.score(shift.log(now, 1), now, 1)
    assert shift.score(shift.log(later, 1), later, 1) == before
