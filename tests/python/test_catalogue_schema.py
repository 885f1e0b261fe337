"""The JSON Schema of catalogue files: every seed fits it, and what the loader refuses by its form it refuses too."""

import copy
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ehelse
import pytest
from jsonschema import Draft202012Validator

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "include/ehelse-catalogue.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
SEEDS = sorted((ROOT / "seeds").rglob("*.toml"))

#: A file that uses every key of every table.
WHOLE = tomllib.loads(Path(__file__).with_name("every_key.toml").read_text(encoding="utf-8"))


def written(value: Any) -> str:
    """A value as TOML, tables inline."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {written(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def loads(document: dict[str, Any], folder: Path) -> bool:
    """Whether the loader accepts a document."""
    path = folder / "own.toml"
    path.write_text("\n".join(f"{key} = {written(value)}" for key, value in document.items()), encoding="utf-8")
    try:
        ehelse.Catalogue.load(path)
    except ehelse.CatalogueError:
        return False
    return True


Place = tuple[str | int, ...]

#: Tables whose keys are names of the writer's own.
FREE = ("columns", "optional", "dimensions", "where", "bind")


def places(value: Any, at: Place = ()) -> Iterator[Place]:
    """Every value of a document by its place, tables and lists included."""
    if at:
        yield at
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield from places(part, (*at, key))


def named(at: Place) -> str:
    return ".".join(map(str, at))


def changed(at: Place, value: Any) -> dict[str, Any]:
    """The whole file with another value at a place."""
    document = copy.deepcopy(WHOLE)
    part: Any = document
    for key in at[:-1]:
        part = part[key]
    part[at[-1]] = value
    return document


def tables() -> Iterator[Place]:
    """Every table whose keys are fixed, the file itself first."""
    yield ()
    for at in places(WHOLE):
        value: Any = WHOLE
        for key in at:
            value = value[key]
        if isinstance(value, dict) and at[-1] not in FREE:
            yield at


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.relative_to(ROOT / "seeds").as_posix())
def test_every_seed_fits(path: Path) -> None:
    faults = [error.message for error in VALIDATOR.iter_errors(tomllib.loads(path.read_text(encoding="utf-8")))]
    assert faults == []


def test_a_file_with_every_key_fits(tmp_path: Path) -> None:
    # `override = false` says nothing, so the loader takes it beside what is new.
    assert list(VALIDATOR.iter_errors(WHOLE)) == []
    assert loads(WHOLE, tmp_path)


def test_the_file_has_every_key() -> None:
    def keys(schema: dict[str, Any]) -> set[str]:
        return set(schema["properties"])

    properties = SCHEMA["properties"]
    assert set(WHOLE) == keys(SCHEMA)
    for table in ("source", "edition", "figure", "claim", "strategy", "goal", "target", "roadmap", "indicator"):
        used = set().union(*(set(one) for one in WHOLE[table]))
        assert used == keys(properties[table]["items"]), table
    entry = properties["indicator"]["items"]["properties"]
    for table in ("input", "measure", "question"):
        used = set().union(*(set(one) for one in WHOLE["indicator"][0][table]))
        assert used == keys(entry[table]["items"]), table


@pytest.mark.parametrize("at", list(tables()), ids=named)
def test_an_unknown_key_is_refused_by_both(at: Place, tmp_path: Path) -> None:
    document = changed((*at, "zzz"), 1)
    assert not VALIDATOR.is_valid(document)
    assert not loads(document, tmp_path)


@pytest.mark.parametrize("at", list(places(WHOLE)), ids=named)
def test_a_wrong_type_is_refused_by_both(at: Place, tmp_path: Path) -> None:
    for wrong in ([[1.5]], {"zzz": {"zzz": 1}}):
        document = changed(at, wrong)
        assert not VALIDATOR.is_valid(document), wrong
        assert not loads(document, tmp_path), wrong


def required() -> Iterator[Place]:
    """Every key of a table that the loader asks for: without it the file is refused."""
    for at in places(WHOLE):
        if isinstance(at[-1], str) and at[-2:-1] and not any(key in FREE for key in at[:-1]):
            yield at


@pytest.mark.parametrize("at", list(required()), ids=named)
def test_what_the_schema_asks_for_the_loader_asks_for(at: Place, tmp_path: Path) -> None:
    document = copy.deepcopy(WHOLE)
    part: Any = document
    for key in at[:-1]:
        part = part[key]
    del part[at[-1]]
    if not VALIDATOR.is_valid(document):
        assert not loads(document, tmp_path)


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (("indicator", 0, "version"), 0),
        (("indicator", 0, "version"), -1),
        (("indicator", 0, "version"), 5_000_000_000),
        (("indicator", 0, "kind"), "uses"),
        (("indicator", 0, "id"), "calls"),
        (("indicator", 0, "definition"), "Calls"),
        (("indicator", 0, "owner"), " "),
        (("indicator", 0, "frequencies"), []),
        (("indicator", 0, "frequencies"), ["yearly"]),
        (("indicator", 0, "frequencies"), ["year", "year"]),
        (("indicator", 0, "sources"), []),
        (("indicator", 0, "measure"), []),
        (("indicator", 0, "valid"), {}),
        (("indicator", 0, "valid", "from"), "2018-01"),
        (("indicator", 0, "groups", 0), {"dimension": "kind", "label": "web"}),
        (("indicator", 0, "breaks", 0, "period"), "2019-13"),
        (("indicator", 0, "input", 0, "columns", "kind"), "labels"),
        (("indicator", 0, "input", 0, "series"), {"unit": "x"}),
        (("indicator", 0, "input", 0, "required"), True),
        (("indicator", 0, "input", 1, "columns"), {"time": "time"}),
        (("indicator", 0, "measure", 0, "formula"), "top"),
        (("indicator", 0, "measure", 0, "of"), ["top"]),
        (("indicator", 0, "measure", 0, "kernel"), "counts"),
        (("indicator", 0, "measure", 0, "bind"), {"tiem": "time"}),
        (("indicator", 0, "measure", 0, "where", "kind"), []),
        (("indicator", 0, "measure", 0, "where", "amount"), 1.5),
        (("indicator", 0, "measure", 0, "parameters"), {"n": 3}),
        (("indicator", 0, "measure", 1, "by"), ["kind"]),
        (("indicator", 0, "measure", 1, "of"), ["calls", "given"]),
        (("indicator", 0, "measure", 1, "of"), []),
        (("indicator", 0, "measure", 1, "parameters", "n"), 0),
        (("indicator", 0, "measure", 1, "parameters", "fixed"), "last"),
        (("indicator", 0, "measure", 3, "parameters", "level"), 95),
        (("indicator", 0, "measure", 3, "parameters", "lonely_psu"), "adjusted"),
        (("indicator", 0, "question", 0, "counted"), []),
        (("indicator", 0, "question", 0, "answers"), ["yes", "yes"]),
        (("figure", 0, "range"), [1, 2]),
        (("figure", 0, "flags"), ["X"]),
        (("figure", 0, "flags"), ["O"]),
        (("figure", 0, "place"), 0),
        (("figure", 0, "qualifier"), "abut"),
        (("figure", 1, "range"), [1]),
        (("figure", 2, "flags"), ["E"]),
        (("figure", 2, "place"), 1),
        (("claim", 0, "id"), "growth"),
        (("claim", 0, "kind"), "change"),
        (("claim", 0, "kind"), "level"),
        (("claim", 0, "kind"), "higher"),
        (("claim", 0, "rank"), 1),
        (("claim", 0, "of", 0, "value"), 1),
        (("claim", 0, "of", 1, "period"), "2019"),
        (("claim", 1, "value"), 2),
        (("claim", 1, "rank"), 0),
        (("goal", 0, "number"), 0),
        (("target", 0, "direction"), "higher"),
        (("target", 0, "target"), {"empty": True}),
        (("target", 0, "target"), {"period": "2025"}),
        (("target", 0, "target"), {"empty": True, "reason": {"nb": "n", "en": "e"}, "value": 1}),
        (("target", 1, "measure"), "calls"),
        (("target", 1, "target"), {"period": "2025", "value": 1}),
        (("roadmap", 0, "status"), "done"),
        (("roadmap", 0, "status"), "planned"),
    ],
    ids=lambda value: named(value) if isinstance(value, tuple) else None,
)
def test_a_wrong_word_or_number_is_refused_by_both(at: Place, value: Any, tmp_path: Path) -> None:
    document = changed(at, value)
    assert not VALIDATOR.is_valid(document)
    assert not loads(document, tmp_path)
