"""Countries and their parts whose public holidays are known, by name."""

from __future__ import annotations

from sim.extras import need

SMALL_WORDS = ("and", "of", "the", "part")


def holiday_countries() -> dict[str, str]:
    """Return the names of all countries with known holidays by their codes, in order of names.

    Raises
    ------
    MissingExtraError
        When the package ``holidays`` is not installed.
    """
    need("public holidays", "holidays")
    import holidays
    from holidays.registry import COUNTRIES

    codes = holidays.list_supported_countries(include_aliases=False)
    named = {codes_of[1]: _name(words) for words, codes_of in COUNTRIES.items()}
    known = {code: named.get(code, code) for code in codes}
    return dict(sorted(known.items(), key=lambda item: item[1]))


def parts_with_holidays(country: str) -> dict[str, str]:
    """Return the names of the parts of a country by their codes, in order of names.

    Parameters
    ----------
    country : str
        Code of a country with known holidays.
    """
    need("public holidays", "holidays")
    import holidays

    found = holidays.country_holidays(country)
    names: dict[str, str] = {}
    for name, code in getattr(found, "subdivisions_aliases", {}).items():
        names[code] = max(name, names.get(code, ""), key=len)
    parts = {code: names.get(code, code) for code in found.subdivisions}
    return dict(sorted(parts.items(), key=lambda item: item[1]))


def _name(words: str) -> str:
    """Return a name as it is written from one such as ``isle_of_man``."""
    parts = words.split("_")
    return " ".join(word if word in SMALL_WORDS else word.capitalize() for word in parts)
