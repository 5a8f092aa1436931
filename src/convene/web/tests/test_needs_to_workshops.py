from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from convene.apps.capabilities import tasks
from convene.apps.capabilities.models import NeedSource
from convene.apps.workshops.models import Workshop
from convene.foundation.mail.models import MailMessage
from tests.makers import make_community, make_member, make_need, make_person

pytestmark = pytest.mark.django_db


def test_a_steward_makes_a_draft_of_a_need_once(client):
    steward = make_person()
    community = make_community(steward=steward)
    need = make_need(community, title="Clean hands")
    plan = reverse("need_plan", args=[community.slug, need.pk])
    client.force_login(make_member(community))
    assert client.post(plan).status_code == 403
    client.force_login(steward)
    answer = client.post(plan)
    workshop = Workshop.objects.get()
    assert answer.status_code == 302
    assert (workshop.title, workshop.state, workshop.audience) == ("Clean hands", "draft", "members")
    need.refresh_from_db()
    assert (need.state, need.workshop_id) == ("planned", workshop.pk)
    assert client.post(plan).status_code == 422
    assert Workshop.objects.count() == 1


def test_what_outsiders_asked_for_is_drafted_for_everyone_and_they_hear_of_it_when_published(client):
    steward = make_person()
    community = make_community(steward=steward)
    need = make_need(community)
    NeedSource.objects.update(kind="request")
    client.force_login(steward)
    client.post(reverse("need_plan", args=[community.slug, need.pk]))
    workshop = Workshop.objects.get()
    assert workshop.audience == "everyone"
    Workshop.objects.update(state="published", published_at=timezone.now())
    tasks.tell_published.call(workshop_id=str(workshop.pk))
    tasks.tell_published.call(workshop_id=str(workshop.pk))
    mail = MailMessage.objects.get(kind="need_published")
    assert reverse("workshop_page", args=[workshop.pk]) in mail.text


def test_a_need_that_nobody_can_teach_becomes_an_open_conversation(client):
    steward = make_person()
    community = make_community(steward=steward)
    need = make_need(community)
    client.force_login(steward)
    client.post(reverse("need_plan", args=[community.slug, need.pk]), {"as": "conversation"})
    assert Workshop.objects.get().kind == "conversation"
