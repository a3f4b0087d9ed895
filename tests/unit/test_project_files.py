"""Files about the project agree, and the one for hosted checks calls `make test`."""

import configparser
import re
import subprocess
import tomllib
from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CITATION = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
WORKFLOW = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
YAML = [ROOT / "CITATION.cff", *sorted((ROOT / ".github").rglob("*.yml"))]
LINE = re.compile(r"(?P<indent>(?:  )*)(?:- )?(?:[\w-]+:(?: \S.*)?|\S.*)")


def versions() -> list[tuple[tuple[int, ...], date]]:
    """Versions of the changelog and their dates, in its order; what is not released left out."""
    heads = re.findall(r"^## (.+)$", CHANGELOG, re.MULTILINE)
    heads = heads[heads[0] == "Unreleased" :]
    found = [re.fullmatch(r"(\d+)\.(\d+)\.(\d+) \((\d{4}-\d\d-\d\d)\)", head) for head in heads]
    assert None not in found, heads
    return [(tuple(map(int, one.groups()[:3])), date.fromisoformat(one[4])) for one in found]


def field(name: str) -> str:
    """A field of the citation that stands on one line."""
    return re.search(rf'^{name}: "?([^"\n]+)"?$', CITATION, re.MULTILINE)[1]


def test_the_changelog_has_dated_versions_the_newest_first() -> None:
    found = versions()
    assert found == sorted(found, reverse=True)
    assert ".".join(map(str, found[0][0])) == PROJECT["version"]


def test_the_citation_is_of_this_version() -> None:
    for required in ("cff-version", "message", "title"):  # and authors, by its format 1.2.0
        assert field(required)
    assert field("cff-version") == "1.2.0"
    assert field("version") == PROJECT["version"]
    assert date.fromisoformat(field("date-released")) == versions()[0][1]
    assert field("license") == PROJECT["license"]
    assert field("abstract") == PROJECT["description"]


def test_the_authors_are_the_same_everywhere() -> None:
    (author,) = [one["name"] for one in PROJECT["authors"]]
    assert re.findall(r'^  - name: "(.+)"$', CITATION, re.MULTILINE) == [author]
    assert f"Copyright (c) {versions()[0][1].year} {author}" in (ROOT / "LICENSE").read_text()


@pytest.mark.parametrize("file", YAML, ids=lambda file: file.name)
def test_yaml_is_well_formed(file: Path) -> None:
    """Of its syntax these files use keys, lists and texts on one line only."""
    depth = 0
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if not line or line.lstrip().startswith("#"):
            continue
        found = LINE.fullmatch(line)
        assert found, f"line {number}"
        indent = len(found["indent"]) // 2
        assert indent <= depth + 1, f"line {number} is too deep"
        depth = indent + line.lstrip().startswith("- ")


def test_the_workflow_runs_make_test_and_needs_no_secret() -> None:
    assert re.findall(r"^ +- run: (.+)$", WORKFLOW, re.MULTILINE) == ["make test WORKERS=4"]
    assert "secrets" not in WORKFLOW
    oldest = re.search(r"\d+\.\d+", PROJECT["requires-python"])[0]
    assert f'python: ["{oldest}"' in WORKFLOW


def test_issue_templates_say_what_they_are_for() -> None:
    templates = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.md"))
    assert len(templates) == 2
    for file in templates:
        head = file.read_text(encoding="utf-8").split("---\n")[1]
        assert re.findall(r"^(\w+): \S", head, re.MULTILINE) == ["name", "about", "labels"]
    assert "make test" in (ROOT / ".github" / "PULL_REQUEST_TEMPLATE.md").read_text()


def test_text_files_follow_the_editor_settings() -> None:
    settings = configparser.ConfigParser()
    settings.read_string("[top]\n" + (ROOT / ".editorconfig").read_text(encoding="utf-8"))
    assert settings["top"]["root"] == "true"
    assert settings["*"]["max_line_length"] == "100"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "*.py", "*.toml", "*.md", "*.yml", "*.cff", "*.svg", "*.js"],
        cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    files = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    for file in filter(Path.exists, files or YAML):  # no repository: a source archive
        content = file.read_bytes().decode(settings["*"]["charset"])
        assert content.endswith("\n") or not content, file
        assert "\r" not in content, file
