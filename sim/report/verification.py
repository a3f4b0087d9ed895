"""The page of the verification as tables: what was expected, what was found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_RULE = re.compile(r"\|[\s:|-]+\|")


@dataclass(frozen=True)
class Section:
    """One part of the verification.

    Attributes
    ----------
    title : str
    words : tuple of str
        Paragraphs.
    tables : tuple of tuple of dict
        Each a table, its rows as text by column.
    """

    title: str
    words: tuple[str, ...]
    tables: tuple[tuple[dict[str, str], ...], ...]

    @property
    def sources(self) -> list[str]:
        """Return the sources that the first table names, in the order of the page."""
        rows = self.tables[0] if self.tables else ()
        return list(dict.fromkeys(row["source"] for row in rows if "source" in row))


@dataclass(frozen=True)
class Verified:
    """The verification.

    Attributes
    ----------
    summary : str
        One sentence with the counts.
    method : tuple of str
        How it was judged.
    sections : tuple of Section
    """

    summary: str
    method: tuple[str, ...]
    sections: tuple[Section, ...]


def verified(file: Path | None = None) -> Verified:
    """Return the verification as its page says it.

    Parameters
    ----------
    file : Path, optional
        The page that comes with the package unless given.

    Raises
    ------
    FileNotFoundError
        When the installation holds none.
    """
    from sim.resources import verification_file

    text = (file or verification_file()).read_text(encoding="utf-8")
    head, *parts = re.split(r"^## ", text, flags=re.MULTILINE)
    words = [_plain(block) for block in _blocks(head) if not block.startswith("#")]
    summary = next((one for one in words if "values agree" in one), "")
    sections = tuple(_section(part) for part in parts)
    method = (one.removeprefix("Written by make verify; do not edit. ") for one in words)
    return Verified(summary, tuple(one for one in method if one != summary), sections)


def _section(part: str) -> Section:
    title, _, body = part.partition("\n")
    blocks = _blocks(body)
    tables = tuple(_table(block) for block in blocks if block.startswith("|"))
    words = tuple(_plain(block) for block in blocks if not block.startswith("|"))
    return Section(title.strip(), words, tables)


def _blocks(text: str) -> list[str]:
    return [block.strip() for block in re.split(r"\n\s*\n", text) if block.strip()]


def _plain(block: str) -> str:
    """Return a paragraph on one line, without marks of emphasis and code."""
    return " ".join(block.replace("**", "").replace("`", "").split())


def _table(block: str) -> tuple[dict[str, str], ...]:
    lines = [line for line in block.splitlines() if not _RULE.fullmatch(line.strip())]
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    head = _distinct(rows[0])
    return tuple(dict(zip(head, row, strict=False)) for row in rows[1:])


def _distinct(titles: list[str]) -> list[str]:
    """Return titles of which none stands twice: the later ones take the name before them."""
    result: list[str] = []
    for title in titles:
        result.append(f"{result[-1]}, {title}" if title in result and result else title)
    return result
