"""Trains one encoder. A run is a folder: it can be killed at any moment and started again, and ends in the same bytes as if it had not been."""

from __future__ import annotations

import csv
import dataclasses
import json
import math
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Tuple

import numpy as np
import torch
from torch import Tensor

from . import curves, heads, metrics
from .config import Config, ConfigError
from .data import READINGS, TRUTHS, DataError, Split, TrainingSet, split
from .export import Guard, Head, Publication, Readings, Reference, publish
from .nets import ARCHITECTURES, Architecture, BagClassifier

Report = Callable[[str], None]
SYNTHETIC_MARKING = "synthetic: for demonstration; learned from generated data, the label enters no clinical model"
CHECKPOINT = "checkpoint.pt"
EMBEDDINGS = "embeddings.npy"


@dataclass(frozen=True)
class Run:
    modality: str
    data: TrainingSet
    config: Config
    folder: Path
    device: torch.device
    say: Report


def train(run: Run) -> Path:
    """Returns the path of the encoder's card."""
    torch.manual_seed(run.config.seed)
    architecture = architecture_of(run)
    parts = split(run.data, run.config)
    readings = _reading_targets(run, parts)
    net = BagClassifier(architecture, run.config.pooling, len(readings.names) if readings else 0, _learns_masks(run, architecture)).to(run.device)
    parameters = sum(p.numel() for p in net.parameters())
    run.say(f"{run.modality}: {len(parts.training)} patients to learn from, {len(parts.validation)} to stop by, {len(parts.held_out)} of site {parts.site} held out; {parameters} parameters")
    run.folder.mkdir(parents=True, exist_ok=True)
    frozen = {"config": dataclasses.asdict(run.config), "data": run.data.digest(), "modality": run.modality}
    freeze(run.folder / "inputs.json", frozen)

    history, best = _fit(run, net, parts, readings)
    net.load_state_dict(best)
    net.eval()
    (run.folder / "curves.svg").write_text(curves.svg(history, f"{run.modality} encoder, {len(history)} epochs"))
    return _finish(run, net, architecture, parts, readings, history)


def architecture_of(run: Run) -> Architecture:
    name = run.config.architecture or ("lesion-32" if run.modality == "imaging" else "tile-64")
    if name not in ARCHITECTURES:
        raise ConfigError(f"there is no architecture {name!r}; there are {', '.join(ARCHITECTURES)}")
    architecture = ARCHITECTURES[name]
    items = run.data.volumes if run.modality == "imaging" else run.data.tiles
    if items is None:
        raise DataError(f"the training set holds nothing for {run.modality}")
    dimensions, size = (3, items.shape[2]) if run.modality == "imaging" else (2, items.shape[2])
    if (architecture.dimensions, architecture.size) != (dimensions, size):
        raise ConfigError(f"{name} reads {architecture.dimensions}-D items of edge {architecture.size}; the training set holds {dimensions}-D items of edge {size}")
    return architecture


@dataclass(frozen=True)
class Targets:
    names: Tuple[str, ...]
    values: np.ndarray  # standardised, rows as in the training set
    mean: np.ndarray
    scale: np.ndarray


def _reading_targets(run: Run, parts: Split) -> Optional[Targets]:
    """Properties that follow from the image alone, learned beside the outcome; from the lesion's mask, which serving does not need."""
    names = tuple(name for name in READINGS[run.modality] if name in run.data.columns) if run.config.readings_weight > 0 else ()
    if not names:
        return None
    values = np.column_stack([run.data.numbers(name) for name in names])  # type: ignore[arg-type]
    mean, scale = values[parts.training].mean(axis=0), values[parts.training].std(axis=0) + 1e-9
    return Targets(names, (values - mean) / scale, mean, scale)


def _learns_masks(run: Run, architecture: Architecture) -> bool:
    return run.modality == "imaging" and run.data.masks is not None and run.config.mask_weight > 0 and run.data.masks.shape[1] == 2 * architecture.map_size


