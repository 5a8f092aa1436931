"""What people want to learn, and who wants to join."""

from __future__ import annotations

import datetime as dt
from datetime import datetime

from convene.apps.capabilities import services as needs
from convene.apps.communities import services as communities
from convene.apps.people.models import Person
from convene.web.commands.demo.people import Cast

WISHES = (
    ("Reading a laboratory report without a laboratory", 9),
    ("Telling a consultant to wash their hands", 7),
    ("Cleaning equipment that has a power cable", 4),
    ("What to do in the first hour of a flood", 2),
)


def write(cast: Cast, now: datetime) -> None:
    members = cast.others()
    for offset, (title, wanted) in enumerate(WISHES):
        first, *others = members[3 * offset : 3 * offset + wanted]
        need = needs.wish(community=cast.community, title=title, may_name=True, actor=first, now=now)
        for place, person in enumerate(others):
            needs.join_need(need=need, may_name=place % 2 == 0, actor=person, now=now)
    request = needs.request_session(
        community=cast.community,
        name="Brendan Walsh",
        email="b.walsh@carehome.demo.example",
        language="en",
        topic="Scabies in a care home: what first?",
        audience="Fourteen carers, most of them new this year",
        size=14,
        why_now="We had two cases in October and the advice contradicted itself.",
        time_from="The home gives everyone two hours.",
        may_name=True,
        now=now - dt.timedelta(days=1),
    )
    needs.confirm_request(request=request, now=now)
    nadia = Person.objects.create_user(
        email="nadia.rossi@demo.example", name="Nadia Rossi", zone="Europe/Rome"
    )
    communities.apply(
        community=cast.community,
        practice="I run the sterile supplies department at Eastfield.",
        bring="Twelve years of instruments that came back wrong, and a way to trace them.",
        time="Two hours a month, Thursdays are best.",
        organisation="Eastfield Hospital",
        actor=nadia,
        now=now - dt.timedelta(days=2),
    )
