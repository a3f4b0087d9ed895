"""What was worked out lately, kept for the next time it is asked for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar

MOST = 24
"""Things kept before the one not asked for the longest goes."""

T = TypeVar("T")


@dataclass
class Cache:
    """Things by key, shared by all sessions of this process.

    A key holds the fingerprint of a scenario, so that a thing is found only by someone who has
    the same scenario.
    """

    things: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def get(self, key: Hashable) -> Any:
        """Return a thing, or None."""
        with self.lock:
            if key in self.things:
                self.things.move_to_end(key)
            return self.things.get(key)

    def put(self, key: Hashable, thing: Any) -> None:
        """Keep a thing."""
        with self.lock:
            self.things[key] = thing
            while len(self.things) > MOST:
                self.things.popitem(last=False)


def process_cache() -> Cache:
    """Return the memory of this process."""
    import streamlit as st

    @st.cache_resource(show_spinner=False)
    def shared() -> Cache:
        return Cache()

    return shared()


def cached(key: Hashable, make: Callable[[], T]) -> T:
    """Return what is remembered under a key, else make and remember it.

    Parameters
    ----------
    key : hashable
    make : callable
        What it raises is passed on, and nothing is remembered.
    """
    found: T | None = process_cache().get(key)
    if found is None:
        found = make()
        process_cache().put(key, found)
    return found
