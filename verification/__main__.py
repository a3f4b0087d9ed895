"""Runs every check, writes the page and fails when a value differs."""

import argparse
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from verification.bank import report
from verification.calibrated_worlds import CenterCoverage, center_checks
from verification.cases import Case
from verification.checks import Check
from verification.deterministic import deterministic_checks
from verification.engines import engines_agree
from verification.estimates import EstimateCoverage, estimate_checks
from verification.formulas import formula_checks
from verification.intervals import Coverage, interval_checks
from verification.known import known_cases
from verification.page import engines_text, summary, write
from verification.probes import probe_cases
from verification.rosters import roster_checks
from verification.staffing import staffing_checks

PAGE = Path(__file__).resolve().parents[1] / "docs" / "verification.md"


def main() -> int:
    """Run the checks that are asked for; return 1 when one differs."""
    parser = argparse.ArgumentParser(prog="python -m verification", description=__doc__)
    parser.add_argument(
        "word", nargs="?", default="", help="simulate only cases whose name contains it"
    )
    parser.add_argument("--quick", action="store_true", help="an eighth of the replications")
    parser.add_argument("--workers", type=int, help="processes; one for each core unless given")
    parser.add_argument("--page", type=Path, default=PAGE, help="file to write")
    options = parser.parse_args()
    formulas, plain = list(formula_checks()), list(deterministic_checks())
    rosters = [] if options.word and options.word not in "rosters" else list(roster_checks())
    staffing = [] if options.word and options.word not in "staffing" else list(staffing_checks())
    cases = [c for c in (*known_cases(), *probe_cases()) if options.word in c.name]
    real = "" if options.word else report(workers=options.workers)
    simulated = list(_play(cases, options.quick, options.workers))
    both = None if options.word else engines_agree(options.quick, options.workers)
    coverage = [] if options.word else list(_coverage(options.quick, options.workers))
    skipped = bool(options.word) and options.word not in "estimates"
    estimates = [] if skipped else list(_estimates(options.quick, options.workers))
    skipped = bool(options.word) and options.word not in "centers"
    centers = [] if skipped else list(_centers(options.quick, options.workers))
    _say(summary(formulas, [*plain, *rosters, *staffing], simulated, options.quick, coverage))
    if both is not None:
        _say(engines_text(both))
    if not options.word:
        write(
            options.page,
            formulas,
            plain,
            simulated,
            real,
            options.quick,
            coverage,
            both,
            rosters,
            staffing,
            estimates,
            centers,
        )
        _say(f"written: {options.page}")
    wrong = [c for c in (*formulas, *plain, *rosters, *staffing, *simulated) if not c.agrees]
    parted = bool(both and both.parts)
    agreed = [one.agrees for one in coverage] + [one.agrees for one in estimates]
    too_narrow = not all(agreed + [one.agrees for one in centers])
    return int(bool(wrong) or parted or too_narrow)


def _play(cases: Iterable[Case], quick: bool, workers: int | None) -> Iterator[Check]:
    for number, case in enumerate(some := list(cases), 1):
        began = time.perf_counter()
        checks = list(case.checks(quick, workers))
        if wrong := _wrong(checks):
            _say(f"{number}/{len(some)} {case.name}: {wrong}; simulated a second time")
            checks = list(case.checks(quick, workers, rerun=True))
            wrong = _wrong(checks)
        took = time.perf_counter() - began
        _say(f"{number}/{len(some)} {case.name}: {took:.0f} s{' DIFFERS ' if wrong else ''}{wrong}")
        yield from checks


def _coverage(quick: bool, workers: int | None) -> Iterator[Coverage]:
    began = time.perf_counter()
    for one in interval_checks(quick, workers):
        mark = "" if one.agrees else " DIFFERS"
        _say(f"intervals, {one.case}, {one.metric}: {one.share:.1%} hold{mark}")
        yield one
    _say(f"intervals: {time.perf_counter() - began:.0f} s")


def _estimates(quick: bool, workers: int | None) -> Iterator[EstimateCoverage]:
    began = time.perf_counter()
    for one in estimate_checks(quick, workers):
        mark = "" if one.agrees else " DIFFERS"
        _say(f"estimates, {one.world}, {one.name}: {one.share:.1%} hold{mark}")
        yield one
    _say(f"estimates: {time.perf_counter() - began:.0f} s")


def _centers(quick: bool, workers: int | None) -> Iterator[CenterCoverage]:
    began = time.perf_counter()
    for one in center_checks(quick, workers):
        mark = "" if one.agrees else " DIFFERS"
        kind = "with breaks" if one.with_breaks else "centers"
        _say(f"calibrated {kind}, {one.name}: {one.share:.1%} hold{mark}")
        yield one
    _say(f"calibrated centers: {time.perf_counter() - began:.0f} s")


def _wrong(checks: Iterable[Check]) -> str:
    """Return the metrics that differ."""
    return ", ".join(c.metric for c in checks if not c.agrees)


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
