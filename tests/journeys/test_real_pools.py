"""Done-when 1 of the main job: real applicants, from a table to the door, through the pages."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from fractions import Fraction
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from convene.apps.attendance.queries import door_rows
from convene.apps.people.models import Person
from convene.apps.seats import services as seats
from convene.apps.seats.links import registration_path
from convene.apps.seats.models import Draw, Entry, Quota, Registration, SeatPolicy
from convene.apps.seats.rules import HOLDING, Kind, State
from convene.apps.seats.services import PolicyTerms, TargetTerms, take_chance
from convene.apps.seats.tasks import sweep_due
from convene.apps.workshops.models import Workshop
from convene.engines.allotment.tests.shared_data import FOLDER, known, table
from convene.foundation.mail.models import MailMessage
from tests.makers import make_community, make_person, make_question, make_workshop
from tests.tasks import run_tasks

pytestmark = pytest.mark.django_db

Row = dict[str, str]
DECLINING = 4


@pytest.fixture
def steward() -> Person:
    return make_person("Ines Castro")


@pytest.fixture
def workshop(steward: Person) -> Workshop:
    return make_workshop(make_community(steward=steward), title="How the region learns")


@pytest.mark.parametrize("name", ["opendlp_30", "sfb_20"])
def test_real_applicants_come_in_by_a_table_are_drawn_and_stand_on_the_door_list(
    client: Client, workshop: Workshop, steward: Person, name: str
) -> None:
    if not (FOLDER / name).is_dir():
        pytest.skip("../shared/data/allotment is not beside this repository")
    people, targets = table(FOLDER / name / "respondents.csv"), table(FOLDER / name / "categories.csv")
    count = int(name.rpartition("_")[2])
    ask_by_draw(workshop, steward, count)
    questions = questions_of(workshop, people, targets)
    client.force_login(steward)
    bring_in(client, workshop, people, questions)
    assert states(workshop) == {State.POOLED: len(people)}
    terms = [
        TargetTerms(questions[row["feature"]], row["value"], int(row["min"]), int(row["max"]))
        for row in targets
    ]
    seats.set_targets(workshop=workshop, targets=terms, actor=steward, now=timezone.now())
    close_and_draw(workshop)

    optimum = known(name)["minimum_chance"]
    proven = Draw.objects.get().record["committed"]["minimum_chance"]["bound"]
    assert Fraction(proven) == pytest.approx(optimum, abs=1e-6)
    least = min(Entry.objects.values_list("chance", flat=True))
    assert optimum - 1 / 1000 < least < optimum + 1e-6  # a thousand equally likely tickets are not finer
    assert states(workshop) == {State.OFFERED: count, State.RESERVE: len(people) - count}
    assert told("seat_offered") == addresses(workshop, State.OFFERED)
    assert told("seat_not_drawn") == addresses(workshop, State.RESERVE)

    client.logout()
    for row in list(Registration.objects.filter(state=State.OFFERED).order_by("pk")[:DECLINING]):
        press(client, row, "no")
    run_tasks()
    # where with nobody who waits all targets would hold, the steward takes the smallest change offered
    seats.relax_targets(workshop=workshop, actor=steward, now=timezone.now())
    run_tasks()
    assert Registration.objects.filter(state__in=HOLDING).count() == count
    assert quotas_hold(workshop)
    for row in list(Registration.objects.filter(state=State.OFFERED)):
        press(client, row, "yes")
    run_tasks()
    assert states(workshop) == {
        State.CONFIRMED: count,
        State.DECLINED: DECLINING,
        State.RESERVE: len(people) - count - DECLINING,
    }
    assert told("seat_confirmed") == addresses(workshop, State.CONFIRMED)
    everyone_has_the_entry(workshop, count)
    session = workshop.sessions.get()
    at_the_door = [row.registration.person.email for row in door_rows(session)]
    assert Counter(at_the_door) == addresses(workshop, State.CONFIRMED)
    client.force_login(steward)
    page = client.get(reverse("door", args=[session.pk])).content.decode()
    assert f"0 of {count} are here." in page


def ask_by_draw(workshop: Workshop, steward: Person, count: int) -> None:
    now = timezone.now()
    terms = PolicyTerms(kind=Kind.DRAW, capacity=count, closes_at=now + dt.timedelta(days=1))
    seats.set_policy(workshop=workshop, terms=terms, pools=None, actor=steward, now=now)


def questions_of(workshop: Workshop, people: list[Row], targets: list[Row]) -> dict[str, Any]:
    """A question for each feature with a target; id by feature."""
    features = dict.fromkeys(row["feature"] for row in targets)
    return {
        feature: make_question(
            workshop.community,
            key=feature.lower()[:30],
            label=feature,
            values=sorted(
                {row[feature] for row in people}
                | {row["value"] for row in targets if row["feature"] == feature}
            ),
        ).pk
        for feature in features
    }


def bring_in(client: Client, workshop: Workshop, people: list[Row], questions: dict[str, Any]) -> None:
    """Upload, mapping, dry run, yes: as a steward does it."""
    out = io.StringIO()
    writer = csv.writer(out)
    features = list(questions)
    writer.writerow(["Name", "E-mail", *features])
    writer.writerows(
        [row["id"], f"{row['id']}@example.org", *[row[feature] for feature in features]] for row in people
    )
    upload = SimpleUploadedFile("applicants.csv", out.getvalue().encode())
    mapping = client.post(reverse("registrations_import", args=[workshop.pk]), {"file": upload})["Location"]
    meanings = {"column-0": "name", "column-1": "email"} | {
        f"column-{place}": f"trait:{questions[feature]}" for place, feature in enumerate(features, 2)
    }
    rows = client.post(mapping, meanings)["Location"]
    page = client.get(rows).content.decode()
    assert "goes into the draw" in page
    assert "cannot be taken in" not in page
    assert client.post(rows, {"consented": "1"}).status_code == 302


def close_and_draw(workshop: Workshop) -> None:
    SeatPolicy.objects.filter(workshop=workshop).update(closes_at=timezone.now() - dt.timedelta(minutes=1))
    sweep_due(timezone.now())
    run_tasks()
    draw = Draw.objects.get()
    assert draw.state == Draw.State.COMMITTED
    take_chance(draw=draw, now=draw.chance_due_at)
    run_tasks()
    assert Draw.objects.get().state == Draw.State.DRAWN


def press(client: Client, row: Registration, act: str) -> None:
    """A button of the page behind the link in one's mail."""
    assert client.post(registration_path(row), {"act": act}).status_code == 302


def states(workshop: Workshop) -> Counter[str]:
    return Counter(workshop.registrations.values_list("state", flat=True))


def addresses(workshop: Workshop, state: State) -> Counter[str]:
    return Counter(workshop.registrations.filter(state=state).values_list("person__email", flat=True))


def told(kind: str) -> Counter[str]:
    return Counter(MailMessage.objects.filter(kind=kind).values_list("to_address", flat=True))


def everyone_has_the_entry(workshop: Workshop, count: int) -> None:
    mails = MailMessage.objects.filter(kind="seat_confirmed")
    assert {mail.calendar_method for mail in mails} == {"REQUEST"}
    uid = workshop.sessions.get().uid
    assert sum(uid in mail.calendar for mail in mails) == count


def quotas_hold(workshop: Workshop) -> bool:
    held = Entry.objects.filter(registration__workshop=workshop, registration__state__in=HOLDING)
    have = Counter(answer for entry in held for answer in entry.traits.items())
    rows = Quota.objects.filter(policy__workshop=workshop)
    return all(row.least <= have[str(row.question_id), row.value] <= row.most for row in rows)
