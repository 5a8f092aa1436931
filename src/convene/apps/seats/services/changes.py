"""What time and the workshop do to seats: deadlines pass, times move, workshops are cancelled."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from convene.apps.people.models import Person
from convene.apps.seats import events, rules
from convene.apps.seats.models import Movement, Offer, Registration, SeatPolicy
from convene.apps.seats.rules import Reason, State
from convene.apps.seats.services import claims
from convene.apps.seats.services.gate import Gate, lock
from convene.apps.seats.services.moves import answer_offer, make_offers, move_all, tell
from convene.apps.seats.services.offers import pass_on
from convene.apps.workshops.models import Workshop


def expire_offers(*, now: dt.datetime) -> int:
    """Pass on every seat whose offer got no answer in time. Returns how many offers ended.

    One transaction a workshop. Offers of a postponed workshop wait for its new time.
    """
    due = (
        Offer.objects.filter(
            answer=Offer.Answer.NONE,
            expires_at__lte=now,
            registration__state=State.OFFERED,
            registration__workshop__state=Workshop.State.PUBLISHED,
        )
        .values_list("registration__workshop_id", flat=True)
        .distinct()
    )
    return sum(_expire_in(workshop_id, now) for workshop_id in list(due))


@transaction.atomic
def _expire_in(workshop_id: UUID, now: dt.datetime) -> int:
    gate = lock(workshop_id, now=now)
    if not gate.is_published:
        return 0
    overdue = list(
        Registration.objects.filter(
            workshop_id=workshop_id,
            state=State.OFFERED,
            offers__answer=Offer.Answer.NONE,
            offers__expires_at__lte=now,
        )
    )
    move_all(overdue, State.EXPIRED, Reason.DEADLINE_PASSED, gate=gate, actor=None)
    answer_offer([row.pk for row in overdue], Offer.Answer.EXPIRED, now=now)
    for row in overdue:
        claims.give_back(gate.policy, row.pool_id)
        tell(events.OfferExpired, row, gate=gate, actor=None)
    pass_on(gate, reason=Reason.SEAT_FREED, actor=None)
    return len(overdue)


@transaction.atomic
def reopen_choices(
    *,
    workshop: Workshop,
    now: dt.datetime,
    changed_at: dt.datetime | None = None,
    actor: Person | None = None,
) -> int:
    """The time changed: confirmed people choose again, without harm and keeping their seat until they do.

    Open offers get the longer deadline too. Within the cut-off nothing is offered, so seats stay confirmed.
    Harmless to repeat with the same `changed_at`: who confirmed after it is not asked again.
    """
    gate = lock(workshop.pk, now=now)
    if not gate.may_offer():
        return 0
    Offer.objects.filter(
        registration__workshop_id=workshop.pk, registration__state=State.OFFERED, answer=Offer.Answer.NONE
    ).update(expires_at=gate.deadline())
    since = Movement.objects.filter(
        registration=OuterRef("pk"), after=State.CONFIRMED, at__gt=changed_at or now
    )
    confirmed = list(
        Registration.objects.filter(~Exists(since), workshop_id=workshop.pk, state=State.CONFIRMED)
    )
    move_all(confirmed, State.OFFERED, Reason.TIME_CHANGED, gate=gate, actor=actor)
    for offer in make_offers(confirmed, gate=gate):
        tell(events.ChoiceReopened, offer.registration, gate=gate, actor=actor, offer_id=offer.pk)
    pass_on(gate, reason=Reason.SEAT_FREED, actor=actor)
    return len(confirmed)


@transaction.atomic
def void_workshop(*, workshop: Workshop, now: dt.datetime, actor: Person | None = None) -> int:
    """The workshop was cancelled: every live registration ends, and no seat is held. Harmless to repeat."""
    gate = lock(workshop.pk, now=now)
    if gate.workshop.state != Workshop.State.CANCELLED:
        return 0
    live = list(Registration.objects.filter(workshop_id=workshop.pk, state__in=rules.LIVE))
    held = {row.pk for row in live if row.state in rules.HOLDING}
    move_all(live, State.VOIDED, Reason.WORKSHOP_CANCELLED, gate=gate, actor=actor)
    answer_offer([row.pk for row in live], Offer.Answer.VOID, now=now)
    _empty(gate)
    for row in live:
        tell(events.RegistrationVoided, row, gate=gate, actor=actor, held_seat=row.pk in held)
    return len(live)


def _empty(gate: Gate) -> None:
    gate.policy.pools.update(taken=0)
    SeatPolicy.objects.filter(pk=gate.policy.pk).update(taken=0)
