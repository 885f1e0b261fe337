"""The chart of cost per row as SVG, in colours that can be read on light and dark paper."""

import math
from xml.sax.saxutils import escape

COLOURS = "#4c78a8 #e4572e #3a9d6e #b279a2 #d99a00 #72767d #17a2b8".split()
WIDTH, HEIGHT = 860, 420
LEFT, RIGHT, TOP, BOTTOM = 60, 600, 20, 380


def cost(costs: dict[str, dict[int, float]]) -> str:
    """Nanoseconds a row against rows, both on logarithmic scales, a line for each kernel."""
    rows = sorted({size for line in costs.values() for size in line})
    values = [value for line in costs.values() for value in line.values()]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    first, last = math.log10(rows[0]), math.log10(max(rows[-1], 10 * rows[0]))

    def x(size: float) -> float:
        return LEFT + (math.log10(size) - first) / (last - first) * (RIGHT - LEFT)

    def y(value: float) -> float:
        return BOTTOM - (math.log10(value) - low) / (high - low) * (BOTTOM - TOP)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        'font-size="12" fill="#808080" role="img" aria-label="Nanoseconds a row against rows">'
    ]
    for power in range(low, high + 1):
        at = y(10.0**power)
        parts.append(f'<path d="M{LEFT} {at:.1f}H{RIGHT}" stroke="#808080" stroke-opacity="0.3"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{10.0**power:g} ns</text>')
    for size in rows:
        parts.append(f'<text x="{x(size):.1f}" y="{BOTTOM + 20}" text-anchor="middle">{_spaced(size)} rows</text>')
    lowest = -math.inf
    # Names stand beside the ends of the lines, and below one another where those are close.
    for index, (name, line) in enumerate(sorted(costs.items(), key=lambda item: -item[1][max(item[1])])):
        colour = COLOURS[index % len(COLOURS)]
        dashes = ' stroke-dasharray="6 4"' if index >= len(COLOURS) else ""
        look = f'fill="none" stroke="{colour}" stroke-width="2"{dashes}'
        points = [(x(size), y(value)) for size, value in sorted(line.items())]
        path = " ".join(f"{across:.1f},{down:.1f}" for across, down in points)
        parts.append(f'<polyline points="{path}" {look}/>')
        parts += [f'<circle cx="{across:.1f}" cy="{down:.1f}" r="3" fill="{colour}"/>' for across, down in points]
        lowest = max(lowest + 15, points[-1][1])
        parts.append(f'<path d="M{RIGHT + 10} {lowest:.1f}h24" {look}/>')
        parts.append(f'<text x="{RIGHT + 40}" y="{lowest + 4:.1f}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _spaced(number: int) -> str:
    return f"{number:,}".replace(",", " ")
