#!/usr/bin/env python3
"""Writes fixtures/relatives.tsv: for networks of torchvision 0.14 and timm 0.6.13 their name there, the title that
recogniseNetwork() must find (- for none), and the shapes of their tensors with more than one axis or of batch norms'
weights. Run it in the environment that tests/neural/reference.py makes (VIRTUAL_ENV_FOLDER)."""
from pathlib import Path

import timm
from torchvision import models

TORCHVISION = {
    "alexnet": "AlexNet", "resnet18": "ResNet-18", "resnet34": "ResNet-34", "resnet50": "ResNet50",
    "resnet101": "ResNet-101", "resnet152": "ResNet-152", "wide_resnet50_2": "Wide ResNet-50",
    "wide_resnet101_2": "Wide ResNet-101", "resnext50_32x4d": "ResNeXt-50", "resnext101_32x8d": "ResNeXt-101",
    "vgg11": "VGG11", "vgg13": "VGG13", "vgg16": "VGG16", "vgg19": "VGG19", "vgg11_bn": "VGG11 with batch norm",
    "vgg13_bn": "VGG13 with batch norm", "vgg16_bn": "VGG16 with batch norm", "vgg19_bn": "VGG19 with batch norm",
    "densenet121": "DenseNet-121", "densenet169": "DenseNet-169", "densenet201": "DenseNet-201",
    "mobilenet_v2": "MobileNetV2", "mobilenet_v3_large": "MobileNetV3 (large)",
    "mobilenet_v3_small": "MobileNetV3 (small)", "efficientnet_b0": "EfficientNet-B0",
    "efficientnet_b1": "EfficientNet-B1", "googlenet": "GoogLeNet", "inception_v3": "InceptionV3",
    "squeezenet1_0": "-", "shufflenet_v2_x1_0": "-"}
TIMM = {
    "xception": "Xception", "xception41": "-", "inception_v4": "InceptionV4", "mobilenetv2_100": "MobileNetV2",
    "efficientnet_b0": "EfficientNet-B0", "efficientnet_b1": "EfficientNet-B1",
    **{f"tf_efficientnet_lite{i}": f"EfficientNet-Lite{i}" for i in range(5)}}


def main():
    cases = [(name, title, getattr(models, name)) for name, title in TORCHVISION.items()]
    cases += [("timm " + name, title, lambda name=name: timm.create_model(name)) for name, title in TIMM.items()]
    lines = []
    for name, title, make in cases:
        kept = {key: tensor.shape for key, tensor in make().state_dict().items()
                if tensor.dim() > 1 or (tensor.dim() == 1 and key.endswith((".bn3.weight", "norm5.weight")))}
        tensors = " ".join(key + ":" + "x".join(map(str, shape)) for key, shape in kept.items())
        lines.append(f"{name}\t{title}\t{tensors}\n")
    (Path(__file__).parent / "fixtures/relatives.tsv").write_text("".join(lines))


main()
