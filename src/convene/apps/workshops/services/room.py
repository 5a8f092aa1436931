"""Who should be in this room: listed, then invited by mail, then answered."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from convene.apps.communities.models import Stakeholder
from convene.apps.people.models import Person
from convene.apps.workshops import letters
from convene.apps.workshops.events import PersonInvitedToRoom, RoomInvitationAnswered
from convene.apps.workshops.models import Invitee, MissingView, Workshop
from convene.apps.workshops.permissions import Permission
from convene.apps.workshops.rules import workshop as rules
from convene.apps.workshops.services.claims import must_plan
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.events import publish


@transaction.atomic
def list_person(
    *,
    workshop: Workshop,
    person: Person,
    actor: Person,
    view: MissingView | None = None,
    stakeholder: Stakeholder | None = None,
) -> Invitee:
    """Put someone on the list, with the reason why; listing twice keeps the first, and adds a reason."""
    must_plan(actor, workshop)
    rules.check_editable(workshop.state)
    because = Invitee.Because.MEMBER
    if view is not None:
        because = Invitee.Because.VIEW
    elif stakeholder is not None:
        because = Invitee.Because.STAKEHOLDER
    reason = {"because": because, "view": view, "stakeholder_id": stakeholder.pk if stakeholder else None}
    invitee, made = Invitee.objects.get_or_create(workshop=workshop, person=person, defaults=reason)
    if not made and because not in {Invitee.Because.MEMBER, invitee.because}:
        Invitee.objects.filter(pk=invitee.pk).update(**{k: v for k, v in reason.items() if v is not None})
        invitee.refresh_from_db()
    return invitee


@transaction.atomic
def unlist_person(*, invitee: Invitee, actor: Person) -> None:
    """Only before the invitation left."""
    must_plan(actor, invitee.workshop)
    deleted, _by_model = Invitee.objects.filter(pk=invitee.pk, state=Invitee.State.LISTED).delete()
    if not deleted:
        raise RuleBroken(_("This invitation has left already."), code="invited_already")


@transaction.atomic
def invite_listed(*, workshop: Workshop, actor: Person, now: datetime) -> int:
    """Invite everyone listed; how many. Each is claimed, so two presses at once send one mail each."""
    must_plan(actor, workshop)
    rules.check_editable(workshop.state)
    listed = workshop.invitees.filter(state=Invitee.State.LISTED).select_related("person", "view")
    invited = 0
    for invitee in listed:
        claimed = Invitee.objects.filter(pk=invitee.pk, state=Invitee.State.LISTED).update(
            state=Invitee.State.INVITED, invited_at=now
        )
        if claimed != 1:
            continue
        invited += 1
        invitee.workshop = workshop
        letters.invite_into_room(invitee, now)
        publish(
            PersonInvitedToRoom(
                subject_id=workshop.pk, community_id=workshop.community_id, invitee_id=invitee.pk
            ),
            actor=actor,
            now=now,
        )
    return invited


@transaction.atomic
def answer_room_invitation(*, invitee: Invitee, answer: str, actor: Person, now: datetime) -> None:
    """By the invited person alone; it may change until the workshop is over."""
    if actor.pk != invitee.person_id:
        raise NotAllowed(Permission.ANSWER_INVITATION)
    if answer not in Invitee.Answer.values:
        raise RuleBroken(_("Choose one of the answers."), code="no_answer", field="answer")
    rules.check_editable(Workshop.objects.values_list("state", flat=True).get(pk=invitee.workshop_id))
    invitee.state, invitee.answer, invitee.answered_at = Invitee.State.ANSWERED, answer, now
    invitee.save(update_fields=["state", "answer", "answered_at"])
    publish(
        RoomInvitationAnswered(
            subject_id=invitee.workshop_id,
            community_id=invitee.workshop.community_id,
            invitee_id=invitee.pk,
        ),
        actor=actor,
        now=now,
    )


@transaction.atomic
def add_missing_view(*, workshop: Workshop, text: str, actor: Person) -> MissingView:
    must_plan(actor, workshop)
    rules.check_editable(workshop.state)
    words = " ".join(text.split())[:160]
    if not words:
        raise RuleBroken(_("Say which view is missing."), code="no_view", field="text")
    return MissingView.objects.create(workshop=workshop, text=words)


@transaction.atomic
def remove_missing_view(*, workshop: Workshop, view_id: UUID, actor: Person) -> None:
    must_plan(actor, workshop)
    MissingView.objects.filter(pk=view_id, workshop=workshop).delete()
