"""How often one place on the net may do what costs others, such as mails to addresses nobody vouched for."""

from __future__ import annotations

import hashlib

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from convene.foundation.errors import RuleBroken


def check_rate(request: HttpRequest, action: str, *, most: int, seconds: int) -> None:
    """Raise RuleBroken when this client did `action` `most` times in the running window of `seconds`.

    The address is kept only as a keyed digest, and only for the window. The client's address comes from
    the login library, which knows how many proxies are trusted.
    """
    client = get_adapter().get_client_ip(request)
    digest = hashlib.blake2b(
        client.encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=16
    ).hexdigest()
    key = f"rate:{action}:{digest}"
    if cache.add(key, 1, timeout=seconds):
        return
    try:
        count = cache.incr(key)
    except ValueError:  # the window ended between the two
        cache.set(key, 1, timeout=seconds)
        return
    if count > most:
        raise RuleBroken(
            _("Too many requests came from your network just now. Please try again later."), code="too_many"
        )
