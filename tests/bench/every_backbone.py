#!/usr/bin/env python3
"""Trains with every strategy on every backbone, from the command line, and prints a table.

    every_backbone.py GRAFT_CLI FOLDER [BACKBONE...]

FOLDER has one sub-folder of pictures for each class; the first EACH of every class are taken. The backbones' weights are
drawn at random by torchvision and timm, which write them into files as they write the official ones, so accuracy says
little here; what counts is that every run ends and that its model answers. Makes itself a throw-away environment with
both (a few gigabytes; set VIRTUAL_ENV_FOLDER to keep it). Ends with 1 where a run fails.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

PACKAGES = ["torch", "torchvision", "timm"]
BACKBONES = ["vgg16", "vgg19", "xception", "inception-v3", "resnet50", "efficientnet-lite0", "efficientnet-lite1",
             "efficientnet-lite2"]
EACH = 12
BRIEF = ["--epochs", "1", "--batch", "8"]
WAYS = {
    "linear": ["--strategy", "linear"],
    "svm, cut chosen": ["--strategy", "svm", "--cut", "auto"],
    "finetune": ["--strategy", "finetune", *BRIEF],
    "scratch, from the weights": ["--strategy", "scratch", "--init", "weights", *BRIEF],
    "scratch, random": ["--strategy", "scratch", "--init", "random", *BRIEF],
}


def write_weights(backbone, file):
    import timm
    import torch
    import torchvision

    torch.manual_seed(1)
    if backbone == "xception":
        model = timm.create_model("legacy_xception", pretrained=False)
    elif backbone.startswith("efficientnet"):
        model = timm.create_model("tf_" + backbone.replace("-", "_"), pretrained=False)
    elif backbone == "inception-v3":
        model = torchvision.models.inception_v3(weights=None, init_weights=False)
    else:
        model = getattr(torchvision.models, backbone)(weights=None)
    torch.save(model.state_dict(), file)


def run(cli, home, *arguments):
    """The last object that the command prints; ends the program where it fails."""
    done = subprocess.run([cli, *arguments, "--json", "--quiet"], env={**os.environ, "XDG_DATA_HOME": home},
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"graft-cli {' '.join(arguments)}\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout)


def sweep(cli, folder, backbones, work):
    for kind in sorted(path for path in folder.iterdir() if path.is_dir()):
        (work / "pictures" / kind.name).mkdir(parents=True)
        for picture in sorted(kind.iterdir())[:EACH]:
            (work / "pictures" / kind.name / picture.name).symlink_to(picture.resolve())
    home, project = str(work / "home"), str(work / "few.graft")
    run(cli, home, "import", str(work / "pictures"), "--project", project, "--split", "60,20,20")
    print("| backbone | " + " | ".join(WAYS) + " |\n|---|" + "---|" * len(WAYS), flush=True)
    for backbone in backbones:
        file = work / "weights.pth"
        subprocess.run([sys.executable, sys.argv[0], "--write", backbone, str(file)], check=True)
        run(cli, home, "weights", "import", backbone, str(file), "--unofficial")
        cells = []
        for way in WAYS.values():
            trained = run(cli, home, "train", project, "--backbone", backbone, *way)
            score = run(cli, home, "evaluate", project, "--run", trained["run"], "--on", "test")
            cells.append(f"{score['correct']} of {score['total']}, {trained['seconds']:.0f} s")
        print(f"| {backbone} | " + " | ".join(cells) + " |", flush=True)


def main():
    if sys.argv[1] == "--write":
        return write_weights(*sys.argv[2:])
    if "GRAFT_PEERS" not in os.environ:
        with tempfile.TemporaryDirectory() as temporary:
            folder = os.environ.get("VIRTUAL_ENV_FOLDER", temporary)
            python = pathlib.Path(folder) / "bin" / "python"
            if not python.exists():
                subprocess.run([sys.executable, "-m", "venv", folder], check=True)
                subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
            sys.exit(subprocess.run([python, *sys.argv], env={**os.environ, "GRAFT_PEERS": "yes"}).returncode)
    with tempfile.TemporaryDirectory() as work:
        return sweep(sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:] or BACKBONES, pathlib.Path(work))


if __name__ == "__main__":
    sys.exit(main())
