"""The command line: ``ccplan``."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``ccplan`` and leave with its exit code.

    Parameters
    ----------
    arguments : sequence of str, optional
        Those of the process unless given.

    Raises
    ------
    SystemExit
        Always: 0 done, 2 bad input, 130 interrupted, 1 for a fault of the program.
    """
    from sim.cli.commands import app

    try:
        app(args=None if arguments is None else list(arguments), prog_name="ccplan")
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        sys.exit(130)
