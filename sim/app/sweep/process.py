"""A process that lives one sweep.

``python -m sim.app.sweep.process WORKSPACE PLACE WORKERS PARENT``: it ends when the planner does,
whose process number is ``PARENT``. What it has finished is kept; the next one goes on from there.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main(workspace: str, place: str, workers: int, parent: int) -> int:
    """Live a sweep of a workspace, and return the exit status."""
    from sim.experiment.worker_processes import follow_parent

    follow_parent(parent)
    from sim.app.sweep.folder import read_sweep
    from sim.app.workspace.folder import Folder
    from sim.experiment.sweep import SweepError, WorkerError, sweep
    from sim.units import BadInputError

    try:
        kept = read_sweep(Folder(Path(workspace)), place)
        sweep(kept.study, kept.out, workers=workers)
    except (BadInputError, SweepError, WorkerError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
