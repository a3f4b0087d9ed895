"""Folder of the compiled code, named by a hash of its sources.

A changed source is never run from an old copy, nor what another user may have put there: the
compiler runs what it finds in its folder. Importing this module does not import the compiler.
"""

from __future__ import annotations

import atexit
import gc
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar, cast

from sim.user_folders import cache_folder

F = TypeVar("F", bound=Callable[..., object])

COMPILED = (
    "engine/kernel/*.py", "metrics/kernel/*.py", "engine/rules.py", "model/*.py",
    "distributions/scalar_quantile.py", "log.py", "tape/*.py",
    "metrics/tally_fields.py", "planning/staff_search/surface_kernel.py",
)  # fmt: skip
"""All that compiled code is made from, constants included."""


def compiler() -> Any:
    """Return the module numba, which then stores what it compiles in :func:`folder`."""
    import numba as untyped

    numba: Any = untyped  # its own annotations do not know all of its options
    numba.config.CACHE_DIR = str(folder())
    _collect_no_garbage_meanwhile()
    return numba


@cache
def _collect_no_garbage_meanwhile() -> None:
    """Let Python look for no garbage while something is compiled: a seventh of the time.

    The compiler makes millions of small objects, nearly all of which are still needed.
    """
    from numba.core import event as untyped

    event: Any = untyped
    lock, compiling, was_enabled = Lock(), 0, False

    class Pause(event.Listener):  # type: ignore[misc]
        def on_start(self, event: Any) -> None:
            nonlocal compiling, was_enabled
            with lock:
                if compiling == 0:
                    was_enabled = gc.isenabled()
                    gc.disable()
                compiling += 1

        def on_end(self, event: Any) -> None:
            nonlocal compiling
            with lock:
                compiling -= 1
                if compiling == 0 and was_enabled:
                    gc.enable()

    event.register("numba:compiler_lock", Pause())


def compiled_when_called(function: F) -> F:
    """Compile a function that Python calls; other threads go on meanwhile."""
    options = {"cache": True, "nogil": True, "error_model": "numpy"}
    return cast(F, compiler().njit(**options)(function))


def inlined(function: F) -> F:
    """Put a function into the compiled ones that call it, where the linker would only call it."""
    return cast(F, compiler().njit(inline="always", error_model="numpy")(function))


@cache
def folder() -> Path:
    """Return the folder of the present sources' code; made when it is not there.

    In ``NUMBA_CACHE_DIR``, else in the cache of the user, else in the folder for temporary files,
    and only where no other user can write. Where neither will do, it is a new folder that goes
    with this process; processes that it starts use it too.
    """
    digest = _digest()
    folder = os.environ.get("NUMBA_CACHE_DIR")
    if folder:
        return Path(folder) if Path(folder).name.endswith(digest) else Path(folder) / digest
    for place in _places():
        try:
            return private(private(place) / digest)
        except OSError:
            continue
    fresh = Path(tempfile.mkdtemp(prefix="ccplan-", suffix=f"-{digest}"))
    os.environ["NUMBA_CACHE_DIR"] = str(fresh)
    atexit.register(shutil.rmtree, fresh, ignore_errors=True)
    return fresh


def _places() -> Iterator[Path]:
    """Yield where the code of all sources may stand, the best place first."""
    with suppress(RuntimeError):  # a user without a home
        yield cache_folder()
    yield Path(tempfile.gettempdir()) / f"ccplan-{_user()}"


def _user() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0


def private(path: Path) -> Path:
    """Return a folder that only its owner, this user, can write to; made when it is not there.

    Raises
    ------
    OSError
        When it cannot be made or written, is a link or of another user, or others could have
        written to it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=0o700, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode):  # a link is none
        raise OSError(f"{path} is not a folder")
    if hasattr(os, "getuid") and (found.st_uid != os.getuid() or found.st_mode & 0o022):
        raise OSError(f"{path} can be written by others")
    if not os.access(path, os.W_OK):
        raise OSError(f"{path} cannot be written")
    return path


def is_compiled() -> bool:
    """Return whether the engine has been compiled before."""
    return any(folder().rglob("loop.advance-*.nbi"))  # with and without a log


def _digest() -> str:
    digest = hashlib.sha256(version("numba").encode())
    home = Path(__file__).parent
    for pattern in COMPILED:
        for source in sorted(home.glob(pattern)):
            digest.update(source.read_bytes())
    return digest.hexdigest()[:16]
