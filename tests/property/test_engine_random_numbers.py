"""Common random numbers: what a change of the model may not touch, and what it may only improve."""

import tomllib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine import replication_simulator, simulate_replication
from sim.log import Outcome
from sim.model import Model, build
from sim.scenario import Scenario
from sim.tape import draw_tape
from tests.support.small_models import bot, center, drawn, fixed, group, queue, retry
from verification.random_models import random_model

TABLES = ("legs", "states", "presences", "issues")
TAPE = ("queue", "born", "backlog", "keys", "talk", "hold", "wrap", "patience")


def leg_rows(log, table):
    """The columns of a table as lists of text: NaN equals NaN."""
    columns = getattr(log, table).columns()
    return {name: list(map(str, column.tolist())) for name, column in columns.items()}


def everything(log):
    return {table: leg_rows(log, table) for table in TABLES}


def model_of(seed, whole):
    return random_model(np.random.default_rng([seed, whole, 7]), whole)


# -- the same twice ----------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["reference", "kernel"])
@pytest.mark.parametrize("seed", range(10))
def test_same_seed_gives_the_same_log_whatever_was_simulated_before(seed, engine):
    model = model_of(seed, seed % 2 == 0)
    again = replication_simulator(model, engine)
    again(1, 2)
    assert everything(again(1, 1)) == everything(simulate_replication(model, 1, 1, engine))


# -- a queue more ------------------------------------------------------------------------------


def with_stranger(model: Model) -> Model:
    """A model with one more queue that has agents of its own."""
    number = len(model.queues)
    other = replace(
        drawn("stranger", 30 / model.intervals, model.intervals, hours=model.queues[0].hours),
        bot=bot(30, contained=0.5, resolved=0.5),
        patience=fixed(100),
        retry=retry(queue=number),
    )
    team = center(
        [queue("stranger", hours=other.hours)], group("strangers", [0], 2),
        days=model.days, day_s=model.day_s, interval_s=model.interval_s,
    ).groups[0]  # fmt: skip
    team = replace(team, skills=(replace(team.skills[0], queue=number),))
    channels = tuple(sorted({*model.channels, "voice"}))
    return replace(
        model, queues=(*model.queues, other), groups=(*model.groups, team), channels=channels,
        journeys=with_queue(model.journeys),
    )  # fmt: skip


def with_queue(journeys):
    """The journeys of a model with one more queue, whose issues are of no kind or segment."""
    if journeys is None:
        return None

    def longer(shares):
        return np.concatenate([shares, np.zeros_like(shares[:1])])

    return replace(
        journeys, kind_shares=longer(journeys.kind_shares),
        segment_shares=longer(journeys.segment_shares),
    )  # fmt: skip


def without_stranger(log, count):
    """The tables without the stranger's rows; issues are numbered as if it were not there."""
    kept = log.issues.queue < count
    number = np.cumsum(kept) - 1
    legs = log.legs.columns()
    rows = kept[legs["issue"]]
    legs = {name: column[rows] for name, column in legs.items()}
    legs["issue"] = number[legs["issue"]]
    agents = sum(g.agents for g in log.model.groups[:-1])
    tables = {"legs": legs}
    for name in ("states", "presences"):
        columns = getattr(log, name).columns()
        mine = columns["agent"] < agents
        tables[name] = {key: column[mine] for key, column in columns.items()}
    tables["issues"] = {key: column[kept] for key, column in log.issues.columns().items()}
    return {
        table: {name: list(map(str, column.tolist())) for name, column in columns.items()}
        for table, columns in tables.items()
    }


@pytest.mark.parametrize("whole", [False, True], ids=["any time", "whole seconds"])
@pytest.mark.parametrize("seed", range(20))
def test_one_more_queue_with_agents_of_its_own_leaves_all_others_as_they_were(seed, whole):
    model = model_of(seed, whole)
    log = simulate_replication(with_stranger(model), 1, 1)
    assert log.issues.queue.max() == len(model.queues)
    assert without_stranger(log, len(model.queues)) == everything(simulate_replication(model, 1, 1))


# -- other agents ------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(20))
def test_other_agents_leave_the_tape_and_the_work_of_each_contact(seed):
    model = model_of(seed, False)
    staffed = replace(model, groups=tuple(map(doubled, model.groups)))
    first, second = draw_tape(model, 1, 1), draw_tape(staffed, 1, 1)
    for name in TAPE:
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
    before, after = (works(simulate_replication(each, 1, 1)) for each in (model, staffed))
    common = before.keys() & after.keys()
    assert common
    assert {key: before[key] for key in common} == {key: after[key] for key in common}


def doubled(team):
    if team.headcount is None:
        return team
    heads = 2 * team.headcount
    factors = None if team.agent_factors is None else np.tile(team.agent_factors, (2, 1))
    return replace(
        team, headcount=heads, scheduled=heads.astype(float), agents=int(heads.max(initial=0)),
        agent_factors=factors,
    )  # fmt: skip


