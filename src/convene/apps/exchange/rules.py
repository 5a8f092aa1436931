"""Which column is what, and how seat states are called elsewhere. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convene.foundation.errors import RuleBroken

if TYPE_CHECKING:
    from django.utils.functional import Promise


class Column(StrEnum):
    """What a column of an uploaded table can stand for."""

    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    EMAIL = "email"
    ORGANISATION = "organisation"
    TIER = "tier"
    STATUS = "status"
    HOPE = "hope"
    ZONE = "zone"
    LANGUAGE = "language"


LABELS: Mapping[Column, Promise] = {
    Column.NAME: gettext_lazy("name"),
    Column.FIRST_NAME: gettext_lazy("first name"),
    Column.LAST_NAME: gettext_lazy("last name"),
    Column.EMAIL: gettext_lazy("e-mail"),
    Column.ORGANISATION: gettext_lazy("organisation"),
    Column.TIER: gettext_lazy("core, active or peripheral"),
    Column.STATUS: gettext_lazy("state of the registration"),
    Column.HOPE: gettext_lazy("what would make it worth their time"),
    Column.ZONE: gettext_lazy("time zone"),
    Column.LANGUAGE: gettext_lazy("language"),
}

_SYNONYMS: Mapping[Column, tuple[str, ...]] = {
    Column.NAME: ("name", "fullname", "id", "person", "participant", "attendee", "attendeename", "delegate"),
    Column.FIRST_NAME: ("firstname", "givenname", "forename"),
    Column.LAST_NAME: ("lastname", "surname", "familyname"),
    Column.EMAIL: ("email", "mail", "emailaddress", "useremail", "address", "attendeeemail"),
    Column.ORGANISATION: (
        "organisation",
        "organization",
        "company",
        "institution",
        "department",
        "affiliation",
    ),
    Column.TIER: ("tier", "membership"),
    Column.STATUS: ("status", "state", "statuscode", "signupstatus", "bookingstatus"),
    Column.HOPE: ("hope", "notes", "comment", "comments", "expectations"),
    Column.ZONE: ("zone", "timezone"),
    Column.LANGUAGE: ("language", "lang", "locale"),
}


class Fate(StrEnum):
    """What will become of a row."""

    NEW = "new"
    KNOWN = "known"
    ALREADY = "already"
    SEAT = "seat"
    LIST = "list"
    ENTRY = "entry"
    LEFT_OUT = "left_out"
    WRONG = "wrong"


FATES: Mapping[Fate, Promise] = {
    Fate.NEW: gettext_lazy("becomes a member"),
    Fate.KNOWN: gettext_lazy("known here, becomes a member"),
    Fate.ALREADY: gettext_lazy("is here already, stays as it is"),
    Fate.SEAT: gettext_lazy("asks for a seat, and gets one while there are any"),
    Fate.LIST: gettext_lazy("joins the waiting list"),
    Fate.ENTRY: gettext_lazy("goes into the draw"),
    Fate.LEFT_OUT: gettext_lazy("left out"),
    Fate.WRONG: gettext_lazy("cannot be read"),
}


def guess(header: Sequence[str]) -> dict[int, Column]:
    """Our guess which column is what; each meaning once, the first column that fits."""
    found: dict[int, Column] = {}
    for column, words in _SYNONYMS.items():
        for place, name in enumerate(header):
            if place not in found and re.sub(r"[^a-z]", "", name.casefold()) in words:
                found[place] = column
                break
    if Column.FIRST_NAME in found.values() and Column.LAST_NAME in found.values():
        found = {place: column for place, column in found.items() if column != Column.NAME}
    return found


def check_mapping(mapping: Mapping[int, str]) -> None:
    """A name or a mail address must be there; no meaning twice."""
    meanings = [meaning for meaning in mapping.values() if meaning]
    twice = {
        meaning for meaning in meanings if meanings.count(meaning) > 1 and not meaning.startswith("trait:")
    }
    if twice:
        names = ", ".join(str(LABELS[Column(one)]) for one in sorted(twice))
        raise RuleBroken(
            _("Two columns are taken for the same thing: %(names)s.") % {"names": names}, code="meaning_twice"
        )
    if not {Column.NAME, Column.FIRST_NAME, Column.LAST_NAME, Column.EMAIL} & set(meanings):
        raise RuleBroken(_("Say which column holds the name or the mail address."), code="nobody")


@dataclass(frozen=True)
class ReadRow:
    """One row by meaning. `status` is a seat state of ours, or empty; `traits`: question id -> answer."""

    number: int
    name: str
    email: str
    values: Mapping[str, str]
    traits: Mapping[str, str]


def read_row(number: int, cells: Sequence[str], mapping: Mapping[int, str]) -> ReadRow:
    values = {
        meaning: cells[place]
        for place, meaning in mapping.items()
        if meaning and not meaning.startswith("trait:")
    }
    traits = {
        meaning.removeprefix("trait:"): cells[place]
        for place, meaning in mapping.items()
        if meaning.startswith("trait:")
    }
    parts = (values.get(Column.FIRST_NAME, ""), values.get(Column.LAST_NAME, ""))
    name = values.get(Column.NAME) or " ".join(part for part in parts if part)
    return ReadRow(number, name.strip(), values.get(Column.EMAIL, "").strip().lower(), values, traits)


# --- seat states elsewhere ---------------------------------------------------

FACETOFACE: Mapping[str, tuple[int, str]] = {
    "submitted": (40, "requested"),
    "needs_approval": (40, "requested"),
    "approved": (50, "approved"),
    "declined_by_approver": (30, "declined"),
    "pooled": (40, "requested"),
    "waitlisted": (60, "waitlisted"),
    "reserve": (60, "waitlisted"),
    "offered": (50, "approved"),
    "confirmed": (70, "booked"),
    "declined": (10, "user_cancelled"),
    "expired": (10, "user_cancelled"),
    "withdrawn": (10, "user_cancelled"),
    "cancelled_early": (10, "user_cancelled"),
    "cancelled_late": (10, "user_cancelled"),
    "voided": (20, "session_cancelled"),
    "absent": (80, "no_show"),
    "partly_attended": (90, "partially_attended"),
    "attended": (100, "fully_attended"),
}
"""mod_facetoface's code and name for each of our states, attendance included (its lib.php constants)."""

