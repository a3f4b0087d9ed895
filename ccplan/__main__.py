"""Runs the command line: ``ccplan`` and ``python -m ccplan``."""

import ccplan  # noqa: F401 - sees to it that sim is found
from sim.cli import main

if __name__ == "__main__":
    main()
