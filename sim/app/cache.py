"""Cache of recent computations, shared by all sessions."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar

MOST = 24
"""Entries before the least recently used one is dropped."""

T = TypeVar("T")


@dataclass
class Cache:
    """Values by key, shared by all sessions of this process.

    A key holds the fingerprint of a scenario, so a value is found only with the same scenario.
    """

    things: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def get(self, key: Hashable) -> Any:
        """Return a value, or None."""
        with self.lock:
            if key in self.things:
                self.things.move_to_end(key)
            return self.things.get(key)

    def put(self, key: Hashable, thing: Any) -> None:
        """Store a value."""
        with self.lock:
            self.things[key] = thing
            while len(self.things) > MOST:
                self.things.popitem(last=False)


def process_cache() -> Cache:
    """Return the cache of this process."""
    import streamlit as st

    @st.cache_resource(show_spinner=False)
    def shared() -> Cache:
        return Cache()

    return shared()


def cached(key: Hashable, make: Callable[[], T]) -> T:
    """Return the cached value of a key, or compute and cache it.

    Parameters
    ----------
    key : hashable
    make : callable
        What it raises is passed on, and nothing is cached.
    """
    found: T | None = process_cache().get(key)
    if found is None:
        found = make()
        process_cache().put(key, found)
    return found
