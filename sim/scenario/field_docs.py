"""The docstrings below the fields of a record, which forms, schema and documentation show.

Read from the source when they are shown: pydantic would read them whenever the program starts,
which takes a third of the time to import the package.
"""

from __future__ import annotations

import ast
import inspect
import sys
from functools import cache
from itertools import pairwise
from typing import Any

from pydantic import BaseModel


@cache
def field_docs(record: type[BaseModel]) -> dict[str, str]:
    """Return the description of each field of a record that has one, by name."""
    found: dict[str, str] = {}
    for kind in reversed(record.__mro__):
        if issubclass(kind, BaseModel) and kind is not BaseModel:
            found |= _docs_of_module(kind.__module__).get(kind.__qualname__, {})
    stated = {name: info.description for name, info in record.model_fields.items()}
    return found | {name: text for name, text in stated.items() if text}


def one_line(text: str) -> str:
    """Return a docstring as one line of Markdown."""
    return " ".join(text.replace("``", "`").split())


def add_field_docs(record: type[BaseModel], table: dict[str, Any]) -> None:
    """Write the descriptions of the fields into the JSON Schema of a record."""
    properties = table.get("properties", {})
    for name, text in field_docs(record).items():
        key = record.model_fields[name].alias or name
        if key in properties:
            properties[key]["description"] = text


@cache
def _docs_of_module(name: str) -> dict[str, dict[str, str]]:
    """Return the docstrings below the attributes of each class at the top of a module.

    None where the program is installed without its sources.
    """
    try:
        tree = ast.parse(inspect.getsource(sys.modules[name]))
    except OSError:
        return {}
    return {
        one.name: {
            field.target.id: inspect.cleandoc(below.value.value)
            for field, below in pairwise(one.body)
            if isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
            and isinstance(below.value.value, str)
        }
        for one in tree.body
        if isinstance(one, ast.ClassDef)
    }
