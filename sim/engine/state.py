"""The state of the contact center during one replication; every function of the model takes it."""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.engine import rules
from sim.engine.entities import Agent, Customer, GroupState, QueueState
from sim.engine.ranked_events import RankedEnvironment
from sim.engine.recorder import Recorder
from sim.model import IssueKind, Model, Segment, Skill
from sim.model.journeys import NO_KIND, NO_SEGMENT
from sim.tape import Tape


@dataclass(slots=True, eq=False)
class CenterState:
    """A contact center at run time.

    Attributes
    ----------
    tape : Tape
        All random numbers of the replication.
    model : Model
    env : RankedEnvironment
    recorder : Recorder
    queues : list of QueueState
    groups : list of GroupState
    routes : list of list of (GroupState, Skill)
        For each queue the groups that serve it, the preferred first.
    overflow_delays : list of list of float
        For each queue the waits (s) after which further groups may take a contact.
    transfer_shares : list of list of float
    first_work : list of (float, float, float)
        Talk, hold and wrap work (s) of each issue's first contact.
    first_patience : list of float
        In seconds, likewise.
    issue_kinds : list of IssueKind
        Of each issue; empty where the model has no journeys.
    segments : list of Segment
        Of the customer with each issue, likewise.
    recontact_cap : int
    staying : dict
        Idle agents past the end of their shift who stay for a closed queue, by number.
    trunks_in_use : int
        Of those that queues share.
    recontacts : int
        Retrials and repeat contacts so far.
    called : dict
        Customers whom outbound calls are meant to reach before their first contact, by issue.
    """

    tape: Tape
    model: Model
    env: RankedEnvironment
    recorder: Recorder
    queues: list[QueueState]
    groups: list[GroupState]
    routes: list[list[tuple[GroupState, Skill]]]
    overflow_delays: list[list[float]]
    transfer_shares: list[list[float]]
    first_work: list[tuple[float, float, float]]
    first_patience: list[float]
    issue_kinds: list[IssueKind]
    segments: list[Segment]
    recontact_cap: int
    staying: dict[int, Agent] = field(default_factory=dict)
    trunks_in_use: int = 0
    recontacts: int = 0
    called: dict[int, Customer] = field(default_factory=dict)


def initial_state(tape: Tape) -> CenterState:
    """Return the state before anything has happened."""
    model = tape.model
    groups = _group_states(tape)
    routes = [_routes_of(queue, groups) for queue in range(len(model.queues))]
    first_work = zip(tape.talk.tolist(), tape.hold.tolist(), tape.wrap.tolist(), strict=True)
    return CenterState(
        tape=tape,
        model=model,
        env=RankedEnvironment(),
        recorder=Recorder(),
        queues=[QueueState(number, queue) for number, queue in enumerate(model.queues)],
        groups=groups,
        routes=routes,
        overflow_delays=[sorted({s.after for _, s in route if s.after}) for route in routes],
        transfer_shares=[[t.share for t in queue.transfers] for queue in model.queues],
        first_work=list(first_work),
        first_patience=tape.patience.tolist(),
        issue_kinds=[model.journeys.kind(k) for k in tape.issue_kind] if model.journeys else [],
        segments=[model.journeys.segment(k) for k in tape.segment] if model.journeys else [],
        recontact_cap=rules.recontact_cap(tape.born.size),
    )


def kind_of(state: CenterState, issue: int) -> IssueKind:
    """Return of what kind an issue is."""
    return state.issue_kinds[issue] if state.issue_kinds else NO_KIND


def segment_of(state: CenterState, issue: int) -> Segment:
    """Return of which segment the customer with an issue is."""
    return state.segments[issue] if state.segments else NO_SEGMENT


def _group_states(tape: Tape) -> list[GroupState]:
    groups: list[GroupState] = []
    first_agent = 0
    for number, group in enumerate(tape.model.groups):
        drawn = tape.agent_speed[number] if tape.agent_speed else None
        groups.append(GroupState(number, group, first_agent, drawn))
        first_agent += group.agents
    return groups


def _routes_of(queue: int, groups: list[GroupState]) -> list[tuple[GroupState, Skill]]:
    routes = [(group, group.skills[queue]) for group in groups if queue in group.skills]
    return sorted(routes, key=lambda route: (route[1].level, route[0].number))
