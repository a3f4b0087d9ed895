"""TOML from anybody: read within bounds, and the line on which each field stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any, NamedTuple

from sim.units import BadInputError

MOST_CHARACTERS = 4 * 1024**2
MOST_KEYS = 10_000
"""Keys and headers of tables in one file."""
DEEPEST = 20
"""Brackets within brackets, and names of one dotted key."""
LONGEST_KEY = 200
LONGEST_NUMBER = 100
"""Characters of a number."""

# Each alternative takes what it can without a way back, so that any text is cut in linear time.
_TOKEN = re.compile(
    r"""
      (?P<comment>\#[^\n]*+)
    | (?P<long>"{3}(?>[^"\\]++|\\.|"(?!""))*+"{3,5} | '{3}(?>[^']++|'(?!''))*+'{3,5})
    | (?P<text>"(?!"")(?>[^"\\\n]++|\\[^\n])*+" | '(?!'')[^'\n]*+')
    | (?P<open>["'])
    | (?P<word>[\w+-]++)
    | (?P<mark>[\[\]{}.=,\n])
    """,
    re.VERBOSE | re.DOTALL,
)


NOT_UTF_8 = "is not written in UTF-8; save it as UTF-8"


class TomlError(BadInputError):
    """A text that is not TOML, or beyond the bounds.

    Attributes
    ----------
    line : int or None
        Counted from 1, when known.
    """

    def __init__(self, message: str, line: int | None = None) -> None:
        self.line = line
        super().__init__(message)


def decode_toml(content: bytes) -> str:
    """Return the text of a TOML file.

    Parameters
    ----------
    content : bytes

    Raises
    ------
    TomlError
        When it is not in UTF-8, as TOML is by its definition.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        raise TomlError(NOT_UTF_8, None if wide else line) from None
    if "\0" in text:
        raise TomlError(NOT_UTF_8)
    return text.replace("\r\n", "\n")


def read_toml(text: str) -> dict[str, Any]:
    """Return what a TOML text says.

    Parameters
    ----------
    text : str

    Raises
    ------
    TomlError
        When it is not TOML, too long, too deep, or has too many keys or too long numbers.
    """
    if len(text) > MOST_CHARACTERS:
        most = MOST_CHARACTERS // 1024**2
        raise TomlError(f"has {len(text):,} characters; allowed: at most {most} million")
    _check(text)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at line (\d+),", str(error))
        line = int(place[1]) if place else None
        raise TomlError(f"no valid TOML: {error}", line) from None
    except (ValueError, RecursionError) as error:
        raise TomlError(f"no valid TOML: {error}") from None


def lines_of(text: str) -> dict[str, int]:
    """Return the line, counted from 1, on which each field of a TOML text first stands.

    Parameters
    ----------
    text : str
        As :func:`read_toml` accepts it.

    Returns
    -------
    dict of str to int
        By dotted path; items of a list are numbered from 0.
    """
    return _Places().read(text)


class _Token(NamedTuple):
    kind: str
    text: str
    line: int


_NONE = _Token("mark", "\n", 0)


def _tokens(text: str) -> Iterator[_Token]:
    """Yield the tokens of a text, comments left out, up to a quote that is never closed."""
    line = 1
    for found in _TOKEN.finditer(text):
        kind, token = str(found.lastgroup), found[0]
        if kind == "open":
            return
        if kind != "comment":
            yield _Token(kind, token, line)
        if kind == "long" or token == "\n":
            line += token.count("\n")


def _check(text: str) -> None:
    """Hold a text to the bounds before it is read as a whole.

    Raises
    ------
    TomlError
        At the first that is passed.
    """
    keys = deep = names = 0
    before, header = _NONE, False
    for token in _tokens(text):
        mark = token.text if token.kind == "mark" else ""
        if mark in ("[", "{"):
            header = header if deep else mark == "[" and before.text == "\n"
            keys += not deep and header
            deep += 1
        elif mark in ("]", "}"):
            deep = max(deep - 1, 0)
        elif mark == "=":
            keys += 1
        names = names + (mark == ".") if mark in ("", ".") else 0
        ends_key = mark in ("=", ".") or (mark == "]" and header)
        for wrong in _wrong(token, deep, names, keys, before.text if ends_key else ""):
            raise TomlError(wrong, token.line)
        before = token


def _wrong(token: _Token, deep: int, names: int, keys: int, key: str) -> Iterator[str]:
    if deep > DEEPEST:
        yield f"is nested too deep; allowed: {DEEPEST} brackets within each other"
    if names >= DEEPEST:
        yield f"has a key of too many names; allowed: {DEEPEST}, joined by dots"
    if keys > MOST_KEYS:
        yield f"has too many fields; allowed: {MOST_KEYS:,} keys and headers of tables"
    if len(key) > LONGEST_KEY:
        yield f"has a key of {len(key):,} characters; allowed: {LONGEST_KEY}"
    size = len(token.text)
    if size > LONGEST_NUMBER and token.kind == "word" and token.text[0] in "+-0123456789":
        yield f"has a number of {size:,} characters; allowed: {LONGEST_NUMBER}"


class _Places:
    """Walks through the tokens of a text and notes on which line each field begins."""

    def __init__(self) -> None:
        self.lines: dict[str, int] = {}
        self.items: dict[str, int] = {}
        """How many tables each list of tables has so far."""
        self.table = ""
        """Path of the table whose keys follow."""
        self.around: list[tuple[str, str, int]] = []
        """Brackets around, outermost first: the mark, the path of its value, items so far."""
        self.key: list[str] = []
        self.value: str | None = None
        """Path of the value that is being read."""

    def read(self, text: str) -> dict[str, int]:
        """Return the lines by path."""
        for token in _tokens(text):
            if token.kind != "mark":
                self._name(token)
            elif token.text == "[" and not self.around and self.value is None:
                self._header_opens()
            elif token.text in "[{":
                self._opens(token)
            elif token.text in "]}":
                self._closes(token)
            else:
                self._passes(token)
            if len(self.around) > DEEPEST:  # no text that is read; paths would be without end
                break
        return self.lines

    def _name(self, token: _Token) -> None:
        if self.value is None:
            self.key.append(_plain(token))

    def _note(self, path: str, line: int) -> None:
        self.lines.setdefault(path, line)

    def _header_opens(self) -> None:
        self.around.append(("header", "", 0))
        self.key = []

    def _opens(self, token: _Token) -> None:
        if self.around and self.around[-1][0] == "header":  # the second bracket of [[
            self.around[-1] = ("headers", "", 0)
            return
        path = self._here()
        if self.value is None:
            self._note(path, token.line)
        self.around.append((token.text, path, 0))
        self.value, self.key = None, []

    def _here(self) -> str:
        """Return the path of the value that begins here."""
        if self.value is not None or not self.around:
            return self.value or ""
        _, path, item = self.around[-1]
        return f"{path}.{item}"

    def _closes(self, token: _Token) -> None:
        if not self.around:
            return
        kind, path, _ = self.around.pop()
        if kind in ("header", "headers"):
            self._enter(kind, token.line)
        else:
            self.value = path
        self.key = []

    def _enter(self, kind: str, line: int) -> None:
        """Begin the table of a header."""
        if not self.key:  # the second bracket of ]]
            return
        path = ""
        for at, part in enumerate(self.key):
            path = f"{path}.{part}" if path else part
            if path in self.items and not (kind == "headers" and at == len(self.key) - 1):
                path = f"{path}.{self.items[path] - 1}"
        if kind == "headers":
            self._note(path, line)
            self.items[path] = self.items.get(path, 0) + 1
            path = f"{path}.{self.items[path] - 1}"
        self._note(path, line)
        self.table, self.value = path, ""

    def _passes(self, token: _Token) -> None:
        if token.text == "=" and self.value is None:
            owner = self.around[-1][1] if self.around else self.table
            self.value = ".".join(filter(None, [owner, *self.key]))
            self._note(self.value, token.line)
        elif token.text == "\n" and not self.around:
            self.value, self.key = None, []
        elif token.text == "," and self.around:
            kind, path, item = self.around[-1]
            self.around[-1] = (kind, path, item + 1)
            self.value, self.key = None, []


def _plain(token: _Token) -> str:
    """Return a name as it reads, without its quotes."""
    if token.kind == "word":
        return token.text
    if "\\" not in token.text or token.text[0] == "'":
        return token.text[1:-1]
    try:
        return str(tomllib.loads(f"name = {token.text}")["name"])
    except tomllib.TOMLDecodeError:
        return token.text[1:-1]
