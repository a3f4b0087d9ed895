"""Random number streams: uniform numbers, each stream with a name.

A stream depends on the seed, the replication and its name alone. Antithetic replications form
pairs: numbers 2k - 1 and 2k read the streams of number k, the second with every uniform number
``u`` mirrored to ``1 - u``. What is long or early in one is short or late in the other, so that
the mean of the two varies less (Hammersley and Morton 1956; Law, Simulation Modeling and
Analysis, 5th ed., sec. 11.3).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.uint64]

_WORD = 0xFFFFFFFFFFFFFFFF
GOLDEN = 0x9E3779B97F4A7C15

LARGEST = 1.0 - 2.0**-53
"""Largest uniform number that a generator gives; the smallest is zero."""


class Uniforms(Protocol):
    """Gives uniform numbers from 0 (included) to 1 (excluded)."""

    def random(self, size: int, /) -> Floats:
        """Return the next numbers, shape (size,)."""
        ...


class Mirrored:
    """The numbers of a generator, each mirrored about one half.

    A generator gives the multiples of 2**-53 from 0 to 1 - 2**-53; each is taken to the one
    as far from the other end, so that the distribution stays the same to the bit.
    """

    def __init__(self, generator: np.random.Generator) -> None:
        self._generator = generator

    def random(self, size: int, /) -> Floats:
        """Return the next numbers, shape (size,)."""
        return np.asarray(LARGEST - self._generator.random(size))


@dataclass(frozen=True, slots=True)
class RandomStreams:
    """The streams of one replication.

    Attributes
    ----------
    seed : int
    replication : int
        Counted from 1.
    antithetic : bool
        Replications form pairs of which the second is the mirror of the first.
    """

    seed: int
    replication: int
    antithetic: bool = False

    @property
    def number(self) -> int:
        """Return the number that the streams are known by: that of the pair, if there are any."""
        return (self.replication + 1) // 2 if self.antithetic else self.replication

    @property
    def mirrored(self) -> bool:
        """Return whether every uniform number is mirrored."""
        return self.antithetic and self.replication % 2 == 0

    @property
    def prefix(self) -> str:
        """Return what all names of the replication's streams begin with."""
        return f"{self.seed}|{self.number}|"

    def stream(self, name: str) -> Uniforms:
        """Return the random stream of one name, independent of all others."""
        generator = stream(self.seed, self.number, name)
        return Mirrored(generator) if self.mirrored else generator

    def key(self, name: str) -> int:
        """Return the key from which the single draws of one stream are derived."""
        return stream_key(self.seed, self.number, name)


def stream_keys(replications: Sequence[RandomStreams], names: Sequence[str]) -> Words:
    """Return the keys of the Philox generators of streams, shape (replications, streams, 2)."""
    return _digests(replications, names, 16).reshape(len(replications), len(names), 2)


def contact_stream_keys(replications: Sequence[RandomStreams], names: Sequence[str]) -> Words:
    """Return the keys of :func:`stream_key` of streams, shape (replications, streams)."""
    return _digests(replications, names, 8).reshape(len(replications), len(names))


def _digests(replications: Sequence[RandomStreams], names: Sequence[str], size: int) -> Words:
    """Return a hash of each name in each replication, one word after the other."""
    blake2b = hashlib.blake2b
    hashed = [
        blake2b((prefix + name).encode(), digest_size=size).digest()
        for prefix in [streams.prefix for streams in replications]
        for name in names
    ]
    words = bytearray().join(hashed)  # can be written to, as arrays are that functions compile for
    return np.frombuffer(words, "<u8").astype(np.uint64, copy=False)


def stream(seed: int, replication: int, name: str) -> np.random.Generator:
    """Return the random stream of one name, independent of all others."""
    digest = hashlib.blake2b(f"{seed}|{replication}|{name}".encode(), digest_size=16).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest, "little")))


def stream_key(seed: int, replication: int, name: str) -> int:
    """Return the 64-bit key from which the single draws of one stream are derived."""
    digest = hashlib.blake2b(f"{seed}|{replication}|{name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def single_uniform(key: int, place: int) -> float:
    """Return the number in (0, 1) at one place of a contact.

    Parameters
    ----------
    key : int
        Of the contact.
    place : int
        What is decided, see :meth:`sim.tape.Tape.uniform`.
    """
    z = _scrambled((key + place * GOLDEN) & _WORD)
    return ((z >> 12) + 0.5) * 2.0**-52


def _scrambled(z: int) -> int:
    # Finaliser of SplitMix64 (Steele, Lea, Flood 2014): every input bit moves every output bit.
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _WORD
    return z ^ (z >> 31)
