"""Talk, presences, gaps, readiness, speeds and skills of agents from logs."""

import numpy as np
import pytest

from sim.history.calibration.center_estimates import InferredBreaks
from sim.history.calibration.representative_persons import representative_persons
from sim.history.estimation.agent_differences import (
    agent_resolution,
    agent_speeds,
    correlation_of_agents,
    expected_of_hours,
)
from sim.history.estimation.agent_skills import agent_skills
from sim.history.estimation.break_likelihood import BreakLikelihood
from sim.history.estimation.day_bootstrap import DayBootstrap
from sim.history.estimation.duration_models import duration_model, durations_by
from sim.history.estimation.free_agents import QueueEvents, free_agents
from sim.history.estimation.free_spans import FreeSpans
from sim.history.estimation.gap_after_contact import WaitingGaps, gap_estimate, waiting_gaps
from sim.history.estimation.gap_curve import GapCurve
from sim.history.estimation.gap_sensitivity import gap_sensitivity
from sim.history.estimation.presence_ends import presence_ends
from sim.history.estimation.presence_rule import (
    AnsweredContacts,
    MissedContacts,
    PresenceRule,
    longest_overdue,
    preference,
    presence_rule,
)
from sim.history.estimation.presences import (
    agents_present,
    lengthened,
    presences,
)
from sim.history.estimation.queue_states import Waiting
from sim.history.estimation.quiet_readiness import quiet_readiness
from sim.history.estimation.random_effects import group_spread
from sim.scenario import Scenario
from verification.known_center import KnownCenter, simulate_center

HOUR, DAY = 3600.0, 86_400.0


def read_text(text):
    """The distribution that a scenario reads from a text."""
    scenario = Scenario.parse(
        f'[queue.a]\nvolume = 10\ntalk = "{text}"\n[group.g]\nagents = 1\nskills = {{ a = 1 }}\n'
    )
    return scenario.queue["a"].talk


@pytest.mark.parametrize(
    ("family", "draw"),
    [
        ("lognormal", lambda rng, n: rng.lognormal(4.68, 1.0, n)),
        ("gamma", lambda rng, n: rng.gamma(0.8, 225.0, n)),
        ("points", lambda rng, n: np.where(rng.random(n) < 0.3, 5, rng.normal(200, 20, n))),
    ],
)
def test_talk_is_described_by_the_distribution_that_made_it(family, draw):
    rng = np.random.default_rng(1)
    day = np.arange(8000) % 40
    talk = draw(rng, 8000)
    talk[rng.random(8000) < 0.04] = 0.0
    found = duration_model(talk, np.arange(8000), DayBootstrap(day))
    assert found.best == family
    assert found.zero.contains(0.04)
    assert found.mean.contains(float(talk.mean()))
    if family != "points":
        truth = {"lognormal": np.sqrt(np.expm1(1.0)), "gamma": 0.8**-0.5}[family]
        assert found.fits[0].cv == pytest.approx(truth, rel=0.03)
    text = read_text(found.text)
    assert text.mean == pytest.approx(talk.mean(), rel=0.002)
    assert 0 < found.short.value < 1


def test_talk_that_cannot_be_true_is_clipped_and_counted():
    talk = np.array([100.0] * 50 + [90_000.0, 0.0])
    found = duration_model(talk, np.arange(52), DayBootstrap(np.arange(52) % 4), longest=3600.0)
    assert found.clipped == 1
    assert found.mean.value == pytest.approx((5000 + 3600) / 52)
    assert duration_model(np.zeros(4), np.arange(4), DayBootstrap(np.arange(4))) is None


def test_hours_differ_beyond_sampling_error_where_they_do():
    rng = np.random.default_rng(2)
    cell, day = np.arange(12_000) % 10, np.arange(12_000) // 300
    truth = 200 * np.exp(rng.normal(0, 0.2, 10))
    table = durations_by(
        truth[cell] * rng.lognormal(-0.5, 1.0, 12_000), cell, 11, np.arange(12_000),
        DayBootstrap(day),
    )  # fmt: skip
    assert np.sum((table.low[:10] <= truth) & (truth <= table.high[:10])) >= 7
    assert table.spread.low <= 0.2 <= table.spread.high
    assert np.isnan(table.mean[10])
    assert table.shrunk_mean()[10] == pytest.approx(200, rel=0.2)
    same = durations_by(
        rng.lognormal(5.0, 1.0, 12_000), cell, 10, np.arange(12_000), DayBootstrap(day)
    )
    assert same.spread.low < 0.01


