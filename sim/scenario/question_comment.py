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
    """Return the text of a file with another question; notes below the old one stay.

    Parameters
    ----------
    text : str
        TOML.
    question : str
        The first paragraph of the first comment is taken away if empty.
    *more : str
        Further lines of the comment, in a paragraph below the question.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    end = next((k for k, line in enumerate(lines) if not line.startswith("#")), len(lines))
    asked = next((k for k, line in enumerate(lines[:end]) if not line.strip("# ")), end)
    own = ([" ".join(question.split())], more)
    blocks = [[f"# {line}".rstrip() for line in one] for one in own if any(one)]
    notes = lines[asked:end]
    while notes and not notes[0].strip("# "):
        notes = notes[1:]
    blocks += [notes] if notes else []
    rest = "\n".join(lines[end:]).lstrip("\n")
    head = "\n#\n".join("\n".join(block) for block in blocks)
    return f"{head}\n\n{rest}\n" if head else f"{rest}\n"
