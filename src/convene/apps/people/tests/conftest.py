"""Helpers for tests of the way in."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection

from convene.foundation.mail.models import MailMessage


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The table that rate limits are counted in."""
    with django_db_blocker.unblock():
        if "convene_cache" not in connection.introspection.table_names():
            call_command("createcachetable")


@pytest.fixture(autouse=True)
def _no_rate_counted(request):
    if "django_db" in {mark.name for mark in request.node.iter_markers()}:
        request.getfixturevalue("db")
        cache.clear()


@pytest.fixture
def newest_code():
    """The code in the newest mail to an address."""

    def read(address: str) -> str:
        mail = MailMessage.objects.filter(to_address=address).latest("created_at")
        found = re.search(r"^    (\S+)$", mail.text, re.MULTILINE)
        assert found, f"no code in: {mail.subject}"
        return found[1]

    return read
