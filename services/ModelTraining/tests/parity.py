"""Writes what PyTorch computes from known inputs, for the parity test of the C# service: parity.py ENCODER COUNT FILE, or parity.py fusion COUNT FILE FOLDER."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bonemet_training import fusion, golden  # noqa: E402
from bonemet_training.export import Publication  # noqa: E402
from bonemet_training.nets import LESION_64, TILE_256, Fusion, seeded  # noqa: E402


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


def write_fusion() -> None:
    """A fusion with random weights, exported into FOLDER, and its logits: both modalities, the first alone, the second alone, in turn."""
    count, target, folder = int(sys.argv[2]), sys.argv[3], Path(sys.argv[4])
    torch.set_num_threads(1)
    torch.manual_seed(21)
    size = 128
    net = Fusion([torch.randn(32, size) / 8 for _ in range(2)], [torch.rand(size) for _ in range(2)], 16, 1)
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.copy_(torch.randn(parameter.shape) / 4)
    net.temperature[:] = 1.25
    net = net.eval()
    parts = {modality: {"id": modality, "sha256": str(n) * 64} for n, modality in enumerate(fusion.MODALITIES)}
    fusion.export(net, Publication(
        id="fusion-random", version="1.0.0", title="Random fusion", trained=True, synthetic=True, marking="random weights, for the parity test", training={"kind": "none"}, heads=[],
        spacing=0.0), ["synthetic-demonstration"], parts, folder)
    outputs = []
    with torch.no_grad():
        for seed in range(count):
            item = golden.volume((1, 2 * size), seed) if seed > 1 else np.full((1, 2 * size), seed, dtype=np.float32)
            present = torch.tensor([((1.0, 1.0), (1.0, 0.0), (0.0, 1.0))[seed % 3]])
            outputs.append(net(torch.from_numpy(item[:, :size].copy()), torch.from_numpy(item[:, size:].copy()), present)[0].numpy().ravel())
    np.concatenate(outputs).astype("<f4").tofile(target)


write_fusion() if sys.argv[1] == "fusion" else main()
