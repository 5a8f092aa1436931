"""Access needs reach those who arrange them, and nobody else; their owner reads who looked."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from convene.apps.people.models import AccessNeedView
from convene.apps.people.rules import AccessKind
from convene.apps.people.services import record_access_need
from convene.apps.seats.models import Registration
from tests.makers import (
    make_community,
    make_facilitator,
    make_member,
    make_person,
    make_registration,
    make_workshop,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def steward():
    return make_person("Ines")


@pytest.fixture
def workshop(steward):
    return make_workshop(make_community(steward=steward))


def in_need(workshop, name, **fields):
    person = make_person(name)
    record_access_need(person=person, kind=AccessKind.CAPTIONS, detail=f"for {name}", now=timezone.now())
    fields.setdefault("state", "confirmed")
    make_registration(workshop, person, **fields)
    return person


def test_those_who_lead_see_what_to_arrange_and_are_written_down(client, workshop, steward):
    amina = in_need(workshop, "Amina")
    facilitator = make_facilitator(workshop)
    path = reverse("workshop_access", args=[workshop.pk])
    for viewer in (steward, facilitator):
        client.force_login(viewer)
        page = client.get(path).content.decode()
        assert "Live captions" in page
        assert "for Amina" in page
    looks = AccessNeedView.objects.filter(owner=amina)
    assert {look.viewer_id for look in looks} == {steward.pk, facilitator.pk}


def test_nobody_else_sees_them(client, workshop):
    in_need(workshop, "Amina")
    path = reverse("workshop_access", args=[workshop.pk])
    other_steward = make_person()
    make_community(steward=other_steward)
    for person in (
        make_member(workshop.community),
        make_facilitator(workshop, state="invited"),
        other_steward,
    ):
        client.force_login(person)
        assert client.get(path).status_code == 404
    assert not AccessNeedView.objects.exists()


def test_waiting_people_and_those_a_steward_wrote_down_keep_theirs_to_themselves(client, workshop, steward):
    in_need(workshop, "Wanda", state="waitlisted")
    in_need(workshop, "Paula", source=Registration.Source.STEWARD)
    client.force_login(steward)
    page = client.get(reverse("workshop_access", args=[workshop.pk])).content.decode()
    assert "Wanda" not in page
    assert "Paula" not in page
    assert not AccessNeedView.objects.exists()
