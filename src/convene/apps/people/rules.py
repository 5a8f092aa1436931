"""What a person can consent to and need, and when what they typed holds. No database, no clock."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from convene.foundation.errors import RuleBroken

NAME_LENGTH = 120
NEED_DAYS_MOST = 730
NEED_DAYS_USUAL = 365
DETAIL_LENGTH = 1000


class Purpose(StrEnum):
    """Everything that is done only with a person's yes."""

    TRAITS = "traits"
    ACCESS_NEEDS = "access_needs"
    INVITATIONS = "invitations"
    DIRECTORY = "directory"
    LISTED = "listed"
    CONTACT = "contact"
    INTRODUCTIONS = "introductions"
    SEATING = "seating"
    VIEWPOINTS = "viewpoints"


@dataclass(frozen=True)
class PurposeWords:
    title: str | Promise
    what: str | Promise
    withdrawn: str | Promise
    """What happens when the yes is taken back."""
    by_hand: bool
    """Whether it is given and withdrawn on the profile page; else where the thing itself is asked."""


PURPOSE_WORDS: dict[Purpose, PurposeWords] = {
    Purpose.TRAITS: PurposeWords(
        _("Traits you chose to declare"),
        _(
            "A community you belong to uses your answers so that workshops have the mix of people it "
            "promised. Only counts of five or more are ever shown."
        ),
        _("Your answers are deleted. Your place in draws does not suffer."),
        by_hand=False,
    ),
    Purpose.ACCESS_NEEDS: PurposeWords(
        _("Access needs"),
        _(
            "The stewards and facilitators of a workshop you hold a seat in see what you need to take part, "
            "so that they can arrange it. Every look is on a list that you can read."
        ),
        _("Your access needs are deleted at once."),
        by_hand=False,
    ),
    Purpose.INVITATIONS: PurposeWords(
        _("News of workshops"),
        _("Your communities may write to you when a workshop is published that fits what you want to learn."),
        _("You get mails only about seats you asked for and things you take part in."),
        by_hand=True,
    ),
    Purpose.DIRECTORY: PurposeWords(
        _("What you offer, shown to your communities"),
        _("Members of your communities can read what you can offer and what you want to learn."),
        _("Only you see what you wrote."),
        by_hand=True,
    ),
    Purpose.LISTED: PurposeWords(
        _("Your name in a community's list of members"),
        _("Other members of that community can see your name, your organisation and your roles."),
        _("Only its stewards see that you are a member."),
        by_hand=False,
    ),
    Purpose.CONTACT: PurposeWords(
        _("A contact, for people you met"),
        _("People you met in a session see the contact you chose, each only if both of you say so."),
        _("Nobody sees it any more, at once, and to whom you said yes is forgotten."),
        by_hand=False,
    ),
    Purpose.INTRODUCTIONS: PurposeWords(
        _("Introductions"),
        _(
            "After a session we may suggest to you one person of your community whom you have not met, and "
            "you to them, by name, with one thing you have in common: a wish, a workshop, the organisation "
            "or the year. You are introduced only if both of you say yes."
        ),
        _("Nobody is suggested to you, nor you to anyone; open suggestions disappear."),
        by_hand=True,
    ),
    Purpose.SEATING: PurposeWords(
        _("What you said about yourself, used for tables"),
        _(
            "When groups are made in a session, your organisation, the languages you speak, the answers you "
            "chose to declare and whether you need a step-free table may be used, so that tables mix and "
            "everyone can take part. None of it is shown beside your name; whoever moves people by hand is "
            "told when a wish for the tables would no longer hold."
        ),
        _("You are seated as someone who said nothing about themselves."),
        by_hand=True,
    ),
    Purpose.VIEWPOINTS: PurposeWords(
        _("How you voted in inquiries, used for tables"),
        _(
            "When groups are made in a session, where you stand in your community's last inquiry is used so "
            "that different views share a table. It is read for that moment, written nowhere and shown to "
            "nobody."
        ),
        _("Your votes are not used for tables any more; they count in the inquiry as before."),
        by_hand=True,
    ),
}


class AccessKind(StrEnum):
    """What may stand between a person and taking part."""

    CAPTIONS = "captions"
    SIGN_LANGUAGE = "sign_language"
    HEARING_LOOP = "hearing_loop"
    STEP_FREE = "step_free"
    READABLE_MATERIAL = "readable_material"
    BREAKS = "breaks"
    QUIET = "quiet"
    COMPANION = "companion"
    FOOD = "food"
    CARE = "care"
    OTHER = "other"


