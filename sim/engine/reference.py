"""The reference engine: one day lived through in SimPy, told as stories.

Where to read on:

- :mod:`sim.engine.contacts`: the story of a contact, from the front door to the last wrap;
  :mod:`sim.engine.recontacts`: why and with what work a customer comes once more;
- :mod:`sim.engine.agents`: the story of an agent, of a headcount and of a door;
- :mod:`sim.engine.waiting`: who may stand in line and what ends a wait;
- :mod:`sim.engine.dispatch`: what is done within an instant, by the choices of
  :mod:`sim.engine.routing_policy`, with what is there (:mod:`sim.engine.state`).

Decisions are made at once, at the instant of the event that calls for them; the stories wait
in between. Nothing is drawn (the tape holds all chance) and nothing is counted (the log is
read by the metrics).
"""

from __future__ import annotations

from sim.engine.agents import Staff
from sim.engine.contacts import Contacts
from sim.engine.entities import Customer
from sim.engine.ranked_events import Story, Telling
from sim.engine.rules import Rank, leg_order
from sim.log import Kind, Log, Outcome


class Center(Contacts, Staff):
    """A contact center on one replication's tape."""

    def play(self) -> Log:
        """Live through the whole horizon and return its log."""
        Story(self.arrivals())
        for line in self.lines:
            if not line.queue.deferred:
                Story(self.doors(line))
        for crew in self.crews:
            if crew.group.headcount is not None:
                Story(self.headcount(crew))
            for shift in crew.group.shifts:
                if self.tape.present[crew.number][shift.day, shift.agent]:
                    Story(self.shift(crew.agents[shift.agent], shift))
        self.clock.live()
        self.write_down_the_rest()
        return self.recorder.log(self.tape, self.unstable())

    def arrivals(self) -> Telling:
        """Let every issue of the tape make its first contact."""
        tape = self.tape
        births = zip(tape.born.tolist(), tape.queue.tolist(), tape.backlog.tolist(), strict=True)
        for issue, (born, queue, waited_before) in enumerate(births):
            yield self.clock.at(born, Rank.ARRIVAL, leg_order(issue, 0))
            customer = Customer(issue)
            if waited_before:
                self.reach(self.first_leg(customer, Kind.BACKLOG, self.lines[queue]))
            else:
                self.front_door(customer, Kind.INBOUND, self.lines[queue])

    def write_down_the_rest(self) -> None:
        """Write down who still waits when nothing happens any more."""
        for line in self.lines:
            for leg in list(line.everybody()):
                self.recorder.leg(leg, Outcome.IN_HAND if leg.stints else Outcome.WAITING)
