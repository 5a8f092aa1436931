"""The pages of an inquiry, for those who ask, those who answer, and those who may do neither."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from convene.apps.voices import keys, services
from convene.apps.voices.models import Inquiry, Invitation, Statement, Vote
from convene.foundation.access import links
from convene.foundation.live import testing
from tests.makers import (
    make_community,
    make_facilitator,
    make_member,
    make_person,
    make_registration,
    make_workshop,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TYPED = {
    "question": "How do we meet?",
    "kind": "views",
    "seeds": "Often enough\nEvenings suit me\nCases first",
    "asks": "members",
    "moderation": "after",
}


@pytest.fixture
def steward():
    return make_person("Ada")


@pytest.fixture
def community(steward):
    return make_community(steward=steward)


@pytest.fixture
def inquiry(community, steward):
    terms = services.Terms(question="How do we meet?", seeds=TYPED["seeds"].splitlines())
    made = services.make_inquiry(community=community, terms=terms, actor=steward, now=NOW)
    services.ask_everyone(inquiry=made, actor=steward, now=NOW)
    made.refresh_from_db()
    return made


def page(client, name, *args):
    return client.get(reverse(name, args=args)).content.decode()


def test_a_steward_writes_opens_and_closes_an_inquiry(client, community, steward):
    client.force_login(steward)
    assert "No question has been put yet" in page(client, "inquiries", community.slug)
    client.post(reverse("inquiry_new", args=[community.slug]), TYPED)
    made = Inquiry.objects.get()
    for name, state in (("open", "open"), ("close", "closed")):
        client.post(reverse("inquiry_act", args=[made.pk, name]))
        made.refresh_from_db()
        assert made.state == state
    assert made.statements.count() == 3


def test_what_was_typed_comes_back_with_the_error_beside_it(client, community, steward):
    client.force_login(steward)
    answer = client.post(reverse("inquiry_new", args=[community.slug]), TYPED | {"kind": "topics"})
    text = answer.content.decode()
    assert (answer.status_code, "Evenings suit me" in text) == (422, True)
    assert "Say how many workshops you can hold" in text


def test_a_member_votes_adds_a_statement_and_sees_the_map(client, community, inquiry):
    client.force_login(make_member(community))
    home = reverse("inquiry", args=[inquiry.pk])
    for _ in range(3):
        statement = client.get(home).context["statement"]
        client.post(f"{home}vote/", {"statement": statement.pk, "value": "agree"})
    assert "You have answered everything there is" in client.get(home).content.decode()
    client.post(f"{home}say/", {"text": "Bring food"})
    assert (Vote.objects.count(), Statement.objects.get(text="Bring food").seed) == (3, False)
    assert "Nothing to show yet" in page(client, "inquiry_map", inquiry.pk)


def test_an_empty_statement_is_refused_beside_its_field(client, community, inquiry):
    client.force_login(make_member(community))
    answer = client.post(reverse("inquiry_say", args=[inquiry.pk]), {"text": " "})
    assert answer.status_code == 422


def test_strangers_find_the_way_for_invitations_and_nothing_else(client, inquiry):
    client.force_login(make_person())
    statement = inquiry.statements.first()
    home = reverse("inquiry", args=[inquiry.pk])
    assert client.get(home).url == reverse("inquiry_invited", args=[inquiry.pk])
    answers = [
        client.get(reverse("inquiry_map", args=[inquiry.pk])),
        client.get(reverse("inquiry_run", args=[inquiry.pk])),
        client.get(reverse("inquiry_screen", args=[inquiry.pk])),
        client.post(f"{home}vote/", {"statement": statement.pk, "value": "agree"}),
        client.post(f"{home}say/", {"text": "Let me in"}),
        client.post(reverse("inquiry_act", args=[inquiry.pk, "close"])),
    ]
    assert {answer.status_code for answer in answers} == {404}


def test_an_invitation_on_paper_opens_an_anonymous_ballot_in_one_browser(client, inquiry, steward):
    client.force_login(steward)
    sheet = client.post(reverse("inquiry_invitations", args=[inquiry.pk]), {"count": "2"})
    code = sheet.context["codes"][0][0]
    client.logout()
    where = reverse("inquiry_invited", args=[inquiry.pk])
    client.get(f"{where}?code={code}")
    assert Invitation.objects.filter(used=True).count() == 0
    client.post(where, {"code": code})
    home = reverse("inquiry", args=[inquiry.pk])
    assert "That is anonymous." in client.get(home).content.decode()
    client.post(f"{home}vote/", {"statement": inquiry.statements.first().pk, "value": "disagree"})
    assert Vote.objects.get().value == -1
    other = type(client)()
    assert other.post(where, {"code": code}).status_code == 422


def test_who_has_a_seat_answers_by_their_link_alone(client, community, steward):
    workshop = make_workshop(community)
    session = workshop.sessions.get()
    make_facilitator(workshop, steward)
    terms = services.Terms(question="What now?", asks="session", session=session, seeds=["One", "Two way"])
    made = services.make_inquiry(community=community, terms=terms, actor=steward, now=NOW)
    services.ask_everyone(inquiry=made, actor=steward, now=NOW)
    seat = make_registration(workshop, make_person(), state="confirmed")
    token = links.sign("join", f"{seat.pk}:{session.pk}", seat.link_version)
    home = reverse("inquiry_link", args=[made.pk, token])
    statement = client.get(home).context["statement"]
    client.post(f"{home}vote/", {"statement": statement.pk, "value": "agree"})
    made.refresh_from_db()
    assert Vote.objects.get().ballot.key == keys.of_person(seat.person_id, made.salt).key
    assert client.get(reverse("inquiry_link_map", args=[made.pk, token])).status_code == 200


def test_another_sessions_link_opens_nothing(client, community, steward, inquiry):
    workshop = make_workshop(community)
    seat = make_registration(workshop, make_person(), state="confirmed")
    token = links.sign("join", f"{seat.pk}:{workshop.sessions.get().pk}", seat.link_version)
    assert client.get(reverse("inquiry_link", args=[inquiry.pk, token])).status_code == 404


def test_moderation_by_press_with_the_reason_for_everyone(client, inquiry, steward, community):
    client.force_login(steward)
    statement = inquiry.statements.first()
    act = reverse("inquiry_act", args=[inquiry.pk, "out"])
    client.post(act, {"statement": statement.pk, "reason": "Twice the same"})
    statement.refresh_from_db()
    assert statement.state == Statement.State.HIDDEN
    client.force_login(make_member(community))
    assert "Twice the same" in page(client, "inquiry_map", inquiry.pk)


def test_the_map_and_the_wall_are_drawn_for_everyone_alike(inquiry):
    for statement in inquiry.statements.all():
        for number in range(6):
            voter = keys.of_person(uuid.uuid4(), inquiry.salt)
            services.cast(statement=statement, voter=voter, value=1 if number else -1, now=NOW)
    services.release(inquiry_id=inquiry.pk, now=NOW)
    found = testing.fragments(f"inquiry:{inquiry.pk}")
    assert set(found) == {"inquiry-map", "inquiry-wall"}
    assert "largely agreed" in found["inquiry-wall"]
    assert "%" not in found["inquiry-wall"]


@pytest.mark.parametrize("name", ["inquiry", "inquiry_map", "inquiry_run", "inquiry_screen"])
def test_each_page_takes_the_same_statements_for_three_and_thirty(
    client, inquiry, steward, name, django_assert_max_num_queries
):
    client.force_login(steward)
    url = reverse(name, args=[inquiry.pk])
    with django_assert_max_num_queries(40) as few:
        client.get(url)
    services.add_seeds(inquiry=inquiry, texts=[f"View {n}" for n in range(30)], actor=steward, now=NOW)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(url)


def test_the_code_on_the_wall_leads_to_the_question_however_it_is_typed(client, inquiry, steward, community):
    client.force_login(steward)
    wall = page(client, "inquiry_screen", inquiry.pk)
    assert inquiry.code in wall
    assert "<svg" in wall
    found = client.get(reverse("inquiry_short", args=[inquiry.code.lower()]))
    assert found.url == reverse("inquiry", args=[inquiry.pk])
    Inquiry.objects.update(state="draft")
    assert client.get(reverse("inquiry_short", args=[inquiry.code])).status_code == 404


def test_who_facilitates_asks_the_room_and_phones_find_it(client, community, steward):
    workshop = make_workshop(community)
    session, leader = workshop.sessions.get(), make_facilitator(workshop)
    client.force_login(leader)
    new = client.get(reverse("room_voices", args=[session.pk])).context["new"]
    typed = TYPED | {"asks": "session", "session": str(session.pk)}
    client.post(new, typed)
    made = Inquiry.objects.get()
    client.post(reverse("inquiry_act", args=[made.pk, "open"]))
    assert client.get(reverse("inquiry_new", args=[community.slug])).status_code == 404
    client.logout()
    seat = make_registration(workshop, make_person(), state="confirmed")
    token = links.sign("join", f"{seat.pk}:{session.pk}", seat.link_version)
    phone = page(client, "phone_link_voices", token)
    assert reverse("inquiry_link", args=[made.pk, token]) in phone


def test_who_facilitates_asks_in_their_own_session_and_no_other(client, community):
    own, other = make_workshop(community), make_workshop(community)
    leader = make_facilitator(own)
    client.force_login(leader)
    where = reverse("inquiry_new", args=[community.slug])
    assert client.get(f"{where}?session={other.sessions.get().pk}").status_code == 404
    typed = TYPED | {"asks": "session", "session": str(other.sessions.get().pk)}
    answer = client.post(f"{where}?session={own.sessions.get().pk}", typed)
    assert (answer.status_code, Inquiry.objects.count()) == (403, 0)
