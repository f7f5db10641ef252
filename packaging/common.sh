# shellcheck shell=bash
# What the scripts beside this file share. Sourced, never run.

repository=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
quiet=no
# What one checkout compiled, ccache finds again for another one.
export CCACHE_BASEDIR=$repository CCACHE_NOHASHDIR=1
failure=1 # the status with which die ends a script

say() {
    if [ "$quiet" = no ]; then
        printf '%s\n' "$@"
    fi
}

# die SENTENCE...: what happened, then what to do, one sentence a line.
die() {
    printf 'graft: %s\n' "$1" >&2
    shift
    for line in "$@"; do
        printf '       %s\n' "$line" >&2
    done
    exit "$failure"
}

# free_megabytes DIRECTORY: what can still be written there; the directory need not exist yet.
free_megabytes() {
    local place=$1
    while [ ! -d "$place" ]; do
        place=$(dirname -- "$place")
    done
    df -Pm -- "$place" | awk 'NR == 2 { print $4 }'
}

# need_space DIRECTORY MEGABYTES WHAT: ends the script where less is free.
need_space() {
    local free
    free=$(free_megabytes "$1")
    if [ "$free" -lt "$2" ]; then
        die "the disk is short: $3 needs $2 MB in $1, and $free MB are free there." \
            "Free at least $(($2 - free)) MB there and run this again."
    fi
}

called_through_sudo() {
    [ "$(id -u)" -eq 0 ] && [ -n "${SUDO_USER:-}" ] && [ "$SUDO_USER" != root ]
}

# as_caller COMMAND...: runs it as the person who called sudo, so that nothing in their home or in the sources ends up
# owned by root.
as_caller() {
    local home
    home=$(getent passwd "$SUDO_USER" | cut -d: -f6)
    runuser -u "$SUDO_USER" -- env -u SUDO_USER HOME="$home" "$@"
}

# set_up OPTION...: packaging/setup.sh. Leaves `weights` ready or missing; any other trouble ends the script.
# shellcheck disable=SC2120 # run.sh passes nothing
set_up() {
    local status=0
    "$repository/packaging/setup.sh" "$@" || status=$?
    case $status in
    0) weights=ready ;;
    3) weights=missing ;;
    *) exit "$status" ;;
    esac
    export weights
}

# counted LOG PATTERN TOTAL WORD COMMAND...: runs the command into LOG; a terminal sees a count of the lines that match
# PATTERN, a file a line for each quarter. Returns the command's status.
counted() {
    local log=$1 pattern=$2 total=$3 word=$4 count=0 line status=0
    shift 4
    if [ "$quiet" = yes ]; then
        "$@" >>"$log" 2>&1 || status=$?
        return "$status"
    fi
    {
        "$@" 2>&1 || echo "$?" >"$log.status"
    } | while IFS= read -r line; do
        printf '%s\n' "$line" >>"$log"
        if [[ $line =~ $pattern ]]; then
            count=$((count + 1))
            if [ -t 1 ]; then
                printf '\r  %s %d of %d ' "$word" "$count" "$total"
            elif [ "$total" -ge 4 ] && [ $((count % (total / 4))) -eq 0 ]; then
                printf '  %s %d of %d\n' "$word" "$count" "$total"
            fi
        fi
    done
    if [ -t 1 ]; then
        printf '\r\033[K'
    fi
    if [ -e "$log.status" ]; then
        status=$(cat -- "$log.status")
        rm -f -- "$log.status"
    fi
    return "$status"
}

# build PRESET MEGABYTES: configures and builds build/PRESET, which takes about so much room.
build() {
    local preset=$1 megabytes=$2 folder="$repository/build/$1" log="$repository/build/$1.log" steps
    mkdir -p -- "$folder"
    : >"$log"
    if ! (cd -- "$repository" && cmake --preset "$preset") >>"$log" 2>&1; then
        tail -n 30 -- "$log" >&2
        die "CMake could not configure the build; its last lines are above, all of them in $log."
    fi
    steps=$(ninja -C "$folder" -n 2>/dev/null | grep -c '^\[' || true)
    if [ "$steps" -eq 0 ]; then
        say "Built already: $folder"
        return
    fi
    need_space "$folder" "$megabytes" "the build"
    say "Building ($steps steps, log: $log)"
    if ! counted "$log" '^\[[0-9]+/[0-9]+\]' "$steps" "step" ninja -C "$folder"; then
        grep -A 12 -m 3 -E '^FAILED|error:' -- "$log" >&2 || tail -n 40 -- "$log" >&2
        die "the build failed; the first errors are above, everything is in $log."
    fi
}
