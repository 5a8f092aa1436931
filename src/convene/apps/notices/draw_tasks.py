"""Mails about a draw: its seal to everyone in it and to its auditor, and the two calls to each witness."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import override
from django_tasks import task

from convene.apps.notices import queries, services
from convene.apps.notices.rendering import Reading
from convene.apps.notices.rules import NoticeKind
from convene.apps.seats.explaining import announced_chance
from convene.apps.seats.links import witness_path
from convene.apps.seats.models import Draw, Entry, Witness
from convene.apps.workshops.models import Workshop
from convene.foundation.mail.urls_absolute import absolute, absolute_to


@task()
def tell_draw_sealed(draw_id: str) -> None:
    """The fingerprint, before chance is known: who keeps this mail can tell whether anything was changed."""
    draw = Draw.objects.select_related("policy__auditor").exclude(commitment="").filter(pk=draw_id).first()
    workshop = queries.workshop_with_sessions(draw.policy.workshop_id) if draw else None
    if draw is None or workshop is None:
        return
    sessions = list(workshop.sessions.all())
    entries = Entry.objects.filter(draw=draw, registration__state="pooled")
    readers = [
        Reading(entry.registration.person, workshop, sessions, entry.registration)
        for entry in entries.select_related("registration__person")
    ]
    auditor = draw.policy.auditor
    if auditor is not None and auditor.pk not in {reader.person.pk for reader in readers}:
        readers.append(Reading(auditor, workshop, sessions, extra={"duty": "auditor"}))
    for reading in readers:
        with override(reading.language):
            reading.extra["chance"] = announced_chance(draw, reading.zone)
        reading.extra["fingerprint"] = draw.commitment
        reading.extra["draw"] = absolute_to("seat_draw", workshop.pk)
        services.tell(
            NoticeKind.DRAW_SEALED,
            reading,
            key=f"draw_sealed:{draw.pk}:{reading.person.pk}",
            now=timezone.now(),
        )


@task()
def ask_witness(witness_id: str) -> None:
    """Named as a witness: please seal a value."""
    witness = _witness(witness_id)
    if witness is not None and not witness.sealed_hash:
        _tell(NoticeKind.WITNESS_NAMED, witness)


@task()
def call_witnesses(draw_id: str) -> None:
    """The draw is sealed: please reveal."""
    draw = Draw.objects.filter(pk=draw_id, state=Draw.State.COMMITTED).first()
    if draw is None:
        return
    for row in Witness.objects.filter(policy_id=draw.policy_id, revealed_at=None).exclude(sealed_hash=""):
        witness = _witness(str(row.pk))
        if witness is not None:
            _tell(NoticeKind.WITNESS_CALLED, witness, draw)


def _witness(witness_id: str) -> Witness | None:
    rows = Witness.objects.select_related("person", "policy__workshop")
    return rows.filter(pk=witness_id, person__erased_at=None).exclude(person=None).first()


def _tell(kind: NoticeKind, witness: Witness, draw: Draw | None = None) -> None:
    workshop = queries.workshop_with_sessions(witness.policy.workshop_id)
    if workshop is None or workshop.state == Workshop.State.CANCELLED or witness.person is None:
        return
    deadline = draw.chance_due_at if draw is not None else witness.policy.closes_at
    extra = {"duty": "witness", "link": absolute(witness_path(witness))}
    if draw is not None:
        extra |= {"fingerprint": draw.commitment, "draw": absolute_to("seat_draw", workshop.pk)}
    services.tell(
        kind,
        Reading(witness.person, workshop, list(workshop.sessions.all()), deadline=deadline, extra=extra),
        key=f"{kind}:{witness.pk}",
        now=timezone.now(),
    )