def _fit(run: Run, net: BagClassifier, parts: Split, readings: Optional[Targets]) -> Tuple[List[Dict[str, float]], Dict[str, Tensor]]:
    config = run.config
    optimiser = torch.optim.AdamW(net.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay)
    outcome = run.data.outcome
    positive = float(outcome[parts.training].mean())
    weight = torch.tensor((1 - positive) / positive if config.class_weighting else 1.0, device=run.device)
    history: List[Dict[str, float]] = []
    best: Dict[str, Tensor] = {}
    best_loss, stale = math.inf, 0
    checkpoint = run.folder / CHECKPOINT
    if checkpoint.exists():
        state = torch.load(checkpoint, map_location=run.device)
        net.load_state_dict(state["net"])
        optimiser.load_state_dict(state["optimiser"])
        history, best, best_loss, stale = state["history"], state["best"], state["best_loss"], state["stale"]
        run.say(f"resumed after epoch {len(history)}")

    steps = math.ceil(len(parts.training) / config.batch)
    while len(history) < config.epochs and stale < config.patience:
        epoch, began = len(history), time.monotonic()
        random = np.random.default_rng([config.seed, epoch])
        order = random.permutation(parts.training)
        net.train()
        total = 0.0
        for step in range(steps):
            rows = np.sort(order[step * config.batch:(step + 1) * config.batch])
            for group in optimiser.param_groups:
                group["lr"] = config.learning_rate * schedule((epoch + step / steps) / config.epochs)
            items, masks = _items(run, rows, random, config.augment)
            logits, pooled, features = net(items)
            y = torch.from_numpy(outcome[rows]).to(run.device, torch.float32)
            loss = config.outcome_weight * torch.nn.functional.binary_cross_entropy_with_logits(logits, y, pos_weight=weight)
            if readings is not None and net.readings is not None:
                target = torch.from_numpy(readings.values[rows]).to(run.device, torch.float32)
                loss = loss + config.readings_weight * torch.nn.functional.smooth_l1_loss(net.readings(pooled), target)
            if masks is not None and net.fullness is not None:
                loss = loss + config.mask_weight * torch.nn.functional.binary_cross_entropy_with_logits(net.blocks(features), masks)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            optimiser.step()
            total += float(loss.detach()) * len(rows)
            if not math.isfinite(total):
                raise DataError("the loss is not a number any more: lower the learning rate or look at the inputs")
        logit, pooled_all = predict(run, net, parts.validation)
        validation = metrics.log_loss(outcome[parts.validation], logit)
        watched, spoken = config.outcome_weight * validation, ""
        if readings is not None and net.readings is not None:
            with torch.no_grad():
                read = net.readings(torch.from_numpy(pooled_all).to(run.device)).cpu().numpy()
            truth = readings.values[parts.validation]
            watched += config.readings_weight * float(np.mean((read - truth) ** 2)) / 2
            spoken = "  R2 " + " ".join(f"{name} {metrics.r_squared(truth[:, i], read[:, i]):.3f}" for i, name in enumerate(readings.names))
        entry = {"training_loss": total / len(parts.training), "validation_loss": validation, "validation_auc": metrics.auc(outcome[parts.validation], logit)}
        history.append(entry)
        if watched < best_loss:
            best_loss, stale = watched, 0
            best = {name: value.detach().clone() for name, value in net.state_dict().items()}
        else:
            stale += 1
        _save(checkpoint, {"net": net.state_dict(), "optimiser": optimiser.state_dict(), "history": history, "best": best, "best_loss": best_loss, "stale": stale})
        run.say(f"epoch {epoch + 1:3d}/{config.epochs}  loss {entry['training_loss']:.4f}  validation {validation:.4f}  AUC {entry['validation_auc']:.4f}  {time.monotonic() - began:.0f} s{spoken}")
    return history, best


def schedule(progress: float) -> float:
    """A short warm-up, then a cosine to a fiftieth."""
    warm = 0.03
    return progress / warm + 1e-3 if progress < warm else 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * (progress - warm) / (1 - warm)))


