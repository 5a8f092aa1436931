"""Today: what needs a steward's decision, what will go wrong by itself, what has changed. No charts."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy as counted
from django.views.decorators.http import require_safe

from convene.apps.attendance.queries import open_contests
from convene.apps.communities import permissions
from convene.apps.communities.models import Community
from convene.apps.communities.permissions import Permission
from convene.apps.communities.queries import (
    applications_waiting,
    offers_waiting,
    stakeholders_due,
    terms_over,
)
from convene.apps.communities.rules.features import ABOUT
from convene.apps.notices.queries import recent_trouble
from convene.apps.people.models import Person
from convene.apps.seats.models import Draw
from convene.apps.seats.queries import (
    corrections_waiting,
    draws_waiting,
    offers_ending,
    requests_to_approve,
    seats_stuck,
)
from convene.apps.seats.rules import ChanceSource
from convene.apps.voices.queries import waiting_statements
from convene.apps.workshops.queries.risks import Risk, planning_risks
from convene.foundation.addresses import address_of
from convene.foundation.audit.models import AuditEntry
from convene.foundation.errors import NotAllowed
from convene.web.ui.times import text_of

SOON = dt.timedelta(hours=24)
FIRST_LOOK = dt.timedelta(days=7)
"""How far back "what has changed" reaches for someone who was never here."""


@dataclass(frozen=True)
class Item:
    """One line: what it is, what it is about, and the page where it is settled."""

    title: str
    about: str
    href: str


@login_required
@require_safe
def today(request: HttpRequest, slug: str) -> HttpResponse:
    community = get_object_or_404(Community, slug=slug)
    if not permissions.is_steward(request.user, community.pk):
        raise NotAllowed(Permission.MANAGE_COMMUNITY)
    assert isinstance(request.user, Person)
    now = timezone.now()
    since = _last_visit(request, community, now)
    risks = planning_risks(community, now)
    context = {
        "community": community,
        "decisions": [*_decisions(request.user, community), *_from_risks(risks, decisions=True)],
        "risks": [*_from_risks(risks, decisions=False), *_other_risks(community, now)],
        "changes": list(_changes(community, since)),
        "since": since,
        "offers": [(name, ABOUT[name]) for name in offers_waiting(community.pk)],
    }
    return render(request, "today.html", context)


def _last_visit(request: HttpRequest, community: Community, now: datetime) -> datetime:
    """When this person last looked, in this browser; a second look within the hour is the same visit."""
    visits: dict[str, list[str]] = request.session.get("today", {})
    before, latest = visits.get(str(community.pk), ["", ""])
    seen = parse_datetime(latest) if latest else None
    if seen is None or now - seen > dt.timedelta(hours=1):
        before, latest = latest, now.isoformat()
        request.session["today"] = visits | {str(community.pk): [before, latest]}
    return (parse_datetime(before) if before else None) or now - FIRST_LOOK


def _waits_for(draw: Draw) -> str:
    if draw.state == Draw.State.FROZEN and draw.problem:
        return _("Entries are closed, and the targets cannot be met")
    if draw.state == Draw.State.FROZEN and draw.policy.chance_source == ChanceSource.WITNESSES:
        return _("Entries are closed, and not all witnesses have sealed their values")
    if draw.state == Draw.State.FROZEN:
        return _("Entries are closed, and the draw could not begin")
    if draw.source_kind == ChanceSource.DICE:
        return _("A draw is sealed: throw the dice")
    return _("A draw is sealed, and this site could not fetch its beacon")


def _decisions(person: Person, community: Community) -> Iterator[Item]:
    for request in requests_to_approve(community.pk):
        yield Item(
            _("%(name)s asks for a seat") % {"name": request.person},
            request.workshop.title,
            address_of("registrations", request.workshop_id),
        )
    for draw in draws_waiting(community.pk):
        workshop = draw.policy.workshop
        yield Item(_waits_for(draw), workshop.title, address_of("seat_draw_make", workshop.pk))
    for policy in seats_stuck(community.pk):
        yield Item(
            _("A drawn seat is free, and with nobody who waits do the targets hold"),
            policy.workshop.title,
            address_of("seat_replace", policy.workshop_id),
        )
    for correction in corrections_waiting(community.pk):
        yield Item(
            _("%(name)s says that they were passed over") % {"name": correction.person},
            correction.workshop.title,
            address_of("correction_answer", correction.workshop_id, correction.pk),
        )
    for application in applications_waiting(person, community.pk):
        if application.received_at and not getattr(application, "read_by_me", False):
            yield Item(
                _("An application for membership waits for your reading"),
                text_of(application.received_at, style="short"),
                address_of("applications", community.slug),
            )
    for statement in waiting_statements(community.pk):
        yield Item(
            _("A statement waits to be read before others can see it"),
            statement.inquiry.question,
            address_of("inquiry_run", statement.inquiry_id),
        )
    for contest in open_contests(community.pk):
        yield Item(
            _("%(name)s says the record is wrong") % {"name": contest.registration.person},
            contest.registration.workshop.title,
            address_of("contest_decide", contest.pk),
        )


def _from_risks(risks: Iterable[Risk], *, decisions: bool) -> Iterator[Item]:
    for risk in risks:
        if risk.is_decision == decisions:
            yield Item(risk.text, risk.workshop.title, address_of(risk.url_name, risk.workshop.pk))


def _other_risks(community: Community, now: datetime) -> Iterator[Item]:
    for offer in offers_ending(community.pk, before=now + SOON):
        registration = offer.registration
        words = {"name": registration.person, "when": text_of(offer.expires_at, style="short")}
        yield Item(
            _("The offer to %(name)s ends %(when)s, unanswered so far") % words,
            registration.workshop.title,
            address_of("registrations", registration.workshop_id),
        )
    for mail in recent_trouble(community.pk, now):
        title = _("A mail came back") if mail.bounced_at else _("A mail could not be sent")
        href = address_of("mail_read", mail.pk) if mail.about_id else ""
        yield Item(f"{title}: {mail.subject}", str(mail.person or ""), href)
    for stakeholder in stakeholders_due(community.pk, today=timezone.localdate()):
        yield Item(
            _("Time to be in touch with %(name)s") % {"name": stakeholder},
            stakeholder.wants,
            address_of("stakeholders", community.slug),
        )
    for term in terms_over(community.pk, today=timezone.localdate()):
        words = {
            "name": term.person,
            "role": term.get_role_display(),
            "day": text_of(term.planned_until or now),
        }
        yield Item(
            _("The term of %(name)s as %(role)s was agreed until %(day)s") % words,
            _("Hand over, or agree on a new term."),
            address_of("community_people", community.slug),
        )


def _changes(community: Community, since: datetime) -> Iterator[str]:
    """What happened, counted by kind; the audit trail holds no names and so neither does this."""
    rows = AuditEntry.objects.filter(community_id=community.pk, at__gt=since, name__in=_WORDS)
    counts = Counter(rows.values_list("name", flat=True))
    for name, words in _WORDS.items():
        if counts[name]:
            yield str(words % {"n": counts[name]})


_WORDS: dict[str, Any] = {
    "equity_published": counted(
        "Figures on fair access were published for a closed period.",
        "Figures on fair access were published for %(n)d closed periods.",
        "n",
    ),
    "workshop_published": counted("One workshop was published.", "%(n)d workshops were published.", "n"),
    "workshop_times_changed": counted("One workshop was moved.", "%(n)d workshops were moved.", "n"),
    "workshop_cancelled": counted("One workshop was cancelled.", "%(n)d workshops were cancelled.", "n"),
    "seat_confirmed": counted("One seat was confirmed.", "%(n)d seats were confirmed.", "n"),
    "seat_cancelled": counted("One seat was given back.", "%(n)d seats were given back.", "n"),
    "seats_drawn": counted("Seats were drawn once.", "Seats were drawn %(n)d times.", "n"),
    "facilitator_answered": counted("One facilitator answered.", "%(n)d facilitators answered.", "n"),
    "need_asked": counted("One need came in.", "%(n)d needs came in.", "n"),
    "application_received": counted(
        "One person applied for membership.", "%(n)d people applied for membership.", "n"
    ),
    "member_joined": counted("One person became a member.", "%(n)d people became members.", "n"),
    "member_left": counted("One member left.", "%(n)d members left.", "n"),
}
