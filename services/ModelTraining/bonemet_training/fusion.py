"""Trains the fusion of both modalities on the embeddings of two finished runs: seconds, where the encoders took minutes."""

from __future__ import annotations

import copy
import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Tuple

import numpy as np
import torch
from torch import Tensor

from . import curves, golden, heads, metrics
from .config import Config, ConfigError
from .data import DataError, Split, TrainingSet, sha256, split
from .export import Publication, floats, statements, write_card, write_onnx
from .nets import Fusion
from .training import EMBEDDINGS, Report, cancer_type, freeze, judged, marking, predictions

MODALITIES = ("imaging", "pathology")
COMPONENTS = 32
WIDTH = 16
# Pulls on the entering weights, tried in turn; validation chooses.
PENALTIES = (3e-2, 1e-2, 3e-3, 1e-3)
NAMES = ("imaging", "pathology", "fused")


@dataclass(frozen=True)
class Part:
    """One modality: the embeddings of every patient, and the encoder that made them."""

    embeddings: np.ndarray
    card: Dict[str, Any]

    @staticmethod
    def load(run: Path, modality: str, data: TrainingSet) -> "Part":
        try:
            inputs = json.loads((run / "inputs.json").read_text())
            cards = sorted(run.glob("*.card.json"))
            embeddings = np.load(run / EMBEDDINGS)
        except (OSError, ValueError) as error:
            raise DataError(f"{run}: not a finished run of {modality}: {error}") from error
        if inputs["modality"] != modality or len(cards) != 1:
            raise DataError(f"{run}: not a finished run of {modality}")
        if inputs["data"] != data.digest():
            raise DataError(f"{run}: this run learned from other cases than --cases")
        card = json.loads(cards[0].read_text())
        if sha256(run / card["file"]) != card["sha256"]:
            raise DataError(f"{run}: {card['file']} is not the file that its card describes")
        return Part(embeddings.astype(np.float32), card)


def run(data: TrainingSet, config: Config, folder: Path, imaging: Path, pathology: Path, say: Report) -> Path:
    """Returns the path of the fusion's card."""
    parts = [Part.load(path, modality, data) for path, modality in zip((imaging, pathology), MODALITIES)]
    rows = split(data, config)
    folder.mkdir(parents=True, exist_ok=True)
    freeze(folder / "inputs.json", {
        "config": dataclasses.asdict(config), "data": data.digest(), "modality": "fusion",
        "parts": {modality: part.card["sha256"] for modality, part in zip(MODALITIES, parts)}})
    embeddings = [part.embeddings for part in parts]
    net, history = train(embeddings, data.outcome, rows, config, say)
    (folder / "curves.svg").write_text(curves.svg(history, f"fusion, {len(history)} epochs"))
    return _publish(net, data, rows, parts, history, config, folder, say)


def train(embeddings: List[np.ndarray], outcome: np.ndarray, rows: Split, config: Config, say: Report) -> Tuple[Fusion, List[Dict[str, float]]]:
    """Chooses the penalty and the epoch by validation, then calibrates by patients that each net was not trained on."""
    best: Tuple[float, float, int, List[Dict[str, float]]] = (np.inf, 0.0, 0, [])
    for penalty in PENALTIES:
        _, history = _fit(embeddings, outcome, rows.training, rows.validation, config, penalty, config.epochs)
        epoch = int(np.argmin([entry["validation_loss"] for entry in history]))
        say(f"penalty {penalty:g}: validation {history[epoch]['validation_loss']:.4f}, AUC {history[epoch]['validation_auc']:.4f} after {epoch + 1} epochs")
        if history[epoch]["validation_loss"] < best[0]:
            best = (history[epoch]["validation_loss"], penalty, epoch + 1, history)
    _, penalty, epochs, history = best
    learned = np.sort(np.concatenate((rows.training, rows.validation)))
    unseen = np.empty((len(learned), 3))
    for fold in heads.folds(outcome[learned], config.seed):
        others = learned[np.setdiff1d(np.arange(len(learned)), fold)]
        net, _ = _fit(embeddings, outcome, others, learned[fold], config, penalty, epochs)
        unseen[fold] = predict(net, embeddings, learned[fold])
    net, _ = _fit(embeddings, outcome, learned, rows.validation, config, penalty, epochs)
    for n in range(3):
        intercept, slope = metrics.calibration(outcome[learned], unseen[:, n])
        if not slope > 0.05:
            slope, intercept = 1.0, 0.0
            say(f"the {NAMES[n]} label does not rise with the outcome: it is left as it is")
        net.shift[:, n] = intercept / slope
        net.temperature[:, n] = 1 / slope
    return net, history


