#!/usr/bin/env python3
"""The reference pages say what the code says: events, permissions, commands, settings.

events.md and permissions.md are written from the code (`--write`, which `make fix` does); what a person
wrote into their last column stays. commands.md and settings.md are written by people; here they are
compared with the code, both ways.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import os
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "convene"
REFERENCE = ROOT / "docs" / "reference"
_ENVIRONMENT = re.compile(r"CONVENE_[A-Z_]+|DATABASE_URL")


# --- events and permissions: written from the code ---------------------------------------------------

EVENTS = """# Events

What a service states has happened (`foundation.events.publish`): it is written to the audit trail, and
`web/wiring.py` says who reacts. Each carries the `subject_id` of what it happened to and, where there is
one, the `community_id`; ids and numbers only, never a name or an address.

Written by `make fix` from the code; the last column is its class's docstring, or what you write here.

| event | app | carries | who reacts | what happened |
|---|---|---|---|---|
"""

PERMISSIONS = """# Permissions

What may be allowed or refused, closed lists (`apps/*/permissions.py`). The functions `can_…` beside them
say who: the page for someone without one is the same as for something that does not exist.

Written by `make fix` from the code, but for the last column.

| permission | app | what it allows |
|---|---|---|
"""


@dataclasses.dataclass(frozen=True)
class Row:
    """`cells` from the code; `says` what it says of itself; `spelled` what to put where it says nothing."""

    cells: tuple[str, ...]
    says: str
    spelled: str


def event_rows() -> Iterator[Row]:
    from convene.foundation.events import Event, handlers_of

    base = {field.name for field in dataclasses.fields(Event)}
    for module in _modules("events"):
        for kind in vars(module).values():
            public = isinstance(kind, type) and issubclass(kind, Event) and kind.__module__ == module.__name__
            if not public or kind.__name__.startswith("_"):
                continue
            carried = [field.name for field in dataclasses.fields(kind) if field.name not in base]
            reacts = {_spell_handler(handler.__name__) for handler in handlers_of(kind)}
            own = kind.__dict__.get("__doc__") or ""
            # dataclass writes a docstring of its own, the signature
            says = "" if own.startswith(f"{kind.__name__}(") else " ".join(own.split("\n\n")[0].split())
            yield Row(
                (
                    f"`{kind.name}`",
                    _app(module.__name__),
                    ", ".join(f"`{name}`" for name in carried) or "–",
                    ", ".join(sorted(reacts)) or "–",
                ),
                says,
                re.sub(r"(?<!^)(?=[A-Z])", " ", kind.__name__).capitalize() + ".",
            )


def _spell_handler(name: str) -> str:
    return "yes" if name == "<lambda>" else f"`{name}`"


def permission_rows() -> Iterator[Row]:
    for module in _modules("permissions"):
        kind = getattr(module, "Permission", None)
        if isinstance(kind, type) and issubclass(kind, StrEnum) and kind.__module__ == module.__name__:
            for member in kind:
                spelled = member.name.replace("_", " ").capitalize() + "."
                yield Row((f"`{member.value}`", _app(module.__name__)), "", spelled)


def _modules(name: str) -> Iterator[object]:
    import convene.apps

    for _finder, app, _is_package in pkgutil.iter_modules(convene.apps.__path__):
        folder = SOURCE / "apps" / app
        if (folder / f"{name}.py").exists() or (folder / name / "__init__.py").exists():
            yield importlib.import_module(f"convene.apps.{app}.{name}")


def _app(module: str) -> str:
    return module.split(".")[2]


def written(head: str, rows: Iterator[Row], path: Path) -> str:
    """The page: what the code says of itself, else what a person wrote into the last column."""
    kept = dict(_cells(path))
    lines = [
        "| " + " | ".join([*row.cells, row.says or kept.get(row.cells[0]) or row.spelled]) + " |"
        for row in sorted(rows, key=lambda row: (row.cells[1], row.cells[0]))
    ]
    return head + "\n".join(lines) + "\n"


def _cells(path: Path) -> Iterator[tuple[str, str]]:
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
            if line.startswith("| `"):
                yield cells[0], cells[-1]


# --- commands and settings: compared with the code ---------------------------------------------------


def command_problems() -> Iterator[str]:
    from convene.cli import commands

    page = REFERENCE / "commands.md"
    parts = re.split(r"^## convene (\S+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    documented = dict(zip(parts[1::2], parts[2::2], strict=True))
    known = commands()
    yield from (f"commands.md lacks `## convene {name}`" for name in sorted(known.keys() - documented.keys()))
    yield from (f"commands.md has {name}, which is no command" for name in documented.keys() - known.keys())
    for name in sorted(known.keys() & documented.keys() - {"manage"}):
        offered = _options(_help_of(name)) - {"--help"}
        said = _options("\n".join(re.findall(r"`([^`]*)`", documented[name])))
        yield from (f"commands.md, {name}: {option} is missing" for option in sorted(offered - said))
        yield from (f"commands.md, {name}: there is no {option}" for option in sorted(said - offered))


def _help_of(name: str) -> str:
    command = [sys.executable, "-m", "convene", name, "--help"]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout  # noqa: S603  # ours


def _options(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text))


def setting_problems() -> Iterator[str]:
    page = (REFERENCE / "settings.md").read_text(encoding="utf-8")
    said = set(re.findall(r"^\| `([A-Z_]+)`", page, flags=re.MULTILINE))
    read = variables()
    yield from (f"settings.md lacks {name}" for name in sorted(read - said))
    yield from (f"settings.md has {name}, which nothing reads" for name in sorted(said - read))


def variables() -> set[str]:
    """Every environment variable that the settings and the commands read."""
    found = set()
    for path in [
        *(SOURCE / "settings").rglob("*.py"),
        *(SOURCE / "cli").rglob("*.py"),
        *(SOURCE / "web" / "commands").rglob("*.py"),
    ]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = node.args[0].value
                reader = ast.unparse(node.func)
                reads = reader.startswith("env.") or reader in {"os.environ.get", "os.getenv"}
                if reads and isinstance(name, str) and _ENVIRONMENT.fullmatch(name):
                    found.add(name)
    return found


def main() -> int:
    sys.path.insert(0, str(ROOT / "src"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "convene.settings")
    os.environ["PYTHONPATH"] = str(ROOT / "src")
    import django

    django.setup()
    problems = []
    for head, rows, name in (
        (EVENTS, event_rows(), "events"),
        (PERMISSIONS, permission_rows(), "permissions"),
    ):
        path = REFERENCE / f"{name}.md"
        text = written(head, rows, path)
        if "--write" in sys.argv:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            problems.append(f"{name}.md is behind the code: make fix")
    if "--write" not in sys.argv:
        problems += [*command_problems(), *setting_problems()]
    for problem in problems:
        print(f"docs/reference: {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
