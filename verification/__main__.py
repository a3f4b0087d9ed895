"""Runs every check, writes the page and fails when a figure differs."""

import argparse
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from verification.bank import report
from verification.checks import Check
from verification.engines import engines_agree
from verification.formulas import formula_checks
from verification.intervals import Held, interval_checks
from verification.known import known_cases
from verification.page import summary, told_of_engines, write
from verification.plain import plain_checks
from verification.played import Case
from verification.probes import probe_cases

PAGE = Path(__file__).resolve().parents[1] / "docs" / "verification.md"


def main() -> int:
    """Run the checks that are asked for; return 1 when one differs."""
    parser = argparse.ArgumentParser(prog="python -m verification", description=__doc__)
    parser.add_argument("word", nargs="?", default="", help="play only cases whose name holds it")
    parser.add_argument("--quick", action="store_true", help="an eighth of the replications")
    parser.add_argument("--workers", type=int, help="processes; one for each core unless given")
    parser.add_argument("--page", type=Path, default=PAGE, help="file to write")
    options = parser.parse_args()
    formulas, plain = list(formula_checks()), list(plain_checks())
    cases = [c for c in (*known_cases(), *probe_cases()) if options.word in c.name]
    real = "" if options.word else report(workers=options.workers)
    played = list(_play(cases, options.quick, options.workers))
    both = None if options.word else engines_agree(options.quick, options.workers)
    held = [] if options.word else list(_held(options.quick, options.workers))
    _say(summary(formulas, plain, played, options.quick, held))
    if both is not None:
        _say(told_of_engines(both))
    if not options.word:
        write(options.page, formulas, plain, played, real, options.quick, held, both)
        _say(f"written: {options.page}")
    wrong = [c for c in (*formulas, *plain, *played) if not c.agrees]
    parted = bool(both and both.parts)
    return int(bool(wrong) or parted or not all(h.agrees for h in held))


def _play(cases: Iterable[Case], quick: bool, workers: int | None) -> Iterator[Check]:
    for number, case in enumerate(some := list(cases), 1):
        began = time.perf_counter()
        checks = list(case.checks(quick, workers))
        if wrong := _wrong(checks):
            _say(f"{number}/{len(some)} {case.name}: {wrong}; played again")
            checks = list(case.checks(quick, workers, again=True))
            wrong = _wrong(checks)
        took = time.perf_counter() - began
        _say(f"{number}/{len(some)} {case.name}: {took:.0f} s{' DIFFERS ' if wrong else ''}{wrong}")
        yield from checks


def _held(quick: bool, workers: int | None) -> Iterator[Held]:
    began = time.perf_counter()
    for one in interval_checks(quick, workers):
        mark = "" if one.agrees else " DIFFERS"
        _say(f"intervals, {one.case}, {one.figure}: {one.share:.1%} hold{mark}")
        yield one
    _say(f"intervals: {time.perf_counter() - began:.0f} s")


def _wrong(checks: Iterable[Check]) -> str:
    """Return the figures that differ."""
    return ", ".join(c.figure for c in checks if not c.agrees)


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
