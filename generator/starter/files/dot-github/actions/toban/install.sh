#!/usr/bin/env bash
# Installs the toban of requirements.txt, and nothing that this file and requirements.lock do not name by its content.
set -euo pipefail

venv="$RUNNER_TEMP/toban"
python -I -m venv "$venv"
pip=("$venv/bin/python" -I -m pip install --quiet --disable-pip-version-check)
"${pip[@]}" --require-hashes -r requirements.lock
"${pip[@]}" --no-index --no-deps --no-build-isolation -r requirements.txt
echo "$venv/bin" >> "$GITHUB_PATH"
