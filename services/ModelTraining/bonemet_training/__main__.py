"""Command line: python3 -m bonemet_training untrained --out DIR"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import List, Optional

import torch


def main(arguments: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(prog="bonemet_training", description="Trains and exports the image encoders of BoneMetPlatform.")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads that PyTorch may use")
    commands = parser.add_subparsers(dest="command", required=True)
    untrained = commands.add_parser("untrained", help="write the fixed-seed encoders that the platform ships, marked untrained")
    untrained.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)

    torch.set_num_threads(options.threads)
    torch.use_deterministic_algorithms(True)
    if options.command == "untrained":
        from . import untrained as command
        for card in command.write(options.out):
            print(card)
    return 0


if __name__ == "__main__":
    sys.exit(main())