def _fit(
    embeddings: List[np.ndarray], outcome: np.ndarray, training: np.ndarray, validation: np.ndarray, config: Config, penalty: float, epochs: int,
) -> Tuple[Fusion, List[Dict[str, float]]]:
    torch.manual_seed(config.seed)
    axes, offsets = zip(*(_components(embedding[training]) for embedding in embeddings))
    net = Fusion(axes, offsets, WIDTH, 1)
    optimiser = torch.optim.Adam(net.parameters(), lr=config.learning_rate)
    history: List[Dict[str, float]] = []
    inputs = [torch.from_numpy(np.ascontiguousarray(embedding)) for embedding in embeddings]
    targets = torch.from_numpy(outcome.astype(np.float32))
    for epoch in range(epochs):
        random = np.random.default_rng([config.seed, epoch])
        order = torch.from_numpy(random.permutation(training))
        net.train()
        total = 0.0
        for start in range(0, len(order), config.batch):
            batch = order[start:start + config.batch]
            present = torch.from_numpy(_dropout(random, len(batch), config.modality_dropout))
            logits, _ = net(inputs[0][batch], inputs[1][batch], present)
            y = targets[batch]
            loss = torch.nn.functional.binary_cross_entropy_with_logits(logits[:, 0, 2], y)
            for n in range(2):
                loss = loss + 0.5 * _where(logits[:, 0, n], y, present[:, n])
            loss = loss + penalty * sum(torch.sum(enter.weight ** 2) for enter in net.enter) / 2
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            total += float(loss.detach()) * len(batch)
        logit = predict(net, embeddings, validation)[:, 2]
        history.append({
            "training_loss": total / len(order), "validation_loss": metrics.log_loss(outcome[validation], logit), "validation_auc": metrics.auc(outcome[validation], logit)})
    return net.eval(), history


def _components(embedding: np.ndarray) -> Tuple[Tensor, Tensor]:
    """Leading principal components, on the scale of the first; each sign such that its largest weight is positive."""
    mean = embedding.mean(axis=0, dtype=np.float64)
    _, _, directions = np.linalg.svd(embedding - mean, full_matrices=False)
    directions = directions[:COMPONENTS]
    largest = directions[np.arange(len(directions)), np.argmax(np.abs(directions), axis=1)]
    scale = np.std((embedding - mean) @ directions[0]) + 1e-9
    return torch.from_numpy((directions * np.sign(largest)[:, None] / scale).astype(np.float32)), torch.from_numpy(mean.astype(np.float32))


def _dropout(random: np.random.Generator, count: int, share: float) -> np.ndarray:
    """Each modality is missing in this share of patients, never both."""
    draw = random.random(count)
    present = np.ones((count, 2), dtype=np.float32)
    present[draw < share, 0] = 0
    present[draw >= 1 - share, 1] = 0
    return present


def _where(logit: Tensor, y: Tensor, there: Tensor) -> Tensor:
    loss = torch.nn.functional.binary_cross_entropy_with_logits(logit, y, reduction="none")
    return torch.sum(loss * there) / torch.clamp(torch.sum(there), min=1)


def predict(net: Fusion, embeddings: List[np.ndarray], rows: np.ndarray, present: Tuple[float, float] = (1.0, 1.0)) -> np.ndarray:
    """[rows, 3]: the calibrated logits."""
    net.eval()
    with torch.no_grad():
        logits, _ = net(*(torch.from_numpy(np.ascontiguousarray(embedding[rows])) for embedding in embeddings), torch.tensor([present]).expand(len(rows), 2))
    return logits[:, 0].numpy().astype(np.float64)


