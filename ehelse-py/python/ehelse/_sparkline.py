"""A small line without axes as inline SVG. Knows no series."""

from collections.abc import Sequence
from html import escape
from itertools import groupby

_WIDTH, _HEIGHT, _PAD = 360, 60, 4


def px(value: float) -> str:
    """A length in a picture."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def sparkline(values: Sequence[float | None], title: str = "", *, zero: bool = False) -> str:
    """A line with gaps where a value is missing; without a title it is hidden from screen readers.

    Args:
        values: at least one that is not missing.
        title: what is shown, in words.
        zero: whether the height begins at zero.
    """
    present = [value for value in values if value is not None] + [0.0] * zero
    low, high = min(present), max(present)
    scale = (_HEIGHT - 2 * _PAD) / ((high - low) or 1.0)
    step = (_WIDTH - 2 * _PAD) / max(len(values) - 1, 1)
    lines = []
    for known, run in groupby(enumerate(values), lambda pair: pair[1] is not None):
        points = [f"{px(_PAD + n * step)},{px(_HEIGHT - _PAD - ((v or 0.0) - low) * scale)}" for n, v in run]
        # A line from a point to itself is drawn as a dot.
        lines += [f'<polyline points="{" ".join(points if len(points) > 1 else points * 2)}"/>'] if known else []
    reader = f'role="img"><title>{escape(title)}</title>' if title else 'aria-hidden="true" focusable="false">'
    return (
        f'<svg class="spark" width="{_WIDTH}" height="{_HEIGHT}" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'preserveAspectRatio="none" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" '
        f"{reader}{''.join(lines)}</svg>"
    )
