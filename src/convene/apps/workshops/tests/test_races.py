"""Two stewards at once: of two publishes, and of two changes from the same page, only one goes on."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone

from convene.apps.workshops import services
from convene.apps.workshops.models import Workshop
from convene.apps.workshops.services import claims, planning, publishing, room
from convene.foundation.audit.models import AuditEntry
from convene.foundation.errors import RuleBroken
from convene.foundation.mail.models import MailMessage
from tests.makers import make_community, make_invitee, make_person, make_workshop

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
WORKERS = 4


def at_once(act: Callable[[], None]) -> list[str]:
    """Do it in four threads from one moment on; the codes of the refusals."""
    barrier, refused = threading.Barrier(WORKERS), []

    def work() -> None:
        try:
            barrier.wait()
            act()
        except RuleBroken as error:
            refused.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(refused)


def a_draft() -> tuple[Workshop, object]:
    steward = make_person()
    return make_workshop(make_community(steward=steward), state=Workshop.State.DRAFT), steward


def times_told(name: str) -> int:
    return AuditEntry.objects.filter(name=name).count()


def publish_at_once(workshop: Workshop, steward: object) -> list[str]:
    seen = [Workshop.objects.select_related("community").get(pk=workshop.pk) for _ in range(WORKERS)]
    return at_once(lambda: services.publish_workshop(workshop=seen.pop(), actor=steward, now=timezone.now()))


def test_of_four_publishers_one_goes_on():
    workshop, steward = a_draft()
    assert publish_at_once(workshop, steward) == ["is_published"] * 3
    assert times_told("workshop_published") == 1


def unguarded(workshop, _states, *, seen_revision=None, **fields):
    """The claim without its condition."""
    Workshop.objects.filter(pk=workshop.pk).update(**fields)
    workshop.refresh_from_db()


def test_twin_without_the_guard_it_is_published_four_times(monkeypatch):
    monkeypatch.setattr(publishing, "claim", unguarded)
    workshop, steward = a_draft()
    assert publish_at_once(workshop, steward) == []
    assert times_told("workshop_published") == 4


def change_at_once(workshop: Workshop, steward: object) -> list[str]:
    session = workshop.sessions.get()
    seen = [
        (Workshop.objects.select_related("community").get(pk=workshop.pk), hours)
        for hours in range(1, WORKERS + 1)
    ]

    def change() -> None:
        mine, hours = seen.pop()
        plan = services.SessionPlan(
            session_id=session.pk,
            starts_at=session.starts_at + dt.timedelta(hours=hours),
            ends_at=session.ends_at + dt.timedelta(hours=hours),
            zone=session.zone,
        )
        services.change_sessions(
            workshop=mine, plans=[plan], actor=steward, now=timezone.now(), seen_revision=mine.revision
        )

    return at_once(change)


def test_of_four_changes_from_the_same_page_one_goes_on():
    workshop, steward = a_draft()
    Workshop.objects.update(state=Workshop.State.PUBLISHED)
    assert change_at_once(workshop, steward) == ["changed_meanwhile"] * 3
    assert (workshop.sessions.get().sequence, times_told("workshop_times_changed")) == (1, 1)


def test_twin_without_the_guard_it_moves_four_times(monkeypatch):
    monkeypatch.setattr(planning, "claim", unguarded)
    workshop, steward = a_draft()
    Workshop.objects.update(state=Workshop.State.PUBLISHED)
    assert change_at_once(workshop, steward) == []
    assert workshop.sessions.get().sequence == 4


def test_four_presses_of_invite_send_one_mail_each():
    workshop, steward = a_draft()
    for _n in range(3):
        make_invitee(workshop, state="listed")
    at_once(lambda: room.invite_listed(workshop=workshop, actor=steward, now=timezone.now()))
    assert (MailMessage.objects.count(), times_told("person_invited_to_room")) == (3, 3)


def test_the_claim_is_one_conditional_update(django_assert_num_queries):
    workshop, _steward = a_draft()
    with django_assert_num_queries(2):
        claims.claim(workshop, {"draft"})
    assert workshop.revision == 1
