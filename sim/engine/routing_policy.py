"""The two decisions of routing: which agent for a contact, which contact for an agent.

They look at the floor and change nothing; :mod:`sim.engine.dispatch` acts on what they say.
"""

from __future__ import annotations

import math

from sim.engine import rules
from sim.engine.entities import Agent, Crew, Leg
from sim.engine.state import Floor
from sim.model import Rule, Skill

AgentKey = tuple[tuple[float, float, float, float], int]


class Decisions(Floor):
    """A floor that knows who is best for whom."""

    # -- an agent for a contact ------------------------------------------------------------------

    def agent_for(self, leg: Leg) -> Agent | None:
        """Return the agent with room who is best for a contact, if any."""
        ways = self.ways[leg.line.number]
        if len(ways) == 1:
            crew, skill = ways[0]
            return self._best_of(crew, skill, leg) if self._may_come_to(crew, skill, leg) else None
        best, best_key = None, ((math.inf, 0.0, 0.0, 0.0), 0)
        for crew, skill in ways:
            if skill.level > best_key[0][0]:
                break
            if not self._may_come_to(crew, skill, leg):
                continue
            agent = self._best_of(crew, skill, leg)
            if agent is not None:
                key = self._key(agent, skill, leg)
                if key < best_key:
                    best, best_key = agent, key
        return best

    def interruptible_for(self, leg: Leg) -> Agent | None:
        """Return the agent best for a contact among those whose work can be put aside for it."""
        queue, found = leg.line.number, []
        for crew, skill in self.ways[queue]:
            pairs = crew.group.interrupts
            if not pairs or not self._may_come_to(crew, skill, leg):
                continue
            found += [
                (self._key(agent, skill, leg), agent)
                for agent in crew.taking.values()
                if agent.works_only_on(pairs, queue)
            ]
        return min(found, key=lambda pair: pair[0])[1] if found else None

    def _may_come_to(self, crew: Crew, skill: Skill, leg: Leg) -> bool:
        """Return whether a group may take a contact by now: overflow delay and reserve."""
        if skill.after and not rules.has_waited(leg.place, skill.after, self.clock.now):
            return False
        return self._spares(crew, skill)

    def _spares(self, crew: Crew, skill: Skill) -> bool:
        if not skill.reserve or crew.idle_count > skill.reserve:
            return True
        return self.lines[skill.queue].reserves_called

    def _best_of(self, crew: Crew, skill: Skill, leg: Leg) -> Agent | None:
        queue = leg.line.queue
        if crew.idle_count:
            if queue.rule == Rule.LEAST_BUSY:
                return min(crew.all_idle(), key=lambda a: (a.busy, a.since, a.number))
            return crew.longest_idle()
        if not crew.concurrent:
            return None
        able = [a for a in crew.taking.values() if a.has_room(skill, queue.channel)]
        by_busy, now = queue.rule == Rule.LEAST_BUSY, self.clock.now
        return min(
            able,
            key=lambda a: (
                len(a.hand), a.busy_until(now) if by_busy else 0.0, a.since, a.number
            ),
            default=None,
        )  # fmt: skip

    def _key(self, agent: Agent, skill: Skill, leg: Leg) -> AgentKey:
        rank = rules.agent_key(
            leg.line.queue.rule, skill.level, len(agent.hand), agent.since,
            agent.busy_until(self.clock.now), float(skill.speed[0]), skill.resolves,
        )  # fmt: skip
        return rank, agent.number

    # -- a contact for an agent ------------------------------------------------------------------

    def contact_for(self, agent: Agent) -> Leg | None:
        """Return the waiting contact that an agent should take next, if any."""
        first = self._head_for(agent, None)
        if first is None or not first.line.queue.deferred or not agent.crew.group.interrupts:
            return first
        return self._head_for(agent, first) or first

    def _head_for(self, agent: Agent, work: Leg | None) -> Leg | None:
        """Return the best head of a line for an agent, if any.

        With ``work``, only among those for whom that deferred work would be put aside again.
        """
        now, pairs = self.clock.now, agent.crew.group.interrupts
        best, best_key = None, None
        for skill in agent.crew.group.skills:
            line = self.lines[skill.queue]
            if not line.waiting:
                continue
            if work is not None and (work.line.number, skill.queue) not in pairs:
                continue
            head = line.head()
            if not agent.has_room(skill, line.queue.channel):
                continue
            if self._may_come_to(agent.crew, skill, head):
                key = self._place_of(skill, head, now)
                if best_key is None or key < best_key:
                    best, best_key = head, key
        return best

    @staticmethod
    def _place_of(skill: Skill, head: Leg, now: float) -> tuple[tuple[float, ...], int]:
        queue = head.line.queue
        key = rules.queue_key(
            skill.take, queue.deferred, queue.priority, queue.weight, now - head.place, head.place
        )
        return key, head.order

    def interrupting(self, agent: Agent) -> Leg | None:
        """Return the waiting contact for which an agent should put all in hand aside, if any."""
        pairs, now = agent.crew.group.interrupts, self.clock.now
        if not pairs or not agent.only_deferred:
            return None
        best, best_key = None, None
        for skill in agent.crew.group.skills:
            line = self.lines[skill.queue]
            if not line.waiting or not agent.works_only_on(pairs, skill.queue):
                continue
            head = line.head()
            if self._may_come_to(agent.crew, skill, head):
                key = self._place_of(skill, head, now)
                if best_key is None or key < best_key:
                    best, best_key = head, key
        return best
