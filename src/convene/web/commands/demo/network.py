"""Tables in the demo's closed quarters, the pictures that follow, and people open to being introduced."""

from __future__ import annotations

import datetime as dt
from datetime import datetime

from convene.apps.connections.queries.met import people_met
from convene.apps.connections.services import contacts, introductions, picture
from convene.apps.people.models import Person
from convene.apps.rooms.models import Room
from convene.apps.rooms.rules.debrief import DebriefTerms
from convene.apps.rooms.services import agenda, ending, groups
from convene.apps.rooms.services.debrief import save_debrief
from convene.apps.workshops.models import Session, Workshop
from convene.web.commands.demo.people import Cast

OPEN = (
    "Tomasz Lis",
    "Lena Fischer",
    "Owen Price",
    "Amina Yusuf",
    "Priya Nair",
    "Colm Fahey",
    "Hanna Virtanen",
    "Sara Lindholm",
    "Ruth Goldberg",
    "George Papas",
)
"""Who agreed to be introduced, and says how to be reached."""
WENT = DebriefTerms(
    worked="Two rounds at small tables: everyone spoke in the first ten minutes.",
    change="Five minutes more for the second round, and the question on the wall while they talk.",
    reached="Most can name one thing they will try on their own ward this month.",
    preparation_minutes=90,
)


def write(cast: Cast, now: datetime) -> None:
    for person in cast.by_name(*OPEN):
        contacts.share_contact(person=person, text=person.email or "", now=now - dt.timedelta(days=200))
        introductions.switch_introductions(person=person, on=True, now=now - dt.timedelta(days=200))
    held = Workshop.objects.filter(community=cast.community, state=Workshop.State.HELD)
    for session in Session.objects.filter(workshop__in=held).order_by("starts_at"):
        _sat_together(session, cast.people["Grace Mensah"])
    picture.publish_due(community=cast.community, now=now)
    _exchange(cast.people["Tomasz Lis"], now)


def _exchange(person: Person, now: datetime) -> None:
    """With the first whom they met who would like to, too."""
    others = set(OPEN)
    for gathering in people_met(person, now):
        for met in gathering.people:
            if met.person.name in others:
                for one, other in ((person, met.person), (met.person, person)):
                    contacts.say_yes(person=one, other_id=other.pk, now=now)
                return


def _sat_together(session: Session, grace: Person) -> None:
    """Two rounds of tables of about four, made and shown as on the day."""
    start = session.starts_at
    room = agenda.start_session(session=session, actor=grace, now=start)
    here = room.participants.filter(state="here").count()
    wishes = groups.Wishes(groups=max(2, here // 4), rounds=2, new_faces=75)
    made = groups.make_groups(room=room, wishes=wishes, actor=grace, now=start + dt.timedelta(minutes=10))
    groups.publish_groups(grouping=made, actor=grace, now=start + dt.timedelta(minutes=12))
    groups.next_round(grouping=made, after=1, actor=grace)
    room = Room.objects.get(pk=room.pk)
    ending.end_session(room=room, actor=grace, now=session.ends_at)
    save_debrief(room=room, terms=WENT, seen=0, actor=grace, now=session.ends_at + dt.timedelta(minutes=12))
