"""Runs the command line as ``python -m sim``; ``python -m ccplan`` is the documented way."""

from sim.cli import main

if __name__ == "__main__":
    main()
