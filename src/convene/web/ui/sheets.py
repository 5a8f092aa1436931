"""What is held in the hand or hung on the wall: the door list, the room's sign, the certificate."""

from __future__ import annotations

from datetime import datetime

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from convene.web.ui.library import NOTHING, Text, attribute, heading, needed, register


@register.simple_block_tag
def door_list(content: SafeString, label: Text) -> SafeString:
    """Names to tick off with a thumb, in poor light; holds {% door_line %}s. Prints with boxes to tick."""
    return format_html(
        '<ul class="door-list" role="list" aria-label="{}">{}</ul>',
        needed(label, tag="door_list", argument="label"),
        content,
    )


@register.simple_block_tag
def door_line(
    content: SafeString,
    name: Text,
    note: Text = "",
    href: str = "",
    here: bool = False,
    id: str = "",  # noqa: A002 - HTML's word
) -> SafeString:
    """One name; the content is its button. `href` leads to what is known about their presence."""
    known = format_html('<a href="{}">{}</a>', href, note) if href and note else note
    return format_html(
        '<li class="door-list__line{}"{}>'
        '<span class="door-list__who"><bdi class="door-list__name">{}</bdi>{}</span>'
        '<span class="door-list__act">{}</span></li>',
        " door-list__line--here" if here else "",
        attribute("id", id),
        needed(name, tag="door_line", argument="name"),
        format_html('<span class="door-list__note">{}</span>', known) if note else NOTHING,
        content,
    )


@register.simple_block_tag
def room_sign(
    content: SafeString, lead: Text, code: str, picture: SafeString, picture_label: Text
) -> SafeString:
    """What hangs on the wall: a sentence, a picture to scan, a code to type; readable from the back row."""
    return format_html(
        '<div class="room-sign"><p class="room-sign__lead">{}</p>'
        '<div class="room-sign__picture" role="img" aria-label="{}">{}</div>'
        '<p class="room-sign__code"><bdi>{}</bdi></p>{}</div>',
        lead,
        needed(picture_label, tag="room_sign", argument="picture_label"),
        picture,
        needed(code, tag="room_sign", argument="code"),
        content,
    )


@register.simple_block_tag
def stage(
    content: SafeString, title: Text, kicker: Text = "", until: datetime | None = None, level: int = 2
) -> SafeString:
    """What is on now, readable from two metres. `until`: the clock counts down to it, then up, in calm words.

    Without JavaScript there is no count; the content says the time it ends at.
    """
    clock = (
        format_html(
            '<p class="stage__clock" role="timer" data-until="{}" data-left="{}" data-over="{}"></p>',
            until.isoformat(),
            _("left"),
            _("over time"),
        )
        if until is not None
        else NOTHING
    )
    return format_html(
        '<section class="stage">{}{}{}{}</section>',
        format_html('<p class="stage__kicker">{}</p>', kicker) if kicker else NOTHING,
        heading(level, needed(title, tag="stage", argument="title"), tag="stage", css="stage__title"),
        clock,
        content,
    )


@register.simple_block_tag
def certificate(content: SafeString, heading: Text, name: Text, lead: Text, title: Text) -> SafeString:
    """A page to print and keep. The content is what the record says."""
    return format_html(
        '<article class="certificate"><h1 class="certificate__heading">{}</h1>'
        '<p class="certificate__name"><bdi>{}</bdi></p>'
        '<p>{}</p><p class="certificate__title">{}</p>{}</article>',
        needed(heading, tag="certificate", argument="heading"),
        name,
        lead,
        needed(title, tag="certificate", argument="title"),
        content,
    )