def _items(run: Run, rows: np.ndarray, random: Optional[np.random.Generator], augment: bool) -> Tuple[Tensor, Optional[Tensor]]:
    """[rows, items, ...] and, for volumes, how full of lesion their blocks are: without a generator every item of a bag, untouched."""
    if run.modality == "imaging":
        assert run.data.volumes is not None
        cubes = np.ascontiguousarray(run.data.volumes[rows])
        masks = None if run.data.masks is None else run.data.masks[rows].astype(np.float32) / 255
        if random is not None and augment:
            for n, cube in enumerate(cubes):
                _turn_cube(cube, None if masks is None else masks[n], random)
        return torch.from_numpy(cubes[:, None]).to(run.device), None if masks is None else torch.from_numpy(masks).to(run.device)
    assert run.data.tiles is not None
    if random is None:
        return torch.from_numpy(np.ascontiguousarray(run.data.tiles[rows])).to(run.device), None
    count = min(run.config.items, run.data.tiles.shape[1])
    bags = np.stack([run.data.tiles[row][np.sort(random.permutation(run.data.tiles.shape[1])[:count])] for row in rows])
    if augment:
        for bag in bags:
            for tile in bag:
                tile[:] = np.rot90(tile[:, ::-1] if random.integers(2) else tile, int(random.integers(4)))
            shift = random.integers(-8, 9, size=3)
            bag[:] = np.clip(bag.astype(np.int16) + shift, 0, 255).astype(np.uint8)
    return torch.from_numpy(bags).to(run.device), None


def _turn_cube(cube: np.ndarray, mask: Optional[np.ndarray], random: np.random.Generator) -> None:
    """One of the 48 symmetries of the cube, for its mask as well, and a small change of brightness."""
    axes = [int(axis) for axis in random.permutation(3)]
    flips = [axis for axis in range(3) if random.integers(2)]
    turned = np.flip(np.transpose(cube, (0, *(1 + axis for axis in axes))), [1 + axis for axis in flips])
    cube[:] = np.clip(turned.copy() + np.float32(random.normal(0, 0.01)), 0, 1)
    if mask is not None:
        mask[:] = np.flip(np.transpose(mask, axes), flips).copy()


def predict(run: Run, net: BagClassifier, rows: np.ndarray, chunk: int = 64) -> Tuple[np.ndarray, np.ndarray]:
    """Logits and pooled embeddings."""
    net.eval()
    logits, pooled = [], []
    with torch.no_grad():
        for start in range(0, len(rows), chunk):
            a, b, _ = net(_items(run, rows[start:start + chunk], None, False)[0])
            logits.append(a.cpu().numpy())
            pooled.append(b.cpu().numpy())
    return np.concatenate(logits).astype(np.float64), np.concatenate(pooled)


def _finish(run: Run, net: BagClassifier, architecture: Architecture, parts: Split, readings: Optional[Targets], history: List[Dict[str, float]]) -> Path:
    _, pooled = predict(run, net, np.arange(run.data.size))
    _keep(run.folder / EMBEDDINGS, pooled)
    said: Optional[Readings] = None
    if readings is not None and net.readings is not None:
        said = Readings(readings.names, net.readings.weight.detach().cpu().numpy(), net.readings.bias.detach().cpu().numpy(), readings.mean, readings.scale)
    label = heads.fit(run.data, parts, pooled, said, run.config.seed)
    attention: Dict[str, np.ndarray] = {}
    if run.config.pooling == "attention":
        attention = {"attention_v": net.attend_v.weight.detach().cpu().numpy(), "attention_u": net.attend_u.weight.detach().cpu().numpy(),
                     "attention_w": net.attend_w.weight.detach().cpu().numpy()[0]}
    head = Head(cancer_type(run.data), run.config.pooling, label.weights, label.bias, label.temperature, ensemble=label.ensemble, **attention)
    guard = Guard.fit(pooled[parts.training], pooled[parts.validation])

    logit = label.logit(pooled)
    summary = _summary(run, parts, logit, pooled, said, history, label)
    predictions(run.folder, run.data, parts, {"label": logit})
    (run.folder / "report.json").write_text(json.dumps(summary, indent=2) + "\n")
    name = "lesion-synthetic" if run.modality == "imaging" else "tile-synthetic"
    if not run.data.synthetic:
        name = f"{'lesion' if run.modality == 'imaging' else 'tile'}-{run.data.digest()[:8]}"
    part = run.data.document["volumes" if run.modality == "imaging" else "tiles"]
    card = publish(net.encoder.to("cpu"), Publication(
        id=name, version="1.0.0", title=f"{'Lesion' if run.modality == 'imaging' else 'Tile'} encoder ({'synthetic demonstration' if run.data.synthetic else 'own data'})",
        trained=True, synthetic=run.data.synthetic, marking=marking(run.data),
        training=summary, heads=[head], spacing=float(part["spacingMm"] if run.modality == "imaging" else part["micronsPerPixel"]), guard=guard, readings=said,
        reference=Reference.fit(logit[parts.held_out])), run.folder)
    run.say(f"held-out site {parts.site}: AUC {summary['heldOut']['auc']:.4f}" + (f" (best possible {summary['heldOut']['bayesAuc']:.4f})" if "bayesAuc" in summary["heldOut"] else ""))
    return card


