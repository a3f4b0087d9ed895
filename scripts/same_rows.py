"""Compare what the shipped scenarios give in this working tree and in an earlier revision.

    python -m scripts.same_rows REVISION

simulates every shipped scenario with both engines in both, and says which rows differ. Rows have
to be the same to the bit unless a change means to change them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ENGINES = ("kernel", "reference")
RUNS = "3"


def rows(tree: Path, scenario: Path, engine: str) -> list[dict[str, Any]]:
    """Return the rows that ``ccplan run --json`` of a source tree gives for a scenario.

    Parameters
    ----------
    tree : Path
        The source tree whose package ``sim`` simulates.
    scenario : Path
        The file of the scenario.
    engine : str
        One of `ENGINES`.

    Raises
    ------
    SystemExit
        If the command fails.
    """
    command = ["-P", "-m", "sim", "run", str(scenario), "--json", "--runs", RUNS]
    ran = subprocess.run(
        [sys.executable, *command, "--engine", engine],
        env=os.environ | {"PYTHONPATH": str(tree)},
        cwd=tree,
        check=False,
        capture_output=True,
        text=True,
    )
    if ran.returncode:
        sys.exit(f"{tree}: {scenario.name} with {engine}: {ran.stderr.strip()}")
    found: list[dict[str, Any]] = json.loads(ran.stdout)["metrics"]
    return found


@contextmanager
def checked_out(revision: str) -> Iterator[Path]:
    """Give a folder that holds an earlier revision."""
    with tempfile.TemporaryDirectory() as folder:
        archive = subprocess.run(
            ["git", "archive", revision], cwd=ROOT, check=True, stdout=subprocess.PIPE
        )
        subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
        yield Path(folder)


def main(revision: str) -> None:
    """Compare this working tree with a revision; exit with 1 if a row differs."""
    different = 0
    with checked_out(revision) as before:
        for scenario in sorted((before / "scenarios").glob("*.toml")):
            for engine in ENGINES:
                old = rows(before, scenario, engine)
                new = rows(ROOT, ROOT / "scenarios" / scenario.name, engine)
                changed = sum(a != b for a, b in zip(old, new, strict=False))
                changed += abs(len(old) - len(new))
                different += changed
                outcome = "same" if not changed else f"{changed} of {len(old)} DIFFER"
                print(f"{scenario.stem:24} {engine:10} {len(old):6} rows  {outcome}", flush=True)
    if different:
        sys.exit(1)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
