"""Links in mails are absolute: the public address, else this machine's."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse


def absolute(path: str) -> str:
    return f"{settings.PUBLIC_ADDRESS or settings.LOCAL_ADDRESS}{path}"


def absolute_to(name: str, *args: object) -> str:
    return absolute(reverse(name, args=args))
