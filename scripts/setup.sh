#!/bin/sh
# Puts the packages of requirements/<base|dev>.txt into .venv. Does nothing when they are there already.
# Needs Python 3.11, 3.12 or 3.13; uses uv when that is installed, else venv and pip.
set -eu

cd "$(dirname "$0")/.."
kind=${1:-base}
requirements="requirements/$kind.txt"
python=.venv/bin/python

stop() {
    printf '\n%s\n\n' "$*" >&2
    exit 1
}

right_version() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null
}

find_python() {
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if right_version "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    found=$( (${PYTHON:-python3} --version) 2>&1 || true)
    stop "Thuiszitters heeft Python 3.11, 3.12 of 3.13 nodig; hier is gevonden: ${found:-geen Python}.
  Debian 12 of Ubuntu 24.04 en nieuwer:  sudo apt-get install python3 python3-venv
  macOS:                                 brew install python@3.13
Staat Python ergens anders? Geef dan het pad:  make run PYTHON=/pad/naar/python3.12"
}

make_venv() {
    chosen=$(find_python)
    echo "Een eigen omgeving maken in .venv ($("$chosen" --version))…"
    if command -v uv >/dev/null; then
        uv venv --quiet --clear --python "$chosen" .venv
    elif "$chosen" -c 'import ensurepip, venv' 2>/dev/null; then
        "$chosen" -m venv --clear .venv
    else
        stop "Bij $chosen hoort geen venv, en die is nodig.
  Debian of Ubuntu:  sudo apt-get install python3-venv
Daarna kan dezelfde opdracht nog een keer."
    fi
}

if ! right_version "$python"; then
    make_venv
fi

# What is installed stands in a stamp: the hash of the lists it was installed from, so that a second run costs nothing.
hash_of() {
    "$python" -c 'if True:
        import hashlib, pathlib, sys
        print(hashlib.sha256(b"".join(pathlib.Path(name).read_bytes() for name in sys.argv[1:])).hexdigest())
    ' "$@"
}
wanted=$(hash_of requirements/base.txt "$requirements")
if [ -f ".venv/installed-$kind" ] && [ "$(cat ".venv/installed-$kind")" = "$wanted" ]; then
    exit 0
fi

echo "De pakketten van $requirements installeren (de eerste keer ongeveer een minuut)…"
rm -f .venv/installed-*
if command -v uv >/dev/null; then
    uv pip install --quiet --python "$python" --require-hashes -r "$requirements"
else
    "$python" -m pip --version >/dev/null 2>&1 || "$python" -m ensurepip >/dev/null
    "$python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$requirements"
fi
echo "$wanted" >".venv/installed-$kind"
if [ "$kind" = dev ]; then # holds all of base, in the same versions
    hash_of requirements/base.txt requirements/base.txt >.venv/installed-base
fi
