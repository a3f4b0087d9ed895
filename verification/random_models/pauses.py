"""Random pauses of agents: gaps after contacts, and breaks while no contact waits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.distributions import Exponential
from sim.model import Group, QuietBreaks
from verification.random_models.draws import Frame, bernoulli, distribution, duration


def with_pauses(rng: np.random.Generator, frame: Frame, group: Group) -> Group:
    """Return a group, sometimes one whose agents are not ready for a while after contacts.

    Parameters
    ----------
    rng : numpy.random.Generator
    frame : Frame
    group : Group
    """
    if bernoulli(rng, 0.35):
        gap = distribution(rng, duration(rng, 2, 300, frame.whole), frame.whole)
        group = replace(group, gap=gap)
    if bernoulli(rng, 0.25):
        length = distribution(rng, duration(rng, 20, 900, frame.whole), frame.whole)
        share = float(rng.choice([0.1, 0.5, 0.9]))
        ready = Exponential(length.mean * (1 - share) / share)
        group = replace(group, quiet=QuietBreaks(share, length, ready))
    return group
