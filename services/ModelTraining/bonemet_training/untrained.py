"""The two encoders that the foundation ships: real networks with weights from a fixed seed, marked untrained."""

from __future__ import annotations

from pathlib import Path
from typing import List

import torch

from .export import Head, Publication, publish
from .nets import LESION_64, TILE_256, Architecture, seeded

MARKING = "untrained: weights from a fixed random seed; the label carries no information and never enters a model"


def write(folder: Path) -> List[Path]:
    return [
        _write("lesion-untrained", "Lesion encoder, 64 cubed at 1.5 mm (untrained)", LESION_64, 1.5, 11, folder),
        _write("tile-untrained", "Tile encoder, 256 px at 0.5 micrometres (untrained)", TILE_256, 0.5, 12, folder)]


def _write(name: str, title: str, architecture: Architecture, spacing: float, seed: int, folder: Path) -> Path:
    generator = torch.Generator().manual_seed(seed + 1000)
    weights = torch.randn(architecture.embedding, generator=generator) / architecture.embedding
    return publish(seeded(architecture, seed), Publication(
        id=name, version="1.0.0", title=title, trained=False, synthetic=False, marking=MARKING,
        training={"kind": "none", "seed": seed}, heads=[Head("*", "max", weights.numpy(), 0.0)], spacing=spacing), folder)
