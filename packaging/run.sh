#!/usr/bin/env bash
# From nothing to the open window: installs what is missing, builds, starts Graft. Without a display it teaches
# graft-cli the sample pictures instead and prints what came out. --gpu, --gpu=all or --no-gpu, where it comes first,
# goes to packaging/setup.sh; all other arguments go to the program.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

build_megabytes=400
gpu=auto
options=()
case ${1:-} in
--gpu | --gpu=all | --no-gpu)
    options=("$1")
    gpu=yes
    if [ "$1" = --no-gpu ]; then
        gpu=no
    fi
    ;;
esac

# The middle picture of the first three classes.
three_pictures() {
    find "$1" -mindepth 1 -maxdepth 1 -type d | LC_ALL=C sort | head -n 3 | while IFS= read -r class; do
        find "$class" -name '*.png' | LC_ALL=C sort | awk '{ line[NR] = $0 } END { print line[int((NR + 1) / 2)] }'
    done
}

run_sample() {
    local samples=${XDG_CACHE_HOME:-$HOME/.cache}/graft/samples folder project pictures
    folder="$samples/Animals and plants"
    project=$folder.graft
    say "" "No display here, so graft-cli learns the sample pictures. This computer:"
    "$binaries/graft-cli" doctor || true # it also lays out the sample, as the window does
    if [ ! -d "$folder" ]; then
        die "there are no sample pictures in $folder." "They come with the package tuxpaint-stamps-default."
    fi
    rm -rf -- "$project"
    mapfile -t pictures < <(three_pictures "$folder")
    say ""
    "$binaries/graft-cli" import "$folder" --project "$project"
    say ""
    "$binaries/graft-cli" train "$project"
    say "" "Three of the pictures, as the new model sees them:"
    "$binaries/graft-cli" classify "$project" "${pictures[@]}"
    say "" "The project is \"$project\"; go on with: $binaries/graft-cli --help" \
        "To see the window, run packaging/run.sh where there is a screen, or through ssh -X."
}

set_up ${options[@]+"${options[@]}"}
if called_through_sudo; then
    status=0
    as_caller "$repository/packaging/run.sh" "$@" || status=$?
    exit "$status"
fi
shift "${#options[@]}"
preset=release
if [ "$(torch_for "$gpu")" = wheel ]; then
    preset=release-gpu
fi
build "$preset" "$build_megabytes"
binaries=$repository/build/$preset

if [ -n "${DISPLAY:-}" ] || [ -n "${WAYLAND_DISPLAY:-}" ]; then
    say "Opening Graft."
    exec "$binaries/graft" "$@"
fi
if [ "$#" -ne 0 ]; then
    die "there is no display to open the window on, so '$*' was not passed to it." \
        "Without a display, use $binaries/graft-cli; or run this without arguments to see it learn the sample pictures."
fi
if [ "$weights" = missing ]; then
    die "Graft is built, but cannot learn the sample without its weights: see above."
fi
run_sample
