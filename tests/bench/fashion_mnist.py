#!/usr/bin/env python3
"""Turns Fashion-MNIST into folders of pictures, a sub-folder for each class.

    fashion_mnist.py OUT [--training N] [--test N] [--source FOLDER]

writes OUT/training and OUT/test, by default 6,000 pictures (600 of each class) to learn from and 2,000 to test on,
as 28 x 28 grey PNG files: the first ones of each class in the files' order, so that they are always the same. The
source is Debian's package dataset-fashion-mnist. Needs nothing but Python 3.
"""

import argparse
import gzip
import pathlib
import struct
import sys
import zlib

CLASSES = ["t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle-boot"]


def read_idx(path, dimensions):
    """The numbers of an idx file (http://yann.lecun.com/exdb/mnist) and the size of each dimension."""
    with gzip.open(path) as file:
        data = file.read()
    zero, kind, count = struct.unpack(">HBB", data[:4])
    if (zero, kind, count) != (0, 8, dimensions):
        raise ValueError(f"{path} is no idx file of bytes in {dimensions} dimensions")
    shape = struct.unpack(f">{dimensions}I", data[4 : 4 + 4 * dimensions])
    return data[4 + 4 * dimensions :], shape


def png(width, height, grey):
    """A PNG file (ISO/IEC 15948) of 8-bit grey values, row by row."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + grey[row * width : (row + 1) * width] for row in range(height))  # 0: not filtered
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def write(source, prefix, out, wanted):
    """The first pictures of each class, `wanted` in all."""
    pixels, (count, height, width) = read_idx(source / f"{prefix}-images-idx3-ubyte.gz", 3)
    labels, _ = read_idx(source / f"{prefix}-labels-idx1-ubyte.gz", 1)
    each = wanted // len(CLASSES)
    written = [0] * len(CLASSES)
    for name in CLASSES:
        (out / name).mkdir(parents=True, exist_ok=True)
    for picture in range(count):
        label = labels[picture]
        if written[label] == each:
            continue
        written[label] += 1
        grey = pixels[picture * width * height : (picture + 1) * width * height]
        (out / CLASSES[label] / f"{prefix}-{picture:05}.png").write_bytes(png(width, height, grey))
    if min(written) < each:
        raise ValueError(f"{source} has only {min(written)} of the {each} pictures wanted of a class")
    return sum(written)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--training", type=int, default=6000, metavar="N")
    parser.add_argument("--test", type=int, default=2000, metavar="N")
    parser.add_argument("--source", type=pathlib.Path, default="/usr/share/datasets/fashion-mnist", metavar="FOLDER")
    arguments = parser.parse_args()
    try:
        for side, prefix, wanted in (("training", "train", arguments.training), ("test", "t10k", arguments.test)):
            count = write(arguments.source, prefix, arguments.out / side, wanted)
            print(f"{count} pictures in {arguments.out / side}")
    except (OSError, ValueError) as error:
        sys.exit(f"{error}\nInstall Debian's package dataset-fashion-mnist, or name its folder with --source.")


if __name__ == "__main__":
    main()
