"""The encoders' networks. One class builds both: 3-D for lesion cubes, 2-D for slide tiles.

Shapes (n = batch):
    volume  [n, 2, s, s, s]  float32, two intensity windows scaled to 0..1
    tiles   [n, s, s, 3]     uint8, RGB as a slide reader gives it; scaled and normalised inside the graph
    map     [n, c, m, ...]   last feature map
    pooled  average over positions ++ maximum over positions: 2c channels
    embedding [n, d]         linear in the pooled channels (rectified where the architecture says so), so that a label can be traced back to
                             positions exactly
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence, Tuple

import torch
from torch import Tensor, nn

TILE_MEAN = (0.70, 0.55, 0.70)
TILE_STD = (0.20, 0.22, 0.20)


@dataclass(frozen=True)
class Architecture:
    """A stem followed by residual stages; a stage halves the grid when its stride is 2."""

    dimensions: int
    size: int
    stem_channels: int
    stem_stride: int
    stages: Tuple[Tuple[int, int], ...]  # (channels, stride)
    embedding: int
    # A rectified embedding lets the label and the readings bend; each is then still a plain sum over positions for the units that are on.
    rectified: bool = False

    @property
    def channels(self) -> int:
        return self.stages[-1][0]

    @property
    def map_size(self) -> int:
        size = self.size // self.stem_stride
        for _, stride in self.stages:
            size //= stride
        return size


LESION_64 = Architecture(3, 64, 8, 2, ((16, 2), (32, 2), (48, 1)), 128)
TILE_256 = Architecture(2, 256, 16, 4, ((32, 2), (48, 2), (64, 1)), 128)
# The demonstration contract: the same field of view for lesions, a quarter of it for tiles, so that two CPU cores learn it in minutes.
LESION_32 = Architecture(3, 32, 12, 2, ((24, 2), (32, 1)), 128, rectified=True)
TILE_64 = Architecture(2, 64, 16, 2, ((24, 2), (32, 2)), 128)
ARCHITECTURES = {"lesion-64": LESION_64, "tile-256": TILE_256, "lesion-32": LESION_32, "tile-64": TILE_64}


class Residual(nn.Module):
    def __init__(self, dimensions: int, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        conv, norm = (nn.Conv3d, nn.BatchNorm3d) if dimensions == 3 else (nn.Conv2d, nn.BatchNorm2d)
        self.body = nn.Sequential(
            conv(inputs, outputs, 3, stride, 1, bias=False), norm(outputs), nn.ReLU(inplace=True),
            conv(outputs, outputs, 3, 1, 1, bias=False), norm(outputs))
        self.skip: nn.Module = nn.Sequential(conv(inputs, outputs, 1, stride, bias=False), norm(outputs)) \
            if stride != 1 or inputs != outputs else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.body(x) + self.skip(x))


class Encoder(nn.Module):
    """Input -> (embedding, last feature map)."""

    def __init__(self, architecture: Architecture) -> None:
        super().__init__()
        self.architecture = architecture
        three = architecture.dimensions == 3
        conv, norm = (nn.Conv3d, nn.BatchNorm3d) if three else (nn.Conv2d, nn.BatchNorm2d)
        self.stem = nn.Sequential(
            conv(2 if three else 3, architecture.stem_channels, 3 if three else 5, architecture.stem_stride, 1 if three else 2, bias=False),
            norm(architecture.stem_channels), nn.ReLU(inplace=True))
        stages, channels = [], architecture.stem_channels
        for outputs, stride in architecture.stages:
            stages.append(Residual(architecture.dimensions, channels, outputs, stride))
            channels = outputs
        self.stages = nn.Sequential(*stages)
        # A 1x1 convolution, not a matrix product: ONNX Runtime then computes every item of a batch by the same code, so that an
        # embedding does not depend, even in its last bit, on which items happen to share its batch.
        self.projection = conv(2 * channels, architecture.embedding, 1)
        if not three:
            self.register_buffer("mean", torch.tensor(TILE_MEAN).view(1, 3, 1, 1))
            self.register_buffer("std", torch.tensor(TILE_STD).view(1, 3, 1, 1))

    def forward(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        if self.architecture.dimensions == 2:
            x = (x.permute(0, 3, 1, 2).to(torch.float32) / 255.0 - self.mean) / self.std
        features = self.stages(self.stem(x))
        axes: Sequence[int] = (2, 3, 4) if self.architecture.dimensions == 3 else (2, 3)
        pooled = torch.cat((features.mean(dim=axes, keepdim=True), features.amax(dim=axes, keepdim=True)), dim=1)
        embedding = self.projection(pooled)
        return (torch.relu(embedding) if self.architecture.rectified else embedding).flatten(1), features


class BagClassifier(nn.Module):
    """Encoder, pooling over the items of a bag, linear label, linear readings of deterministic properties, and, for training alone, where the lesion is."""

    def __init__(self, architecture: Architecture, pooling: str, readings: int, masks: bool = False, hidden: int = 32) -> None:
        super().__init__()
        if pooling not in ("max", "mean", "attention"):
            raise ValueError(f"pooling must be max, mean or attention, not {pooling!r}")
        self.encoder = Encoder(architecture)
        self.pooling = pooling
        self.label = nn.Linear(architecture.embedding, 1)
        self.readings = nn.Linear(architecture.embedding, readings) if readings else None
        self.fullness = nn.Conv3d(architecture.channels, 8, 1) if masks else None
        if pooling == "attention":
            self.attend_v = nn.Linear(architecture.embedding, hidden, bias=False)
            self.attend_u = nn.Linear(architecture.embedding, hidden, bias=False)
            self.attend_w = nn.Linear(hidden, 1, bias=False)

    def pool(self, embeddings: Tensor) -> Tensor:
        """[bags, items, d] -> [bags, d]."""
        if self.pooling == "max":
            return embeddings.amax(dim=1)
        if self.pooling == "mean":
            return embeddings.mean(dim=1)
        score = self.attend_w(torch.tanh(self.attend_v(embeddings)) * torch.sigmoid(self.attend_u(embeddings)))
        return (torch.softmax(score, dim=1) * embeddings).sum(dim=1)

    def forward(self, items: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
        """[bags, items, ...] -> (logits [bags], pooled embeddings [bags, d], feature maps [bags * items, c, ...])."""
        bags, count = items.shape[:2]
        embeddings, features = self.encoder(items.reshape(bags * count, *items.shape[2:]))
        pooled = self.pool(embeddings.reshape(bags, count, -1))
        return self.label(pooled).squeeze(1), pooled, features

    def blocks(self, features: Tensor) -> Tensor:
        """[bags, c, m, m, m] -> logits of fullness [bags, 2m, 2m, 2m]: each position of the map speaks for its eight octants."""
        assert self.fullness is not None
        octants = self.fullness(features)
        n, _, m = octants.shape[:3]
        return octants.reshape(n, 2, 2, 2, m, m, m).permute(0, 4, 1, 5, 2, 6, 3).reshape(n, 2 * m, 2 * m, 2 * m)


def seeded(architecture: Architecture, seed: int) -> Encoder:
    """The network with weights drawn from a fixed seed: the same on every machine and PyTorch version that keeps its generator."""
    generator = torch.Generator().manual_seed(seed)
    net = Encoder(architecture)
    with torch.no_grad():
        for module in net.modules():
            if isinstance(module, (nn.Conv2d, nn.Conv3d)):
                fan_in = module.weight[0].numel()
                gain = 0.1 if module is net.projection else 2.0
                module.weight.copy_(torch.randn(module.weight.shape, generator=generator) * (gain / fan_in) ** 0.5)
                if module.bias is not None:
                    module.bias.zero_()
            elif isinstance(module, (nn.BatchNorm2d, nn.BatchNorm3d)):
                module.running_mean.zero_()
                module.running_var.fill_(1.0)
    return net.eval()


class Fusion(nn.Module):
    """Two embeddings -> the labels of each cancer type: imaging, pathology, fused.

    Shapes (n = batch, t = cancer types, w = width):
        imaging [n, d], pathology [n, d]   pooled embeddings
        present [n, 2]                     1 where the modality is there, 0 where it is missing; its values are then not looked at
        logits  [n, t, 3]                  calibrated: imaging, pathology, fused
        gates   [n, 2]                     how far each modality's channels are let through, 0..1

    A missing modality's channels are learned values, so that it is a state that was trained, not a zero that was never seen.
    """

    def __init__(self, axes: Sequence[Tensor], offsets: Sequence[Tensor], width: int, cancer_types: int) -> None:
        super().__init__()
        self.cancer_types = cancer_types
        for name, axis, offset in zip(("imaging", "pathology"), axes, offsets):
            # Leading principal components: the directions in which patients differ, and few enough not to learn noise by heart.
            self.register_buffer(f"{name}_axes", axis)
            self.register_buffer(f"{name}_offset", offset)
        self.enter = nn.ModuleList([nn.Linear(axis.shape[0], width, bias=False) for axis in axes])
        self.absent = nn.Parameter(torch.zeros(2, width))
        self.gate = nn.Linear(2 * width + 2, 2)
        self.single = nn.ModuleList([nn.Linear(width, cancer_types) for _ in axes])
        self.fused = nn.Linear(2 * width, cancer_types)
        self.register_buffer("shift", torch.zeros(cancer_types, 3))
        self.register_buffer("temperature", torch.ones(cancer_types, 3))

    def forward(self, imaging: Tensor, pathology: Tensor, present: Tensor) -> Tuple[Tensor, Tensor]:
        channels = []
        for n, (embedding, name) in enumerate(((imaging, "imaging"), (pathology, "pathology"))):
            there = present[:, n:n + 1]
            entered = self.enter[n]((embedding - getattr(self, f"{name}_offset")) @ getattr(self, f"{name}_axes").t())
            channels.append(there * entered + (1 - there) * self.absent[n])
        gates = torch.sigmoid(self.gate(torch.cat((*channels, present), dim=1)))
        fused = self.fused(torch.cat((gates[:, 0:1] * channels[0], gates[:, 1:2] * channels[1]), dim=1))
        logits = torch.stack((self.single[0](channels[0]), self.single[1](channels[1]), fused), dim=2)
        return (logits + self.shift) / self.temperature, gates
