"""The pages of notices: who reads them, what bad input is told, one press to leave reminders."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from convene.apps.notices.models import NoticeText, OptOut
from convene.apps.notices.rendering import Reading, unsubscribe_url
from convene.apps.notices.tests.conftest import ask
from convene.foundation.mail.models import MailMessage
from tests.makers import make_community, make_person
from tests.tasks import run_tasks

pytestmark = pytest.mark.django_db


def path_of(reading: Reading) -> str:
    return "/" + unsubscribe_url(reading).split("/", 3)[3]


def test_only_this_workshops_stewards_read_and_write(client, workshop, steward):
    amina = make_person("Amina")
    ask(workshop, amina)
    run_tasks()
    mail = MailMessage.objects.get()
    other = make_person()
    make_community(steward=other)
    paths = [
        reverse("workshop_notices", args=[workshop.pk]),
        reverse("notice_edit", args=[workshop.pk, "seat_confirmed"]),
        reverse("letter_new", args=[workshop.pk]),
        reverse("mail_read", args=[mail.pk]),
    ]
    for person, status in ((other, 404), (amina, 404), (steward, 200)):
        client.force_login(person)
        assert [client.get(path).status_code for path in paths] == [status] * 4
    client.force_login(other)
    assert client.post(reverse("mail_stop", args=[mail.pk])).status_code == 404


def test_a_wrong_placeholder_is_told_beside_the_field_and_nothing_typed_is_lost(client, workshop, steward):
    client.force_login(steward)
    path = reverse("notice_edit", args=[workshop.pk, "seat_confirmed"])
    response = client.post(path, {"on": "on", "subject": "Yes", "text": "Hello {nmae}, bring cake."})
    page = response.content.decode()
    assert response.status_code == 422
    assert "There is no placeholder {nmae}" in page
    assert "bring cake" in page
    assert not NoticeText.objects.exists()


def test_a_waiting_mail_can_be_edited_and_stopped_and_one_that_left_cannot(client, workshop, steward):
    ask(workshop, make_person("Amina"))
    run_tasks()
    client.force_login(steward)
    mail = MailMessage.objects.get()
    path = reverse("mail_read", args=[mail.pk])
    client.post(path, {"subject": "Changed", "text": "Changed text"})
    mail.refresh_from_db()
    assert (mail.subject, mail.text) == ("Changed", "Changed text")
    assert client.post(reverse("mail_stop", args=[mail.pk])).status_code == 302
    mail.refresh_from_db()
    assert mail.state == "cancelled"
    assert client.post(reverse("mail_stop", args=[mail.pk])).status_code == 422


def test_a_steward_reads_and_edits_a_mail_without_the_links_that_act_for_its_reader(
    client, workshop, steward
):
    ask(workshop, make_person("Amina"))
    run_tasks()
    client.force_login(steward)
    mail = MailMessage.objects.get()
    links = re.findall(r"http\S+/\S+:\S+:\S+", mail.text)
    path = reverse("mail_read", args=[mail.pk])
    page = client.get(path).content.decode()
    assert len(links) >= 2  # their seat, and what we hold about them
    assert [link for link in links if link in page] == []
    client.post(path, {"subject": mail.subject, "text": "Bring cake. [personal link 1] [personal link 9]"})
    mail.refresh_from_db()
    assert mail.text == f"Bring cake. {links[0]} [personal link 9]"
    MailMessage.objects.update(state="sent")
    assert [link for link in links if link in client.get(path).content.decode()] == []


def test_opening_the_unsubscribe_link_changes_nothing_and_its_button_does(workshop):
    amina = make_person("Amina")
    path = path_of(Reading(amina, workshop, []))
    client = Client(enforce_csrf_checks=True)
    assert client.get(path).status_code == 200
    assert not OptOut.objects.exists()
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert OptOut.objects.get().person == amina
    client.post(path, {"back": "1"})
    assert not OptOut.objects.exists()
    assert client.get(path[:-4] + "xyz/").status_code == 404


def test_the_page_takes_as_many_queries_for_one_mail_as_for_many(
    client, workshop, steward, django_assert_max_num_queries
):
    client.force_login(steward)
    path = reverse("workshop_notices", args=[workshop.pk])
    ask(workshop, make_person())
    run_tasks()
    client.get(path)
    with django_assert_max_num_queries(30) as one:
        client.get(path)
    for _n in range(6):
        ask(workshop, make_person())
    run_tasks()
    with django_assert_max_num_queries(len(one)):
        client.get(path)
