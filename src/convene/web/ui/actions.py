"""Things to press: buttons, links that look like them, rows and menus of them."""

from __future__ import annotations

from typing import Any

from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from convene.web.ui.library import NOTHING, Text, attribute, needed, one_of, register

KINDS = ("primary", "secondary", "quiet", "danger")


def _label(label: Text, describe: Text) -> SafeString:
    """The label, and for those who only hear the page, what it is about."""
    if not describe:
        return format_html("{}", label)
    return format_html('{}<span class="unseen">: {}</span>', label, describe)


@register.simple_tag
def button(
    label: Text,
    kind: str = "secondary",
    name: str = "",
    value: object = "",
    form: str = "",
    describe: Text = "",
    skip_checks: bool = False,
    live: str = "",
) -> SafeString:
    """Sends the form it stands in. `describe` tells apart equal buttons in a list. `live`: the address that
    answers, where there is a script, with parts of the page instead of the whole."""
    one_of(kind, KINDS, tag="button", argument="kind")
    return format_html(
        '<button type="submit" class="button button--{}"{}{}{}{}{}>{}</button>',
        kind,
        attribute("name", name),
        format_html(' value="{}"', value) if name else NOTHING,
        attribute("form", form),
        SafeString(" formnovalidate") if skip_checks else NOTHING,
        format_html(' hx-post="{}" hx-swap="none"', live) if live else NOTHING,
        _label(needed(label, tag="button", argument="label"), describe),
    )


@register.simple_tag
def link_button(label: Text, href: str, kind: str = "secondary", describe: Text = "") -> SafeString:
    """Leads somewhere; changes nothing."""
    one_of(kind, KINDS, tag="link_button", argument="kind")
    return format_html(
        '<a class="button button--{}" href="{}">{}</a>',
        kind,
        needed(href, tag="link_button", argument="href"),
        _label(needed(label, tag="link_button", argument="label"), describe),
    )


@register.simple_tag(takes_context=True)
def post_button(
    context: Context,
    label: Text,
    action: str,
    kind: str = "secondary",
    name: str = "",
    value: object = "",
    describe: Text = "",
) -> SafeString:
    """A form of one button: for an act that needs no other answer."""
    token = context.get("csrf_token", "")
    return format_html(
        '<form class="post-button" method="post" action="{}">'
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">{}</form>',
        needed(action, tag="post_button", argument="action"),
        token,
        button(label, kind=kind, name=name, value=value, describe=describe),
    )


@register.simple_block_tag
def actions(content: SafeString) -> SafeString:
    """A row of buttons; the main one first."""
    return format_html('<div class="actions">{}</div>', content)


@register.simple_block_tag
def menu(content: SafeString, label: Text, align: str = "end") -> SafeString:
    """Rarely needed acts behind one button; works without a script."""
    one_of(align, ("start", "end"), tag="menu", argument="align")
    return format_html(
        '<details class="menu menu--{}"><summary class="button button--quiet menu__open">{}</summary>'
        '<ul class="menu__list">{}</ul></details>',
        align,
        needed(label, tag="menu", argument="label"),
        content,
    )


@register.simple_tag
def menu_item(label: Text, href: str) -> SafeString:
    return format_html('<li><a class="menu__item" href="{}">{}</a></li>', href, label)


@register.simple_tag(takes_context=True)
def menu_post(context: Context, label: Text, action: str, name: str = "", value: object = "") -> SafeString:
    """An entry of a menu that does something."""
    hidden: Any = format_html('<input type="hidden" name="{}" value="{}">', name, value) if name else NOTHING
    return format_html(
        '<li><form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">{}'
        '<button type="submit" class="menu__item">{}</button></form></li>',
        action,
        context.get("csrf_token", ""),
        hidden,
        label,
    )


@register.simple_block_tag
def disclosure(content: SafeString, summary: Text, open: bool = False, note: Text = "") -> SafeString:  # noqa: A002 - HTML's word
    """More, for those who want it; `note` is said more softly beside the summary."""
    return format_html(
        '<details class="disclosure"{}><summary class="disclosure__summary"><span>{}{}</span></summary>'
        '<div class="disclosure__body">{}</div></details>',
        SafeString(" open") if open else NOTHING,
        needed(summary, tag="disclosure", argument="summary"),
        format_html(' <span class="disclosure__note">{}</span>', note) if note else NOTHING,
        content,
    )
