"""Queues of a log, of one channel each: a queue that has several channels is several."""

from __future__ import annotations

import numpy as np

from sim.array_types import Ints
from sim.fileio import is_missing
from sim.history.call_log.log_cells import LogReader, codes_by_word
from sim.history.tables.personal_data import check_names
from sim.scenario.queue import DEFERRED_CHANNELS, VOICE_CHANNELS

CHANNEL_WORDS = frozenset(
    {*VOICE_CHANNELS, *DEFERRED_CHANNELS, "call", "calls", "chat", "live chat", "web chat",
     "messaging", "message", "sms", "whatsapp", "social", "social media", "video"}
)  # fmt: skip
NO_QUEUE = frozenset(["", "none", "n/a", "null", "nan", "-"])
ONE_QUEUE = "calls"
"""Name of the queue where no column says one."""
RARE = 0.01
"""A channel with a smaller share of a queue's contacts counts as the queue's main one."""


def named_codes(reader: LogReader, meaning: str, empty: frozenset[str]) -> tuple[list[str], Ints]:
    """Return the names of a column and the code of each row; -1 where there is none."""
    if not reader.has(meaning):
        return [], np.full(reader.table.rows, -1, dtype=np.int64)
    return codes_by_word(reader.coded(meaning), empty)


def check_written_names(reader: LogReader, meaning: str) -> None:
    """Refuse a column whose values are written out, and identify customers.

    Queues that the reader knows are allowed.
    """
    if reader.has(meaning):
        column = reader.coded(meaning)
        count = np.bincount(column.codes, minlength=len(column.values)).tolist()
        rows = {
            str(value): number
            for value, number in zip(column.values, count, strict=True)
            if not is_missing(value)
        }
        known = reader.known_queues if meaning == "queue" else frozenset()
        check_names(reader.table.name, reader.columns[meaning], meaning, rows, known)


def named_queues(reader: LogReader) -> tuple[list[str], Ints, dict[str, str]]:
    """Return the names of queues, the queue of each row, and channels by queue.

    Raises
    ------
    ScenarioError
        When queues or channels are numbers or addresses of customers.
    """
    for meaning in ("queue", "channel"):
        check_written_names(reader, meaning)
    names, queue = named_codes(reader, "queue", NO_QUEUE)
    if (queue < 0).any():
        queue = np.where(queue < 0, len(names), queue)
        names = [*names, "no queue" if names else ONE_QUEUE]
    if not reader.has("channel"):
        return names, queue, channels_by_name(names)
    return queues_by_channel(names, queue, *named_codes(reader, "channel", NO_QUEUE))


def queues_by_channel(
    names: list[str], queue: Ints, channels: list[str], channel: Ints
) -> tuple[list[str], Ints, dict[str, str]]:
    """Return queues of one channel each, the queue of each row, and the channel of each queue.

    Parameters
    ----------
    names : list of str
        Of the queues.
    queue : ndarray of int, shape (rows,)
    channels : list of str
    channel : ndarray of int, shape (rows,)
        -1 unknown: that of most contacts of the queue.

    Returns
    -------
    names : list of str
        ``billing chat`` where billing has several channels; the channel where there is one queue.
    queue : ndarray of int, shape (rows,)
    channel_of : dict of str to str
        By name of the queue, in lower case.
    """
    found: list[str] = []
    code = np.zeros(queue.size, dtype=np.int64)
    channel_of: dict[str, str] = {}
    for at, name in enumerate(names):
        mine = queue == at
        counts = np.bincount(channel[mine & (channel >= 0)], minlength=len(channels))
        usual = counts >= max(RARE * int(counts.sum()), 1)
        if not usual.any():
            code[mine] = len(found)
            found.append(name)
            continue
        own = np.where((channel >= 0) & usual[channel], channel, counts.argmax())
        for one in np.flatnonzero(usual):
            title = _title(name, channels[one], len(names) > 1, int(usual.sum()) > 1)
            code[mine & (own == one)] = len(found)
            found.append(title)
            channel_of[title] = _word(channels[one])
    return found, code, channel_of


def channels_by_name(names: list[str]) -> dict[str, str]:
    """Return the channel of each queue where the queues are named by channels; empty otherwise."""
    words = {name: _word(name) for name in names}
    if len(names) > 1 and all(one in CHANNEL_WORDS for one in words.values()):
        return words
    return {}


def _word(channel: str) -> str:
    return channel.lower().replace("e-mail", "email").replace("_", " ")


def _title(name: str, channel: str, is_one_of_many: bool, has_channels: bool) -> str:
    if not has_channels:
        return name
    return f"{name} {channel}" if is_one_of_many else channel
