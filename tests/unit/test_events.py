"""Events: fields that differ for some hours, from the file to the rows of the log."""

import numpy as np
import pytest

import ccplan
from sim.engine import simulate_replication
from sim.log import Log, Outcome
from sim.metrics.invariants import violations
from sim.model import build
from sim.scenario import Scenario, ScenarioError, describe
from sim.scenario.renaming import rename
from verification.engine_differences import first_difference

CENTER = """
[center]
days = 2
open = "08:00-18:00"

[queue.calls]
volume = { exact = 40 }
talk = "3min"
hold = "30s"
wrap = "1min"
patience = "exponential 4min"
balk = "5%"
resolved = "80%"
repeat = { share = "50%", after = "1h" }

[queue.chat]
channel = "chat"
volume = 10
talk = "exponential 5min"

[bot.calls]
session = "1min"
contained = "20%"
tried = "90%"

[group.heads]
agents = 12
shrinkage = "20%"
wage = 20
skills = { calls = 1, chat = 2 }

[group.persons]
wage = 20
skills = { calls = 2 }
[[group.persons.shifts]]
agents = 5
start = "08:00"
length = "8h"
breaks = ["30min at 12:00"]
"""


def with_event(changes: str, start: str = "10:00", length: str = "2h", day: int = 1) -> Scenario:
    event = f'[event.one]\nday = {day}\nstart = "{start}"\nlength = "{length}"\n'
    return Scenario.parse(f"{CENTER}\n{event}changes = {{ {changes} }}\n")


def legs_of(scenario: Scenario, queue: str = "calls") -> tuple[Log, np.ndarray]:
    log = simulate_replication(build(scenario), 1, 1)
    assert violations(log) == []
    assert first_difference(log.model, 1, 1) is None
    names = [each.name for each in log.model.queues]
    return log, log.legs.queue == names.index(queue)


def test_slow_software_lengthens_the_talk_of_contacts_that_arrive_meanwhile() -> None:
    log, mine = legs_of(with_event('"queue.calls.talk" = "+20%", "queue.calls.wrap" = "2min"'))
    usual, _ = legs_of(Scenario.parse(CENTER))
    legs, first = log.legs, (usual.legs.contact == 0) & (usual.legs.kind == 0)
    inside = mine & (legs.enter >= 36000) & (legs.enter < 43200) & (legs.outcome == 0)
    outside = mine & ~((legs.enter >= 36000) & (legs.enter < 43200)) & (legs.outcome == 0)
    residual = log.model.queues[0].bot.residual
    bounced = legs.kind == 3
    assert np.allclose((legs.work - 30)[inside & ~bounced], 180 * 1.2 * residual)
    assert np.allclose((legs.work - 30)[outside & ~bounced], 180 * residual)
    assert (legs.wrap_work[inside] == 120).all()
    assert (legs.wrap_work[outside] == 60).all()
    assert inside.sum() > 100
    assert first.sum() > 100


def test_a_sick_morning_takes_agents_off_who_stay_paid() -> None:
    model = build(with_event('"group.heads.agents" = "-3"', "08:00", "4h", 2))
    heads, usual = model.groups[0], build(Scenario.parse(CENTER)).groups[0]
    morning = slice(48 + 16, 48 + 24)
    assert heads.headcount is not None
    assert usual.headcount is not None
    assert set(heads.headcount[morning].tolist()) == {7}  # 9 scheduled, 20 % of them not there
    rest = np.ones(96, bool)
    rest[morning] = False
    assert (heads.headcount[rest] == usual.headcount[rest]).all()
    assert (heads.scheduled == usual.scheduled).all()


def test_additional_agents_of_an_event_are_paid() -> None:
    heads = build(with_event('"group.heads.agents" = "+25%"')).groups[0]
    assert heads.scheduled[20:24].tolist() == [15] * 4
    assert heads.scheduled[24] == 12
    assert heads.agents == 12  # 15 scheduled, 80 % of them on duty


