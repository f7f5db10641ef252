#!/usr/bin/python3
"""Writes resize_reference.tsv: what Pillow and torchvision make of pictures that tst_resize draws as well.

Needs Debian's python3-pil and python3-torchvision. Run it only when rows are added:
    /usr/bin/python3 tests/imaging/reference.py > tests/imaging/resize_reference.tsv
"""
import hashlib
import sys

import PIL
from PIL import Image
from torchvision.transforms import InterpolationMode
from torchvision.transforms import functional

FILTERS = {"bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC}
MODES = {"bilinear": InterpolationMode.BILINEAR, "bicubic": InterpolationMode.BICUBIC}
SIZES = [  # width, height, to width, to height
    (1, 1, 1, 1), (1, 1, 7, 5), (2, 2, 1, 1), (3, 5, 3, 5), (5, 3, 4, 3), (5, 3, 5, 2), (7, 9, 14, 18),
    (16, 16, 5, 31), (31, 17, 64, 3), (33, 1, 8, 1), (1, 33, 1, 8), (100, 75, 224, 168), (320, 240, 341, 256),
    (320, 213, 224, 224), (257, 129, 128, 64), (500, 3, 7, 300), (240, 320, 256, 341), (641, 427, 99, 66),
    (28, 28, 299, 299), (1000, 600, 37, 23),
]
INPUTS = [  # width, height, resize, crop
    (320, 240, 256, 224), (240, 320, 256, 224), (213, 320, 256, 224), (28, 28, 256, 224), (501, 333, 342, 299),
    (333, 500, 232, 224), (100, 100, 20, 33), (100, 40, 20, 33), (37, 1000, 25, 24), (1, 1, 8, 5), (225, 150, 227, 224),
    (64, 48, 32, 32),
]


def draw(width, height):
    pixels = bytearray()
    for y in range(height):
        for x in range(width):
            for c in range(3):
                board = 128 if (x // 8 + y // 8) % 2 else 0
                pixels.append((x * 73 + y * 151 + c * 57 + x * y * (c + 1) * 31 + board + (x * x + 3 * y * y) // 7) & 255)
    return Image.frombytes("RGB", (width, height), bytes(pixels))


def digest(image):
    return hashlib.sha256(image.tobytes()).hexdigest()[:16]


def main():
    print(f"Pillow {PIL.__version__}", file=sys.stderr)
    print("what", "width", "height", "to_width_or_resize", "to_height_or_crop", "filter", "sha256", sep="\t")
    for name in FILTERS:
        for width, height, to_width, to_height in SIZES:
            result = draw(width, height).resize((to_width, to_height), FILTERS[name])
            print("resize", width, height, to_width, to_height, name, digest(result), sep="\t")
        for width, height, resize, crop in INPUTS:
            result = functional.resize(draw(width, height), resize, MODES[name])
            result = functional.center_crop(result, crop)
            print("preprocess", width, height, resize, crop, name, digest(result), sep="\t")


if __name__ == "__main__":
    main()
