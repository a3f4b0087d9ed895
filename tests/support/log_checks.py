"""What must be true of the log of any model, looked at instant by instant.

Independent of the engine's own lists and of the invariants that the package checks: here the
lines and the hands are rebuilt from the legs alone. Each check yields a sentence for what it
finds wrong. Legs that were interrupted have hidden parts; checks leave them out where
that matters.
"""

from __future__ import annotations

from sim.log import Log
from tests.support.log_agent_checks import (
    agents_choose_right,
    breaks_begin_when_quiet,
    breaks_keep_their_length,
    gaps_follow_contacts,
    hands_agree,
    hands_have_room,
    no_contact_waits_for_an_idle_agent,
    staff_is_there,
    states_tile_presences,
)
from tests.support.log_contact_checks import (
    lines_are_bounded,
    lines_are_fair,
    order_within_issues,
    patience_is_kept,
    work_is_conserved,
)
from tests.support.log_rows import rows

CHECKS = (
    order_within_issues,
    patience_is_kept,
    work_is_conserved,
    hands_agree,
    hands_have_room,
    no_contact_waits_for_an_idle_agent,
    lines_are_fair,
    agents_choose_right,
    lines_are_bounded,
    staff_is_there,
    states_tile_presences,
    breaks_keep_their_length,
    gaps_follow_contacts,
    breaks_begin_when_quiet,
)


def log_violations(log: Log) -> list[str]:
    """Return what is wrong with a log, at most five sentences of each check."""
    found: list[str] = []
    legs = rows(log)
    for check in CHECKS:
        for number, sentence in enumerate(check(log, legs)):
            if number == 5:
                break
            found.append(f"{check.__name__}: {sentence}")
    return found
