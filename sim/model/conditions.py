"""What holds of the contacts of a queue by the instant at which they arrive."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Conditions:
    """What holds, from an instant on, for contacts that reach a queue from then on.

    A contact keeps the work and patience with which it has arrived; later conditions do not
    change them.

    Attributes
    ----------
    start : float
        From when (s); these conditions end where the next begin.
    talk, hold, wrap, patience : float
        Multiply the work and the patience.
    residual : float
        Multiplies the talk of what reaches agents past a bot, as ``Bot.residual`` does otherwise.
    balk, resolved, tried, contained : float
        Shares, in place of those of the queue and of its bot; NaN: not modelled.
    down : bool
        No contact gets through: each finds all trunks busy.
    """

    start: float
    talk: float = 1.0
    hold: float = 1.0
    wrap: float = 1.0
    patience: float = 1.0
    residual: float = 1.0
    balk: float = 0.0
    resolved: float = float("nan")
    tried: float = 0.0
    contained: float = 0.0
    down: bool = False
