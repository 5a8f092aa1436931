from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from convene.apps.capabilities import links, services
from convene.apps.capabilities.models import Need, NeedSource, SessionRequest
from tests.makers import make_community, make_member, make_need, make_person

pytestmark = pytest.mark.django_db
REQUEST = {
    "topic": "Outbreaks on the night shift",
    "audience": "ward nurses",
    "size": "12",
    "why_now": "",
    "time_from": "",
    "name": "Jo Park",
    "email": "jo@example.org",
}


def test_members_wish_and_join_on_the_page_of_needs(client):
    community = make_community()
    need = make_need(community, title="Masks that fit")
    client.force_login(make_member(community))
    page = reverse("needs", args=[community.slug])
    assert client.post(page, {"title": "Cleaning hands"}).status_code == 302
    assert (
        client.post(reverse("need_join", args=[community.slug, need.pk]), {"may_name": "on"}).status_code
        == 302
    )
    html = client.get(page).content.decode()
    assert "Cleaning hands" in html
    assert "A few people ask for it" in html
    assert client.post(reverse("need_leave", args=[community.slug, need.pk])).status_code == 302
    assert need.sources.count() == 1


def test_a_wish_too_short_is_refused_beside_its_field_with_what_was_typed(client):
    community = make_community()
    client.force_login(make_member(community))
    answer = client.post(reverse("needs", args=[community.slug]), {"title": "ab", "text": "my words"})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "Say it in a few words." in html
    assert "my words" in html


def test_the_list_of_needs_takes_the_same_queries_for_one_and_many(client):
    community = make_community()
    make_need(community, askers=2)
    client.force_login(make_member(community))
    page = reverse("needs", args=[community.slug])
    client.get(page)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get(page)
        counts.append(len(asked))
        for _n in range(20):
            make_need(community, askers=3)
    assert counts[0] == counts[1]


def test_an_outsider_asks_without_an_account_and_confirms_by_a_button(client):
    community = make_community()
    answer = client.post(reverse("need_ask", args=[community.slug]), REQUEST)
    assert answer.url == reverse("need_asked", args=[community.slug])
    assert client.get(answer.url).status_code == 200
    link = links.confirm_url(SessionRequest.objects.get()).replace("http://localhost:8000", "")
    assert client.get(link).status_code == 200
    assert not Need.objects.exists(), "a mail scanner that opens the link must not confirm"
    client.post(link)
    assert Need.objects.get().title == REQUEST["topic"]
    assert "with the stewards" in client.get(link).content.decode()


def test_a_request_with_bad_input_keeps_what_was_typed(client):
    community = make_community()
    answer = client.post(reverse("need_ask", args=[community.slug]), {**REQUEST, "size": "many"})
    assert answer.status_code == 422
    assert "ward nurses" in answer.content.decode()


def test_a_network_that_asks_too_often_is_told_so(client):
    community = make_community()
    for n in range(11):
        answer = client.post(
            reverse("need_ask", args=[community.slug]), {**REQUEST, "email": f"jo{n}@example.org"}
        )
    assert answer.status_code == 422
    assert SessionRequest.objects.count() == 10


def test_a_damaged_link_is_a_page_that_says_so(client):
    assert client.get(reverse("need_confirm", args=["nonsense"])).status_code == 404


def test_stewards_merge_and_decline(client):
    steward = make_person()
    community = make_community(steward=steward)
    keep, other, third = make_need(community, askers=2), make_need(community), make_need(community)
    client.force_login(steward)
    settle = reverse("needs_settle", args=[community.slug])
    assert client.get(settle).status_code == 200
    client.post(settle, {"needs": [keep.pk, other.pk], "into": keep.pk, "title": "Both"})
    keep.refresh_from_db()
    assert (keep.title, keep.sources.count()) == ("Both", 3)
    assert client.post(settle, {"needs": [keep.pk], "into": keep.pk}).status_code == 422
    detail = reverse("need_detail", args=[community.slug, third.pk])
    assert client.get(detail).status_code == 200
    assert client.post(detail, {"reason": ""}).status_code == 422
    client.post(detail, {"reason": "The unit teaches it"})
    third.refresh_from_db()
    assert (third.state, third.reason) == ("declined", "The unit teaches it")
    assert "The unit teaches it" in client.get(detail).content.decode()
    client.post(reverse("need_reopen", args=[community.slug, third.pk]))
    third.refresh_from_db()
    assert third.state == "open"


def test_who_asked_stays_unsaid_to_stewards_too_unless_they_agreed(client):
    steward = make_person()
    community = make_community(steward=steward)
    member = make_member(community, make_person("Amina Yusuf"))
    need = services.wish(community=community, title="Cleaning hands", actor=member, now=timezone.now())
    client.force_login(steward)
    detail = reverse("need_detail", args=[community.slug, need.pk])
    assert "Amina Yusuf" not in client.get(detail).content.decode()
    NeedSource.objects.update(may_name=True)
    assert "Amina Yusuf" in client.get(detail).content.decode()


def test_who_may_open_which_page_of_needs(client):
    steward = make_person()
    community = make_community(steward=steward)
    need = make_need(community)
    elsewhere = make_person()
    make_community(steward=elsewhere)
    pages = {
        reverse("need_ask", args=[community.slug]): (200, 200, 200, 200),
        reverse("needs", args=[community.slug]): (302, 403, 200, 200),
        reverse("needs_settle", args=[community.slug]): (302, 403, 403, 200),
        reverse("need_detail", args=[community.slug, need.pk]): (302, 403, 403, 200),
    }
    people = [None, elsewhere, make_member(community), steward]
    for page, expected in pages.items():
        for person, status in zip(people, expected, strict=True):
            client.logout()
            if person:
                client.force_login(person)
            assert (page, client.get(page).status_code) == (page, status)
    client.force_login(elsewhere)
    for act in ("need_join", "need_reopen"):
        assert client.post(reverse(act, args=[community.slug, need.pk])).status_code == 403
