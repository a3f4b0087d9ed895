"""The story of a contact: in by the front door, past the bot, in line, served, passed on."""

from __future__ import annotations

from sim.engine import rules
from sim.engine.entities import Agent, Customer, Leg, Line, Phase
from sim.engine.ranked_events import Story, Telling
from sim.engine.recontacts import UNALTERED, Again
from sim.engine.rules import Rank
from sim.log import Kind, Outcome, Then
from sim.model import Change, Transfer
from sim.model.opening_hours import next_open
from sim.tape import Purpose

_TRIES_AGAIN = (
    Outcome.ABANDONED, Outcome.BALKED, Outcome.SENT_AWAY, Outcome.BUSY, Outcome.FULL,
)  # fmt: skip


class Contacts(Again):
    """A floor that customers reach."""

    def front_door(
        self, customer: Customer, kind: Kind, line: Line, before: Leg | None = None,
        change: Change = UNALTERED,
    ) -> None:  # fmt: skip
        """Come in from outside: meet a busy line, the bot, or the queue."""
        bot, now = line.queue.bot, self.clock.now
        if self.no_line_free(line):
            leg = self.first_leg(customer, kind, line, before, change)
            leg.enter = leg.place = leg.leave = now
            self.go_unserved(leg, Outcome.BUSY)
            return
        tries = bot is not None and kind != Kind.BOUNCE and not rules.bot_is_down(bot.outage, now)
        if tries and self.unit(customer, Purpose.TRY_BOT) < bot.tried:  # type: ignore[union-attr]
            session = Leg(customer, Kind.SELF_SERVICE, line, 0)
            self.hold_line(session)
            Story(self.session(session, kind, before, change))
            return
        leg = self.first_leg(customer, kind, line, before, change)
        self.hold_line(leg)
        self.reach(leg)

    def session(self, session: Leg, kind: Kind, before: Leg | None, change: Change) -> Telling:
        """Spend a while with the bot; be helped, leave, or go on to people."""
        clock, customer, line = self.clock, session.customer, session.line
        bot = line.queue.bot
        assert bot is not None
        session.enter = clock.now
        length = self.draw(bot.session, customer, Purpose.SESSION)
        yield clock.at(clock.now + length, Rank.COMPLETION, session.order)
        u = self.unit(customer, Purpose.SESSION_END)
        outcome = Outcome(rules.session_outcome(bot.left, bot.contained, u))
        if outcome == Outcome.CONTAINED:
            helped = self.unit(customer, Purpose.BOT_RESOLVES) < bot.resolved
            session.resolved = int(helped)
            if not helped:
                session.then = self.bounce(session)
        elif outcome == Outcome.HANDED_OVER:
            session.then = Then.PEOPLE
        self.recorder.session(session, clock.now, outcome)
        if outcome != Outcome.HANDED_OVER:
            self.free_line(session)
            return
        leg = self.first_leg(customer, kind, line, before, change, bot.handover)
        leg.on_line, session.on_line, leg.inside = session.on_line, False, True
        self.reach(leg)

    def reach(self, leg: Leg) -> None:
        """Reach a queue: be refused, served at once, or stand in line."""
        now, line = self.clock.now, leg.line
        leg.enter = now
        if leg.kind != Kind.CALLBACK:
            leg.place = now
        refused = self.refused_at_close(leg)
        if refused is not None or not self.route(leg):
            leg.turn = self.clock.event()
            if refused is None:
                refused = self.refused_in_line(leg)
            if refused is None:
                line.join(leg)
                self.set_timers(leg)
                if line.serves_out(now):
                    self.ask_those_who_stay(leg)
            else:
                leg.leave = now
                leg.turn.succeed(refused)
        Story(self.contact(leg))

    def contact(self, leg: Leg) -> Telling:
        """Live through one leg at a queue: wait, be served, and go on or come again."""
        if leg.turn is not None:
            outcome = yield leg.turn
            if outcome != Outcome.ANSWERED:
                self.go_unserved(leg, outcome)
                return
        while leg.timer is None or not (yield leg.timer):  # put aside for who cannot wait
            assert leg.turn is not None
            yield leg.turn
        agent = leg.agent
        assert agent is not None
        if leg.phase is Phase.DIAL:
            self.nobody_answers(leg, agent)
            return
        held = self.finish_talk(leg)
        if held:
            self.start_phase(leg, Phase.HELD, 0.0)
            yield leg.released
            leg.hold_s += self.clock.now - leg.started
        if leg.wrap > 0:
            if agent.crew.group.wrap_when_idle:
                self.put_off_wrap(agent, leg)
                yield leg.turn
            else:
                self.start_phase(leg, Phase.WRAP, leg.wrap)
            yield leg.timer
            leg.wrap_s = self.clock.now - leg.started
        leg.left = 0.0
        self.recorder.leg(leg, Outcome.ANSWERED, self.clock.now)
        self.release(agent, leg)

    def go_unserved(self, leg: Leg, outcome: Outcome) -> None:
        """Leave without having been served, perhaps to try again."""
        if outcome == Outcome.CALLBACK:
            leg.then = Then.CALLBACK
        elif outcome in _TRIES_AGAIN:
            leg.then = self.retry(leg, outcome)
        self.recorder.leg(leg, outcome)
        self.free_line(leg)
        self.let_go(leg)
        if outcome == Outcome.CALLBACK:
            self.promise_callback(leg)

    # -- after the talk --------------------------------------------------------------------------

    def finish_talk(self, leg: Leg) -> bool:
        """End the customer's part; return whether the agent stays on the line for a transfer."""
        now, queue = self.clock.now, leg.line.queue
        leg.talk_end, leg.left, leg.phase = now, 0.0, Phase.HELD
        elapsed = leg.talk_s + now - leg.started
        leg.hold_s = elapsed * (leg.hold / leg.work) if leg.hold else 0.0
        leg.talk_s = elapsed - leg.hold_s
        if queue.transfers:
            shares = self.transfer_shares[leg.line.number]
            chosen = rules.choose_transfer(shares, self.leg_unit(leg, Purpose.TRANSFER))
            if chosen >= 0:
                return self.pass_on(leg, queue.transfers[chosen])
        self.end_of_contact(leg)
        self.free_line(leg)
        return False

    def pass_on(self, leg: Leg, transfer: Transfer) -> bool:
        """Pass the customer to another queue; return whether the agent waits for the next one."""
        if leg.hop >= rules.MAX_TRANSFERS or leg.customer.legs >= rules.MAX_LEGS:
            leg.then = Then.GAVE_UP
            self.free_line(leg)
            return False
        leg.then = Then.TRANSFER
        second = Leg(leg.customer, Kind.TRANSFER, self.lines[transfer.queue], leg.hop + 1)
        self.fill(second, None, transfer.change)
        self.move_line(leg, second)
        agent = leg.agent
        assert agent is not None
        warm = transfer.warm and not (agent.wants_away or agent.overtime)
        if warm:
            second.held, leg.released, leg.second = leg, self.clock.event(), second
        self.reach(second)
        return warm

    # -- callbacks -------------------------------------------------------------------------------

    def promise_callback(self, leg: Leg) -> None:
        """Put the promise to call back into the line, now or at the time set."""
        callback = leg.line.queue.callback
        assert callback is not None
        promise = self.callback_leg(leg)
        if callback.keeps_place:
            promise.place = leg.place
            self.reach(promise)
        else:
            delay = self.leg_draw(callback.delay, leg, Purpose.CALLBACK_DELAY)
            Story(self.call_later(promise, delay))

    def callback_leg(self, leg: Leg) -> Leg:
        """Return the leg by which a customer is called back, with the work of the first call."""
        promise = Leg(leg.customer, Kind.CALLBACK, leg.line, leg.hop)
        promise.contact = leg.contact
        promise.raw, promise.attempt = leg.raw, leg.attempt
        promise.talk, promise.hold, promise.wrap = leg.talk, leg.hold, leg.wrap
        return promise

    def call_later(self, promise: Leg, delay: float) -> Telling:
        """Join the line when the time set has come; never after the last closing."""
        instant = next_open(promise.line.queue.hours, self.clock.now + delay)
        if instant >= self.model.horizon:
            promise.enter = self.clock.now
            self.recorder.leg(promise, Outcome.WAITING)
            return
        yield self.clock.at(instant, Rank.ARRIVAL, promise.order)
        promise.place = instant
        self.reach(promise)

    def nobody_answers(self, leg: Leg, agent: Agent) -> None:
        """End an attempt that the customer did not answer; try again or give up."""
        leg.talk_end, leg.talk_s = self.clock.now, self.clock.now - leg.started
        leg.left = 0.0
        callback = leg.line.queue.callback
        assert callback is not None
        if leg.attempt + 1 < callback.tries:
            leg.then = Then.CALLBACK
            again = self.callback_leg(leg)
            again.attempt += 1
            delay = self.leg_draw(callback.again, leg, Purpose.AGAIN + leg.attempt)
            Story(self.call_later(again, delay))
        else:
            leg.then = Then.GAVE_UP
        self.recorder.leg(leg, Outcome.NO_ANSWER, self.clock.now)
        self.release(agent, leg)
