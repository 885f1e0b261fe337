"""The functions of the package: they hand columns and options by name to a `Computation`. They compute nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Unpack

from . import _ehelse
from ._ehelse import Catalogue, Computation, Indicator, Series
from ._errors import InvalidInputError
from ._options import Frequency, KernelOptions, Names, Progress, Span, Table, Where

__all__ = [
    "active_at",
    "active_sum",
    "composite",
    "compute",
    "count",
    "distinct",
    "flows",
    "proportion",
    "rolling_distinct",
    "sum",
    "visits",
]


def compute(
    indicator: Indicator | str,
    table: Table | Series | None = None,
    /,
    *,
    inputs: Mapping[str, Table | Series] = {},
    reported: Table | Series | None = None,
    columns: Mapping[str, str | None] = {},
    measure: str | None = None,
    frequency: Frequency | None = None,
    zone: str = "Europe/Oslo",
    input_zone: str | None = None,
    time_unit: str | None = None,
    coverage: Span | None = None,
    report: Span | None = None,
    by: Names | None = None,
    where: Where | None = None,
    order: str = "any",
    threads: int | None = None,
    progress: Progress = False,
    catalogue: Catalogue | None = None,
    **parameters: Any,
) -> Series:
    """Compute an indicator of the catalogue.

    An indicator with one input takes the positional table; one with several takes `inputs`, a table or a `Series` for
    each name. `reported` takes figures that were computed elsewhere instead, with the columns `period` and `value`.

    Args:
        indicator: its id, or the entry.
        table: rows, one an event: an Arrow table or stream, a data frame, or a dict of NumPy arrays.
        inputs: what to compute from, by the names of the indicator's inputs.
        reported: reported figures, for an indicator that takes them.
        columns: the column for a role, as `{"client": "session_id"}` or `{"notifications.time": "received"}`; a role
            that is not named (or is `None`) is read from the column of its own name, but event ids are read only
            where they are named.
        measure: the measure of the result; the primary one unless named. `series.measure` gives the others.
        frequency: length of the periods; the indicator's first unless named.
        zone: zone of the periods.
        input_zone: zone of timestamps that carry none; never guessed.
        time_unit: unit of integers that are times: `s`, `ms`, `us` or `ns`.
        coverage: the days for which the rows are complete, such as `2019` or `2019-01-01/2019-06-30`; inferred unless
            stated.
        report: the periods that are output, in the same form.
        by: the dimensions to split by.
        where: the values to keep, by column.
        order: `log` promises rows in the order of time, which is checked and saves memory.
        threads: threads inside one call; the result does not depend on it.
        progress: `True` shows a bar on standard error; a callable is called with the number of rows so far.
        catalogue: where the id is looked up; the built-in one unless given.
        **parameters: `ambiguous`, `gaps`, `history_complete`, `groups`, `totals`, `max_cells`, and the parameters of
            the definition, such as `gap_minutes`.

    Raises:
        InvalidInputError: rows, columns or options that a rule refuses; an unknown option names the nearest.
        UnknownIndicatorError: an id that the catalogue does not hold.
        ComputationError: valid input that cannot be computed.
    """
    entry = indicator if isinstance(indicator, Indicator) else (catalogue or _ehelse.catalogue())[indicator]
    options: dict[str, Any] = {
        "columns": {role: column for role, column in columns.items() if column is not None} or None,
        "measure": measure,
        "frequency": frequency,
        "zone": zone,
        "input_zone": input_zone,
        "time_unit": time_unit,
        "coverage": coverage,
        "report": report,
        "by": by,
        "where": where,
        "order": order,
        "threads": threads,
        "progress": progress,
        **parameters,
    }
    sources = {"a table": table, "`inputs`": inputs or None, "`reported`": reported}
    given = [name for name, source in sources.items() if source is not None]
    if len(given) != 1:
        what = " and ".join(given) + " are given" if given else "nothing is given"
        raise InvalidInputError(f"give `{entry.id}` a table, or its `inputs` by name, or `reported` figures: {what}")
    if reported is not None:
        return _reported(entry, reported, options)
    named: list[tuple[str | None, Table | Series]] = [(None, table)] if table is not None else [*inputs.items()]
    return Computation(entry, **options)._series_of(named)


def _reported(indicator: Indicator, figures: Table | Series, options: dict[str, Any]) -> Series:
    used = {name: options.pop(name) for name in ("columns", "measure", "frequency")}
    plain = {"zone": "Europe/Oslo", "order": "any", "progress": False, "threads": options["threads"]}
    for name, value in options.items():
        if value is not None and value != plain.get(name):
            raise InvalidInputError(f"option `{name}` does nothing to reported figures; leave it out")
    return _ehelse._reported(indicator, figures, **used)


def visits(
    table: Table,
    /,
    *,
    time: str,
    client: str,
    event: str | None = None,
    gap_minutes: int = 30,
    frequency: Frequency = "month",
    order: str = "any",
    **options: Unpack[KernelOptions],
) -> Series:
    """Visits: runs of page views of one client in which each follows the one before by less than `gap_minutes`.

    `time`, `client` and `event` (an event id; equal ids count once) are names of columns. A visit counts in the period
    in which it starts, and has the labels of its first page view. The other options are those of `ehelse.compute`.
    """
    roles = {"time": time, "client": client, "event": event}
    return _run("visits", table, roles, {"gap_minutes": gap_minutes, "frequency": frequency, "order": order, **options})


def count(
    table: Table,
    /,
    *,
    time: str,
    count: str | None = None,
    event: str | None = None,
    cumulative: bool = False,
    unit: str | None = None,
    frequency: Frequency = "month",
    **options: Unpack[KernelOptions],
) -> Series:
    """Events by period, one a row, or as many as the column `count` says; `cumulative` counts all up to its end."""
    roles = {"time": time, "count": count, "event": event}
    return _run("count", table, roles, {"cumulative": cumulative, "unit": unit, "frequency": frequency, **options})


def sum(
    table: Table,
    /,
    *,
    time: str,
    amount: str,
    unit: str,
    event: str | None = None,
    frequency: Frequency = "month",
    **options: Unpack[KernelOptions],
) -> Series:
    """The sum of a column by period, correctly rounded whatever the order of the rows."""
    roles = {"time": time, "amount": amount, "event": event}
    return _run("sum", table, roles, {"unit": unit, "frequency": frequency, **options})


def distinct(
    table: Table,
    /,
    *,
    time: str,
    id: str,
    event: str | None = None,
    cumulative: bool = False,
    frequency: Frequency = "month",
    **options: Unpack[KernelOptions],
) -> Series:
    """Distinct ids by period, exactly; `cumulative` counts all from the beginning up to the end of the period."""
    roles = {"time": time, "id": id, "event": event}
    return _run("distinct", table, roles, {"cumulative": cumulative, "frequency": frequency, **options})


def rolling_distinct(
    table: Table,
    /,
    *,
    time: str,
    id: str,
    event: str | None = None,
    window_days: int = 100,
    frequency: Frequency = "day",
    **options: Unpack[KernelOptions],
) -> Series:
    """Distinct ids in the `window_days` civil days up to each day; a longer period has the value of its last day."""
    roles = {"time": time, "id": id, "event": event}
    return _run("rolling_distinct", table, roles, {"window_days": window_days, "frequency": frequency, **options})


def flows(
    table: Table,
    /,
    *,
    time: str,
    sender: str,
    receiver: str,
    count: str | None = None,
    event: str | None = None,
    frequency: Frequency = "year",
    **options: Unpack[KernelOptions],
) -> Series:
    """Messages by sender and receiver, with the totals of both."""
    roles = {"time": time, "sender": sender, "receiver": receiver, "count": count, "event": event}
    return _run("flows", table, roles, {"frequency": frequency, **options})


def active_at(
    table: Table,
    /,
    *,
    start: str,
    end: str | None = None,
    id: str | None = None,
    since: str | None = None,
    unit: str | None = None,
    frequency: Frequency = "month",
    **options: Unpack[KernelOptions],
) -> Series:
    """Distinct ids that are active on the last day of each period; without `id` every row is a unit.

    A row is active from the day of `start` and no longer on the day of `end`; a null `end` is still open. Where `since`
    is named, a row counts from that day on as well, and never where it is null: the units of a register that are
    connected.
    """
    roles = {"start": start, "end": end, "id": id, "since": since}
    return _run("active_at", table, roles, {"unit": unit, "frequency": frequency, **options})


def active_sum(
    table: Table,
    /,
    *,
    start: str,
    amount: str,
    unit: str,
    end: str | None = None,
    id: str | None = None,
    since: str | None = None,
    share: str | None = None,
    frequency: Frequency = "month",
    **options: Unpack[KernelOptions],
) -> Series:
    """The sum of a column over the rows that are active on the last day of each period, as in `active_at`.

    `share` is the part (0 to 1) of the amount that belongs to a row's group: rows of one `id` that are active together
    need it. Their shares add up to at most 1; where it is less, the rest is in no group. Whole numbers without shares
    are summed exactly.
    """
    roles = {"start": start, "end": end, "id": id, "since": since, "amount": amount, "share": share}
    return _run("active_sum", table, roles, {"unit": unit, "frequency": frequency, **options})


def proportion(
    table: Table,
    /,
    *,
    answer: str,
    weight: str | None = None,
    strata: str | None = None,
    cluster: str | None = None,
    question: str | None = None,
    time: str | None = None,
    counted: Names | None = None,
    non_response: Names | None = None,
    answers: Names | None = None,
    each_answer: bool = False,
    level: float = 0.95,
    lonely_psu: Literal["fail", "adjust", "certainty", "average"] = "fail",
    reference: str | None = None,
    frequency: Frequency = "year",
    **options: Unpack[KernelOptions],
) -> Series:
    """Weighted proportions of answers in per cent, with standard error, interval, base and effective base.

    Rows are respondents (of one question each, where `question` names it). Columns of true and false, or 1 and 0, have
    the proportion of true; otherwise `counted` says which answers make it, and without it every answer has its own.
    Groups of `by` and answers that are none (null, or in `non_response`) are domains of the whole design: `strata` and
    `cluster`, with replacement between primary units, as R's survey package. Without `time` the result is undated.
    `reference` gives the measure `difference`: of every group from that one, in percentage points, with its test.
    """
    roles = {
        "answer": answer,
        "weight": weight,
        "strata": strata,
        "cluster": cluster,
        "question": question,
        "time": time,
    }
    design = {"counted": counted, "non_response": non_response, "answers": answers, "reference": reference}
    given = {"each_answer": each_answer, "level": level, "lonely_psu": lonely_psu, "frequency": frequency}
    return _run("proportion", table, roles, {**design, **given, **options})


def composite(
    table: Table,
    /,
    *,
    score: str,
    weight: str | float = 1.0,
    layer: str | None = None,
    low: str | float = 0.0,
    high: str | float = 1.0,
    item: str | None = None,
    time: str | None = None,
    min_coverage: float = 1.0,
    scale: float = 1.0,
    layer_weights: Mapping[str, float] | None = None,
    each_layer: bool = False,
    unit: str | None = None,
    frequency: Frequency = "year",
    **options: Unpack[KernelOptions],
) -> Series:
    """Composite scores: sub-scores rescaled from `low` to `high`, weighted in their layer, and layers weighted upwards.

    Rows are sub-scores; `score` holds numbers, or yes, partly and no. `weight`, `low` and `high` are columns or
    numbers. A layer written `a/b` lies within layer a; `layer_weights` names the layers that do not weigh 1. A layer of
    which less than `min_coverage` of the weight is present has no score. The best score is shown as `scale`. Without
    `time` the result is undated.
    """
    columns: dict[str, str | None] = {"score": score, "layer": layer, "item": item, "time": time}
    numbers: dict[str, float] = {}
    for name, value in (("weight", weight), ("low", low), ("high", high)):
        if isinstance(value, str):
            columns[name] = value
        else:
            numbers[name] = value
    given = {"min_coverage": min_coverage, "scale": scale, "layer_weights": layer_weights, "each_layer": each_layer}
    return _run("composite", table, columns, {**numbers, **given, "unit": unit, "frequency": frequency, **options})


def _run(kernel: str, table: Table, roles: dict[str, str | None], options: dict[str, Any]) -> Series:
    options["columns"] = {**options.get("columns", {}), **roles}
    return Computation(kernel, **options)._series_of([(None, table)])
