"""The language switch."""

from __future__ import annotations

import pytest

from tests.makers import make_person

pytestmark = pytest.mark.django_db


def test_a_visitor_s_choice_is_kept_in_a_cookie_and_leads_back(client):
    response = client.post("/language/", {"language": "ar", "next": "/patterns/"})
    assert (response.status_code, response["Location"]) == (302, "/patterns/")
    assert client.cookies["django_language"].value == "ar"


def test_a_person_s_choice_is_kept_with_them(client):
    person = make_person(language="en")
    client.force_login(person)
    client.post("/language/", {"language": "ar", "next": "/"})
    person.refresh_from_db()
    assert person.language == "ar"
    assert 'dir="rtl"' in client.get("/").content.decode()


def test_a_language_this_site_does_not_speak_changes_nothing(client):
    person = make_person(language="en")
    client.force_login(person)
    client.post("/language/", {"language": "tlh", "next": "/"})
    person.refresh_from_db()
    assert person.language == "en"


def test_the_way_back_never_leads_elsewhere(client):
    assert client.post("/language/", {"language": "ar", "next": "https://example.org/"})["Location"] == "/"


def test_reading_changes_nothing(client):
    assert client.get("/language/").status_code == 405
