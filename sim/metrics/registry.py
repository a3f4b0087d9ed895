"""Every metric in one place: its name, unit, formula and meaning.

A formula is text over the names of sums (:mod:`sim.metrics.tally_fields`): sums and differences,
divided at most once; ``a * b`` multiplies. Without a divisor it is a mean per replication.
"""

from __future__ import annotations

from functools import cache

from sim.metrics.cost_metrics import COST_METRICS
from sim.metrics.experience_metrics import EXPERIENCE_METRICS
from sim.metrics.metric_definition import Needs, NonRatioMetric, RatioMetric

VARIANTS: dict[str, tuple[str, str]] = {
    "abandons_ignored": ("within", "answered + abandoned - abandoned_within"),
    "abandons_negative": ("within", "answered + abandoned"),
    "abandons_positive": ("within + abandoned_within", "answered + abandoned"),
    "answered_only": ("within", "answered"),
    "short_as_met": ("within + abandoned_short", "answered + abandoned"),
    "short_excluded": ("within", "answered + abandoned - abandoned_short"),
}
"""Service level by variant: what counts as met, and of what."""

PERCENTILES = (50, 80, 90, 95, 99)
DAY_QUANTILES = (10, 50, 90)


SHORTHAND: dict[str, str] = {
    "blocked": "busy + full",
    "handle": "talk + hold + wrap",
    "handle_time": "talking + wrapping + working + dialling + held",
    "logged_in": (
        "available + talking + wrapping + working + dialling + held + on_break + not_ready"
    ),
}
"""Names for sums of sums, to keep formulas short."""


def _contacts(name: str, top: str, meaning: str, needs: Needs = "any") -> RatioMetric:
    return RatioMetric(name, "contacts", "legs", top, "", meaning, needs=needs)


_VOLUMES = (
    _contacts(
        "offered", "offered", "Contacts that reached the queue, including retrials and transfers."
    ),
    _contacts("answered", "answered", "Contacts answered by an agent."),
    _contacts("abandoned", "abandoned", "Customers who hung up while waiting, or at once."),
    _contacts(
        "balked",
        "balked",
        "Abandoned contacts whose customer hung up at once on hearing the expected wait.",
    ),
    _contacts(
        "silent_abandoned",
        "silent",
        "Abandoned contacts whose customer left without a word: an agent finds them empty.",
        "silent",
    ),
    _contacts("blocked", "blocked", "Contacts that met a busy signal or a full queue."),
    _contacts("message", "message", "Contacts that ended with a message after the longest wait."),
    _contacts("callbacks", "callbacks", "Customers who chose to be called back.", "callback"),
    _contacts(
        "callbacks_answered",
        "callbacks_answered",
        "Callbacks that the customer answered.",
        "callback",
    ),
    _contacts(
        "callbacks_missed",
        "callbacks_missed",
        "Callbacks that the customer did not answer.",
        "callback",
    ),
    _contacts(
        "callbacks_open", "callbacks_open", "Callbacks promised but not yet dialled.", "callback"
    ),
    _contacts(
        "sent_away", "sent_away", "Contacts still waiting when the queue closed, and sent away."
    ),
    _contacts(
        "still_waiting", "still_waiting", "Contacts still waiting at the end of the replication."
    ),
    _contacts(
        "handled",
        "handled",
        "Contacts finished by an agent, callbacks and answered outbound calls included.",
    ),
)

_LEVELS = (
    RatioMetric(
        "service_level",
        "share",
        "legs",
        "met",
        "judged",
        "Share that met the promise of the queue: answered in time by the queue's own variant "
        "and threshold; for deferred queues done by the due time. The whole and channels: by "
        "the center's target, if there is one; targets by their goal.",
        True,
    ),
    *(
        RatioMetric(
            f"service_level_{name}",
            "share",
            "legs",
            top,
            bottom,
            f"Service level by the variant {name}, each queue with its own threshold; the whole "
            "and channels with the center's, if there is one.",
            True,
            "live",
        )
        for name, (top, bottom) in VARIANTS.items()
    ),
)

