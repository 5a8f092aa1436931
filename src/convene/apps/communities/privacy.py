"""What communities hold on a person: export and erase.

Conduct reports: a reporter who gave their name gets their own reports back, and erasing takes the
reporter out of the case, not the case. Nobody's export says anything of a report about them, nor of
reports entrusted to them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from convene.apps.communities import conduct_seal
from convene.apps.communities.models import (
    Application,
    CharterVersion,
    Community,
    ConductReport,
    Feature,
    Membership,
    Reading,
    RoleTerm,
    Stakeholder,
    StakeholderContact,
    Trait,
)
from convene.apps.people.privacy import traces_of
from convene.foundation.privacy import Rows, register
from convene.foundation.privacy.scrub import Traces


def _day(value: Any) -> str | None:
    return value.isoformat() if value else None


def _scrub(rows: Iterable[models.Model], fields: tuple[str, ...], traces: Traces) -> None:
    """Take the person's name and addresses out of texts others wrote."""
    for row in rows:
        before = [getattr(row, field) for field in fields]
        after = [traces.scrubbed(text) for text in before]
        if after != before:
            for field, text in zip(fields, after, strict=True):
                setattr(row, field, text)
            row.save(update_fields=list(fields))


def _export_memberships(person_id: UUID) -> Rows:
    rows = Membership.objects.filter(person_id=person_id).select_related("community", "organisation")
    return [
        {
            "community": row.community.name,
            "organisation": row.organisation.name if row.organisation else "",
            "tier": row.tier,
            "state": row.state,
            "since": _day(row.since),
            "ended_on": _day(row.ended_on),
            "end_reason": row.end_reason,
        }
        for row in rows.order_by("since")
    ]


def _erase_memberships(person_id: UUID) -> None:
    Membership.objects.filter(person_id=person_id).update(organisation=None, end_reason="")
    _scrub(Membership.objects.exclude(end_reason=""), ("end_reason",), traces_of(person_id))


def _export_roles(person_id: UUID) -> Rows:
    return [
        {
            "community": row.community.name,
            "role": row.role,
            "from": _day(row.starts_on),
            "until": _day(row.ends_on),
            "end_reason": row.end_reason,
        }
        for row in RoleTerm.objects.filter(person_id=person_id)
        .select_related("community")
        .order_by("starts_on")
    ]


def _erase_roles(person_id: UUID) -> None:
    RoleTerm.objects.filter(person_id=person_id).update(end_reason="")
    _scrub(RoleTerm.objects.exclude(end_reason=""), ("end_reason",), traces_of(person_id))


def _export_applications(person_id: UUID) -> Rows:
    return [
        {
            "community": row.community.name,
            "practice": row.practice,
            "bring": row.bring,
            "time": row.time,
            "organisation": row.organisation,
            "state": row.state,
            "submitted_at": _day(row.submitted_at),
            "decided_at": _day(row.decided_at),
            "reason": row.reason,
            "pointer": row.pointer,
        }
        for row in Application.objects.filter(person_id=person_id).select_related("community")
    ]


def _erase_applications(person_id: UUID) -> None:
    mine = Application.objects.filter(person_id=person_id)
    Reading.objects.filter(application__in=mine).update(note="")
    mine.filter(state__in=[Application.State.UNCONFIRMED, Application.State.RECEIVED]).update(
        state=Application.State.WITHDRAWN
    )
    mine.update(practice="", bring="", time="", organisation="", reason="", pointer="")
    fields = ("practice", "bring", "reason", "pointer")
    _scrub(Application.objects.exclude(person_id=person_id), fields, traces_of(person_id))


def _export_readings(person_id: UUID) -> Rows:
    """What they wrote about applicants, without saying about whom."""
    return [
        {"view": row.view, "note": row.note, "at": _day(row.at)}
        for row in Reading.objects.filter(reader_id=person_id)
    ]


def _erase_readings(person_id: UUID) -> None:
    Reading.objects.filter(reader_id=person_id).update(note="")
    _scrub(Reading.objects.exclude(note=""), ("note",), traces_of(person_id))


def _export_traits(person_id: UUID) -> Rows:
    return [
        {
            "community": row.question.community.name,
            "question": row.question.label,
            "purpose": row.question.purpose,
            "answer": row.value or None,
            "declared_at": _day(row.declared_at),
        }
        for row in Trait.objects.filter(person_id=person_id).select_related("question__community")
    ]


def _erase_traits(person_id: UUID) -> None:
    Trait.objects.filter(person_id=person_id).delete()


def _export_stakeholders(person_id: UUID) -> Rows:
    rows = Stakeholder.objects.filter(models.Q(contact_id=person_id) | models.Q(keeper_id=person_id))
    return [
        {
            "community": row.community.name,
            "name": row.name,
            "you_are": "contact" if row.contact_id == person_id else "keeper",
            "stake": row.stake if row.contact_id == person_id else "",
            "wants": row.wants if row.contact_id == person_id else "",
            "last_on": _day(row.last_on),
        }
        for row in rows.select_related("community")
    ]


def _erase_stakeholders(person_id: UUID) -> None:
    Stakeholder.objects.filter(contact_id=person_id).update(contact=None)
    Stakeholder.objects.filter(keeper_id=person_id).update(keeper=None)
    _scrub(Stakeholder.objects.all(), ("name", "stake", "wants"), traces_of(person_id))


