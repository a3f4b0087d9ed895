"""Pages of HTML that stand alone, made from the templates beside this module."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report.formatting import unbroken

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = Path(__file__).parent / "templates"


def html_page(template: str, **values: Any) -> str:
    """Return a page; every value is shown as text, but for those of :func:`drawn`.

    Parameters
    ----------
    template : str
        Name of a file in the folder of templates.
    **values
        What it shows; a name that the template uses and that is not given is an error.
    """
    from sim import __version__

    return _templates().get_template(template).render(version=__version__, **values)


def drawn(svg: str) -> str:
    """Return a drawing of this program as markup, which is not escaped a second time."""
    from markupsafe import Markup

    return Markup(svg)


@cache
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_with_units,
    )


def _with_units(value: object) -> object:
    """Return a text in which no line ends between a number and its unit; drawings stay."""
    from markupsafe import Markup

    return value if isinstance(value, Markup) or not isinstance(value, str) else unbroken(value)
