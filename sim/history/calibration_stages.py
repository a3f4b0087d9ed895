"""What a calibration does, one stage after the other, and the steps of its first stages."""

from __future__ import annotations

STAGES = (
    READING, ESTIMATING, REMOVING_BIAS, PAST_DAYS, ASSUMPTIONS, LEFT_OUT_DAYS, HALVES,
) = (
    "reading",
    "estimating",
    "removing bias",
    "simulating recorded days",
    "varying assumptions",
    "simulating days left out",
    "comparing halves of the days",
)  # fmt: skip
"""What progress names, in this order."""
STEPS = {
    READING: ("reading the file", "checking times and outcomes", "cleaning"),
    ESTIMATING: (
        "estimating arrivals by day",
        "estimating agents, talk and patience",
        "estimating how volumes vary",
        "estimating when agents were present",
        "estimating gaps and pauses",
        "estimating satisfaction and the order of service",
    ),
}
"""What is done in each step of a stage; other stages count what they simulate."""


def progress_text(what: str, done: int, steps: int) -> str:
    """Return what a calibration does now, with its stage.

    Parameters
    ----------
    what : str
        One of :data:`STAGES`.
    done, steps : int
        Steps of it that are done, and all.
    """
    stage = f"Stage {STAGES.index(what) + 1} of {len(STAGES)}"
    named = STEPS.get(what)
    if named is None:
        return f"{stage}: {what}, {done} of {steps}"
    return f"{stage}: {named[min(done, len(named) - 1)]}"
