#!/usr/bin/env bash
# Renews requirements-lock.txt: every library of `make test`, pinned, with the hashes of its files,
# for every Python from 3.11 on and every system. Run it when pyproject.toml changes, and from time
# to time for newer releases; read what changed before it is committed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
python3 -m venv "$tools"
"$tools/bin/python" -m pip install -q uv
"$tools/bin/python" - > "$tools/build.in" <<'PYTHON'
import tomllib
with open("pyproject.toml", "rb") as file:
    print(*tomllib.load(file)["build-system"]["requires"], "editables", sep="\n")
PYTHON
"$tools/bin/uv" pip compile pyproject.toml "$tools/build.in" --extra test --upgrade --quiet \
    --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url \
    --custom-compile-command scripts/lock.sh --output-file requirements-lock.txt
