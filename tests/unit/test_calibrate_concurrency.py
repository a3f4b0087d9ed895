"""Contacts that agents have at once, from logs of centers that are known."""

import datetime as dt

import numpy as np
import pytest

import sim
from sim.history.calibration.center_estimation import estimate_center
from sim.history.calibration.estimate_rows import rows_of as rows_of_estimates
from sim.history.calibration.log_concurrency import concurrency_notes, concurrency_of
from sim.history.calibration.log_presences import LogWork, busy_share, work_hours
from sim.history.calibration.past_days import mean_handle_times, simulate_past_days
from sim.history.calibration.period_sums import actual_sums
from sim.history.calibration.scenario_comments import field_comments
from sim.history.calibration.scenario_tables import usual_week
from sim.history.calibration.week_calendar import week_calendar
from sim.history.call_log import read_call_log
from sim.history.estimation.concurrency import busy_times, busy_until, concurrency
from sim.history.estimation.day_bootstrap import DayBootstrap
from sim.history.estimation.free_spans import FreeSpans
from sim.report.calibration.text import calibration_text
from tests.support.recorded_world import WORLD, rows_of, write_log

DAYS = 7
AT_ONCE = 3


def center():
    """Return a center whose agents have one call, or three chats."""
    changes = {"center.days": DAYS, "queue.billing.volume": 20, "group.team.agents": 5}
    chat = {
        "volume": 16, "talk": "lognormal 12min cv 0.7",
        "patience": "exponential 5min", "channel": "chat",
    }  # fmt: skip
    queues = {"billing": WORLD["queue"]["billing"], "chats": chat}
    calls = WORLD["group"]["team"] | {"skills": {"billing": 1}}
    chats = {
        "agents": 4,
        "skills": {"chats": {"level": 1, "at_once": AT_ONCE}},
        "gap": "exponential 20s",
    }
    return sim.load(WORLD | {"queue": queues, "group": {"team": calls, "chat": chats}}, changes)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return write_log(tmp_path_factory.mktemp("chat") / "log.csv", rows_of(center(), 2))


@pytest.fixture(scope="module")
def estimates(file):
    return estimate_center(read_call_log(file, {}).log)


def test_the_number_of_chats_at_once_is_recovered(estimates):
    found = estimates.concurrency
    assert dict(zip(estimates.log.queues, found.at_once.tolist(), strict=True)) == {
        "billing": 1, "chats": AT_ONCE,
    }  # fmt: skip
    (row,) = [one for one in rows_of_estimates(estimates) if one.name == "concurrency"]
    assert (row.scope, row.value, row.unit) == ("queue.chats", AT_ONCE, "count")
    assert "of the contacts of chats overlap" in row.method
    tables = usual_week(estimates)
    skills = [one["skills"] for one in tables["group"].values()]
    assert {"billing": 1} in skills
    assert {"chats": {"level": 1, "at_once": AT_ONCE}} in skills
    comments = field_comments((row,), _no_loop(), tables)
    assert [path for path in comments if path.endswith("skills")] == [
        f"group.{name}.skills" for name, one in tables["group"].items() if "chats" in one["skills"]
    ]


def _no_loop():
    class Loop:
        changed = ()

    return Loop()


def test_recorded_days_with_chats_are_simulated_as_they_were(estimates):
    """One chat at a time, agents would answer fewer than half of them within 20 s."""
    log, chats = estimates.log, estimates.log.queues.index("chats")
    calendar = week_calendar(log, estimates.usable)
    actual = actual_sums(log, calendar).in_all()
    simulated = simulate_past_days(estimates, log, 4).in_all().over_replications()
    for metric, off in (("service_level", 0.03), ("abandonment", 0.02)):
        assert simulated.metric(metric)[0] == pytest.approx(actual.metric(metric)[0], abs=off)
    group = next(one for one in estimates.groups if one.skills[chats])
    opens = slice(16, 36)  # 8:00 to 18:00
    assert group.present[:, opens].mean() == pytest.approx(4, rel=0.03)


def test_agents_are_free_only_when_no_contact_is_left(estimates):
    """The gap, free agents and the time agents work are of all that an agent has at once."""
    log = estimates.log
    work = LogWork(log, DayBootstrap(log.day), estimates.usable, [])
    spans = FreeSpans.of(
        log.agent[work.calls], log.answer[work.calls], work.work_end[work.calls], 900
    )
    end = log.end + np.nan_to_num(log.wrap if log.wrap is not None else 0.0)
    for agent, since, until in zip(spans.agent, spans.start, spans.end, strict=True):
        mine = work.calls[log.agent[work.calls] == agent]
        beside = (log.answer[mine] < since - 2) & (end[mine] > since + 2)
        assert not beside.any(), (agent, since, until)
    assert estimates.gap.mean.value == pytest.approx(20, abs=3)
    hours, times = work_hours(log, work.concurrency, estimates.usable)
    assert busy_share(work, estimates.working) < 1
    assert times < work.calls.size
    assert work.answered.mean_work == pytest.approx(3600 * hours / times, rel=0.01)
    talk = float(log.talk[work.calls].sum()) / 3600
    assert hours < 0.8 * talk
    # A chat takes a third of an agent.
    alone = np.nanmean(log.talk[log.answered])
    assert mean_handle_times(estimates, np.array([0]))[0] < 0.7 * alone


