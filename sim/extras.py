"""Libraries that are installed only with an extra, and what to say where one is missing."""

from __future__ import annotations

import sys
from importlib.util import find_spec

from sim.units import BadInputError

EXTRA_OF = {
    "pandas": "tables",
    "pyarrow": "tables",
    "openpyxl": "tables",
    "xlsxwriter": "tables",
    "streamlit": "app",
    "altair": "app",
    "distributed": "cluster",
    "dask": "cluster",
    "SALib": "sensitivity",
    "statsmodels": "forecast",
    "holidays": "forecast",
}
"""The extra of ccplan that brings a library."""


class MissingExtraError(BadInputError):
    """A library is not installed; the message names the command that installs it."""


def need(what: str, *libraries: str) -> None:
    """See that libraries are there before a work that ends with them begins.

    Parameters
    ----------
    what : str
        What needs them, such as ``--xlsx``.
    *libraries : str
        Names of modules in :data:`EXTRA_OF`.

    Raises
    ------
    MissingExtraError
        When one cannot be found.
    """
    for library in libraries:
        if not is_installed(library):
            raise MissingExtraError(missing(library, what))


def missing(library: str, what: str = "this") -> str:
    """Return what to say of a library that is missing.

    Parameters
    ----------
    library : str
        Name of a module in :data:`EXTRA_OF`.
    what : str
        What needs it.
    """
    extra = EXTRA_OF[library]
    return (
        f"{what}: needs {library}, which is not installed; "
        f"install it with: pip install 'ccplan[{extra}]'"
    )


def of_error(error: ImportError) -> str | None:
    """Return the library of an extra that could not be imported, None for anything else."""
    library = (error.name or "").partition(".")[0]
    return library if library in EXTRA_OF and not is_installed(library) else None


def is_installed(library: str) -> bool:
    """Tell whether a library can be imported."""
    if library in sys.modules:
        return sys.modules[library] is not None
    try:
        return find_spec(library) is not None
    except (ImportError, ValueError):
        return False
