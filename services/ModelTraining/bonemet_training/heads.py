"""The head of a label: a penalised logistic regression on frozen embeddings, its temperature, and the spread that other patients would have given it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Tuple

import numpy as np

from . import metrics
from .data import DataError, Split, TrainingSet
from .export import Readings

FOLDS = 5
MEMBERS = 8
# A head on the few readings is taken unless one on all dimensions is better than this in validation: it has far less to overfit with.
TOLERANCE = 0.003


@dataclass(frozen=True)
class Label:
    weights: np.ndarray
    bias: float
    temperature: float
    basis: str
    ensemble: np.ndarray  # members x (dimensions + 1), on the scale of weights and bias

    def logit(self, pooled: np.ndarray) -> np.ndarray:
        return (pooled @ self.weights + self.bias) / self.temperature


@dataclass(frozen=True)
class _Basis:
    """Linear coordinates of the embedding in which the head is fitted."""

    name: str
    ridge: float
    axes: np.ndarray  # coordinates x dimensions
    offset: np.ndarray

    def fit(self, pooled: np.ndarray, outcome: np.ndarray) -> Tuple[np.ndarray, float]:
        beta = metrics.logistic(pooled @ self.axes.T + self.offset, outcome, self.ridge)
        return beta[1:] @ self.axes, float(beta[0] + beta[1:] @ self.offset)


def fit(data: TrainingSet, parts: Split, pooled: np.ndarray, readings: Optional[Readings], seed: int) -> Label:
    outcome = data.outcome
    pooled = pooled.astype(np.float64)
    basis = _choose(outcome, parts, pooled, readings)
    learned = np.sort(np.concatenate((parts.training, parts.validation)))
    weights, bias = basis.fit(pooled[learned], outcome[learned])
    # Calibration by patients that the head was not fitted on, all of them in turn.
    unseen = np.empty(len(learned))
    for fold in folds(outcome[learned], seed):
        others = np.setdiff1d(np.arange(len(learned)), fold)
        w, b = basis.fit(pooled[learned[others]], outcome[learned[others]])
        unseen[fold] = pooled[learned[fold]] @ w + b
    intercept, slope = metrics.calibration(outcome[learned], unseen)
    if not slope > 0.05:
        raise DataError("the label does not rise with the outcome in patients that it was not fitted on: nothing was learned, so nothing is exported")
    # The label is the calibrated logit: intercept + slope * raw = (weights . e + bias + intercept / slope) / (1 / slope).
    shift = intercept / slope
    random = np.random.default_rng([seed, 8])
    members = []
    for _ in range(MEMBERS):
        drawn = learned[random.integers(0, len(learned), len(learned))]
        w, b = basis.fit(pooled[drawn], outcome[drawn])
        members.append(np.append(w, b + shift))
    return Label(weights, bias + shift, 1 / slope, basis.name, np.array(members))


def folds(outcome: np.ndarray, seed: int) -> List[np.ndarray]:
    """Row numbers in FOLDS parts, each with its share of both outcomes."""
    random = np.random.default_rng([seed, 5])
    place = np.empty(len(outcome), dtype=np.int64)
    for value in (0, 1):
        rows = np.flatnonzero(outcome == value)
        place[random.permutation(rows)] = np.arange(len(rows)) % FOLDS
    return [np.flatnonzero(place == fold) for fold in range(FOLDS) if np.any(place == fold)]


def _choose(outcome: np.ndarray, parts: Split, pooled: np.ndarray, readings: Optional[Readings]) -> _Basis:
    mean, scale = pooled[parts.training].mean(axis=0), pooled[parts.training].std(axis=0) + 1e-6
    bases = [_Basis("embedding", ridge, np.diag(1 / scale), -mean / scale) for ridge in (3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)]
    if readings is not None:
        bases.insert(0, _Basis("readings", 1.0, readings.weights.astype(np.float64), readings.bias.astype(np.float64)))
    losses = []
    for basis in bases:
        weights, bias = basis.fit(pooled[parts.training], outcome[parts.training])
        losses.append(metrics.log_loss(outcome[parts.validation], pooled[parts.validation] @ weights + bias))
    best = int(np.argmin(losses))
    return bases[0] if readings is not None and losses[0] <= losses[best] + TOLERANCE else bases[best]