def test_the_number_at_once_is_in_notes_and_summary(file, quick_calibration):
    found = sim.calibrate(file)
    (note,) = [one for one in found.cleaning.notes if "at once" in one]
    assert note.startswith("agents have up to 3 contacts of chats at once")
    assert found.estimate("concurrency", "queue.chats").value == AT_ONCE
    assert "contacts that an agent has at once" in calibration_text(found)
    assert "at_once = 3" in found.files["scenario.toml"]


def damaged(rows, seed=1):
    """Return rows of which 1.5 % have a talk of 3 h, and 2 % begin 45 s too early."""
    drawn = np.random.default_rng(seed).random(len(rows))
    found = []
    for (offered, wait, outcome, talk, *others), u in zip(rows, drawn, strict=True):
        if outcome == "answered" and u < 0.015:
            talk = "10800"
        elif outcome == "answered" and u < 0.035:
            moment = dt.datetime.fromisoformat(offered) - dt.timedelta(seconds=45)
            offered = moment.strftime("%Y-%m-%d %H:%M:%S.%f")
        found.append((offered, wait, outcome, talk, *others))
    return found


@pytest.mark.parametrize("change", [list, damaged])
def test_calls_are_one_at_a_time_even_with_damaged_times(tmp_path, change):
    busy = {"center.days": 8, "queue.billing.volume": 24, "group.team.agents": 5}
    rows = change(rows_of(sim.load(WORLD, busy), 3))
    log = read_call_log(write_log(tmp_path / "log.csv", rows), {}).log
    found = concurrency_of(log)
    assert found.at_once.tolist() == [1, 1]
    assert list(concurrency_notes(found, log.queues)) == []
    work = LogWork(log, DayBootstrap(log.day), log.day_used, [])
    assert np.array_equal(work.work_end, log.end, equal_nan=True)
    if change is list:
        skills = usual_week(estimate_center(log))["group"]["team"]["skills"]
        assert skills == {"billing": 1, "cards": 1}


def three_at_once(count, beside):
    """Return contacts of an agent: triples that begin together, of which some have a fourth."""
    start, end = [], []
    for k in range(count):
        for j in range(4 if k < beside else 3):
            start.append(1000.0 * k + 10 * j)
            end.append(1000.0 * k + 500)
    return np.array(start), np.array(end)


@pytest.mark.parametrize(("beside", "at_once"), [(0, 3), (15, 3), (30, 4)])
def test_a_number_that_few_contacts_exceed_does_not_count(beside, at_once):
    """Of 900 contacts 18 may begin with more in progress."""
    start, end = three_at_once(300, beside)
    zeros = np.zeros(start.size, dtype=np.int64)
    found = concurrency(zeros, zeros, start, end, end, np.array([0]))
    assert found.at_once.tolist() == [at_once]
    assert found.overlapping[0] == 1


def test_contacts_of_one_channel_count_together_and_others_do_not():
    start, end = three_at_once(300, 0)
    agent = np.zeros(start.size, dtype=np.int64)
    queue = np.tile([0, 1, 2, 1, 0, 2], 150)
    found = concurrency(agent, queue, start, end, end, np.array([0, 0, 1]))
    assert found.at_once.tolist() == [2, 2, 1]
    assert found.other_channel.tolist() == [0, 0, 1]
    *_, note = concurrency_notes(found, ("a", "b", "c"))
    assert note.startswith("100 % of the contacts of c begin while their agent has one of another")


def test_wrap_up_during_the_next_call_does_not_count():
    start = np.arange(300) * 100.0
    zeros = np.zeros(300, dtype=np.int64)
    found = concurrency(zeros, zeros, start, start + 90, start + 130, np.array([0]))
    assert found.at_once.tolist() == [1]


def test_work_ends_with_the_last_of_concurrent_contacts():
    agent = np.array([0, 0, 0, 1, 0])
    start = np.array([0.0, 10.0, 50.0, 20.0, 200.0])
    end = np.array([100.0, 20.0, 60.0, 30.0, 250.0])
    several = np.ones(5, dtype=bool)
    until = busy_until(agent, start, end, several)
    assert until == pytest.approx([100, 100, 100, 30, 250])
    assert sorted(busy_times(agent, start, until)) == pytest.approx([10, 50, 100])
    assert busy_until(agent, start, end, ~several).tolist() == end.tolist()
