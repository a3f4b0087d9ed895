"""Staffing result: agents per interval, with service by formula and by simulation."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.extras import need
from sim.result_output import Output, reports

if TYPE_CHECKING:
    import pandas as pd

    from sim.planning.pooling import Sharing
    from sim.planning.requirement import Requirement
    from sim.planning.target_check import TargetCheck
    from sim.scenario import Scenario

COLUMNS = (
    "scope",
    "name",
    "interval",
    "channel",
    "volume",
    "aht_s",
    "load_erlangs",
    "agents_erlang_c",
    "agents_erlang_a",
    "fractional",
    "required",
    "scheduled",
    "now_scheduled",
    "now_net",
    "net_staffing",
    "work_h",
    "work_done_h",
    "service_level_formula",
    "service_level_simulated",
    "low",
    "high",
    "by",
)


@dataclass(frozen=True, repr=False)
class Staffing(Output):
    """The agents that a scenario needs, beside what it has.

    Attributes
    ----------
    name : str
    rows : list of dict
        One for each queue and group and interval with work or people or a row in the file,
        then one for each queue and group over the whole horizon (``interval`` None). Keys are
        those of `COLUMNS`:
        agents before rounding by each formula, ``fractional`` of the one that counts,
        ``required`` on the phones, ``scheduled`` with shrinkage and absence, the scenario's
        own ``now_scheduled`` people and the ``now_net`` agents they give, ``net_staffing``
        (what they give less what is required), for deferred work the hours that come and are
        done, and service levels with the 95 % confidence interval of the simulated one. For
        deferred queues the service level is the share on time. ``by`` is the formula that counted
        for a live queue. None where a metric has no meaning. Over the horizon agents are given as
        hours, and ``load_erlangs`` as erlang-hours.
    notes : tuple of str
        Assumptions behind the numbers.
    by : {"erlang_a", "erlang_c", "mixed"}
        The formula that counted; Erlang A is not for queues whose contacts never hang up.
    interval_s : float
    seed, runs : int
        Of the simulation; 0 runs when there was none.
    groups : dict of str to dict
        By group: ``shrinkage`` and ``absent``, shares of the scheduled, and ``lost``, both.
    metrics : list of dict
        Metrics of the simulated staffing over the whole horizon.
    staffed : Scenario
        The scenario as simulated: with the required agents, without shrinkage and absence.
    targets : tuple of TargetCheck
        Every target against the simulation, those missed first; empty when not simulated.
    sharings : tuple of Sharing
        Live queues that share agents: pooled in the formula, or the hours at stake.
    requirement : Requirement
        Where the rows come from, as arrays.
    promises : dict of str to (float, str)
        Target of each queue, and the formula and threshold of its service level.
    """

    name: str
    rows: list[dict[str, Any]] = field(repr=False)
    notes: tuple[str, ...]
    by: str
    interval_s: float
    seed: int
    runs: int
    groups: dict[str, dict[str, float]] = field(repr=False)
    metrics: list[dict[str, Any]] = field(repr=False)
    staffed: Scenario = field(repr=False)
    requirement: Requirement = field(repr=False)
    targets: tuple[TargetCheck, ...] = field(default=(), repr=False)
    sharings: tuple[Sharing, ...] = field(default=(), repr=False)
    promises: dict[str, tuple[float, str]] = field(default_factory=dict, repr=False)

    def verdict(self) -> list[str]:
        """Return what the simulation says of the targets, those missed first, as sentences."""
        if not self.runs:
            return ["Not simulated: whether these agents reach the targets is not known"]
        return [check.sentence() for check in self.targets]

    def __repr__(self) -> str:
        """Return the staffing in one line."""
        hours = sum(row["required"] or 0.0 for row in self.of("group", whole=True))
        described = f"required_h={hours:g}, by={self.by!r}, runs={self.runs}, seed={self.seed}"
        return f"Staffing({self.name!r}, {described})"

    def of(self, scope: str, whole: bool = False) -> list[dict[str, Any]]:
        """Return the rows of one scope: of its intervals, or of the whole horizon."""
        return [r for r in self.rows if r["scope"] == scope and (r["interval"] is None) == whole]

    def table(self) -> pd.DataFrame:
        """Return the rows as a table, columns as in `COLUMNS`; intervals as date and time."""
        need("table", "pandas")
        import pandas as pd

        table = pd.DataFrame(self.rows, columns=list(COLUMNS))
        day = self.staffed.center.first_day.isoformat()
        whole = table["interval"].map(
            lambda start: f"{day}T{start}" if len(start) <= len("08:00") else start,
            na_action="ignore",
        )
        table["interval"] = pd.to_datetime(whole)
        return table

    def text(self) -> str:
        """Return agents by group and interval, and service by queue, as text."""
        return str(reports("staffing_text").staffing_text(self))

    def document(self) -> dict[str, Any]:
        """Return what the command line writes as JSON."""
        from sim import __version__

        return {
            "scenario": self.name,
            "seed": self.seed,
            "runs": self.runs,
            "version": __version__,
            "targets": [check.record() for check in self.targets],
            "by": self.by,
            "interval_s": self.interval_s,
            "groups": self.groups,
            "sharings": [one.record() for one in self.sharings],
            "notes": list(self.notes),
            "requirement": self.rows,
            "metrics": self.metrics,
        }

    def to_json(self) -> str:
        """Return the document as JSON text; what is not known is null."""
        return json.dumps(self.document(), indent=1, allow_nan=False)
