#!/bin/sh
# Finds a Python that is recent enough for the bootstrap, and installs Debian's where there is none.
# Debian's own comes first: the account that the servers run as can start it, which is not so for
# one in somebody's home.
set -eu

find_python() {
    for candidate in /usr/bin/python3 python3 python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

if ! python=$(find_python); then
    become=
    [ "$(id -u)" = 0 ] || become=sudo
    if ! command -v apt-get >/dev/null || ! { [ -z "$become" ] || command -v sudo >/dev/null; }; then
        echo "Tessera: Python 3.11 or newer is missing. On Debian: apt-get install python3 python3-venv"
        exit 1
    fi
    echo "Installing from Debian: python3 …"
    $become apt-get update -q >/dev/null 2>&1 || true
    said=$($become env DEBIAN_FRONTEND=noninteractive apt-get install -y -q \
        --no-install-recommends python3 python3-venv 2>&1) || {
        echo "Tessera: installing python3 failed: $(echo "$said" | tail -n 1)"
        exit 1
    }
    python=$(find_python) || { echo "Tessera: Debian's Python is older than 3.11."; exit 1; }
fi
exec "$python" "$@"
