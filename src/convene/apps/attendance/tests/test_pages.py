"""The pages of presence: who gets in, what a GET leaves alone, what bad input is told."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from convene.apps.attendance import services
from convene.apps.attendance.models import Attendance, Feedback
from convene.apps.seats.models import Registration
from convene.foundation.access import links
from tests.makers import make_community, make_person, make_policy, make_registration, make_workshop

pytestmark = pytest.mark.django_db

NOW = timezone.now().replace(microsecond=0)


@pytest.fixture
def steward():
    return make_person("Ines")


@pytest.fixture
def workshop(steward):
    workshop = make_workshop(make_community(steward=steward))
    make_policy(workshop, capacity=2, taken=1)
    workshop.sessions.update(starts_at=NOW, ends_at=NOW + dt.timedelta(hours=2))
    return workshop


@pytest.fixture
def session(workshop):
    return workshop.sessions.get()


@pytest.fixture
def seat(workshop):
    return make_registration(workshop, make_person("Amina"), state="confirmed")


@pytest.fixture(autouse=True)
def _no_tries_left_over():
    cache.clear()


def join_path(seat, session):
    return reverse("join", args=[links.sign("join", f"{seat.pk}:{session.pk}", seat.link_version)])


def test_opening_a_join_link_records_nothing_and_pressing_its_button_does(client, seat, session):
    path = join_path(seat, session)
    assert client.get(path).status_code == 200
    assert not Attendance.objects.exists()
    response = client.post(path)
    assert (response.status_code, response["Refresh"]) == (200, f"0; url={session.join_url}")
    assert Attendance.objects.get().source == "join_link"


def test_a_join_link_of_someone_without_a_seat_leads_nowhere(client, seat, session):
    Registration.objects.filter(pk=seat.pk).update(state="cancelled_late")
    response = client.post(join_path(seat, session))
    assert response.status_code == 200
    assert session.join_url not in response.content.decode()
    assert not Attendance.objects.exists()


def test_a_damaged_or_revoked_link_is_not_found(client, seat, session):
    path = join_path(seat, session)
    assert client.get(path[:-3] + "x/").status_code == 404
    Registration.objects.filter(pk=seat.pk).update(link_version=1)
    assert client.get(path).status_code == 404


def test_the_rooms_code_checks_in_whoever_has_a_seat(client, seat, session, steward):
    code = services.make_room_code(session=session, actor=steward)
    found = client.post(reverse("room_code"), {"code": f"{code[:4]} {code[4:]}".upper()})
    assert found["Location"] == reverse("here", args=[code])
    assert client.post(found["Location"], {"email": "nobody@example.org"}).status_code == 422
    assert client.post(found["Location"], {"email": seat.person.email.upper()}).status_code == 302
    assert Attendance.objects.get().source == "room_code"


def test_codes_cannot_be_guessed_for_long(client):
    answers = [client.post(reverse("room_code"), {"code": f"guess{n}"}) for n in range(31)]
    assert all(answer.status_code == 422 for answer in answers)
    assert "Too many tries" in answers[-1].content.decode()


def test_a_whole_room_behind_one_address_of_the_net_checks_in_at_once(client, workshop, session, steward):
    code = services.make_room_code(session=session, actor=steward)
    seats = [make_registration(workshop, state="confirmed") for _n in range(40)]
    path = reverse("here", args=[code])
    answers = [client.post(path, {"email": seat.person.email}).status_code for seat in seats]
    assert answers == [302] * 40
    wrong = [client.post(path, {"email": f"nobody{n}@example.org"}) for n in range(31)]
    assert "Too many tries" in wrong[-1].content.decode()


def test_the_door_is_not_found_for_those_who_do_not_keep_it(client, session, seat):
    client.force_login(seat.person)
    assert client.get(reverse("door", args=[session.pk])).status_code == 404
    assert client.get(reverse("door_code", args=[session.pk])).status_code == 404
    assert client.post(reverse("session_close", args=[session.pk])).status_code == 404


def test_a_helper_ticks_off_finds_and_lets_in(client, session, seat, steward, workshop):
    client.force_login(steward)
    page = client.get(reverse("door", args=[session.pk])).content.decode()
    assert "Amina" in page
    assert "0 of 1" in page
    client.post(reverse("door_mark", args=[session.pk, seat.pk]), {"here": "1"})
    assert Attendance.objects.get().state == "attended"
    assert (
        "Nobody with a confirmed seat"
        in client.get(reverse("door", args=[session.pk]), {"q": "Zo"}).content.decode()
    )
    let_in = client.post(reverse("door_walk_in", args=[session.pk]), {"name": "Walter", "email": ""})
    assert let_in.status_code == 302
    walk_in = Registration.objects.get(person__name="Walter")
    assert (walk_in.state, walk_in.source) == ("confirmed", "door")
    full = client.post(reverse("door_walk_in", args=[session.pk]), {"name": "Wanda", "email": ""})
    assert full.status_code == 422
    assert "Wanda" in full.content.decode()


def test_who_walks_in_before_the_door_opens_takes_no_seat(client, session, steward, workshop):
    workshop.sessions.update(starts_at=NOW + dt.timedelta(hours=3), ends_at=NOW + dt.timedelta(hours=5))
    client.force_login(steward)
    early = client.post(reverse("door_walk_in", args=[session.pk]), {"name": "Walter", "email": ""})
    assert early.status_code == 422
    assert not Registration.objects.filter(person__name="Walter").exists()


def test_the_three_questions_need_one_answer_and_are_asked_once(client, seat):
    path = reverse("feedback", args=[links.sign("feedback", seat.pk)])
    assert client.post(path, {}).status_code == 422
    assert client.post(path, {"useful": "4", "said": "", "change": ""}).status_code == 200
    assert "Thank you" in client.get(path).content.decode()
    client.post(path, {"useful": "1"})
    assert [row.useful for row in Feedback.objects.all()] == [4]


def test_the_record_shows_its_source_and_takes_a_claim_also_without_an_account(
    client, seat, session, steward
):
    services.mark_at_door(registration=seat, session=session, state="absent", actor=steward, now=NOW)
    token = links.sign("record", seat.pk)
    page = client.get(reverse("record_by_link", args=[token])).content.decode()
    assert "absent" in page
    assert "door list" in page
    path = reverse("contest_new", args=[seat.pk, session.pk])
    assert client.get(path).status_code == 404
    assert client.get(path, {"t": token}).status_code == 200
    assert client.post(path, {"t": token, "claim": "attended", "text": "I was there"}).status_code == 302
    client.force_login(steward)
    contest = seat.contests.get()
    decide = reverse("contest_decide", args=[contest.pk])
    assert client.post(decide, {"decision": "decline", "reason": ""}).status_code == 422
    assert client.post(decide, {"decision": "accept", "reason": ""}).status_code == 302
    client.logout()
    assert "correction you asked for" in client.get(reverse("record_by_link", args=[token])).content.decode()


def test_a_certificate_is_for_those_who_came(client, seat, session, steward):
    client.force_login(seat.person)
    path = reverse("certificate", args=[seat.pk])
    assert client.get(path).status_code == 422
    services.mark_at_door(registration=seat, session=session, state="attended", actor=steward, now=NOW)
    page = client.get(path).content.decode()
    assert "Amina" in page
    client.force_login(make_person())
    assert client.get(path).status_code == 404


def test_the_certificate_is_a_tagged_pdf(client, seat, session, steward):
    pytest.importorskip("typst", reason="the extra [pdf] is not installed")
    services.mark_at_door(registration=seat, session=session, state="attended", actor=steward, now=NOW)
    client.force_login(seat.person)
    response = client.get(reverse("certificate_pdf", args=[seat.pk]))
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    assert b"pdfuaid" in response.content or b"StructTreeRoot" in response.content


def test_feedback_is_read_by_those_who_lead(client, workshop, steward, seat):
    path = reverse("feedback_read", args=[workshop.pk])
    client.force_login(seat.person)
    assert client.get(path).status_code == 404
    client.force_login(steward)
    assert "Fewer than five answers" in client.get(path).content.decode()


def test_ones_own_page_leads_to_the_session_and_afterwards_to_the_record(client, seat, session, workshop):
    path = reverse("registration", args=[links.sign("registration", seat.pk)])
    page = client.get(path).content.decode()
    assert "/join/" in page
    assert session.join_url not in page
    workshop.sessions.update(starts_at=NOW - dt.timedelta(hours=3), ends_at=NOW - dt.timedelta(hours=1))
    page = client.get(path).content.decode()
    assert "/join/" not in page
    assert "/feedback/" in page
    assert "/record/" in page


def test_the_front_page_shows_ones_next_sessions_and_asks_for_what_is_open(client, workshop):
    amina = make_person("Amina")
    make_registration(workshop, amina, state="offered")
    make_registration(make_workshop(title="Somebody else's"), make_person(), state="confirmed")
    client.force_login(amina)
    page = client.get(reverse("home")).content.decode()
    assert workshop.title in page
    assert "say whether" in page
    assert "Somebody else" not in page
