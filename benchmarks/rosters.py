"""Rosters to their proven optima: a shipped one, and public instances where they are found."""

from collections.abc import Callable
from functools import partial

from benchmarks.measure import Measurement, command, processor_seconds
from verification.rosters import OPTIMA, roster_folder


def to_the_optimum(file: str) -> Measurement:
    """Processor time of ``ccplan roster`` until its roster is proven (s)."""
    return Measurement(
        processor_seconds(lambda: command("roster", file, "--time-limit", "10min", "--json")), "s"
    )


def instance(number: int) -> Measurement:
    """Processor time for an instance of Curtois and Qu (s).

    Raises
    ------
    KeyError
        When the instances are not there.
    """
    folder = roster_folder()
    if folder is None:
        raise KeyError("rosters")
    return to_the_optimum(str(folder / f"instance{number}.txt"))


ROSTERS: dict[str, Callable[[], Measurement]] = {
    "roster two_weeks": partial(to_the_optimum, "two_weeks"),
    **{f"roster, instance {k} of Curtois and Qu": partial(instance, k) for k in OPTIMA},
}
