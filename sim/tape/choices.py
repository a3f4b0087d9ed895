"""What a single draw decides, and the number by which it is drawn."""

from __future__ import annotations

from enum import IntEnum


class Purpose(IntEnum):
    """What a single draw decides; part of its key, so the numbers must never change."""

    TRY_BOT = 1
    SESSION = 2
    SESSION_END = 3
    BOT_RESOLVES = 4
    BOT_RETURN = 5
    BOT_RETURN_DELAY = 6
    BALK = 7
    RETRY = 8
    RETRY_DELAY = 9
    TRANSFER = 10
    RESOLVED = 11
    REPEAT = 12
    REPEAT_DELAY = 13
    ACCEPT_CALLBACK = 14
    CALLBACK_DELAY = 15
    TALK = 16
    HOLD = 17
    WRAP = 18
    PATIENCE = 19
    ISSUE_KIND = 20
    SEGMENT = 21
    CONTEXT = 22
    SILENT = 23
    PREVENTED = 24
    REACHED = 25
    SETTLED = 26
    RIGHT_PARTY = 27
    SILENT_WITHIN = 28
    SILENT_PART = 29
    NOTICED = 30
    CALL_SETTLES = 31
    ANSWER_CALLBACK = 32  # plus the number of the attempt
    DIAL = 64  # likewise
    REDIAL_DELAY = 96  # likewise
    GAP = 128  # likewise


class Prevention(IntEnum):
    """What happens to an issue before any contact; the last two lead to none."""

    NONE = 0
    REACHED = 1  # by a message, and contacts the center all the same
    SETTLED = 2  # by a message
    PREVENTED = 3  # its cause was repaired


def choice_number(contact: int, transfers: int, purpose: int) -> int:
    """Return the number of a choice among all of one issue; arguments as for `Tape.uniform`."""
    return (contact << 16) | (transfers << 8) | purpose


def agent_choice_number(agent: int, number: int) -> int:
    """Return the number of a choice among all of one group; arguments as for `Tape.agent_uniform`.

    The last number counts from 0 for each agent, to 2**32.
    """
    return (agent << 32) | number
