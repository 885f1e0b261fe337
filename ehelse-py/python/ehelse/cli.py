"""The command `ehelse`: reads arguments, calls monitor or catalogue, and turns a user's errors into one line."""

import argparse
import os
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import ehelse

from ._records import Verdict
from .monitor.errors import MonitorError

_OUT = Path("monitor-out")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; the exit code is 0, 1 where a catalogue file is not valid, or 2 after a user's other errors."""
    arguments = _parser().parse_args(argv)
    commands = {"catalogue": _check, "audit": _audit, "generate": _generate, "monitor": _monitor}
    try:
        return commands[arguments.command](arguments)
    except MonitorError as error:
        print(f"ehelse: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except ImportError as error:
        name = (error.name or "").partition(".")[0]
        if name not in ("pyarrow", "numpy"):
            raise
        print(f"ehelse: the monitor needs {name}: pip install 'ehelse[monitor]'", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("ehelse: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever read standard output has closed it; nothing is left to say there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ehelse", description="National e-health statistics from logs and registers.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    monitor = commands.add_parser(
        "monitor",
        help="compute a monitor: a table, CSV and JSON-stat files and a report page",
        description="Compute every indicator that a monitor file names. Without CONFIG, synthetic national-looking "
        "logs are generated first (or taken from --data) and everything is marked as synthetic.",
    )
    monitor.add_argument("config", nargs="?", type=Path, metavar="CONFIG", help="monitor file (TOML)")
    monitor.add_argument("--data", type=Path, metavar="FOLDER", help="folder that ${EHELSE_DATA} stands for")
    monitor.add_argument("--out", type=Path, metavar="FOLDER", help=f"output folder (default {_OUT})")
    _sizes(monitor)
    generate = commands.add_parser("generate", help="write synthetic logs as Parquet files, with their known answers")
    generate.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="folder to write into")
    _sizes(generate)
    catalogue = commands.add_parser("catalogue", help="work with catalogue files")
    actions = catalogue.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser(
        "check",
        help="check catalogue files, each laid over the built-in catalogue",
        description="Say for each file what it adds, or its first error with line and column.",
    )
    check.add_argument("files", nargs="+", type=Path, metavar="FILE", help="catalogue file (TOML)")
    audit = commands.add_parser(
        "audit",
        help="recompute what the sources claim from their figures",
        description="Print each claim with its verdict and arithmetic, and what is implausible.",
    )
    audit.add_argument("--catalogue", type=Path, metavar="FILE", help="catalogue file laid over the built-in catalogue")
    audit.add_argument("--edition", metavar="ID", help="audit the catalogue as an edition held it")
    audit.add_argument(
        "--verdict",
        action="append",
        choices=get_args(Verdict),
        metavar="WORDS",
        help="only these rows, such as 'claims differ'; repeatable",
    )
    return parser


def _sizes(parser: argparse.ArgumentParser) -> None:
    parser.argument_default = argparse.SUPPRESS
    parser.add_argument("--rows", type=int, metavar="N", help="synthetic rows in all (default about 2 million)")
    parser.add_argument("--seed", type=int, metavar="S", help="seed of the synthetic logs")


def _given(arguments: argparse.Namespace) -> dict[str, int]:
    """The size and the seed of synthetic logs, where they were given."""
    return {name: value for name, value in vars(arguments).items() if name in ("rows", "seed")}


def _check(arguments: argparse.Namespace) -> int:
    faults = 0
    for file in arguments.files:
        try:
            ehelse.Catalogue.load(file)
        except ehelse.CatalogueError as error:
            print(error)
            faults += 1
        else:
            tables = tomllib.loads(file.read_text(encoding="utf-8"))
            always = {"indicator": "indicators", "figure": "figures", "claim": "claims"}
            found = {"goal": "goals", "target": "targets", "roadmap": "roadmap items"}
            named = always | {key: name for key, name in found.items() if key in tables}
            print(f"{file}: ok, " + ", ".join(f"{len(tables.get(key, []))} {name}" for key, name in named.items()))
    return 1 if faults else 0


def _audit(arguments: argparse.Namespace) -> int:
    try:
        catalogue = ehelse.Catalogue.load(arguments.catalogue) if arguments.catalogue else ehelse.catalogue()
        rows = ehelse.audit(catalogue.edition(arguments.edition) if arguments.edition else catalogue)
    except ehelse.EhelseError as error:
        print(f"ehelse: {error}", file=sys.stderr)
        return 2
    if arguments.verdict:
        rows = rows.with_verdict(*arguments.verdict)
    print(rows)
    return 0


def _generate(arguments: argparse.Namespace) -> int:
    from .monitor.generate import generate

    made = generate(arguments.out, **_given(arguments))
    for name, count in made.rows.items():
        print(f"{made.folder / name}.parquet  {count} rows")
    print("Synthetic: no row describes a real event.")
    return 0


def _monitor(arguments: argparse.Namespace) -> int:
    from .monitor.config_file import DATA_VARIABLE, load
    from .monitor.generate import generate
    from .monitor.publish import SYNTHETIC_NOTE
    from .monitor.report import write_report
    from .monitor.run import run
    from .monitor.table import summary, warnings

    environ = dict(os.environ)
    config: Path | None = arguments.config
    data: Path | None = arguments.data
    if _given(arguments) and (config is not None or data is not None):
        raise MonitorError("--rows and --seed are for generated logs: leave CONFIG and --data out")
    if data is not None and not data.is_dir():
        raise MonitorError(f"--data {data}: there is no such folder")
    if config is None:
        config = Path(__file__).with_name("monitor") / "synthetic.toml"
        if data is None:
            data = generate((arguments.out or _OUT) / "data", **_given(arguments)).folder
    if data is not None:
        # An absolute path, because a monitor file's own paths are relative to that file.
        environ[DATA_VARIABLE] = str(data.resolve())
    monitor = load(config, environ=environ)
    out: Path = arguments.out or monitor.out or _OUT
    results = run(monitor, out)
    page = write_report(monitor, results, out)
    print(monitor.title)
    if any(result.synthetic for result in results):
        print(SYNTHETIC_NOTE)
    print()
    print(summary(results))
    for warning in warnings(results):
        print(f"note: {warning}")
    print()
    print(f"Report page: {page}\nFiles: {out / 'series'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
