"""Entry point of the process that runs one sweep.

``python -m sim.app.sweep.worker_process WORKSPACE PLACE WORKERS PARENT`` ends when the app does,
whose process number is ``PARENT``. Finished cells stay; the next process continues from there.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main(workspace: str, place: str, workers: int, parent: int) -> int:
    """Simulate a sweep of a workspace, and return the exit status."""
    from sim.experiment.worker_processes import follow_parent

    follow_parent(parent)
    from sim.app.sweep.saved_sweeps import read_sweep
    from sim.app.workspace.folder import Folder
    from sim.experiment.sweep import SweepError, WorkerError, sweep
    from sim.units import BadInputError

    try:
        saved = read_sweep(Folder(Path(workspace)), place)
        sweep(saved.study, saved.out, workers=workers)
    except (BadInputError, SweepError, WorkerError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
