"""Everything random about one replication, fixed before an engine starts.

A draw depends on the seed, the replication, the name of its stream and the number of its
contact, and on nothing else: not on the order in which an engine asks, not on the other
queues of the scenario, not on the agents. Two scenarios that differ in one thing therefore
share all other random numbers, and both engines simulate the same day.

There are two kinds of draws. What every contact needs (arrival, work, patience) is drawn in
arrays, one random stream per queue, day and purpose. What only some contacts need (choices,
further legs) is a pure function of the contact's key: :meth:`Tape.uniform`.
"""

from __future__ import annotations

from sim.model import Floats, Model
from sim.tape.choices import Prevention, Purpose, agent_choice_number, choice_number
from sim.tape.random_numbers import Tape, Tapes

__all__ = [
    "Prevention", "Purpose", "Tape", "Tapes", "agent_choice_number", "busyness", "choice_number",
    "draw_tape",
]  # fmt: skip


def draw_tape(model: Model, seed: int, replication: int, antithetic: bool = False) -> Tape:
    """Draw the tape of one replication.

    For many replications of one model a :class:`sim.tape.tape_drawer.TapeDrawer` is faster.

    Parameters
    ----------
    model : Model
    seed : int
    replication : int
        Counted from 1.
    antithetic : bool
        Replications form pairs, of which the second is the mirror of the first.

    Returns
    -------
    Tape
    """
    from sim.tape.tape_drawer import TapeDrawer

    return TapeDrawer(model, antithetic).draw(seed, replication)


def busyness(model: Model, seed: int, replication: int) -> Floats:
    """Return the factor by which each day and queue differs from its expectation.

    Gamma or lognormal with mean 1 and the scenario's CV; a Gaussian copula gives the
    correlation between queues, an autoregression that from day to day.

    Returns
    -------
    ndarray, shape (days, queues)
    """
    from sim.streams import RandomStreams
    from sim.tape.busy_days import BusyDays

    factors: Floats = BusyDays(model).draw([RandomStreams(seed, replication)])[0][0]
    return factors