ACCESS_WORDS: dict[AccessKind, str | Promise] = {
    AccessKind.CAPTIONS: _("Live captions"),
    AccessKind.SIGN_LANGUAGE: _("Sign language interpreting"),
    AccessKind.HEARING_LOOP: _("Hearing loop, or a seat near the speaker"),
    AccessKind.STEP_FREE: _("Step-free way in and room to move"),
    AccessKind.READABLE_MATERIAL: _("Material in advance, in large print or for a screen reader"),
    AccessKind.BREAKS: _("Regular breaks"),
    AccessKind.QUIET: _("A quiet place, camera off, or less crowded groups"),
    AccessKind.COMPANION: _("An assistant or companion comes along"),
    AccessKind.FOOD: _("Food I can eat"),
    AccessKind.CARE: _("Care for a child or relative, or times that fit it"),
    AccessKind.OTHER: _("Something else"),
}


@cache
def zone_names() -> tuple[str, ...]:
    """Every zone a person may live in, in alphabetical order; UTC, but none of the Etc and legacy names."""
    names = {
        name
        for name in zoneinfo.available_timezones()
        if "/" in name and not name.startswith(("Etc/", "SystemV/", "US/", "posix/", "right/"))
    }
    return ("UTC", *sorted(names))


@cache
def zones_by_region() -> tuple[tuple[str, tuple[str, ...]], ...]:
    regions: dict[str, list[str]] = {}
    for name in zone_names()[1:]:
        regions.setdefault(name.partition("/")[0], []).append(name)
    return (("UTC", ("UTC",)), *((region, tuple(names)) for region, names in sorted(regions.items())))


def clean_name(name: str) -> str:
    """One line, single spaces. Raises RuleBroken when nothing is left or it is no name."""
    cleaned = " ".join(name.split())
    if not cleaned:
        raise RuleBroken(_("Please give the name you want to be called by."), code="no_name", field="name")
    if len(cleaned) > NAME_LENGTH:
        raise RuleBroken(_("Please keep the name to 120 characters."), code="name_too_long", field="name")
    if "://" in cleaned or "@" in cleaned:
        raise RuleBroken(
            _("Please give a name, without a link or mail address."), code="name_is_link", field="name"
        )
    return cleaned


def check_zone(zone: str) -> None:
    """An empty zone means the browser's."""
    if zone and zone not in zone_names():
        raise RuleBroken(
            _("This time zone is not known. Choose one from the list, such as Europe/Berlin."),
            code="unknown_zone",
            field="zone",
        )


def check_decent_hours(start: dt.time, end: dt.time) -> None:
    """They may pass midnight (a night shift), but must last at least an hour."""
    minutes = (end.hour * 60 + end.minute - start.hour * 60 - start.minute) % 1440
    if minutes < 60:  # noqa: PLR2004  # an hour; the text beside says so
        raise RuleBroken(
            _("Decent hours must last at least one hour."), code="no_decent_hours", field="decent_until"
        )


def is_decent(local: dt.time, *, decent_from: dt.time, decent_until: dt.time) -> bool:
    """Whether a local time of day lies in someone's decent hours; these may pass midnight."""
    if decent_from <= decent_until:
        return decent_from <= local <= decent_until
    return local >= decent_from or local <= decent_until


def check_need(*, kind: str, detail: str, expires_on: dt.date, today: dt.date) -> None:
    if kind not in set(AccessKind):
        raise RuleBroken(_("Choose what you need from the list."), code="unknown_need", field="kind")
    if kind == AccessKind.OTHER and not detail.strip():
        raise RuleBroken(_("Say in a few words what you need."), code="need_unsaid", field="detail")
    if len(detail) > DETAIL_LENGTH:
        raise RuleBroken(_("Please keep it to 1,000 characters."), code="detail_too_long", field="detail")
    if expires_on < today:
        raise RuleBroken(
            _("The day until which we keep this has passed."), code="need_past", field="expires_on"
        )
    if expires_on > today + dt.timedelta(days=NEED_DAYS_MOST):
        raise RuleBroken(
            _("We keep access needs for two years at most; you can extend them then."),
            code="need_too_long",
            field="expires_on",
        )
