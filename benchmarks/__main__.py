"""Runs every benchmark, or those whose name holds a given word, and prints a table or JSON."""

import argparse
import json
import sys

from benchmarks.cases import CASES
from benchmarks.page import write_page
from benchmarks.scaling import LONG


def main() -> None:
    """Measure the chosen cases and print one line each, or one JSON document."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("word", nargs="?", default="", help="measure only names that hold it")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--long", action="store_true", help="measure also what takes minutes")
    parser.add_argument("--write", action="store_true", help="renew docs/performance.md")
    options = parser.parse_args()
    skipped = () if options.word or options.long else LONG
    chosen = {
        name: case for name, case in CASES.items() if options.word in name and name not in skipped
    }
    if not chosen:
        parser.error(f"no benchmark holds {options.word!r}; there are: {', '.join(CASES)}")
    if options.write and options.word:
        parser.error("--write needs every benchmark, not those of a word")
    measurements = {}
    for name, case in chosen.items():
        try:
            measurements[name] = case()
        except KeyError as error:  # a simulator, a browser or a second core
            print(f"{name:<60} not measured: {error.args[0]} is missing", file=sys.stderr)
            continue
        if not options.json:
            print(
                f"{name:<60} {measurements[name].value:>14,.1f} {measurements[name].unit}",
                flush=True,
            )
    if options.json:
        print(
            json.dumps(
                {name: measure._asdict() for name, measure in measurements.items()}, indent=2
            )
        )
    if options.write:
        write_page(measurements)


if __name__ == "__main__":
    main()
