#!/usr/bin/env bash
# Installs toban from the checkout that this action belongs to, with nothing that its lock file does not name.
set -euo pipefail

action=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$action/../../.." && pwd)
venv="$RUNNER_TEMP/toban"

python -I -m venv "$venv"
pip=("$venv/bin/python" -I -m pip install --quiet --disable-pip-version-check)
"${pip[@]}" --require-hashes -r "${REQUIREMENTS:-$action/requirements.lock}"
"${pip[@]}" --no-deps --no-build-isolation "$root"

told=$("$venv/bin/toban" --version)
version=${told##* }
if [ -n "${VERSION:-}" ] && [ "$VERSION" != "$version" ]; then
  echo "::error::toban $version was installed, and $VERSION was asked for"
  exit 1
fi
echo "version=$version" >> "$GITHUB_OUTPUT"
echo "$venv/bin" >> "$GITHUB_PATH"
