# shellcheck shell=bash
# Shared by the scripts of tools/, ./play and ./test: where things are kept and how progress is told.
# Sourced, never run. Nothing here writes to standard output, which belongs to the program that is run.

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck disable=SC2034 # for the scripts that source this
cache=${XDG_CACHE_HOME:-$HOME/.cache}/gil-playground

say() { printf '%s\n' "$*" >&2; }
fail() {
    say "error: $*"
    exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# with_lock FILE CMD...: runs CMD while no other of these scripts holds FILE.
with_lock() {
    local file=$1 descriptor status=0
    shift
    mkdir -p "${file%/*}"
    exec {descriptor}>"$file"
    if have flock; then flock "$descriptor"; fi
    "$@" || status=$?
    exec {descriptor}>&-
    return "$status"
}

# fetch_url URL FILE: an upstream file, with whichever of curl and wget there is.
fetch_url() {
    if have curl; then
        curl --fail --silent --show-error --location --retry 2 --output "$2" "$1"
    elif have wget; then
        wget --quiet --output-document="$2" "$1"
    else
        fail "neither curl nor wget is installed, so $1 cannot be fetched"
    fi
}

# build PRESET TARGET...: configures when needed and builds. All output goes to standard error.
build() {
    with_lock "$repo/build/.$1.lock" build_locked "$@"
}
build_locked() {
    local preset=$1 folder=$repo/build/$1
    shift
    if [ ! -f "$folder/build.ninja" ] || [ "$repo/CMakePresets.json" -nt "$folder/build.ninja" ]; then
        say "Configuring the preset $preset ..."
        (cd "$repo" && cmake --preset "$preset" >&2) || return 1
    fi
    # Silent when there is nothing to do.
    (cd "$repo" && cmake --build --preset "$preset" --target "$@") |
        sed -u -e '/no work to do/d' -e '/Re-checking globbed/d' >&2
}

# npm_packages: node_modules as package-lock.json has them.
npm_packages() {
    [ "$repo/node_modules/.package-lock.json" -nt "$repo/package-lock.json" ] && return 0
    say "Fetching the two npm packages (a few seconds) ..."
    (cd "$repo" && npm ci --no-audit --no-fund --loglevel=error >&2) || return 1
    touch "$repo/node_modules/.package-lock.json"
}
