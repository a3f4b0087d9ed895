"""Random pauses of agents: gaps after contacts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.model import Group
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
    return group
