"""Files that hold more than names: who took them is written down."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from convene.apps.people.models import Person
from convene.apps.rooms.events import AddressesTaken
from convene.apps.rooms.models import Grouping
from convene.apps.rooms.queries.papers import papers_of
from convene.apps.rooms.services.claims import must_facilitate
from convene.engines import grouping as engine
from convene.foundation.events import publish


@transaction.atomic
def hand_out_zoom_file(*, grouping: Grouping, actor: Person, now: datetime) -> engine.ZoomFile:
    """The round that is on (of a draft, the first) as Zoom imports it: rooms and mail addresses."""
    must_facilitate(actor, grouping.room)
    papers = papers_of(grouping)
    mails = {str(one.pk): one.person.email or "" for one in papers.people}
    groups = papers.ids[grouping.current_round - 1]
    made = engine.zoom_csv(groups, mails, papers.tables)
    publish(
        AddressesTaken(
            subject_id=grouping.pk,
            community_id=grouping.room.session.workshop.community_id,
            people=sum(len(group) for group in groups) - len(made.without),
        ),
        actor=actor,
        now=now,
    )
    return made