_SERVICE = (
    RatioMetric(
        "abandonment",
        "share",
        "legs",
        "abandoned",
        "offered",
        "Share of offered contacts that were abandoned.",
        False,
    ),
    RatioMetric(
        "abandonment_excl_short",
        "share",
        "legs",
        "abandoned - abandoned_short",
        "offered - abandoned_short",
        "Abandonment without the contacts abandoned within the short wait.",
        False,
    ),
    RatioMetric(
        "asa_s",
        "s",
        "legs",
        "wait_answered",
        "answered",
        "Mean wait of the answered (average speed of answer).",
        False,
        "live",
    ),
    RatioMetric(
        "mean_wait_all_s",
        "s",
        "legs",
        "wait_answered + wait_abandoned",
        "answered + abandoned",
        "Mean wait of the answered and the abandoned together.",
        False,
        "live",
    ),
    RatioMetric(
        "wait_probability",
        "share",
        "legs",
        "offered - blocked - at_once",
        "offered",
        "Share of offered contacts, including blocked ones, that were admitted but not answered "
        "at once.",
        False,
        "live",
    ),
    RatioMetric(
        "announced_wait_s",
        "s",
        "legs",
        "announced_wait",
        "announced",
        "Mean wait announced to those who could not be answered at once.",
        False,
        "announce",
    ),
    RatioMetric(
        "announced_error_s",
        "s",
        "legs",
        "announced_error",
        "announced_answered",
        "Mean absolute difference between the announced and the real wait of the answered.",
        False,
        "announce",
    ),
    RatioMetric(
        "callback_wait_s",
        "s",
        "legs",
        "wait_callback",
        "callbacks_answered",
        "Mean time from when the customer chose a callback until the customer answered it.",
        False,
        "callback",
    ),
)

_HANDLING = (
    RatioMetric(
        "aht_s", "s", "legs", "handle", "handled", "Mean talk, hold and wrap of the handled.", False
    ),
    RatioMetric("talk_s", "s", "legs", "talk", "handled", "Mean talk time of the handled."),
    RatioMetric("hold_s", "s", "legs", "hold", "handled", "Mean hold time of the handled."),
    RatioMetric("wrap_s", "s", "legs", "wrap", "handled", "Mean wrap time of the handled."),
    RatioMetric(
        "load_erlangs",
        "erlangs",
        "legs",
        "offered * handle",
        "handled * open",
        "Offered load: contacts a second of open time times the mean handle time.",
    ),
    RatioMetric(
        "transfer_rate",
        "share",
        "legs",
        "transferred",
        "handled",
        "Share of handled contacts passed on to another queue.",
        False,
    ),
    RatioMetric(
        "repeat_rate",
        "share",
        "legs",
        "repeating",
        "handled",
        "Share of handled contacts followed by a repeat contact about the same issue, including "
        "those after the end of the replication.",
        False,
    ),
    RatioMetric(
        "retry_rate",
        "share",
        "legs",
        "retrying",
        "abandoned + blocked + sent_away",
        "Share of abandoned, blocked and sent-away contacts followed by a retrial, including "
        "those after the end of the replication.",
    ),
    RatioMetric(
        "contact_resolution",
        "share",
        "legs",
        "resolved",
        "known",
        "Share of handled contacts that resolved the issue.",
        True,
        "resolution",
    ),
)

_DEFERRED = (
    RatioMetric(
        "on_time",
        "share",
        "legs",
        "due_met",
        "due_met + due_missed",
        "Share of deferred work done by its due time; what is open and overdue is missed, what "
        "is open and not yet due is left out.",
        True,
        "deferred",
    ),
    RatioMetric(
        "completion_s",
        "s",
        "legs",
        "completion",
        "done",
        "Mean time from arrival until the customer had the answer.",
        False,
        "deferred",
    ),
    RatioMetric(
        "backlog",
        "contacts",
        "legs",
        "backlog",
        "",
        "Deferred work open at the end of the interval or replication.",
        False,
        "deferred",
        at_instant=True,
    ),
)


def _of_sessions(name: str, top: str, meaning: str, better: bool | None) -> RatioMetric:
    return RatioMetric(name, "share", "legs", top, "sessions", meaning, better, "bot")


