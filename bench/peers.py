"""The forms in which each peer is asked: of those in its module, the fastest at 1 and 10 million rows."""

from kernels import Kernel

# By engine and query; a kernel of its own name goes before its query.
FORMS: dict[str, dict[str, list[str]]] = {
    "duckdb": {
        "visits": ["lag"],
        "visits_text": ["lists"],
        "rolling": ["lead"],
        "distinct": ["mask"],
        "count": ["lookup"],
        "weekly": ["count"],
    },
    "polars": {
        "visits": ["over, streaming", "sort, in-memory"],
        "visits_shuffled": ["sort, in-memory"],
        "visits_text": ["over, streaming"],
        "rolling": ["shift, streaming", "shift, in-memory"],
        "distinct": ["mask, streaming"],
        "count": ["asof, streaming"],
        "weekly": ["count, streaming", "count, in-memory"],
    },
    "chdb": {
        "visits": ["arrays", "differences"],
        "rolling": ["arrays"],
        "rolling_few_codes": ["arrays", "bitmaps"],
        "distinct": ["mask"],
        "distinct_codes": ["bitmaps"],
        "count": ["months"],
        "weekly": ["sets"],
    },
}


def forms(kernel: Kernel) -> list[tuple[str, str]]:
    """Engines with their forms; DuckDB reads an Arrow table and one of its own, which is sometimes faster."""
    found = []
    for engine, queries in FORMS.items():
        names = queries.get(kernel.name, queries[kernel.query])
        if engine == "duckdb":
            sources = ["parquet"] if kernel.parquet else ["arrow", "native"]
            names = [f"{name}, {source}" for name in names for source in sources]
        found += [(engine, name) for name in names]
    return found
