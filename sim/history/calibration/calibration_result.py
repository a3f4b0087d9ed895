"""What calibration found: estimates, errors, assumptions, and the files of the scenario."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from sim.history.calibration.assumption_effects import AssumptionEffect
from sim.history.calibration.center_estimates import CenterEstimates
from sim.history.calibration.close_loop import ClosedLoop
from sim.history.calibration.day_factors import indistinct_notes
from sim.history.calibration.earlier_fit import EarlierFit, earlier_document
from sim.history.calibration.estimated_values import EstimatedValue
from sim.history.calibration.experience_tables import satisfaction_table
from sim.history.calibration.past_days import ActualsFit
from sim.history.calibration.state_estimates import StateEstimates
from sim.history.calibration.talk_by_hour import talk_by_hour
from sim.history.calibration.talk_level_rows import talk_level_note
from sim.history.calibration.volume_growth import growth_note
from sim.history.call_log import Cleaning
from sim.result_output import Output
from sim.scenario import Satisfaction


@dataclass(frozen=True)
class HalfDifference:
    """One estimate in the first and in the second half of the days.

    Attributes
    ----------
    name, scope, unit : str
    first, second : float
    apart : bool
        Whether the 95 % confidence intervals do not meet; of the volume, whether its trend is
        certain.
    """

    name: str
    scope: str
    unit: str
    first: float
    second: float
    apart: bool


@dataclass(frozen=True, repr=False)
class Calibration(Output):
    """A center calibrated on a log.

    Attributes
    ----------
    name : str
        Of the log.
    cleaning : Cleaning
    estimates : CenterEstimates
    rows : tuple of EstimatedValue
    loop : ClosedLoop
    in_sample : ActualsFit
    left_out : ActualsFit or None
        On the last weeks, calibrated on those before; None where there are too few days.
    left_out_days : int
    earlier : EarlierFit or None
        What these days were simulated with.
    drift : tuple of HalfDifference
    assumptions : tuple of AssumptionEffect
        The most important first.
    files : dict of str to str
        Of the scenario folder, by name.
    state_cleaning : Cleaning or None
        Of the states of agents, where a file has them.
    """

    name: str
    cleaning: Cleaning
    estimates: CenterEstimates
    rows: tuple[EstimatedValue, ...]
    loop: ClosedLoop
    in_sample: ActualsFit
    left_out: ActualsFit | None
    left_out_days: int
    earlier: EarlierFit | None
    drift: tuple[HalfDifference, ...]
    assumptions: tuple[AssumptionEffect, ...]
    files: dict[str, str] = field(repr=False)
    state_cleaning: Cleaning | None = None

    def __repr__(self) -> str:
        """Return the calibration in one line."""
        log = self.estimates.log
        return f"Calibration({self.name!r}, contacts={len(log)}, days={int(log.day_used.sum())})"

    @property
    def missing(self) -> tuple[str, ...]:
        """What could not be estimated, or said in a scenario, and why."""
        return (*self.estimates.missing, *indistinct_notes(self.estimates))

    @property
    def volume_note(self) -> str:
        """What a volume that certainly grows or falls means for the written week, or nothing."""
        return growth_note(self.estimates)

    @property
    def talk_note(self) -> str:
        """What a level of talk that changes means for the written week, or nothing."""
        return talk_level_note(self.estimates)

    @property
    def satisfaction_model(self) -> Satisfaction | None:
        """The coefficients of the scenario, with those that stay at defaults; None without."""
        table = satisfaction_table(self.estimates.experience).get("satisfaction")
        return None if table is None else Satisfaction.model_validate(table)

    def estimate(self, name: str, scope: str = "center") -> EstimatedValue:
        """Return one estimate.

        Raises
        ------
        KeyError
            When there is none of this name and scope.
        """
        for row in self.rows:
            if (row.name, row.scope) == (name, scope):
                return row
        raise KeyError(f"{scope}.{name}")

    def document(self) -> dict[str, Any]:
        """Return what the command line writes as JSON."""
        from sim import __version__

        log = self.estimates.log
        return {
            "log": self.name,
            "version": __version__,
            "first_day": log.first_day.isoformat(),
            "last_day": log.date(log.days - 1).isoformat(),
            "contacts": len(log),
            "days_used": int(self.estimates.usable.sum()),
            "records": self.cleaning.rows,
            "cleaning": [asdict(step) for step in self.cleaning.steps],
            "notes": list(self.cleaning.notes),
            "volume_note": self.volume_note or None,
            "talk_note": self.talk_note or None,
            "states": _states(self.estimates.states, self.state_cleaning),
            "unusual_days": [
                {
                    "day": log.date(one.day).isoformat(),
                    "kind": one.kind,
                    "reason": one.reason,
                    "left_out": not bool(self.estimates.usable[one.day]),
                }
                for one in self.estimates.unusual
            ],
            "order": None if self.estimates.order is None else self.estimates.order.document(),
            "estimates": [row.document() for row in self.rows],
            "talk_by_hour": [row.document() for row in talk_by_hour(self.estimates)],
            "not_estimated": list(self.missing),
            **self.loop.document(),
            "errors_in_sample": [one.document() for one in self.in_sample.errors],
            "errors_left_out": [
                one.document() for one in (self.left_out.errors if self.left_out else ())
            ],
            "by_queue_in_sample": [one.document() for one in self.in_sample.by_queue],
            "by_queue_left_out": [
                one.document() for one in (self.left_out.by_queue if self.left_out else ())
            ],
            "left_out_days": self.left_out_days,
            "left_out_fit": (
                None if self.earlier is None else earlier_document(self.earlier, self.rows)
            ),
            "drift": [asdict(one) for one in self.drift],
            "assumptions": [one.document() for one in self.assumptions],
            "files": sorted(self.files),
        }

    def to_json(self) -> str:
        """Return the document as JSON text; what is unknown is null."""
        return json.dumps(self.document(), indent=1, allow_nan=False)


def _states(found: StateEstimates | None, cleaning: Cleaning | None) -> dict[str, Any] | None:
    """Return what was read of states of agents, and which estimates are theirs."""
    if found is None:
        return None
    return {
        "records": 0 if cleaning is None else cleaning.rows,
        "agents": found.agents,
        "agents_without": found.of_agents - found.agents,
        "share_of_contacts": round(found.contacts, 6),
        "has_details": found.has_details,
        "cleaning": [asdict(step) for step in (cleaning.steps if cleaning else ())],
        "notes": list(cleaning.notes) if cleaning else [],
    }
