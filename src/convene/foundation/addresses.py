"""Addresses of pages that may not be there: a part of the site can link to one that is built above it."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse


def address_of(name: str, *args: object) -> str:
    """The path of that name, or nothing when this site has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
