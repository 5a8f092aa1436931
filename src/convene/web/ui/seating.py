"""Who sits where: tables side by side, from which people are moved by hand, key or plain form."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from convene.web.ui.library import NOTHING, Text, attribute, heading, needed, register


@register.simple_block_tag
def seating(content: SafeString, label: Text) -> SafeString:
    """Tables of one round; holds {% seating_table %}s. `js/groups.js` lets people be dragged between them."""
    return format_html(
        '<div class="seating" data-seating data-picked="{}" data-over="{}" data-stays="{}">'
        '<p class="unseen" role="status" data-seating-said></p>'
        '<ul class="seating__tables" role="list" aria-label="{}">{}</ul></div>',
        _("You hold {who}. Arrow keys choose a table, Enter puts down, Escape lets go."),
        _("{who}: over {table}."),
        _("{who} stays."),
        needed(label, tag="seating", argument="label"),
        content,
    )


@register.simple_block_tag
def seating_table(
    content: SafeString,
    name: Text,
    id: str = "",  # noqa: A002 - HTML's word
    note: Text = "",
    level: int = 4,
) -> SafeString:
    """One table; holds {% seating_person %}s."""
    return format_html(
        '<li class="seating__table"{}{}>{}{}<ul class="seating__people" role="list">{}</ul></li>',
        attribute("data-table", id),
        attribute("data-name", needed(name, tag="seating_table", argument="name")),
        heading(level, name, tag="seating_table", css="seating__name"),
        format_html('<p class="seating__note">{}</p>', note) if note else NOTHING,
        content,
    )


@register.simple_block_tag
def seating_person(
    content: SafeString,
    name: Text,
    id: str = "",  # noqa: A002 - HTML's word
    note: Text = "",
    marked: bool = False,
) -> SafeString:
    """One person; the content is the plain form behind "Change". With an `id` they can be picked up."""
    grip = (
        format_html(
            '<button type="button" class="seating__grip" aria-label="{}" aria-pressed="false" data-grip '
            "hidden data-needs-script></button>",
            _("Pick up %(name)s") % {"name": name},
        )
        if id
        else NOTHING
    )
    more = (
        format_html(
            '<details class="seating__more"><summary class="seating__change">{}'
            '<span class="unseen"> {}</span></summary><div class="seating__form">{}</div></details>',
            _("Change"),
            name,
            content,
        )
        if content.strip()
        else NOTHING
    )
    return format_html(
        '<li class="seating__person{}"{}{}{}>{}<span class="seating__who"><bdi>{}</bdi>{}</span>{}</li>',
        " seating__person--marked" if marked else "",
        attribute("id", f"p-{id}" if id else ""),
        attribute("data-placement", id),
        attribute("data-name", name),
        grip,
        needed(name, tag="seating_person", argument="name"),
        format_html(' <span class="seating__note">{}</span>', note) if note else NOTHING,
        more,
    )
