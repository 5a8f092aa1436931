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
    """Count it; raise RuleBroken when this client did `action` `most` times in the last `seconds` already.

    Call it outside a transaction: one that fails would forget that it was tried.
    """
    if not take(request, action, most=most, seconds=seconds):
        raise RuleBroken(
            _("Too many requests came from your network just now. Please try again later."), code="too_many"
        )


def take(request: HttpRequest, action: str, *, most: int, seconds: int) -> bool:
    """Take one of the client's `most` places, for `seconds`; False when none is free.

    A place is a key that only one request can add, so that many at once get no more than `most`. (A counter
    in Django's cache would lose both: `incr` reads, then writes, and forgets the window's end.)
    """
    places = _places(request, action, most)
    taken = cache.get_many(places)
    return any(place not in taken and cache.add(place, 1, timeout=seconds) for place in places)


def is_spent(request: HttpRequest, action: str, *, most: int) -> bool:
    """Whether all places are taken; takes none. For what counts only when it fails, such as guesses."""
    return len(cache.get_many(_places(request, action, most))) == most


def _places(request: HttpRequest, action: str, most: int) -> list[str]:
    """The client is kept as a keyed digest alone, and only for the window.

    Its address comes from the login library, which knows how many proxies are trusted.
    """
    client = get_adapter().get_client_ip(request)
    key = settings.SECRET_KEY.encode()[:64]
    digest = hashlib.blake2b(client.encode(), key=key, digest_size=16).hexdigest()
    return [f"rate:{action}:{digest}:{number}" for number in range(most)]
