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

# --- LibTorch for graphics cards (packaging/gpu.sh) ---

libtorch=$repository/.deps/libtorch

# wheels USE: the lines of packaging/gpu-wheels.txt; "run" leaves NVIDIA's libraries out.
wheels() {
    awk -v use="$1" '!/^#/ && (use == "card" || $5 == use)' "$repository/packaging/gpu-wheels.txt"
}

# missing_wheels USE: those of them that are not unpacked yet.
missing_wheels() {
    local line name version sha256 rest
    while IFS= read -r line; do
        read -r name version sha256 rest <<<"$line"
        if [ "$(cat -- "$libtorch/.unpacked/$name-$version" 2>/dev/null)" != "$sha256" ]; then
            printf '%s\n' "$line"
        fi
    done < <(wheels "$1")
}

# Whether programs here can reach a card of NVIDIA's: its driver's library, and the device it speaks to (WSL has its own).
nvidia_driver_found() {
    local ldconfig
    ldconfig=$(PATH=$PATH:/sbin:/usr/sbin command -v ldconfig) || return 1
    { [ -e /dev/nvidiactl ] || [ -e /dev/dxg ]; } && grep -q 'libcuda\.so\.1 ' < <("$ldconfig" -p)
}

# torch_for MODE: "wheel" or "debian", the LibTorch that a build uses; the modes are those of packaging/setup.sh. Where
# nobody asked, the wheel is used with a driver, once it is there.
torch_for() {
    local missing
    missing=$(missing_wheels run)
    case $1 in
    yes | all) echo wheel ;;
    auto)
        if [ -z "$missing" ] && nvidia_driver_found; then
            echo wheel
        else
            echo debian
        fi
        ;;
    *) echo debian ;;
    esac
}

# --- fetching ---

# hash_is FILE SHA256
hash_is() {
    [ -f "$1" ] && [ "$(sha256sum <"$1" | cut -d' ' -f1)" = "$2" ]
}

# The pip of the first Python that has one: not every python3 on a PATH does.
find_pip() {
    local python
    for python in python3 /usr/bin/python3; do
        if "$python" -m pip --version >/dev/null 2>&1; then
            printf '%s' "$python"
            return
        fi
    done
    return 1
}

# --- set-up and build ---

# set_up OPTION...: packaging/setup.sh. Leaves `weights` ready or missing; any other trouble ends the script.
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
