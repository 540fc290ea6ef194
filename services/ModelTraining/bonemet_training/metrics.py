"""The few numbers that a run watches itself by. The published report is computed by shared/Statistics from predictions.csv."""

from __future__ import annotations

from typing import Tuple

import numpy as np


def auc(outcome: np.ndarray, score: np.ndarray) -> float:
    """Area under the ROC curve by mid-ranks; NaN when an outcome class is empty."""
    positive = outcome == 1
    n1, n0 = int(positive.sum()), int((~positive).sum())
    if n1 == 0 or n0 == 0:
        return float("nan")
    return float((midranks(score)[positive].sum() - n1 * (n1 + 1) / 2) / (n1 * n0))


def midranks(values: np.ndarray) -> np.ndarray:
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    ends = np.concatenate((starts[1:], [len(values)]))
    ranks = np.empty(len(values))
    for start, end in zip(starts, ends):
        ranks[order[start:end]] = (start + end + 1) / 2
    return ranks


def logistic(x: np.ndarray, outcome: np.ndarray, ridge: float = 1e-6) -> np.ndarray:
    """Maximum (penalised) likelihood by Newton's method; the first coefficient is the intercept, which is not penalised."""
    design = np.column_stack((np.ones(len(x)), x))
    beta = np.zeros(design.shape[1])
    penalty = np.full(design.shape[1], ridge)
    penalty[0] = 1e-9
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(design @ beta, -35, 35)))
        gradient = design.T @ (outcome - p) - penalty * beta
        hessian = design.T @ (design * (p * (1 - p))[:, None]) + np.diag(penalty)
        step = np.linalg.solve(hessian, gradient)
        beta = beta + step
        if np.max(np.abs(step)) < 1e-10:
            break
    return beta


def log_loss(outcome: np.ndarray, logit: np.ndarray) -> float:
    return float(np.mean(np.logaddexp(0.0, logit) - outcome * logit))


def calibration(outcome: np.ndarray, logit: np.ndarray) -> Tuple[float, float]:
    """Intercept and slope of the outcome on the logit."""
    beta = logistic(logit[:, None], outcome)
    return float(beta[0]), float(beta[1])


def r_squared(truth: np.ndarray, predicted: np.ndarray) -> float:
    return float(1 - np.sum((truth - predicted) ** 2) / np.sum((truth - truth.mean()) ** 2))
