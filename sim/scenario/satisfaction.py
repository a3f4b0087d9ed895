"""How satisfied, loyal and likely to answer a survey customers are after an issue.

The defaults are published values or, where none were found, made up; each says which. None is
calibrated to a center until the scenario says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, Any, ClassVar

from pydantic import Field, ValidationInfo

from sim import units
from sim.scenario.field_types import Note, Ratio, Record, SomeSeconds, Written

MADE_UP = "made up"
"""Source of a coefficient for which no published value was found."""
SQM = "SQM, surveys of over 500 contact centers"


class Coefficient(Written):
    """A number of the satisfaction model, perhaps with the range in which it may lie."""

    SHORT = "the value alone"
    EXAMPLES: ClassVar[tuple[object, ...]] = (0.8, "86%")

    value: Ratio
    """The value."""
    low: Annotated[Ratio | None, Note(unset="the value")] = None
    """Lower end of the range in which it may lie."""
    high: Annotated[Ratio | None, Note(unset="the value")] = None
    """Upper end of the range in which it may lie."""
    source: str = "the scenario"
    """Where it comes from."""
    calibrated_on: Annotated[str, Note(unset="see `calibrated_on` of the table")] = ""
    """Data by which it was estimated."""

    @classmethod
    def read(cls, value: Any, info: ValidationInfo) -> dict[str, Any]:
        """Read a number or a share."""
        return {"value": units.ratio(value)}

    def __str__(self) -> str:
        """Return value, range and source in one line."""
        low, high = self.ends
        extent = f"{low:g} to {high:g}; " if low < high else ""
        on = f", calibrated on {self.calibrated_on}" if self.calibrated_on else ""
        return f"{self.value:g} ({extent}{self.source}{on})"

    @property
    def ends(self) -> tuple[float, float]:
        """Lower and upper end of the range; both the value where there is none."""
        low = self.value if self.low is None else self.low
        high = self.value if self.high is None else self.high
        return low, high


def _default(value: float, low: float, high: float, source: str) -> Callable[[], Coefficient]:
    return lambda: Coefficient(value=value, low=low, high=high, source=source)


def _field(value: float, low: float, high: float, source: str) -> Any:
    return Field(default_factory=_default(value, low, high, source))


class Satisfaction(Record):
    """What makes customers satisfied: factors on the odds, and what follows from satisfaction.

    The odds of a share p are p / (1 - p): 86 % satisfied are odds of 6.1 to 1, and a factor of 0.5
    makes them 3.1 to 1, which is 75 %.
    """

    calibrated_on: Annotated[str, Note(unset="nothing: uncalibrated")] = ""
    """Data by which the coefficients were estimated: all, or only those with a ``calibrated_on`` of
    their own where there are any."""
    satisfied: Coefficient = _field(0.86, 0.78, 0.90, SQM)
    """Share satisfied among customers whose issue was resolved in one contact, without a transfer
    and without a long wait."""
    unresolved: Coefficient = _field(
        0.05, 0.033, 0.2, f"{SQM}: 0.69 points of CSAT for a point of FCR, over seven industries"
    )
    """Factor on the odds if the issue was not resolved."""
    contact: Coefficient = _field(
        0.5, 0.42, 0.6, f"{SQM}: 86 % satisfied after the first contact, 44 % after the fourth"
    )
    """Factor on the odds for each further contact about the same issue."""
    transfer: Coefficient = _field(0.85, 0.6, 1.0, MADE_UP)
    """Factor on the odds for each transfer."""
    context_lost: Coefficient = _field(0.8, 0.6, 1.0, MADE_UP)
    """Factor on the odds each time the customer has to explain the issue again."""
    switch: Coefficient = _field(0.9, 0.7, 1.0, MADE_UP)
    """Factor on the odds for each change of channel."""
    wait: Coefficient = _field(
        0.97,
        0.9,
        1.0,
        "Garcia 2012: small, not significant under two minutes; size made up",
    )
    """Factor on the odds for each minute waited in all contacts together beyond ``wait_from``."""
    wait_from: Annotated[SomeSeconds, Note(sentence="waits matter from {} on")] = 120.0
    """Waits up to this do not matter."""
    channel: Annotated[dict[str, Coefficient], Note(unset="no difference")] = Field(
        default_factory=dict
    )
    """Factor on the odds by the channel of the first contact: ``{ chat = 1.2 }``. Published levels
    by channel compare customers as much as channels, so there is no default."""
    promoter: Coefficient = _field(0.3, 0.2, 0.5, MADE_UP)
    """Odds of being a promoter (9 or 10 of 10) as a multiple of the odds of being satisfied."""
    detractor: Coefficient = _field(2.0, 1.5, 3.0, MADE_UP)
    """Odds of not being a detractor (0 to 6 of 10) as a multiple of the odds of being satisfied."""
    leaves: Coefficient = _field(
        0.17, 0.05, 0.32, "PwC 2018: would leave after one bad experience, a stated intention"
    )
    """Share of the dissatisfied who leave."""
    response_satisfied: Coefficient = _field(0.1, 0.05, 0.3, MADE_UP)
    """Share of the satisfied who answer a survey."""
    response_dissatisfied: Coefficient = _field(0.2, 0.05, 0.4, MADE_UP)
    """Share of the dissatisfied who answer a survey."""
    effort_contact: Coefficient = _field(1.0, 0.5, 1.5, f"what adds effort: CEB; size {MADE_UP}")
    """Points of effort for each further contact; effort is 1 to 7, and 7 is hard."""
    effort_transfer: Coefficient = _field(0.7, 0.3, 1.2, f"what adds effort: CEB; size {MADE_UP}")
    """Points of effort for each transfer."""
    effort_context_lost: Coefficient = _field(
        0.7, 0.3, 1.2, f"what adds effort: CEB; size {MADE_UP}"
    )
    """Points of effort each time the customer has to explain the issue again."""
    effort_switch: Coefficient = _field(0.7, 0.3, 1.2, f"what adds effort: CEB; size {MADE_UP}")
    """Points of effort for each change of channel."""
    effort_unresolved: Coefficient = _field(2.0, 1.0, 3.0, f"what adds effort: CEB; size {MADE_UP}")
    """Points of effort if the issue was not resolved."""

    @property
    def coefficients(self) -> dict[str, Coefficient]:
        """The coefficients by the name of their field, those of channels as ``channel.NAME``."""
        found = {
            name: getattr(self, name)
            for name in type(self).model_fields
            if isinstance(getattr(self, name), Coefficient)
        }
        return found | {f"channel.{name}": value for name, value in self.channel.items()}

    @property
    def calibrated(self) -> dict[str, str]:
        """Data by which each coefficient was estimated, by name; empty where it was not."""
        own = {name: one.calibrated_on for name, one in self.coefficients.items()}
        return own if any(own.values()) else dict.fromkeys(own, self.calibrated_on)

    @property
    def calibration_text(self) -> str:
        """Whether the coefficients are calibrated, in a few words."""
        return calibration_text(self.calibrated.values(), self.calibrated_on)


def calibration_text(calibrated: Iterable[str], name: str = "") -> str:
    """Return whether some coefficients are calibrated, in a few words.

    Parameters
    ----------
    calibrated : iterable of str
        Data by which each was estimated, empty where it was not.
    name : str
        Data of those that are, unless all are of the same.
    """
    every = list(dict.fromkeys(calibrated))
    found = [one for one in every if one]
    if not found:
        return "uncalibrated"
    on = found[0] if len(found) == 1 else name or ", ".join(found)
    return f"{'calibrated' if len(found) == len(every) else 'partly calibrated'} on {on}"
