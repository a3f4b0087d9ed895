"""The question that a scenario, study or lesson file asks in its first comment."""

from __future__ import annotations

UNASKED = "Which question does this scenario answer? Write it here."
"""Stands in a new file until it has a question of its own."""


def question_in(text: str) -> str:
    """Return the first paragraph of the first comment of a file as running text.

    Parameters
    ----------
    text : str
        TOML.

    Returns
    -------
    str
        Empty when the file does not begin with a comment, or has no question of its own yet.
    """
    words: list[str] = []
    for line in text.removeprefix("\ufeff").splitlines():
        comment = line.lstrip("# ").split()
        if not line.startswith("#") or (words and not comment):
            break
        words += comment
    found = " ".join(words)
    return "" if found.startswith(UNASKED) else found


def with_question(text: str, question: str, *more: str) -> str:
    """Return the text of a file with another comment at its top instead of the one it has.

    Parameters
    ----------
    text : str
        TOML.
    question : str
        Empty for the placeholder that asks for one.
    *more : str
        Further lines of the comment.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    first = next((k for k, line in enumerate(lines) if not line.startswith("#")), len(lines))
    head = [" ".join(question.split()) or UNASKED, *(["", *more] if more else [])]
    rest = "\n".join(lines[first:]).lstrip("\n")
    return "\n".join(f"# {line}".rstrip() for line in head) + f"\n\n{rest}\n"
