"""What reaches agents: volumes behind self-service, and the time each contact takes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sim.distributions import Deterministic, DistributionByInterval, TimeDistribution
from sim.model import Bot, Floats, Model, Queue, TalkChange
from sim.model.repeat_deflation import returning
from sim.scenario.issue_volumes import arriving_share, mean_talk, queue_volume, usual_bot

if TYPE_CHECKING:
    from sim.scenario import Scenario

_ROUNDS = 6  # each round adds the repeats of repeats, or the transfers of transfers
_SAME = 1e-4  # contacts an interval below which another round changes nothing


@dataclass(frozen=True)
class AgentWorkload:
    """The work that reaches the agents of one queue.

    Attributes
    ----------
    volume : ndarray, shape (intervals,)
        Expected contacts.
    handle_s : ndarray, shape (intervals,)
        Mean talk, hold and wrap of one contact at full speed (s); the queue's own mean where
        nothing comes.
    """

    volume: Floats
    handle_s: Floats


def work_for_agents(scenario: Scenario, model: Model) -> dict[str, AgentWorkload]:
    """Return the work that reaches the agents of every queue.

    Parameters
    ----------
    scenario : Scenario
    model : Model
        Built from the scenario.

    Returns
    -------
    dict of str to AgentWorkload
        Contacts net of those that self-service contains or that leave it, plus those that
        come back to agents after a false containment, plus transfers; with the residual
        talk time, and the easy part for those who come back.
        Further attempts after an abandonment are left out: whoever is staffed to a target
        has few.
    """
    model = _over_issues(scenario, model)
    contacts, repeats_of = _contacts(scenario, model)
    volume, work = [], []
    for queue, number, repeats in zip(model.queues, contacts, repeats_of, strict=True):
        people, seconds = _first_legs(model, queue, number, repeats)
        volume.append(people)
        work.append(seconds)
    _transfer(model, volume, work)
    return {
        queue.name: _workload(queue, number, seconds)
        for queue, number, seconds in zip(model.queues, volume, work, strict=True)
    }


def _over_issues(scenario: Scenario, model: Model) -> Model:
    """Return a model whose queues have the means over all their issues and customers."""
    if model.journeys is None:
        return model
    return replace(model, queues=tuple(_mean_queue(scenario, queue) for queue in model.queues))


def _mean_queue(scenario: Scenario, queue: Queue) -> Queue:
    """Return a queue with what arrives of it, its mean talk, and the usual shares of its bot."""
    expected = queue.demand.expected * arriving_share(scenario, queue.name)
    bot, found = queue.bot, usual_bot(scenario, queue.name)
    if bot is not None and found is not None:
        shares = {key: getattr(found[1], key) for key in ("tried", "contained", "resolved")}
        bot = replace(bot, **shares)
    talk = _mean_talk(scenario, queue)
    return replace(queue, demand=replace(queue.demand, expected=expected), talk=talk, bot=bot)


def _mean_talk(scenario: Scenario, queue: Queue) -> TimeDistribution:
    """Return the mean talk of a queue over all its issues, by interval where it differs."""
    if not isinstance(queue.talk, DistributionByInterval):
        return Deterministic(mean_talk(scenario, queue.name))
    rows = [Deterministic(mean_talk(scenario, queue.name, row.mean)) for row in queue.talk.rows]
    return replace(queue.talk, rows=tuple(rows), zero=0.0)


def _workload(queue: Queue, volume: Floats, work: Floats) -> AgentWorkload:
    hands = np.divide(work, volume, out=_hands(queue, len(volume)), where=volume > 0)
    return AgentWorkload(volume, hands)


def _hands(queue: Queue, intervals: int) -> Floats:
    residual = queue.bot.residual if queue.bot else 1.0
    return queue.talk.means(intervals) * residual + _rest(queue, intervals)


def _rest(queue: Queue, intervals: int) -> Floats:
    """Return the mean hold and wrap of a contact by interval (s)."""
    return np.asarray(queue.hold.means(intervals) + queue.wrap.means(intervals))


def _contacts(scenario: Scenario, model: Model) -> tuple[list[Floats], list[Floats]]:
    """Return the contacts that reach each queue or its bot, and how many of them are repeats."""
    repeats_of = [np.zeros(model.intervals) for _ in model.queues]
    # Observed volumes hold their repeats already, so nothing is left to iterate.
    found = [np.array(queue_volume(scenario, q.name)) for q in model.queues]
    for _ in range(_ROUNDS if any(q.repeat for q in model.queues) else 1):
        repeats_of = _repeats(model, found)
        before = found
        found = [q.demand.expected + back for q, back in zip(model.queues, repeats_of, strict=True)]
        if max(np.abs(a - b).max(initial=0) for a, b in zip(found, before, strict=True)) < _SAME:
            break
    return found, repeats_of


def _repeats(model: Model, contacts: list[Floats]) -> list[Floats]:
    back = [np.zeros(model.intervals) for _ in model.queues]
    for queue, number in zip(model.queues, contacts, strict=True):
        repeat = queue.repeat
        if repeat is None or not queue.resolved < 1:
            continue
        share = (1 - queue.resolved) * repeat.share * _passed(queue.bot)
        hands = queue.talk.mean + queue.hold.mean
        hours = model.queues[repeat.queue].hours
        back[repeat.queue] += share * returning(
            number, hours, model.interval_s, repeat.delay, hands
        )
    return back


def _passed(bot: Bot | None) -> float:
    return 1.0 if bot is None else 1 - bot.tried * (bot.contained + bot.left)


def _first_legs(
    model: Model, queue: Queue, contacts: Floats, repeats: Floats
) -> tuple[Floats, Floats]:
    """Return contacts that reach agents from outside, and their work (s)."""
    bot, talk = queue.bot, queue.talk.means(model.intervals)
    rest = _rest(queue, model.intervals)
    if bot is None:
        longer = _altered(talk, queue.repeat.change if queue.repeat else None) - talk
        return contacts, contacts * (talk + rest) + repeats * longer
    easy = talk * bot.comeback
    talk = talk * bot.residual
    works = 1.0 - _out_of_order(model, bot)
    tries = contacts * bot.tried * works
    handed = tries * (1 - bot.contained - bot.left)
    false = tries * bot.contained * (1 - bot.resolved) * bot.comes_back
    session = bot.session.mean
    bounced = returning(false, queue.hours, model.interval_s, bot.comes_back_after, session)
    direct = contacts - tries
    work = direct * (talk + rest) + handed * (_altered(talk, bot.handover) + rest)
    work += bounced * (easy + rest)
    return direct + bounced + handed, work


def _out_of_order(model: Model, bot: Bot) -> Floats:
    """Return the share of each interval in which self-service is out of order."""
    edges = np.arange(model.intervals) * model.interval_s
    out = np.zeros(model.intervals)
    for start, end in bot.outage:
        inside = np.minimum(edges + model.interval_s, end) - np.maximum(edges, start)
        out += np.clip(inside, 0.0, None) / model.interval_s
    return np.minimum(out, 1.0)


def _altered(talk: Floats, change: TalkChange | None) -> Floats:
    return talk if change is None else np.maximum(talk * change.factor + change.add, 0.0)


def _transfer(model: Model, volume: list[Floats], work: list[Floats]) -> None:
    """Add the legs that other queues pass on, and the legs those pass on in turn."""
    moving = [number.copy() for number in volume]
    for _ in range(_ROUNDS if any(q.transfers for q in model.queues) else 0):
        arriving = [np.zeros(model.intervals) for _ in model.queues]
        for queue, number in zip(model.queues, moving, strict=True):
            later = delayed(number, (queue.talk.mean + queue.hold.mean) / model.interval_s)
            for transfer in queue.transfers:
                target = model.queues[transfer.queue]
                legs = transfer.share * later
                talk = target.talk.means(model.intervals)
                seconds = _altered(talk, transfer.change) + _rest(target, model.intervals)
                arriving[transfer.queue] += legs
                work[transfer.queue] = work[transfer.queue] + legs * seconds
        for k, legs in enumerate(arriving):
            volume[k] = volume[k] + legs
        moving = arriving


def delayed(volume: Floats, intervals: float) -> Floats:
    """Return contacts by interval when all arrive a fixed time later.

    Parameters
    ----------
    volume : ndarray, shape (intervals,)
        Contacts, spread evenly within each interval.
    intervals : float
        The delay in lengths of an interval, zero or more.

    Returns
    -------
    ndarray, shape (intervals,)
        Same sum: contacts that would arrive after the end are put in the last interval.
    """
    whole, part = divmod(intervals, 1.0)
    moved = np.zeros_like(volume)
    ends = np.flatnonzero((volume > 0) & (np.append(volume[1:], 0) <= 0))
    came = np.flatnonzero(volume > 0)
    last = ends[np.searchsorted(ends, came)] if len(came) else came
    for shift, share in ((int(whole), 1 - part), (int(whole) + 1, part)):
        np.add.at(moved, np.minimum(came + shift, last), share * volume[came])
    return moved
