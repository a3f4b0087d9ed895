"""Two engines with the same rules: random models with all features, compared on both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.engine import simulate_replication
from verification.engine_differences import first_difference, sums_difference
from verification.random_models import random_model

MODELS = 4_000
BLOCK = 50


@dataclass(frozen=True, slots=True)
class Agreed:
    """Models simulated with both engines.

    Attributes
    ----------
    models : int
        Half of them with times in whole seconds and minutes.
    contacts : int
        Legs of contacts compared.
    parts : tuple of str
        Of each model in which the engines part: which, and the first event that differs.
    """

    models: int
    contacts: int
    parts: tuple[str, ...]


def engines_agree(quick: bool = False, workers: int | None = None) -> Agreed:
    """Play random models on both engines.

    Parameters
    ----------
    quick : bool
        An eighth of the models.
    workers : int, optional
        Processes; one for each core unless given.
    """
    from joblib import Parallel, delayed

    models = MODELS // 8 if quick else MODELS
    blocks = [range(first, first + BLOCK) for first in range(0, models, BLOCK)]
    found: Sequence[tuple[int, list[str]]] = Parallel(n_jobs=workers or -1)(
        delayed(_block)(block) for block in blocks
    )
    parts = tuple(text for _, some in found for text in some)
    return Agreed(models, sum(contacts for contacts, _ in found), parts)


def _block(numbers: range) -> tuple[int, list[str]]:
    """Return the legs of some models, and where the engines part."""
    legs, parts = 0, []
    for number in numbers:
        whole = bool(number % 2)
        model = random_model(np.random.default_rng([7, number]), whole)
        both = (
            simulate_replication(model, number + 1, 1, "reference"),
            simulate_replication(model, number + 1, 1, "kernel"),
        )
        legs += len(both[0].legs)
        if text := first_difference(model, number + 1, 1, logs=both) or sums_difference(both[0]):
            parts.append(f"random model {number}: {text}")
    return legs, parts
