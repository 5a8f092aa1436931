"""What the people with a seat need to take part: for those who arrange it, and written down for its owner."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from convene.apps.people.models import Person
from convene.apps.people.rules import ACCESS_WORDS, AccessKind
from convene.apps.people.services import show_access_needs
from convene.apps.seats.models import Registration
from convene.apps.workshops.models import Workshop
from convene.apps.workshops.permissions import can_lead


@login_required
@require_GET
@never_cache
def workshop_access(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """Only of people who asked themselves: being written down by a steward opens nobody's needs."""
    workshop = get_object_or_404(Workshop.objects.select_related("community"), pk=workshop_id)
    if not can_lead(request.user, workshop):
        raise Http404
    assert isinstance(request.user, Person)  # behind login_required
    seats = Registration.objects.filter(
        workshop=workshop, state__in=Registration.HOLDING, source=Registration.Source.SELF
    )
    people = {seat.person_id: seat.person for seat in seats.select_related("person").order_by("person__name")}
    needs = show_access_needs(
        viewer=request.user, person_ids=list(people), workshop_id=workshop.pk, now=timezone.now()
    )
    rows = [
        (person, [(ACCESS_WORDS[AccessKind(need.kind)], need.detail) for need in needs[pk]])
        for pk, person in people.items()
        if pk in needs
    ]
    return render(request, "access_needs.html", {"workshop": workshop, "rows": rows})
