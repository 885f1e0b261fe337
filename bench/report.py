"""Writes `RESULTS.md` from the figures of `results.json`. It states nothing that is not measured there."""

import statistics
from pathlib import Path
from typing import Any

import chart
from kernels import KERNELS

HERE = Path(__file__).parent
TITLES = {"duckdb": "DuckDB", "polars": "Polars", "chdb": "chDB"}
GROWTH = 1.5
SHARE_OF_BANDWIDTH = 60

Figures = dict[str, Any]


def write(results: Figures) -> None:
    """The report and its chart."""
    sizes = {int(rows): _sorted(kernels) for rows, kernels in sorted(results.items(), key=lambda size: int(size[0]))}
    parts = [HEAD, _runs(sizes)]
    for rows, kernels in sizes.items():
        parts += [f"## {_spaced(rows)} rows", _goals(rows, kernels), _bandwidth(rows, kernels)]
        parts += ["Seconds (megabytes) and how many times those of ehelse:", _engines(kernels), _readers(kernels)]
    parts += ["## Cost per row", _growth(sizes), "![Cost per row](cost.svg)"]
    notes = HERE / "notes.md"
    if notes.exists():
        parts.append(notes.read_text().strip())
    (HERE / "RESULTS.md").write_text("\n\n".join(part for part in parts if part) + "\n")
    (HERE / "cost.svg").write_text(chart.cost(_costs(sizes)))


HEAD = """# Results of the benchmark

Written by `make bench`; words by hand stand in `notes.md`.

Every engine answers in a process of its own, with the rows in memory (or from the Parquet file, where the name says
so), once to warm up and then in turn with the others, with a pause before each; the seconds are medians. Every answer
of every run is equal to that of ehelse, or the benchmark fails. The best of a peer's forms of a query counts; at 100
million rows each peer is asked in the form that was its best at 10 million. Ratios are of runs taken in turn with each
other. Megabytes are the peak of resident memory during the runs beyond what the process held when its rows were
loaded; from Parquet, the goal is for those beyond the peak of the reader alone.
The queries of the peers are in `engine_duckdb.py`, `engine_polars.py` and `engine_chdb.py`."""


def _sorted(kernels: Figures) -> Figures:
    return {name: kernels[name] for name in KERNELS if name in kernels}


def _table(heads: str, lines: list[list[str]]) -> str:
    # Numbers stand to the right.
    rule = "|".join("---:" if cell[0].isdigit() or cell == "–" else "---" for cell in lines[0])
    return "\n".join([f"| {heads} |", f"|{rule}|", *(f"| {' | '.join(line)} |" for line in lines)])


def _runs(sizes: dict[int, Figures]) -> str:
    """On what, when and with what the kernels of each size were measured."""
    machines: dict[str, None] = {}
    table = []
    for rows, kernels in sizes.items():
        lines: dict[tuple[str, ...], list[str]] = {}
        for name, figures in kernels.items():
            run = figures["run"]
            versions = ", ".join(f"{package} {version}" for package, version in run["versions"].items())
            machines[f"{run['machine']}; {versions}."] = None
            numbers = (str(run["runs"]), str(run["threads"]), f"{run['bandwidth_gb_s']:.1f}")
            lines.setdefault((run["date"], run["revision"], *numbers), []).append(name)
        for line, names in lines.items():
            table.append([_spaced(rows), *line, "all" if len(lines) == 1 else ", ".join(names)])
    heads = "rows | date | revision | runs | threads | read GB/s | kernels"
    return "\n\n".join([*machines, _table(heads, table)])


def _spaced(number: float) -> str:
    return f"{number:,.0f}".replace(",", " ")


def _median(seconds: list[float]) -> float:
    return statistics.median(seconds)


def _ratio(other: Figures) -> float:
    return _median(other["seconds"]) / _median(other["beside"])


def _peers(figures: Figures, engine: str | None = None) -> list[Figures]:
    """The peers' forms, the best first."""
    others = [
        other for other in figures["others"] if other["engine"] == engine or (not engine and other["engine"] != "ours")
    ]
    return sorted(others, key=_ratio)


def _reader(figures: Figures) -> Figures | None:
    return next((other for other in figures["others"] if other["engine"] == "ours"), None)


def _met(met: bool, stretch: bool = False) -> str:
    return "stretch" if stretch else "met" if met else "**missed**"


