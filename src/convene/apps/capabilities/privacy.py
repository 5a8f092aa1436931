"""What needs hold about a person, and forgetting it."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from convene.apps.capabilities.models import NeedSource, Qualification, SessionRequest
from convene.foundation.privacy import Rows, register


def export_sources(person_id: UUID) -> Rows:
    return [
        {
            "need": source.need.title,
            "kind": source.kind,
            "named": source.may_name,
            "text": source.text,
            "audience": source.audience,
            "size": source.size,
            "why_now": source.why_now,
            "time_from": source.time_from,
            "at": source.created_at.isoformat(),
        }
        for source in NeedSource.objects.filter(person_id=person_id).select_related("need")
    ]


def erase_sources(person_id: UUID) -> None:
    """The asking stays in the count; whose it was and what they wrote goes."""
    NeedSource.objects.filter(person_id=person_id).update(
        person=None, may_name=False, text="", audience="", why_now="", time_from=""
    )


def export_requests(person_id: UUID) -> Rows:
    return [
        {
            "name": request.name,
            "email": request.email,
            "topic": request.topic,
            "audience": request.audience,
            "size": request.size,
            "why_now": request.why_now,
            "at": request.created_at.isoformat(),
        }
        for request in _requests(person_id)
    ]


def erase_requests(person_id: UUID) -> None:
    SessionRequest.objects.filter(pk__in=[request.pk for request in _requests(person_id)]).delete()


def _requests(person_id: UUID) -> list[SessionRequest]:
    """Unconfirmed ones hold an address but no person."""
    email = get_user_model().objects.filter(pk=person_id).values_list("email", flat=True).first()
    return list(SessionRequest.objects.filter(email=email)) if email else []


def export_qualifications(person_id: UUID) -> Rows:
    rows = Qualification.objects.filter(Q(person_id=person_id) | Q(qualified_by_id=person_id))
    return [
        {
            "outcome": row.outcome.title,
            "of": "me" if row.person_id == person_id else "someone I named",
            "since": row.qualified_on.isoformat(),
            "until": row.expires_on.isoformat() if row.expires_on else "",
            "ended": row.ended_on.isoformat() if row.ended_on else "",
        }
        for row in rows.select_related("outcome")
    ]


def erase_qualifications(person_id: UUID) -> None:
    Qualification.objects.filter(person_id=person_id).delete()
    Qualification.objects.filter(qualified_by_id=person_id).update(qualified_by=None)


def register_all() -> None:
    register(
        "capabilities.Qualification",
        label=_("What you can teach"),
        why=_("Which outcomes stewards say you can teach, and whom you named as a steward."),
        export=export_qualifications,
        erase=erase_qualifications,
    )
    register(
        "capabilities.NeedSource",
        label=_("What you wish to learn"),
        why=_("What you would like to learn, or asked for on behalf of your team."),
        stays=_("That somebody asked, without who or what they wrote: the count stays true."),
        export=export_sources,
        erase=erase_sources,
    )
    register(
        "capabilities.SessionRequest",
        label=_("Sessions you asked for and have not confirmed"),
        why=_("Your request waits for you to confirm it; it is removed after eight days."),
        export=export_requests,
        erase=erase_requests,
    )