def test_presences_end_at_long_gaps():
    start = np.array([0.0, 400.0, 2000.0, 100.0, 90.0])
    end = np.array([100.0, 500.0, 2500.0, 5000.0, 95.0])
    found = presences(np.array([3, 3, 3, 5, -1]), start, end, gap=900.0)
    assert found.agent.tolist() == [3, 3, 5]
    assert found.start.tolist() == [0, 2000, 100]
    assert found.end.tolist() == [500, 2500, 5000]
    assert found.calls.tolist() == [2, 1, 1]
    assert found.last_call.tolist() == [1, 2, 3]
    assert presences(np.array([-1]), start[:1], end[:1]).hours == 0
    assert presences(np.array([3]), start[:1], np.array([np.nan])).agent.size == 0
    # A long call that holds a short one: what counts is the latest end so far.
    over = presences(
        np.zeros(3, dtype=int), np.array([0.0, 10, 5000]), np.array([4900.0, 20, 5001])
    )
    assert over.agent.size == 1


def test_agents_present_are_weighted_by_time():
    found = presences(np.array([0, 1]), np.array([900.0, 0.0]), np.array([2700.0, 90_000.0]))
    present = agents_present(found, days=2)
    assert present.shape == (2, 48)
    assert present[0, :3].tolist() == [1.5, 1.5, 1.0]
    assert present[1, :4].tolist() == [1.0, 1.0, 0.0, 0.0]


def test_agents_of_a_center_are_inferred_with_their_ends():
    """Four agents over eight hours of twenty days: 640 agent hours."""
    log = simulate_center(KnownCenter(per_hour=60.0, agents=4), 4)
    known = log.agent >= 0
    agent, start, end = log.agent[known], log.start[known], log.end[known]
    plain = presences(agent, start, end, 1800.0)
    # The center serves who waits at closing: its last hour is longer.
    contacts = _all_can(agent, start, end, log.instant)
    longer = lengthened(plain, presence_ends(contacts, plain, np.ones((4, 1))))
    assert plain.hours < longer.hours
    present = agents_present(longer, 20)[:, 17:31]
    assert present.mean() == pytest.approx(4.0, abs=0.03)
    rule = PresenceRule(np.full(agent.size, np.inf), 0.0, np.ones((4, 1)))
    found = gap_sensitivity(contacts, 20, 30.0, rule)
    assert [one.gap for one in found] == [300, 900, 1800]
    assert found[0].hours < found[1].hours <= found[2].hours
    assert found[0].presences > found[2].presences


def _all_can(agent, start, end, instant) -> AnsweredContacts:
    able, asked = np.ones((int(agent.max()) + 1, 1)), np.zeros(len(instant), dtype=int)
    contact = np.searchsorted(np.sort(instant), start, side="right") - 1
    return _contacts(agent, start, end, np.sort(instant), asked, able, contact)


def test_agents_who_log_in_when_few_call_are_there_for_longer_than_others():
    """Ten agents log in from eight to ten o'clock; four times as many call after eleven."""
    rng = np.random.default_rng(6)
    agent, start, end, instant, log_in = [], [], [], [], []
    for day in range(40):
        free = dict(enumerate(8 * HOUR + 2 * HOUR * rng.random(10)))
        log_in += free.values()
        for hour, calls in zip(range(8, 13), rng.poisson([40, 40, 40, 160, 160]), strict=True):
            for offered in np.sort(HOUR * (hour + rng.random(calls))):
                instant.append(day * DAY + offered)
                if min(free.values()) <= offered:
                    who = min(free, key=free.__getitem__)
                    agent.append(who)
                    start.append(instant[-1])
                    end.append(start[-1] + rng.exponential(150.0))
                    free[who] = end[-1] - day * DAY
    columns = np.array(agent), np.array(start), np.array(end)
    found = presences(*columns, 3 * HOUR)
    assert found.agent.size == 400
    ends = presence_ends(_all_can(*columns, instant), found, np.ones((10, 1)))
    missed = np.mean(found.start % DAY) - np.mean(log_in)
    assert ends.before.mean() == pytest.approx(missed, rel=0.1)
    gaps = FreeSpans.of(*columns, HOUR).without(found.first_call)
    assert missed > 1.3 * np.mean(gaps.end - gaps.start)


def test_presences_do_not_go_on_in_closed_hours():
    """One agent answers from eight to ten; at midnight a contact is not answered."""
    start = np.concatenate([day * DAY + 8 * HOUR + np.arange(300, 7200, 600.0) for day in range(9)])
    instant = np.sort(np.append(start, np.arange(9) * DAY + 60.0))
    agent, end = np.zeros(start.size, dtype=int), start + 120.0
    found = presences(agent, start, end)
    ends = presence_ends(_all_can(agent, start, end, instant), found, np.ones((1, 1)))
    assert found.agent.size == 9
    for missed in (ends.before, ends.after):
        assert 100 < missed.min() <= missed.max() < 1800