def _export_contacts(person_id: UUID) -> Rows:
    return [
        {"stakeholder": row.stakeholder.name, "on": _day(row.on), "note": row.note}
        for row in StakeholderContact.objects.filter(by_id=person_id).select_related("stakeholder")
    ]


def _erase_contacts(person_id: UUID) -> None:
    StakeholderContact.objects.filter(by_id=person_id).update(by=None)
    _scrub(StakeholderContact.objects.exclude(note=""), ("note",), traces_of(person_id))


def _export_charters(person_id: UUID) -> Rows:
    return [
        {"community": row.community.name, "version": row.number, "note": row.note, "at": _day(row.at)}
        for row in CharterVersion.objects.filter(by_id=person_id).select_related("community")
    ]


def _erase_charters(person_id: UUID) -> None:
    CharterVersion.objects.filter(by_id=person_id).update(by=None)
    traces = traces_of(person_id)
    _scrub(CharterVersion.objects.exclude(note=""), ("note",), traces)
    for version in CharterVersion.objects.all():
        clean = {field: traces.scrubbed(text) for field, text in version.content.items()}
        if clean != version.content:
            version.content = clean
            version.save(update_fields=["content"])


def _export_features(person_id: UUID) -> Rows:
    return [{"name": row.name, "on": row.on} for row in Feature.objects.filter(changed_by_id=person_id)]


def _erase_features(person_id: UUID) -> None:
    Feature.objects.filter(changed_by_id=person_id).update(changed_by=None)


def _export_communities(person_id: UUID) -> Rows:
    return [{"name": row.name} for row in Community.objects.filter(outside_reader_id=person_id)]


def _erase_communities(person_id: UUID) -> None:
    """Outside reader no longer; the contact address and the charter's words lose the person too."""
    from convene.apps.communities.rules import CHARTER_FIELDS

    Community.objects.filter(outside_reader_id=person_id).update(outside_reader=None)
    traces = traces_of(person_id)
    for community in Community.objects.all():
        if community.contact.lower() in traces.addresses:
            Community.objects.filter(pk=community.pk).update(contact="")
            community.contact = ""
        _scrub([community], CHARTER_FIELDS, traces)


def _export_reports(person_id: UUID) -> Rows:
    return conduct_seal.export_own(person_id)


def _erase_reports(person_id: UUID) -> None:
    conduct_seal.forget_reporter(person_id)
    ConductReport.objects.filter(contact_id=person_id).update(contact=None)


def register_all() -> None:
    register(
        "communities.Membership",
        label=_("Your communities"),
        why=_("So that you hear of what concerns you and hold your place."),
        stays=_("That somebody was a member from one day to another."),
        export=_export_memberships,
        erase=_erase_memberships,
    )
    register(
        "communities.RoleTerm",
        label=_("Your roles"),
        why=_("So that everyone knows who answers for what, and until when."),
        stays=_("That somebody held the role from one day to another."),
        export=_export_roles,
        erase=_erase_roles,
    )
    register(
        "communities.Application",
        label=_("Your applications for membership"),
        why=_("So that stewards can decide about them, and you can read why."),
        stays=_("That somebody applied, and what was decided."),
        export=_export_applications,
        erase=_erase_applications,
    )
    register(
        "communities.Reading",
        label=_("What you wrote about applications you read"),
        why=_("So that a decision has its reasons."),
        stays=_("Whether the reader was for or against, without their words."),
        export=_export_readings,
        erase=_erase_readings,
    )
    register(
        "communities.Trait",
        label=_("What you chose to say about yourself"),
        why=_("For the purpose beside each question, as long as you agree."),
        export=_export_traits,
        erase=_erase_traits,
    )
    register(
        "communities.Stakeholder",
        label=_("Stakeholders you are, or keep in touch with"),
        why=_("So that who has a stake in a community's work hears of it."),
        stays=_("The body that has a stake, without your name."),
        export=_export_stakeholders,
        erase=_erase_stakeholders,
    )
    register(
        "communities.StakeholderContact",
        label=_("Conversations with stakeholders you noted"),
        why=_("So that the next person knows what was said."),
        stays=_("The note, without your name."),
        export=_export_contacts,
        erase=_erase_contacts,
    )
    register(
        "communities.CharterVersion",
        label=_("Charters you wrote"),
        why=_("So that a community can read what it once agreed."),
        stays=_("The charter, without your name."),
        export=_export_charters,
        erase=_erase_charters,
    )
    register(
        "communities.Feature",
        label=_("What you switched on or off"),
        why=_("So that stewards know who to ask about it."),
        stays=_("Whether it is on."),
        export=_export_features,
        erase=_erase_features,
    )
    register(
        "communities.Community",
        label=_("Communities whose applications you read from outside"),
        why=_("So that somebody from outside reads applications too."),
        stays=_("The community, without your name."),
        export=_export_communities,
        erase=_erase_communities,
    )
    register(
        "communities.ConductReport",
        label=_("Reports you made under your name"),
        why=_("So that the person you chose can deal with them."),
        stays=_("The case, without you as its reporter."),
        export=_export_reports,
        erase=_erase_reports,
    )


register_all()
