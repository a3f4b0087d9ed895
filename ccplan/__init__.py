"""An open contact-center simulator and staffing planner.

Load a scenario, simulate it, compare it with another, staff it::

    import ccplan
    center = ccplan.load("retail_monday")
    result = ccplan.simulate(center, runs=100)

Every name is that of the package ``sim``, which holds the code. It is found beside this package
also where a file ``sim.py`` of one's own comes first on the path.
"""

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim import *  # noqa: F403 - the same names
    from sim import __version__ as __version__

_HOME = Path(__file__).resolve().parent.parent


def _make_way() -> None:
    """Put the folder of ``sim`` first on the path where another module of this name hides it.

    Worker processes take the path over, so that they find the right one too.

    Raises
    ------
    ImportError
        When the other module was imported before, and holds the name.
    """
    ours = _HOME / "sim" / "__init__.py"
    before = sys.modules.get("sim")
    found = getattr(before, "__file__", None) if before else _origin()
    if found is not None and Path(found).resolve() == ours:
        return
    if before is not None:
        raise ImportError(
            f"ccplan needs the module name sim, which {found or 'another module'} has taken: "
            "rename that module, or import it after ccplan under another name"
        )
    sys.path.insert(0, str(_HOME))


def _origin() -> str | None:
    spec = find_spec("sim")
    return spec.origin if spec else None


_make_way()

import sim  # noqa: E402 - only now is it the right one

__all__ = sim.__all__


def __getattr__(name: str) -> object:
    try:
        return getattr(sim, name)
    except AttributeError:
        raise AttributeError(f"module 'ccplan' has no attribute {name!r}") from None


def __dir__() -> list[str]:
    return sorted(sim.__all__)
