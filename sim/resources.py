"""Where the shipped scenarios and the app are: in the repository, or in the installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def scenarios_dir() -> Path:
    """Folder of the scenario files that come with the project.

    Returns
    -------
    pathlib.Path
        An existing folder: that of the wheel, or ``scenarios/`` of the repository.

    Raises
    ------
    FileNotFoundError
        If the installation holds neither; the message names both places.
    """
    return _find("scenarios")


def shipped_scenarios() -> dict[str, Path]:
    """Return the files of the shipped scenarios by name, in the order of the alphabet.

    Returns
    -------
    dict of str to pathlib.Path
        Empty when the installation holds none.
    """
    try:
        folder = scenarios_dir()
    except FileNotFoundError:
        return {}
    return {file.stem: file for file in sorted(folder.glob("*.toml"))}


def shipped_studies() -> dict[str, Path]:
    """Return the files of the shipped studies by name, in the order of the alphabet.

    Returns
    -------
    dict of str to pathlib.Path
        Empty when the installation holds none.
    """
    try:
        folder = scenarios_dir() / "studies"
    except FileNotFoundError:
        return {}
    return {file.stem: file for file in sorted(folder.glob("*.toml"))}


def shipped_rosters() -> dict[str, Path]:
    """Return the files of the shipped rosters by name, in the order of the alphabet.

    Returns
    -------
    dict of str to pathlib.Path
        Empty when the installation holds none.
    """
    try:
        folder = scenarios_dir() / "rosters"
    except FileNotFoundError:
        return {}
    return {file.stem: file for file in sorted(folder.glob("*.toml"))}


def roster_file(name: str | Path) -> Path:
    """Return the file that a path, or the bare name of a shipped roster, means.

    Parameters
    ----------
    name : str or pathlib.Path
        A file of that path comes first.

    Returns
    -------
    pathlib.Path
        The argument, unless it names a shipped roster; whether it exists is not asked.
    """
    path = Path(name)
    if path.is_file() or path.name != str(name):
        return path
    return shipped_rosters().get(path.name, path)


def scenario_file(name: str | Path) -> Path:
    """Return the file that a path, or the bare name of a shipped scenario, means.

    Parameters
    ----------
    name : str or pathlib.Path
        ``"scenarios/erlang_a.toml"`` or ``"erlang_a"``. A file of that path comes first.

    Returns
    -------
    pathlib.Path
        The argument, unless it names a shipped scenario; whether it exists is not asked.
    """
    path = Path(name)
    if path.is_file() or path.name != str(name):
        return path
    return shipped_scenarios().get(path.name, path)


def app_file() -> Path:
    """File that Streamlit runs to show the planner.

    Returns
    -------
    pathlib.Path
        An existing file: that of the wheel, or ``planner_app.py`` of the repository.

    Raises
    ------
    FileNotFoundError
        If the installation holds neither; the message names both places.
    """
    return _find("planner_app.py")


def verification_file() -> Path:
    """File of the verification, as ``make verify`` wrote it.

    Returns
    -------
    pathlib.Path
        An existing file: that of the wheel, or ``docs/verification.md`` of the repository.

    Raises
    ------
    FileNotFoundError
        If the installation holds neither; the message names both places.
    """
    return _find("docs/verification.md")


def _find(name: str) -> Path:
    # The wheel first: beside an installed package, a folder of this name may be anybody's.
    places = (_PACKAGE / "_shipped" / name, _PACKAGE.parent / name)
    for place in places:
        if place.exists():
            return place
    raise FileNotFoundError(
        f"{name} is neither at {places[0]} nor at {places[1]}: reinstall ccplan"
    )
