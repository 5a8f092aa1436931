"""The command `convene`: one module of this package for each subcommand, imported when it is called.

A module `NAME.py` (not beginning with an underscore) is the subcommand NAME. Its docstring's first line is
the help line, `main(argv) -> int` does the work and returns the exit status. Importing it must be cheap:
Django, numpy and the like are imported inside `main`.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from types import ModuleType


def commands() -> dict[str, ModuleType]:
    """Every subcommand by name."""
    return {name: _module(name) for name in _names()}


def main(argv: list[str] | None = None) -> int:
    arguments = sys.argv[1:] if argv is None else argv
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(_overview())
        return 0
    if arguments[0] in {"-V", "--version"}:
        from importlib.metadata import version

        print(f"convene {version('convene-community')}")
        return 0
    name, rest = arguments[0], arguments[1:]
    # Small matrices: threads of the linear algebra wait for each other, and their number changes last digits.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if name not in _names():
        print(f"convene: there is no command {name!r}. `convene --help` lists them.", file=sys.stderr)
        return 2
    try:
        return int(_module(name).main(rest))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 141


def _names() -> list[str]:
    found = [module.name for module in pkgutil.iter_modules(__path__)]
    return sorted(name for name in found if not name.startswith("_") and name != "tests")


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"{__name__}.{name}")


def _overview() -> str:
    lines = ["usage: convene COMMAND [...]   (`convene COMMAND --help` explains one)", ""]
    for name, module in commands().items():
        first = (module.__doc__ or "").strip().splitlines()[0]
        lines.append(f"  {name:<9} {first}")
    return "\n".join(lines)
