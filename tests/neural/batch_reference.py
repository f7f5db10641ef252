#!/usr/bin/python3
"""Makes batch-reference.safetensors, which test_batch_reference.cpp compares with: what PyTorch and torchvision (Debian's
python3-torch and python3-torchvision; 1.13.1 and 0.14.1 were used) do in training mode, computed in float64.

ResNet50 with batch norm by the statistics of the batch: loss and gradients, and after three steps of plain gradient
descent the measured means and variances, and the logits in evaluation. (In float32 PyTorch
strays from these numbers by 5e-4 of a gradient's norm and 4e-6 of the means and variances.) InceptionV3 with its auxiliary head: the loss is
that of the logits plus 0.4 times that of the head, as in its paper and in torchvision's own training script."""
import pathlib

import torch
from torchvision import models

import reference

PICTURES, SIDE, CLASSES, STEPS, RATE = 4, 128, 10, 3, 0.01
LABELS = [3, 0, 7, 3]
QUIET = 0.125
INCEPTION_LABELS = [3, 7]
VALUES_OF = ["AuxLogits.conv0.conv.weight", "AuxLogits.conv1.bn.weight", "AuxLogits.fc.weight", "Mixed_5b.branch1x1.conv.weight",
             "Mixed_6e.branch1x1.conv.weight", "Mixed_7c.branch_pool.bn.bias", "fc.weight"]


def filled(model):
    reference.fill(model, {name: name for name in model.state_dict()})
    return model.double().train()


def thinned(tensor):
    return reference.thinned(tensor.detach().reshape(1, -1)).reshape(-1)


def norms(model):
    gradients = {name: parameter.grad.norm() for name, parameter in model.named_parameters()}
    return torch.stack([gradients[name] for name in sorted(gradients)])


def batch_norm():
    model = filled(models.resnet50(num_classes=CLASSES))
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith(".bn3.weight"):  # quiet branches: else gradients explode, and float32 strays after a step
                parameter.mul_(QUIET)
    pixels = reference.input_of(reference.noise_pixels(PICTURES, SIDE), *reference.IMAGENET)
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    results, losses = {}, []
    for step in range(STEPS):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(pixels), torch.tensor(LABELS))
        loss.backward()
        losses.append(loss.detach())
        if step == 0:
            results["gradients"] = norms(model)
        optimizer.step()
    state = model.state_dict()
    for kind in ("running_mean", "running_var"):
        rows = [thinned(state[name]) for name in sorted(state) if name.endswith(kind)]
        results[kind] = torch.cat(rows)
    with torch.no_grad():
        results["evaluated"] = model.eval()(pixels).reshape(-1)
    return {"losses": torch.stack(losses), **results}


def auxiliary_head():
    model = filled(models.inception_v3(num_classes=CLASSES, init_weights=False, transform_input=True))
    for module in model.modules():  # its own side of the network is tested here; batches of two are too small for the rest
        if isinstance(module, (torch.nn.BatchNorm2d, torch.nn.Dropout)):
            module.eval()
    pixels = reference.input_of(reference.noise_pixels(len(INCEPTION_LABELS), 299), *reference.IMAGENET)
    logits, auxiliary = model(pixels)
    labels = torch.tensor(INCEPTION_LABELS)
    loss = torch.nn.functional.cross_entropy(logits, labels)
    (loss + 0.4 * torch.nn.functional.cross_entropy(auxiliary, labels)).backward()
    gradients = dict(model.named_parameters())
    return {"loss": loss.detach().reshape(1), "gradients": norms(model),
            **{"gradient/" + name: thinned(gradients[name].grad) for name in VALUES_OF}}


def main():
    results = {f"resnet50/{key}": value for key, value in batch_norm().items()}
    results |= {f"inception-v3/{key}": value for key, value in auxiliary_head().items()}
    reference.write_safetensors(pathlib.Path(__file__).parent / "batch-reference.safetensors", results)
    for key in ("resnet50/losses", "inception-v3/loss"):
        print(key, results[key].tolist())


main()
