"""`{% load live %}`: a page's live region, its fragments, its status line, and forms that lose nothing."""

from __future__ import annotations

import uuid

from django import template
from django.conf import settings
from django.template import Context, TemplateSyntaxError
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from convene.foundation.live.addresses import stream_base
from convene.foundation.live.once import who_of
from convene.foundation.live.pages import Region
from convene.foundation.live.rendering import BASE, TOKEN

register = template.Library()
_TAGS = {"div", "section", "article", "aside", "ul", "ol", "p", "span", "table", "tbody"}


@register.simple_tag
def live_script() -> SafeString:
    return format_html('<script src="{}" defer></script>', static("live/live.js"))


@register.simple_tag(takes_context=True)
def live_region(context: Context, live: Region) -> SafeString:
    """Attributes of the element around all live fragments of the page."""
    stream = stream_base(context["request"])
    return format_html(
        'data-live-poll="{}" data-live-version="{}" data-live-every="{}"{}{}{}',
        reverse("live_poll", args=[live.token]),
        live.version,
        settings.LIVE_POLL_SECONDS,
        format_html(' data-live-stream="{}{}"', stream, live.token) if stream else "",
        format_html(' data-live-base="{}"', live.base) if live.base else "",
        format_html(' data-live-who="{}"', who_of(live.who)) if live.who else "",
    )


@register.simple_tag(takes_context=True)
def live_fragment(
    context: Context,
    live: Region,
    name: str,
    tag: str = "div",
    announce: bool = False,
    css: str = "",
    first: bool = True,
) -> SafeString:
    """The element whose contents are kept up to date. `announce`: changes are read out, calmly.

    `first=False`: begins empty, for what matters only once it changes.
    """
    if tag not in _TAGS:
        message = f"{{% live_fragment %}}: tag={tag!r} is not one of: {', '.join(sorted(_TAGS))}."
        raise TemplateSyntaxError(message)
    html = live.fragments.get(name, "") if first else ""
    html = html.replace(TOKEN, escape(context.get("csrf_token", "")))
    html = html.replace(BASE, escape(live.base))
    return format_html(
        '<{} data-live="{}"{}{}>{}</{}>',
        tag,
        name,
        format_html(' class="{}"', css) if css else "",
        mark_safe(' aria-live="polite"') if announce else "",
        mark_safe(html),  # noqa: S308 - rendered by an app's template
        tag,
    )


@register.simple_tag(takes_context=True)
def live_key(context: Context, who: object = None) -> SafeString:
    """Inside a form with data-keep: tells a second sending of the same thing from a new thing.

    `who`: the id of the person who writes; `once.first_time` refuses it from anybody else. In a fragment,
    rendered once for many, the key is each page's own to make.
    """
    key = uuid.uuid4() if "request" in context else ""
    own = format_html('<input type="hidden" name="live_who" value="{}">', who_of(who)) if who else ""
    return format_html('<input type="hidden" name="live_key" value="{}">{}', key, own)


@register.simple_tag
def live_status() -> SafeString:
    """A link without script; with it, a calm line while the network is away."""
    return format_html(
        '<div class="live-status" data-live-status role="status">'
        '<a href="" data-live-refresh>{}</a>'
        '<span data-live-says="offline" hidden>{}</span>'
        '<span data-live-says="waiting" hidden>{}</span>'
        '<span data-live-says="old" hidden>{} <a href="">{}</a></span></div>',
        gettext("Refresh"),
        gettext("No connection just now. This page catches up by itself."),
        gettext("What you wrote is kept here and will be sent as soon as there is a connection."),
        gettext("This page has been open for a day."),
        gettext("Open it anew"),
    )