_SELF_SERVICE = (
    RatioMetric(
        "sessions", "sessions", "legs", "sessions", "", "Sessions of self-service.", needs="bot"
    ),
    _of_sessions(
        "containment",
        "contained + left_inside",
        "Share of sessions that ended without an agent; contained is not resolved.",
        None,
    ),
    _of_sessions("contained_share", "contained", "Share of sessions completed by the bot.", None),
    _of_sessions(
        "left_inside_share", "left_inside", "Share of sessions abandoned in the bot.", False
    ),
    _of_sessions(
        "bot_resolution", "bot_resolved", "Share of sessions that resolved the issue.", True
    ),
    RatioMetric(
        "bounce_back",
        "share",
        "legs",
        "bounced",
        "contained",
        "Share of contained sessions after which the customer contacts an agent.",
        False,
        "bot",
    ),
    RatioMetric(
        "session_s",
        "s",
        "legs",
        "session_time",
        "sessions",
        "Mean length of a session.",
        None,
        "bot",
    ),
)

_ISSUES = (
    RatioMetric("customers", "issues", "issues", "issues", "", "Customers, each with one issue."),
    RatioMetric(
        "contacts", "contacts", "issues", "contacts", "", "Contacts that these issues caused."
    ),
    RatioMetric(
        "contacts_per_issue",
        "contacts",
        "issues",
        "contacts",
        "issues",
        "Contacts per issue.",
        False,
    ),
    RatioMetric(
        "fcr",
        "share",
        "issues",
        "first_resolved",
        "judged",
        "First contact resolution: issues resolved by the first contact, of all issues.",
        True,
        "resolution",
    ),
    RatioMetric(
        "resolution",
        "share",
        "issues",
        "ever_resolved",
        "judged",
        "Issues resolved by any contact within the replication, of all issues.",
        True,
        "resolution",
    ),
    RatioMetric(
        "time_to_resolution_h",
        "h",
        "issues",
        "resolution_time / 3600",
        "ever_resolved",
        "Mean time from the first contact to the end of the one that resolved the issue.",
        False,
        "resolution",
    ),
    RatioMetric(
        "gave_up",
        "share",
        "issues",
        "gave_up",
        "issues",
        "Share of issues given up at the highest number of attempts.",
        False,
    ),
    RatioMetric(
        "channel_switches",
        "switches",
        "issues",
        "switches",
        "issues",
        "Changes of channel per issue.",
    ),
    RatioMetric(
        "transfers_per_issue",
        "transfers",
        "journeys",
        "transfers",
        "issues",
        "Transfers between agents per issue.",
        False,
    ),
    RatioMetric(
        "context_lost",
        "times",
        "journeys",
        "context_lost",
        "issues",
        "How often per issue an agent began without the context of the contact or session before.",
        False,
    ),
    RatioMetric(
        "wait_per_issue_s",
        "s",
        "journeys",
        "waited",
        "issues",
        "Wait at live queues per issue, all its contacts together.",
        False,
    ),
    RatioMetric(
        "prevented",
        "issues",
        "journeys",
        "prevented",
        "",
        "Issues that did not arise because their cause was repaired.",
    ),
    RatioMetric(
        "reached",
        "issues",
        "journeys",
        "reached",
        "",
        "Issues whose customer a message reached before any contact.",
    ),
    RatioMetric(
        "settled",
        "issues",
        "journeys",
        "settled",
        "",
        "Issues that a message settled, so that there was no contact.",
    ),
    RatioMetric(
        "outbound_attempts",
        "calls",
        "journeys",
        "outbound_attempts",
        "",
        "Outbound calls that agents made, about the issues of a queue or kind.",
        needs="outbound",
    ),
    RatioMetric(
        "outbound_reached",
        "calls",
        "journeys",
        "outbound_reached",
        "",
        "Outbound calls that reached the customer.",
        needs="outbound",
    ),
    RatioMetric(
        "outbound_settled",
        "issues",
        "journeys",
        "outbound_settled",
        "",
        "Issues that an outbound call settled, so that there was no contact.",
        needs="outbound",
    ),
    RatioMetric(
        "right_party_rate",
        "share",
        "journeys",
        "outbound_reached",
        "outbound_attempts",
        "Outbound calls that reached the customer, of all made.",
        needs="outbound",
    ),
    RatioMetric(
        "open_at_end",
        "share",
        "journeys",
        "open_at_end",
        "judged",
        "Share of issues still open at the end of the replication: waiting, with an agent, or to "
        "be followed by a contact after the end. They count as unresolved.",
        needs="satisfaction",
    ),
)

