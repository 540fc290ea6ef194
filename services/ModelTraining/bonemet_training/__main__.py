"""Command line of the training job; `bonemet train …` starts it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import List, Optional

import torch

from .config import Config, ConfigError
from .data import DataError


def main(arguments: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(prog="bonemet train", description="Trains and exports the image encoders of BoneMetPlatform.")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads that PyTorch may use; with one, a run repeats to the last bit")
    commands = parser.add_subparsers(dest="command", required=True)
    untrained = commands.add_parser("untrained", help="write the fixed-seed encoders that the platform ships, marked untrained")
    untrained.add_argument("--out", type=Path, required=True)
    for modality in ("imaging", "pathology", "fusion"):
        job = commands.add_parser(modality, help="train the fusion of both modalities on two finished runs and export it" if modality == "fusion" else f"train the {modality} encoder and export it")
        job.add_argument("--cases", type=Path, required=True, help="training set: a folder with dataset.json")
        job.add_argument("--config", type=Path, help="settings as one JSON object")
        job.add_argument("--out", type=Path, required=True, help="folder of the run; started again, the run goes on")
        if modality == "fusion":
            job.add_argument("--imaging", type=Path, required=True, help="folder of the imaging run")
            job.add_argument("--pathology", type=Path, required=True, help="folder of the pathology run")
        job.add_argument("--device", default="auto", choices=("auto", "cpu", "cuda"))
    options = parser.parse_args(arguments)

    torch.set_num_threads(options.threads)
    torch.use_deterministic_algorithms(True)
    try:
        if options.command == "untrained":
            from . import untrained as command
            for card in command.write(options.out):
                print(card)
            return 0
        from . import data, training
        if options.device == "cuda" and not torch.cuda.is_available():
            raise ConfigError("--device cuda: PyTorch finds no CUDA device here")
        device = torch.device("cuda" if options.device != "cpu" and torch.cuda.is_available() else "cpu")
        cases, config = data.load(options.cases), Config.load(options.config)
        if options.command == "fusion":
            from . import fusion
            print(fusion.run(cases, config, options.out, options.imaging, options.pathology, say))
            return 0
        print(training.train(training.Run(options.command, cases, config, options.out, device, say)))
        return 0
    except (ConfigError, DataError) as error:
        print(f"bonemet train: {error}", file=sys.stderr)
        return 2


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
