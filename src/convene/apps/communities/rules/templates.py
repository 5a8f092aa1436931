"""The six kinds of first session."""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class TemplateName(StrEnum):
    """What workshops calls its templates; a community is started with one of them."""

    HOT_TOPIC = "hot_topic"
    PEER_ASSIST = "peer_assist"
    SKILLS = "skills"
    OPEN_TASTER = "open_taster"
    SHOW_AND_TELL = "show_and_tell"
    DEBRIEF = "debrief"


TEMPLATE_LABELS: dict[TemplateName, tuple[Promise, Promise]] = {
    TemplateName.HOT_TOPIC: (
        _("Hot topic"),
        _("One hour on what everyone is asking about just now. About six people."),
    ),
    TemplateName.PEER_ASSIST: (
        _("Peer assist"),
        _("One person brings a real problem; the others help to think it through."),
    ),
    TemplateName.SKILLS: (
        _("Skills workshop"),
        _("People practise something and can do it afterwards."),
    ),
    TemplateName.OPEN_TASTER: (
        _("Open taster"),
        _("An informative session, open to everyone, about what this community does."),
    ),
    TemplateName.SHOW_AND_TELL: (
        _("Show-and-tell"),
        _("Two or three people show what they made; everyone asks."),
    ),
    TemplateName.DEBRIEF: (
        _("Debrief"),
        _("Something happened: what was meant, what came of it, what we learn."),
    ),
}