def test_contacts_while_no_agent_is_there_open_no_hours():
    """Four agents from eight to four; calls at night are not answered."""
    log = simulate_center(KnownCenter(per_hour=30.0, agents=4), 4)
    known = log.agent >= 0
    columns = log.agent[known], log.start[known], log.end[known]
    night = np.arange(20 * 48) * 1800.0 + 700.0
    night = night[(night % DAY < 7 * HOUR) | (night % DAY > 18 * HOUR)]
    found, able = presences(*columns, HOUR), np.ones((4, 1))
    hours = [
        lengthened(found, presence_ends(_all_can(*columns, instant), found, able)).hours
        for instant in (log.instant, np.append(log.instant, night))
    ]
    assert hours[1] == pytest.approx(hours[0], rel=1e-3)


def test_who_begins_with_a_contact_that_waited_was_not_there_before():
    start = np.concatenate([day * DAY + 8 * HOUR + np.arange(0, 7200, 600.0) for day in range(9)])
    agent, end, instant = np.zeros(start.size, dtype=int), start + 120.0, start.copy()
    instant[start % DAY == 8 * HOUR] -= 60.0
    found = presences(agent, start, end)
    ends = presence_ends(_all_can(agent, start, end, instant), found, np.ones((1, 1)))
    assert found.agent.size == 9
    assert ends.before.tolist() == [0.0] * 9
    assert ends.after.min() > 100


def test_the_gap_of_agents_while_customers_wait_is_found():
    center = KnownCenter(days=40, agents=3, per_hour=50.0, gap_mean=36.0, gap_cv=1.5, gap_zero=0.2)
    log = simulate_center(center, 6)
    gaps = waiting_gaps(log.instant, log.wait, log.agent, log.end, 1800.0)
    found = gap_estimate(gaps, DayBootstrap(log.day), 1800.0)
    assert found.mean.contains(36.0)
    assert found.zero.contains(0.2)
    assert found.observed > 3000
    assert found.cut_off > 200
    # Gaps that were cut off are the long ones: without them the mean is too short.
    assert gaps.seconds[gaps.observed].mean() < found.mean.low
    text, points = read_text(found.text), read_text(found.points)
    assert text.mean == pytest.approx(found.mean.value, rel=0.01)
    assert text.cv == pytest.approx(np.sqrt((1 + 1.5**2) / 0.8 - 1), rel=0.15)
    assert points.mean == pytest.approx(found.mean.value, rel=0.1)


def test_gaps_count_only_while_a_customer_waits_whom_the_agent_can_serve():
    offered = np.array([0.0, 10.0, 20.0, 300.0])
    wait = np.array([0.0, 140.0, 130.0, 0.0])
    agent, end = np.array([0, 0, -1, 0]), np.array([100.0, 200.0, np.nan, 400.0])
    queue = np.array([0, 0, 1, 0])
    gaps = waiting_gaps(offered, wait, agent, end, 900.0)
    assert gaps.rows.tolist() == [0]
    assert gaps.seconds.tolist() == pytest.approx([50.0])
    assert gaps.observed.all()
    skills = np.array([[True, False]])
    assert waiting_gaps(
        offered, wait, agent, end, 900.0, queue, skills
    ).seconds.tolist() == pytest.approx([50.0])
    none = waiting_gaps(offered, wait, agent, end, 900.0, queue, skills & False)
    assert none.seconds.size == 0
    assert gap_estimate(none, DayBootstrap(np.zeros(4, dtype=int)), 900.0) is None


def test_a_gap_is_cut_off_when_the_queue_is_empty():
    """The only customer waiting abandons thirty seconds after the call."""
    gaps = waiting_gaps(
        np.array([0.0, 90.0, 500.0]), np.array([0.0, 40.0, 0.0]), np.array([0, -1, 0]),
        np.array([100.0, np.nan, 600.0]), 900.0,
    )  # fmt: skip
    assert gaps.seconds.tolist() == pytest.approx([30.0])
    assert not gaps.observed.any()


def test_customers_waiting_are_counted_at_any_moment():
    line = Waiting.of(np.array([0.0, 5.0, 8.0, 30.0]), np.array([10.0, 5.0, 0.0, 5.0]))
    assert line.before(np.array([0.0, 1.0, 6.0, 10.0, 10.5])).tolist() == [0, 1, 2, 2, 0]
    assert line.until_empty(np.array([1.0, 12.0, 40.0])).tolist() == [9.0, 23.0, np.inf]


