#!/usr/bin/python3
"""Makes the small weight files in fixtures/ with PyTorch itself (Debian's python3-torch), and expected.tsv:
what torch.load finds in them. Run it again only to add a case: python3 make_fixtures.py

With a current PyTorch (2.11 was used): make_fixtures.py current. It writes current_legacy.pth, current_zip.pth
and current_parameter_zip.pth, which hold what plain_legacy.pth, plain_zip.pth and parameter_legacy.pth hold."""
import collections
import os
import pickle
import struct
import sys
import zipfile
from pathlib import Path

import torch

OUT = Path(__file__).parent / "fixtures"
MAGIC, VERSION = 0x1950A86A20F9469CFC6C, 1001


def numbers(count, start=0):
    return (torch.arange(count, dtype=torch.float32) + start) / 8 - 1


def cases():
    plain = collections.OrderedDict(weight=numbers(12).reshape(3, 4), bias=numbers(3, 100),
                                    num_batches_tracked=torch.tensor(7))
    yield "plain", plain
    yield "module", collections.OrderedDict(("module." + k, v) for k, v in plain.items())
    yield "wrapped", {"epoch": 3, "best": 0.5, "rates": [0.1, None, True, -5, 1 << 40], "state_dict": plain}
    base = numbers(10)
    yield "model", {"model": plain, "optimizer": {"state": {}, "rates": [0.1]}}
    yield "shared", {"first": base[:6], "second": base[4:], "again": base[4:]}
    grid = numbers(24).reshape(2, 3, 2, 2)
    yield "strided", {"transposed": numbers(12).reshape(3, 4).t(), "stepped": numbers(20)[1::3],
                      "channels_last": grid.contiguous(memory_format=torch.channels_last),
                      "inner": grid[1, :, 1], "one": numbers(4)[2], "none": torch.zeros(0, 3)}
    odd = torch.tensor([0.0, -0.0, 1.0, -2.5, 65504.0, 6e-8, 1e-4, float("inf"), float("-inf"), 1 / 3])
    yield "types", {"half": odd.half(), "bfloat16": odd.bfloat16(), "double": odd.double(), "float": odd,
                    "int": torch.ones(2, dtype=torch.int32), "short": torch.ones(2, dtype=torch.int16),
                    "char": torch.ones(2, dtype=torch.int8), "byte": torch.ones(2, dtype=torch.uint8),
                    "bool": torch.ones(2, dtype=torch.bool)}
    yield "parameter", {"weight": torch.nn.Parameter(numbers(6).reshape(2, 3)),
                        "frozen": torch.nn.Parameter(numbers(2), requires_grad=False)}
    torch.manual_seed(1)
    yield "metadata", torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2)).state_dict()


class Call:
    """Pickles as a call of `function`, as an attacker's object would."""

    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


def legacy(name, pickled, storages=()):
    with open(OUT / name, "wb") as file:
        for value in (MAGIC, VERSION, {"protocol_version": VERSION, "little_endian": True}):
            pickle.dump(value, file, protocol=2)
        file.write(pickled)
        pickle.dump([key for key, _ in storages], file, protocol=2)
        for _, values in storages:
            file.write(struct.pack(f"<q{len(values)}f", len(values), *values))


def in_zip(name, pickled):
    with zipfile.ZipFile(OUT / name, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("archive/data.pkl", pickled)


def old_style():
    """As PyTorch 0.1 under Python 2 wrote: an OrderedDict made from a list, Parameter by NEWOBJ and BUILD,
    the first _rebuild_tensor."""
    tensor = (b"ctorch._utils\n_rebuild_tensor\n((U\x07storagectorch\nFloatStorage\nU\x01kU\x03cpuK\x04NtQ"
              b"K\x00K\x02K\x02\x86K\x02K\x01\x86tR")
    parameter = b"ctorch.nn.parameter\nParameter\n" + tensor + b"\x85\x81(\x88\x89Ntb"
    pickled = b"\x80\x02ccollections\nOrderedDict\n]]U\x06weight" + b"a" + parameter + b"aa\x85R."
    legacy("old_style.pth", pickled, [("k", [0.5, 1.5, 2.5, 3.5])])


CURRENT = {"current_legacy": ("plain", False), "current_zip": ("plain", True), "current_parameter_zip": ("parameter", True)}


def current():
    states = dict(cases())
    for file, (name, zipped) in CURRENT.items():
        torch.save(states[name], OUT / f"{file}.pth", _use_new_zipfile_serialization=zipped)


def main():
    if sys.argv[1:] == ["current"]:
        return current()
    OUT.mkdir(exist_ok=True)
    lines = []
    for name, state in cases():
        kinds = {"legacy": False, "zip": True} if name in ("plain", "strided", "types") else {"legacy": False}
        for kind, zipped in kinds.items():
            file = f"{name}_{kind}.pth"
            torch.save(state, OUT / file, _use_new_zipfile_serialization=zipped)
            loaded = torch.load(OUT / file)
            loaded = loaded.get("state_dict", loaded.get("model", loaded))
            for key, tensor in loaded.items():
                if tensor.is_floating_point():
                    values = " ".join(repr(v) for v in tensor.detach().float().flatten().tolist())
                    shape = " ".join(str(extent) for extent in tensor.shape)
                    lines.append(f"{file}\t{key.removeprefix('module.')}\t{shape}\t{values}\n")
    for file, (name, _) in CURRENT.items():
        lines += [f"{file}.pth{line[line.index(chr(9)):]}" for line in lines if line.startswith(name + "_legacy")]
    old_style()
    lines.append("old_style.pth\tweight\t2 2\t0.5 1.5 2.5 3.5\n")
    (OUT / "expected.tsv").write_text("".join(lines))

    hostile = {"system": Call(os.system, "touch /tmp/graft-was-here"), "eval": Call(eval, "1 + 1"),
               "nested": {"weight": Call(getattr, Call(__import__, "os"), "system")}}
    for name, value in hostile.items():
        pickled = pickle.dumps(value, protocol=2)
        legacy(f"hostile_{name}_legacy.pth", pickled)
        in_zip(f"hostile_{name}_zip.pth", pickled)


if __name__ == "__main__":
    sys.exit(main())
