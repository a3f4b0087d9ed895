"""Words that the glossary retires, and where they stand; ``python -m tests.support.vocabulary``."""

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CODE = ("sim", "ccplan", "verification", "benchmarks", "scripts", "planner_app.py")
PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
ENTRY = re.compile(r'\*\*(?P<both>[^*]+)\*\*|`(?P<name>[^`]+)`|"(?P<text>[^"]+)"')
STRING_OR_COMMENT = re.compile(
    r'(?P<long>"{3}|\'{3})(?:\\.|.)*?(?P=long)|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
    r"|(?P<comment>#[^\n]*)",
    re.S,
)
FENCED = re.compile(r"^ *(?P<ticks>```+).*?^ *(?P=ticks) *$", re.M | re.S)
SPAN = re.compile(r"``.+?``|`[^`\n]+`", re.S)
SHOWN_ARGUMENTS = ("title", "label", "name", "help", "caption", "text", "placeholder", "alt")
LINK = re.compile(r"\]\([^)\s]*\)")

TOP_CLASS = re.compile(r"^class ([A-Za-z]\w*)[:(\[]", re.M)

Found = Counter[tuple[str, str, str]]
"""Occurrences by file, sort ("name" or "text") and retired word."""


@cache
def parts_of(name: str) -> list[str]:
    """Words of an identifier, in small letters."""
    return [part.lower() for part in PARTS.findall(name)]


@dataclass(frozen=True)
class Glossary:
    """Rules of the glossary: words retired in names and in texts, and what stays all the same."""

    terms: tuple[str, ...]
    codes: tuple[str, ...]
    names: tuple[str, ...]
    texts: tuple[str, ...]
    fine: tuple[str, ...]
    fixed: tuple[tuple[str, str], ...]

    @classmethod
    def parse(cls, page: str) -> "Glossary":
        """Rules of a page: the last column of its tables of four, the first of those of two."""
        body, _, fixed = page.partition("### Fixed names")
        body, _, fine = body.partition("### Fine all the same")
        rows = [
            [cell.strip() for cell in line.strip("|").split("|")]
            for line in body.splitlines()
            if line.startswith("|") and not line.startswith("|--")
        ]
        rows = [row for row in rows if row[0] not in {"term", "instead of"}]
        retired = [
            entry for row in rows for entry in ENTRY.finditer(row[0] if len(row) == 2 else row[3])
        ]
        terms = [row for row in rows if len(row) == 4]
        return cls(
            tuple(row[0] for row in terms),
            tuple(code for row in terms for code in re.findall(r"`([^`]+)`", row[2])),
            tuple(entry["both"] or entry["name"] for entry in retired if not entry["text"]),
            tuple(entry["both"] or entry["text"] for entry in retired if not entry["name"]),
            tuple(re.findall(r'"([^"]+)"', fine.replace("\n", " "))),
            tuple(re.findall(r"`([^`]+)` in\s+`([^`]+)`", fixed)),
        )

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """Any retired word or phrase of a text, or a longer phrase that is fine."""
        by_length = sorted((*self.texts, *self.fine), key=len, reverse=True)
        one = "|".join(r"\s+".join(map(re.escape, phrase.split())) for phrase in by_length)
        return re.compile(rf"(?<![\w\-])(?:{one})(?![\w\-]|\s*=)", re.I)

    def in_text(self, text: str) -> Iterator[str]:
        """Retired words of a text; what stands between backticks or quotes is data."""
        text = LINK.sub("]", SPAN.sub("`x`", text))
        fine = {phrase.lower() for phrase in self.fine}
        for found in self._pattern.finditer(text):
            around = text[max(0, found.start() - 1) : found.start()] + text[found.end() :][:1]
            phrase = " ".join(found[0].lower().split())
            if phrase not in fine and around not in {'""', "''"}:
                yield phrase

    def is_fixed(self, name: str, where: str) -> bool:
        """Tell whether a name is one that files and interfaces of a folder rest on."""
        folder = where.removeprefix("sim/")
        return any(name == kept and folder.startswith(place) for kept, place in self.fixed)

    def in_name(self, name: str, where: str, kind: str = "") -> Iterator[str]:
        """Retired words of an identifier of a file; ``kind`` is "class", "module" or nothing."""
        if self.is_fixed(name, where):
            return
        folder = where.removeprefix("sim/")
        for rule in _matching(self.names, name, kind):
            place = rule.rpartition("/")[0]
            if folder.startswith(f"{place}/" if place else ""):
                yield rule


@cache
def _rules_by_word(rules: tuple[str, ...]) -> dict[str, list[str]]:
    """Rules for names by the first word of what they hit."""
    found: dict[str, list[str]] = {}
    for rule in rules:
        word = parts_of(rule.rpartition("/")[2].removesuffix(".py"))[0]
        found.setdefault(word, []).append(rule)
    return found


