#!/bin/sh
# Make .venv with the pinned packages, or leave it if it is there and right.
# Everything else is written in Python and runs from there.
set -eu

fits() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for name in "${FPMS_PYTHON:-python3}" python3.13 python3.12 python3.11 python3.14 python; do
        if fits "$name"; then
            command -v "$name"
            return
        fi
    done
    echo "FPMS needs Python 3.11 or newer; set FPMS_PYTHON to its path." >&2
    exit 1
}

make_environment() {
    rm -rf .venv
    "$1" -m venv .venv && return
    # Debian keeps the module that brings pip in a package of its own.
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq
        apt-get install -y -qq python3-venv
        "$1" -m venv --clear .venv
    else
        echo "Install the venv module first (Debian, Ubuntu: apt install python3-venv)." >&2
        exit 1
    fi
}

if fits .venv/bin/python; then
    cmp -s requirements.txt .venv/.installed && exit 0
else
    python=$(find_python)
    echo "Making .venv with $python …"
    make_environment "$python"
fi

echo "Installing the pinned Python packages …"
.venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes \
    --requirement requirements.txt
cp requirements.txt .venv/.installed
