"""The uniform numbers of many streams at once.

They are those of NumPy's generator ``Philox`` (Salmon, Moraes, Dror and Shaw 2011, Parallel random
numbers: as easy as 1, 2, 3), equal to the bit. To make one of its objects for each stream takes
longer than to draw the numbers of a stream.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba.extending import intrinsic

from sim.compile_cache import compiled_when_called, compiler, inlined
from sim.model import Floats, Ints
from sim.streams import LARGEST, RandomStreams, Words, stream_keys

numba = compiler()

_FIRST, _SECOND = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
_FIRST_STEP, _SECOND_STEP = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)
_0, _1, _11 = np.uint64(0), np.uint64(1), np.uint64(11)
_UNIT = 2.0**-53
_ROUNDS = 10

Bools = npt.NDArray[np.bool_]


def fill_streams(
    replications: Sequence[RandomStreams], names: Sequence[str], counts: Sequence[int] | Ints
) -> Floats:
    """Return the first numbers of some streams, one after the other.

    Parameters
    ----------
    replications : sequence of RandomStreams
    names : sequence of str, one for each stream
    counts : sequence of int, one for each stream
        How many numbers of each stream.

    Returns
    -------
    ndarray, shape (replications, sum(counts))
        From 0 (included) to 1 (excluded).
    """
    ends = np.cumsum(np.tile(np.array(counts, np.int64), len(replications)))
    out = np.empty(int(ends[-1]) if len(ends) else 0)
    keys = stream_keys(replications, names)
    fill(keys.reshape(-1, 2), ends, mirrored_streams(replications, len(names)), out)
    return out.reshape(len(replications), -1)


def mirrored_streams(replications: Sequence[RandomStreams], count: int) -> Bools:
    """Return of each of ``count`` streams of each replication whether its numbers are mirrored."""
    return np.repeat(np.array([streams.mirrored for streams in replications], np.bool_), count)


def _high_word_code(typing_context: Any, a: Any, b: Any) -> Any:
    """Return the type and the code of the upper 64 of the 128 bits of a product."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        wide = ir.IntType(128)
        product = builder.mul(*(builder.zext(one, wide) for one in arguments))
        return builder.trunc(builder.lshr(product, wide(64)), ir.IntType(64))

    word = numba.types.uint64
    return word(word, word), code


_high_word: Any = intrinsic(_high_word_code)


@inlined
def _philox(first: np.uint64, second: np.uint64, number: np.uint64) -> tuple[Any, Any, Any, Any]:
    """Return four words: a block of the stream with this key, counted from 1."""
    a, b, c, d = number, _0, _0, _0
    for _ in range(_ROUNDS):
        high, other_high = _high_word(_FIRST, a), _high_word(_SECOND, c)
        a, b, c, d = other_high ^ b ^ first, _SECOND * c, high ^ d ^ second, _FIRST * a
        first += _FIRST_STEP
        second += _SECOND_STEP
    return a, b, c, d


@compiled_when_called
def _fill_compiled(keys: Words, ends: Ints, mirrored: Bools, out: Floats) -> None:
    """Fill an array with the numbers of streams, each mirrored or not, that end somewhere."""
    k = 0
    for stream in range(len(keys)):
        mirror = LARGEST if mirrored[stream] else 0.0
        first, second = keys[stream, 0], keys[stream, 1]
        numbers = out[k : ends[stream]]
        k = ends[stream]
        whole = len(numbers) // 4
        for block in range(whole):
            a, b, c, d = _philox(first, second, np.uint64(block) + _1)
            numbers[4 * block] = abs(mirror - (a >> _11) * _UNIT)
            numbers[4 * block + 1] = abs(mirror - (b >> _11) * _UNIT)
            numbers[4 * block + 2] = abs(mirror - (c >> _11) * _UNIT)
            numbers[4 * block + 3] = abs(mirror - (d >> _11) * _UNIT)
        rest = _philox(first, second, np.uint64(whole) + _1)
        for i in range(4 * whole, len(numbers)):
            numbers[i] = abs(mirror - (rest[i - 4 * whole] >> _11) * _UNIT)


def _fill_plain(keys: Words, ends: Ints, mirrored: Bools, out: Floats) -> None:
    """Do the same with NumPy's own generators."""
    first = 0
    for key, end, mirror in zip(keys, ends, mirrored, strict=True):
        generator = np.random.Generator(np.random.Philox(key=key))
        u = generator.random(end - first)
        out[first:end] = LARGEST - u if mirror else u
        first = end


fill = _fill_plain if numba.config.DISABLE_JIT else _fill_compiled
