"""Names of cases and metrics as the page shows them: words instead of names in code."""

from __future__ import annotations

import re

_METRICS = {
    "mean wait all s": "mean wait of answered and abandoned (s)",
    "mean wait s": "mean wait (s)",
    "asa in handle times": "ASA in handle times",
    "asa min": "ASA (min)",
    "asa s": "ASA (s)",
    "aht s": "AHT (s)",
    "handle time s": "handle time (s)",
    "queue time min per arrival": "time in the queue per arrival (min)",
    "mail done after s": "time until the mail is done (s)",
    "abandons negative": "service level of answered and abandoned",
    "abandons ignored": "service level without those who abandoned within the threshold",
    "answered only": "service level of the answered",
    "abandoned within": "abandoned within the threshold",
    "abandons": "abandoned",
    "wait probability": "share of contacts that wait",
    "wait s by 1660": "mean wait (s), of 1,660 contacts",
    "good by 1660": "answered or abandoned within the threshold, share of 1,660",
    "lost by 1660": "abandoned, share of 1,660",
    "good": "answered within the threshold",
    "level": "service level of the answered",
    "mean busy": "mean number of busy agents",
    "slots in use": "share of places for chats in use",
    "turned away": "blocked, second queue",
    "taken": "share who chose a callback",
    "message": "share who left a message",
}  # fmt: skip
"""What a metric or its beginning means."""
_QUANTILE = re.compile(r"wait p(\d+) s")
_PARTS = {"a": "one of the queues", "front": "first queue", "back": "second queue",
          "total": "both queues"}  # fmt: skip
"""Scopes that are letters or words of a case."""
_THRESHOLD = re.compile(r"(\w+)@(\d+)s")
_SIZE = re.compile(r"(?<=, )(?:tiny|s|m|b|l|xl)(\d+)(?:_\w+)?$")


def metric_words(metric: str) -> str:
    """Return the name of a metric in words: ``asa_s_first`` becomes ``ASA (s), first``."""
    text = metric.replace("_", " ")
    if (found := _THRESHOLD.fullmatch(text)) is not None:
        return f"service level within {found[2]} s, {_scope(found[1])}"
    if (found := _QUANTILE.fullmatch(text)) is not None:
        return f"{found[1]} % quantile of waits (s)"
    for name in sorted(_METRICS, key=len, reverse=True):
        if text == name or text.startswith((f"{name} ", f"{name}, ")):
            rest = text[len(name) :].strip(" ,")
            return _METRICS[name] + _joined(rest)
    for name in ("abandonment", "occupancy", "offered"):
        if text.startswith(f"{name} ") and not text.startswith(f"{name} to "):
            return name + _joined(text[len(name) :].strip())
    return text


def _joined(rest: str) -> str:
    if not rest:
        return ""
    return f" {rest}" if rest.startswith(("of ", "at ")) else f", {_scope(rest)}"


def _scope(name: str) -> str:
    return _PARTS.get(name, name)


def case_words(case: str) -> str:
    """Return the name of a case, its size in words: ``Erlang A, s5`` has 5 agents."""
    return _SIZE.sub(r"\1 agents", case)
