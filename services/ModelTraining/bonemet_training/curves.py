"""A picture of the run: losses and AUC by epoch, as SVG."""

from __future__ import annotations

from typing import Dict, List, Sequence

WIDTH, HEIGHT, MARGIN = 480, 260, 40
COLOURS = ("#1b6ca8", "#c8553d", "#3a7d44")


def svg(history: Sequence[Dict[str, float]], title: str) -> str:
    left = _panel(history, ("training_loss", "validation_loss"), "loss", 0)
    right = _panel(history, ("validation_auc",), "validation AUC", WIDTH)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{2 * WIDTH}" height="{HEIGHT + 30}" font-family="sans-serif" font-size="12">'
            f'<rect width="100%" height="100%" fill="white"/><text x="{MARGIN}" y="20" font-size="14">{_escape(title)}</text>{left}{right}</svg>\n')


def _panel(history: Sequence[Dict[str, float]], names: Sequence[str], label: str, left: int) -> str:
    values = [entry[name] for entry in history for name in names]
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    high = high if high > low else low + 1.0
    x0, y0, x1, y1 = left + MARGIN, HEIGHT, left + WIDTH - 20, MARGIN
    parts: List[str] = [f'<path d="M{x0} {y1}V{y0}H{x1}" fill="none" stroke="#555"/>', f'<text x="{x0}" y="{y0 + 16}">epoch 1</text>',
                        f'<text x="{x1}" y="{y0 + 16}" text-anchor="end">{len(history)}</text>',
                        f'<text x="{x0 - 4}" y="{y1 + 4}" text-anchor="end">{high:.3f}</text>', f'<text x="{x0 - 4}" y="{y0}" text-anchor="end">{low:.3f}</text>']
    for number, name in enumerate(names):
        points = " ".join(
            f"{x0 + (x1 - x0) * i / max(1, len(history) - 1):.1f},{y0 - (y0 - y1) * (entry[name] - low) / (high - low):.1f}" for i, entry in enumerate(history))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{COLOURS[number]}" stroke-width="2"/>')
        parts.append(f'<text x="{x1 - 110}" y="{y1 + 14 * number}" fill="{COLOURS[number]}">{_escape(name.replace("_", " "))}</text>')
    return "".join(parts) + f'<text x="{(x0 + x1) // 2}" y="{y0 + 16}" text-anchor="middle">{_escape(label)}</text>'


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