def test_of_shifts_the_last_persons_are_missing_while_the_event_lasts() -> None:
    model = build(with_event('"group.persons.agents" = "-2"', "11:40", "1h"))
    shifts = model.groups[1].shifts
    of_day = [(s.agent, s.start / 3600, s.end / 3600) for s in shifts if s.day == 0]
    parts = [(k, 8.0, 11 + 40 / 60) for k in (3, 4)] + [(k, 12 + 40 / 60, 16.0) for k in (3, 4)]
    assert sorted(of_day) == sorted([(k, 8.0, 16.0) for k in range(3)] + parts)
    cut = next(s for s in shifts if s.agent == 4 and s.start == 8 * 3600)
    assert cut.breaks.size == 0  # the break of 12:00 falls into the event
    assert len([s for s in shifts if s.day == 1]) == 5
    legs_of(with_event('"group.persons.agents" = "-2"', "11:40", "1h"))


def test_absence_differs_on_the_days_that_an_event_touches() -> None:
    scenario = with_event('"group.heads.absent" = "+50pp"', "10:00", "1h", 2)
    assert build(scenario).groups[0].absent_by_day == (0.0, 0.5)
    there = [simulate_replication(build(scenario), 1, k).presences.agent.size for k in range(1, 6)]
    usual = simulate_replication(build(Scenario.parse(CENTER)), 1, 1).presences.agent.size
    assert max(there) < usual
    assert first_difference(build(scenario), 1, 1) is None


def test_while_a_bot_is_off_all_contacts_reach_agents_with_the_whole_talk() -> None:
    log, mine = legs_of(with_event('"bot.calls" = "off"'))
    legs = log.legs
    inside = mine & (legs.enter >= 36000) & (legs.enter < 43200)
    assert not (legs.kind[inside] == 6).any()
    assert (legs.kind[mine & ~inside] == 6).any()
    answered = inside & (legs.outcome == Outcome.ANSWERED) & (legs.kind == 0) & ~_internal(log)
    assert np.allclose(legs.work[answered], 180 + 30)


def _internal(log: Log) -> np.ndarray:
    """Mark the legs that the bot has handed over."""
    legs, found = log.legs, np.zeros(len(log.legs), bool)
    same = legs.issue[1:] == legs.issue[:-1]
    found[1:] = same & (legs.outcome[:-1] == Outcome.HANDED_OVER)
    return found


def test_a_bot_may_contain_less_for_a_while() -> None:
    conditions = build(with_event('"bot.calls.contained" = "-10pp"')).queues[0].conditions
    assert [each.contained for each in conditions] == pytest.approx([0.2, 0.1, 0.2])
    assert conditions[1].residual < conditions[0].residual  # easier contacts reach agents


def test_a_campaign_counts_by_its_part_of_an_interval() -> None:
    scenario = with_event('"queue.calls.volume" = "+50%", "queue.chat.volume" = "+50%"', "10:20")
    calls, chat = (queue.demand for queue in build(scenario).queues)
    assert chat.expected[19:26] == pytest.approx([10, 10 + 5 / 3, 15, 15, 15, 10 + 10 / 3, 10])
    usual = build(Scenario.parse(CENTER)).queues[0].demand.expected
    assert calls.exact
    assert (calls.expected == np.floor(calls.expected)).all()
    assert calls.expected[21] == np.floor(1.5 * usual[21] + 0.5) or calls.expected[21] > usual[21]
    log, _ = legs_of(scenario)
    assert (log.issues.born < 36000).sum() == pytest.approx(
        (simulate_replication(build(Scenario.parse(CENTER)), 1, 1).issues.born < 36000).sum()
    )


def test_in_an_outage_of_telephony_calls_find_all_trunks_busy() -> None:
    log, calls = legs_of(with_event('"center.lines" = "off"'))
    legs = log.legs
    inside = (legs.enter >= 36000) & (legs.enter < 43200) & np.isin(legs.kind, (0, 1, 2, 3))
    internal = _internal(log)
    assert (legs.outcome[calls & inside & ~internal] == Outcome.BUSY).all()
    assert not (legs.outcome[~calls] == Outcome.BUSY).any()
    assert not (legs.outcome[calls & ~inside] == Outcome.BUSY).any()


def test_events_at_the_same_time_change_one_after_the_other() -> None:
    scenario = with_event('"queue.*.talk" = "+20%", "queue.calls.balk" = "+5pp"')
    second = scenario.with_(
        **{"event.two": {"start": "11:00", "length": "3h", "changes": {"queue.calls.talk": "+60s"}}}
    )
    found = [(c.start / 3600, c.talk, c.balk) for c in build(second).queues[0].conditions]
    assert [each[0] for each in found] == [0, 10, 11, 12, 14]
    talks = [1, 1.2, (180 * 1.2 + 60) / 180, 240 / 180, 1]
    assert [each[1] for each in found] == pytest.approx(talks)
    assert [each[2] for each in found] == pytest.approx([0.05, 0.1, 0.1, 0.05, 0.05])


