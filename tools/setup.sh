# Sourced by ./baseboard and ./check, which set `root`: makes .venv ready for a purpose, once.
#
# prepare PURPOSE LOCK    PURPOSE as in tools/debian-packages.txt
#
# A stamp in .venv holds the tree's path and the hash of what was installed. While the stamp is newer
# than those files nothing is started, not even a hash: a call costs two file tests.

say() { printf 'setup: %s\n' "$*" >&2; }

die() {
    say "$*"
    exit 1
}

prepare() {
    stamp=$root/.venv/.ready-$1
    where=
    if [ -f "$stamp" ] && [ "$stamp" -nt "$root/$2" ] && [ "$stamp" -nt "$root/pyproject.toml" ] &&
        [ "$stamp" -nt "$root/tools/debian-packages.txt" ] && read -r where <"$stamp" &&
        [ "$where" = "$root" ]; then
        return
    fi
    # Two first calls at once: the second waits for the first. The tree's folder itself is the lock.
    exec 9<"$root"
    if command -v flock >/dev/null; then flock 9; fi
    wanted=$(printf '%s\n' "$root" && cd "$root" && cat "$2" pyproject.toml tools/debian-packages.txt | sha256sum)
    if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && "$root/.venv/bin/python" -c '' 2>/dev/null; then
        touch "$stamp"
    else
        install_packages "$1"
        install_venv "$2"
        printf '%s\n' "$wanted" >"$stamp"
    fi
    exec 9<&-
}

# A Python that is new enough; Debian's, or whichever python3 comes first.
find_python() {
    for python in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            return
        fi
    done
    die "Python 3.11 or later is needed, and none was found"
}

# Debian packages for a purpose (and for `run`, which every purpose includes).
install_packages() {
    command -v dpkg-query >/dev/null || {
        say "no Debian here: see tools/debian-packages.txt for the programs that are used"
        return
    }
    missing=
    while read -r purpose package; do
        case $purpose in run | "$1") ;; *) continue ;; esac
        case $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) in installed) continue ;; esac
        # A Python from elsewhere brings its own venv.
        if [ "$package" = python3-venv ] && python3 -c 'import ensurepip, venv' 2>/dev/null; then continue; fi
        missing="$missing $package"
    done <"$root/tools/debian-packages.txt"
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" -ne 0 ]; then
        say "Debian packages are missing; as root: apt-get install$missing"
        case $missing in *python3-venv*) exit 1 ;; esac
        return 0
    fi
    say "installing$missing"
    without_services apt_install $missing
}

apt_install() {
    log=$(mktemp)
    if ! {
        # A source that cannot be read need not be the one that has them.
        apt-get -q -o Acquire::Retries=3 update || true
        DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 \
            install --no-install-recommends "$@"
    } >"$log" 2>&1 </dev/null; then
        cat "$log" >&2
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
}

# Debian starts the services of what it installs unless policy-rc.d says no; a policy that is there stays.
without_services() {
    policy=${POLICY_RC_D:-/usr/sbin/policy-rc.d}
    if [ -e "$policy" ]; then
        "$@" || die "apt-get failed"
        return
    fi
    trap 'rm -f "$policy"' EXIT
    trap 'exit 130' INT TERM HUP
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    "$@" || die "apt-get failed"
    rm -f "$policy"
    trap - EXIT INT TERM HUP
}

install_venv() {
    venv=$root/.venv
    find_python
    # A tree that was moved or copied has a .venv whose programs name the old place.
    if ! "$venv/bin/python" -c 'import pip' 2>/dev/null || [ "${where:-$root}" != "$root" ]; then
        say "making .venv"
        "$python" -m venv --clear "$venv" || die "python3 -m venv failed"
    fi
    if ! "$venv/bin/python" -m uv --version >/dev/null 2>&1; then
        # uv as the lock names it: its lines, up to the first that does not go on.
        sed -n '/^uv==/,/[^\\]$/p' "$root/$1" >"$venv/uv.lock"
        "$venv/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r "$venv/uv.lock" ||
            die "pip could not install uv"
    fi
    say "installing what $1 lists"
    uv_install --require-hashes -r "$root/$1"
    uv_install --no-deps --no-build-isolation -e "$root"
}

uv_install() {
    (cd "$root" && "$venv/bin/python" -m uv pip install -q --python "$venv/bin/python" "$@") ||
        die "uv pip install failed"
}