def test_free_agents_are_counted():
    """Agent 0 is free from 10 to 50 and from 60 to 300 s, agent 1 from 30 to 45 s."""
    spans = FreeSpans.of(
        np.array([0, 0, 0, 1, 1]), np.array([0.0, 50, 300, 20, 45]),
        np.array([10.0, 60, 400, 30, 50]), 900.0,
    )  # fmt: skip
    assert spans.contact.tolist() == [1, 2, 4]
    both, second = np.array([True, True]), np.array([False, True])
    free = spans.count(np.array([5.0, 12.0, 41.0, 47.0, 200.0, 300.5]), both)
    assert free.tolist() == [0, 1, 2, 1, 1, 0]
    assert spans.count(np.array([41.0]), second).sum() == 1
    assert spans.without(spans.contact[:1]).agent.size == spans.agent.size - 1
    assert FreeSpans.of(
        np.array([0, 0]), np.array([0.0, 1000.0]), np.array([10.0, 1010.0]), 900.0
    ).agent.size == 0  # fmt: skip


def test_contacts_that_met_no_one_waiting_are_events():
    """Two answered at once, one that waits 20 s while a third one comes, and one later."""
    events = QueueEvents.of(
        np.array([0.0, 10.0, 20.0, 30.0, 60.0]), np.array([0.0, 0.0, 20.0, 15.0, 0.0]),
        np.arange(5) + 7, np.full(5, 0.5),
    )  # fmt: skip
    assert events.start.tolist() == [0.0, 10.0, 20.0, 60.0]
    assert events.end.tolist() == [0.0, 10.0, 45.0, 60.0]
    assert events.contact.tolist() == [7, 8, 9, 11]
    assert events.before.tolist() == [0.0, 0.5, 1.0, 2.0]
    assert events.after.tolist() == [0.5, 1.0, 2.0, 2.5]


def _one_agent(instant, wait):
    """An agent who is free from 0 s to the last contact, after which forty more come."""
    end, number = instant[-1], len(instant)
    later = [end + 9.0 + k for k in range(40)]
    spans = FreeSpans.of(np.array([0, 0]), np.array([-10.0, end]), np.array([0.0, end + 9]), 1e4)
    return free_agents(
        spans, np.array([0, number - 1]), np.ones((1, 1), dtype=bool),
        np.array(instant + later), np.array(wait + [0.0] * 40),
        np.zeros(number + 40, dtype=int), np.arange(number + 40),
        PresenceRule(np.empty(0), 0.0, np.ones((1, 1))),
    )  # fmt: skip


def test_what_happens_says_whether_a_free_agent_is_ready():
    """Gaps end at 10 s: ready after it but for breaks, less so once another one has answered."""
    agents = _one_agent([100.0, 101.0, 200.0, 300.0], [0.0, 0.0, 30.0, 0.0])
    gap = GapCurve(np.array([0.0, 9.9, 10.1]), np.array([1.0, 1.0, 0.0]))
    states = BreakLikelihood(agents, gap, np.ones(44, dtype=bool))
    assert states.waited.tolist() == [False, False, True, False]
    assert states.own.tolist() == [False, False, False, True]
    states.set_order(np.ones(4), 0.0)
    ready, density = states.run(0.3, 60.0)
    assert ready[0] == pytest.approx(0.7, abs=0.02)
    # Had he been ready, he would have taken every second contact that another one answered.
    odds = 0.5 * 0.7 / 0.3
    assert ready[1] == pytest.approx(odds / (1 + odds), abs=0.02)
    assert density[[0, 1, 3]].tolist() == [0, 0, 0]
    assert density[2] == pytest.approx(-0.5, abs=0.02)  # a break of 60 s lasted for 30 s
    # Who was not ready for the one who waited is on a break, which may have ended 70 s later.
    assert ready[3] == pytest.approx(0.7 * -np.expm1(-70 / 60 / 0.7), abs=0.02)
    states.set_order(np.ones(4), 1.0)
    assert states.run(1e-6, 100.0)[0][0] == pytest.approx(1.0, abs=1e-3)


def test_without_anyone_who_waited_readiness_is_not_estimated():
    moments = [10.0 * k for k in range(60)]
    gap, bootstrap = GapCurve.of(None), DayBootstrap(np.arange(100) % 5)
    agents = _one_agent(moments, [0.0] * 60)
    none = np.zeros(100)
    assert quiet_readiness(agents, np.arange(100.0), none, gap, bootstrap) is None


def test_the_curve_of_gaps_has_no_steps_and_a_tail():
    rng = np.random.default_rng(4)
    seconds = rng.lognormal(3.0, 1.0, 4000) * (rng.random(4000) > 0.2)
    rows = np.arange(4000)
    gaps = WaitingGaps(
        rows, seconds, np.ones(4000, dtype=bool), np.ones(4000, dtype=int), seconds, seconds
    )
    curve = GapCurve.of(gap_estimate(gaps, DayBootstrap(rows % 20), 900.0))
    for time in (5.0, 20.0, 60.0, 200.0):
        assert curve.at(np.array([time]))[0] == pytest.approx(np.mean(seconds > time), abs=0.02)
    assert (curve.density(np.array([1.0, 15.0, 100.0, 800.0])) > 0).all()
    assert (np.diff(curve.left) <= 0).all()
    assert curve.left[-1] == 0
    assert curve.at(np.array([curve.over]))[0] <= 0.05
    none = GapCurve.of(None)
    assert none.at(np.array([1.0]))[0] == 0