def works(log):
    """Work and wrap work of every answered first leg with agents, by issue."""
    legs = log.legs
    first = (legs.kind == 0) & (legs.outcome == Outcome.ANSWERED) & (legs.contact == 0)
    columns = (legs.issue[first], legs.queue[first], legs.work[first], legs.wrap_work[first])
    return {row[0]: row[1:] for row in zip(*(c.tolist() for c in columns), strict=True)}


# -- order in the file -------------------------------------------------------------------------

MIXED = """
[center]
name = "Mixed"
open = "08:00-12:00"

[queue.billing]
volume = 200
talk = "exponential 240s"
patience = "exponential 120s"

[queue.orders]
volume = 150
talk = "lognormal 300s cv 0.8"
wrap = "30s"
patience = "exponential 90s"

[queue.mail]
channel = "email"
volume = 60
talk = "exponential 400s"

[group.east]
agents = 9
skills = { billing = 1, orders = { level = 2, after = "20s" }, mail = 3 }

[group.west]
agents = 8
skills = { orders = 1, mail = 2 }
"""


def turned(table):
    """A table, and the tables in it, in the opposite order."""
    if not isinstance(table, dict):
        return table
    return {key: turned(value) for key, value in reversed(table.items())}


def test_order_of_queues_groups_and_skills_in_the_file_changes_nothing():
    given_in = tomllib.loads(MIXED)
    other = turned(given_in)
    assert list(other["queue"]) == ["mail", "orders", "billing"]
    logs = [
        simulate_replication(build(Scenario.model_validate(each)), 1, 1)
        for each in (given_in, other)
    ]
    assert len(logs[0].legs) > 300
    assert everything(logs[0]) == everything(logs[1])


# -- more agents -------------------------------------------------------------------------------


def customers(times):
    return st.lists(st.tuples(times, times, times), min_size=1, max_size=25)


WHOLE = st.integers(0, 12).map(float)


def single(people, agents, **fields):
    """Play a queue of (time since the one before, talk, patience), first come first served."""
    arrivals = np.cumsum([gap for gap, _, _ in people])
    talk, patience = [t for _, t, _ in people], [p for _, _, p in people]
    log = simulate_replication(
        center(queue("a", arrivals, talk, patience, **fields), group("m", [0], agents)), 1, 1
    )
    return log.legs


@given(people=customers(WHOLE), agents=st.integers(1, 4))
def test_no_patient_customer_waits_longer_with_one_agent_more(people, agents):
    endless = [(gap, talk, np.inf) for gap, talk, _ in people]
    few, many = (single(endless, n) for n in (agents, agents + 1))
    assert (many.leave <= few.leave).all()


@given(people=customers(WHOLE), agents=st.integers(1, 4))
def test_whoever_finds_an_agent_free_also_does_with_one_agent_more(people, agents):
    few, many = (single(people, n, limit=0) for n in (agents, agents + 1))
    answered = few.outcome == Outcome.ANSWERED
    assert (many.outcome[answered] == Outcome.ANSWERED).all()


@given(people=customers(WHOLE), agents=st.integers(1, 4), talk=st.integers(1, 12))
def test_never_fewer_are_answered_with_one_agent_more_where_all_talk_equally_long(
    people, agents, talk
):
    # With talks of unequal length one agent more may do harm: it may bring a long talk of an
    # impatient customer to people who would have lost it.
    equal = [(gap, float(talk), patience) for gap, _, patience in people]
    few, many = (single(equal, n) for n in (agents, agents + 1))
    assert (many.outcome == Outcome.ANSWERED).sum() >= (few.outcome == Outcome.ANSWERED).sum()


def test_more_agents_answer_more_of_many_with_common_random_numbers():
    asked = replace(drawn("a", 60.0), talk=fixed(120), patience=fixed(60))
    model = center(asked, group("m", [0], 1))
    share = []
    for agents in range(1, 16):
        staffed = center(asked, group("m", [0], agents))
        logs = [simulate_replication(staffed, 1, replication).legs for replication in (1, 2, 3)]
        share.append(sum(int((legs.outcome == Outcome.ANSWERED).sum()) for legs in logs))
    everybody = sum(draw_tape(model, 1, replication).born.size for replication in (1, 2, 3))
    assert (np.diff(share) >= 0).all()
    assert share[0] < 0.2 * everybody
    assert share[-1] > 0.9 * everybody


def test_one_agent_more_may_answer_fewer_where_talks_differ():
    # Gap, talk, patience. Alone, the agent loses both long talks and takes the short ones.
    people = [(0, 10, 99), (2, 1, 99), (2, 999, 1), (1, 999, 5.5), *[(5, 1, 0)] * 4]
    few, many = (single(people, n).outcome == Outcome.ANSWERED for n in (1, 2))
    assert few.tolist() == [True, True, False, False, False, True, True, True]
    assert many.tolist() == [True, True, True, True, False, False, False, False]
