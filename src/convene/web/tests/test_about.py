"""What the site says of itself."""

from __future__ import annotations

import pytest

from convene.foundation.privacy import registered

pytestmark = pytest.mark.django_db


def test_the_privacy_page_names_all_that_is_kept_and_why(client):
    page = client.get("/privacy/").content.decode()
    assert page.count('<th scope="row">') == len(registered())


def test_anyone_can_read_what_the_site_is(client):
    response = client.get("/about/")
    assert response.status_code == 200
    assert 'href="/privacy/"' in response.content.decode()
