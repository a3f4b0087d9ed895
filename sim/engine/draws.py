"""Random numbers of single contacts, from the tape: the same whenever they are asked for."""

from __future__ import annotations

from sim.distributions import TimeDistribution
from sim.engine import rules
from sim.engine.entities import Agent, Customer, Leg
from sim.engine.state import CenterState
from sim.tape import Purpose


def uniform(state: CenterState, customer: Customer, purpose: Purpose) -> float:
    """Return the number in (0, 1) that decides a choice before a contact reaches a queue."""
    return state.tape.uniform(customer.issue, customer.contact, 0, purpose)


def draw(
    state: CenterState, distribution: TimeDistribution, customer: Customer, purpose: Purpose
) -> float:
    """Return a time (s) needed before a contact reaches a queue."""
    return state.tape.draw(distribution, customer.issue, customer.contact, 0, purpose)


def at_present(state: CenterState, distribution: TimeDistribution) -> TimeDistribution:
    """Return the distribution that holds now, of those by interval."""
    model = state.model
    return distribution.at(rules.interval_at(state.env.now, model.interval_s, model.intervals))


def leg_uniform(state: CenterState, leg: Leg, purpose: int) -> float:
    """Return the number in (0, 1) that decides a choice of a leg."""
    return state.tape.uniform(leg.customer.issue, leg.contact, leg.transfers, purpose)


def leg_draw(state: CenterState, distribution: TimeDistribution, leg: Leg, purpose: int) -> float:
    """Return a time (s) that a leg needs."""
    return state.tape.draw(distribution, leg.customer.issue, leg.contact, leg.transfers, purpose)


def agent_uniform(state: CenterState, agent: Agent) -> float:
    """Return the next number in (0, 1) that decides a choice of an agent."""
    number = agent.draws
    agent.draws += 1
    return state.tape.agent_uniform(agent.group_state.number, agent.place, number)


def agent_draw(state: CenterState, distribution: TimeDistribution, agent: Agent) -> float:
    """Return the next time (s) that an agent needs."""
    return distribution.quantile(agent_uniform(state, agent))


def call_uniform(state: CenterState, leg: Leg, purpose: int) -> float:
    """Return the number in (0, 1) that decides a choice of an outbound call."""
    return state.tape.uniform(leg.customer.issue, 0, rules.CALL + leg.attempt, purpose)


def call_draw(state: CenterState, distribution: TimeDistribution, leg: Leg, purpose: int) -> float:
    """Return a time (s) that an outbound call needs."""
    issue, place = leg.customer.issue, rules.CALL + leg.attempt
    return state.tape.draw(distribution, issue, 0, place, purpose)
