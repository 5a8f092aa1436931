"""Contacts one shares, and with whom; of the others nothing that they did not show."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from convene.apps.connections.models import ContactCard, Exchange, Introduction, IntroductionSide
from convene.foundation.privacy import Rows, register


def _export_cards(person_id: UUID) -> Rows:
    rows = ContactCard.objects.filter(person_id=person_id)
    return [{"contact": row.text, "since": row.changed_at.isoformat()} for row in rows]


def _erase_cards(person_id: UUID) -> None:
    ContactCard.objects.filter(person_id=person_id).delete()


def _export_exchanges(person_id: UUID) -> Rows:
    """To whom one said yes; a row to which only the other did is the other's."""
    rows = Exchange.objects.filter(Q(one=person_id) | Q(other=person_id)).select_related("one", "other")
    found = []
    for row in rows.order_by("pk"):
        is_one = row.one_id == person_id
        said_at = row.one_yes_at if is_one else row.other_yes_at
        if said_at is not None:
            found.append(
                {
                    "with": str(row.other if is_one else row.one),
                    "you_said_yes_at": said_at.isoformat(),
                    "both_since": row.shared_at.isoformat() if row.shared_at else None,
                }
            )
    return found


def _erase_exchanges(person_id: UUID) -> None:
    Exchange.objects.filter(Q(one=person_id) | Q(other=person_id)).delete()


def _export_sides(person_id: UUID) -> Rows:
    """That something was suggested, and one's own answer; who the other is only while both said yes."""
    rows = IntroductionSide.objects.filter(person_id=person_id).select_related("introduction__community")
    return [
        {
            "community": row.introduction.community.name,
            "suggested_at": row.introduction.made_at.isoformat(),
            "you_said": row.answer,
            "introduced_at": made.isoformat() if (made := row.introduction.introduced_at) else None,
        }
        for row in rows.order_by("introduction__made_at")
    ]


def _erase_sides(person_id: UUID) -> None:
    """The whole suggestion: of one person alone it says nothing."""
    mine = IntroductionSide.objects.filter(person_id=person_id)
    Introduction.objects.filter(pk__in=list(mine.values_list("introduction_id", flat=True))).delete()


def register_all() -> None:
    register(
        "connections.IntroductionSide",
        label=_("Introductions suggested to you"),
        why=_("So that both are asked, and nobody is suggested to you twice."),
        export=_export_sides,
        erase=_erase_sides,
    )
    register(
        "connections.ContactCard",
        label=_("The contact you share"),
        why=_("To show it to people you met, each only if both of you say so."),
        export=_export_cards,
        erase=_erase_cards,
    )
    register(
        "connections.Exchange",
        label=_("With whom you want to exchange contacts"),
        why=_("So that you see each other's contact once both of you say so."),
        export=_export_exchanges,
        erase=_erase_exchanges,
    )
