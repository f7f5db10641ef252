#!/usr/bin/env bash
# packaging/gpu.sh with drawn wheels in place of PyPI's: what it takes out of them, that it goes on where it was, and
# that a wheel which is not the one it knows leaves nothing behind. Run with the repository as argument.
set -euo pipefail

if [ "$(uname -m)" != x86_64 ]; then
    echo "SKIP   : the wheels are for x86_64"
    exit 77
fi
source=$1
place=$(mktemp -d)
trap 'rm -rf -- "$place"' EXIT
repository=$place/checkout
libtorch=$repository/.deps/libtorch
export GRAFT_TEST_WHEELS=$place/wheels GRAFT_TEST_FETCHED=$place/fetched
mkdir -p "$repository" "$GRAFT_TEST_WHEELS" "$place/bin"
cp -r -- "$source/packaging" "$repository/"

fail() {
    echo "FAIL: $*" >&2
    exit 1
}

# wheel NAME FILE...: a wheel that holds these files, and its line in the list.
wheel() {
    local name=$1 use=$2 file=$GRAFT_TEST_WHEELS/$1-1.0-py3-none-linux_x86_64.whl
    shift 2
    python3 -c '
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as archive:
    for name in sys.argv[2:]:
        archive.writestr(name, "content of " + name)' "$file" "$@"
    echo "$name 1.0 $(sha256sum <"$file" | cut -d' ' -f1) linux_x86_64 $use 1 1" >>"$repository/packaging/gpu-wheels.txt"
}

# A python3 whose pip copies instead of downloading, and notes what it was asked for.
cat >"$place/bin/python3" <<'PYTHON'
#!/usr/bin/env bash
set -euo pipefail
if [ "${1:-} ${2:-}" != "-m pip" ]; then
    exec /usr/bin/python3 "$@"
fi
if [ "${3:-}" = download ]; then
    while [ "$#" -gt 1 ]; do
        if [ "$1" = --dest ]; then
            folder=$2
        fi
        shift
    done
    name=${1%%==*}
    echo "$name" >>"$GRAFT_TEST_FETCHED"
    mkdir -p -- "$folder"
    cp -- "$GRAFT_TEST_WHEELS/$name"-*.whl "$folder/"
fi
PYTHON
chmod +x "$place/bin/python3"
export PATH=$place/bin:$PATH
fetched() { tr '\n' ' ' <"$GRAFT_TEST_FETCHED" 2>/dev/null || true; }

: >"$repository/packaging/gpu-wheels.txt"
wheel torch run torch/lib/libc10.so torch/lib/libtorch_python.so torch/include/ATen/ATen.h torch/nn/modules.py \
    torch-1.0.dist-info/licenses/LICENSE
wheel runtime run nvidia/cu13/lib/libcudart.so.13
wheel cudnn card nvidia/cudnn/lib/libcudnn.so.9
cp -- "$repository/packaging/gpu-wheels.txt" "$place/list"

# A wheel that is another one than the list says.
sed -i '/^runtime/s/ [0-9a-f]\{64\} / 0000000000000000000000000000000000000000000000000000000000000000 /' \
    "$repository/packaging/gpu-wheels.txt"
status=0
said=$("$repository/packaging/gpu.sh" 2>&1) || status=$?
[ "$status" -eq 1 ] || fail "a wrong wheel ends with $status: $said"
grep -q 'runtime is not the file that Graft knows' <<<"$said" || fail "a wrong wheel is not named: $said"
[ ! -e "$libtorch/nvidia" ] || fail "something of the wrong wheel is there"
[ "$(fetched)" = "torch runtime " ] || fail "asked for: $(fetched)"

# The right one: it goes on where it was, and NVIDIA's libraries wait until they are asked for.
cp -- "$place/list" "$repository/packaging/gpu-wheels.txt"
"$repository/packaging/gpu.sh" --quiet
[ "$(fetched)" = "torch runtime runtime " ] || fail "asked for: $(fetched)"
for file in torch/lib/libc10.so torch/include/ATen/ATen.h nvidia/cu13/lib/libcudart.so.13 \
    torch-1.0.dist-info/licenses/LICENSE; do
    [ "$(cat -- "$libtorch/$file")" = "content of $file" ] || fail "$file is not there"
done
for file in torch/lib/libtorch_python.so torch/nn nvidia/cudnn .partial; do
    [ ! -e "$libtorch/$file" ] || fail "$file is there"
done
"$repository/packaging/gpu.sh" --card --quiet
[ -e "$libtorch/nvidia/cudnn/lib/libcudnn.so.9" ] || fail "the card's library is not there"
"$repository/packaging/gpu.sh" --card --quiet
[ "$(fetched)" = "torch runtime runtime cudnn " ] || fail "something was fetched twice: $(fetched)"

# Another release: what was there does not mix with it.
sed -i 's/^torch 1\.0 /torch 2.0 /' "$repository/packaging/gpu-wheels.txt"
touch -- "$libtorch/torch/lib/libold.so"
"$repository/packaging/gpu.sh" --quiet
[ ! -e "$libtorch/torch/lib/libold.so" ] || fail "the older release is still there"
[ -e "$libtorch/torch/lib/libc10.so" ] || fail "the newer release is not there"
echo "packaging/gpu.sh does what it says"
