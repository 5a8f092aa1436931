"""Tables and rows for the benchmark; prints the address of the workshop everyone asks a seat of."""

import datetime as dt
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minimal.settings")

import django

django.setup()

from django.core.management import call_command
from django.utils import timezone
from minimal.models import Community, Facilitator, Session, Workshop

WORKSHOPS, SESSIONS = 100, 10


def main() -> None:
    call_command("migrate", run_syncdb=True, verbosity=0)
    now = timezone.now()
    community = Community.objects.create(name="Infection control", slug="infection", text="What we do. " * 40)
    made = Workshop.objects.bulk_create(
        Workshop(
            community=community,
            title=f"Workshop {n}",
            summary="Why hands stay unwashed at night, and what helped.",
            description="Three wards tell what they tried. " * 20,
            first_start=now + dt.timedelta(days=n + 1),
            capacity=1_000_000,
        )
        for n in range(WORKSHOPS)
    )
    for workshop in made:
        Facilitator.objects.create(workshop=workshop, name="Grace Mensah")
        for n in range(SESSIONS if workshop is made[0] else 1):
            start = workshop.first_start + dt.timedelta(days=7 * n)
            Session.objects.create(workshop=workshop, starts_at=start, ends_at=start + dt.timedelta(hours=2))
    print(made[0].pk)


if __name__ == "__main__":
    main()
