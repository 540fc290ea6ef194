"""Tests of the training job; run by `./bonemet test` through FunctionalTests, where PyTorch is present."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch

from bonemet_training import data, fusion, golden, heads, metrics, training
from bonemet_training.config import Config, ConfigError
from bonemet_training.export import REFERENCE_BINS, Guard, Reference
from bonemet_training.nets import ARCHITECTURES, BagClassifier, Encoder, seeded

PACKAGE = Path(__file__).resolve().parents[1]


def write_set(folder: Path, patients: int = 60, sites: int = 3) -> Path:
    """A training set whose outcome is the brightness of the middle."""
    folder.mkdir()
    random = np.random.default_rng(7)
    bright = random.uniform(0, 1, patients)
    volumes = random.uniform(0, 0.2, (patients, 2, 32, 32, 32)).astype("<f4")
    volumes[:, :, 12:20, 12:20, 12:20] += bright[:, None, None, None, None].astype("<f4") * 0.8
    volumes.tofile(folder / "volumes.f32")
    tiles = (random.uniform(0, 50, (patients, 4, 64, 64, 3)) + bright[:, None, None, None, None] * 200).astype("u1")
    tiles.tofile(folder / "tiles.u8")
    with open(folder / "cases.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["patient", "site", "outcome"])
        for n in range(patients):
            writer.writerow([f"P{n}", f"S{n % sites}", int(bright[n] + random.normal(0, 0.05) > 0.5)])
    document = {
        "schema": data.SCHEMA, "kind": "synthetic",
        "volumes": {"file": "volumes.f32", "shape": list(volumes.shape), "spacingMm": 3.0, "sha256": data.sha256(folder / "volumes.f32")},
        "tiles": {"file": "tiles.u8", "shape": list(tiles.shape), "micronsPerPixel": 1.0, "sha256": data.sha256(folder / "tiles.u8")},
        "cases": {"file": "cases.csv", "sha256": data.sha256(folder / "cases.csv")}}
    (folder / "dataset.json").write_text(json.dumps(document))
    return folder


def run(folder: Path, out: Path, modality: str = "imaging", **settings: object) -> Path:
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    defaults = {"epochs": 3, "batch": 8, "items": 2, "seed": 5}
    config = Config(**{**defaults, **settings})  # type: ignore[arg-type]
    return training.train(training.Run(modality, data.load(folder), config, out, torch.device("cpu"), lambda _: None))


def test_run_repeated_gives_the_same_bytes(tmp_path: Path) -> None:
    cases = write_set(tmp_path / "cases")
    first, second = run(cases, tmp_path / "a"), run(cases, tmp_path / "b")
    assert first.read_bytes() == second.read_bytes()
    assert first.with_name("lesion-synthetic.onnx").read_bytes() == second.with_name("lesion-synthetic.onnx").read_bytes()


def test_run_killed_and_started_again_ends_in_the_same_bytes(tmp_path: Path) -> None:
    cases = write_set(tmp_path / "cases")
    config = tmp_path / "c.json"
    config.write_text(json.dumps({"epochs": 4, "batch": 8, "items": 2, "seed": 5}))
    command = [sys.executable, "-m", "bonemet_training", "pathology", "--cases", str(cases), "--config", str(config), "--out", str(tmp_path / "killed"), "--device", "cpu"]
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE)}
    job = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE)
    checkpoint = tmp_path / "killed" / training.CHECKPOINT
    deadline = time.monotonic() + 120
    while not checkpoint.exists() and job.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    job.send_signal(signal.SIGKILL)
    job.wait()
    assert checkpoint.exists()
    subprocess.run(command, env=environment, check=True, stderr=subprocess.PIPE)
    whole = run(cases, tmp_path / "whole", "pathology", epochs=4)
    assert (tmp_path / "killed" / whole.name).read_bytes() == whole.read_bytes()


def test_run_learns_what_is_there_to_learn(tmp_path: Path) -> None:
    card = json.loads(run(write_set(tmp_path / "cases", 90), tmp_path / "out", epochs=6).read_text())
    assert card["training"]["heldOut"]["auc"] > 0.9
    assert card["synthetic"] and card["trained"] and "synthetic" in card["marking"]
    assert card["sha256"] == hashlib.sha256((tmp_path / "out" / card["file"]).read_bytes()).hexdigest()
    # What drift is measured against: the labels of the site that was held out.
    with open(tmp_path / "out" / "predictions.csv", newline="") as file:
        held = np.array([float(row["label"]) for row in csv.DictReader(file) if row["set"] == "held-out"])
    assert card["reference"] == Reference.fit(held).document()


@pytest.mark.parametrize("pooling", ["max", "mean", "attention"])
def test_pooling_ignores_the_order_of_items(pooling: str) -> None:
    torch.manual_seed(1)
    net = BagClassifier(ARCHITECTURES["tile-64"], pooling, 0).eval()
    bag = torch.randint(0, 255, (1, 5, 64, 64, 3), dtype=torch.uint8)
    with torch.no_grad():
        forward, backward = net(bag)[0], net(bag.flip(1))[0]
    assert torch.allclose(forward, backward, atol=1e-5)


def test_split_keeps_patients_and_sites_apart(tmp_path: Path) -> None:
    training_set = data.load(write_set(tmp_path / "cases", 120, 4))
    parts = data.split(training_set, Config(seed=3))
    sets = [{training_set.columns["patient"][row] for row in rows} for rows in (parts.training, parts.validation, parts.held_out)]
    assert sum(len(part) for part in sets) == 120 and len(set.union(*sets)) == 120
    assert {training_set.columns["site"][row] for row in parts.held_out} == {"S3"}


def test_patient_at_two_sites_is_refused(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "cases")
    training_set = data.load(folder)
    training_set.columns["patient"][1] = training_set.columns["patient"][0]
    with pytest.raises(data.DataError, match="two sites"):
        data.split(training_set, Config())


def test_altered_training_set_is_refused(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "cases")
    with open(folder / "volumes.f32", "r+b") as file:
        file.write(b"x")
    with pytest.raises(data.DataError, match="volumes.f32"):
        data.load(folder)


@pytest.mark.parametrize("document, word", [('{"epoch": 3}', "epoch"), ('{"epochs": "3"}', "epochs"), ('{"epochs": 0}', "epochs"), ('{"pooling": "sum"}', "pooling"), ("[]", "object")])
def test_config_faults_are_named(tmp_path: Path, document: str, word: str) -> None:
    path = tmp_path / "c.json"
    path.write_text(document)
    with pytest.raises(ConfigError, match=word):
        Config.load(path)


def test_run_with_other_settings_does_not_continue(tmp_path: Path) -> None:
    cases = write_set(tmp_path / "cases")
    run(cases, tmp_path / "out", epochs=1)
    with pytest.raises(ConfigError, match="other data or settings"):
        run(cases, tmp_path / "out", epochs=2)


def test_auc_and_logistic_agree_with_known_values() -> None:
    outcome = np.array([0, 0, 1, 1, 0, 1])
    assert metrics.auc(outcome, np.array([0.1, 0.4, 0.35, 0.8, 0.35, 0.9])) == pytest.approx(7.5 / 9)
    # One binary predictor: the coefficients are log odds of the table 3:1 against 1:3.
    x = np.array([0, 0, 0, 0, 1, 1, 1, 1])
    y = np.array([0, 0, 0, 1, 0, 1, 1, 1])
    assert metrics.logistic(x[:, None], y) == pytest.approx([np.log(1 / 3), np.log(9)], abs=1e-4)


def simulated_embeddings(patients: int, seed: int, second: bool) -> tuple:
    """Two modalities whose embeddings hold their log odds among much else; without the second, pathology is noise and nothing more."""
    random = np.random.default_rng(seed)
    truth = random.normal(0, (1.1, 1.0 if second else 0.0), (patients, 2))
    outcome = (random.random(patients) < 1 / (1 + np.exp(-truth.sum(axis=1)))).astype(np.int64)
    embeddings = []
    for n in range(2):
        mixed = random.normal(0, 1, (patients, 8))
        mixed[:, 0] = truth[:, n] + random.normal(0, 0.25, patients) if second or n == 0 else mixed[:, 0]
        embeddings.append((mixed @ random.normal(0, 1, (8, 128)) + random.normal(0, 0.3, (patients, 128))).astype(np.float32))
    kind = np.arange(patients) * 10 // patients
    rows = data.Split(np.flatnonzero(kind < 4), np.flatnonzero(kind == 4), np.flatnonzero(kind > 4), "S")
    return embeddings, truth, outcome, rows


@pytest.mark.parametrize("seed", [11, 12])
def test_fusion_beats_each_modality_by_what_was_planted(seed: int) -> None:
    torch.set_num_threads(1)
    embeddings, truth, outcome, rows = simulated_embeddings(6000, seed, second=True)
    net, _ = fusion.train(embeddings, outcome, rows, Config(epochs=12, batch=128, learning_rate=3e-3), lambda _: None)
    held = rows.held_out
    logits = fusion.predict(net, embeddings, held)
    y = outcome[held]
    best = metrics.auc(y, truth[held].sum(axis=1))
    for n in range(2):
        planted = best - metrics.auc(y, truth[held, n])
        assert metrics.auc(y, logits[:, 2]) - metrics.auc(y, logits[:, n]) > planted - 0.02
    assert metrics.auc(y, logits[:, 2]) > best - 0.02
    assert 0.85 < metrics.calibration(y, logits[:, 2])[1] < 1.15
    # A missing modality is a state that was trained: as good as the other one's own label.
    for n, present in enumerate(((1.0, 0.0), (0.0, 1.0))):
        assert abs(metrics.auc(y, fusion.predict(net, embeddings, held, present)[:, 2]) - metrics.auc(y, logits[:, n])) < 0.01


def test_fusion_with_a_modality_of_pure_noise_changes_nothing() -> None:
    torch.set_num_threads(1)
    embeddings, _, outcome, rows = simulated_embeddings(6000, 13, second=False)
    net, _ = fusion.train(embeddings, outcome, rows, Config(epochs=12, batch=128, learning_rate=3e-3), lambda _: None)
    y = outcome[rows.held_out]
    logits = fusion.predict(net, embeddings, rows.held_out)
    assert abs(metrics.auc(y, logits[:, 2]) - metrics.auc(y, logits[:, 0])) < 0.01


def test_fusion_repeated_gives_the_same_bytes_and_onnx_agrees(tmp_path: Path) -> None:
    cases = write_set(tmp_path / "cases")
    runs = {modality: run(cases, tmp_path / modality, modality, epochs=1).parent for modality in ("imaging", "pathology")}
    config = Config(epochs=2, batch=16, seed=5)
    cards = [fusion.run(data.load(cases), config, tmp_path / name, runs["imaging"], runs["pathology"], lambda _: None) for name in ("a", "b")]
    assert cards[0].read_bytes() == cards[1].read_bytes()
    card = json.loads(cards[0].read_text())
    assert card["parts"]["imaging"]["id"] == "lesion-synthetic" and card["synthetic"]
    other = write_set(tmp_path / "other", 40)
    with pytest.raises(data.DataError, match="other cases"):
        fusion.run(data.load(other), config, tmp_path / "c", runs["imaging"], runs["pathology"], lambda _: None)


def test_head_members_disagree_less_with_more_patients() -> None:
    spread = []
    for patients in (600, 4800):
        embeddings, _, outcome, rows = simulated_embeddings(patients, 3, second=True)

        class Cases:
            pass

        cases = Cases()
        cases.outcome = outcome  # type: ignore[attr-defined]
        label = heads.fit(cases, rows, embeddings[0], None, 1)  # type: ignore[arg-type]
        members = embeddings[0] @ label.ensemble[:, :-1].T + label.ensemble[:, -1]
        spread.append(float(np.mean(members.std(axis=1))))
        assert label.ensemble.shape == (heads.MEMBERS, 129)
    assert spread[1] < 0.7 * spread[0]


def test_reference_parts_the_patients_into_equal_bins() -> None:
    reference = Reference.fit(np.random.default_rng(3).normal(size=1000))
    assert np.all(np.diff(reference.edges) > 0)
    assert reference.shares == pytest.approx([1 / REFERENCE_BINS] * REFERENCE_BINS)


def test_reference_of_tied_labels_counts_them_in_the_bin_that_they_open() -> None:
    reference = Reference.fit(np.array([0.0] * 9 + [1.0]))
    assert reference.document() == {"edges": [0.0], "shares": [0.0, 1.0]}


def test_guard_distance_grows_with_strangeness() -> None:
    random = np.random.default_rng(1)
    inside = random.normal(size=(500, 8)).astype(np.float32)
    guard = Guard.fit(inside[:400], inside[400:])
    assert np.mean(guard.distance(inside[400:]) > guard.threshold) <= 0.02
    assert guard.distance(inside[:1] + 10)[0] > guard.threshold


def test_golden_words_are_the_known_mix() -> None:
    assert golden.words(1, 0)[0] == 0
    assert golden.words(1, 1)[0] == 0x514E28B7
    assert golden.volume((4,), 3).max() < 1


@pytest.mark.parametrize("name", sorted(ARCHITECTURES))
def test_architecture_has_its_documented_shapes(name: str) -> None:
    architecture = ARCHITECTURES[name]
    net = seeded(architecture, 1)
    size = architecture.size
    item = torch.rand(1, 2, size, size, size) if architecture.dimensions == 3 else torch.randint(0, 255, (1, size, size, 3), dtype=torch.uint8)
    with torch.no_grad():
        embedding, last = net(item)
    assert embedding.shape == (1, 128)
    assert tuple(last.shape) == (1, architecture.channels, *[architecture.map_size] * architecture.dimensions)
    assert sum(p.numel() for p in Encoder(architecture).parameters()) <= 2_000_000
