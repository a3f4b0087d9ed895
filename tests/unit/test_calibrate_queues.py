"""Who serves whom, and in which order, recovered from logs of centers that are known."""

import datetime as dt

import numpy as np
import pytest

import sim
from sim.history.calibration.agent_groups import estimate_groups, skills_of_agents
from sim.history.calibration.log_parts import pooled_small_queues
from sim.history.calibration.log_presences import presences_of
from sim.history.calibration.queue_order import estimate_order
from sim.history.call_log import read_call_log
from sim.history.estimation.day_bootstrap import DayBootstrap
from sim.planning.log_inputs import _group_of_agents
from tests.support.recorded_world import FIRST_DAY, TITLES, WORLD, rows_of, world, write_log

DAYS = 8
BUSY = {"center__days": DAYS, "queue__billing__volume": 24, "group__team__agents": 5}


def log_of(tmp_path, rows, titles=TITLES):
    """Return the log of such rows."""
    return pooled_small_queues(read_call_log(write_log(tmp_path / "log.csv", rows, titles), {}).log)


def found_in(log):
    """Return groups, order and what the scenario does not say."""
    calls = np.flatnonzero(log.answered & (log.agent >= 0) & np.isfinite(log.talk))
    groups = estimate_groups(log, calls, presences_of(log).present)
    missing = []
    skills = skills_of_agents(log, groups)
    return groups, estimate_order(log, skills, DayBootstrap(log.day), missing), missing


def test_a_head_start_between_queues_is_recovered(tmp_path):
    rows = rows_of(world(**BUSY, queue__cards__head_start="60s"), 3)
    _, order, missing = found_in(log_of(tmp_path, rows))
    assert order.rule == "head start"
    assert order.fields("billing") == {}
    assert float(order.fields("cards")["head_start"].removesuffix("s")) == pytest.approx(60, abs=3)
    assert not missing


def test_an_absolute_priority_is_recovered(tmp_path):
    rows = rows_of(world(**BUSY, queue__cards__priority=2), 3)
    _, order, _ = found_in(log_of(tmp_path, rows))
    assert (order.fields("cards"), order.fields("billing")) == ({"priority": 2}, {})


def two_teams():
    """Return a center of which 5 agents serve both queues, and 3 only billing."""
    other = {"agents": 3, "skills": {"billing": 1}, "gap": "exponential 20s"}
    changes = {
        "center.days": DAYS, "queue.cards.volume": 6, "queue.billing.volume": 30,
        "group.team.agents": 5,
    }  # fmt: skip
    return sim.load(WORLD | {"group": WORLD["group"] | {"other": other}}, changes)


def test_groups_that_differ_in_a_small_queue_are_recovered(tmp_path):
    """The queue that only one of them serves has a sixth of the contacts."""
    log = log_of(tmp_path, rows_of(two_teams(), 4))
    groups, _, _ = found_in(log)
    names = [{log.queues[at] for at in np.flatnonzero(one.skills)} for one in groups]
    assert names == [{"billing", "cards"}, {"billing"}]
    assert [one.agents.size for one in groups] == [5, 3]
    # Given the agents of other days, each belongs to the group that takes such contacts.
    places = _group_of_agents(log, two_teams())
    assert all((places[one.agents] == at).all() for at, one in enumerate(groups))


def test_contacts_that_never_wait_while_others_do_go_first(tmp_path):
    """Calls back that an agent makes when he is free: offered when he begins."""
    rows = rows_of(world(**BUSY), 5)
    changed = []
    for at, (offered, wait, outcome, *others) in enumerate(rows):
        back = others[-1] == "cards" and outcome == "answered" and at % 4
        if back:
            moment = dt.datetime.fromisoformat(offered) + dt.timedelta(seconds=float(wait))
            offered, wait = moment.strftime("%Y-%m-%d %H:%M:%S.%f"), "0"
        changed.append((offered, wait, outcome, *others))
    _, order, missing = found_in(log_of(tmp_path, changed))
    assert list(order.at_once) == ["cards"]
    assert order.fields("cards") == {"priority": 2}
    assert order.fields("billing") == {}
    assert any("order of cards" in line for line in missing)
    assert [row.value for row in order.rows() if row.name == "priority"] == [2.0]
    _, order, _ = found_in(log_of(tmp_path, rows))
    assert order.at_once == {}


def test_an_order_that_changed_is_that_of_the_second_half(tmp_path):
    first = rows_of(world(**BUSY), 6)
    later = FIRST_DAY + dt.timedelta(days=DAYS)
    second = rows_of(world(**BUSY, center__first_day=later, queue__cards__head_start="60s"), 7)
    _, order, missing = found_in(log_of(tmp_path, first + second))
    assert float(order.fields("cards")["head_start"].removesuffix("s")) == pytest.approx(60, abs=3)
    assert any("changed" in line for line in missing)


def test_priorities_of_customers_within_a_queue_are_reported(tmp_path):
    """Two kinds of customers are one queue in the log, which has their priority."""
    rows = [
        (*one[:-1], "calls" if at % 9 else "other", 2 if one[-1] == "cards" else 1)
        for at, one in enumerate(rows_of(world(**BUSY, queue__cards__head_start="60s"), 3))
    ]
    log = log_of(tmp_path, rows, (*TITLES, "priority"))
    _, order, missing = found_in(log)
    assert order.rule == "first come"
    (line,) = [one for one in missing if "order within calls" in one]
    seconds = float(line.partition("count as ")[2].partition(" s longer at priority 2")[0])
    assert seconds == pytest.approx(60, abs=5)
