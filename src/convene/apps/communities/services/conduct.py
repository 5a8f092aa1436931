"""Conduct reports: between one reporter and the one contact they chose.

Nothing here publishes an event, writes an audit entry or plans a job: each would show somebody that a
report exists. Mails carry no community, no subject matter and a random key.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from convene.apps.communities import conduct_seal, permissions
from convene.apps.communities.models import Community, ConductMessage, ConductReport, RoleTerm
from convene.apps.people.models import Person
from convene.foundation.errors import RuleBroken
from convene.foundation.mail.services import schedule_mail
from convene.foundation.mail.urls_absolute import absolute_to

State = ConductReport.State


@dataclass(frozen=True)
class Reported:
    report: ConductReport
    code: str
    """Shown once, kept nowhere."""


@transaction.atomic
def report_conduct(
    *,
    community: Community,
    text: str,
    contact_id: UUID,
    now: datetime,
    about: str = "",
    excluded: Sequence[UUID] = (),
    name: str = "",
    mail: str = "",
    reporter: Person | None = None,
) -> Reported:
    """From anyone, with or without a name. `reporter` only when they asked to find it with their account."""
    if not text.strip():
        raise RuleBroken(_("Say what happened."), code="text_missing", field="text")
    contact = _choose(community, contact_id, excluded, now)
    code = conduct_seal.new_code()
    contents: conduct_seal.Contents = {
        "text": text.strip(),
        "about": about.strip(),
        "name": name.strip() or (reporter.name if reporter else ""),
        "mail": mail.strip() or (reporter.email or "" if reporter else ""),
        "language": translation.get_language() or community.language,
        "excluded": [str(person_id) for person_id in excluded],
        "reason": "",
    }
    report = ConductReport.objects.create(
        community=community,
        contact=contact,
        sealed=conduct_seal.seal(contents),
        code_tag=conduct_seal.code_tags(code)[0],
        reporter_tag=conduct_seal.reporter_tags(reporter.pk)[0] if reporter else "",
        received_on=now.date(),
        changed_on=now.date(),
    )
    _tell_contact(report, now)
    return Reported(report, code)


def _choose(community: Community, contact_id: UUID, excluded: Sequence[UUID], now: datetime) -> Person:
    holds = RoleTerm.objects.filter(
        permissions.holding(now.date()),
        community=community,
        person_id=contact_id,
        role=RoleTerm.Role.CONDUCT_CONTACT,
        person__is_active=True,
    ).exists()
    if not holds:
        raise RuleBroken(_("Choose one of the contacts."), code="unknown_contact", field="contact")
    if contact_id in set(excluded):
        raise RuleBroken(
            _("You said this person is involved. Choose somebody else to read it."),
            code="contact_involved",
            field="contact",
        )
    return Person.objects.get(pk=contact_id)


@transaction.atomic
def open_report(*, report: ConductReport, now: datetime) -> None:
    """The contact reads it; the reporter can see so. Idempotent."""
    ConductReport.objects.filter(pk=report.pk, state=State.RECEIVED).update(
        state=State.READ, changed_on=now.date()
    )
    ConductReport.objects.filter(pk=report.pk).update(news_for_contact=False)
    report.refresh_from_db()


@transaction.atomic
def write_to_reporter(*, report: ConductReport, text: str, now: datetime) -> None:
    _write(report, text, from_reporter=False, now=now)
    _tell_reporter(report, now)


@transaction.atomic
def write_to_contact(*, report: ConductReport, text: str, now: datetime) -> None:
    _write(report, text, from_reporter=True, now=now)
    _tell_contact(report, now)


def _write(report: ConductReport, text: str, *, from_reporter: bool, now: datetime) -> None:
    if not text.strip():
        raise RuleBroken(_("Write a message first."), code="text_missing", field="text")
    ConductMessage.objects.create(
        report=report, from_reporter=from_reporter, sealed=conduct_seal.seal(text.strip()), at=now
    )
    news = {"news_for_contact": True} if from_reporter else {"news_for_reporter": True}
    ConductReport.objects.filter(pk=report.pk).update(changed_on=now.date(), **news)


@transaction.atomic
def take_up(*, report: ConductReport, now: datetime) -> None:
    """Being dealt with; also the way back from closed."""
    if not ConductReport.objects.filter(
        pk=report.pk, state__in=[State.RECEIVED, State.READ, State.CLOSED]
    ).update(state=State.IN_PROGRESS, changed_on=now.date(), news_for_reporter=True):
        raise RuleBroken(_("It is being dealt with already."), code="in_progress_already")
    _tell_reporter(report, now)


@transaction.atomic
def close_report(*, report: ConductReport, reason: str, now: datetime) -> None:
    """With a reason the reporter reads."""
    if not reason.strip():
        raise RuleBroken(_("Say how it ended; the reporter reads it."), code="reason_missing", field="reason")
    row = ConductReport.objects.select_for_update().get(pk=report.pk)
    if row.state == State.CLOSED:
        raise RuleBroken(_("It is closed already."), code="closed_already")
    contents = conduct_seal.contents_of(row)
    contents["reason"] = reason.strip()
    row.sealed, row.state = conduct_seal.seal(contents), State.CLOSED
    row.changed_on, row.news_for_reporter = now.date(), True
    row.save(update_fields=["sealed", "state", "changed_on", "news_for_reporter"])
    _tell_reporter(row, now)


@transaction.atomic
def choose_other_contact(*, report: ConductReport, contact_id: UUID, now: datetime) -> None:
    """The reporter's right at any time: the first contact loses sight of it at once."""
    row = ConductReport.objects.select_for_update().get(pk=report.pk)
    excluded = [UUID(person_id) for person_id in conduct_seal.contents_of(row)["excluded"]]
    contact = _choose(row.community, contact_id, excluded, now)
    if row.contact_id == contact.pk:
        raise RuleBroken(_("This person reads it already."), code="same_contact", field="contact")
    row.contact, row.state, row.news_for_contact = contact, State.RECEIVED, True
    row.changed_on = now.date()
    row.save(update_fields=["contact", "state", "news_for_contact", "changed_on"])
    _tell_contact(row, now)


@transaction.atomic
def seen_by_reporter(*, report: ConductReport) -> None:
    ConductReport.objects.filter(pk=report.pk).update(news_for_reporter=False)


def _tell_contact(report: ConductReport, now: datetime) -> None:
    contact = report.contact
    if contact is not None and contact.email:
        _tell(contact.email, contact.language, "home", now, person_id=contact.pk)


def _tell_reporter(report: ConductReport, now: datetime) -> None:
    contents = conduct_seal.contents_of(report)
    if contents["mail"]:
        _tell(contents["mail"], contents["language"], "conduct_answers", now, person_id=None)


def _tell(address: str, language: str, page: str, now: datetime, *, person_id: UUID | None) -> None:
    """Says that there is something, to whoever looks over a shoulder not what."""
    with translation.override(language or "en"):
        schedule_mail(
            key=f"reading:{uuid.uuid4()}",
            kind="something_to_read",
            person_id=person_id,
            to_address=address,
            language=language or "en",
            subject=_("Something for you to read"),
            text=_("There is something for you to read on Convene:") + "\n" + absolute_to(page) + "\n",
            send_at=now,
        )
