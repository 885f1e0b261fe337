"""Columns made from other columns in a few declared forms (config.Derived); no code from the monitor file is run."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..._ehelse import _hint
from ..config import DateTime, Derived, Joined, Parsed, PeriodOf, Source
from ..errors import MonitorError
from .raw import BAD_CAST, Tally, misfit

_DAY_US = 86_400_000_000
_LIMITS = {"month": 12, "quarter": 4, "week": 53}
_LETTER = {"month": "", "quarter": "Q", "week": "W"}


def inputs_of(form: Derived) -> tuple[str, ...]:
    """The columns that a derived column needs."""
    if isinstance(form, DateTime):
        return (form.date, form.hhmm)
    if isinstance(form, PeriodOf):
        return (form.year, form.part) if form.part else (form.year,)
    if isinstance(form, Parsed):
        return (form.text,)
    return form.join


class Deriver:
    """Adds the declared columns of one source to each of its batches."""

    def __init__(self, source: Source, tally: Tally) -> None:
        self._source = source
        self._tally = tally
        self._rows = 0

    def check(self, schema: pa.Schema) -> None:
        """Every column that a form names is in the file, and no derived column hides one that is."""
        for column, form in self._source.derive.items():
            if column in schema.names and column not in inputs_of(form):
                raise self._fail(column, "the file already has a column of this name")
            for name in inputs_of(form):
                if name not in schema.names:
                    raise self._fail(column, f"the file has no column `{name}`{_hint(name, schema.names)}")

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The batch with the times of a CSV read, the derived columns set and rows without a period left out."""
        for column, written in self._source.csv.times.items():
            if column in batch.schema.names:
                batch = _set(batch, column, parse_times(batch.column(column), written, self._place(column), self._rows))
        kept = None
        for column, form in self._source.derive.items():
            if any(name not in batch.schema.names for name in inputs_of(form)):
                continue
            values = self._column(column, form, batch)
            if isinstance(form, PeriodOf):
                valid = pc.is_valid(values)
                kept = valid if kept is None else pc.and_(kept, valid)
                part = f"`{form.year}` and `{form.part}`" if form.part else f"`{form.year}`"
                self._tally.leave_out(f"columns {part} name no {form.kind}", values.null_count)
            batch = _set(batch, column, values)
        self._rows += batch.num_rows
        return batch if kept is None else batch.filter(kept)

    def _column(self, column: str, form: Derived, batch: pa.RecordBatch) -> pa.Array:
        if isinstance(form, DateTime):
            return self._date_time(column, form, batch)
        if isinstance(form, PeriodOf):
            return self._period(column, form, batch)
        if isinstance(form, Parsed):
            return parse_times(batch.column(form.text), form.format, self._place(column), self._rows)
        return _joined(form, batch)

    def _place(self, column: str) -> str:
        return f"source `{self._source.name}`, column `{column}`"

    def _fail(self, column: str, message: str) -> MonitorError:
        return MonitorError(f"source `{self._source.name}`, derived column `{column}`: {message}")

    def _cast(self, column: str, name: str, batch: pa.RecordBatch, kind: pa.DataType, what: str) -> pa.Array:
        """A column that must be of a type, also where the file has it as text."""
        try:
            return batch.column(name).cast(kind)
        except BAD_CAST:
            where = misfit(batch.column(name), kind, self._rows)
            raise self._fail(column, f"column `{name}`{where}: must hold {what}") from None

    def _date_time(self, column: str, form: DateTime, batch: pa.RecordBatch) -> pa.Array:
        days = self._cast(column, form.date, batch, pa.date32(), "dates")
        clock = self._cast(column, form.hhmm, batch, pa.int64(), "integers")
        number = clock.fill_null(0).to_numpy(zero_copy_only=False)
        bad = (number < 0) | (number % 100 > 59) | (number > 2400)
        if bad.any():
            row = int(np.flatnonzero(bad)[0])
            raise self._fail(column, f"column `{form.hhmm}`, row {self._rows + row}: the number is no time of day "
                                     "written as hours and minutes (517 is 05:17)")  # fmt: skip
        start = days.cast(pa.int32()).fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
        micros = start * _DAY_US + (number // 100 * 60 + number % 100) * 60_000_000
        missing = pc.or_(pc.is_null(days), pc.is_null(clock)).to_numpy(zero_copy_only=False)
        return pa.array(micros, pa.int64(), mask=missing).cast(pa.timestamp("us"))

    def _period(self, column: str, form: PeriodOf, batch: pa.RecordBatch) -> pa.Array:
        years = self._cast(column, form.year, batch, pa.int64(), "integers")
        text = pc.utf8_lpad(years.cast(pa.string()), 4, "0")
        if form.part is None:
            return text
        part = self._cast(column, form.part, batch, pa.int64(), "integers")
        inside = pc.and_(pc.greater_equal(part, 1), pc.less_equal(part, _LIMITS[form.kind]))
        digits = part.cast(pa.string())
        if form.kind != "quarter":
            digits = pc.utf8_lpad(digits, 2, "0")
        joined = pc.binary_join_element_wise(text, pa.scalar("-" + _LETTER[form.kind]), digits, "")
        return pc.if_else(inside, joined, pa.scalar(None, pa.string()))


def _joined(form: Joined, batch: pa.RecordBatch) -> pa.Array:
    parts = [batch.column(name).cast(pa.string()) for name in form.join]
    # The unit separator cannot be confused with text; a missing part counts as empty, a row without any as null.
    joined = pc.binary_join_element_wise(*parts, "\x1f", null_handling="replace", null_replacement="")
    return pc.if_else(pc.is_valid(pc.coalesce(*parts)), joined, pa.scalar(None, pa.string()))


def _set(batch: pa.RecordBatch, column: str, values: pa.Array) -> pa.RecordBatch:
    if column in batch.schema.names:
        return batch.set_column(batch.schema.get_field_index(column), column, values)
    return batch.append_column(column, values)


#: The types of both ISO forms, and what to do about times that are of the other one.
_ISO = {
    "iso": (pa.timestamp("us"), "; use `iso_zone`"),
    "iso_zone": (pa.timestamp("us", "UTC"), "; use `iso` and state input_zone"),
}


def parse_times(values: pa.Array, form: str, place: str, rows_before: int = 0) -> pa.Array:
    """Text as times: `iso` (no zone), `iso_zone` (Z or an offset) or a strptime format; %z makes it UTC."""
    if form in _ISO:
        (kind, hint), (other, _) = _ISO[form], _ISO["iso_zone" if form == "iso" else "iso"]
        try:
            return values.cast(kind)
        except pa.ArrowInvalid:
            try:
                values.cast(other)
            except pa.ArrowInvalid:
                hint = ""
            where = misfit(values, kind, rows_before)
            raise MonitorError(f"{place}{where}: is not a time written as {form}{hint}") from None
    times = pc.strptime(values, format=form, unit="us", error_is_null=True)
    wrong = pc.and_(pc.is_null(times), pc.is_valid(values))
    if pc.any(wrong).as_py():
        row = int(pc.index(wrong, True).as_py())
        raise MonitorError(f"{place}, row {rows_before + row}: is not a time written as {form}")
    return times.cast(pa.timestamp("us", "UTC" if "%z" in form else None))
