"""The page that shows every check: ``docs/verification.md``."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from verification.checks import Check
from verification.engines import Agreed
from verification.intervals import Held

HEAD = """# Verification

Written by `make verify`; do not edit. Expected values are copied from their sources into
`verification/`, never computed by what they check. Every simulated figure stands with its 95 %
interval. The verdict allows the 99.9 % interval and what the source itself leaves open (print,
its own interval), outside of which one right figure of a thousand falls. A case with a figure
outside is played again, with other chance and four times the replications, and that counts: an
error stays, and shows more clearly, while chance does not strike twice.
"""


def write(
    path: Path, formulas: Sequence[Check], plain: Sequence[Check], played: Sequence[Check],
    real: str, quick: bool, held: Sequence[Held] = (), both: Agreed | None = None,
) -> None:  # fmt: skip
    """Write the page.

    Parameters
    ----------
    path : Path
    formulas, plain, played : sequence of Check
        Checks of formulas, of days without chance, and of simulations.
    real : str
        What was found on recorded contacts, in Markdown.
    quick : bool
        The checks were played with fewer replications.
    held : sequence of Held
        How often intervals held the exact value.
    both : Agreed, optional
        Random models played on both engines.
    """
    parts = [HEAD, summary(formulas, plain, played, quick, held)]
    parts += ["## Simulated", _played_table(played)]
    parts += ["## Intervals", _held_table(held)] * bool(held)
    parts += ["## Two engines", told_of_engines(both)] if both else []
    parts += ["## Days without chance", _exact_table(plain)]
    parts += ["## Recorded contacts", real]
    parts += ["## Formulas", _exact_table(formulas)]
    path.write_text("\n\n".join(part.strip("\n") for part in parts) + "\n", encoding="utf-8")


def summary(
    formulas: Sequence[Check],
    plain: Sequence[Check],
    played: Sequence[Check],
    quick: bool,
    held: Sequence[Held] = (),
) -> str:
    """Return the result of all checks in two or three sentences."""
    every = [*formulas, *plain, *played]
    wrong = [c for c in every if not c.agrees]
    sharp = sum(c.shows <= 0.01 for c in played)
    kind = " (quick run, fewer replications)" if quick else ""
    verdict = "All agree." if not wrong else f"**{len(wrong)} differ**: " + "; ".join(
        dict.fromkeys(f"{c.case} ({c.figure})" for c in wrong)) + "."  # fmt: skip
    return (
        f"**{len(every) - len(wrong)} of {len(every)} figures agree**{kind}: {len(formulas)} by "
        f"formula, {len(plain)} of days without chance, {len(played)} by simulation, of which "
        f"{sharp} would show an error of one percent. {verdict}"
    ) + _of_intervals(held)


def told_of_engines(both: Agreed) -> str:
    """Return in how many random models the engines say the same."""
    same = both.models - len(both.parts)
    parted = "".join(f"\n- **{text}**" for text in both.parts)
    return (
        f"{same:,} of {both.models:,} random models, {both.contacts:,} legs of contacts, are equal "
        "to the bit on both engines: legs, states of agents, and every sum. The models mix all "
        f"features; half of them have times in whole seconds and minutes.{parted}"
    )


def _of_intervals(held: Sequence[Held]) -> str:
    if not held:
        return ""
    wrong = [f"{h.case} ({h.figure}, {h.share:.1%})" for h in held if not h.agrees]
    told = f" **Not so: {'; '.join(wrong)}.**" if wrong else ""
    good = len(held) - len(wrong)
    return f" {good} of {len(held)} kinds of 95 % interval hold as often as they say.{told}"


def _played_table(checks: Sequence[Check]) -> str:
    rows = ["| case | source | figure | expected | found | ± | shows | verdict |",
            "|---|---|---|--:|--:|--:|--:|---|"]  # fmt: skip
    for c in checks:
        rows.append(
            f"| {c.case} | {c.source} | {words(c.figure)} | {number(c.expected)} | "
            f"{number(c.found)} | {c.half:.2g} | {c.shows:.1%} | {verdict(c)} |"
        )
    return "\n".join(rows) + (
        "\n\n±: half of the 95 % interval. shows: an error of this size, relative to the expected "
        "value, would be seen."
    )


def _held_table(held: Sequence[Held]) -> str:
    rows = ["| experiment | figure | exact | runs | experiments | intervals that hold | verdict |",
            "|---|---|--:|--:|--:|--:|---|"]  # fmt: skip
    for h in held:
        rows.append(
            f"| {h.case} | {words(h.figure)} | {number(h.exact)} | {h.runs:.0f} | "
            f"{h.experiments:,} | {h.share:.1%} | {verdict(h)} |"
        )
    return "\n".join([
        "An hour that starts empty, with 120 calls expected, six agents (in differences one more) "
        "and patience, played in a thousand experiments of few runs each. A 95 % interval should "
        "hold what the forward equations give in 93 to 97 % of them. Where it does not, the "
        "experiments are made again, with other chance and four times as many, and that counts. "
        "Of intervals with a wanted precision the runs are the mean.\n",
        *rows,
    ])  # fmt: skip


def _exact_table(checks: Sequence[Check]) -> str:
    rows = ["| case | source | figures | largest difference | verdict |", "|---|---|--:|--:|---|"]
    for (case, source), group in groupby(checks, key=lambda c: (c.case, c.source)):
        some = list(group)
        worst = max(some, key=lambda c: (not c.agrees, c.off))
        rows.append(f"| {case} | {source} | {len(some)} | {worst.off:.1e} | {verdict(worst)} |")
    return "\n".join(rows)


def verdict(check: Check | Held) -> str:
    """Return the verdict on one figure in a word."""
    return "agrees" if check.agrees else "**differs**"


def words(figure: str) -> str:
    """Return a figure's name as words."""
    return figure.removesuffix("_s").replace("_", " ") + (" s" if figure.endswith("_s") else "")


def number(value: float) -> str:
    """Return a number with five digits that count."""
    return f"{value:.5g}" if abs(value) < 1e5 else f"{value:,.0f}"
