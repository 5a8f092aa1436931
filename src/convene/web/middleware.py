"""The reader's zone and language; security headers; refusals as pages."""

from __future__ import annotations

import logging
import secrets
import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.live.addresses import stream_origin

logger = logging.getLogger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponse]
ZONE_COOKIE = "zone"


def reader_zone(request: HttpRequest) -> zoneinfo.ZoneInfo:
    """The person's chosen zone, else the browser's (a cookie set by zone.js), else UTC."""
    for name in (getattr(request.user, "zone", ""), request.COOKIES.get(ZONE_COOKIE, "")):
        if name:
            try:
                return zoneinfo.ZoneInfo(name)
            except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
                continue
    return zoneinfo.ZoneInfo("UTC")


class ReaderMiddleware:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = getattr(request.user, "language", "")
        if language:
            translation.activate(language)
            request.LANGUAGE_CODE = translation.get_language()
        with timezone.override(reader_zone(request)):
            return self.get_response(request)


class SecurityHeadersMiddleware:
    """No inline script or style, nothing from elsewhere but the site's own stream."""

    POLICY = (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "frame-ancestors 'none'; form-action 'self'"
    )

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        origin = stream_origin(request)
        stream = f"; connect-src 'self' {origin}" if origin else ""
        response.headers.setdefault("Content-Security-Policy", self.POLICY + stream)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        return response


class ErrorsMiddleware:
    """RuleBroken -> 422 with its text; NotAllowed -> 403 without; anything else -> 500 with a reference."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, RuleBroken):
            return render(request, "errors/rule.html", {"message": exception.public_message}, status=422)
        if isinstance(exception, NotAllowed):
            return render(request, "errors/403.html", status=403)
        return None


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: a reference number in the log and on the page, nothing else."""
    reference = secrets.token_hex(4)
    logger.error("500 reference %s", reference)
    return render(request, "errors/500.html", {"reference": reference}, status=500)
