"""One opened source: format, derived columns, rows left out and progress joined into one Arrow stream."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from ..._ehelse import _hint
from ..config import Source
from ..errors import MonitorError
from .combined_log import open_combined_log
from .delimited import open_csv
from .derive import Deriver, inputs_of
from .parquet import open_parquet
from .raw import Raw

_FORMATS: dict[str, Callable[[Source, set[str] | None], Raw]] = {
    "parquet": open_parquet,
    "csv": open_csv,
    "combined_log": open_combined_log,
}


class Opened:
    """A source that is being read; `reader` can be drained once, and `close` ends it before."""

    def __init__(self, source: Source, raw: Raw, names: list[str] | None, tick: Callable[[int], None]) -> None:
        self.source = source
        self.tally = raw.tally
        self.synthetic = raw.synthetic
        self.total_rows = raw.total_rows
        self.close = raw.close
        #: The error that ended the stream: Arrow hands it on as text only, so it is kept here.
        self.error: BaseException | None = None
        derive = Deriver(source, raw.tally)
        derive.check(raw.schema)
        schema = derive(pa.RecordBatch.from_pylist([], schema=raw.schema)).schema
        keep = schema.names if names is None else [name for name in schema.names if name in names]
        self.schema = pa.schema([schema.field(name) for name in keep])
        self.reader = pa.RecordBatchReader.from_batches(self.schema, self._guarded(raw, derive, tick))

    def _guarded(self, raw: Raw, derive: Deriver, tick: Callable[[int], None]) -> Iterator[pa.RecordBatch]:
        try:
            for batch in raw.batches:
                self.tally.rows += batch.num_rows
                tick(batch.num_rows)
                yield self._without_nulls(derive(batch)).select(self.schema.names).cast(self.schema)
        except BaseException as error:
            self.error = error
            raise
        finally:
            self.close()

    def _without_nulls(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        for column in self.source.not_null:
            missing = batch.column(column).null_count
            if missing:
                self.tally.leave_out(f"column `{column}` is empty", missing)
                batch = batch.filter(pc.is_valid(batch.column(column)))
        return batch


def open_source(
    source: Source, columns: Iterable[str] | None = None, tick: Callable[[int], None] = lambda _: None
) -> Opened:
    """Open a source for the named columns (all for None); columns that it does not have are left to the caller."""
    wanted = None if columns is None else set(columns)
    needed = None
    if wanted is not None:
        needed = wanted | set(source.not_null)
        for name, form in source.derive.items():
            if name in needed:
                needed.update(inputs_of(form))
    if not source.path.is_file():
        raise MonitorError(f"source `{source.name}`: there is no file {source.path}")
    derive = {name: form for name, form in source.derive.items() if needed is None or name in needed}
    declared = replace(source, derive=derive)
    raw = _FORMATS[source.format](declared, needed)
    names = set(raw.schema.names) | set(declared.derive)
    try:
        for column in source.not_null:
            if column not in names:
                raise MonitorError(
                    f"source `{source.name}`, not_null: there is no column `{column}`{_hint(column, sorted(names))}"
                )
        return Opened(declared, raw, None if wanted is None else sorted(wanted), tick)
    except MonitorError:
        raw.close()
        raise
