"""Bring the translation catalogues up to date: `.venv/bin/python tools/translations.py`.

Reads every text from code and templates, merges them into locale/*/LC_MESSAGES/django.po (nothing
translated is lost; what no longer occurs is kept as obsolete), and compiles the .mo beside it. Needs no
gettext programs.
"""

from __future__ import annotations

import ast
import datetime as dt
import os
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "convene"
CALLS = {"gettext", "ngettext", "pgettext", "npgettext"}
"""Each also as …_lazy and …_noop, under whatever name a module imports it."""
UNWANTED = tuple(
    f'"{name}'
    for name in (
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Generated-By",
        "Report-Msgid-Bugs-To",
        "Last-Translator",
        "Language-Team",
    )
)
EPOCH = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
NOT_SHOWN = ("/tests/", "/migrations/", "/locale/")


class Text(NamedTuple):
    """One text of the site, as gettext keys it."""

    singular: str
    plural: str | None
    context: str | None


def texts_of(path: Path) -> Iterator[tuple[int, Text]]:
    """Line and text of everything translatable in a file."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        yield from _texts_of_code(source)
    else:
        yield from _texts_of_template(source)


def all_texts() -> dict[Text, list[tuple[str, int]]]:
    """Every text of the site and where it stands."""
    found: dict[Text, list[tuple[str, int]]] = {}
    for path in source_files():
        for line, text in texts_of(path):
            found.setdefault(text, []).append((str(path.relative_to(SOURCE)), line))
    return found


def source_files() -> list[Path]:
    paths = [path for path in SOURCE.rglob("*") if path.suffix == ".py" or "/templates/" in path.as_posix()]
    return sorted(
        path
        for path in paths
        if path.suffix in {".py", ".html", ".txt"} and not any(part in path.as_posix() for part in NOT_SHOWN)
    )


def catalogues() -> list[Path]:
    return sorted((SOURCE / "locale").glob("*/LC_MESSAGES/django.po"))


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parents[1].name)


def compiled(catalogue: Catalog) -> bytes:
    """The .mo of a catalogue; the same catalogue always gives the same bytes, whatever the clock says."""
    # The .po keeps no dates (UNWANTED), and the library would put today's in.
    catalogue.creation_date = catalogue.revision_date = EPOCH
    buffer = BytesIO()
    write_mo(buffer, catalogue, use_fuzzy=False)
    return buffer.getvalue()


def _texts_of_code(source: str) -> Iterator[tuple[int, Text]]:
    tree = ast.parse(source)
    names = {
        alias.asname or alias.name: _plain(alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if _plain(alias.name) in CALLS
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            text = _text(names[node.func.id], node.args)
            if text is not None:
                yield node.lineno, text


def _plain(name: str) -> str:
    return name.removesuffix("_lazy").removesuffix("_noop")


def _texts_of_template(source: str) -> Iterator[tuple[int, Text]]:
    from django.utils.translation.template import templatize

    # Django turns a template into calls that xgettext could read, each on its own line of the source.
    code = templatize(source)
    for match in re.finditer(r"(?<![\w.])(n?p?gettext|_)\(", code):
        call = _parse_call(code[match.start() :])
        if call is None:
            continue
        text = _text("gettext" if match[1] == "_" else match[1], call.args)
        if text is not None:
            yield code.count("\n", 0, match.start()) + 1, text


def _parse_call(code: str) -> ast.Call | None:
    for closing in re.finditer(r"\)", code):
        try:
            expression = ast.parse(code[: closing.end()], mode="eval").body
        except SyntaxError:
            continue
        return expression if isinstance(expression, ast.Call) else None
    return None


def _text(call: str, arguments: list[ast.expr]) -> Text | None:
    constants = [each.value if isinstance(each, ast.Constant) else None for each in arguments]
    strings = [each for each in constants if isinstance(each, str)]
    context = strings.pop(0) if call in {"pgettext", "npgettext"} and strings else None
    if not strings:
        return None
    plural = strings[1] if call in {"ngettext", "npgettext"} and len(strings) > 1 else None
    return Text(strings[0], plural, context)


def _merge(path: Path, found: dict[Text, list[tuple[str, int]]]) -> Catalog:
    template = Catalog(charset="utf-8")
    for text, places in sorted(found.items(), key=lambda item: (item[1][0], item[0].singular)):
        message_id = text.singular if text.plural is None else (text.singular, text.plural)
        # Files without lines: a line number would change with every edit above it.
        files = [(file, None) for file in sorted({file for file, _line in places})]
        flags = {"python-format"} if re.search(r"%\(\w+\)[sd]", text.singular) else set()
        template.add(message_id, locations=files, flags=flags, context=text.context)  # type: ignore[arg-type]
    catalogue = read(path)
    catalogue.update(template, no_fuzzy_matching=True)
    return catalogue


def prepare() -> None:
    """Django's template reader asks for settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "convene.settings")
    sys.path.insert(0, str(ROOT / "src"))


def main() -> int:
    found = all_texts()
    for path in catalogues():
        catalogue = _merge(path, found)
        buffer = BytesIO()
        write_po(buffer, catalogue, width=110, omit_header=False)
        # The header's dates would make each run a change; its placeholders say nothing.
        lines = [line for line in buffer.getvalue().decode().splitlines() if not line.startswith(UNWANTED)]
        path.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
        catalogue = read(path)
        path.with_suffix(".mo").write_bytes(compiled(catalogue))
        done = sum(1 for message in catalogue if message.id and all(strings_of(message)))
        print(f"{path.parents[1].name}: {done} of {len(found)} texts are translated.")
    return 0


def strings_of(message: Message) -> tuple[str, ...]:
    string = message.string
    return string if isinstance(string, tuple) else (string,)


if __name__ == "__main__":
    prepare()
    sys.exit(main())
