"""Facilitators: invited, then accepted, declined, or suggesting someone else."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from convene.apps.people.models import Person
from convene.apps.workshops import letters
from convene.apps.workshops.events import FacilitatorAnswered, FacilitatorInvited
from convene.apps.workshops.models import Facilitation, Workshop
from convene.apps.workshops.permissions import Permission
from convene.apps.workshops.rules import workshop as rules
from convene.apps.workshops.services.claims import claim, must_plan
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.events import publish

ANSWERS = (Facilitation.State.ACCEPTED, Facilitation.State.DECLINED, Facilitation.State.SUGGESTED)


@transaction.atomic
def invite_facilitator(*, workshop: Workshop, person: Person, actor: Person, now: datetime) -> Facilitation:
    """Ask once; someone who declined earlier may be asked again."""
    must_plan(actor, workshop)
    claim(workshop, rules.EDITABLE)
    facilitation, made = Facilitation.objects.get_or_create(
        workshop=workshop, person=person, defaults={"invited_at": now}
    )
    if not made:
        if facilitation.state in {Facilitation.State.INVITED, Facilitation.State.ACCEPTED}:
            raise RuleBroken(_("This person is invited already."), code="invited_already", field="person")
        Facilitation.objects.filter(pk=facilitation.pk).update(
            state=Facilitation.State.INVITED,
            invited_at=now,
            answered_at=None,
            suggestion="",
            link_version=F("link_version") + 1,
        )
        facilitation.refresh_from_db()
    letters.ask_to_facilitate(facilitation, now)
    publish(
        FacilitatorInvited(
            subject_id=workshop.pk, community_id=workshop.community_id, facilitation_id=facilitation.pk
        ),
        actor=actor,
        now=now,
    )
    return facilitation


@transaction.atomic
def answer_facilitation(
    *, facilitation: Facilitation, answer: str, actor: Person, now: datetime, suggestion: str = ""
) -> None:
    """By the invited person alone, signed in or by signed link. An answer may change until it is over."""
    if actor.pk != facilitation.person_id:
        raise NotAllowed(Permission.ANSWER_INVITATION)
    if answer not in ANSWERS:
        raise RuleBroken(_("Choose one of the answers."), code="no_answer", field="answer")
    if answer == Facilitation.State.SUGGESTED and not suggestion.strip():
        raise RuleBroken(_("Say whom we should ask."), code="no_suggestion", field="suggestion")
    rules.check_editable(Workshop.objects.values_list("state", flat=True).get(pk=facilitation.workshop_id))
    facilitation.state = answer
    facilitation.suggestion = suggestion.strip()[:200] if answer == Facilitation.State.SUGGESTED else ""
    facilitation.answered_at = now
    facilitation.save(update_fields=["state", "suggestion", "answered_at"])
    publish(
        FacilitatorAnswered(
            subject_id=facilitation.workshop_id,
            community_id=facilitation.workshop.community_id,
            facilitation_id=facilitation.pk,
        ),
        actor=actor,
        now=now,
    )


@transaction.atomic
def withdraw_facilitator(*, facilitation: Facilitation, actor: Person) -> None:
    """Take the invitation back; its link opens nothing any more."""
    must_plan(actor, facilitation.workshop)
    rules.check_editable(facilitation.workshop.state)
    facilitation.delete()
