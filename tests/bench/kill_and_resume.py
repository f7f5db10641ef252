#!/usr/bin/env python3
"""Kills fine-tuning at random moments, goes on with --resume, and compares the weights it ends with.

    kill_and_resume.py GRAFT_CLI FOLDER [KILLS]

FOLDER has one sub-folder of pictures for each class; the first EACH of every class are taken. A run that is
never interrupted says what must come out. Then runs of the same plan are killed (SIGKILL: nothing can be
tidied up) after a random time, that is in the middle of starting, reading features, a step, validation, a
checkpoint or the last measuring, until KILLS (20) were, each at least once per start. Every run that reaches
its end must have the same weights, to the bit. Prints where each kill fell. Ends with 1 where one differs.
"""
import json
import pathlib
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import time

EACH = 10
PLAN = ["--strategy", "finetune", "--recipe", "gentle_photo", "--epochs", "4", "--batch", "8", "--patience", "0"]


def tensors(file):
    """Names, shapes and bytes of a safetensors file, without what it says about itself."""
    data = file.read_bytes()
    (size,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + size])
    header.pop("__metadata__", None)
    return {
        name: (one["dtype"], one["shape"], data[8 + size + one["data_offsets"][0] : 8 + size + one["data_offsets"][1]])
        for name, one in header.items()
    }


def where(project):
    """The last thing that the run said."""
    events = list(project.glob("runs/*/events.jsonl"))
    lines = events[0].read_text().splitlines() if events else []
    for line in reversed(lines):
        try:
            event = json.loads(line)
        except json.JSONDecodeError:
            return "an event half written"
        if event["event"] == "epoch_done":
            return f"after epoch {event['epoch']}"
        if event["event"] in ("train_started", "train_ended"):
            return event["event"]
    return "before the run began"


def model(project):
    return next(project.glob("runs/*/model.safetensors"))


def main():
    cli, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    wanted = int(sys.argv[3]) if len(sys.argv) > 3 else 20
    chance = random.Random(20)
    with tempfile.TemporaryDirectory() as name:
        place = pathlib.Path(name)
        for kind in sorted(path for path in folder.iterdir() if path.is_dir()):
            (place / "few" / kind.name).mkdir(parents=True)
            for picture in sorted(kind.iterdir())[:EACH]:
                shutil.copy(picture, place / "few" / kind.name)

        def imported(project):
            command = [cli, "import", place / "few", "--project", project, "--quiet"]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

        whole = place / "whole.graft"
        imported(whole)
        begin = time.monotonic()
        subprocess.run([cli, "train", whole, "--quiet", *PLAN], check=True, stdout=subprocess.DEVNULL)
        takes = time.monotonic() - begin
        expected = tensors(model(whole))
        print(f"never interrupted: {takes:.1f} s, {len(expected)} tensors", flush=True)

        kills = rounds = different = 0
        while kills < wanted:
            rounds += 1
            project = place / f"killed{rounds}.graft"
            imported(project)
            ended = False
            while not ended:
                begun = any(project.glob("runs/*"))
                command = [cli, "train", project, "--quiet", *(["--resume", "1"] if begun else PLAN)]
                start = time.monotonic()
                process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
                limit = chance.uniform(0.2, takes) if kills < wanted else None
                try:
                    _, problem = process.communicate(timeout=limit)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.communicate()
                    kills += 1
                    print(f"kill {kills}: after {limit:.1f} s, {where(project)}", flush=True)
                    continue
                if process.returncode != 0 and not b"is finished" in problem:
                    sys.exit(f"round {rounds} failed: {problem.decode()}")
                ended = True
                if not begun:
                    takes = min(takes, time.monotonic() - start)  # the computer was busier before
            same = tensors(model(project)) == expected
            different += not same
            print(f"round {rounds} ends with {'the same' if same else 'OTHER'} weights", flush=True)
    print(f"{kills} kills in {rounds} rounds, {different} of them with other weights")
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
