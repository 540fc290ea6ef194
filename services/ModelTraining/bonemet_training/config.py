"""The configuration of a training run: one JSON object; unknown keys and values out of range are refused by name."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Optional


class ConfigError(ValueError):
    """A sentence for the person who wrote the configuration."""


@dataclass(frozen=True)
class Config:
    architecture: str = ""  # empty: the demonstration network of the modality
    pooling: str = "mean"  # over the items of a bag: max, mean or attention
    epochs: int = 16
    patience: int = 5
    batch: int = 32
    items: int = 6  # tiles of a slide that one training step sees
    learning_rate: float = 2e-3
    weight_decay: float = 1e-3
    outcome_weight: float = 1.0
    readings_weight: float = 3.0  # weight of the deterministic properties beside the outcome
    mask_weight: float = 4.0  # weight of where the lesion is beside the outcome, where the training set has masks
    modality_dropout: float = 0.2  # fusion: share of patients whose one modality, in turn, is taken away in a training step
    class_weighting: bool = False
    augment: bool = True
    seed: int = 1
    held_out_site: str = ""  # empty: the last site in alphabetical order
    validation_share: float = 0.15

    @staticmethod
    def load(path: Optional[Path]) -> "Config":
        if path is None:
            return Config()
        try:
            document: Dict[str, Any] = json.loads(path.read_text())
        except (OSError, ValueError) as error:
            raise ConfigError(f"{path}: {error}") from error
        if not isinstance(document, dict):
            raise ConfigError(f"{path}: a configuration is one JSON object")
        kinds = {field.name: type(field.default) for field in dataclasses.fields(Config)}
        for key, value in document.items():
            if key not in kinds:
                raise ConfigError(f"{path}: there is no setting {key!r}; there are {', '.join(sorted(kinds))}")
            good = isinstance(value, (int, float)) and not isinstance(value, bool) if kinds[key] is float else type(value) is kinds[key]
            if not good:
                raise ConfigError(f"{path}: {key} must be of type {kinds[key].__name__}")
        config = Config(**document)
        config.check()
        return config

    def check(self) -> None:
        for name, low, high in (("epochs", 1, 10000), ("patience", 1, 10000), ("batch", 1, 4096), ("items", 1, 100000), ("learning_rate", 0.0, 1.0),
                                ("weight_decay", 0.0, 1.0), ("outcome_weight", 0.0, 100.0), ("readings_weight", 0.0, 100.0), ("mask_weight", 0.0, 100.0), ("modality_dropout", 0.0, 0.5),
                                 ("validation_share", 0.01, 0.5)):
            if not low <= getattr(self, name) <= high:
                raise ConfigError(f"{name} must lie between {low} and {high}, not {getattr(self, name)}")
        if self.pooling not in ("max", "mean", "attention"):
            raise ConfigError(f"pooling must be max, mean or attention, not {self.pooling!r}")
