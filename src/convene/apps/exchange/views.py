"""Import with a mapping and a dry run; export of everything."""

from __future__ import annotations

import io
import json
import zipfile
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from convene.apps.communities.models import Community
from convene.apps.exchange import exports, permissions, queries, services
from convene.apps.exchange.forms import MappingForm, UploadForm
from convene.apps.exchange.models import TableImport
from convene.apps.exchange.rules import FATES, Fate
from convene.apps.people.models import Person
from convene.apps.workshops.models import Workshop
from convene.foundation.errors import RuleBroken
from convene.foundation.forms import posted, uploaded

ROWS_SHOWN = 500


def _actor(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)  # behind login_required
    return request.user


def _community(request: HttpRequest, slug: str) -> Community:
    community = get_object_or_404(Community, slug=slug)
    if not permissions.can_exchange(_actor(request), community.pk):
        raise Http404
    return community


def _workshop(request: HttpRequest, workshop_id: UUID) -> Workshop:
    workshop = get_object_or_404(Workshop.objects.select_related("community"), pk=workshop_id)
    if not permissions.can_exchange(_actor(request), workshop.community_id):
        raise Http404
    return workshop


@login_required
def exchange(request: HttpRequest, slug: str) -> HttpResponse:
    """What can come in and go out."""
    community = _community(request, slug)
    return render(request, "exchange/index.html", {"community": community})


@login_required
def people_import(request: HttpRequest, slug: str) -> HttpResponse:
    return _upload(request, _community(request, slug), None)


@login_required
def registrations_import(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    workshop = _workshop(request, workshop_id)
    return _upload(request, workshop.community, workshop)


def _upload(request: HttpRequest, community: Community, workshop: Workshop | None) -> HttpResponse:
    form = UploadForm(*uploaded(request))
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            pending = services.start_import(
                community=community,
                workshop=workshop,
                data=upload.read(),
                filename=upload.name,
                actor=_actor(request),
                now=timezone.now(),
            )
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.public_message))
        else:
            return redirect("table_mapping", pending.pk)
    context = {"community": community, "workshop": workshop, "form": form}
    return render(request, "exchange/upload.html", context, status=422 if form.errors else 200)


def _pending(request: HttpRequest, import_id: UUID) -> TableImport:
    pending = queries.pending_import(import_id)
    if pending is None or not permissions.can_exchange(_actor(request), pending.community_id):
        raise Http404
    return pending


@login_required
def table_mapping(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Which column is what."""
    pending = _pending(request, import_id)
    questions = {str(one.pk): one.label for one in queries.questions_of(pending.community_id)}
    form = MappingForm(
        posted(request),
        header=pending.header,
        questions=questions,
        mapping=queries.mapping_of(pending),
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.set_mapping(pending=pending, mapping=form.mapping(), actor=_actor(request))
        except RuleBroken as error:
            form.add_error(None, str(error.public_message))
        else:
            return redirect("table_dry_run", pending.pk)
    context = {"pending": pending, "community": pending.community, "workshop": pending.workshop, "form": form}
    context["sample"] = pending.rows[:3]
    return render(request, "exchange/mapping.html", context, status=422 if form.errors else 200)


@login_required
def table_dry_run(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Every row's fate; nothing has happened yet."""
    pending = _pending(request, import_id)
    if request.method == "POST":
        return _apply(request, pending)
    verdicts = queries.dry_run(pending)
    counts = {fate: sum(one.fate == fate for one in verdicts) for fate in Fate}
    context = {
        "pending": pending,
        "community": pending.community,
        "workshop": pending.workshop,
        "verdicts": sorted(verdicts, key=lambda one: (one.fate != Fate.WRONG, one.row.number))[:ROWS_SHOWN],
        "hidden": max(0, len(verdicts) - ROWS_SHOWN),
        "counts": [(FATES[fate], count) for fate, count in counts.items() if count],
        "traits": any(one.row.traits for one in verdicts),
        "wrong": counts[Fate.WRONG],
    }
    return render(request, "exchange/dry_run.html", context)


def _apply(request: HttpRequest, pending: TableImport) -> HttpResponse:
    applied = services.apply_import(
        pending=pending,
        consented=request.POST.get("consented") == "1",
        actor=_actor(request),
        now=timezone.now(),
    )
    done = sum(n for fate, n in applied.counts.items() if fate not in {Fate.WRONG, Fate.LEFT_OUT})
    text = ngettext("One row is taken in.", "%(n)d rows are taken in.", done)
    messages.success(request, text % {"n": done})
    for number, why in applied.problems[:20]:
        words = {"number": number, "why": why}
        messages.warning(request, _("Line %(number)d was not taken in: %(why)s") % words)
    if pending.workshop is not None:
        return redirect("registrations", pending.workshop.pk)
    return redirect("exchange", pending.community.slug)


@login_required
@require_POST
def table_drop(request: HttpRequest, import_id: UUID) -> HttpResponse:
    pending = _pending(request, import_id)
    services.drop_import(pending=pending, actor=_actor(request))
    messages.success(request, _("The table is thrown away; nothing was taken in."))
    if pending.workshop is not None:
        return redirect(reverse("registrations", args=[pending.workshop.pk]))
    return redirect("exchange", pending.community.slug)


def _file(content: bytes | str, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@login_required
@require_POST
def people_export(request: HttpRequest, slug: str) -> HttpResponse:
    community = _community(request, slug)
    text = exports.people_csv(community, actor=_actor(request), now=timezone.now())
    return _file(text, f"{community.slug}-people.csv", "text/csv; charset=utf-8")


@login_required
@require_POST
def registrations_export(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    workshop = _workshop(request, workshop_id)
    text = exports.registrations_csv(workshop, actor=_actor(request), now=timezone.now())
    return _file(text, f"registrations-{str(workshop.pk)[:8]}.csv", "text/csv; charset=utf-8")


@login_required
@require_POST
def everything_export(request: HttpRequest, slug: str) -> HttpResponse:
    """All of the community, as tables and JSON in one archive."""
    community = _community(request, slug)
    files = exports.everything(community, actor=_actor(request), now=timezone.now())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, indent=1)
            archive.writestr(name, text)
    return _file(out.getvalue(), f"{community.slug}.zip", "application/zip")
