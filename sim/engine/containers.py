"""Ordered containers: the waiting legs of a queue, the idle and the partly busy of a group.

Heaps from which an entry is not removed but passed over once it no longer holds.
"""

from __future__ import annotations

from heapq import heappop, heappush

from sim.engine.entities import Agent, GroupState, Leg, QueueState

# -- waiting legs, by their place in the queue ---------------------------------------------------


def join_queue(leg: Leg) -> None:
    """Let a leg wait in its queue, at its place."""
    wait, queue_state = leg.wait, leg.queue_state
    wait.waiting = True
    wait.entry += 1
    queue_state.waiting += 1
    heappush(queue_state.entries, (wait.place, leg.order, wait.entry, leg))


def leave_queue(leg: Leg) -> None:
    """Take a leg out of its queue, wherever it stands."""
    leg.wait.waiting = False
    leg.queue_state.waiting -= 1


def first_waiting(queue_state: QueueState) -> Leg:
    """Return the leg that has waited longest; the queue must not be empty."""
    entries = queue_state.entries
    while not _holds(entries[0]):
        heappop(entries)
    return entries[0][3]


def all_waiting(queue_state: QueueState) -> list[Leg]:
    """Return the waiting legs, in the order of the queue."""
    return [entry[3] for entry in sorted(queue_state.entries) if _holds(entry)]


def _holds(entry: tuple[float, int, int, Leg]) -> bool:
    wait = entry[3].wait
    return wait.waiting and wait.entry == entry[2]


# -- idle agents, longest idle first -------------------------------------------------------------


def add_idle(agent: Agent) -> None:
    """Count an agent among the idle of its group."""
    agent.idle = True
    agent.group_state.idle += 1
    heappush(agent.group_state.idle_entries, (agent.since, agent.number, agent))


def remove_idle(agent: Agent) -> None:
    """Count an agent no longer among the idle."""
    agent.idle = False
    agent.group_state.idle -= 1


def longest_idle(group_state: GroupState) -> Agent:
    """Return the agent who has been idle for longest; there must be one."""
    entries = group_state.idle_entries
    while not (entries[0][2].idle and entries[0][2].since == entries[0][0]):
        heappop(entries)
    return entries[0][2]


def all_idle(group_state: GroupState) -> list[Agent]:
    """Return the idle agents, by number."""
    return [agent for agent in group_state.agents if agent.idle]


# -- agents with active contacts who may take another --------------------------------------------


def add_taking(agent: Agent) -> None:
    """Count an agent among those with active contacts who may take another."""
    agent.group_state.taking[agent.number] = agent


def remove_taking(agent: Agent) -> None:
    """Count an agent no longer among those with active contacts who may take another."""
    agent.group_state.taking.pop(agent.number, None)
