"""Random outbound calls about kinds of issues."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.model import Journeys, Model
from sim.model.journeys import OutboundCalls
from verification.random_models.draws import Frame, bernoulli, distribution, duration, share, small


def with_outbound(rng: np.random.Generator, frame: Frame, model: Model) -> Journeys | None:
    """Return the journeys of a model, about most kinds of issues with calls by agents beforehand.

    Parameters
    ----------
    rng : numpy.random.Generator
    frame : Frame
    model : Model
        Only where it has a deferred queue there are calls.
    """
    deferred = [k for k, queue in enumerate(model.queues) if queue.deferred]
    if model.journeys is None or not deferred:
        return model.journeys
    kinds = [
        replace(kind, outbound=_calls(rng, frame.whole, deferred)) if bernoulli(rng, 0.8) else kind
        for kind in model.journeys.kinds
    ]
    return replace(model.journeys, kinds=tuple(kinds))


def _calls(rng: np.random.Generator, whole: bool, deferred: list[int]) -> OutboundCalls:
    hours = float(rng.choice([0.5, 2.0, 30.0]))
    return OutboundCalls(
        queue=int(rng.choice(deferred)),
        ahead=duration(rng, 60, 3600 * hours, whole),
        attempts=int(rng.integers(1, 5)),
        right_party=share(rng),
        again=distribution(rng, duration(rng, 60, 3600, whole), whole),
        unanswered=small(rng, 30, whole, 0.9),
        settled=share(rng),
    )
