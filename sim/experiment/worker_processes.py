"""Worker processes: they ignore Ctrl-C and end with their parent."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def interrupts_blocked() -> Iterator[None]:
    """Start processes that leave an interruption (Ctrl-C) to this one.

    They inherit the blocked signal; one that comes meanwhile is delivered here afterwards.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    _start_trackers()  # these unblock the signal when they start, so they start first
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        with _interrupt_deferred():
            yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _interrupt_deferred() -> Iterator[None]:
    """Put off an interruption that another thread of this process receives.

    Whichever thread receives it, Python interrupts the main one, where the signal is blocked.
    """
    handler = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(handler):
        yield
        return
    received = []
    signal.signal(signal.SIGINT, lambda *_: received.append(True))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        if received:
            signal.raise_signal(signal.SIGINT)  # blocked still: delivered when it is not


def _start_trackers() -> None:
    """Start the processes that remove what others leave behind.

    After an interruption they find that some of it is gone already, which they need not tell.
    """
    from multiprocessing import resource_tracker

    from joblib.externals.loky.backend import resource_tracker as own_tracker

    sys.warnoptions.append("ignore")  # processes that are started take these over
    try:
        resource_tracker.ensure_running()
        own_tracker.ensure_running()
    finally:
        sys.warnoptions.remove("ignore")


def follow_parent(parent: int) -> None:
    """End this process when its parent is gone; one that is killed cannot say so.

    Parameters
    ----------
    parent : int
        Its number, which the parent knows for certain.
    """

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
