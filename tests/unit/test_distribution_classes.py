"""Every distribution is one class, and that class is all that is needed to use it everywhere."""

import math
from pathlib import Path

import numpy as np
import pytest

from sim.distributions import DISTRIBUTIONS, TimeDistribution, scalar_quantile
from sim.model import build
from sim.scenario import Distribution, Scenario, schema
from sim.tape import draw_tape
from verification.engine_differences import first_difference

ROOT = Path(__file__).resolve().parents[2]
TIMES = [1.0, 12.0, 30.0, 75.0, 240.0, 900.0]
each = pytest.mark.parametrize("kind", DISTRIBUTIONS.values(), ids=list(DISTRIBUTIONS))
each_finite = pytest.mark.parametrize(
    "kind", [one for one in DISTRIBUTIONS.values() if one.name not in ("unlimited", "points")]
)  # fmt: skip


def first(kind: type[TimeDistribution], zero: str = "") -> TimeDistribution:
    """Return the distribution of a class's first example."""
    return Distribution.model_validate(kind.examples[0] + zero).to_model()


@each
def test_its_examples_are_read_and_shown_as_the_same(kind: type[TimeDistribution]) -> None:
    for text in kind.examples:
        found = Distribution.model_validate(text)
        assert found.law == kind.name
        assert Distribution.model_validate(str(found)) == found
        assert Distribution.model_validate(found.model_dump(by_alias=True)) == found


@each
def test_schema_and_pages_know_it(kind: type[TimeDistribution]) -> None:
    table = next(
        form for form in schema()["$defs"]["Distribution"]["anyOf"] if "properties" in form
    )
    assert kind.name in table["properties"]["law"]["enum"]
    for parameter in kind.parameters():
        assert parameter.help in table["properties"][parameter.key]["description"]
    page = (ROOT / "docs" / "scenario.md").read_text(encoding="utf-8")
    assert f'`"{kind.examples[0]}"`' in page
    assert kind.help in page


@pytest.fixture(scope="module")
def compiled():
    """Return the quantile that the kernel compiles, in a form that Python can call."""
    import numba

    import sim.engine.kernel.rules  # makes its helpers known to the compiler

    assert sim.engine.kernel.rules.quantile is not None
    return numba.njit(error_model="numpy")(scalar_quantile.quantile)


@each
@pytest.mark.parametrize("zero", ["", " zero 10%"])
def test_the_kernel_draws_the_same_to_the_bit(kind, zero, compiled) -> None:
    distribution = first(kind, "" if kind.name == "unlimited" else zero)
    knots, values = distribution.curve()
    for u in np.linspace(0.0003, 0.9997, 501):
        drawn = compiled(
            distribution.code, *distribution.numbers, distribution.zero, knots, values, float(u)
        )
        assert drawn == distribution.quantile(float(u))


@each_finite
@pytest.mark.parametrize("zero", ["", " zero 10%"])
def test_mean_and_cv_are_integrals_of_survival(kind, zero) -> None:
    distribution = first(kind, zero)
    t = np.linspace(0, 60 * distribution.mean, 2_000_001)
    left = distribution.survival(t)
    mean = np.trapezoid(left, t)
    assert mean == pytest.approx(distribution.mean, rel=1e-3)
    second = np.trapezoid(2 * t * left, t)
    assert math.sqrt(max(second / mean**2 - 1, 0)) == pytest.approx(distribution.cv, abs=0.01)


@each
def test_formulas_take_it_as_a_patience(kind: type[TimeDistribution]) -> None:
    distribution = first(kind, "" if kind.name == "unlimited" else " zero 10%")
    patience = distribution.patience(balk=0.2)
    assert patience.survival(np.array(TIMES)) == pytest.approx(
        0.8 * distribution.survival(np.array(TIMES)), abs=1e-9
    )
    assert patience.mean_s == pytest.approx(0.8 * distribution.mean)


def test_only_erlang_shares_its_way_into_the_kernel() -> None:
    codes = [one.code for one in DISTRIBUTIONS.values() if one.name != "erlang"]
    assert len(set(codes)) == len(codes)


def example() -> str:
    """Return the code of the page for contributors that adds a distribution."""
    page = (ROOT / "docs" / "contribute.md").read_text(encoding="utf-8")
    section = page.partition("### A new distribution")[2]
    return section.partition("```python\n")[2].partition("```")[0]


def test_the_example_for_contributors_is_one_class_that_works_everywhere() -> None:
    code = example()
    assert "class Rayleigh" in code
    try:
        exec(compile(code, "contribute.md", "exec"), {"__name__": "example"})
        found = Distribution.model_validate("rayleigh 4min zero 10%")
        assert str(found) == "rayleigh 4min zero 10%"
        assert "rayleigh" in str(schema()["$defs"]["Distribution"])
        assert found.mean == pytest.approx(216)
        assert found.to_model().patience().mean_s == pytest.approx(216, rel=1e-6)
        text = (
            f'[center]\nopen = "08:00-09:00"\n[queue.a]\nvolume = 60\ntalk = "{found}"\n'
            f'patience = "{found}"\nresolved = "50%"\nrepeat = {{ share = 1, after = "{found}" }}\n'
            "[group.g]\nagents = 12\nskills = { a = 1 }\n"
        )
        model = build(Scenario.parse(text))
        assert first_difference(model, seed=1, replication=1) is None
        drawn = draw_tape(model, 1, 1).talk
        assert drawn.mean() == pytest.approx(216, rel=0.25)
    finally:
        DISTRIBUTIONS.pop("rayleigh", None)
