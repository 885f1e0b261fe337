"""Strict reading of a parsed TOML table: only known keys, each asked for by type."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from .errors import MonitorError, nearest
from .toml_spot import Spot

__all__ = ["Table"]

_NAMES: dict[type, str] = {
    str: "text",
    bool: "true or false",
    int: "an integer",
    float: "a number",
    list: "a list",
    dict: "a table",
    datetime.date: "a date without quotes",
    datetime.datetime: "a time without quotes",
}


def _type_name(value: object) -> str:
    return _NAMES.get(type(value), type(value).__name__)


class Table:
    """One TOML table with its name and the spot it stands at, for messages that name file, line, column and key."""

    def __init__(self, values: object, name: str, spot: Spot) -> None:
        self.name = name
        self._spot = spot
        self._values: Mapping[str, Any] = values if isinstance(values, Mapping) else {}
        if not isinstance(values, Mapping):
            raise self.fail(f"expected a table, found {_type_name(values)}")

    @property
    def place(self) -> str:
        """Where the table stands, and its name."""
        return f"{self._spot}: {self.name}" if self.name else str(self._spot)

    def fail(self, message: str, key: str | None = None) -> MonitorError:
        """An error at this table, or at one of its keys."""
        return MonitorError(f"{self._at(key)}: {message}")

    def _at(self, key: str | None) -> str:
        named = [self.name] if self.name else []
        if key is None:
            return ": ".join([str(self._spot), *named])
        spot = self._spot
        for part in key.split("."):
            spot = spot.below(part)
        return ": ".join([str(spot), *named, f"key `{key}`"])

    def only(self, *known: str) -> None:
        """Every key is one of these, or the first that is not is an error."""
        for key in self._values:
            if key not in known:
                free = [name for name in known if name not in self._values]
                named = f"{self.name}: " if self.name else ""
                raise MonitorError(f"{self._spot.below(key)}: {named}unknown key `{key}`{nearest(key, free)}")

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def raw(self, key: str) -> Any:
        """The value as it stands, or None."""
        return self._values.get(key)

    def _typed(self, key: str, kind: type) -> Any:
        value = self.raw(key)
        if value is None:
            return None
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.fail(f"expected {_NAMES[kind]}, found {_type_name(value)}", key)
        return value

    def text(self, key: str, *, among: tuple[str, ...] | None = None) -> str | None:
        """Text, where stated one of a fixed set."""
        value: str | None = self._typed(key, str)
        if value is not None and among is not None and value not in among:
            raise self.fail(f"unknown value `{value}`{nearest(value, among)}", key)
        return value

    def required(self, key: str) -> str:
        """Text that must be there."""
        value = self.text(key)
        if not value:
            raise self.fail("this key is required", key)
        return value

    def flag(self, key: str) -> bool | None:
        """True or false."""
        value: bool | None = self._typed(key, bool)
        return value

    def integer(self, key: str) -> int | None:
        """A whole number."""
        value: int | None = self._typed(key, int)
        return value

    def table(self, key: str) -> Table | None:
        """A table below this one."""
        return self.below(key) if key in self else None

    def below(self, key: str) -> Table:
        """A table below this one that is there."""
        name = f"{self.name}: key `{key}`" if self.name else f"key `{key}`"
        return Table(self.raw(key), name, self._spot.below(key))

    def tables(self, key: str) -> list[tuple[int, Any]]:
        """An array of tables, numbered from 1."""
        value = self.raw(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.fail(f"expected `[[{key}]]`, found {_type_name(value)}", key)
        return list(enumerate(value, start=1))

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; a single text stands for a list of one."""
        value = self.raw(key)
        if value is None:
            return ()
        items = value if isinstance(value, list) else [value]
        for item in items:
            if not isinstance(item, str):
                raise self.fail(f"expected text, found {_type_name(item)}", key)
        return tuple(items)

    def text_map(self, key: str) -> dict[str, str]:
        """A table of texts; one level of nesting is flattened to `outer.inner`."""
        below = self.table(key)
        if below is None:
            return {}
        flat: dict[str, str] = {}
        for name, value in below.items():
            nested = value if isinstance(value, dict) else {"": value}
            for inner, item in nested.items():
                label = f"{name}.{inner}" if inner else name
                if not isinstance(item, str):
                    raise below.fail(f"expected text, found {_type_name(item)}", label)
                flat[label] = item
        return flat

    def items(self) -> list[tuple[str, Any]]:
        """All keys with their values, for a table whose keys are free."""
        return list(self._values.items())
