"""The one register of the design system's tags, and how a tag refuses a value it does not know."""

from __future__ import annotations

from collections.abc import Collection

from django import template
from django.template import TemplateSyntaxError
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

Text = str | Promise
NOTHING: SafeString = mark_safe("")

register = template.Library()


def one_of(value: str, allowed: Collection[str], *, tag: str, argument: str) -> str:
    """The value, or a template error naming what would be right."""
    if value not in allowed:
        choices = ", ".join(sorted(allowed))
        raise TemplateSyntaxError(f"{{% {tag} %}}: {argument}={value!r} is not one of: {choices}.")
    return value


def needed(value: Text, *, tag: str, argument: str) -> Text:
    """The text, or a template error: an unnamed button or an empty heading helps nobody."""
    if not value:
        raise TemplateSyntaxError(f"{{% {tag} %}}: {argument} is empty.")
    return value


def attribute(name: str, value: object) -> SafeString:
    """` name="value"`, or nothing when there is no value."""
    if value in ("", None, False):
        return NOTHING
    return format_html(' {}="{}"', mark_safe(name), value)  # noqa: S308 - the name is ours


def heading(level: int, title: Text, *, tag: str, css: str, id: str = "") -> SafeString:  # noqa: A002 - HTML's word
    if level not in {2, 3, 4}:
        raise TemplateSyntaxError(f"{{% {tag} %}}: level={level!r} is not one of: 2, 3, 4.")
    return format_html('<h{} class="{}"{}>{}</h{}>', level, css, attribute("id", id), title, level)
