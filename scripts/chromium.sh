#!/usr/bin/env bash
# Sees to a Chromium for the browser tests: finds one, or installs Debian's package if it may.
# Usage: chromium.sh REASON_FILE
# Always succeeds. Without a browser, the reason is printed and kept in REASON_FILE, and the
# browser tests skip with it.
set -u
reason_file=${1:?usage: chromium.sh REASON_FILE}

found() {
    [ -x "${CCPLAN_CHROMIUM:-}" ] || command -v chromium || command -v chromium-browser ||
        command -v google-chrome
}

install() {
    local as_root=()
    if ! command -v apt-get; then
        reason="no Chromium found, and apt-get is not there to install it"
        return 1
    fi
    if [ "$(id -u)" -ne 0 ]; then
        if ! sudo -n true; then
            reason="no Chromium found; installing it needs root: apt-get install chromium"
            return 1
        fi
        as_root=(sudo -n)
    fi
    echo "installing Chromium for the browser tests" >&3
    "${as_root[@]}" apt-get update -qq
    if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; then
        reason="no Chromium found, and 'apt-get install chromium' failed"
        return 1
    fi
}

exec 3>&2
rm -f "$reason_file"
reason=
if ! { found || install; } >/dev/null 2>&1; then
    echo "browser tests will be skipped: $reason" >&2
    echo "$reason" >"$reason_file"
fi
exit 0
