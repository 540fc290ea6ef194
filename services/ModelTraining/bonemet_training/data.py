"""Training sets as `bonemet train generate` and `bonemet train prepare` write them; every digest is checked before a byte is learned from."""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

import numpy as np

from .config import Config

SCHEMA = "bonemet.training-set/1"
# What follows from the image alone (and, in generated data, what was planted in it): learned beside the outcome, read without a mask.
READINGS = {
    "imaging": ("log_volume", "sphericity", "entropy", "mean_hu", "spiculation", "heterogeneity", "necrosis"),
    "pathology": ("nuclear_radius", "nuclei_per_mm2"),
}
TRUTHS = ("imaging_log_odds", "pathology_log_odds", "clinical_log_odds")


class DataError(ValueError):
    """A sentence for the person who gave the training set."""


@dataclass(frozen=True)
class TrainingSet:
    folder: Path
    document: Dict[str, Any]
    columns: Dict[str, List[str]]
    volumes: Optional[np.ndarray]
    tiles: Optional[np.ndarray]
    masks: Optional[np.ndarray]  # how full of lesion each block of a volume is, 0..255

    @property
    def size(self) -> int:
        return len(self.columns["patient"])

    @property
    def outcome(self) -> np.ndarray:
        return np.array([int(value) for value in self.columns["outcome"]], dtype=np.int64)

    @property
    def synthetic(self) -> bool:
        return bool(self.document.get("kind") == "synthetic")

    @property
    def factors(self) -> Tuple[str, ...]:
        """Clinical factors of every patient, as the training set names them."""
        return tuple(str(name) for name in self.document.get("factors", []))

    def clinical(self) -> Optional[np.ndarray]:
        return np.column_stack([self.numbers(name) for name in self.factors]) if self.factors else None  # type: ignore[arg-type]

    def numbers(self, name: str) -> Optional[np.ndarray]:
        return np.array([float(value) for value in self.columns[name]]) if name in self.columns else None

    def digest(self) -> str:
        return hashlib.sha256(json.dumps(self.document, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Split:
    """Row numbers; no patient is in two of them, and no patient of the held-out site is in the first two."""

    training: np.ndarray
    validation: np.ndarray
    held_out: np.ndarray
    site: str


def load(folder: Path, check: bool = True) -> TrainingSet:
    try:
        document = json.loads((folder / "dataset.json").read_text())
    except (OSError, ValueError) as error:
        raise DataError(f"{folder}: dataset.json cannot be read: {error}") from error
    if document.get("schema") != SCHEMA:
        raise DataError(f"{folder}: dataset.json has schema {document.get('schema')!r}, not {SCHEMA!r}")
    if check:
        for part in ("cases", "volumes", "masks", "tiles"):
            if part in document and sha256(folder / document[part]["file"]) != document[part]["sha256"]:
                raise DataError(f"{folder}: {document[part]['file']} is not the file that dataset.json describes")
    with open(folder / document["cases"]["file"], newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows:
        raise DataError(f"{folder}: there are no cases")
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    for name in ("patient", "site", "outcome", *document.get("factors", [])):
        if name not in columns:
            raise DataError(f"{folder}: cases.csv has no column {name!r}")
    unknown = sorted(set(columns["outcome"]) - {"0", "1"})
    if unknown:
        raise DataError(f"{folder}: an outcome is 0 or 1, not {unknown[0]!r}")
    return TrainingSet(folder, document, columns, _array(folder, document, "volumes", "<f4", len(rows)), _array(folder, document, "tiles", "u1", len(rows)),
                       _array(folder, document, "masks", "u1", len(rows)))


def split(data: TrainingSet, config: Config) -> Split:
    """By patient: a hash of the patient's pseudonym and the seed decides, so that more cases never move a patient."""
    sites = sorted(set(data.columns["site"]))
    held = config.held_out_site or sites[-1]
    if held not in sites:
        raise DataError(f"there is no site {held!r} to hold out; there are {', '.join(sites)}")
    if len(sites) < 2:
        raise DataError("one site cannot be held out of one; at least two are needed")
    home: Dict[str, str] = {}
    for patient, site in zip(data.columns["patient"], data.columns["site"]):
        if home.setdefault(patient, site) != site:
            raise DataError(f"patient {patient} is at two sites; such a patient would be in two sets")
    kind = np.array([
        2 if site == held else int(_share(patient, config.seed) < config.validation_share) for patient, site in zip(data.columns["patient"], data.columns["site"])])
    parts = [np.flatnonzero(kind == value) for value in (0, 1, 2)]
    outcome = data.outcome
    for name, rows in zip(("training", "validation", "held-out"), parts):
        if len(rows) == 0 or len(set(outcome[rows])) < 2:
            raise DataError(f"the {name} set needs patients with and without the outcome; it has {len(rows)} patients")
    return Split(parts[0], parts[1], parts[2], held)


def sha256(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with open(path, "rb") as file:
            for block in iter(lambda: file.read(1 << 20), b""):
                digest.update(block)
    except OSError as error:
        raise DataError(f"{path}: {error}") from error
    return digest.hexdigest()


def _share(patient: str, seed: int) -> float:
    return int.from_bytes(hashlib.sha256(f"{seed}/{patient}".encode()).digest()[:6], "big") / float(1 << 48)


def _array(folder: Path, document: Dict[str, Any], part: str, kind: str, rows: int) -> Optional[np.ndarray]:
    if part not in document:
        return None
    shape: Tuple[int, ...] = tuple(document[part]["shape"])
    if shape[0] != rows:
        raise DataError(f"{folder}: {part} holds {shape[0]} items for {rows} cases")
    path = folder / document[part]["file"]
    if path.stat().st_size != int(np.prod(shape)) * np.dtype(kind).itemsize:
        raise DataError(f"{folder}: {path.name} is not as long as its shape says")
    return np.memmap(path, dtype=kind, mode="r", shape=shape)