def test_breaks_when_quiet_keep_the_share_of_free_agents_who_are_not_ready():
    """Long beside the time between contacts, they must be rarer than that share."""
    breaks = InferredBreaks.of(0.4, 60.0, 540.0)
    on_break = breaks.share * 540 + breaks.share / (1 - breaks.share) * 0.6 * 60
    assert on_break == pytest.approx(0.4 * 60)
    assert breaks.share < 0.05
    assert InferredBreaks.of(0.4, 1e6, 60.0).share == pytest.approx(0.4, abs=1e-3)
    assert InferredBreaks.of(0.0, 60.0, 60.0).share == 0.0
    short = breaks.lasting(30.0)
    assert short.share * 30 + short.share / (1 - short.share) * 0.6 * 60 == pytest.approx(0.4 * 60)
    assert (short.length, short.not_ready) == (30, 0.4)
    assert InferredBreaks.estimated(breaks.share, 540.0, 60.0).not_ready == pytest.approx(0.4)


def test_speeds_of_agents_are_found_and_their_spread():
    center = KnownCenter(days=20, agents=12, per_hour=200.0, speed_cv=0.25, talk_day_cv=0.05)
    log = simulate_center(center, 9)
    known = log.agent >= 0
    expected = np.full(known.sum(), 180.0)
    found = agent_speeds(log.agent[known], log.day[known], log.talk[known], expected, np.inf)
    assert found.spread.contains(0.25)
    inside = (found.low <= log.speeds) & (log.speeds <= found.high)
    assert inside.sum() >= 9  # P(X < 9) = 0.3 % with 95 %
    assert np.corrcoef(found.value, log.speeds)[0, 1] > 0.95
    # Drawn towards the common value.
    assert found.value.std() < found.observed.std()


def _center_of_six(rng, cv, noise=1.0):
    """Talk of two queues with three agents each, early ones faster, and late hours longer."""
    sigma = np.sqrt(np.log1p(cv**2))
    pace = np.exp(rng.normal(-(sigma**2) / 2, sigma, 6))
    agent = rng.integers(0, 6, 3000)
    hour = rng.integers(0, 2, 3000) + agent % 3  # shifts that overlap by an hour
    queue = agent // 3
    mean = np.array([200.0, 300.0])[queue]
    talk = mean * (1 + 0.1 * hour) / pace[agent] * rng.gamma(noise**-2, noise**2, 3000)
    return agent, queue, hour, rng.integers(0, 30, 3000), talk


def test_the_spread_of_few_agents_is_not_taken_up_by_queues_and_hours():
    """Half of the estimates are too high; without degrees of freedom for queues far fewer are."""
    rng = np.random.default_rng(21)
    spread, on_duty, inside = [], [], 0
    for _ in range(100):
        agent, queue, hour, day, talk = _center_of_six(rng, 0.2)
        sums = np.bincount(queue, talk) / np.bincount(queue)
        expected = expected_of_hours(talk, sums[queue], agent, queue, hour)
        found = agent_speeds(agent, day, talk, expected, np.inf, queue)
        spread.append(found.spread.value)
        on_duty.append(found.spread_on_duty)
        inside += found.spread.contains(0.2)
    assert np.mean(np.array(spread) > 0.2) == pytest.approx(0.5, abs=0.15)
    assert np.mean(np.array(on_duty) > 0.2) == pytest.approx(0.5, abs=0.15)
    assert np.mean(spread) == pytest.approx(0.2, rel=0.12)
    assert inside >= 88  # P(X < 88) = 0.1 % with 95 %
    alone = agent_speeds(agent[queue == 0], day[queue == 0], talk[queue == 0], expected[queue == 0])
    assert alone.spread.high <= 1.0


def test_hours_are_compared_within_agents():
    agent, queue, hour, _, talk = _center_of_six(np.random.default_rng(24), 0.6, 0.2)
    means = np.bincount(queue, talk) / np.bincount(queue)
    expected = expected_of_hours(talk, means[queue], agent, queue, hour)
    for at in (0, 1):
        mine = np.array([expected[(queue == at) & (hour == h)].mean() for h in range(4)])
        assert mine[3] / mine[0] == pytest.approx(1.3, rel=0.08)  # 5.2 and 1.3 by hour alone
        assert expected[queue == at].mean() == pytest.approx(means[at])


