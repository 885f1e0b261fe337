"""The exceptions of the library. Raises none itself."""

from __future__ import annotations


class EhelseError(Exception):
    """Any error of the library: the message says where, what, and what to do.

    `column` and `row` say where in the table given to the call, rows counted from 0; `None` where it is no one place.
    """

    column: str | None
    row: int | None

    def __init__(self, message: str, column: str | None = None, row: int | None = None) -> None:
        super().__init__(message)
        self.column = column
        self.row = row

    def __str__(self) -> str:
        # KeyError, a base of one of these, would put the message in quotes.
        return str(self.args[0])

    def __reduce__(self) -> tuple[type[EhelseError], tuple[str, str | None, int | None]]:
        return type(self), (str(self), self.column, self.row)


class InvalidInputError(EhelseError, ValueError):
    """Rows, columns, options or text that a rule refuses."""


class UnknownIndicatorError(EhelseError, KeyError):
    """An indicator that the catalogue does not hold; the message names the nearest."""


class CatalogueError(EhelseError):
    """A catalogue or figure file that is not valid, with file, line and column."""


class ComputationError(EhelseError):
    """Valid input that cannot be computed, such as states that do not belong together."""


for _class in (EhelseError, InvalidInputError, UnknownIndicatorError, CatalogueError, ComputationError):
    _class.__module__ = "ehelse"
