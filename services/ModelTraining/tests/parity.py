"""Writes what PyTorch computes from known inputs, for the parity test of the C# service: parity.py ENCODER COUNT FILE."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bonemet_training import golden  # noqa: E402
from bonemet_training.nets import LESION_64, TILE_256, seeded  # noqa: E402


def main() -> None:
    encoder, count, target = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    torch.set_num_threads(1)
    volume = encoder == "lesion-untrained"
    net = seeded(LESION_64, 11) if volume else seeded(TILE_256, 12)
    shape = (2, 64, 64, 64) if volume else (256, 256, 3)
    outputs = []
    with torch.no_grad():
        for seed in range(count):
            item = golden.volume(shape, seed) if volume else golden.tiles(shape, seed)
            # The first two are the edges of the input's range.
            if seed < 2:
                item = np.full(shape, seed if volume else seed * 255, dtype=item.dtype)
            outputs.append(net(torch.from_numpy(item[None]))[0].numpy())
    np.concatenate(outputs).astype("<f4").tofile(target)


main()
