"""The page that shows every check: ``docs/verification.md``."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from sim.history.estimation.method_error import (
    AGENT_HOURS,
    AGENT_HOURS_QUIET,
    GAP,
    MEASURED_IN,
    QUIET_FROM,
    QUIET_LENGTH,
    QUIET_SHARE,
)
from verification.calibrated_worlds import CenterCoverage
from verification.checks import Check
from verification.engines import Agreed
from verification.estimates import EstimateCoverage
from verification.intervals import Coverage
from verification.plain_names import case_words, metric_words
from verification.rosters import ABSENT

HEAD = """# Verification

Written by `make verify`; do not edit. Expected values are copied from their sources into
`verification/`, never computed by the code that they check. Simulated values have 95 % confidence
intervals. A value agrees if it is within the 99.9 % confidence interval, widened by the precision
of the source; one correct value in a thousand is not. A case with such a value is simulated a
second time, with other random numbers and four times the replications, and the second result
counts: an error would show more clearly, while a random deviation is unlikely to repeat.
"""


def write(
    path: Path, formulas: Sequence[Check], plain: Sequence[Check], simulated: Sequence[Check],
    real: str, quick: bool, coverage: Sequence[Coverage] = (), both: Agreed | None = None,
    rosters: Sequence[Check] = (),
    staffing: Sequence[Check] = (), estimates: Sequence[EstimateCoverage] = (),
    centers: Sequence[CenterCoverage] = (),
) -> None:  # fmt: skip
    """Write the page.

    Parameters
    ----------
    path : Path
    formulas, plain, simulated : sequence of Check
        Checks of formulas, of deterministic days, and of simulations.
    real : str
        Results for recorded contacts, in Markdown.
    quick : bool
        The checks were simulated with fewer replications.
    coverage : sequence of Coverage
        How often confidence intervals contain the exact value.
    both : Agreed, optional
        Random models simulated with both engines.
    rosters, staffing : sequence of Check
        Empty where the instances are absent.
    estimates : sequence of EstimateCoverage
        How often confidence intervals of estimates from call logs hold the true parameter.
    centers : sequence of CenterCoverage
        The same of whole calibrated centers.
    """
    parts = [HEAD, summary(formulas, [*plain, *rosters, *staffing], simulated, quick, coverage)]
    parts += ["## Simulated", _simulated_table(simulated)]
    parts += ["## Confidence intervals", _coverage_table(coverage)] * bool(coverage)
    parts += ["## Estimates from call logs", _estimates_table(estimates)] * bool(estimates)
    parts += ["## Calibrated centers", centers_table(centers)] * bool(centers)
    parts += ["## Two engines", engines_text(both)] if both else []
    parts += ["## Deterministic days", _exact_table(plain)]
    parts += ["## Rosters", _exact_table(rosters) if rosters else ABSENT]
    if staffing:
        parts += ["## Staffing by simulation", _exact_table(staffing)]
    parts += ["## Recorded contacts", real]
    parts += ["## Formulas", _exact_table(formulas)]
    path.write_text("\n\n".join(part.strip("\n") for part in parts) + "\n", encoding="utf-8")


def summary(
    formulas: Sequence[Check],
    plain: Sequence[Check],
    simulated: Sequence[Check],
    quick: bool,
    coverage: Sequence[Coverage] = (),
) -> str:
    """Return the result of all checks in two or three sentences."""
    every = [*formulas, *plain, *simulated]
    wrong = [c for c in every if not c.agrees]
    sharp = sum(c.shows <= 0.01 for c in simulated)
    kind = " (quick run, fewer replications)" if quick else ""
    verdict = "All agree." if not wrong else f"**{len(wrong)} differ**: " + "; ".join(dict.fromkeys(
        f"{case_words(c.case)} ({metric_words(c.metric)})" for c in wrong)) + "."  # fmt: skip
    return (
        f"**{len(every) - len(wrong)} of {len(every)} values agree**{kind}: {len(formulas)} of "
        f"formulas, {len(plain)} of deterministic days, {len(simulated)} of simulations, of which "
        f"{sharp} would reveal an error of one percent. {verdict}"
    ) + _of_intervals(coverage)


def engines_text(both: Agreed) -> str:
    """Return in how many random models the engines agree."""
    same = both.models - len(both.parts)
    parted = "".join(f"\n- **{text}**" for text in both.parts)
    return (
        f"{same:,} of {both.models:,} random models with {both.contacts:,} legs of contacts give "
        "exactly the same results on both engines: legs, states of agents, and all tallies. The "
        "models combine all features; half of them have times in whole seconds and minutes."
        f"{parted}"
    )


def _of_intervals(coverage: Sequence[Coverage]) -> str:
    if not coverage:
        return ""
    wrong = [
        f"{h.case} ({metric_words(h.metric)}, {h.share:.1%})" for h in coverage if not h.agrees
    ]
    wrong_text = f" **Not so: {'; '.join(wrong)}.**" if wrong else ""
    good = len(coverage) - len(wrong)
    return (
        f" {good} of {len(coverage)} kinds of confidence intervals have a coverage of 95 %."
        f"{wrong_text}"
    )


def _simulated_table(checks: Sequence[Check]) -> str:
    rows = ["| case | source | metric | expected | found | ± | detects | verdict |",
            "|---|---|---|--:|--:|--:|--:|---|"]  # fmt: skip
    for c in checks:
        rows.append(
            f"| {case_words(c.case)} | {c.source} | {metric_words(c.metric)} | "
            f"{number(c.expected)} | {number(c.found)} | {c.half:.2g} | {c.shows:.1%} | "
            f"{verdict(c)} |"
        )
    return "\n".join(rows) + (
        "\n\n±: half width of the 95 % confidence interval. detects: the smallest relative error "
        "that the check would reveal."
    )


def _coverage_table(coverage: Sequence[Coverage]) -> str:
    rows = ["| experiment | metric | exact | replications | experiments | coverage | verdict |",
            "|---|---|--:|--:|--:|--:|---|"]  # fmt: skip
    for h in coverage:
        rows.append(
            f"| {h.case} | {metric_words(h.metric)} | {number(h.exact)} | {h.runs:.0f} | "
            f"{h.experiments:,} | {h.share:.1%} | {verdict(h)} |"
        )
    return "\n".join([
        "An hour that starts empty, with 120 expected calls, six agents (in differences one more) "
        "and abandonment, simulated in a thousand experiments of a few replications each. 95 % "
        "confidence intervals should contain the solution of the forward equations in 93 to 97 % "
        "of the experiments. If not, four times as many experiments with other random numbers are "
        "made, and their result counts. With a required precision the mean number of replications "
        "is shown.\n",
        *rows,
    ])  # fmt: skip


def _estimates_table(estimates: Sequence[EstimateCoverage]) -> str:
    rows = ["| world | estimate | true | mean estimate | worlds | coverage | verdict |",
            "|---|---|--:|--:|--:|--:|---|"]  # fmt: skip
    for e in estimates:
        rows.append(
            f"| {e.world} | {e.name} | {number(e.true)} | {number(e.mean)} | {e.worlds:,} | "
            f"{e.share:.1%} | {verdict(e)} |"
        )
    return "\n".join([
        "Logs of small worlds whose parameters are known, simulated apart from the engines. 95 % "
        "confidence intervals should hold the true parameter in 93 to 97 % of a thousand worlds, "
        "a little farther from 95 % in fewer. If not, four times as many other worlds are "
        "simulated, and their result counts.\n",
        *rows,
    ])  # fmt: skip


def centers_table(centers: Sequence[CenterCoverage]) -> str:
    """Return the coverage of whole calibrated centers in Markdown."""
    head = ["| parameter | cases | true | mean estimate | coverage | from, to | verdict |",
            "|---|--:|--:|--:|--:|--:|---|"]  # fmt: skip
    rows, with_breaks = list(head), list(head)
    for one in centers:
        low, high = one.bounds
        (with_breaks if one.with_breaks else rows).append(
            f"| {one.name} | {one.cases} | {number(one.true)} | {number(one.mean)} | "
            f"{one.share:.1%} | {low:.1%}, {high:.1%} | {aim_verdict(one)} |"
        )
    return "\n".join([
        "Centers with random parameters (one or two queues, agents with speeds of their own, "
        "shifts, days that differ, retrials of customers of whom a share is known) are simulated "
        "apart from the engines; their call logs are read and estimated from as `ccplan calibrate` "
        "does before it closes the loop. Shown is in how many the 95 % confidence interval holds "
        "the true parameter. The aim is 93 to 97 of 100. The verdict is 'in the aim', 'uncertain' "
        "where the share is not, but more centers may show that it is, by its 95 % confidence "
        "interval (from, to; Clopper and Pearson 1934, two queues of a center counted as "
        "independent), and 'missed' where that excludes the aim. "
        f"{_result(centers)} `make verify` fails only where a share is certainly below 90 %. Agent "
        "hours are those from log-in to log-out or the end of the last contact, with short pauses. "
        "In two thirds of the centers agents who serve all queues are asked before all others, or "
        "after them.\n",
        *rows,
        "\nThe same of centers whose agents take breaks when quiet, pauses, or both, which a log "
        "without states of agents shows in part only:\n",
        *with_breaks,
        "\n" + _method_errors(),
    ])  # fmt: skip


def aim_verdict(one: CenterCoverage) -> str:
    """Return whether a coverage is in the aim, may be, or misses it."""
    if one.is_in_aim:
        return "in the aim"
    return "uncertain" if one.may_be_in_aim else "**missed**"


def _result(centers: Sequence[CenterCoverage]) -> str:
    """Return how many coverages are in the aim, and which miss it."""
    inside = sum(one.is_in_aim for one in centers)
    missed = [one for one in centers if not one.may_be_in_aim]
    uncertain = len(centers) - inside - len(missed)
    named = "; ".join(
        f"{one.name}, {one.share:.1%}" + (", with breaks" if one.with_breaks else "")
        for one in missed
    )
    text = f"Of {len(centers)} rows {inside} are in the aim, {uncertain} uncertain"
    return f"{text}, and {len(missed)} missed: **{named}**." if missed else f"{text}, none missed."


def _method_errors() -> str:
    return (
        "Drawing days does not show the error of rules and models. The intervals of four estimates "
        "are wider by its standard deviation, measured beyond that of days in "
        f"{MEASURED_IN} (`sim/history/estimation/method_error.py`): "
        f"mean gap {GAP.relative:.1%}; share not ready when quiet {QUIET_SHARE.relative:.2g} on "
        f"the logit scale and {100 * QUIET_SHARE.absolute:.2g} points, most of it from pauses, "
        f"which look like such breaks; their length {QUIET_LENGTH.relative:.1%}; agent hours "
        "(in 93 of them) "
        f"{AGENT_HOURS:.1%}, and {AGENT_HOURS_QUIET:.1%} where {QUIET_FROM:.0%} or more of the "
        "free are not ready when quiet."
    )


def _exact_table(checks: Sequence[Check]) -> str:
    rows = ["| case | source | values | largest difference | verdict |", "|---|---|--:|--:|---|"]
    for (case, source), group in groupby(checks, key=lambda c: (c.case, c.source)):
        some = list(group)
        worst = max(some, key=lambda c: (not c.agrees, c.off))
        rows.append(
            f"| {case_words(case)} | {source} | {len(some)} | {worst.off:.1e} | {verdict(worst)} |"
        )
    return "\n".join(rows)


def verdict(check: Check | Coverage | EstimateCoverage) -> str:
    """Return the verdict on one value in a word."""
    return "agrees" if check.agrees else "**differs**"


def number(value: float) -> str:
    """Return a number with five significant digits."""
    return f"{value:.5g}" if abs(value) < 1e5 else f"{value:,.0f}"
