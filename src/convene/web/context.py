"""What every template knows of the site."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def site(_request: HttpRequest) -> dict[str, object]:
    return {"demo": settings.DEMO, "public_address": settings.PUBLIC_ADDRESS}
