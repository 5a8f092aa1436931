"""One of several processes that move seats as fast as they can: `python -m tests.races.hammer WORKSHOP SEED ROUNDS`.

Prints how many refusals and how many errors it met, and the text of the errors.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import sys
from collections import Counter


def main(workshop_id: str, seed: int, rounds: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "convene.settings")
    import django

    django.setup()
    from django.utils import timezone

    from convene.apps.people.models import Person
    from convene.apps.seats import services
    from convene.apps.seats.models import Registration
    from convene.apps.workshops.models import Workshop
    from convene.foundation.errors import RuleBroken

    dice = random.Random(seed)
    workshop = Workshop.objects.get(pk=workshop_id)
    people = list(Person.objects.filter(name__startswith="Person"))
    met: Counter[str] = Counter()
    errors = []
    for _round in range(rounds):
        now = timezone.now()
        person = dice.choice(people)
        row = Registration.objects.filter(workshop=workshop, person=person).order_by("-created_at").first()
        act = dice.choice(["ask", "ask", "cancel", "yes", "expire"])
        try:
            if act == "expire":
                services.expire_offers(now=now + dt.timedelta(hours=dice.choice([0, 48])))
            elif act == "ask" or row is None:
                services.request_seat(workshop=workshop, person=person, actor=person, now=now)
            elif act == "cancel":
                services.cancel(registration=row, actor=person, now=now)
            else:
                services.confirm_offer(registration=row, actor=person, now=now)
            met[act] += 1
        except RuleBroken as error:
            met[error.code] += 1
        except Exception as error:  # noqa: BLE001 - the test reads them
            errors.append(f"{type(error).__name__}: {error}")
    print(json.dumps({"met": met, "errors": errors}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
