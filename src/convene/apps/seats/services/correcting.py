"""What is remembered of someone is wrong: they say so, and a steward answers with a reason."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from convene.apps.people.models import Person
from convene.apps.seats import events
from convene.apps.seats.models import Correction
from convene.apps.seats.permissions import Permission, can_manage_seats
from convene.apps.seats.queries import correctable
from convene.apps.workshops.models import Workshop
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.events import publish


@transaction.atomic
def ask_correction(*, workshop: Workshop, person: Person, says: str, now: dt.datetime) -> Correction:
    """Once a workshop; the answer stays. Raises RuleBroken: nothing_said, not_correctable, asked_already."""
    if not says.strip():
        raise RuleBroken(_("Say in a few words what happened."), code="nothing_said", field="says")
    if not correctable(person, now=now).filter(pk=workshop.pk).exists():
        raise RuleBroken(_("Choose one of the last twelve months."), code="not_correctable", field="workshop")
    begun = workshop.sessions.aggregate(first=Min("starts_at"))["first"]
    row = Correction(
        workshop=workshop, person=person, says=says.strip(), asked_at=now, counts_at=min(begun or now, now)
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise RuleBroken(
            _("You have asked about this one before."), code="asked_already", field="workshop"
        ) from None
    publish(_event(events.CorrectionAsked, row), actor=person, now=now)
    return row


@transaction.atomic
def answer_correction(
    *, correction: Correction, agree: bool, answer: str, actor: Person, now: dt.datetime
) -> None:
    """Agreed, it counts as once passed over, and a seat there starts nothing again. Raises: answered_already,
    own_correction, nothing_said.
    """
    if not can_manage_seats(actor, correction.workshop):
        raise NotAllowed(Permission.MANAGE_SEATS)
    if actor.pk == correction.person_id:
        raise RuleBroken(_("Let another steward answer you."), code="own_correction")
    if not answer.strip():
        raise RuleBroken(_("Give a reason; they read it."), code="nothing_said", field="answer")
    claimed = Correction.objects.filter(pk=correction.pk, state=Correction.State.ASKED).update(
        state=Correction.State.AGREED if agree else Correction.State.DECLINED,
        answer=answer.strip(),
        answered_at=now,
        answered_by=actor,
    )
    if claimed != 1:
        raise RuleBroken(_("This was answered in the meantime."), code="answered_already")
    publish(_event(events.CorrectionAnswered, correction, agreed=agree), actor=actor, now=now)


def _event(
    kind: type[events.CorrectionAsked | events.CorrectionAnswered], row: Correction, **more: bool
) -> events.CorrectionAsked | events.CorrectionAnswered:
    return kind(
        subject_id=row.pk,
        community_id=row.workshop.community_id,
        workshop_id=row.workshop_id,
        **more,
    )
