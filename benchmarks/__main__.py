"""Runs every benchmark, or those whose name holds a given word, and prints a table or JSON."""

import argparse
import json

from benchmarks.cases import CASES


def main() -> None:
    """Measure the chosen cases and print one line each, or one JSON document."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("word", nargs="?", default="", help="measure only names that hold it")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args()
    chosen = {name: case for name, case in CASES.items() if options.word in name}
    if not chosen:
        parser.error(f"no benchmark holds {options.word!r}; there are: {', '.join(CASES)}")
    measures = {name: case() for name, case in chosen.items()}
    if options.json:
        print(json.dumps({name: measure._asdict() for name, measure in measures.items()}, indent=2))
        return
    for name, measure in measures.items():
        print(f"{name:<40} {measure.value:>14,.1f} {measure.unit}")


if __name__ == "__main__":
    main()
