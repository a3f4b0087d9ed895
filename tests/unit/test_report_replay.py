"""A day to watch: the document of the animation, its metrics so far, the contact timelines."""

import json

import numpy as np
import pytest

import sim
from sim.log import Kind, Outcome, State
from sim.report import replay as replays
from sim.report.contact_timeline import AFTERWARDS, BEGINS, ENDS, timeline
from sim.report.cumulative import running
from sim.report.replay import alt_text_timeline, replay, simulated_log, windows
from sim.report.replay_table import quarter_rows
from sim.units import BadInputError


@pytest.fixture(scope="module")
def shipped(repo_root):
    return lambda name: sim.load(repo_root / "scenarios" / f"{name}.toml")


@pytest.fixture(scope="module")
def monday(shipped):
    return simulated_log(shipped("retail_monday"), 1, 1)


@pytest.fixture(scope="module")
def document(monday):
    return replay(monday, windows(monday)[0])


def test_every_way_to_begin_and_to_end_has_its_sentence():
    assert set(BEGINS) == set(Kind)
    assert set(ENDS) | {Outcome.ANSWERED, Outcome.IN_HAND} == set(Outcome)
    assert set(replays.STATES) == set(State)
    assert all("{" not in text for text in AFTERWARDS.values())


def test_every_timeline_begins_with_its_first_leg_and_is_in_order(monday):
    for issue in range(0, len(monday.issues), 97):
        told = timeline(monday, issue)
        first = np.searchsorted(monday.legs.issue, issue)
        assert told[0].at == monday.legs.enter[first]
        assert [step.at for step in told] == sorted(step.at for step in told)
        assert not any("{" in step.words() for step in told)


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome.ABANDONED, "Abandons after waiting "),
        (Outcome.CALLBACK, "Accepts a callback after waiting "),
        (Outcome.CONTAINED, "without asking for an agent; the issue is "),
        (Outcome.LEFT_INSIDE, "Abandons self-service after "),
        (Outcome.HANDED_OVER, "Asks for an agent after "),
    ],
)
def test_a_timeline_says_how_a_leg_ended(monday, outcome, words):
    row = int(np.flatnonzero(monday.legs.outcome == outcome)[0])
    told = " ".join(step.words() for step in timeline(monday, int(monday.legs.issue[row])))
    assert words in told


def test_a_complete_timeline(monday):
    # Recomputed from the rows of the log.
    legs = monday.legs
    simple = (legs.outcome == Outcome.ANSWERED) & (legs.then == 0) & (legs.leave > legs.enter)
    simple &= legs.resolved >= 0
    alone = np.bincount(legs.issue)[legs.issue] == 1
    deferred = np.array([q.deferred for q in monday.model.queues])[legs.queue]
    row = int(np.flatnonzero(simple & alone & ~deferred & (legs.end > legs.talk_end))[0])
    texts = [step.text for step in timeline(monday, int(legs.issue[row]))]
    queue = monday.model.queues[int(legs.queue[row])].name
    group = monday.model.groups[int(legs.group[row])].name
    assert texts[0] == f"Contacts {queue}."
    assert texts[1] == f"Is answered by agent {legs.agent[row]} ({group}) after waiting {{span}}."
    assert texts[2].startswith("The conversation ends after {span}; the issue is ")
    assert texts[3] == "Wrap-up ends after {span}."
    spans = [step.span_s for step in timeline(monday, int(legs.issue[row]))]
    assert spans[1] == legs.leave[row] - legs.enter[row]
    assert spans[3] == legs.end[row] - legs.talk_end[row]


def test_contacts_still_waiting_at_the_end_are_described(monday):
    row = int(np.flatnonzero(monday.legs.outcome == Outcome.WAITING)[0])
    told = timeline(monday, int(monday.legs.issue[row]))
    assert told[-1].words() == "Still waits when the simulation ends."
    assert told[-1].at == monday.model.horizon
    assert alt_text_timeline(monday, int(monday.legs.issue[row]))[-1].startswith(
        "24:00:00 Still waits"
    )


def test_a_customer_who_is_not_there_is_named(monday):
    with pytest.raises(BadInputError, match=r"customer: 999999 is not in this log; allowed: 0 to"):
        alt_text_timeline(monday, 999999)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"center.target": "85% in 40s", "center.variant": "short_excluded"},
        {"queue.billing.variant": "abandons_positive", "queue.cards.variant": "short_as_met"},
    ],
)
def test_at_the_end_the_level_so_far_is_the_service_level(shipped, changes):
    name = "callback_peak" if "center.target" in changes else "retail_monday"
    scenario = shipped(name).with_(**changes)
    log, found = simulated_log(scenario, 3, 1), sim.simulate(scenario, runs=1, seed=3)
    now = running(log, np.array([0.0, 1e9]), 0.0)
    assert np.isnan(now.level[0])
    assert now.level[1] == pytest.approx(found.estimate("service_level").value)
    assert now.answered[1] == found.estimate("answered").value
    assert now.offered[1] == found.estimate("offered").value


