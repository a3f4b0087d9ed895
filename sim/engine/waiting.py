"""Waiting: who may stand in line, and what ends or changes a wait."""

from __future__ import annotations

from functools import partial

from sim.engine import rules
from sim.engine.dispatch import Routing
from sim.engine.entities import Leg
from sim.engine.rules import Rank
from sim.log import Kind, Outcome
from sim.model import AtClose
from sim.tape import Purpose


class Waiting(Routing):
    """A floor with contacts in line."""

    def refused_at_close(self, leg: Leg) -> Outcome | None:
        """Return why a contact that reaches a closed queue may not join, if so."""
        queue = leg.line.queue
        if queue.deferred or leg.kind == Kind.BACKLOG or leg.line.is_open(self.clock.now):
            return None
        if queue.at_close == AtClose.CARRY_OVER:
            return Outcome.WAITING if leg.line.is_over(self.clock.now) else None
        if leg.kind not in (Kind.TRANSFER, Kind.CALLBACK) and not leg.inside:
            return Outcome.SENT_AWAY
        somebody = any(crew.present for crew, _ in self.ways[leg.line.number])
        serves = queue.at_close == AtClose.SERVE and somebody
        return None if serves else Outcome.SENT_AWAY

    def refused_in_line(self, leg: Leg) -> Outcome | None:
        """Return why a contact that nobody can take at once does not stand in line, if so."""
        queue, waiting = leg.line.queue, leg.line.waiting
        if leg.kind in (Kind.CALLBACK, Kind.BACKLOG):
            return None
        if waiting >= queue.limit and leg.kind != Kind.TRANSFER:
            return Outcome.FULL
        if queue.balk and self.leg_unit(leg, Purpose.BALK) < queue.balk:
            return Outcome.BALKED
        callback = queue.callback
        if callback is None or not rules.callback_offered(callback.offer_at, waiting):
            return None
        if self.accepts_callback(leg):
            return Outcome.CALLBACK
        return None

    def accepts_callback(self, leg: Leg) -> bool:
        """Return whether a customer takes the offer to be called back."""
        callback = leg.line.queue.callback
        assert callback is not None
        return self.leg_unit(leg, Purpose.ACCEPT_CALLBACK) < callback.accepted

    def ask_those_who_stay(self, leg: Leg) -> None:
        """Ask agents past their time, who stay while somebody is in line, for one more contact."""
        for crew, _ in self.ways[leg.line.number]:
            for agent in crew.agents:
                if leg.waiting and agent.on_duty and agent.leaving:
                    self.next_for(agent)

    def set_timers(self, leg: Leg) -> None:
        """Set what may end or change the wait of a contact in line."""
        now, queue = self.clock.now, leg.line.queue
        self.set_overflow_timers(leg)
        if leg.kind == Kind.CALLBACK:
            return
        callback = queue.callback
        if callback is not None and callback.offer_after < rules.NEVER:
            self.when(now + callback.offer_after, Rank.CALLBACK_OFFER, leg, self.offer_callback)
        if queue.longest_wait < rules.NEVER:
            end = partial(self.stop_waiting, outcome=Outcome.MESSAGE)
            self.when(now + queue.longest_wait, Rank.LONGEST_WAIT, leg, end)
        if leg.patience < rules.NEVER:
            end = partial(self.stop_waiting, outcome=Outcome.ABANDONED)
            self.when(now + leg.patience, Rank.PATIENCE, leg, end)

    def offer_callback(self, leg: Leg) -> None:
        """Offer to call back."""
        if self.accepts_callback(leg):
            self.stop_waiting(leg, Outcome.CALLBACK)

    def stop_waiting(self, leg: Leg, outcome: Outcome) -> None:
        """Leave the line unserved; work that was begun is not given up."""
        if leg.stints:
            return
        leg.line.quit(leg)
        leg.leave = self.clock.now
        assert leg.turn is not None
        leg.turn.succeed(outcome)
        if self.staying:
            self.dismiss()
