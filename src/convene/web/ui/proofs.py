"""What can be checked: a fingerprint to compare, and steps that hold or do not."""

from __future__ import annotations

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from convene.web.ui.library import Text, needed, one_of, register

STATES = ("todo", "good", "bad")
_GROUP = 8


@register.simple_tag
def fingerprint(value: str, label: Text) -> SafeString:
    """A long value to read out, copy or print, in groups of eight; copied, it has no gaps."""
    needed(value, tag="fingerprint", argument="value")
    groups = [(value[at : at + _GROUP],) for at in range(0, len(value), _GROUP)]
    return format_html(
        '<div class="fingerprint"><code class="fingerprint__value" dir="ltr" translate="no">{}</code>'
        '<button type="button" class="button button--quiet" data-copy="{}" data-copied="{}" data-needs-script'
        ' hidden>{}<span class="unseen">: {}</span></button></div>',
        format_html_join("", '<span class="fingerprint__group">{}</span>', groups),
        value,
        _("Copied"),
        _("Copy"),
        needed(label, tag="fingerprint", argument="label"),
    )


@register.simple_block_tag
def checks(content: SafeString, label: Text) -> SafeString:
    """Steps that hold or do not; holds {% check %}s."""
    return format_html(
        '<ol class="checks" role="list" aria-label="{}">{}</ol>',
        needed(label, tag="checks", argument="label"),
        content,
    )


@register.simple_tag
def check(
    name: str, title: Text, good: Text, bad: Text, state: str = "todo", optional: bool = False
) -> SafeString:
    """One step: what is checked, and what is said when it holds and when it does not. A script may say it
    later; an optional step is not shown before.
    """
    one_of(state, STATES, tag="check", argument="state")
    hidden = SafeString(" hidden")
    return format_html(
        '<li class="checks__step checks__step--{}" data-check="{}"{}><p class="checks__title">{}'
        '<span class="checks__word checks__word--good"{}> {}</span>'
        '<span class="checks__word checks__word--bad"{}> {}</span></p>'
        '<p class="checks__good"{}>{}</p><p class="checks__bad"{}>{}</p></li>',
        state,
        needed(name, tag="check", argument="name"),
        hidden if optional and state == "todo" else "",
        needed(title, tag="check", argument="title"),
        "" if state == "good" else hidden,
        pgettext("a check", "holds"),
        "" if state == "bad" else hidden,
        pgettext("a check", "does not hold"),
        "" if state == "good" else hidden,
        needed(good, tag="check", argument="good"),
        "" if state == "bad" else hidden,
        needed(bad, tag="check", argument="bad"),
    )
