"""Target, formula and simulation settings of a staffing, and the staffings computed with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.app.cache import cached
from sim.app.occupancy_field import occupancy_field
from sim.app.scenario_picker import show_problems
from sim.app.start_fields import FEW, REPLICATIONS, RUNS, SEED
from sim.app.workspace import recall, remember
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.app.scenario_picker import ScenarioChoice
    from sim.experiment import Result
    from sim.planning import Staffing
    from sim.scenario import Scenario

OWN = "targets of the scenario"
FORMULAS = {"erlang_a": "Erlang A", "erlang_c": "Erlang C"}


@dataclass(frozen=True)
class StaffingOptions:
    """Target, formula and simulation settings of a staffing."""

    target: str | None
    by: str
    runs: int
    seed: int
    max_occupancy: str | None = None


def staffing_options(choice: ScenarioChoice) -> StaffingOptions:
    """Draw the fields."""
    import streamlit as st

    scenario = choice.scenario
    prefix = f"staffing:{scenario.fingerprint[:12]}"
    key = recall(f"{prefix}:target", "")
    st.text_input(
        "Target",
        key=key,
        placeholder=OWN,
        help="One target for all live queues, such as 80/20 or 80% in 20s. Empty: the targets of "
        "the scenario.",
    )
    target = str(remember(key)).strip() or None
    if target is not None:
        target = _checked(target)
    most = occupancy_field(choice.key)
    key = recall("staffing:by", "erlang_a", FORMULAS)
    st.segmented_control(
        "Staffing formula",
        list(FORMULAS),
        key=key,
        required=True,
        format_func=FORMULAS.__getitem__,
        help="Erlang A includes abandonment; Erlang C does not, and requires more agents. Queues "
        "with unlimited patience always use Erlang C.",
    )
    by = str(remember(key))
    key = recall("runs", FEW, RUNS)
    st.select_slider("Replications", RUNS, key=key, help=REPLICATIONS)
    seed = recall("seed", scenario.experiment.seed)
    st.number_input("Random seed", min_value=0, max_value=2**31, step=1, key=seed, help=SEED)
    return StaffingOptions(target, by, int(remember(key)), int(remember(seed)), most)


def _checked(target: str) -> str | None:
    """Return a target that can be read, else show next to the field what is wrong."""
    from sim.erlang import read_target

    try:
        read_target(target)
    except BadInputError as error:
        show_problems(error)
        return None
    return target


def pick_group(scenario: Scenario, names: list[str]) -> str:
    """Draw the choice of a group when there are several."""
    import streamlit as st

    if len(scenario.group) == 1:
        return next(iter(scenario.group))
    key = recall(f"staffing:{scenario.fingerprint[:12]}:group:{names[0]}", names[0])
    st.selectbox("Group", names, key=key)
    return str(remember(key))


def _how(options: StaffingOptions) -> tuple[str | None, str, str | None]:
    """Return what decides on the required agents."""
    return options.target, options.by, options.max_occupancy


def formula_only(scenario: Scenario, options: StaffingOptions) -> Staffing:
    """Return the staffing by formula."""
    from sim.planning import staff

    key = ("staff", scenario.fingerprint, *_how(options))
    return cached(
        key,
        lambda: staff(
            scenario, simulate=False, target=options.target, by=options.by,
            max_occupancy=options.max_occupancy,
        ),
    )  # fmt: skip


def with_service(scenario: Scenario, options: StaffingOptions, required: Result) -> Staffing:
    """Return the staffing with the simulated service level of the required agents."""
    from sim.planning import staff

    key = ("staffed", scenario.fingerprint, *_how(options), options.runs, options.seed)
    return cached(
        key,
        lambda: staff(
            scenario, simulate=lambda _: required, target=options.target, by=options.by,
            max_occupancy=options.max_occupancy,
        ),
    )  # fmt: skip


def judged_by(scenario: Scenario, options: StaffingOptions) -> Scenario:
    """Return a scenario in which the target of the sidebar is also that of the center."""
    from sim.planning.staff_scenario import with_target_everywhere

    return with_target_everywhere(scenario, options.target)
