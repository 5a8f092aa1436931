"""House rules of templates: nothing inline, nothing untranslated, nothing long."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
from django.template.base import Lexer, Token, TokenType
from django.utils.text import smart_split

from convene.web.ui import actions, blocks, fields, nav, proofs, times
from convene.web.ui.library import Text

SOURCE = Path(__file__).resolve().parents[2] / "src/convene"
TEMPLATES = sorted(
    path
    for folder in SOURCE.rglob("templates")
    for path in folder.rglob("*")
    if path.is_file() and path.suffix in {".html", ".txt"}
)
PAGES = [path for path in TEMPLATES if path.suffix == ".html"]
LONGEST = 120
LONGER: dict[str, str] = {}
"""Template -> why it may be longer."""

WORD = re.compile(r"[^\W\d_]{2,}")
SAID_BY_ATTRIBUTE = re.compile(r'\s(?:title|aria-label|alt|placeholder|data-label)="([^"\x00]*)"')
TAGS = {
    name: function
    for module in (actions, blocks, fields, nav, proofs, times)
    for name, function in inspect.getmembers(module, inspect.isfunction)
    if function.__module__ == module.__name__
}


def _name(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def _tokens(path: Path) -> list[Token]:
    return Lexer(path.read_text(encoding="utf-8")).tokenize()


def _own_text(path: Path) -> str:
    """The template's literal text outside translation tags; every tag and variable is a NUL."""
    kept, closing = [], ""
    for token in _tokens(path):
        word = token.contents.split(maxsplit=1)[0] if token.token_type is TokenType.BLOCK else ""
        if closing:
            closing = "" if token.token_type is TokenType.BLOCK and word == closing else closing
        elif token.token_type is TokenType.BLOCK and word in {"blocktranslate", "blocktrans", "comment"}:
            closing = f"end{word}"
        elif token.contents == "block layout":  # the name of a layout, not a text
            closing = "endblock"
        elif token.token_type is TokenType.TEXT:
            kept.append(token.contents)
            continue
        kept.append("\0")
    return "".join(kept)


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_every_visible_text_can_be_translated(path):
    text = _own_text(path)
    text = re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.DOTALL)
    said = SAID_BY_ATTRIBUTE.findall(text)
    seen = re.sub(r"<!--.*?-->|<[^<>]*>", " ", text, flags=re.DOTALL) if path.suffix == ".html" else text
    untranslated = [word for part in [seen, *said] for word in WORD.findall(re.sub(r"&\w+;", " ", part))]
    assert untranslated == []


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_texts_given_to_tags_can_be_translated(path):
    """`{% button "Save" %}` is refused, `{% button _("Save") %}` is right."""
    bare = []
    for token in _tokens(path):
        if token.token_type is not TokenType.BLOCK:
            continue
        name, *given = smart_split(token.contents)
        if name not in TAGS:
            continue
        parameters = inspect.signature(TAGS[name]).parameters
        names = [each for each in parameters if each not in {"content", "context"}]
        for place, argument in enumerate(given):
            key, equals, value = argument.partition("=")
            if not (equals and key.isidentifier()):
                key, value = names[min(place, len(names) - 1)], argument
            text = parameters.get(key) is not None and parameters[key].annotation in {"Text", Text}
            if text and value[:1] in {'"', "'"} and WORD.search(value):
                bare.append(f"line {token.lineno}: {token.contents}")
    assert bare == []


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_nothing_is_inline(path):
    text = re.sub(
        r"\{#.*?#\}|\{% comment.*?endcomment %\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    text = re.sub(r"\{%.*?%\}", "\0", text)
    found = re.findall(r"<style\b|\sstyle=|\son[a-z]+=|\shx-on[:-]|javascript:", text)
    found += [
        script
        for script in re.findall(r"<script\b[^>]*>", text)
        if "src=" not in script and not re.search(r'type="application/(?:ld\+)?json"', script)
    ]
    assert found == []


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_no_template_is_long(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST or path.name in LONGER
