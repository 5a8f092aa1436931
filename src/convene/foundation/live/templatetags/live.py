"""`{% load live %}`: a page's live region, its fragments, its status line, and forms that lose nothing."""

from __future__ import annotations

import uuid

from django import template
from django.conf import settings
from django.template import Context, TemplateSyntaxError
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from convene.foundation.live.pages import Region

register = template.Library()
_TAGS = {"div", "section", "article", "aside", "ul", "ol", "p", "span", "table", "tbody"}
_CSRF = '<input type="hidden" name="csrfmiddlewaretoken" data-live-csrf value="{}">'


@register.simple_tag
def live_script() -> SafeString:
    return format_html('<script src="{}" defer></script>', static("live/live.js"))


@register.simple_tag
def live_region(live: Region) -> SafeString:
    """Attributes of the element around all live fragments of the page."""
    return format_html(
        'data-live-poll="{}" data-live-version="{}" data-live-every="{}"',
        reverse("live_poll", args=[live.token]),
        live.version,
        settings.LIVE_POLL_SECONDS,
    )


@register.simple_tag(takes_context=True)
def live_fragment(
    context: Context,
    live: Region,
    name: str,
    tag: str = "div",
    announce: bool = False,
    css: str = "",
) -> SafeString:
    """The element whose contents are kept up to date. `announce`: changes are read out, calmly."""
    if tag not in _TAGS:
        message = f"{{% live_fragment %}}: tag={tag!r} is not one of: {', '.join(sorted(_TAGS))}."
        raise TemplateSyntaxError(message)
    html = live.fragments.get(name, "").replace(_CSRF.format(""), _CSRF.format(context.get("csrf_token", "")))
    return format_html(
        '<{} data-live="{}"{}{}>{}</{}>',
        tag,
        name,
        format_html(' class="{}"', css) if css else "",
        mark_safe(' aria-live="polite"') if announce else "",
        mark_safe(html),  # noqa: S308 - rendered by an app's template
        tag,
    )


@register.simple_tag
def live_csrf() -> SafeString:
    """Inside forms of fragments, which are rendered once for all: each page puts its own token here."""
    return mark_safe(_CSRF.format(""))  # noqa: S308 - ours


@register.simple_tag
def live_key() -> SafeString:
    """Inside a form with data-keep: tells a second sending of the same thing from a new thing."""
    return format_html('<input type="hidden" name="live_key" value="{}">', uuid.uuid4())


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