def test_recent_calls_weigh_more():
    rng = np.random.default_rng(10)
    day = np.repeat(np.arange(60), 100)
    agent = np.tile(np.arange(4), 1500)
    pace = np.where((agent == 0) & (day >= 30), 0.5, 1.0)
    talk = pace * rng.lognormal(5.0, 0.5, day.size)
    expected = np.full(day.size, np.exp(5.125))
    recent = agent_speeds(agent, day, talk, expected, half_life=5.0)
    alike = agent_speeds(agent, day, talk, expected, np.inf)
    assert recent.value[0] == pytest.approx(2.0, rel=0.12)
    assert alike.value[0] == pytest.approx(1 / 0.75, rel=0.1)


def test_agents_who_are_all_the_same_have_no_spread():
    log = simulate_center(KnownCenter(days=20, agents=12, per_hour=200.0), 11)
    known = log.agent >= 0
    found = agent_speeds(
        log.agent[known], log.day[known], log.talk[known], np.full(known.sum(), 180.0)
    )
    assert found.spread.low < 0.01
    assert found.spread.value < 0.05
    nothing = agent_speeds(np.array([-1]), np.array([0]), np.array([5.0]), np.array([5.0]))
    assert nothing.agent.size == 0


def test_resolution_of_agents_is_found():
    rng = np.random.default_rng(12)
    truth = np.clip(rng.normal(0.8, 0.08, 20), 0, 1)
    agent, day = rng.integers(0, 20, 12_000), np.arange(12_000) // 400
    resolved = (rng.random(12_000) < truth[agent]).astype(float)
    resolved[::7] = np.nan
    found = agent_resolution(agent, day, resolved, np.inf)
    assert found.spread.contains(0.08)
    assert np.sum((found.low <= truth) & (truth <= found.high)) >= 15
    assert found.calls.sum() == np.isfinite(resolved).sum()


def test_spread_between_groups_is_that_of_the_textbook():
    """Thirteen trials of BCG vaccine (Colditz et al. 1994; values of R's metafor, method PM)."""
    log_risk = np.array([
        -0.8893, -1.5854, -1.3481, -1.4416, -0.2175, -0.7861, -1.6209, 0.0120, -0.4694, -1.3713,
        -0.3394, 0.4459, -0.0173,
    ])  # fmt: skip
    variance = np.array([
        0.3256, 0.1946, 0.4154, 0.0200, 0.0512, 0.0069, 0.2230, 0.0040, 0.0564, 0.0730, 0.0124,
        0.5325, 0.0714,
    ])  # fmt: skip
    found = group_spread(log_risk, variance)
    between = np.array([0.3181, found.spread**2])[:, None]  # method PM, and the one here
    weight = 1 / (variance + between)
    common = (weight @ log_risk / weight.sum(axis=1))[:, None]
    q = (weight * (log_risk - common) ** 2).sum(axis=1)
    # Twelve degrees of freedom, and the median of their chi-square.
    assert q == pytest.approx([12.0, 11.3403], abs=1e-2)
    assert found.low**2 == pytest.approx(0.1197, abs=5e-4)
    assert found.high**2 == pytest.approx(1.1115, abs=2e-3)
    assert found.mean == pytest.approx(common[1, 0])
    assert np.abs(found.shrunk - found.mean).max() < np.abs(log_risk - found.mean).max()
    assert np.isnan(group_spread(np.ones(1), np.ones(1)).spread)


def test_skills_are_what_agents_take_often_enough():
    rng = np.random.default_rng(13)
    may = np.array([[1, 1, 0], [1, 1, 0], [0, 1, 1], [1, 1, 0], [1, 1, 0]], dtype=bool)
    agent = np.concatenate((rng.integers(0, 4, 4000), [4] * 10, [-1] * 50))
    queue = np.array([rng.choice(np.flatnonzero(may[a])) if a >= 0 else 2 for a in agent])
    queue[4000:4010] = [0, 1] * 5
    slip = np.flatnonzero(agent == 0)[0]
    queue[slip] = 2
    found = agent_skills(agent, queue, 6, 3)
    assert (found.has[:4] == may[:4]).all()
    assert found.unknown[4].tolist() == [False, False, True]
    assert found.group.tolist() == [0, 0, 1, 0, 0, -1]
    assert found.group_skills.tolist() == [[True, True, False], [False, True, True]]


def _contacts(agent, start, end, instant, asked, able, contact=None) -> AnsweredContacts:
    contact = np.zeros(len(agent), dtype=int) if contact is None else contact
    return AnsweredContacts(
        np.array(agent), np.array(start, dtype=float), np.array(end, dtype=float), contact,
        np.array(instant, dtype=float), np.array(asked), np.array(able, dtype=bool),
    )  # fmt: skip


def _overdue(contacts: AnsweredContacts, weight=None) -> np.ndarray:
    spans = FreeSpans.of(contacts.agent, contacts.start, contacts.end, 900.0)
    weight = np.ones(contacts.able.shape) if weight is None else np.array(weight)
    return MissedContacts.of(contacts, spans, weight).overdue(contacts)