_TIME = (
    RatioMetric(
        "occupancy",
        "share",
        "time",
        "handle_time",
        "handle_time + available",
        "Handling as a share of the time spent handling or ready.",
    ),
    RatioMetric(
        "utilisation",
        "share",
        "time",
        "handle_time + available",
        "paid",
        "Time handling or ready, of paid time.",
        True,
    ),
    RatioMetric(
        "shrinkage",
        "share",
        "time",
        "paid - handle_time - available",
        "paid",
        "Paid time not handling and not ready, of paid time.",
    ),
    RatioMetric(
        "concurrency",
        "contacts",
        "time",
        "load",
        "talking",
        "Mean active contacts while talking to at least one.",
    ),
    RatioMetric(
        "staff", "agents", "time", "logged_in", "staffed", "Mean agents logged in while staffed."
    ),
    RatioMetric(
        "not_ready_share",
        "share",
        "time",
        "not_ready",
        "logged_in",
        "Gaps after contacts and breaks in quiet times, of the time logged in.",
        needs="not_ready",
    ),
    RatioMetric(
        "not_ready_h",
        "h",
        "time",
        "not_ready / 3600",
        "",
        "Hours not ready in gaps after contacts and breaks in quiet times.",
        needs="not_ready",
    ),
    RatioMetric("scheduled_h", "h", "time", "scheduled / 3600", "", "Hours planned, paid."),
    RatioMetric(
        "overtime_h", "h", "time", "overtime / 3600", "", "Hours worked after the shift.", False
    ),
    RatioMetric(
        "cost",
        "money",
        "time",
        "pay",
        "",
        "Pay of agents: the hours paid and those of overtime, at the wage of their group.",
        False,
        "wage",
    ),
)

RATIO_METRICS: tuple[RatioMetric, ...] = (
    *_VOLUMES,
    *_LEVELS,
    *_SERVICE,
    *_HANDLING,
    *_DEFERRED,
    *_SELF_SERVICE,
    *_ISSUES,
    *_TIME,
    *EXPERIENCE_METRICS,
    *COST_METRICS,
)
"""Every metric that is a ratio of sums."""

NON_RATIO_METRICS: tuple[NonRatioMetric, ...] = (
    *(
        NonRatioMetric(
            f"wait_p{p}_s",
            "s",
            f"the wait that {p} % of the answered did not exceed, all replications together",
            f"{p} % of the answered waited no longer than this.",
            False,
            "live",
        )
        for p in PERCENTILES
    ),
    *(
        NonRatioMetric(
            f"completion_p{p}_s",
            "s",
            f"the time within which {p} % of the finished deferred work was done",
            f"{p} % of deferred work was done within this time.",
            False,
            "deferred",
        )
        for p in PERCENTILES
    ),
    NonRatioMetric(
        "longest_wait_s",
        "s",
        "the longest wait of the answered in each replication, mean over replications",
        "The longest wait of an answered customer in a replication.",
        False,
        "live",
    ),
    *(
        NonRatioMetric(
            f"service_level_day_p{p}",
            "share",
            f"the {p} % quantile of the service levels of single days, all replications together",
            f"On {p} % of days the service level is at most this.",
            True,
        )
        for p in DAY_QUANTILES
    ),
    NonRatioMetric(
        "days_on_target",
        "share",
        "days on which every queue of the scope (or, where the center has a target, its live "
        "queues together) reached the target / days with contacts",
        "Share of days on which the targets were reached.",
        True,
    ),
)
"""Metrics that are not ratios of sums."""


@cache
def catalogue() -> dict[str, RatioMetric | NonRatioMetric]:
    """Return every metric by name."""
    every: tuple[RatioMetric | NonRatioMetric, ...] = (*RATIO_METRICS, *NON_RATIO_METRICS)
    return {metric.name: metric for metric in every}
