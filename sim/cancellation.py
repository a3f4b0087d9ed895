"""Cancelling long work: loops look here several times a second whether they are to end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_check: ContextVar[Callable[[], None] | None] = ContextVar("check", default=None)


@contextmanager
def cancelled_by(check: Callable[[], None]) -> Iterator[None]:
    """Let all loops of this block, in this thread, call a function that may end them.

    Parameters
    ----------
    check : callable
        Raises KeyboardInterrupt when the work was cancelled.
    """
    token = _check.set(check)
    try:
        yield
    finally:
        _check.reset(token)


def end_if_cancelled() -> None:
    """Raise KeyboardInterrupt when the present work was cancelled; called in loops that take long.

    Raises
    ------
    KeyboardInterrupt
    """
    check = _check.get()
    if check is not None:
        check()