def test_a_long_gap_ends_a_presence_only_where_contacts_were_missed():
    """Agent 0 has half an hour between two contacts; one or eleven others arrive meanwhile."""
    agent, start, end = np.array([0, 0]), np.array([0.0, 2000.0]), np.array([100.0, 2100.0])
    for others, overdue in ((1, -np.inf), (11, 2000.0 - 800.0)):
        instant = [0.0, *np.linspace(500, 1500, others), 2000.0]
        one = _contacts(agent, start, end, instant, [0] * len(instant), [[True]])
        found = _overdue(one)
        assert found.tolist() == [-np.inf, overdue]
        assert presences(agent, start, end, 900.0, found).agent.size == (1 if others == 1 else 2)
        assert presences(agent, start, end, 900.0, found, 1500.0).agent.size == 1
    late = presences(agent, start, np.array([100.0, 2100.0]) - 90, 900.0, np.full(2, -np.inf))
    assert late.agent.size == 1
    assert presences(agent, start * 4, end, 900.0, np.full(2, -np.inf)).agent.size == 2  # an hour


def test_contacts_that_others_could_take_are_missed_in_part():
    """Agent 1 is free for all contacts in the gap of agent 0 and takes none; 2 cannot help."""
    agent, start = [0, 0, 1, 1, 2, 2, 2], [0, 2000, 0, 1900, 0, 700, 1500]
    end, instant = [100, 2100, 1100, 1950, 50, 750, 1600], [*range(200, 1800, 100)]
    queues = [[True, False]] * 2 + [[False, True]]
    one = _contacts(agent, start, end, instant, [0] * 16, queues)
    assert _overdue(one)[1] == 2000 - 500  # agent 1 works: the fourth is one too many
    # Free since 100 instead, agent 1 takes every second one, or two of three.
    one.end[2] = 1000
    one.end[2], one.start[3] = 100, 950
    assert _overdue(one)[1] == 2000 - 800
    assert _overdue(one, [[1, 1], [2, 1], [1, 1]])[1] == pytest.approx(2000 - 1000)


def _two_kinds_of_agents(later: float, seed: int = 3) -> AnsweredContacts:
    """Two agents of a queue and two who serve another one too; the latter are taken last."""
    rng = np.random.default_rng(seed)
    able = np.array([[True, False], [True, False], [True, True], [True, True]])
    n = 4000
    instant, asked = np.cumsum(rng.exponential(90.0, n)), (rng.random(n) < 0.1).astype(int)
    free = np.zeros(4)
    rows = []
    for at, (now, queue) in enumerate(zip(instant, asked, strict=True)):
        idle = [k for k in range(4) if able[k, queue] and free[k] <= now]
        if not idle:
            continue
        weight = np.array([later if able[k, 1] else 1.0 for k in idle])
        who = int(rng.choice(idle, p=weight / weight.sum()))
        free[who] = now + rng.exponential(150.0)
        rows.append((who, now, free[who], at))
    agent, start, end, contact = (np.array(one) for one in zip(*rows, strict=True))
    return _contacts(agent, start, end, instant, asked, able, contact)


@pytest.mark.parametrize("later", [0.1, 1.0])
def test_who_is_preferred_is_found(later):
    contacts = _two_kinds_of_agents(later)
    spans = FreeSpans.of(contacts.agent, contacts.start, contacts.end, 3600.0)
    found = preference(contacts, spans)
    assert found[2, 0] / found[0, 0] == pytest.approx(later, rel=0.15)
    assert found[0, 0] == found[1, 0]
    assert found[2, 0] == found[3, 0]
    assert (found[2:, 1] == 1).all()  # no others serve that queue


def test_agents_who_are_asked_last_have_not_left():
    """The rule that takes all who are free as equally likely loses a tenth of all hours."""
    contacts = _two_kinds_of_agents(0.03)
    columns = contacts.agent, contacts.start, contacts.end
    rule = presence_rule(contacts)
    spans = FreeSpans.of(*columns, 900.0)
    weight = np.ones(contacts.able.shape)
    alike = MissedContacts.of(contacts, spans, weight).overdue(contacts)
    hours = [
        presences(*columns, 900.0, overdue, longest).hours / (4 * contacts.instant[-1] / HOUR)
        for overdue, longest in ((rule.overdue, rule.longest), (alike, 0.0))
    ]
    assert hours[0] > 0.97
    assert hours[1] < 0.92


