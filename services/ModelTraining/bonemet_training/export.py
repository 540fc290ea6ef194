"""Writes an encoder as ONNX (opset 17, IR 8, symbolic batch, batch norm folded) with its card."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

import numpy as np
import onnx
import torch

from . import golden
from .nets import Encoder

OPSET = 17
IR_VERSION = 8
# Hounsfield windows of the two channels: soft tissue, and bone with calcification.
WINDOWS = ((-160.0, 240.0), (-500.0, 1300.0))
# As many as drift takes where a card brings no reference: chance alone moves the index by about (bins - 1) / cases.
REFERENCE_BINS = 5
# Weights that this project makes itself stand under the terms of its repository.
LICENCE = {"spdx": "LicenseRef-BoneMetPlatform", "commercial": True, "derivatives": True}


@dataclass(frozen=True)
class Head:
    """Bag of embeddings -> logit: pool over the items, weights . pooled + bias, divided by the temperature."""

    cancer_type: str
    pooling: str  # max | mean | attention
    weights: np.ndarray
    bias: float
    temperature: float = 1.0
    # Gated attention: scores = w . (tanh(V e) * sigmoid(U e)).
    attention_v: Optional[np.ndarray] = None
    attention_u: Optional[np.ndarray] = None
    attention_w: Optional[np.ndarray] = None
    # The same head fitted on resampled patients, one row each: weights ++ bias; how far they disagree is the label's uncertainty.
    ensemble: Optional[np.ndarray] = None

    def document(self) -> Dict[str, Any]:
        body: Dict[str, Any] = {
            "cancerType": self.cancer_type, "pooling": self.pooling, "weights": floats(self.weights),
            "bias": float(np.float32(self.bias)), "temperature": float(np.float32(self.temperature))}
        if self.pooling == "attention":
            assert self.attention_v is not None and self.attention_u is not None and self.attention_w is not None
            body["attention"] = {
                "hidden": int(self.attention_w.shape[0]), "v": floats(self.attention_v), "u": floats(self.attention_u), "w": floats(self.attention_w)}
        if self.ensemble is not None:
            body["ensemble"] = floats(self.ensemble)
        return body


@dataclass(frozen=True)
class Readings:
    """Deterministic properties read from the pooled embedding: value = mean + scale * (weights . e + bias)."""

    names: Tuple[str, ...]
    weights: np.ndarray
    bias: np.ndarray
    mean: np.ndarray
    scale: np.ndarray

    def apply(self, pooled: np.ndarray) -> np.ndarray:
        return self.mean + self.scale * (pooled @ self.weights.T + self.bias)

    def document(self) -> List[Dict[str, Any]]:
        return [{"name": name, "weights": floats(self.scale[i] * self.weights[i]), "bias": float(self.mean[i] + self.scale[i] * self.bias[i])}
                for i, name in enumerate(self.names)]


@dataclass(frozen=True)
class Guard:
    """The range seen in training: Mahalanobis distance of the pooled embedding, and the distance beyond which a label is withheld."""

    mean: np.ndarray
    precision: np.ndarray
    threshold: float

    @staticmethod
    def fit(training: np.ndarray, validation: np.ndarray) -> "Guard":
        """The threshold is a quarter above the 99.5 % quantile in patients that were not learned from."""
        mean = training.mean(axis=0)
        covariance = np.cov(training.astype(np.float64), rowvar=False)
        ridge = 0.01 * float(np.trace(covariance)) / len(covariance)
        precision = np.linalg.inv(covariance + ridge * np.eye(len(covariance)))
        guard = Guard(mean, precision, 0.0)
        return Guard(mean, precision, 1.25 * float(np.quantile(guard.distance(validation), 0.995)))

    def distance(self, pooled: np.ndarray) -> np.ndarray:
        centred = pooled.astype(np.float64) - self.mean
        return np.sqrt(np.maximum(0.0, np.einsum("ij,jk,ik->i", centred, self.precision, centred)))

    def document(self) -> Dict[str, Any]:
        return {"mean": floats(self.mean), "precision": floats(self.precision), "threshold": self.threshold}


@dataclass(frozen=True)
class Reference:
    """How the labels lie over patients that the encoder was judged by: what the drift of later cases is measured against."""

    edges: np.ndarray  # between bins, logit scale
    shares: np.ndarray

    @staticmethod
    def fit(logit: np.ndarray) -> "Reference":
        edges = np.unique(np.quantile(logit, np.arange(1, REFERENCE_BINS) / REFERENCE_BINS))
        counts = np.bincount(np.searchsorted(edges, logit, side="right"), minlength=len(edges) + 1)
        return Reference(edges, counts / len(logit))

    def document(self) -> Dict[str, Any]:
        return {"edges": [float(edge) for edge in self.edges], "shares": [float(share) for share in self.shares]}


@dataclass(frozen=True)
class Publication:
    """What the card and the file say about an encoder beside its numbers."""

    id: str
    version: str
    title: str
    trained: bool
    synthetic: bool
    marking: str
    training: Dict[str, Any]
    heads: List[Head]
    spacing: float  # mm per voxel, or micrometres per pixel
    guard: Optional[Guard] = None
    readings: Optional[Readings] = None
    reference: Optional[Reference] = None


def floats(array: np.ndarray) -> str:
    """Little-endian float32 as base64: exact, and short."""
    return base64.b64encode(np.ascontiguousarray(array, dtype="<f4").tobytes()).decode("ascii")


def input_contract(net: Encoder, spacing: float) -> Dict[str, Any]:
    size = net.architecture.size
    if net.architecture.dimensions == 3:
        return {"name": "volume", "kind": "volume", "type": "float32", "shape": [2, size, size, size], "size": size, "spacingMm": spacing,
                "windows": [{"low": low, "high": high} for low, high in WINDOWS], "modalities": ["CT"]}
    return {"name": "tiles", "kind": "tiles", "type": "uint8", "shape": [size, size, 3], "size": size, "micronsPerPixel": spacing}


def publish(net: Encoder, publication: Publication, folder: Path) -> Path:
    """Exports, checks, proves and writes `<id>.onnx` and `<id>.card.json`; returns the card's path."""
    folder.mkdir(parents=True, exist_ok=True)
    net = net.eval()
    architecture = net.architecture
    contract = input_contract(net, publication.spacing)
    seed = 20261123
    shape = (golden.GOLDEN_ITEMS, *contract["shape"])
    sample = golden.volume(shape, seed) if architecture.dimensions == 3 else golden.tiles(shape, seed)
    with torch.no_grad():
        embedding, last = net(torch.from_numpy(sample))

    path = folder / f"{publication.id}.onnx"
    metadata = {
        **statements(publication, modality(net), contract), "bonemet.heads": json.dumps([head.document() for head in publication.heads], sort_keys=True),
        "bonemet.projection": json.dumps({
            "channels": architecture.channels, "weights": floats(net.projection.weight.detach().numpy().reshape(architecture.embedding, -1)),
            "bias": floats(net.projection.bias.detach().numpy()), **({"rectified": True} if architecture.rectified else {})}, sort_keys=True)}
    if publication.guard is not None:
        metadata["bonemet.guard"] = json.dumps(publication.guard.document(), sort_keys=True)
    if publication.readings is not None:
        metadata["bonemet.readings"] = json.dumps(publication.readings.document(), sort_keys=True)
    write_onnx(net, (torch.from_numpy(sample),), [contract["name"]], ["embedding", "map"], path, publication, metadata)

    return write_card(folder, path, publication, modality(net), {
        "parameters": sum(p.numel() for p in net.parameters()),
        "input": contract,
        "output": {"embedding": architecture.embedding, "map": [architecture.channels] + [architecture.map_size] * architecture.dimensions},
        "cancerTypes": sorted({head.cancer_type for head in publication.heads}),
        "golden": {"seed": seed, "items": golden.GOLDEN_ITEMS, "inputSha256": golden.sha256(sample),
                   "output": floats(embedding.numpy()), "outputSha256": golden.sha256(embedding.numpy()), "tolerance": 1e-4}})


