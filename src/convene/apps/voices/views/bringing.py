"""An open export comes in: two files, what would come of them, yes. And what an inquiry found goes out."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from convene.apps.voices import permissions, results, services
from convene.apps.voices.forms import OpenExportForm
from convene.apps.voices.models import Inquiry, OpenExport
from convene.apps.voices.views.shared import actor_of, found_inquiry, run_inquiry, way_in
from convene.foundation.errors import RuleBroken
from convene.foundation.forms import uploaded


@login_required
def inquiry_import(request: HttpRequest, inquiry_id: UUID) -> HttpResponse:
    """Choose the two files. Nothing is brought in by this page."""
    inquiry = run_inquiry(request, inquiry_id)
    form = OpenExportForm(*uploaded(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            export = services.start_open_export(
                inquiry=inquiry,
                comments=data["comments"].read(),
                votes=data["votes"].read(),
                actor=actor_of(request),
                now=timezone.now(),
            )
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.public_message))
        else:
            return redirect("inquiry_import_check", inquiry.pk, export.pk)
    context = {"inquiry": inquiry, "community": inquiry.community, "form": form}
    return render(request, "voices/import.html", context, status=422 if form.errors else 200)


def _export(inquiry: Inquiry, export_id: UUID) -> OpenExport:
    found = get_object_or_404(OpenExport, pk=export_id, inquiry=inquiry)
    found.inquiry = inquiry
    return found


@login_required
def inquiry_import_check(request: HttpRequest, inquiry_id: UUID, export_id: UUID) -> HttpResponse:
    """What would come in, and each row that would not, with its line and the reason."""
    inquiry = run_inquiry(request, inquiry_id)
    export = _export(inquiry, export_id)
    if request.method == "POST":
        try:
            brought = services.take_in_open_export(export=export, actor=actor_of(request), now=timezone.now())
        except RuleBroken as error:
            messages.error(request, str(error.public_message))
        else:
            words = {"statements": brought.statements, "votes": brought.votes, "changed": brought.changed}
            text = _("Brought in: statements %(statements)d, votes %(votes)d, changed votes %(changed)d.")
            messages.success(request, text % words)
        return redirect("inquiry_run", inquiry.pk)
    if export.applied_at is not None:
        return redirect("inquiry_run", inquiry.pk)
    context = {
        "inquiry": inquiry,
        "community": inquiry.community,
        "export": export,
        "live": sum(not row[2] for row in export.statements),
        "out": sum(bool(row[2]) for row in export.statements),
        "more": max(0, export.read.get("problems", 0) - len(export.problems)),
        "sample": [row[1] for row in export.statements if not row[2]][:8],
    }
    return render(request, "voices/import_check.html", context)


@login_required
@require_POST
def inquiry_import_drop(request: HttpRequest, inquiry_id: UUID, export_id: UUID) -> HttpResponse:
    inquiry = run_inquiry(request, inquiry_id)
    services.drop_open_export(export=_export(inquiry, export_id), actor=actor_of(request))
    return redirect("inquiry_run", inquiry.pk)


def _readable(request: HttpRequest, inquiry_id: UUID) -> Inquiry:
    found = found_inquiry(inquiry_id)
    if way_in(request, found) is None and not permissions.can_read(request.user, found):
        raise Http404
    return found


@require_safe
def inquiry_results_json(request: HttpRequest, inquiry_id: UUID) -> HttpResponse:
    """To whoever may read the map, what the map says."""
    found = results.results_of(_readable(request, inquiry_id))
    return JsonResponse(found, json_dumps_params={"ensure_ascii": False, "indent": 1})


@require_safe
def inquiry_results_csv(request: HttpRequest, inquiry_id: UUID) -> HttpResponse:
    found = results.as_csv(results.results_of(_readable(request, inquiry_id)))
    response = HttpResponse("\ufeff" + found, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="what-people-think.csv"'
    return response
