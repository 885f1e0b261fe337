"""What a page says of an indicator: facts, inputs, measures, parameters, figures and claims. Opens no file."""

import datetime
from collections.abc import Iterable, Mapping

from ehelse import AuditRow, Figure, Group, Indicator, Input, Measure, Target, TargetValue

from markup import anchor, code, codes, number, once, table
from rules import parameters

INDEX = "README.md"


def sections(entry: Indicator, audited: Iterable[AuditRow]) -> list[str]:
    """Everything but the example, as lines of a page; with what the audit says of its claims."""
    measures = [[code(one.name), one.label, unit(one.unit), _rule(one, entry)] for one in entry.measures]
    taken = [[code(one.name), one.default, one.meaning] for one in parameters(entry)]
    questions = [
        [code(one.id), one.wording, *map(codes, (one.counted, one.answers, one.non_response))]
        for one in entry.questions
    ]
    lines = [f"## {entry.name}", "", f"{code(entry.id)} · *{entry.name_nb}*", "", entry.measured, ""]
    lines += [f"> {entry.measured_nb}", "", *_facts(entry), ""]
    for title, header, rows in (
        ("Inputs", ["input", "column", "type", "needed"], _inputs(entry.inputs)),
        ("Measures", ["measure", "what", "unit", "rule"], measures),
        ("Parameters", ["parameter", "default", "meaning"], taken),
        ("Questions", ["question", "wording", "counted", "answers", "no answer"], questions),
    ):
        lines += [f"### {title}", "", *table(header, rows), ""] if rows else []
    for title, body in (
        ("Published figures", _figures(entry)),
        ("Claims", _claims(audited)),
        ("Targets", targets(entry.targets)),
        ("Breaks", [f"- {one.period}: {one.reason}" for one in entry.breaks]),
        ("Notes", [f"- {note}" for note in entry.notes]),
    ):
        lines += [f"### {title}", "", *body, ""] if body else []
    return lines


def unit(name: str) -> str:
    """A unit for reading."""
    return name.replace("_", " ")


def _facts(entry: Indicator) -> list[str]:
    default, *others = entry.frequencies
    editions = [f"since {entry.introduced}", *(f"revised {id}" for id in entry.revised)]
    if entry.retired:
        editions.append(f"retired {entry.retired}")
    facts = {
        "kind": entry.kind,
        "frequencies": ", ".join([f"{default} (default)", *others]),
        "split by": codes(entry.by),
        "dimensions": codes(entry.dimensions),
        "exists": _span(*entry.valid) if entry.valid else "",
        "groups": ", ".join(map(_group, entry.groups)),
        "counts persons": "yes: publication is protected" if entry.counts_persons else "no",
        "reported figures": "accepted" if entry.reported else "not accepted",
        "owner": entry.owner,
        "reporter": entry.reporter,
        "editions": ", ".join(editions),
        "references": "; ".join(entry.references),
        "goals": ", ".join(f"[{id}]({INDEX}#goals)" for id in entry.goals),
        "sources": ", ".join(_source(one.id) for one in entry.sources),
    }
    rule = f"{code(entry.definition)}, version {entry.version}"
    return table(["definition", rule], [[name, text] for name, text in facts.items() if text])


def _span(first: datetime.date | None, last: datetime.date | None) -> str:
    return " ".join([*([f"from {first}"] if first else []), *([f"to {last}"] if last else [])])


def _group(one: Group) -> str:
    return f"{code(one.dimension)} {code(one.label)} {_span(one.first, one.last)}"


def _source(id: str) -> str:
    return f"[{id}]({INDEX}#sources)"


def _inputs(inputs: Iterable[Input]) -> list[list[str]]:
    rows = []
    for one in inputs:
        if one.kind == "series":
            form = f"series, {unit(one.unit or 'any unit')} by {one.frequency or 'any frequency'}"
            rows.append([code(one.name), "", form, "yes" if one.required else "no"])
        roles = [(role, kind, "yes") for role, kind in one.columns.items()]
        roles += [(role, kind, "no") for role, kind in one.optional.items()]
        for name, (role, kind, needed) in zip(once(code(one.name)), roles, strict=False):
            rows.append([name, code(role), f"[{kind}]({INDEX}#types-of-columns)", needed])
    return rows


def _rule(measure: Measure, entry: Indicator) -> str:
    """The rule of a measure, with what it is applied to."""
    rule = f"[{measure.rule}](#{anchor(measure.rule)})"
    if measure.of:
        rule += f" of {codes(measure.of)}"
    elif measure.input and sum(one.kind == "rows" for one in entry.inputs) > 1:
        rule += f" of {code(measure.input)}"
    parts = [f"{role} = {code(column)}" for role, column in sorted(measure.bind.items()) if role != column]
    for role, kept in sorted(measure.where.items()):
        parts.append(f"where {code(role)} is {' or '.join(code(str(value).lower()) for value in kept)}")
    if measure.by:
        parts.append(f"by {codes(measure.by)}")
    if measure.frequency:
        parts.append(f"by {measure.frequency}")
    return ", ".join([rule, *parts])


def _figures(entry: Indicator) -> list[str]:
    """The figures with their notes; the measure is named where there are several, the group where there is one."""
    if not entry.figures:
        return []
    header = ["period", "group", "measure", "figure", "last place", "population", "edition", "source"]
    rows = [_figure(one) for one in entry.figures]
    left_out = {"measure"} if len(entry.measures) == 1 else set()
    kept = [i for i, head in enumerate(header) if head not in left_out and any(row[i] for row in rows)]
    lines = table([header[i] for i in kept], [[row[i] for i in kept] for row in rows])
    noted = [one for one in entry.figures if one.note]
    notes = [f"- {' '.join(filter(None, [one.period, _labels(one.dimensions)]))}: {one.note}" for one in noted]
    return [*lines, "", *notes] if notes else lines


def _figure(one: Figure) -> list[str]:
    figure = f"{one.text} {unit(one.unit)}" if one.text else "not stated"
    place = "" if one.place is None else number(one.place)
    about = [one.population, one.edition, _source(one.source)]
    return [one.period, _labels(one.dimensions), code(one.measure), figure, place, *about]


def _labels(dimensions: Mapping[str, str]) -> str:
    """The labels of a group; with their dimensions where there are several."""
    if len(dimensions) < 2:
        return codes(dimensions.values())
    return ", ".join(f"{dimension} {code(label)}" for dimension, label in dimensions.items())


def _claims(audited: Iterable[AuditRow]) -> list[str]:
    """What the sources claim, and what their figures say of it."""
    rows, notes = [], []
    for one in audited:
        rows.append([one.statement, one.published.text, one.verdict, one.arithmetic])
        notes += [f"- *{one.statement}* {'; '.join(note.rstrip('.') for note in one.notes)}."] if one.notes else []
    if not rows:
        return []
    lines = table(["claim", "published", "verdict", "calculation"], rows)
    return [*lines, "", *notes] if notes else lines


def targets(stated: Iterable[Target]) -> list[str]:
    """Targets with their baselines."""
    rows = [
        [code(one.id), _labels(one.dimensions), _slot(one.baseline), _slot(one.target), one.note or ""]
        for one in stated
    ]
    return table(["target", "group", "baseline", "to reach", "note"], rows) if rows else []


def _slot(slot: TargetValue) -> str:
    return slot.reason or "" if slot.value is None else f"{number(slot.value)} in {slot.period}"