PARTSTAT: Mapping[str, str] = {
    "confirmed": "ACCEPTED",
    "declined": "DECLINED",
    "expired": "DECLINED",
    "withdrawn": "DECLINED",
    "cancelled_early": "DECLINED",
    "cancelled_late": "DECLINED",
    "declined_by_approver": "DECLINED",
    "voided": "DECLINED",
}
"""iCalendar participation; what is absent here is NEEDS-ACTION."""

RESERVATION: Mapping[str, str] = {
    "submitted": "ReservationPending",
    "needs_approval": "ReservationPending",
    "approved": "ReservationPending",
    "pooled": "ReservationPending",
    "waitlisted": "ReservationHold",
    "reserve": "ReservationHold",
    "offered": "ReservationHold",
    "confirmed": "ReservationConfirmed",
}
"""schema.org reservationStatus; what is absent here is ReservationCancelled."""

XAPI: Mapping[str, str] = {
    "confirmed": "http://adlnet.gov/expapi/verbs/registered",
    "cancelled_early": "http://id.tincanapi.com/verb/unregistered",
    "cancelled_late": "http://id.tincanapi.com/verb/unregistered",
    "voided": "http://adlnet.gov/expapi/verbs/voided",
    "attended": "http://adlnet.gov/expapi/verbs/attended",
    "partly_attended": "http://adlnet.gov/expapi/verbs/attended",
}

_COMES_IN: Mapping[str, str] = {
    # mod_facetoface: code and name -> what we do with it
    "40": "asked",
    "requested": "asked",
    "50": "asked",
    "approved": "asked",
    "60": "waiting",
    "waitlisted": "waiting",
    "waiting": "waiting",
    "waitinglist": "waiting",
    "70": "seat",
    "booked": "seat",
    "confirmed": "seat",
    "80": "seat",
    "noshow": "seat",
    "90": "seat",
    "partiallyattended": "seat",
    "100": "seat",
    "fullyattended": "seat",
    "10": "gone",
    "usercancelled": "gone",
    "cancelled": "gone",
    "canceled": "gone",
    "withdrawn": "gone",
    "20": "gone",
    "sessioncancelled": "gone",
    "30": "gone",
    "declined": "gone",
    "rejected": "gone",
    # ours, pretix, Hi.Events
    "offered": "asked",
    "pooled": "asked",
    "reserve": "waiting",
    "submitted": "asked",
    "needsapproval": "asked",
    "paid": "seat",
    "complete": "seat",
    "purchased": "seat",
    "attended": "seat",
    "pending": "asked",
    "partlyattended": "seat",
    "expired": "gone",
    "offerexpired": "gone",
    "cancelledearly": "gone",
    "cancelledlate": "gone",
    "voided": "gone",
    "declinedbyapprover": "gone",
}
_ORDER = {"seat": 0, "asked": 1, "waiting": 2}


def comes_in(status: str) -> str:
    """“seat”, “asked”, “waiting” or “gone” for a state in any of the vocabularies above; "" when unknown."""
    if not status:
        return "asked"
    return _COMES_IN.get(re.sub(r"[^a-z0-9]", "", status.casefold()), "")


def in_order(kinds: Sequence[str]) -> list[int]:
    """Places of rows in the order they are registered: those who had a seat first, then as in the file."""
    return sorted(range(len(kinds)), key=lambda place: (_ORDER.get(kinds[place], 3), place))
