"""Signed links of every app: those in new mails open, and all of them die when their person ends them."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.utils import timezone

from convene.apps.attendance.templatetags.attendance import own_presence
from convene.apps.communities import mails
from convene.apps.communities.models import Membership
from convene.apps.people.services import sign_out_everywhere
from convene.apps.seats.links import registration_path
from convene.apps.seats.services import request_seat
from convene.apps.workshops.invitations import facilitation_url, room_url
from convene.apps.workshops.models import Facilitation
from convene.foundation.mail.models import MailMessage
from convene.foundation.mail.veil import _SIGNED
from tests.makers import (
    make_application,
    make_facilitator,
    make_invitee,
    make_member,
    make_person,
    make_workshop,
)
from tests.tasks import run_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_tries_left_over():
    cache.clear()


def path_of(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def links_of(amina, workshop):
    """One of each kind that a mail or a page gives to a person."""
    seat = amina.registrations.select_related("person", "workshop").get()
    mailed = [path_of(link) for mail in MailMessage.objects.all() for link in _SIGNED.findall(mail.text)]
    own = own_presence(seat)
    pages = [registration_path(seat), own["ways_in"][0][1], own["record"]]
    facilitation = Facilitation.objects.select_related("person").get(person=amina)
    membership = Membership.objects.select_related("person").get(person=amina)
    asked = [
        facilitation_url(facilitation),
        room_url(amina.room_invitations.select_related("person").get()),
        mails.membership_link("membership_review", mails.REVIEW, membership),
        mails.application_link("application_follow", mails.APPLICATION_FOLLOW, amina.applications.get()),
    ]
    return {*mailed, *pages, *map(path_of, asked)}


def test_all_links_die_with_their_persons_and_those_made_afterwards_open(client):
    workshop, amina = make_workshop(), make_person("Amina")
    make_facilitator(workshop, amina)
    make_invitee(workshop, amina)
    make_member(workshop.community, amina)
    make_application(workshop.community, amina)
    request_seat(workshop=workshop, person=amina, actor=amina, now=timezone.now())
    run_tasks()
    old = links_of(amina, workshop)
    assert len(old) >= 8
    assert {client.get(link).status_code for link in old} == {200}
    sign_out_everywhere(person=amina)
    amina.refresh_from_db()
    assert {client.get(link).status_code for link in old} <= {404, 410}
    MailMessage.objects.all().delete()
    other = make_workshop(workshop.community, days=20)
    amina.registrations.all().delete()
    request_seat(workshop=other, person=amina, actor=amina, now=timezone.now())
    run_tasks()
    assert {client.get(link).status_code for link in links_of(amina, other)} == {200}