def test_contacts_outside_an_event_have_the_same_numbers_as_without_it() -> None:
    usual = simulate_replication(build(Scenario.parse(CENTER)), 1, 1)
    log = simulate_replication(build(with_event('"queue.calls.talk" = "+50%"', "16:00")), 1, 1)
    before = [legs.enter < 16 * 3600 for legs in (usual.legs, log.legs)]
    assert (usual.legs.work[before[0]] == log.legs.work[before[1]]).all()


def test_an_event_is_described_and_counts_in_the_fingerprint() -> None:
    scenario = with_event('"queue.calls.talk" = "+20%", "bot.calls" = "off"', day=2)
    lines = [line for line in describe(scenario) if line.startswith("Event")]
    assert lines == ["Event one: from 10:00 on day 2 for 2h: queue.calls.talk +20%, bot.calls off."]
    assert scenario.fingerprint != Scenario.parse(CENTER).fingerprint


def test_changes_may_be_nested_tables() -> None:
    text = f'{CENTER}\n[event.one]\nstart = "10:00"\nlength = "2h"\n[event.one.changes]\n'
    nested = Scenario.parse(f'{text}queue.calls.talk = "+20%"\n')
    assert nested.fingerprint == with_event('"queue.calls.talk" = "+20%"').fingerprint


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ('"queue.calls.priority" = 3', "allowed: queue.NAME.volume, talk"),
        ('"queue.cals.talk" = "+3%"', "the queue 'cals' is unknown; allowed: calls or chat."),
        ('"bot.calls" = "+3%"', 'not possible here; allowed: "off"'),
        ('"queue.calls.talk" = "off"', "not possible here"),
        ('"queue.calls.talk" = "exponential 4min"', "is not a time"),
        ('"queue.calls.talk" = "*0"', "above 0"),
        ('"queue.chat.patience" = "+10%"', "patience is unlimited; allowed: a mean above 0s"),
        ('"queue.chat.resolved" = "50%"', "needs the share resolved"),
        ('"queue.calls.balk" = "+99pp"', "makes it 104%"),
        ('"bot.calls.contained" = "150%"', "is more than 100%"),
        ('"group.heads.agents" = "+3s"', "takes no s"),
        ('"group.persons.agents" = "+3"', 'takes no agents off; allowed with shifts: "-3"'),
        ('"group.persons.agents" = 3', "takes no agents off"),
        ('"queue.calls.volume" = [3]', "is not a change"),
        ("", "is empty"),
    ],
)
def test_what_an_event_cannot_change_is_refused_with_what_it_can(changes: str, said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        with_event(changes)
    assert len(error.value.problems) == 1
    assert said in str(error.value)
    assert "event.one" in str(error.value)


def test_events_outside_the_horizon_or_off_the_grid_are_refused() -> None:
    with pytest.raises(ScenarioError, match="after the end of the horizon; allowed: days 1 to 2"):
        with_event('"queue.calls.talk" = "+20%"', day=3)
    with pytest.raises(ScenarioError, match="agents change with intervals"):
        with_event('"group.heads.agents" = "-3"', "10:10")
    two = '"queue.calls.balk" = "+60pp"'
    with pytest.raises(ScenarioError, match="does not fit together"):
        with_event(two).with_(
            **{"event.b": {"start": "9:00", "length": "3h", "changes": {"queue.*.balk": "+60pp"}}}
        )


def test_shipped_scenarios_without_events_have_no_conditions() -> None:
    model = build(ccplan.load("bot_promise"))
    assert all(queue.conditions == () for queue in model.queues)


def test_an_event_follows_a_queue_or_group_that_is_renamed() -> None:
    event = '[event.one]\nstart = "10:00"\nlength = "2h"\n'
    text = (
        f'{CENTER}\n{event}changes = {{ "queue.chat.talk" = "+9%", "group.heads.agents" = "-3" }}\n'
    )
    content = rename(rename((text, {}), "queue", "chat", "talks"), "group", "heads", "team")
    assert [*Scenario.parse(content[0]).event["one"].changes] == [
        "queue.talks.talk", "group.team.agents",
    ]  # fmt: skip
