"""How it went, in the words of those who facilitated: one debrief a session; nobody overwrites another."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from convene.apps.people.models import Person
from convene.apps.rooms import permissions
from convene.apps.rooms.events import DebriefSaved
from convene.apps.rooms.models import Debrief, Room
from convene.apps.rooms.permissions import Permission
from convene.apps.rooms.rules import debrief as rules
from convene.apps.rooms.services.claims import locked
from convene.apps.rooms.services.telling import tell
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.events import publish


@transaction.atomic
def save_debrief(
    *, room: Room, terms: rules.DebriefTerms, seen: int, actor: Person, now: datetime
) -> Debrief:
    """`seen`: the revision its writer read, 0 where there was none.

    Raises NotAllowed, RuleBroken(not_over, empty, too_long, minutes), and RuleBroken(debrief_changed) where
    somebody saved in between.
    """
    if not permissions.can_debrief(actor, room):
        raise NotAllowed(Permission.DEBRIEF)
    room = locked(room)
    rules.check_may_debrief(room.state)
    tidy = rules.check_debrief(terms)
    Debrief.objects.get_or_create(room=room, defaults={"written_at": now})
    saved = Debrief.objects.filter(room=room, revision=seen).update(
        **asdict(tidy), written_by=actor, written_at=now, revision=F("revision") + 1
    )
    if saved != 1:
        raise RuleBroken(_("Somebody else saved the debrief meanwhile."), code="debrief_changed")
    publish(
        DebriefSaved(
            subject_id=room.pk,
            community_id=room.session.workshop.community_id,
            session_id=room.session_id,
            revision=seen + 1,
        ),
        actor=actor,
        now=now,
    )
    tell(room, screen=False, phone=False)
    return Debrief.objects.get(room=room)
