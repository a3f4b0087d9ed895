"""Starting worker processes: an interruption meanwhile waits until they are started."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest

from sim.experiment.worker_processes import interrupts_blocked

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "pthread_sigmask"), reason="signals are not blocked by thread there"
)


@pytest.mark.parametrize("others", [0, 1])
def test_an_interruption_waits_until_the_processes_are_started(
    others: int,
) -> None:
    """Also where another thread, such as one that draws progress, receives the signal."""
    end = threading.Event()
    threads = [threading.Thread(target=end.wait) for _ in range(others)]
    for thread in threads:
        thread.start()
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    started = interrupted = False
    try:
        with interrupts_blocked():
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.05)
            started = True
        time.sleep(0.05)
    except KeyboardInterrupt:
        interrupted = True
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)
        end.set()
        for thread in threads:
            thread.join()
    assert started
    assert interrupted