@cache
def _matching(rules: tuple[str, ...], name: str, kind: str) -> tuple[str, ...]:
    """Rules for names that hit an identifier, in whatever folder it stands."""
    by_word = _rules_by_word(rules)
    likely = (rule for word in dict.fromkeys(parts_of(name)) for rule in by_word.get(word, ()))
    return tuple(rule for rule in likely if _matches(rule.rpartition("/")[2], name, kind))


def _matches(word: str, name: str, kind: str) -> bool:
    """Tell whether a rule for names hits an identifier."""
    if word.endswith(".py"):
        return kind == "module" and name == word.removesuffix(".py")
    if word[0].isupper():
        return kind == "class" and name.strip("_") == word
    wanted, held = parts_of(word), parts_of(name)
    return any(held[i : i + len(wanted)] == wanted for i in range(len(held)))


@lru_cache(maxsize=1)
def parsed(source: str) -> ast.Module:
    """The tree of a module, parsed once for all that looks at it."""
    return ast.parse(source)


@lru_cache(maxsize=2)
def nodes_by_class(tree: ast.AST) -> dict[type, list[Any]]:
    """Every node of a module, walked once for all that looks at them; faster than ``ast.walk``."""
    found: dict[type, list[Any]] = {}
    remaining = [tree]
    for node in remaining:
        found.setdefault(type(node), []).append(node)
        for value in vars(node).values():
            if isinstance(value, list):
                remaining += [one for one in value if isinstance(one, ast.AST)]
            elif isinstance(value, ast.AST) and not isinstance(value, ast.expr_context):
                remaining.append(value)
    return found


def nodes_of(tree: ast.AST, *classes: type) -> Iterator[Any]:
    """Nodes of the classes, those of one class after the other."""
    found = nodes_by_class(tree)
    for one in classes:
        yield from found.get(one, ())


FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def names_of(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Every name that a module defines, each with its kind."""
    for node in nodes_of(
        tree, ast.ClassDef, *FUNCTIONS, ast.arg, ast.alias, ast.Attribute, ast.Name
    ):
        if isinstance(node, ast.ClassDef):
            yield node.name, "class"
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, "function"
        elif isinstance(node, ast.arg):
            yield node.arg, ""
        elif isinstance(node, ast.alias) and node.asname:
            yield node.asname, ""
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr, ""
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, ""


def _is_shown(text: str) -> bool:
    """Tell whether a string may be read by people: several words, or a label."""
    return " " in text.strip() or text[:1].isupper()


def texts_of(source: str, tree: ast.AST) -> Iterator[str]:
    """Docstrings, comments, messages and labels of a module."""
    within = set()
    for node in nodes_of(tree, ast.JoinedStr):
        within |= {id(value) for value in node.values}
        pieces = [v.value if isinstance(v, ast.Constant) else "{}" for v in node.values]
        yield "".join(map(str, pieces))
    for node in nodes_of(tree, ast.Constant):
        if id(node) not in within and isinstance(node.value, str) and _is_shown(node.value):
            yield node.value
    yield from comments_of(source)


def labels_of(tree: ast.AST) -> Iterator[str]:
    """Strings of one word in small letters that may be shown: in a cell, a list, a legend.

    Those are values and elements of tables and lists, results, arguments by position, and
    arguments that are called like a text. Keys, indices and what is compared is data, and so
    are paths and identifiers.
    """
    within = {id(part) for node in nodes_of(tree, ast.Subscript) for part in ast.walk(node.slice)}
    for node in nodes_of(tree, *HOLDERS):
        for one in _shown_parts(node):
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                text = one.value
                if id(one) not in within and text.isalpha() and not _is_shown(text):
                    yield text


HOLDERS = (ast.Dict, ast.List, ast.Tuple, ast.Set, ast.Return, ast.IfExp, ast.Call)
"""Nodes whose parts may be shown."""


def _shown_parts(node: ast.AST) -> list[ast.expr | None]:
    """Parts of an expression or statement that may be shown."""
    if isinstance(node, ast.Dict):
        return [*node.values]
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return [*node.elts]
    if isinstance(node, ast.Return):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    if isinstance(node, ast.Call):
        return [*node.args, *(each.value for each in node.keywords if each.arg in SHOWN_ARGUMENTS)]
    return []


def comments_of(source: str) -> Iterator[str]:
    """Comments of a module; neighbouring ones are one text."""
    block, line, last, read = "", 1, -1, 0
    for found in STRING_OR_COMMENT.finditer(source):
        if found["comment"] is None:
            continue
        line, read = line + source.count("\n", read, found.start()), found.start()
        if line != last + 1 and block:
            yield block
            block = ""
        block += " " + found["comment"].lstrip("# ")
        last = line
    if block:
        yield block


def docstrings_of(tree: ast.AST) -> Iterator[str]:
    """Docstrings of a module, its classes and functions."""
    for node in nodes_of(tree, ast.Module, ast.ClassDef, ast.FunctionDef):
        yield ast.get_docstring(node) or ""


def _in_module(glossary: Glossary, where: str, source: str) -> Iterator[tuple[str, str]]:
    """Retired words of a Python file, as pairs of sort and word."""
    tree = parsed(source)
    tests = where.startswith("tests/")
    path = Path(where)
    modules = {path.stem, path.parent.name} if path.stem == "__init__" else {path.stem}
    defined = {(name, "module") for name in modules} | set(names_of(tree))
    for name, kind in sorted(defined):
        if not tests:
            yield from (("name", word) for word in glossary.in_name(name, where, kind))
        elif kind in {"function", "module"}:  # names of tests are sentences
            sentence = name.replace("_", " ")
            yield from (("name", word) for word in glossary.in_text(sentence))
    texts = [*docstrings_of(tree), *comments_of(source)] if tests else texts_of(source, tree)
    for text in texts:
        yield from (("text", word) for word in glossary.in_text(text))
    for label in () if tests else labels_of(tree):
        if not glossary.is_fixed(label, where):
            yield from (("text", word) for word in glossary.in_text(label))


def prose_of(path: Path, text: str) -> str:
    """Part of a file that is not Python which is read by people."""
    if path.suffix == ".toml":
        return "\n".join(re.findall(r"(?:^|\s)#+ ?(.*)$", text, re.M))
    if path.name == "CHANGELOG.md":
        text = "## ".join(text.split("\n## ")[:2])
    return FENCED.sub("", text)


def leftovers(glossary: Glossary, files: Iterable[tuple[str, str]]) -> Found:
    """Retired words in files, given as pairs of path and text."""
    found: Found = Counter()
    for where, text in files:
        if where.endswith(".py"):
            found.update((where, sort, word) for sort, word in _in_module(glossary, where, text))
        else:
            prose = prose_of(Path(where), text)
            found.update((where, "text", word) for word in glossary.in_text(prose))
    return found


def files() -> Iterator[tuple[str, str]]:
    """Every file whose words people meet: path below the root, and text."""
    for top in CODE:
        folder = ROOT / top
        yield from map(_read, [folder] if folder.is_file() else sorted(folder.rglob("*.py")))
    for pattern in ("sim/**/*.html", "sim/**/*.js", "sim/scenario/**/*.toml", "tests/**/*.py"):
        yield from map(_read, sorted(ROOT.glob(pattern)))
    for pattern in (".github/**/*.md", ".github/**/*.yml"):
        yield from map(_read, sorted(ROOT.glob(pattern)))
    for pattern in ("*.md", "docs/**/*.md", "scenarios/**/*.toml"):
        yield from map(_read, sorted(p for p in ROOT.glob(pattern) if p.name != "glossary.md"))


def _read(path: Path) -> tuple[str, str]:
    return path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def known_names(where: str, source: str) -> set[str]:
    """Every name that a module defines, and every name in quotes: metrics, fields, keys."""
    tree = parsed(source)
    quoted = (node.value for node in nodes_of(tree, ast.Constant) if isinstance(node.value, str))
    return {Path(where).stem, *(name for name, _ in names_of(tree)), *quoted}


def repeated_classes(modules: Iterable[tuple[str, str]]) -> Found:
    """Classes whose name another class of the package has too.

    The arrays of a model are called like the part of the scenario that they come from, and the
    kernel calls its classes like the reference engine.
    """
    where: dict[str, dict[str, list[str]]] = {}
    for path, text in modules:
        place = re.sub(r"^sim/model/", "sim/scenario/", path.replace("/kernel/", "/"))
        for name in TOP_CLASS.findall(text):
            layers = where.setdefault(name, {})
            layers.setdefault(place.rpartition("/")[0], []).append(path)
    found: Found = Counter()
    for name, layers in where.items():
        paths = [path for paths in layers.values() for path in paths]
        if len(layers) > 1 or len({path.rpartition("/")[0] for path in paths}) < len(paths):
            found.update((path, "class", name) for path in paths)
    return found


def here() -> tuple[Glossary, Found]:
    """Glossary of this tree, with all that it finds; code names that do not exist included."""
    glossary = Glossary.parse((ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"))
    found: Found = Counter()
    known: set[str] = set()
    modules = []
    for where, text in files():
        found.update(leftovers(glossary, [(where, text)]))
        if re.match(r"sim/.*\.py$", where):
            modules.append((where, text))
            known |= known_names(where, text)
    found.update(repeated_classes(modules))
    found.update(
        ("docs/glossary.md", "unknown", code) for code in glossary.codes if code not in known
    )
    return glossary, found


def as_lines(found: Found) -> list[str]:
    """Findings as lines: file, sort, word and count."""
    return ["\t".join((*key, str(count))) for key, count in sorted(found.items())]


if __name__ == "__main__":
    sys.stdout.write("".join(f"{line}\n" for line in as_lines(here()[1])))
