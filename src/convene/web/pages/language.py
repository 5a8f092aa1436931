"""The language switch at the foot of every page; whoever is signed in keeps the choice."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as set_language_cookie

from convene.apps.people import services
from convene.apps.people.models import Person


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("language", "")
    if isinstance(request.user, Person) and chosen in dict(settings.LANGUAGES):
        services.update_profile(person=request.user, language=chosen, now=timezone.now())
    response: HttpResponse = set_language_cookie(request)
    return response
