"""A small line without axes for a card."""

from __future__ import annotations

from collections.abc import Sequence

from .chart_parts import px

__all__ = ["sparkline"]


def sparkline(values: Sequence[float | None]) -> str:
    """A small line without axes, for a card; hidden from screen readers, which have the number beside it."""
    present = [value for value in values if value is not None]
    if len(present) < 2:
        return ""
    low, high = min(present), max(present)
    spread = (high - low) or 1.0
    step = 120 / max(len(values) - 1, 1)
    path, drawing = [], False
    for n, value in enumerate(values):
        if value is not None:
            path.append(f"{'L' if drawing else 'M'}{px(n * step)} {px(26 - (value - low) / spread * 24)}")
        drawing = value is not None
    head = '<svg class="spark" viewBox="-2 -2 124 32" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
    return f'{head}<path d="{"".join(path)}"/></svg>'
