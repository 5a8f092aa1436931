"""What this site is, and what it keeps of whom: read from the registry that export and erasure run on."""

from __future__ import annotations

from importlib.metadata import version

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from convene.apps.people.rules import PURPOSE_WORDS
from convene.foundation import privacy as registry


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "about/about.html", {"version": version("convene-community")})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    context = {"kept": registry.registered(), "purposes": PURPOSE_WORDS.values()}
    return render(request, "about/privacy.html", context)
