"""The command that starts the app and its server on this machine: app."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence

from sim.extras import need
from sim.units import BadInputError

_NAME = re.compile(r"(\*\.)?[A-Za-z0-9]([A-Za-z0-9.-]{0,252})")


def launch(port: int, browser: bool, names: Sequence[str] = ()) -> int:
    """Start the app on this machine; this process becomes its server where the system can do that.

    A signal that ends this process then ends the server.

    Parameters
    ----------
    port : int
    browser : bool
        Whether a browser is opened.
    names : sequence of str
        Under which the app answers, besides those of this machine.

    Returns
    -------
    int
        Exit code of the server, where it is another process.

    Raises
    ------
    BadInputError
        When the installation holds no app, or a name is none.
    """
    from sim.fileio import MEGABYTE, UPLOADS
    from sim.resources import app_file

    need("app", "streamlit", "altair", "pandas", "pyarrow", "openpyxl", "xlsxwriter")
    try:
        file = app_file()
    except FileNotFoundError as error:
        raise BadInputError(str(error)) from error
    options = {
        "server.address": "localhost",
        "server.port": str(port),
        "server.headless": str(not browser).lower(),
        "browser.gatherUsageStats": "false",
        "server.maxUploadSize": str(UPLOADS.size // MEGABYTE),
    }
    flags = [f"--{name}={value}" for name, value in options.items()]
    flags += [f"--server.allowedHosts={name}" for name in allowed_names(names)]
    command = [sys.executable, "-m", "streamlit", "run", str(file), *flags]
    if os.name == "posix":
        sys.stdout.flush()
        sys.stderr.flush()
        os.execv(sys.executable, command)
    return subprocess.call(command)


def allowed_names(names: Sequence[str]) -> list[str]:
    """Return the names under which the app answers: those of this machine, and those given.

    Raises
    ------
    BadInputError
        When one is not a name of a machine.
    """
    wrong = [name for name in names if not _NAME.fullmatch(name)]
    if wrong:
        raise BadInputError(
            f"--allow-host: {wrong[0]!r} is not a host name; allowed: a name without port or "
            "path, such as planner.example.com or *.example.com"
        )
    return ["localhost", "127.0.0.1", "::1", *names]
