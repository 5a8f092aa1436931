"""The rows of benchmarks/minimal/fill.py for Convene; prints the workshop everyone asks a seat of."""

import datetime as dt
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "convene.settings")

import django

django.setup()

from django.utils import timezone

from convene.apps.communities.models import Community, RoleTerm
from convene.apps.people.models import Person
from convene.apps.seats.models import SeatPolicy
from convene.apps.workshops.models import Facilitation, Session, Workshop
from convene.web.commands import site

WORKSHOPS, SESSIONS = 100, 10


def main() -> None:
    site.migrate()
    site.collect_static()
    now = timezone.now()
    community = Community.objects.create(
        name="Infection control", slug="infection", domain="Safe care.", practice="What we do. " * 40
    )
    steward = Person.objects.create_user(email="steward@example.org", name="Ines Castro")
    for role in (RoleTerm.Role.STEWARD, RoleTerm.Role.CONDUCT_CONTACT):
        RoleTerm.objects.create(community=community, person=steward, role=role, starts_on=now.date())
    made = Workshop.objects.bulk_create(
        Workshop(
            community=community,
            title=f"Workshop {n}",
            summary="Why hands stay unwashed at night, and what helped.",
            description="Three wards tell what they tried. " * 20,
            audience=Workshop.Audience.EVERYONE,
            state=Workshop.State.PUBLISHED,
            published_at=now,
        )
        for n in range(WORKSHOPS)
    )
    for number, workshop in enumerate(made):
        SeatPolicy.objects.create(workshop=workshop, kind=SeatPolicy.Kind.FIRST_COME, capacity=1_000_000)
        Facilitation.objects.create(workshop=workshop, person=steward, state="accepted", invited_at=now)
        for n in range(SESSIONS if number == 0 else 1):
            start = now + dt.timedelta(days=number + 1 + 7 * n)
            Session.objects.create(
                workshop=workshop,
                starts_at=start,
                ends_at=start + dt.timedelta(hours=2),
                zone="Europe/Berlin",
                uid=f"{number}-{n}@benchmark.invalid",
            )
    print(made[0].pk)


if __name__ == "__main__":
    main()