def cancer_type(data: TrainingSet) -> str:
    return str(data.document.get("cancerType", "synthetic-demonstration" if data.synthetic else "*"))


def marking(data: TrainingSet) -> str:
    return SYNTHETIC_MARKING if data.synthetic else "research use: not validated outside its training sites"


def _summary(run: Run, parts: Split, logit: np.ndarray, pooled: np.ndarray, said: Optional[Readings], history: List[Dict[str, float]], label: heads.Label) -> Dict[str, Any]:
    truth = run.data.numbers(f"{run.modality}_log_odds")

    def over(rows: np.ndarray) -> Dict[str, Any]:
        entry = judged(run.data, parts, rows, logit)
        if truth is not None:
            entry["bayesAuc"] = metrics.auc(run.data.outcome[rows], truth[rows])
        if said is not None:
            predicted = said.apply(pooled[rows])
            entry["readingsR2"] = {name: metrics.r_squared(run.data.numbers(name)[rows], predicted[:, i]) for i, name in enumerate(said.names)}  # type: ignore[index]
        return entry

    return {
        "kind": "synthetic" if run.data.synthetic else "own", "modality": run.modality, "dataSha256": run.data.digest(), "patients": run.data.size,
        "epochs": len(history), "seed": run.config.seed, "pooling": run.config.pooling, "head": label.basis, "temperature": label.temperature,
        "validation": over(parts.validation), "heldOutSite": parts.site, "heldOut": over(parts.held_out)}


def judged(data: TrainingSet, parts: Split, rows: np.ndarray, logit: np.ndarray) -> Dict[str, Any]:
    """Discrimination and calibration of a label, and of the comparators that the clinical factors allow."""
    outcome, clinical = data.outcome, data.clinical()
    a, b = metrics.calibration(outcome[rows], logit[rows])
    entry: Dict[str, Any] = {"n": int(len(rows)), "events": int(outcome[rows].sum()), "auc": metrics.auc(outcome[rows], logit[rows]), "calibrationIntercept": a, "calibrationSlope": b}
    if clinical is not None:
        only = metrics.logistic(clinical[parts.training], outcome[parts.training])
        both = metrics.logistic(np.column_stack((clinical, logit))[parts.validation], outcome[parts.validation])
        entry["clinicalOnlyAuc"] = metrics.auc(outcome[rows], clinical[rows] @ only[1:])
        entry["clinicalAndImageAuc"] = metrics.auc(outcome[rows], np.column_stack((clinical, logit))[rows] @ both[1:])
    return entry


def predictions(folder: Path, data: TrainingSet, parts: Split, labels: Dict[str, np.ndarray]) -> None:
    """One row per patient, for the report that shared/Statistics computes (`bonemet train report`)."""
    kinds = {**{int(row): "training" for row in parts.training}, **{int(row): "validation" for row in parts.validation}, **{int(row): "held-out" for row in parts.held_out}}
    truths = [name for name in TRUTHS if name in data.columns]
    with open(folder / "predictions.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["patient", "site", "set", "outcome", *labels, *(f"factor:{name}" for name in data.factors), *truths])
        for row in range(data.size):
            writer.writerow([data.columns["patient"][row], data.columns["site"][row], kinds[row], data.columns["outcome"][row], *(repr(float(values[row])) for values in labels.values()),
                             *(data.columns[name][row] for name in (*data.factors, *truths))])


def freeze(path: Path, inputs: Dict[str, Any]) -> None:
    """A run continues only with the inputs that it began with."""
    text = json.dumps(inputs, indent=2, sort_keys=True) + "\n"
    if path.exists() and path.read_text() != text:
        raise ConfigError(f"{path.parent} holds a run with other data or settings; give another --out")
    path.write_text(text)


def _keep(path: Path, array: np.ndarray) -> None:
    """Embeddings of every patient, for the fusion that is trained on them."""
    np.save(path, np.ascontiguousarray(array, dtype="<f4"))


def _save(path: Path, state: Dict[str, Any]) -> None:
    """Whole or not at all: written beside, flushed, renamed."""
    partial = path.with_suffix(".partial")
    with open(partial, "wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, path)