def test_counts_at_an_instant_are_those_of_the_rows(monday):
    instants = np.arange(8.0, 20.0, 0.25) * 3600
    now = running(monday, instants, 0.0)
    legs, states = monday.legs, monday.states
    for k, at in enumerate(instants):
        there = (legs.enter <= at) & (at < legs.leave)
        bot = legs.kind == Kind.SELF_SERVICE
        in_line = np.bincount(legs.queue[there & ~bot], minlength=len(monday.model.queues))
        still = (legs.outcome == Outcome.WAITING) & (legs.enter <= at)
        in_line += np.bincount(legs.queue[still], minlength=in_line.size)
        assert now.waiting[:, k].tolist() == in_line.tolist()
        assert now.inside[k] == (there & bot).sum()
        doing = states.state[(states.start <= at) & (at < states.end)]
        assert now.agents[:, k].tolist() == np.bincount(doing, minlength=len(State)).tolist()


def test_the_document_is_plain_and_agrees_with_the_log(monday, document):
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    legs = document["legs"]
    assert len(legs["enter"]) == len(monday.legs)
    assert legs["enter"] == sorted(legs["enter"])
    assert {len(column) for column in legs.values()} == {len(monday.legs)}
    handled = np.isin(monday.legs.outcome, (Outcome.ANSWERED, Outcome.IN_HAND))
    assert [agent >= 0 for agent in legs["agent"]].count(True) == handled.sum()
    assert sorted(legs["agent"]) == sorted(np.where(handled, monday.legs.agent, -1).tolist())
    open_ = (monday.legs.outcome == Outcome.WAITING).sum()
    assert legs["leave"].count(replays.NEVER) == open_ > 0
    first = document["states"]["first"]
    assert len(first) == sum(g.agents for g in monday.model.groups) + 1
    assert first[-1] == len(document["states"]["start"]) == len(monday.states)
    gone = np.isin(monday.legs.outcome, (1, 2, 3, 4, 7, 12)).sum()
    assert sum(legs["left"]) == gone == document["frames"]["left"][-1]


def test_sentences_of_the_document_are_those_of_the_timeline(monday, document):
    told = document["timelines"]
    start = windows(monday)[0].start
    for k in range(0, len(told["issue"]), 211):
        rows = range(told["first"][k], told["first"][k + 1])
        mine = [(told["texts"][told["text"][s]], told["at"][s], told["span"][s]) for s in rows]
        true = [
            (step.text, round((step.at - start) * 10), round(step.span_s * 10))
            for step in timeline(monday, told["issue"][k])
        ]
        assert mine == true
    assert len(told["texts"]) == len(set(told["texts"])) < len(told["text"]) / 10


def test_each_day_has_its_period(shipped):
    log = simulated_log(shipped("bank_week"), 1, 1)
    found = windows(log)
    assert [one.label for one in found][:2] == ["Monday 2 March", "Tuesday 3 March"]
    assert [one.day for one in found] == [k * 86400.0 for k in range(5)]
    starts = sum(((log.legs.enter >= w.start) & (log.legs.enter < w.end)).sum() for w in found)
    assert starts == len(log.legs)


def test_a_very_large_day_is_split_without_gaps(monday, monkeypatch):
    monkeypatch.setattr(replays, "MOST_LEGS", 1000)
    whole = windows(monday)
    assert len(whole) == 5
    assert whole[0].label == "the day, part 1 of 5"
    assert all(a.end == b.start for a, b in zip(whole, whole[1:], strict=False))
    seen = [set(replay(monday, one)["timelines"]["issue"]) for one in whole]
    assert set().union(*seen) == set(range(len(monday.issues)))
    assert max(len(replay(monday, one)["legs"]["enter"]) for one in whole) < 2000


def test_the_table_agrees_with_the_metrics(monday):
    rows = quarter_rows(monday, windows(monday)[0])
    noon = next(row for row in rows if row["Time"] == "12:00")
    now = running(monday, np.array([12 * 3600.0]), 0.0)
    assert noon["Answered so far"] == now.answered[0]
    assert noon["Agents with a customer"] == now.agents[State.TALKING, 0]
    assert noon["In time so far"] == f"{now.level[0]:.1%}".replace("%", " %")
    assert rows[0]["In time so far"] == "-"


def test_nothing_to_watch_on_an_empty_day():
    from sim.scenario import Scenario

    scenario = Scenario.parse(
        '[queue.a]\nvolume = 0\ntalk = "60s"\n[group.g]\nagents = 0\nskills = { a = 1 }'
    )
    assert windows(simulated_log(scenario, 1, 1)) == []
