"""What a page is made of: headings, sections, cards, notices, lists, tables, figures."""

from __future__ import annotations

import datetime as dt

from django.template import TemplateSyntaxError
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from convene.web.ui.library import NOTHING, Text, attribute, heading, needed, one_of, register
from convene.web.ui.times import date_block

NOTICES = ("info", "success", "warning", "error")
TONES = ("neutral", "accent", "info", "success", "warning", "error")


@register.simple_block_tag
def page_header(content: SafeString, title: Text, lead: Text = "", kicker: Text = "") -> SafeString:
    """The page's only h1. The content is its actions and facts, and may be empty."""
    return format_html(
        '<header class="page-header">{}<h1 class="page-header__title">{}</h1>{}{}</header>',
        format_html('<p class="page-header__kicker">{}</p>', kicker) if kicker else NOTHING,
        needed(title, tag="page_header", argument="title"),
        format_html('<p class="page-header__lead">{}</p>', lead) if lead else NOTHING,
        format_html('<div class="page-header__more">{}</div>', content) if content.strip() else NOTHING,
    )


@register.simple_block_tag
def section(
    content: SafeString,
    title: Text,
    level: int = 2,
    id: str = "",  # noqa: A002 - HTML's word
    intro: Text = "",
) -> SafeString:
    return format_html(
        '<section class="section"{}>{}{}{}</section>',
        attribute("id", id),
        heading(level, needed(title, tag="section", argument="title"), tag="section", css="section__title"),
        format_html('<p class="section__intro">{}</p>', intro) if intro else NOTHING,
        content,
    )


@register.simple_block_tag
def card(
    content: SafeString,
    title: Text = "",
    level: int = 2,
    tone: str = "plain",
    id: str = "",  # noqa: A002 - HTML's word
) -> SafeString:
    """A thing of its own on the page. `tone="accent"` for the one that matters most."""
    one_of(tone, ("plain", "accent", "sunk"), tag="card", argument="tone")
    return format_html(
        '<div class="card card--{}"{}>{}{}</div>',
        tone,
        attribute("id", id),
        heading(level, title, tag="card", css="card__title") if title else NOTHING,
        content,
    )


@register.simple_block_tag
def aside(content: SafeString, label: Text) -> SafeString:
    """Beside the content on wide screens, below it on narrow ones. Stands in {% block aside %}."""
    return format_html('<aside class="aside" aria-label="{}">{}</aside>', label, content)


@register.simple_block_tag
def notice(content: SafeString, kind: str = "info", title: Text = "", live: bool = False) -> SafeString:
    """Says its kind in words. `live=True` when it appears in answer to what someone just did."""
    one_of(kind, NOTICES, tag="notice", argument="kind")
    role = {"error": "alert"}.get(kind, "status") if live else ""
    return format_html(
        '<div class="notice notice--{}"{}><p class="notice__title"><span class="notice__kind">{}</span>{}</p>'
        '<div class="notice__body">{}</div></div>',
        kind,
        attribute("role", role),
        notice_word(kind),
        format_html(' <span class="notice__what">{}</span>', title) if title else NOTHING,
        content,
    )


def notice_word(kind: str) -> str:
    words = {
        "info": pgettext("kind of notice", "Good to know"),
        "success": pgettext("kind of notice", "Done"),
        "warning": pgettext("kind of notice", "Please check"),
        "error": pgettext("kind of notice", "That did not work"),
    }
    return words[kind]


@register.simple_tag
def badge(text: Text, tone: str = "neutral") -> SafeString:
    """A state in a word or two."""
    one_of(tone, TONES, tag="badge", argument="tone")
    return format_html(
        '<span class="badge badge--{}">{}</span>', tone, needed(text, tag="badge", argument="text")
    )


@register.simple_block_tag
def table(content: SafeString, caption: Text, hide_caption: bool = False, stack: bool = False) -> SafeString:
    """Wraps thead and tbody. Scrolls by itself, also by keyboard; `stack=True` turns rows into small cards on
    narrow screens and needs `data-label` on each td. Figures: `<td class="number">`."""
    needed(caption, tag="table", argument="caption")
    return format_html(
        '<div class="table{}" role="region" aria-label="{}" tabindex="0">'
        '<table class="table__table"><caption class="{}">{}</caption>{}</table></div>',
        SafeString(" table--stack") if stack else NOTHING,
        caption,
        "unseen" if hide_caption else "table__caption",
        caption,
        content,
    )


@register.simple_block_tag
def facts(content: SafeString) -> SafeString:
    """Terms and what they are here; holds {% fact %}s."""
    return format_html('<dl class="facts">{}</dl>', content)


@register.simple_block_tag
def fact(content: SafeString, term: Text) -> SafeString:
    return format_html(
        '<div class="facts__row"><dt class="facts__term">{}</dt><dd class="facts__value">{}</dd></div>',
        needed(term, tag="fact", argument="term"),
        content,
    )


