"""The files of the package stand on floors: none imports, directly or by way of others, a file that imports it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "ehelse-py" / "python" / "ehelse"


def statements(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """The imports of a file, also those inside functions, but not those for type checkers only."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        yield from statements(child)


def imports(name: str, file: Path, modules: dict[str, Path]) -> set[str]:
    """The files of the package that a file imports."""
    found = set()
    for one in statements(ast.parse(file.read_text("utf-8"))):
        if isinstance(one, ast.Import):
            found.update(alias.name for alias in one.names)
            continue
        package = name if file.name == "__init__.py" else name.rpartition(".")[0]
        for _ in range(one.level - 1):
            package = package.rpartition(".")[0]
        base = ".".join(part for part in (package if one.level else "", one.module) if part)
        below = {f"{base}.{alias.name}" for alias in one.names}
        # A name of a package is a file of it, or else what the package itself defines.
        found.update(each if each in modules else base for each in below)
    return found & modules.keys()


def test_no_file_imports_one_that_imports_it() -> None:
    # The extension module is on the ground floor.
    modules = {"ehelse._ehelse": PACKAGE / "_ehelse.pyi"}
    for file in PACKAGE.rglob("*.py"):
        parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
        modules[".".join(parts).removesuffix(".__init__")] = file
    graph = {name: imports(name, file, modules) if file.suffix == ".py" else set() for name, file in modules.items()}
    assert len(graph) > 40
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))
