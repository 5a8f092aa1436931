"""What a form is bound to. An empty POST is a POST too: `request.POST or None` would show it no error."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def posted(request: HttpRequest) -> Any:
    """The data of a POST, else None: Form(posted(request))."""
    return request.POST if request.method == "POST" else None


def uploaded(request: HttpRequest) -> tuple[Any, Any]:
    """Data and files of a POST: Form(*uploaded(request))."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)
