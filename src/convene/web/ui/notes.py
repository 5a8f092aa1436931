"""Lines of notes, each with its tag, and the signs that tag it by one press or key."""

from __future__ import annotations

from collections.abc import Iterable

from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from convene.web.ui.library import NOTHING, Text, attribute, needed, register


@register.simple_block_tag
def note_lines(content: SafeString, label: Text) -> SafeString:
    """What was written down, in order; holds {% note_line %}s."""
    return format_html(
        '<ol class="note-lines" role="list" aria-label="{}" data-part="lines">{}</ol>',
        needed(label, tag="note_lines", argument="label"),
        content,
    )


@register.simple_block_tag
def note_line(
    content: SafeString,
    text: Text,
    tag: Text = "",
    sign: str = "",
    name: Text = "",
    note: Text = "",
    id: str = "",  # noqa: A002 - HTML's word
) -> SafeString:
    """One line. `tag` is its tag in words, `sign` what stands for it; the content is what can be done."""
    about = format_html_join(
        " · ",
        "{}",
        (
            (part,)
            for part in (
                format_html(
                    '<span class="note-lines__tag"><span aria-hidden="true">{}</span> {}</span>', sign, tag
                )
                if tag
                else "",
                format_html("<bdi>{}</bdi>", name) if name else "",
                note,
            )
            if part
        ),
    )
    return format_html(
        '<li class="note-lines__line{}"{} data-line><p class="note-lines__text" dir="auto">{}</p>{}{}</li>',
        " note-lines__line--tagged" if tag else "",
        attribute("id", id),
        needed(text, tag="note_line", argument="text"),
        format_html('<p class="note-lines__about">{}</p>', about) if about else NOTHING,
        format_html('<div class="note-lines__acts">{}</div>', content) if content.strip() else NOTHING,
    )


@register.simple_tag
def note_script_words() -> SafeString:
    """What the script of notes says, as attributes of the element around them."""
    words = {
        "offline": _("No connection just now. What you wrote is kept on this device and will be sent."),
        "saved": _("Saved"),
        "saving": _("Saving …"),
        "edit": _("Change this line; Enter saves it, Escape leaves it as it was"),
    }
    return format_html_join(" ", 'data-{}="{}"', words.items())


@register.simple_tag(takes_context=True)
def note_tags(
    context: Context,
    action: str,
    choices: Iterable[tuple[str, Text, str]],
    current: str,
    describe: Text,
    block: object = "",
    line: object = "",
) -> SafeString:
    """One button for each tag (value, word, sign); the chosen one is pressed, pressing it again clears it."""
    buttons = format_html_join(
        "",
        '<button type="submit" class="note-lines__sign" name="tag" value="{}" aria-pressed="{}" title="{}"'
        ' data-key="{}"><span aria-hidden="true">{}</span><span class="unseen">{}</span></button>',
        (
            (
                "" if value == current else value,
                "true" if value == current else "false",
                word,
                sign,
                sign,
                word,
            )
            for value, word, sign in choices
        ),
    )
    return format_html(
        '<form class="note-lines__tags" method="post" action="{}">'
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<input type="hidden" name="block" value="{}"><input type="hidden" name="line" value="{}">'
        '<span role="group" aria-label="{}">{}</span></form>',
        needed(action, tag="note_tags", argument="action"),
        context.get("csrf_token", ""),
        block,
        line,
        _("Tag: %(line)s") % {"line": describe},
        buttons,
    )
