#!/usr/bin/env bash
# Installs what is missing, builds with tests, runs every test, and ends in CTest's count.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'USAGE'
Usage: packaging/test.sh [--preset test|dev|asan|tsan] [--gpu] [--device cpu|cuda] [CTEST-OPTION...]
  --preset  what to build: test (the program as people use it; the default), dev (with assertions),
            asan, tsan (slow: with a sanitizer)
  --gpu     builds with the LibTorch that computes on NVIDIA's graphics cards instead of Debian's, and runs every
            test with it: on the processor, or with --device cuda on a card
  --device  what networks run on in the tests that can tell; the default is cpu
Anything else goes to CTest: packaging/test.sh -R network
As many tests run side by side as there are processors, on a graphics card two; -j N says otherwise.
USAGE
}

preset='test'
gpu=no
device=cpu
ctest_options=()
while [ "$#" -gt 0 ]; do
    case $1 in
    --preset=* | --device=*)
        set -- "${1%%=*}" "${1#*=}" "${@:2}"
        continue
        ;;
    --preset | --device)
        if [ "$#" -lt 2 ]; then
            usage >&2
            exit 2
        fi
        if [ "$1" = --preset ]; then
            preset=$2
        else
            device=$2
        fi
        shift
        ;;
    --gpu) gpu=yes ;;
    --help | -h)
        usage
        exit 0
        ;;
    *) ctest_options+=("$1") ;;
    esac
    shift
done
if [ "$gpu" = yes ]; then
    if [ "$preset" != 'test' ]; then
        usage >&2
        exit 2
    fi
    preset=gpu
fi
case $preset in
test | dev | gpu) build_megabytes=1500 ;;
asan | tsan) build_megabytes=4000 ;;
*)
    usage >&2
    exit 2
    ;;
esac
case $device in
cpu | cuda) ;;
*)
    usage >&2
    exit 2
    ;;
esac

# One line for each test function or row that was skipped inside a program that ran, with its reason; CTest itself
# only knows whole programs. Reads CTest's log of the run.
skipped() {
    awk '
        / Testing: / { program = $NF }
        /^SKIP   : / { sub(/^SKIP   : */, ""); print "  " program ": " $0 }
    ' "$1" | LC_ALL=C sort -u
}

# jobs_given OPTION...: whether CTest is told already how many tests may run side by side.
jobs_given() {
    local option
    for option in "$@"; do
        case $option in
        -j* | --parallel*) return 0 ;;
        esac
    done
    [ -n "${CTEST_PARALLEL_LEVEL:-}" ]
}

if [ "$device" = cuda ] && ! nvidia_driver_found; then
    die "there is no NVIDIA driver here, so no test can run on a graphics card." "Leave out --device cuda."
fi
build_options=(--preset "$preset")
if [ "$gpu" = yes ]; then
    build_options=(--gpu)
    set_up --tests --gpu
else
    set_up --tests --no-gpu
fi
if called_through_sudo; then
    status=0
    as_caller "$repository/packaging/test.sh" "${build_options[@]}" --device "$device" \
        ${ctest_options[@]+"${ctest_options[@]}"} || status=$?
    exit "$status"
fi
if [ "$weights" = missing ]; then
    say "Tests that need the weights will be skipped."
fi
build "$preset" "$build_megabytes"

folder=$repository/build/$preset
log=$folder/Testing/Temporary/LastTest.log
output=$folder/ctest.log
if ! jobs_given ${ctest_options[@]+"${ctest_options[@]}"}; then
    jobs=$(nproc)
    if [ "$device" = cuda ] && [ "$jobs" -gt 2 ]; then
        jobs=2 # they share the card's memory
    fi
    export CTEST_PARALLEL_LEVEL=$jobs
fi
say "Testing (log: $log)"
status=0
(cd -- "$repository" && GRAFT_TEST_DEVICES=$device ctest --preset "$preset" ${ctest_options[@]+"${ctest_options[@]}"}) 2>&1 |
    tee -- "$output" || status=$?

if [ -s "$log" ]; then
    list=$(skipped "$log")
    if [ -n "$list" ]; then
        say "" "Skipped, and why:" "$list" ""
    fi
fi
grep -E '^[0-9]+% tests passed' -- "$output" || true
exit "$status"
