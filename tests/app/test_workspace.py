"""What pages share: kept results, a store of results, names as text."""

import pytest

from sim.app.running import MOST_STORED, Store
from sim.app.workspace import MOST_KEPT, Kept, Workspace, as_text


def one(name):
    return Kept(name, "", None, (), None)


def test_kept_results_have_different_names():
    space = Workspace()
    space.keep(one("a"))
    with pytest.raises(ValueError, match="name: 'a' is taken"):
        space.keep(one("a"))
    with pytest.raises(ValueError, match="name: is empty"):
        space.keep(one("  "))
    assert space.free_name("a") == "a (2)"
    space.remove("a")
    space.remove("a")
    assert space.free_name("a") == "a"


def test_kept_results_are_bounded():
    space = Workspace()
    for k in range(MOST_KEPT):
        space.keep(one(str(k)))
    with pytest.raises(ValueError, match=f"{MOST_KEPT} are kept"):
        space.keep(one("another"))


def test_the_store_forgets_what_was_not_asked_for_the_longest():
    store = Store()
    for k in range(MOST_STORED):
        store.put(("s", k, 1), k)
    assert store.get(("s", 0, 1)) == 0
    store.put(("s", MOST_STORED, 1), MOST_STORED)
    assert store.get(("s", 0, 1)) == 0
    assert store.get(("s", 1, 1)) is None
    assert len(store.results) == MOST_STORED


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Retail bank", "Retail bank"),
        ("**bold**", r"\*\*bold\*\*"),
        ("[a](http://b)", r"\[a\]\(http\://b\)"),
        ("<b>$x$</b>", r"\<b\>\$x\$\</b\>"),
        (":material/home:", r"\:material/home\:"),
        ("two\nlines", "two lines"),
    ],
)
def test_names_are_shown_letter_by_letter(name, shown):
    assert as_text(name) == shown
