"""Where a key stands in a TOML file, by line and column, for messages; reads the text only, never its meaning."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

__all__ = ["Spot"]

_HEADER = re.compile(r"\s*\[\[?\s*([^\]\s.]+)\s*[\].]")


@dataclass(frozen=True)
class Spot:
    """A table of a file, and the keys on the way to one inside it."""

    file: Path
    lines: tuple[str, ...] = ()
    first: int = 0
    last: int = 0
    keys: tuple[str, ...] = ()

    @classmethod
    def whole(cls, file: Path, text: str) -> Spot:
        """The file itself."""
        lines = tuple(text.splitlines())
        return cls(file, lines, 0, len(lines))

    def section(self, name: str, number: int = 1) -> Spot:
        """The `number`-th table of a name, with the tables below it."""
        starts = [n for n, line in enumerate(self.lines) if re.match(rf"\s*\[\[?\s*{re.escape(name)}\s*\]", line)]
        if number > len(starts):
            return self
        first = starts[number - 1]
        ends = (n for n in range(first + 1, len(self.lines)) if self._another(n, name, starts))
        return replace(self, first=first, last=next(ends, len(self.lines)))

    def _another(self, line: int, name: str, starts: list[int]) -> bool:
        header = _HEADER.match(self.lines[line])
        return header is not None and (header[1] != name or line in starts)

    def below(self, key: str) -> Spot:
        """A table that is the value of a key."""
        return replace(self, keys=(*self.keys, key))

    def __str__(self) -> str:
        """File, line and column, counted from 1; of the nearest thing around it where the key itself is not found."""
        line, column = self.first, 0
        for key in self.keys:
            found = self._find(key, line, column)
            if found is None:
                break
            line, column = found
        return f"{self.file}:{line + 1}:{column + 1}"

    def _find(self, key: str, line: int, column: int) -> tuple[int, int] | None:
        """The next place after another one at which a key is set, in a line, a table in braces or a header."""
        name = re.escape(key)
        set_ = re.compile(rf"""(?:^|[\s{{,.\[])["']?({name})["']?\s*(?:=|\.|\])""")
        for n in range(line, self.last):
            text = self.lines[n]
            match = set_.search(text, column if n == line else 0)
            if match and not text.lstrip().startswith("#"):
                return n, match.start(1)
        return None
