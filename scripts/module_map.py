"""Draws which packages and modules of `sim` import which, into docs/module-map.svg.

Usage: python -m scripts.module_map. An arrow leads from a module to what it imports; arrows that
follow from others are left out. A test compares the picture with the imports.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "module-map.svg"
WIDTH, HEIGHT = 118, 30
ACROSS, DOWN = 138, 62
STEPS = 24
"""How often the order within the rows is improved."""

Graph = dict[str, set[str]]


def parts() -> list[str]:
    """Return the modules and packages directly in `sim`, without those that only begin it."""
    found = [path for path in (ROOT / "sim").iterdir() if path.suffix == ".py" or _is_package(path)]
    return sorted(path.stem for path in found if not path.stem.startswith("__"))


def imports() -> Graph:
    """Return what each part imports of the others, also inside functions."""
    known = parts()
    graph: Graph = {name: set() for name in known}
    for name in known:
        one = ROOT / "sim" / f"{name}.py"
        for file in [one] if one.exists() else (ROOT / "sim" / name).rglob("*.py"):
            graph[name] |= _imported(file) & set(known) - {name}
    return graph


def _is_package(path: Path) -> bool:
    return (path / "__init__.py").exists()


def _imported(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        found |= {name.split(".")[1] for name in names if name.startswith("sim.")}
    return found


def essential(graph: Graph) -> Graph:
    """Return the graph without the imports that others imply (its transitive reduction)."""
    below = {name: _reached(graph, graph[name]) for name in graph}
    return {
        name: {one for one in targets if not any(one in below[other] for other in targets - {one})}
        for name, targets in graph.items()
    }


def _reached(graph: Graph, names: Iterable[str]) -> set[str]:
    found = set()
    for name in names:
        found |= {name} | _reached(graph, graph[name])
    return found


def rows(graph: Graph) -> dict[str, int]:
    """Return the row of each part, counted from above: one below the lowest that imports it."""
    found: dict[str, int] = {}

    def row(name: str) -> int:
        if name not in found:
            above = [one for one, targets in graph.items() if name in targets]
            found[name] = 1 + max((row(one) for one in above), default=-1)
        return found[name]

    for name in graph:
        row(name)
    return found


def chains(graph: Graph, row: dict[str, int]) -> list[list[str]]:
    """Return each arrow as the places it passes, one in every row, by name."""
    return [
        [name, *(f"{name}>{one}@{r}" for r in range(row[name] + 1, row[one])), one]
        for name in sorted(graph)
        for one in sorted(graph[name])
    ]


def places(graph: Graph) -> tuple[dict[str, tuple[float, float]], list[list[str]]]:
    """Return the middle of each box and of each bend of an arrow, and the arrows.

    Places within a row are ordered by the mean of their neighbours, which keeps crossings few.
    """
    row = rows(graph)
    arrows = chains(graph, row)
    for arrow in arrows:
        row |= {name: row[arrow[0]] + k for k, name in enumerate(arrow)}
    near: dict[str, list[str]] = {name: [] for name in row}
    for arrow in arrows:
        for one, other in zip(arrow, arrow[1:], strict=False):
            near[one].append(other)
            near[other].append(one)
    levels = [
        [name for name in sorted(row) if row[name] == r] for r in range(max(row.values()) + 1)
    ]
    x = {name: float(k) for level in levels for k, name in enumerate(level)}
    for _ in range(STEPS):
        for level in (*levels, *levels[-2::-1]):
            wish = {name: sum(x[one] for one in near[name]) / len(near[name]) for name in level}
            level.sort(key=lambda name: (wish[name], name))
            start = sum(wish.values()) / len(level) - (len(level) - 1) / 2
            x |= {name: start + k for k, name in enumerate(level)}
    left = min(x.values())
    found = {n: ((x[n] - left) * ACROSS + 80, row[n] * DOWN + 34.0) for n in row}
    return found, arrows


def svg() -> str:
    """Return the picture."""
    graph = essential(imports())
    at, arrows = places(graph)
    width = max(x for x, _ in at.values()) + 80
    height = max(y for _, y in at.values()) + 34
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        'font-family="system-ui, sans-serif" font-size="13" role="img">',
        "<title>Which parts of sim import which</title>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="#7a8594"/></marker></defs>',
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#ffffff"/>',
        '<g fill="none" stroke="#7a8594" stroke-width="1.2" marker-end="url(#tip)">',
        *(_arrow([at[name] for name in arrow]) for arrow in arrows),
        "</g>",
        *(_box(name, *at[name]) for name in sorted(graph)),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _arrow(points: list[tuple[float, float]]) -> str:
    (x, y), *rest = points
    y += HEIGHT / 2
    path = f"M{x:.0f} {y:.0f}"
    for k, (to_x, to_y) in enumerate(rest):
        to_y -= HEIGHT / 2 if k == len(rest) - 1 else 0
        middle = (y + to_y) / 2
        path += f"C{x:.0f} {middle:.0f} {to_x:.0f} {middle:.0f} {to_x:.0f} {to_y:.0f}"
        x, y = to_x, to_y
    return f'<path d="{path}"/>'


def _box(name: str, x: float, y: float) -> str:
    colour = "#dcebf7" if _is_package(ROOT / "sim" / name) else "#f1f3f5"
    return (
        f'<rect x="{x - WIDTH / 2:.0f}" y="{y - HEIGHT / 2:.0f}" width="{WIDTH}" '
        f'height="{HEIGHT}" rx="6" fill="{colour}" stroke="#52606d"/>'
        f'<text x="{x:.0f}" y="{y + 4.5:.0f}" text-anchor="middle" fill="#1f2933">{name}</text>'
    )


def main() -> None:
    """Write the picture."""
    PICTURE.write_text(svg(), encoding="utf-8")
    print(f"wrote {PICTURE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