def statements(publication: Publication, strand: str, contract: Dict[str, Any]) -> Dict[str, str]:
    """What every file says of itself."""
    return {
        "bonemet.id": publication.id, "bonemet.version": publication.version, "bonemet.modality": strand,
        "bonemet.marking": publication.marking, "bonemet.licence": LICENCE["spdx"], "bonemet.input": json.dumps(contract, sort_keys=True),
        "bonemet.training": json.dumps(publication.training, sort_keys=True)}


def write_onnx(net: torch.nn.Module, sample: Tuple[torch.Tensor, ...], inputs: List[str], outputs: List[str], path: Path, publication: Publication, metadata: Dict[str, str]) -> None:
    """Symbolic batch, batch norm folded, nothing in the file that would differ the next time."""
    torch.onnx.export(
        net, sample, str(path), opset_version=OPSET, input_names=inputs, output_names=outputs,
        dynamic_axes={name: {0: "n"} for name in (*inputs, *outputs)}, do_constant_folding=True)
    model = onnx.load(str(path))
    model.ir_version = IR_VERSION
    model.producer_name, model.producer_version = "bonemet-training", publication.version
    model.doc_string = publication.marking
    del model.metadata_props[:]
    for key in sorted(metadata):
        entry = model.metadata_props.add()
        entry.key, entry.value = key, metadata[key]
    for node in model.graph.node:
        node.doc_string = ""
    onnx.checker.check_model(model)
    assert not any(node.op_type == "BatchNormalization" for node in model.graph.node), "batch norm must be folded"
    path.write_bytes(model.SerializeToString(deterministic=True))


def write_card(folder: Path, path: Path, publication: Publication, strand: str, rest: Dict[str, Any]) -> Path:
    card = {
        "schema": "bonemet.encoder/1", "id": publication.id, "version": publication.version, "title": publication.title,
        "modality": strand, "file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "trained": publication.trained, "synthetic": publication.synthetic, "marking": publication.marking,
        "licence": LICENCE, **rest, **({"reference": publication.reference.document()} if publication.reference is not None else {}), "training": publication.training}
    target = folder / f"{publication.id}.card.json"
    target.write_text(json.dumps(card, indent=2) + "\n")
    return target


def modality(net: Encoder) -> str:
    return "imaging" if net.architecture.dimensions == 3 else "pathology"
