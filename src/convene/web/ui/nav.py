"""Where one is and where one can go."""

from __future__ import annotations

from django.core.paginator import Page
from django.http import HttpRequest
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from convene.web.ui.library import NOTHING, Text, attribute, needed, one_of, register

STEPS = ("done", "current", "todo")


@register.simple_block_tag
def section_nav(content: SafeString, label: Text) -> SafeString:
    """The pages of one thing (a community, a workshop); holds {% nav_item %}s. Stands in {% block nav %}."""
    return format_html(
        '<nav class="section-nav" aria-label="{}"><ul class="section-nav__list" role="list">{}</ul></nav>',
        needed(label, tag="section_nav", argument="label"),
        content,
    )


@register.simple_tag(takes_context=True)
def nav_item(
    context: Context, label: Text, href: str, match: str = "exact", count: int | None = None
) -> SafeString:
    """Marks itself when it is the page shown; `match="prefix"` also on the pages below it."""
    one_of(match, ("exact", "prefix"), tag="nav_item", argument="match")
    request: HttpRequest | None = context.get("request")
    path = request.path if request is not None else ""
    here = path == href or (match == "prefix" and path.startswith(href))
    number = format_html(' <span class="section-nav__count">{}</span>', count) if count else NOTHING
    return format_html(
        '<li><a class="section-nav__item" href="{}"{}>{}{}</a></li>',
        href,
        attribute("aria-current", "page" if here else ""),
        label,
        number,
    )


@register.simple_block_tag
def crumbs(content: SafeString) -> SafeString:
    """The way up; holds {% crumb %}s. Stands in {% block nav %} or above the page header."""
    return format_html(
        '<nav class="crumbs" aria-label="{}"><ol class="crumbs__list" role="list">{}</ol></nav>',
        pgettext("navigation", "The way here"),
        content,
    )


@register.simple_tag
def crumb(label: Text, href: str = "") -> SafeString:
    if not href:
        return format_html('<li><span aria-current="page">{}</span></li>', label)
    return format_html('<li><a href="{}">{}</a></li>', href, label)


@register.simple_block_tag
def steps(content: SafeString, label: Text) -> SafeString:
    """A task of several pages; holds {% step %}s."""
    return format_html(
        '<nav class="steps" aria-label="{}"><ol class="steps__list" role="list">{}</ol></nav>', label, content
    )


@register.simple_tag
def step(label: Text, state: str = "todo", href: str = "") -> SafeString:
    one_of(state, STEPS, tag="step", argument="state")
    words = {
        "done": pgettext("step", "done"),
        "current": pgettext("step", "you are here"),
        "todo": pgettext("step", "still to do"),
    }
    shown = format_html('<a href="{}">{}</a>', href, label) if href else label
    return format_html(
        '<li class="steps__step steps__step--{}"{}><span class="steps__label">{}</span>'
        '<span class="unseen"> ({})</span></li>',
        state,
        attribute("aria-current", "step" if state == "current" else ""),
        shown,
        words[state],
    )


@register.simple_tag(takes_context=True)
def pages(context: Context, page: Page[object], label: Text) -> SafeString:
    """Earlier and later pages of a long list, keeping the filters of the address."""
    if not page.has_other_pages():
        return NOTHING
    request: HttpRequest | None = context.get("request")

    def link(number: int, text: str, rel: str) -> SafeString:
        query = request.GET.copy() if request is not None else None
        if query is None:
            address = f"?page={number}"
        else:
            query["page"] = str(number)
            address = f"?{query.urlencode()}"
        return format_html('<a class="button button--quiet" rel="{}" href="{}">{}</a>', rel, address, text)

    return format_html(
        '<nav class="pages" aria-label="{}">{}<p class="pages__here">{}</p>{}</nav>',
        label,
        link(page.previous_page_number(), _("Earlier page"), "prev") if page.has_previous() else NOTHING,
        _("Page %(number)s of %(count)s") % {"number": page.number, "count": page.paginator.num_pages},
        link(page.next_page_number(), _("Next page"), "next") if page.has_next() else NOTHING,
    )


@register.simple_tag
def url_if(name: str, *args: object) -> str:
    """The address of that name, or nothing when this site has no such page. For the page's frame only."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
