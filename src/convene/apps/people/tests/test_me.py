"""The pages about oneself: for whoever is signed in, or came by their signed link, and nobody else."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from convene.apps.people import queries, services
from convene.apps.people.links import my_data_token, my_data_url
from convene.apps.people.models import AccessNeed, Person
from convene.apps.people.ports import ports
from convene.apps.people.rules import Purpose
from convene.foundation.errors import RuleBroken
from tests.makers import make_account, make_person

pytestmark = pytest.mark.django_db
NOW = timezone.now()
PROFILE = {
    "name": "Ada",
    "zone": "Asia/Kolkata",
    "language": "",
    "decent_from": "09:00",
    "decent_until": "17:00",
    "offers": "Statistics",
    "wants": "",
}


@pytest.fixture
def me() -> Person:
    return make_account("Ada")


@pytest.fixture
def mine(me, client) -> Client:
    client.force_login(me)
    return client


def enter_by_link(client: Client, person: Person) -> None:
    assert client.post(f"/me/link/{my_data_token(person)}/").url == "/me/data/"


PAGES = ["/me/", "/me/needs/", "/me/sign-in/", "/me/data/", "/me/data/my-data.json", "/me/data/erase/"]


@pytest.mark.parametrize("page", PAGES)
def test_whoever_is_unknown_signs_in_first(client, page):
    assert client.get(page).url == f"/account/login/?next={page}"


@pytest.mark.parametrize("page", PAGES)
def test_no_page_about_oneself_is_kept_by_a_cache(mine, page):
    assert "no-store" in mine.get(page).headers["Cache-Control"]


def test_the_profile_is_saved_with_its_consents(mine, me):
    answer = mine.post("/me/", {**PROFILE, "directory": "on"})
    assert answer.url == "/me/"
    me.refresh_from_db()
    assert (me.zone, me.decent_from, me.offers) == ("Asia/Kolkata", dt.time(9), "Statistics")
    assert queries.standing_purposes(me) == ["directory"]
    mine.post("/me/", PROFILE)
    assert queries.standing_purposes(me) == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "www @ spam"}, "name"),
        ({"zone": "Mars"}, "zone"),
        ({"decent_until": "09:30"}, "decent_until"),
    ],
)
def test_a_profile_with_a_mistake_says_so_beside_the_field_and_keeps_what_was_typed(mine, me, wrong, field):
    answer = mine.post("/me/", {**PROFILE, **wrong})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "Statistics" in answer.content.decode()
    me.refresh_from_db()
    assert me.offers == ""


def test_every_zone_can_be_chosen(mine):
    page = mine.get("/me/").content.decode()
    assert '<optgroup label="Asia">' in page
    assert '<option value="America/Argentina/Ushuaia">Argentina/Ushuaia</option>' in page


def test_needs_are_added_shown_and_removed_by_their_owner_alone(mine, me):
    until = (NOW + dt.timedelta(days=30)).date()
    form = {"kind": "captions", "detail": "In German", "expires_on": until.isoformat()}
    assert mine.post("/me/needs/", form).url == "/me/needs/"
    need = AccessNeed.objects.get()
    assert "Live captions" in mine.get("/me/needs/").content.decode()
    other = Client()
    other.force_login(make_account())
    assert other.post(f"/me/needs/{need.pk}/remove/").status_code == 404
    assert mine.post(f"/me/needs/{need.pk}/remove/").url == "/me/needs/"
    assert not AccessNeed.objects.exists()


def test_the_page_of_needs_costs_the_same_with_many(mine, me, django_assert_num_queries):
    def fill(count: int) -> None:
        for kind in ("captions", "food", "quiet", "breaks")[:count]:
            services.record_access_need(person=me, kind=kind, workshop_id=uuid.uuid4(), now=NOW)
        for _look in range(count):
            services.show_access_needs(
                viewer=make_person(), person_ids=[me.pk], workshop_id=uuid.uuid4(), now=NOW
            )

    services.record_access_need(person=me, kind="care", now=NOW)
    fill(1)
    mine.get("/me/needs/")
    with CaptureQueriesContext(connection) as few:
        mine.get("/me/needs/")
    fill(4)
    with django_assert_num_queries(len(few)):
        mine.get("/me/needs/")


def test_the_owner_reads_who_looked(mine, me):
    services.record_access_need(person=me, kind="captions", now=NOW)
    services.show_access_needs(
        viewer=make_person("Fay Fable"), person_ids=[me.pk], workshop_id=uuid.uuid4(), now=NOW
    )
    assert "Fay Fable" in mine.get("/me/needs/").content.decode()


def test_my_data_shows_everything_with_its_reason(mine, me):
    services.record_access_need(person=me, kind="captions", detail="In German", now=NOW)
    page = mine.get("/me/data/").content.decode()
    for word in ("Your profile", "To call you by your name", me.email, "In German", "Access needs"):
        assert word in page


def test_the_download_is_everything(mine, me):
    services.give_consent(person=me, purpose=Purpose.DIRECTORY, now=NOW)
    answer = mine.get("/me/data/my-data.json")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    held = {kind["what"]: kind["rows"] for kind in answer.json()["held"]}
    assert held["Your profile"][0]["email"] == me.email
    assert held["What you said yes to"][0]["purpose"] == "directory"


def test_a_consent_is_taken_back_by_its_giver_alone(mine, me):
    consent = services.give_consent(person=me, purpose=Purpose.DIRECTORY, now=NOW)
    address = f"/me/data/consents/{consent.pk}/withdraw/"
    other = Client()
    other.force_login(make_account())
    assert other.post(address).status_code == 404
    assert mine.get(address).status_code == 405
    assert mine.post(address).url == "/me/data/"
    assert mine.post(address).url == "/me/data/"
    assert not queries.has_consent(me.pk, Purpose.DIRECTORY)


def test_a_link_opens_nothing_until_its_button_is_pressed(client):
    person = make_person("Ola", email="ola@example.org")
    page = client.get(f"/me/link/{my_data_token(person)}/")
    assert page.status_code == 200
    assert "ola@example.org" not in page.content.decode()
    assert client.get("/me/data/").status_code == 302
    enter_by_link(client, person)
    assert "ola@example.org" in client.get("/me/data/").content.decode()


def test_who_came_by_link_may_correct_and_need_but_has_no_account_pages(client):
    person = make_person("Ola")
    enter_by_link(client, person)
    assert client.post("/me/", {**PROFILE, "name": "Olá"}).url == "/me/"
    assert client.get("/me/needs/").status_code == 200
    assert client.get("/me/sign-in/").status_code == 302
    person.refresh_from_db()
    assert person.name == "Olá"


def test_a_link_ends_after_an_hour_and_when_it_is_revoked(client):
    person = make_person("Ola")
    enter_by_link(client, person)
    session = client.session
    session["my_link"] = [session["my_link"][0], session["my_link"][1], session["my_link"][2] - 3601]
    session.save()
    assert client.get("/me/data/").status_code == 302
    enter_by_link(client, person)
    services.sign_out_everywhere(person=person)
    assert client.get("/me/data/").status_code == 302


def test_the_link_of_someone_with_an_account_only_leads_to_signing_in(client, me):
    address = f"/me/link/{my_data_token(me)}/"
    assert client.get(address).url == "/account/login/?next=/me/data/"
    assert client.post(address).url == "/account/login/?next=/me/data/"
    assert client.get("/me/data/").status_code == 302


def test_damaged_and_foreign_links_open_nothing(client):
    from convene.foundation.access import links

    person = make_person()
    for token in ("nonsense", my_data_token(person)[:-2], links.sign("registration", person.pk, 0)):
        assert client.get(f"/me/link/{token}/").status_code == 404
    assert my_data_url(person).startswith("http://localhost:8000/me/link/")


def test_erasing_wants_a_fresh_code_and_the_address_typed(client, newest_code):
    me = make_account("Ada", email="ada@example.org")
    client.post("/account/login/", {"email": me.email})
    client.post("/account/login/code/confirm/", {"code": newest_code(me.email)})
    page = client.get("/me/data/erase/").content.decode()
    assert "An empty row, so that counts stay true." in page
    wrong = client.post("/me/data/erase/", {"address": "someone@example.org"})
    assert wrong.status_code == 422
    assert client.post("/me/data/erase/", {"address": " Ada@example.org"}).url == "/me/erased/"
    assert client.get("/me/erased/").status_code == 200
    assert client.get("/me/data/").status_code == 302
    me.refresh_from_db()
    assert (me.name, me.email, me.is_active) == ("", None, False)


def test_a_sign_in_of_long_ago_is_not_enough_to_erase(mine, me):
    answer = mine.post("/me/data/erase/", {"address": me.email})
    assert answer.url == "/account/confirm/?next=/me/data/erase/"
    me.refresh_from_db()
    assert me.is_active


def test_who_came_by_link_may_erase(client):
    person = make_person("Ola")
    enter_by_link(client, person)
    assert client.post("/me/data/erase/", {"address": person.email}).url == "/me/erased/"
    person.refresh_from_db()
    assert person.erased_at is not None
    assert client.get("/me/data/").status_code == 302


def test_the_sign_in_page_lists_ways_in_and_removes_the_organisation(client, newest_code):
    from allauth.socialaccount.models import SocialAccount

    me = make_account()
    client.post("/account/login/", {"email": me.email})
    client.post("/account/login/code/confirm/", {"code": newest_code(me.email)})
    theirs = SocialAccount.objects.create(user=make_account(), provider="sso", uid="1")
    assert client.get("/me/sign-in/").status_code == 200
    assert client.post(f"/me/sign-in/organisation/{theirs.pk}/remove/").status_code == 404
    assert SocialAccount.objects.count() == 1


def test_what_must_be_handed_over_first_is_said_and_nothing_is_erased(client):
    person = make_person("Ola")
    enter_by_link(client, person)

    def refuse(_leaver: Person, _now: dt.datetime) -> None:
        raise RuleBroken("Hand over your community first.", code="last_steward")

    ports.leavers.append(refuse)
    try:
        answer = client.post("/me/data/erase/", {"address": person.email})
    finally:
        ports.leavers.remove(refuse)
    assert answer.status_code == 422
    assert "Hand over your community first." in answer.content.decode()
    person.refresh_from_db()
    assert (person.is_active, person.name) == (True, "Ola")
