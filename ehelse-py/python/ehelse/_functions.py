"""The functions of the package: they hand columns and options by name to a `Computation`. They compute nothing."""

from collections.abc import Mapping
from inspect import Parameter, Signature, signature
from typing import Any

from . import _ehelse
from ._ehelse import Catalogue, Computation, Indicator, Series, _interface
from ._errors import InvalidInputError
from ._operations import described, parameters

KERNELS: dict[str, dict[str, Any]] = {kernel["name"]: kernel for kernel in _interface()["kernels"]}
OPTIONS: dict[str, dict[str, Any]] = _interface()["options"]["properties"]
# Of Python alone: what is shown meanwhile, and where an id is looked up.
PROGRESS = {
    "description": "`True` shows a bar on standard error; a callable is called with the number of rows so far.",
    "default": False,
}
OPENING = {
    "description": "A table of what is known of before the coverage, such as ids, for cumulative and rolling values."
}
CATALOGUE = {"description": "Where the id is looked up; the built-in one unless given."}


def compute(
    indicator: Indicator | str,
    table: Any = None,
    /,
    *,
    inputs: Mapping[str, Any] = {},
    reported: Any = None,
    opening: Any = None,
    catalogue: Catalogue | None = None,
    **options: Any,
) -> Series:
    """Compute an indicator of the catalogue.

    An indicator with one input takes the positional table; one with several takes `inputs`, a table or a `Series` for
    each name. `reported` takes figures that were computed elsewhere instead, with the columns `period` and `value`.

    Raises:
        InvalidInputError: rows, columns or options that a rule refuses; an unknown option names the nearest.
        UnknownIndicatorError: an id that the catalogue does not hold.
        ComputationError: valid input that cannot be computed.
    """
    entry = indicator if isinstance(indicator, Indicator) else (catalogue or _ehelse.catalogue())[indicator]
    sources = {"a table": table, "`inputs`": inputs or None, "`reported`": reported}
    given = [name for name, source in sources.items() if source is not None]
    if len(given) != 1:
        what = " and ".join(given) + " are given" if given else "nothing is given"
        raise InvalidInputError(f"give `{entry.id}` a table, or its `inputs` by name, or `reported` figures: {what}")
    if reported is not None:
        if opening is not None:
            raise InvalidInputError("`opening` does nothing to reported figures; leave it out")
        return _reported(entry, reported, options)
    return _series_of(
        Computation(entry, **options), [(None, table)] if table is not None else [*inputs.items()], opening
    )


def _series_of(run: Computation, tables: list[tuple[str | None, Any]], opening: Any) -> Series:
    """The series of tables by their inputs, after an opening set where there is one."""
    if opening is None:
        return run._series_of(tables)
    run.open(opening)
    for name, table in tables:
        run.update(table, input=name)
    return run.finish()


def _reported(indicator: Indicator, figures: Any, options: dict[str, Any]) -> Series:
    columns = options.pop("columns", None) or {}
    used = {name: options.pop(name, None) for name in ("measure", "frequency")}
    for name, value in options.items():
        if value is not None and value != OPTIONS.get(name, {}).get("default"):
            raise InvalidInputError(f"option `{name}` does nothing to reported figures; leave it out")
    named = {role: column for role, column in columns.items() if column is not None}
    return _ehelse._reported(indicator, figures, columns=named, **used)


def _function(kernel: dict[str, Any]) -> Any:
    """The function of a kernel: its roles name columns, and where a parameter has the name of a role, text does."""
    name, of_kernel = kernel["name"], kernel["parameters"].get("properties", {})
    roles = {role["name"]: role for role in kernel["roles"]}
    unit = ["unit"] if kernel["unit"] == "stated" else []
    required = [*(role for role, stated in roles.items() if stated["need"] != "never"), *unit]
    options = {
        **{
            role: {**of_kernel.get(role, {"default": None}), "description": f"The column. {stated['words']}"}
            for role, stated in roles.items()
        },
        **{option: schema for option, schema in of_kernel.items() if option not in roles},
        **{option: OPTIONS[option] for option in unit},
        **{option: schema for option, schema in OPTIONS.items() if option != "measure"},
        "frequency": {**OPTIONS["frequency"], "default": kernel["frequency"]},
        "opening": OPENING,
        "progress": PROGRESS,
    }
    listed = sorted(parameters(options, required), key=lambda parameter: parameter.name not in required)

    def function(table: Any, /, **keywords: Any) -> Series:
        if lacking := [option for option in required if option not in keywords]:
            raise TypeError(f"{name}() needs {', '.join(lacking)}")
        opening = keywords.pop("opening", None)
        columns = {role: column for role, column in keywords.items() if role in roles}
        numbers = {role: columns.pop(role) for role in of_kernel if not isinstance(columns.get(role, ""), str)}
        others = {option: value for option, value in keywords.items() if option not in roles}
        named = {**(others.pop("columns", None) or {}), **columns}
        return _series_of(Computation(name, columns=named, **numbers, **others), [(None, table)], opening)

    function.__name__, function.__qualname__, function.__module__ = name, name, "ehelse"
    function.__doc__ = described(kernel["words"], options)
    first = Parameter("table", Parameter.POSITIONAL_ONLY)
    function.__signature__ = Signature([first, *listed], return_annotation=Series)  # type: ignore[attr-defined]
    return function


FUNCTIONS = {name: _function(kernel) for name, kernel in KERNELS.items()}
globals().update(FUNCTIONS)
__all__ = sorted(["compute", *FUNCTIONS])


def _signature(*listed: Parameter) -> Signature:
    """All options, and the parameters of definitions as `parameters`."""
    options = parameters({**OPTIONS, "progress": PROGRESS, "catalogue": CATALOGUE}, [])
    rest = Parameter("parameters", Parameter.VAR_KEYWORD)
    return Signature([*listed, *options, rest], return_annotation=Series)


_OWN = [one.replace(annotation=Parameter.empty) for one in signature(compute).parameters.values()]
_INDICATOR, *_TABLES = [one for one in _OWN if one.name not in ("catalogue", "options")]
compute.__signature__ = _signature(_INDICATOR, *_TABLES)  # type: ignore[attr-defined]
compute.__doc__ = described(
    compute.__doc__ or "", {**OPTIONS, "opening": OPENING, "progress": PROGRESS, "catalogue": CATALOGUE}
)
Computation.__signature__ = _signature(_INDICATOR)  # type: ignore[attr-defined]