def _goals(rows: int, kernels: Figures) -> str:
    lines = []
    for name, figures in kernels.items():
        kernel, best = KERNELS[name], _peers(figures)[0]
        ratio, (least, stretch) = _ratio(best), kernel.goal(rows)
        held, goal = _extra(figures), kernel.memory_goal(figures["input_bytes"])
        lines.append(
            [
                kernel.title,
                f"{_median(best['beside']):.4f}",
                f"{TITLES[best['engine']]} ({best['variant']})",
                f"{_median(best['seconds']):.4f}",
                f"{ratio:.2f} ×",
                f"{least:g} ×",
                f"{stretch:g} ×" if stretch else "–",
                _met(ratio >= least, stretch is not None and ratio >= stretch),
                f"{held:.0f}",
                f"{goal:.0f}",
                _met(held <= goal),
            ]
        )
    heads = "kernel | ehelse, s | best peer | s | ratio | at least | stretch | speed | MB | goal | memory"
    return _table(heads, lines)


def _extra(figures: Figures) -> float:
    """Megabytes of ehelse beyond the input, or beyond those of the reader."""
    reader = _reader(figures)
    return float(max(0.0, figures["ours"]["peak_mb"] - (reader["peak_mb"] if reader else 0.0)))


def _bandwidth(rows: int, kernels: Figures) -> str:
    if "count" not in kernels:
        return ""
    figures = kernels["count"]
    reached = figures["input_bytes"] / _median(figures["ours"]["seconds"]) / 1e9
    share = 100 * reached / figures["run"]["bandwidth_gb_s"]
    verdict = f": {_met(share >= SHARE_OF_BANDWIDTH)}" if rows > 1_000_000 else ""
    return (
        f"Count by month and group reads {figures['input_bytes'] / 1e6:.0f} MB at {reached:.2f} GB/s, {share:.1f} % of "
        f"what the threads can read (goal from 10 million rows on: {SHARE_OF_BANDWIDTH} %){verdict}."
    )


def _engines(kernels: Figures) -> str:
    lines = []
    for name, figures in kernels.items():
        ours = figures["ours"]
        line = [KERNELS[name].title, f"{_median(ours['seconds']):.4f} ({ours['peak_mb']:.0f})"]
        for engine in TITLES:
            best = _peers(figures, engine)[0]
            seconds = _median(best["seconds"])
            line.append(f"{seconds:.4f} ({best['peak_mb']:.0f}) {_ratio(best):.2f} ×<br>{best['variant']}")
        lines.append(line)
    return _table(" | ".join(["kernel", "ehelse", *TITLES.values()]), lines)


def _readers(kernels: Figures) -> str:
    lines = []
    for name, figures in kernels.items():
        reader = _reader(figures)
        if reader:
            alone, all = _median(reader["seconds"]), _median(reader["beside"])
            held = f"{reader['peak_mb']:.0f}"
            lines.append([KERNELS[name].title, f"{alone:.4f}", held, f"{all:.4f}", f"{100 * alone / all:.0f} %"])
    heads = "kernel | reader alone, s | its MB | reader and kernel, s | share of the reader"
    return _table(heads, lines) if lines else ""


def _costs(sizes: dict[int, Figures]) -> dict[str, dict[int, float]]:
    """Nanoseconds a row, by the title of the kernel and the number of rows."""
    costs: dict[str, dict[int, float]] = {}
    for rows, kernels in sizes.items():
        for name, figures in kernels.items():
            costs.setdefault(KERNELS[name].title, {})[rows] = _median(figures["ours"]["seconds"]) / rows * 1e9
    return costs


def _growth(sizes: dict[int, Figures]) -> str:
    lines = []
    for title, costs in _costs(sizes).items():
        few, many = min(costs), max(costs)
        growth = costs[many] / costs[few]
        line = [title, *(f"{costs[rows]:.2f}" if rows in costs else "–" for rows in sizes)]
        verdict = _met(growth <= GROWTH) if many >= 100 * few else "–"
        lines.append([*line, f"{growth:.2f}" if many > few else "–", verdict])
    heads = " | ".join(
        ["kernel, ns a row", *(_spaced(rows) for rows in sizes), "growth", f"at most {GROWTH} to 100 times the rows"]
    )
    return _table(heads, lines)
