"""Days whose random numbers are drawn once, and met by many models that differ in their agents."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.tape.tape_drawer import TapeDrawer

if TYPE_CHECKING:
    from sim.model import Model
    from sim.tape.random_numbers import Tapes

MOST_BYTES = 400_000_000
"""Memory for random numbers; those of further days are drawn each time."""
ISSUES_TOGETHER, MOST_TOGETHER = 2**15, 64
"""Issues and days in one part: what fits in the processor's cache."""


class DrawnDays:
    """Random numbers of the replications of a model, drawn once.

    Parameters
    ----------
    model : Model
        With at least the agents of every model that is simulated on these days.
    seed : int
    """

    def __init__(self, model: Model, seed: int) -> None:
        self._drawer, self._seed = TapeDrawer(model), seed
        issues = max(sum(float(queue.demand.expected.sum()) for queue in model.queues), 1.0)
        self.together = min(max(int(ISSUES_TOGETHER / issues), 1), MOST_TOGETHER)
        self._tapes: OrderedDict[int, Tapes] = OrderedDict()

    def parts(self, days: range) -> Iterator[range]:
        """Divide days into those that are simulated together, at the same numbers every time.

        Parameters
        ----------
        days : range
            Numbers of replications, from 1.
        """
        first = days.start
        while first < days.stop:
            after = min(((first - 1) // self.together + 1) * self.together + 1, days.stop)
            yield range(first, after)
            first = after

    def tapes(self, model: Model, part: range) -> Tapes:
        """Return the random numbers of days that are within one part, for a model.

        Parameters
        ----------
        model : Model
        part : range
            As from :meth:`parts`.
        """
        number = (part.start - 1) // self.together
        known = self._tapes.get(number)
        if known is None or known.replications.stop < part.stop:
            first = number * self.together + 1
            known = self._drawer.draw_together(self._seed, range(first, part.stop))
            self._tapes[number] = known
            while len(self._tapes) > 1 and sum(t.nbytes for t in self._tapes.values()) > MOST_BYTES:
                self._tapes.popitem(last=False)
        return replace(known.part(part), model=model)
