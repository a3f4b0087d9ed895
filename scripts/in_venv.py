"""Runs a tool of the environment in ``.venv``, wherever the system keeps its programs there.

``python scripts/in_venv.py ruff check`` runs ``.venv/bin/python -m ruff check``, on Windows
``.venv/Scripts/python.exe``.
"""

import subprocess
import sys
from pathlib import Path

VENV = Path(__file__).resolve().parents[1] / ".venv"


def main() -> int:
    """Run the tool and return its exit code."""
    places = (VENV / "bin" / "python", VENV / "Scripts" / "python.exe")
    python = next((place for place in places if place.exists()), None)
    if python is None:
        print("there is no .venv; make test, or python -m venv .venv, makes it", file=sys.stderr)
        return 1
    return subprocess.call([str(python), "-m", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
