#!/usr/bin/env python3
"""Graft's augmentation beside albumentations and torchvision v2, in one run: first the pixels, where the definitions
agree, then pictures per second.

    tests/bench/augment_peers.py BENCH_AUGMENT FOLDER [ROUNDS] [--sides 224,512] [--threads 1,2] [--ops invert,rotate]

BENCH_AUGMENT is the built program, FOLDER has photos. The peers come from PyPI into a throw-away environment (some
gigabytes; set VIRTUAL_ENV_FOLDER to keep it). Exit status 1: pixels differ by more than the two levels that another
rounding explains.

Everyone gets the same decoded photos, 8 bits, and writes results of the same size. One thread: one process, whose
libraries use one. All threads: Graft's threads; for the peers as many processes, as their data loaders have, which
spares them both Python's lock and sending the pictures on. In each round everyone takes a turn at everything; printed
are medians, and medians of the ratios within a round, so that a busy computer disturbs them little.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

PACKAGES = ["albumentations==2.0.8", "torch", "torchvision"]
SIDES = (224, 512)
PICTURES = 16
SECONDS = 0.08  # of a measurement


def albumentations_ops(side):
    """By our ops' ids, at their initial settings."""
    import albumentations as A
    import cv2

    mirror = {"border_mode": cv2.BORDER_REFLECT_101, "p": 1}

    def jitter(**ranges):
        return A.ColorJitter(**{"brightness": (1, 1), "contrast": (1, 1), "saturation": (1, 1), "hue": (0, 0), "p": 1,
                                **ranges})

    def odd(pixels):
        return max(3, int(pixels) // 2 * 2 + 1)

    return {
        "flip_horizontal": A.HorizontalFlip(p=1),
        "flip_vertical": A.VerticalFlip(p=1),
        "rotate": A.Rotate((-15, 15), **mirror),
        "quarter_turns": A.RandomRotate90(p=1),
        "random_resized_crop": A.RandomResizedCrop((side, side), scale=(0.6, 1), ratio=(1 / 1.33, 1.33), p=1),
        "shift": A.Affine(translate_percent=(-0.1, 0.1), **mirror),
        "zoom": A.Affine(scale=(1 / 1.2, 1.2), **mirror),
        "shear": A.Affine(shear=(-10, 10), **mirror),
        "perspective": A.Perspective(scale=(0.05, 0.1), **mirror),
        "elastic": A.ElasticTransform(alpha=side / 2, sigma=side / 10, approximate=True, **mirror),
        "grid_distortion": A.GridDistortion(**mirror),
        "lens_distortion": A.OpticalDistortion((-0.15, 0.15), **mirror),
        "brightness": jitter(brightness=(0.7, 1.3)),
        "contrast": jitter(contrast=(0.7, 1.3)),
        "gamma": A.RandomGamma((77, 130), p=1),
        "equalise": A.CLAHE((1, 4), p=1),
        "auto_contrast": A.AutoContrast(p=1),
        "invert": A.InvertImg(p=1),
        "posterise": A.Posterize((4, 8), p=1),
        "solarise": A.Solarize((0.5, 1), p=1),
        "shadow": A.RandomShadow(num_shadows_limit=(1, 1), p=1),
        "saturation": jitter(saturation=(0.7, 1.3)),
        "hue": A.HueSaturationValue(8, 0, 0, p=1),
        "temperature": A.PlanckianJitter(p=1),
        "channel_shuffle": A.ChannelShuffle(p=1),
        "greyscale": A.ToGray(p=1),
        "gaussian_blur": A.GaussianBlur(0, (0.01, side / 100), p=1),
        "motion_blur": A.MotionBlur((3, odd(side * 0.04)), p=1),
        "sharpen": A.Sharpen((0.1, 1), p=1),
        "downscale": A.Downscale((0.5, 0.99), {"downscale": cv2.INTER_AREA, "upscale": cv2.INTER_LINEAR}, p=1),
        "jpeg": A.ImageCompression("jpeg", (40, 100), p=1),
        "gaussian_noise": A.GaussNoise((0, 15 / 255), p=1),
        "shot_noise": A.ShotNoise((0.01, 0.05), p=1),
        "salt_pepper": A.SaltAndPepper((0, 0.02), p=1),
        "cutout": A.CoarseDropout((1, 1), (0.01, 0.35), (0.01, 0.35), fill=128, p=1),
        "grid_mask": A.GridDropout(0.25, holes_number_xy=(5, 5), fill=128, p=1),
        "preset strong_photo": A.Compose([
            A.RandomResizedCrop((side, side), scale=(0.4, 1), ratio=(1 / 1.33, 1.33), p=1), A.HorizontalFlip(p=0.5),
            A.Rotate((-20, 20), **{**mirror, "p": 0.7}), A.Perspective((0.06, 0.12), **{**mirror, "p": 0.3}),
            A.ElasticTransform(side / 2, side / 10, approximate=True, **{**mirror, "p": 0.2}),
            A.ColorJitter((0.6, 1.4), (1, 1), (1, 1), (0, 0), p=0.8),
            A.ColorJitter((1, 1), (0.6, 1.4), (1, 1), (0, 0), p=0.8), A.RandomGamma((77, 130), p=0.3),
            A.PlanckianJitter(p=0.3), A.ColorJitter((1, 1), (1, 1), (0.5, 1.5), (0, 0), p=0.8),
            A.HueSaturationValue(8, 0, 0, p=0.5), A.ToGray(p=0.05), A.RandomShadow(num_shadows_limit=(1, 1), p=0.2),
            A.GaussianBlur(0, (0.01, side * 0.007), p=0.2), A.ImageCompression("jpeg", (40, 100), p=0.2),
            A.GaussNoise((0, 15 / 255), p=0.3), A.CoarseDropout((1, 1), (0.01, 0.35), (0.01, 0.35), fill=128, p=0.3)]),
    }


def torchvision_ops(side):
    """The same; what it has not is left out, of the preset too."""
    import random

    import torch
    from torchvision.transforms import v2

    bilinear = {"interpolation": v2.InterpolationMode.BILINEAR}
    kernel = 2 * -(-3 * side // 100) + 1

    def gamma(picture):
        return v2.functional.adjust_gamma(picture, random.uniform(0.77, 1.3))

    def noise(picture):
        return v2.functional.gaussian_noise(picture.float().div(255), sigma=random.uniform(0, 15 / 255)).mul(
            255).to(torch.uint8)

    def maybe(p, op):
        return v2.RandomApply([op], p)

    return {
        "flip_horizontal": v2.RandomHorizontalFlip(1),
        "flip_vertical": v2.RandomVerticalFlip(1),
        "rotate": v2.RandomRotation(15, **bilinear),
        "random_resized_crop": v2.RandomResizedCrop(side, (0.6, 1), (1 / 1.33, 1.33)),
        "shift": v2.RandomAffine(0, translate=(0.1, 0.1), **bilinear),
        "zoom": v2.RandomAffine(0, scale=(1 / 1.2, 1.2), **bilinear),
        "shear": v2.RandomAffine(0, shear=(-10, 10, -10, 10), **bilinear),
        "perspective": v2.RandomPerspective(0.2, 1, **bilinear),
        "elastic": v2.ElasticTransform(side / 2.0, side / 10.0),
        "brightness": v2.ColorJitter(brightness=0.3),
        "contrast": v2.ColorJitter(contrast=0.3),
        "gamma": gamma,
        "auto_contrast": v2.RandomAutocontrast(1),
        "invert": v2.RandomInvert(1),
        "posterise": v2.RandomPosterize(5, 1),
        "solarise": v2.RandomSolarize(192, 1),
        "saturation": v2.ColorJitter(saturation=0.3),
        "hue": v2.ColorJitter(hue=15 / 360),
        "channel_shuffle": v2.RandomChannelPermutation(),
        "greyscale": v2.RandomGrayscale(1),
        "gaussian_blur": v2.GaussianBlur(kernel, (0.01, side / 100)),
        "sharpen": v2.RandomAdjustSharpness(1.5, 1),
        "jpeg": v2.JPEG((40, 100)),
        "gaussian_noise": noise,
        "cutout": v2.RandomErasing(1, (0.0001, 0.1225), value=128),
        "preset strong_photo": v2.Compose([
            v2.RandomResizedCrop(side, (0.4, 1), (1 / 1.33, 1.33)), v2.RandomHorizontalFlip(0.5),
            maybe(0.7, v2.RandomRotation(20, **bilinear)), v2.RandomPerspective(0.25, 0.3, **bilinear),
            maybe(0.2, v2.ElasticTransform(side / 2.0, side / 10.0)), maybe(0.8, v2.ColorJitter(brightness=0.4)),
            maybe(0.8, v2.ColorJitter(contrast=0.4)), maybe(0.3, v2.Lambda(gamma)),
            maybe(0.8, v2.ColorJitter(saturation=0.5)), maybe(0.5, v2.ColorJitter(hue=15 / 360)),
            v2.RandomGrayscale(0.05), maybe(0.2, v2.GaussianBlur(2 * -(-21 * side // 1000) + 1, (0.01, side * 0.007))),
            maybe(0.2, v2.JPEG((40, 100))), maybe(0.3, v2.Lambda(noise)), v2.RandomErasing(0.3, (0.0001, 0.1225), value=128)]),
    }


def peer_process(pipe, file, side):
    """Answers (library, op, seconds) with pictures per second, None where it has no such op."""
    import time

    import cv2
    import numpy
    import torch

    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    pictures = numpy.fromfile(file, numpy.uint8).reshape(-1, side, side, 3)
    tensors = [torch.from_numpy(picture.copy()).permute(2, 0, 1).contiguous() for picture in pictures]
    ops = {"albumentations": albumentations_ops(side), "torchvision": torchvision_ops(side)}

    def rate(apply, inputs, seconds):
        apply(inputs[0])
        done, start = 0, time.perf_counter()
        while True:
            apply(inputs[done % len(inputs)])
            done += 1
            spent = time.perf_counter() - start
            if spent >= seconds:
                return done / spent

    while (question := pipe.recv()) is not None:
        library, name, seconds = question
        op = ops[library].get(name)
        if op is None:
            pipe.send(None)
        elif library == "torchvision":
            pipe.send(rate(op, tensors, seconds))
        else:
            pipe.send(rate(lambda picture: op(image=picture)["image"], pictures, seconds))


class Ours:
    """bench_augment on the pictures of a file."""

    def __init__(self, program, file, side):
        self.size = os.path.getsize(file)
        self.side = side
        self.process = subprocess.Popen([program, "--serve", file, str(side)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)

    def ask(self, line):
        self.process.stdin.write((line + "\n").encode())
        self.process.stdin.flush()

    def rate(self, threads, recipe):
        self.ask(f"rate {threads} {SECONDS} {recipe}")
        return float(self.process.stdout.readline())

    def pictures(self, steps):
        import numpy

        self.ask("steps " + steps)
        return numpy.frombuffer(self.process.stdout.read(self.size), numpy.uint8).reshape(-1, self.side, self.side, 3)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def pixel_checks(side):
    """Op, our steps, who, their function of one picture; whole pictures, or the part that no border touches."""
    import albumentations as A
    import cv2
    import numpy
    import torch
    from torchvision.transforms import InterpolationMode
    from torchvision.transforms.v2 import functional as F

    def tv(function, *arguments, **names):
        def run(picture):
            tensor = torch.from_numpy(picture.copy()).permute(2, 0, 1).contiguous()
            return function(tensor, *arguments, **names).permute(1, 2, 0).numpy()
        return run

    def al(op):
        return lambda picture: op(image=picture)["image"]

    def jitter(**ranges):
        return al(A.ColorJitter(**{"brightness": (1, 1), "contrast": (1, 1), "saturation": (1, 1), "hue": (0, 0),
                                   "p": 1, **ranges}))

    def by_matrix(picture):
        return cv2.warpPerspective(picture, matrix, (side, side), flags=cv2.INTER_LINEAR,
                                   borderMode=cv2.BORDER_REFLECT_101)

    bilinear = {"interpolation": InterpolationMode.BILINEAR}
    unit = side // 16
    corners = [(0, 0), (side, 0), (side, side), (0, side)]
    moved = [(unit, 2 * unit), (side - unit, unit), (side - 2 * unit, side - unit), (2 * unit, side)]
    # The same corners for OpenCV, whose origin is the middle of the first pixel.
    matrix = cv2.getPerspectiveTransform(numpy.float32(corners) - 0.5, numpy.float32(moved) - 0.5)
    share = 2 / 16  # of half of the side: one unit
    quadrilateral = (f"perspective {share} {2 * share} {share} {share} {2 * share} {share} {2 * share} 0")
    whole, inner = numpy.ones((side, side), bool), numpy.zeros((side, side), bool)
    inner[side // 4:-side // 4, side // 4:-side // 4] = True
    blur = f"gaussian_blur {2 / side}"
    return [
        ("flip_horizontal", "flip_horizontal", "albumentations", al(A.HorizontalFlip(p=1)), whole),
        ("flip_horizontal", "flip_horizontal", "torchvision", tv(F.horizontal_flip), whole),
        ("flip_vertical", "flip_vertical", "albumentations", al(A.VerticalFlip(p=1)), whole),
        ("flip_vertical", "flip_vertical", "torchvision", tv(F.vertical_flip), whole),
        *[("quarter_turns", f"quarter_turns {turns}", "torchvision", tv(F.rotate, 90 * turns), whole)
          for turns in (1, 2, 3)],
        ("rotate by 30", "rotate 30", "torchvision", tv(F.rotate, 30, **bilinear), inner),
        ("rotate, zoom, shift", f"rotate 20 , zoom 1.2 , shift {unit / side} {-unit / side}", "torchvision",
         tv(F.affine, angle=-20, translate=[unit, -unit], scale=1.2, shear=[0.0, 0.0], **bilinear), inner),
        ("perspective", quadrilateral, "torchvision",
         tv(F.perspective, startpoints=corners, endpoints=moved, **bilinear), inner),
        ("perspective", quadrilateral, "OpenCV, as albumentations", by_matrix, whole),
        ("brightness", "brightness 1.3", "albumentations", jitter(brightness=(1.3, 1.3)), whole),
        ("brightness", "brightness 1.3", "torchvision", tv(F.adjust_brightness, 1.3), whole),
        ("contrast", "contrast 0.7", "albumentations", jitter(contrast=(0.7, 0.7)), whole),
        ("contrast", "contrast 0.7", "torchvision", tv(F.adjust_contrast, 0.7), whole),
        ("gamma", "gamma 1.3", "albumentations", al(A.RandomGamma((130, 130), p=1)), whole),
        ("gamma", "gamma 0.8", "torchvision", tv(F.adjust_gamma, 0.8), whole),
        ("equalise, grey", "equalise 3", "albumentations", al(A.CLAHE((3, 3), p=1)), "grey"),
        ("auto_contrast", "auto_contrast", "torchvision", tv(F.autocontrast), whole),
        ("invert", "invert", "albumentations", al(A.InvertImg(p=1)), whole),
        ("invert", "invert", "torchvision", tv(F.invert), whole),
        ("posterise", "posterise 3", "albumentations", al(A.Posterize((3, 3), p=1)), whole),
        ("posterise", "posterise 3", "torchvision", tv(F.posterize, 3), whole),
        ("solarise", "solarise 128", "albumentations", al(A.Solarize((0.5, 0.5), p=1)), whole),
        ("solarise", "solarise 128", "torchvision", tv(F.solarize, 128), whole),
        ("saturation", "saturation 0.6", "albumentations", jitter(saturation=(0.6, 0.6)), whole),
        ("saturation", "saturation 0.6", "torchvision", tv(F.adjust_saturation, 0.6), whole),
        ("hue", "hue 20", "torchvision", tv(F.adjust_hue, 20 / 360), whole),
        ("greyscale", "greyscale", "albumentations", al(A.ToGray(p=1)), whole),
        ("greyscale", "greyscale", "torchvision", tv(F.to_grayscale, 3), whole),
        ("gaussian_blur", blur, "albumentations", al(A.GaussianBlur((13, 13), (2, 2), p=1)), whole),
        ("gaussian_blur", blur, "torchvision", tv(F.gaussian_blur, [13, 13], [2.0, 2.0]), whole),
        ("sharpen", "sharpen 0.8", "torchvision", tv(F.adjust_sharpness, 1.8), whole),
        ("downscale", "downscale 0.5", "albumentations",
         al(A.Downscale((0.5, 0.5), {"downscale": cv2.INTER_AREA, "upscale": cv2.INTER_LINEAR}, p=1)), whole),
        # albumentations hands RGB to an encoder that takes it for BGR.
        ("jpeg", "jpeg 60", "albumentations",
         lambda picture: A.ImageCompression("jpeg", (60, 60), p=1)(image=picture[..., ::-1])["image"][..., ::-1], whole),
        ("jpeg", "jpeg 60", "torchvision", tv(F.jpeg, 60), whole),
    ]


def compare_pixels(program, colour_file, grey_file, side):
    """Prints how far apart they are; are all within two levels?"""
    import numpy

    colour = numpy.fromfile(colour_file, numpy.uint8).reshape(-1, side, side, 3)
    grey = numpy.fromfile(grey_file, numpy.uint8).reshape(-1, side, side, 3)
    ours, ours_grey = Ours(program, colour_file, side), Ours(program, grey_file, side)
    good = True
    print(f"\nPixels at {side} x {side}: largest and mean difference in grey levels")
    for name, steps, library, function, part in pixel_checks(side):
        if isinstance(part, str):
            got = ours_grey.pictures(steps)[..., 0]
            expected = numpy.stack([function(numpy.ascontiguousarray(picture[..., 0])) for picture in grey])
            apart = numpy.abs(got.astype(int) - expected)
        else:
            expected = numpy.stack([function(picture) for picture in colour])
            apart = numpy.abs(ours.pictures(steps).astype(int) - expected)[:, part]
        good = good and apart.max() <= 2
        print(f"{name:22} {library:26} {apart.max():3} {apart.mean():8.4f}{'' if apart.max() <= 2 else '  <- more than 2'}")
    ours.close()
    ours_grey.close()
    return good


def compare_speed(program, file, side, wanted):
    import multiprocessing

    context = multiprocessing.get_context("spawn")
    every = len(os.sched_getaffinity(0))
    pipes = []
    for _ in range(every):
        here, there = context.Pipe()
        context.Process(target=peer_process, args=(there, file, side), daemon=True).start()
        pipes.append(here)
    ours = Ours(program, file, side)

    def peer_rate(library, name, processes):
        for pipe in pipes[:processes]:
            pipe.send((library, name, SECONDS))
        rates = [pipe.recv() for pipe in pipes[:processes]]
        return None if rates[0] is None else sum(rates)

    names = [name for name in albumentations_ops(side) if not wanted.ops or name in wanted.ops]
    for threads in wanted.threads or sorted({1, every}):
        found = {name: {"graft": [], "albumentations": [], "torchvision": []} for name in names}
        for _ in range(wanted.rounds):
            for name in names:
                preset = name.startswith("preset ")
                recipe = name.removeprefix("preset ") if preset else f'{{"steps": [{{"op": "{name}"}}]}}'
                found[name]["graft"].append(ours.rate(threads, recipe))
                for library in ("albumentations", "torchvision"):
                    found[name][library].append(peer_rate(library, name, threads))
        print(f"\nPictures per second at {side} x {side}, {threads} thread{'s' * (threads > 1)}; ratios to the peers")
        for name, rates in found.items():
            line = f"{name:22} {statistics.median(rates['graft']):9.0f}"
            for library in ("albumentations", "torchvision"):
                if rates[library][0] is None:
                    line += f" {'-':>9} {'':7}"
                    continue
                ratio = statistics.median(a / b for a, b in zip(rates["graft"], rates[library]))
                slow = ratio < (1.2 if name.startswith("preset ") else 1.0)
                line += f" {statistics.median(rates[library]):9.0f} {ratio:6.2f}{'!' if slow else ' '}"
            print(line.rstrip(), flush=True)
    for pipe in pipes:
        pipe.send(None)
    ours.close()


def write_pictures(folder, side, colour_file, grey_file):
    import numpy
    from PIL import Image, ImageOps

    photos = sorted(path for path in pathlib.Path(folder).rglob("*") if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
    chosen = photos[::max(1, len(photos) // PICTURES)][:PICTURES]
    pictures = [ImageOps.fit(Image.open(path).convert("RGB"), (side, side), Image.BICUBIC) for path in chosen]
    numpy.stack(pictures).tofile(colour_file)
    numpy.stack([picture.convert("L").convert("RGB") for picture in pictures]).tofile(grey_file)


def compare(wanted):
    import albumentations
    import cv2
    import torch
    import torchvision

    print(f"albumentations {albumentations.__version__} (OpenCV {cv2.__version__}), torchvision "
          f"{torchvision.__version__} (PyTorch {torch.__version__}, {torch.backends.cpu.get_cpu_capability()})")
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    good = True
    with tempfile.TemporaryDirectory() as work:
        for side in wanted.sides:
            colour_file, grey_file = f"{work}/colour{side}.rgb", f"{work}/grey{side}.rgb"
            write_pictures(wanted.folder, side, colour_file, grey_file)
            good = compare_pixels(wanted.program, colour_file, grey_file, side) and good
            if wanted.rounds > 0:
                compare_speed(wanted.program, colour_file, side, wanted)
    return 0 if good else 1


def environment(folder):
    """Its Python; made where it does not exist."""
    python = pathlib.Path(folder) / "bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return str(python)


def arguments():
    def numbers(text):
        return [int(number) for number in text.split(",")]

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", metavar="BENCH_AUGMENT")
    parser.add_argument("folder", metavar="FOLDER")
    parser.add_argument("rounds", metavar="ROUNDS", nargs="?", type=int, default=5, help="0: pixels only")
    parser.add_argument("--sides", type=numbers, default=SIDES, help="pixels")
    parser.add_argument("--threads", type=numbers, help="one, and all")
    parser.add_argument("--ops", type=lambda text: text.split(","), help="our ids; all")
    return parser.parse_args()


def main():
    wanted = arguments()
    if os.environ.get("GRAFT_PEERS") == "yes":
        sys.exit(compare(wanted))
    with tempfile.TemporaryDirectory() as folder:
        python = environment(os.environ.get("VIRTUAL_ENV_FOLDER", folder))
        inside = {**os.environ, "GRAFT_PEERS": "yes", "NO_ALBUMENTATIONS_UPDATE": "1"}
        sys.exit(subprocess.run([python, *sys.argv], env=inside).returncode)


if __name__ == "__main__":
    main()