def _with_lunches(at_random: bool, days: int = 30) -> tuple[AnsweredContacts, float]:
    """Twelve agents with a lunch of half an hour, who wait for contacts for four minutes each."""
    rng = np.random.default_rng(11)
    rows, instants, hours, day_length = [], [], 0.0, 8 * HOUR
    for day in range(days):
        begin = 86400.0 * day
        lunch = begin + rng.uniform(2.5, 5, 12) * HOUR
        back, free = lunch + 1800.0, np.full(12, begin)
        for now in begin + np.sort(rng.uniform(0, day_length, rng.poisson(480))):
            instants.append(now)
            at_lunch = (lunch <= now) & (now < back)
            able = np.flatnonzero((free <= now) & ~at_lunch)
            if not able.size:
                continue
            idle = np.where((free <= lunch) & (now >= back), back, free)[able]
            who = int(rng.choice(able)) if at_random else int(able[np.argmin(idle)])
            free[who] = now + rng.exponential(360.0)
            rows.append((who, now, free[who], len(instants) - 1))
            late = free[who] - lunch[who]
            hours += min(late, 1800.0) / HOUR if now < lunch[who] and late > 0 else 0.0
        hours += 12 * 7.5 + np.maximum(free - begin - day_length, 0.0).sum() / HOUR
    agent, start, end, contact = (np.array(one) for one in zip(*rows, strict=True))
    asked = np.zeros(len(instants), dtype=int)
    return _contacts(agent, start, end, instants, asked, np.ones((12, 1)), contact), hours


@pytest.mark.parametrize(("at_random", "least", "most"), [(False, 0.8, 1.6), (True, 2.5, 3.0)])
def test_how_many_contacts_are_missed_shows_how_they_are_given_to_agents(at_random, least, most):
    contacts, _ = _with_lunches(at_random)
    assert least <= presence_rule(contacts).most_missed <= most


def test_lunches_are_seen_where_who_was_free_longest_is_next():
    """Of contacts given at random agents miss three now and then: half of the lunches are kept."""
    contacts, hours = _with_lunches(at_random=False)
    rule = presence_rule(contacts)
    columns = contacts.agent, contacts.start, contacts.end
    found = presences(*columns, 900.0, rule.overdue, rule.longest)
    found = lengthened(found, presence_ends(contacts, found, rule.preference))
    assert found.hours / hours == pytest.approx(1.0, abs=0.01)
    missed = MissedContacts.of(contacts, FreeSpans.of(*columns, 900.0), rule.preference)
    cautious = presences(*columns, 900.0, missed.overdue(contacts), 1500.0)
    assert cautious.hours / hours > 1.02


def test_breaks_are_as_long_as_the_first_of_them_say():
    """Breaks of 250 s on average, and absences of half an hour and more."""
    rng = np.random.default_rng(8)
    breaks, absences = rng.exponential(250.0, 2000), rng.uniform(1500.0, 2500.0, 300)
    assert longest_overdue(np.append(breaks, absences)) == pytest.approx(1350.0, abs=200.0)
    assert longest_overdue(np.append(breaks[:40] / 5, absences - 900)) <= 600.0
    assert longest_overdue(np.full(3, -np.inf)) < 1000.0


def test_agents_who_are_fast_and_resolve_less_are_found_to_be_so():
    rng = np.random.default_rng(13)
    agents, n = 60, 30_000
    score = rng.standard_normal((2, agents))
    speed = np.exp(0.2 * score[0])
    share = np.clip(0.7 * (1 + 0.12 * (-0.8 * score[0] + 0.6 * score[1])), 0, 1)
    agent, day = rng.integers(0, agents, n), np.arange(n) // 500
    talk = rng.exponential(200.0, n) / speed[agent]
    speeds = agent_speeds(agent, day, talk, np.full(n, 200.0), np.inf)
    resolved = (rng.random(n) < share[agent]).astype(float)
    usual = np.full(n, resolved.mean())
    found = agent_resolution(agent, day, resolved, np.inf, usual)
    assert found.common == pytest.approx(1.0, abs=0.02)
    assert found.spread.contains(np.std(share / 0.7))
    both = correlation_of_agents(speeds, found)
    assert both.low < -0.8 < both.high
    assert both.high < 0
    alone = agent_resolution(agent[:1], day[:1], resolved[:1])
    assert np.isnan(correlation_of_agents(speeds, alone).value)


def test_persons_have_the_spreads_and_the_correlation_of_the_estimates():
    persons = representative_persons(0.2, 150, 0.1, -0.8)
    speed, resolves = (
        np.array([float(one[key].rstrip("%")) / 100 for one in persons])
        for key in ("speed", "resolves")
    )
    assert resolves.mean() == pytest.approx(1.0, abs=1e-3)
    assert resolves.std() == pytest.approx(0.1, rel=0.08)
    assert np.corrcoef(np.log(speed), resolves)[0, 1] == pytest.approx(-0.8, abs=0.05)
    assert "resolves" not in representative_persons(0.2, 3)[0]
