"""Instructions of each kernel for a row, as callgrind counts them, beside a budget that is kept with the code.

A count is the same on every machine with the same instructions, however busy. It is the difference between computing
once and twice, so that the making of rows falls out. `make test-instructions` fails where a kernel takes a tenth more
than its budget, or a tenth less: then the budget is out of date. `--write` makes the budget anew.
"""

import argparse
import pathlib
import re
import subprocess
import sys
import tomllib

BUDGET = pathlib.Path(__file__).with_name("instructions.toml")
ROWS = 100_000
SLACK = 0.1
HEAD = "# Instructions a row by kernel on x86-64 with AVX2, made by `python3 bench/instructions.py --write`.\n"


def counted(program: str, kernel: str, times: int) -> int:
    """Instructions of a whole run."""
    valgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    command = [*valgrind, program, kernel, str(ROWS), str(times)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"Collected : (\d+)", said.stderr)
    if said.returncode != 0 or found is None:
        sys.exit(f"{kernel}: {said.stderr}")
    return int(found.group(1))


def main() -> None:
    """Prints a line for each kernel."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    budget: dict[str, float] = tomllib.loads(BUDGET.read_text())
    found, failed = {}, 0
    for kernel, allowed in budget.items():
        once, twice = (counted(options.program, kernel, times) for times in (1, 2))
        found[kernel] = round((twice - once) / ROWS, 1)
        off = found[kernel] / allowed - 1
        failed += abs(off) > SLACK
        verdict = "ok" if abs(off) <= SLACK else "too many" if off > 0 else "fewer: lower the budget"
        print(f"{kernel:18} {found[kernel]:8.1f} instructions a row, budget {allowed:8.1f}  {verdict}")
    if options.write:
        BUDGET.write_text(HEAD + "".join(f"{kernel} = {number}\n" for kernel, number in found.items()))
    elif failed:
        sys.exit(f"{failed} kernels are off their budget by more than {SLACK:.0%}")
    else:
        print(f"{len(found)} kernels within {SLACK:.0%} of their budget")


if __name__ == "__main__":
    main()
