from __future__ import annotations

from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from minimal.models import Audit, Community, Outbox, Registration, Workshop


def workshops(request: HttpRequest) -> HttpResponse:
    rows = Workshop.objects.select_related("community").prefetch_related("sessions").order_by("first_start")
    page = Paginator(rows, 20).get_page(request.GET.get("page"))
    return render(request, "list.html", {"page": page})


def community(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Community, slug=slug)
    rows = Workshop.objects.filter(community=found).prefetch_related("sessions").order_by("first_start")[:10]
    return render(request, "community.html", {"community": found, "rows": rows})


def workshop(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Workshop.objects.select_related("community"), pk=pk)
    return render(request, "workshop.html", {"workshop": found, "free": found.capacity - found.taken})


@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    now, email = timezone.now(), request.POST["email"]
    with transaction.atomic():
        if not Workshop.objects.filter(pk=pk, taken__lt=F("capacity")).update(taken=F("taken") + 1):
            return HttpResponse("full", status=409)
        made = Registration.objects.create(workshop_id=pk, name=request.POST["name"], email=email, at=now)
        Outbox.objects.create(to=email, text="You have a seat.", at=now)
        Audit.objects.create(what="registered", subject=str(made.pk), at=now)
    return redirect("registration", made.pk)


def registration(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Registration.objects.select_related("workshop__community"), pk=pk)
    return render(request, "registration.html", {"registration": found})
