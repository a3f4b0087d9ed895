"""Queues of a log that have several channels, and queues that are named by channels."""

import numpy as np
import pytest

from sim.history.call_log import read_call_log
from sim.history.call_log.queue_channels import queues_by_channel
from tests.support.recorded_world import write_log

TITLES = ("offered", "wait", "outcome", "talk", "agent", "queue", "channel")


def log_of(tmp_path, pairs, titles=TITLES):
    rows = [
        (f"2026-03-02 09:{at:02d}:00", 5, "answered", 60, "A1", queue, channel)
        for at, (queue, channel) in enumerate(pairs)
    ]
    kept = [TITLES.index(title) for title in titles]
    rows = [[row[k] for k in kept] for row in rows]
    return read_call_log(write_log(tmp_path / "log.csv", rows, titles)).log


def test_a_queue_with_several_channels_is_one_queue_for_each(tmp_path):
    pairs = [("billing", "Phone"), ("billing", "chat"), ("cards", "phone"), ("billing", "phone")]
    log = log_of(tmp_path, pairs)
    assert dict(zip(log.queues, log.channels, strict=True)) == {
        "billing Phone": "phone", "billing chat": "chat", "cards": "phone"
    }  # fmt: skip
    assert [log.queues[at] for at in log.queue] == [
        "billing Phone", "billing chat", "cards", "billing Phone"
    ]  # fmt: skip


def test_without_a_column_of_queues_channels_are_the_queues(tmp_path):
    titles = tuple(title for title in TITLES if title != "queue")
    log = log_of(tmp_path, [("", "phone"), ("", "E-Mail"), ("", "phone")], titles)
    assert dict(zip(log.queues, log.channels, strict=True)) == {
        "phone": "phone", "E-Mail": "email"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("names", "channels"), [(("Phone", "Chat"), ("phone", "chat")), (("Phone", "Cards"), ())]
)
def test_queues_that_are_all_named_by_channels_have_these(tmp_path, names, channels):
    titles = tuple(title for title in TITLES if title != "channel")
    log = log_of(tmp_path, [(names[0], ""), (names[1], ""), (names[0], "")], titles)
    assert log.channels == channels


def test_rare_and_unknown_channels_count_as_the_usual_one():
    channel = np.array([0] * 300 + [1] * 2 + [-1] * 5)
    names, queue, channel_of = queues_by_channel(
        ["billing"], np.zeros(channel.size, dtype=np.int64), ["phone", "fax"], channel
    )
    assert names == ["billing"]
    assert not queue.any()
    assert channel_of == {"billing": "phone"}