def _publish(net: Fusion, data: TrainingSet, rows: Split, parts: List[Part], history: List[Dict[str, float]], config: Config, folder: Path, say: Report) -> Path:
    embeddings = [part.embeddings for part in parts]
    everyone = np.arange(data.size)
    logits = predict(net, embeddings, everyone)
    alone = {modality: predict(net, embeddings, everyone, present)[:, 2] for modality, present in zip(MODALITIES, ((1.0, 0.0), (0.0, 1.0)))}
    truth = [data.numbers(f"{modality}_log_odds") for modality in MODALITIES]

    def over(chosen: np.ndarray) -> Dict[str, Any]:
        entry = judged(data, rows, chosen, logits[:, 2])
        entry["singleAuc"] = {modality: metrics.auc(data.outcome[chosen], logits[chosen, n]) for n, modality in enumerate(MODALITIES)}
        entry["fusedAucWithOnly"] = {modality: metrics.auc(data.outcome[chosen], alone[modality][chosen]) for modality in MODALITIES}
        if truth[0] is not None and truth[1] is not None:
            entry["bayesAuc"] = metrics.auc(data.outcome[chosen], truth[0][chosen] + truth[1][chosen])
            entry["singleBayesAuc"] = {modality: metrics.auc(data.outcome[chosen], truth[n][chosen]) for n, modality in enumerate(MODALITIES)}  # type: ignore[index]
        return entry

    summary = {
        "kind": "synthetic" if data.synthetic else "own", "modality": "fusion", "dataSha256": data.digest(), "patients": data.size, "epochs": len(history), "seed": config.seed,
        "temperature": [float(value) for value in net.temperature[0]], "modalityDropout": config.modality_dropout,
        "validation": over(rows.validation), "heldOutSite": rows.site, "heldOut": over(rows.held_out)}
    (folder / "report.json").write_text(json.dumps(summary, indent=2) + "\n")
    predictions(folder, data, rows, {"label": logits[:, 2], "imaging_label": logits[:, 0], "pathology_label": logits[:, 1]})
    sizes = [part.card["output"]["embedding"] for part in parts]
    if sizes[0] != sizes[1]:
        raise ConfigError(f"the encoders give embeddings of {sizes[0]} and {sizes[1]} numbers; fusion takes two of one size")
    publication = Publication(
        id="fusion-synthetic" if data.synthetic else f"fusion-{data.digest()[:8]}", version="1.0.0",
        title=f"Fusion of imaging and pathology ({'synthetic demonstration' if data.synthetic else 'own data'})", trained=True, synthetic=data.synthetic,
        marking=marking(data), training=summary, heads=[], spacing=0.0)
    card = export(net, publication, [cancer_type(data)], {modality: {"id": part.card["id"], "sha256": part.card["sha256"]} for modality, part in zip(MODALITIES, parts)}, folder)
    held = summary["heldOut"]
    say(f"held-out site {rows.site}: fused AUC {held['auc']:.4f}, imaging {held['singleAuc']['imaging']:.4f}, pathology {held['singleAuc']['pathology']:.4f}")  # type: ignore[index]
    return card


def export(net: Fusion, publication: Publication, cancer_types: List[str], parts: Dict[str, Dict[str, str]], folder: Path) -> Path:
    size, seed = net.imaging_axes.shape[1], 20261125
    contract = {"name": "imaging", "kind": "embeddings", "type": "float32", "shape": [size], "size": size}
    sample = golden.volume((golden.GOLDEN_ITEMS, 2 * size), seed)
    # The golden items: both modalities, and the first alone.
    inputs = (torch.from_numpy(sample[:, :size].copy()), torch.from_numpy(sample[:, size:].copy()), torch.tensor([[1.0, 1.0], [1.0, 0.0]]))
    net = copy.deepcopy(net).eval()
    with torch.no_grad():
        logits, _ = net(*inputs)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{publication.id}.onnx"
    metadata = {
        **statements(publication, "fusion", contract), "bonemet.cancer-types": json.dumps(cancer_types), "bonemet.parts": json.dumps(parts, sort_keys=True),
        "bonemet.temperature": floats(net.temperature.numpy())}
    write_onnx(net, inputs, ["imaging", "pathology", "present"], ["logits", "gates"], path, publication, metadata)
    return write_card(folder, path, publication, "fusion", {
        "parameters": sum(p.numel() for p in net.parameters()), "input": contract, "output": {"embedding": size, "map": [len(cancer_types), 3]},
        "parts": parts, "cancerTypes": cancer_types,
        "golden": {"seed": seed, "items": golden.GOLDEN_ITEMS, "inputSha256": golden.sha256(sample), "output": floats(logits.numpy()), "outputSha256": golden.sha256(logits.numpy()), "tolerance": 1e-5}})
