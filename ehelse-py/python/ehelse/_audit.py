"""The audit of the claims of a catalogue, as a table. Judges nothing: the core does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, overload

from . import _ehelse, _frames
from ._ehelse import Catalogue
from ._records import AuditRow, Verdict, records
from ._text import table

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

_VERDICTS: tuple[Verdict, ...] = (
    "implausible",
    "claims differ",
    "contradicts",
    "not comparable",
    "consistent",
    "agrees",
    "cannot be checked",
)
_COLUMNS = (
    "claim", "other", "statement", "indicator", "published", "published_value", "published_low", "published_high",
    "recomputed_value", "recomputed_low", "recomputed_high", "verdict", "arithmetic", "notes",
)  # fmt: skip


class Audit(Sequence[AuditRow]):
    """The rows of an audit: one for each claim, then claims that differ, then numbers that are implausible.

    Iterate over it, take rows by number, or only those of some verdicts by `with_verdict`. `print` shows a table, a
    notebook a richer one, and `to_pandas`, `to_polars` and `to_arrow` give it as a table of other packages.
    """

    __slots__ = ("_rows",)

    def __init__(self, rows: Sequence[AuditRow]) -> None:
        self._rows = tuple(rows)

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, key: int, /) -> AuditRow: ...
    @overload
    def __getitem__(self, key: slice, /) -> Audit: ...
    def __getitem__(self, key: int | slice, /) -> AuditRow | Audit:
        return Audit(self._rows[key]) if isinstance(key, slice) else self._rows[key]

    def with_verdict(self, *verdicts: Verdict) -> Audit:
        """The rows with one of the verdicts."""
        return Audit([row for row in self._rows if row.verdict in verdicts])

    @property
    def verdicts(self) -> dict[Verdict, int]:
        """How many rows have each verdict, the gravest first."""
        found = Counter(row.verdict for row in self._rows)
        return {verdict: found[verdict] for verdict in _VERDICTS if found[verdict]}

    def __repr__(self) -> str:
        counts = ", ".join(f"{count} {verdict}" for verdict, count in self.verdicts.items())
        return f"<ehelse.Audit of {len(self)} rows: {counts or 'none'}>"

    def __str__(self) -> str:
        header = ["verdict", "claim", "published", "figures"]
        body = [[row.verdict, _named(row), row.published.text, row.arithmetic] for row in self._rows]
        return "\n".join([repr(self), *table([header, *body])])

    def _repr_html_(self) -> str:
        from . import _html

        return _html.audit(self)

    def to_arrow(self) -> pyarrow.Table:
        """A pyarrow table, one row for each row of the audit; `published_*` and `recomputed_*` are float64."""
        pa = _frames.package("pyarrow", "monitor")
        numeric = ("_value", "_low", "_high")
        kinds = [(name, pa.float64() if name.endswith(numeric) else pa.string()) for name in _COLUMNS]
        made: pyarrow.Table = pa.Table.from_pylist([_cells(row) for row in self], pa.schema(kinds))
        return made

    def to_pandas(self) -> pandas.DataFrame:
        """A pandas data frame of the same columns."""
        return _frames.to_pandas(self)

    def to_polars(self) -> polars.DataFrame:
        """A polars data frame of the same columns."""
        frame: polars.DataFrame = _frames.to_polars(self.to_arrow())
        return frame

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self.to_arrow().__arrow_c_stream__(requested_schema)


def _cells(row: AuditRow) -> dict[str, Any]:
    """A row by the columns of a table, where what has no value is left out."""
    cells: dict[str, Any] = {name: getattr(row, name) for name in ("statement", "indicator", "verdict", "arithmetic")}
    cells |= {name: claim.id for name, claim in (("claim", row.claim), ("other", row.other)) if claim}
    for name, part in (("published", row.published), ("recomputed", row.recomputed)):
        if part:
            cells[f"{name}_value"] = part.value
            cells[f"{name}_low"], cells[f"{name}_high"] = part.interval or (None, None)
    return cells | {"published": row.published.text, "notes": "; ".join(row.notes)}


def _named(row: AuditRow) -> str:
    """The ids of the claims, or the statement of a figure."""
    ids = [claim.id for claim in (row.claim, row.other) if claim]
    return " / ".join(ids) or row.statement


def audit(catalogue: Catalogue | None = None) -> Audit:
    """Recompute every claim of a catalogue from the figures of the same edition, and judge it (rulings 31 and 32).

    A claim `agrees` when the figures' value rounds to it, is `consistent` when what the figures can stand for overlaps
    it, and `contradicts` otherwise; it is `not comparable` when the figures are of another population, unit or
    definition, and `cannot be checked` when a figure is not published. Rows of their own say where `claims differ` and
    what is `implausible`: more persons than inhabitants, shares above 100 per cent, parts above their total.

    Args:
        catalogue: the built-in one unless given; `catalogue.edition("2019")` audits an edition.
    """
    return Audit(records("AuditRow", _ehelse._audit(catalogue or _ehelse.catalogue())))


Audit.__module__ = "ehelse"
