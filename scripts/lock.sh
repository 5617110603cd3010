#!/bin/sh
# Makes requirements/*.txt anew from pyproject.toml: newest versions allowed there, each file with its hashes.
# No index address is written, so that the lists hold wherever packages come from.
set -eu

cd "$(dirname "$0")/.."
temporary=
if ! command -v uv >/dev/null; then
    temporary=$(mktemp -d)
    trap 'rm -rf "$temporary"' EXIT
    .venv/bin/python -m venv "$temporary"
    "$temporary/bin/python" -m pip install --quiet uv
    PATH="$temporary/bin:$PATH"
fi

compile() {
    uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-header "$@" pyproject.toml
}
compile --output-file requirements/base.txt
compile --output-file requirements/dev.txt --constraint requirements/base.txt --group dev --group e2e --group ops
echo "Klaar: requirements/base.txt en requirements/dev.txt"
