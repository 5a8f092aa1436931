"""Where the stream of this site is, and which pages may read it."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

PATH = "/stream/"


def stream_base(request: HttpRequest) -> str:
    """Ends in a slash; empty where no stream is said to run: then pages ask every few seconds.

    At a public address the proxy passes /stream/ on; on one machine it is another port.
    """
    if settings.STREAM_URL:
        return f"{settings.STREAM_URL}/"
    if not settings.STREAM_PORT:
        return ""
    host = urlsplit(f"//{request.get_host()}").hostname or "localhost"
    host = f"[{host}]" if ":" in host else host
    return f"http://{host}:{settings.STREAM_PORT}{PATH}"


def stream_origin(request: HttpRequest) -> str:
    """What the security policy must allow besides the site itself; empty when it is the site."""
    parts = urlsplit(stream_base(request))
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def may_read(origin: str) -> bool:
    """Whether pages from `origin` (the header of that name) are this site's."""
    if settings.PUBLIC_ADDRESS:
        return origin == settings.PUBLIC_ADDRESS
    try:
        host = urlsplit(origin).hostname or ""
    except ValueError:
        return False
    host = f"[{host}]" if ":" in host else host
    return origin.startswith("http://") and host in settings.ALLOWED_HOSTS
