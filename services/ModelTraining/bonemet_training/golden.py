"""The golden input: made from integers alone, so that the service makes the same bytes without a file."""

from __future__ import annotations

import hashlib
from typing import Tuple

import numpy as np

GOLDEN_ITEMS = 2


def words(count: int, seed: int) -> np.ndarray:
    """Word i is a 32-bit mix of i and the seed (the finaliser of MurmurHash3)."""
    h = (np.arange(count, dtype=np.uint64) * np.uint64(2654435761) + np.uint64(seed)) & np.uint64(0xFFFFFFFF)
    h ^= h >> np.uint64(16)
    h = (h * np.uint64(0x85EBCA6B)) & np.uint64(0xFFFFFFFF)
    h ^= h >> np.uint64(13)
    h = (h * np.uint64(0xC2B2AE35)) & np.uint64(0xFFFFFFFF)
    h ^= h >> np.uint64(16)
    return h


def volume(shape: Tuple[int, ...], seed: int) -> np.ndarray:
    """Float32 in [0, 1): the top 24 bits of each word, exact in float32."""
    return ((words(int(np.prod(shape)), seed) >> np.uint64(8)).astype(np.float32) / np.float32(1 << 24)).reshape(shape)


def tiles(shape: Tuple[int, ...], seed: int) -> np.ndarray:
    """Bytes: the top 8 bits of each word."""
    return (words(int(np.prod(shape)), seed) >> np.uint64(24)).astype(np.uint8).reshape(shape)


def sha256(array: np.ndarray) -> str:
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()