@register.simple_tag
def empty_state(
    title: Text, text: Text, action_label: Text = "", action_href: str = "", level: int = 2
) -> SafeString:
    """Nothing here yet: why, and the one thing to do next."""
    if bool(action_label) != bool(action_href):
        raise TemplateSyntaxError("{% empty_state %}: give action_label and action_href, or neither.")
    link = (
        format_html('<a class="button button--primary" href="{}">{}</a>', action_href, action_label)
        if action_href
        else NOTHING
    )
    return format_html(
        '<div class="empty-state">{}<p>{}</p>{}</div>',
        heading(level, title, tag="empty_state", css="empty-state__title"),
        text,
        link,
    )


@register.simple_block_tag
def entries(content: SafeString, label: Text = "") -> SafeString:
    """A list of things to open or decide; holds {% entry %}s."""
    return format_html('<ul class="entries" role="list"{}>{}</ul>', attribute("aria-label", label), content)


@register.simple_block_tag
def entry(
    content: SafeString,
    title: Text,
    href: str = "",
    kicker: Text = "",
    level: int = 3,
    date: dt.datetime | dt.date | None = None,
) -> SafeString:
    """One of a list. With href, the title is the link; with date, a leaf of a calendar stands before it."""
    needed(title, tag="entry", argument="title")
    linked = format_html('<a class="entries__link" href="{}">{}</a>', href, title) if href else title
    return format_html(
        '<li class="entries__item{}">{}<div class="entries__what">{}{}'
        '<div class="entries__body">{}</div></div></li>',
        mark_safe(" entries__item--dated") if date else NOTHING,
        date_block(date) if date else NOTHING,
        format_html('<p class="entries__kicker">{}</p>', kicker) if kicker else NOTHING,
        heading(level, linked, tag="entry", css="entries__title"),
        content,
    )


@register.simple_tag
def person_line(name: object, note: Text = "", href: str = "") -> SafeString:
    """Someone in a list: the name as they write it, and what they are here."""
    shown = (
        format_html('<a href="{}"><bdi>{}</bdi></a>', href, name)
        if href
        else format_html("<bdi>{}</bdi>", name)
    )
    return format_html(
        '<span class="person-line"><span class="person-line__name">{}</span>{}</span>',
        shown,
        format_html(' <span class="person-line__note">{}</span>', note) if note else NOTHING,
    )


@register.simple_tag
def stat(label: Text, value: object, of: object = None, note: Text = "") -> SafeString:
    """A figure; `of` is what it is out of, and draws a bar."""
    whole = NOTHING
    if of is not None:
        whole = format_html(' <span class="stat__of">{}</span>', _("of %(whole)s") % {"whole": of}) + meter(
            value, of
        )
    return format_html(
        '<div class="stat"><p class="stat__label">{}</p><p class="stat__figure">{}{}</p>{}</div>',
        needed(label, tag="stat", argument="label"),
        value,
        whole,
        format_html('<p class="stat__note">{}</p>', note) if note else NOTHING,
    )


def meter(value: object, whole: object) -> SafeString:
    """A bar beside a figure that is already said in words, hence hidden from those who hear it."""
    try:
        share = max(0.0, min(100.0, 100 * float(str(value)) / float(str(whole))))
    except (ValueError, ZeroDivisionError):
        return NOTHING
    return format_html(
        '<svg class="stat__meter" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" '
        'focusable="false"><rect class="stat__rest" width="100" height="4"/>'
        '<rect class="stat__share" width="{}" height="4"/></svg>',
        f"{share:.1f}",
    )


@register.simple_tag
def balance(agreed: int, disagreed: int, passed: int) -> SafeString:
    """How people voted, in hundredths; beside words that say it, hence hidden from those who hear them."""
    return format_html(
        '<svg class="balance" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="balance__agreed" x="0" y="0" width="{0}" height="4"/>'
        '<rect class="balance__passed" x="{0}" y="0" width="{2}" height="4"/>'
        '<rect class="balance__disagreed" x="{3}" y="0" width="{1}" height="4"/></svg>',
        agreed,
        disagreed,
        passed,
        100 - disagreed,
    )


@register.simple_block_tag
def stats(content: SafeString) -> SafeString:
    """A row of {% stat %}s."""
    return format_html('<div class="stats">{}</div>', content)


@register.simple_block_tag
def timeline(content: SafeString, label: Text) -> SafeString:
    """What happened, in order; holds {% moment %}s."""
    return format_html('<ol class="timeline" role="list" aria-label="{}">{}</ol>', label, content)


@register.simple_block_tag
def moment(content: SafeString, title: Text, at: SafeString = NOTHING) -> SafeString:
    """One thing that happened; `at` from `{% when … as at %}`."""
    return format_html(
        '<li class="timeline__moment"><p class="timeline__title">{}</p>{}'
        '<div class="timeline__body">{}</div></li>',
        title,
        format_html('<p class="timeline__at">{}</p>', at) if at else NOTHING,
        content,
    )


@register.simple_block_tag
def prose(content: SafeString) -> SafeString:
    """Long text by people: members' Markdown, policies."""
    return format_html('<div class="prose">{}</div>', content)


@register.simple_block_tag
def status_bar(content: SafeString, label: Text) -> SafeString:
    """Stays in sight at the foot of a long form: how it stands, and its buttons."""
    needed(label, tag="status_bar", argument="label")
    return format_html('<div class="status-bar" role="group" aria-label="{}">{}</div>', label, content)
