"""One's own record: what I attended, how you know, “this is wrong”, the certificate, three questions."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from convene.apps.attendance import certificates, queries, services
from convene.apps.attendance.forms import ContestForm, FeedbackForm
from convene.apps.attendance.views.shared import actor_of, linked_registration
from convene.apps.people.models import Person
from convene.apps.seats.links import registration_path
from convene.apps.seats.models import Registration
from convene.apps.workshops.models import Session
from convene.foundation.errors import RuleBroken
from convene.foundation.forms import posted


@login_required
def my_record(request: HttpRequest) -> HttpResponse:
    entries = queries.record_of(actor_of(request), now=timezone.now())
    return render(request, "attendance/record.html", {"entries": entries, "whole": True})


def record_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The record of one workshop, for someone without an account."""
    registration = linked_registration("record", token)
    entries = queries.record_of(registration.person, now=timezone.now(), registration_id=registration.pk)
    return render(request, "attendance/record.html", {"entries": entries, "whole": False, "token": token})


def _own(request: HttpRequest, registration_id: UUID) -> tuple[Registration, Person, str]:
    """The registration, for its own person: signed in, or with the signed link in `t`."""
    token = request.POST.get("t") or request.GET.get("t") or ""
    if token:
        registration = linked_registration("record", token)
        if registration.pk != registration_id:
            raise Http404
        return registration, registration.person, token
    if not isinstance(request.user, Person):
        raise Http404
    found = Registration.objects.select_related("workshop__community", "person")
    return get_object_or_404(found, pk=registration_id, person=request.user), request.user, ""


def contest_new(request: HttpRequest, registration_id: UUID, session_id: UUID) -> HttpResponse:
    """“This is wrong”."""
    registration, person, token = _own(request, registration_id)
    session = get_object_or_404(Session, pk=session_id, workshop_id=registration.workshop_id)
    form = ContestForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.contest(
                registration=registration,
                session=session,
                actor=person,
                now=timezone.now(),
                **form.cleaned_data,
            )
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.public_message))
        else:
            messages.success(request, _("Thank you. A steward decides, and you see the answer here."))
            return redirect("record_by_link", token) if token else redirect("my_record")
    context = {"registration": registration, "session": session, "form": form, "token": token}
    context["workshop"] = registration.workshop
    return render(request, "attendance/contest.html", context, status=422 if form.errors else 200)


@require_POST
def apologies(request: HttpRequest, registration_id: UUID, session_id: UUID) -> HttpResponse:
    """I cannot come to this one of several sessions."""
    registration, _person, token = _own(request, registration_id)
    session = get_object_or_404(Session, pk=session_id, workshop_id=registration.workshop_id)
    services.apologise(registration=registration, session=session, now=timezone.now())
    messages.success(request, _("Thank you for telling us."))
    if token:
        return redirect("record_by_link", token)
    return redirect(registration_path(registration))


def certificate(request: HttpRequest, registration_id: UUID) -> HttpResponse:
    """A page to print; only for those who came."""
    registration, person, token = _own(request, registration_id)
    content = certificates.content_of(registration, person)
    context = {"certificate": content, "registration": registration, "token": token}
    return render(request, "attendance/certificate.html", context | {"pdf": certificates.can_make_pdf()})


def certificate_pdf(request: HttpRequest, registration_id: UUID) -> HttpResponse:
    registration, person, _token = _own(request, registration_id)
    content = certificates.content_of(registration, person)
    if not certificates.can_make_pdf():
        raise Http404
    response = HttpResponse(certificates.pdf(content), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="certificate-{str(registration.pk)[:8]}.pdf"'
    return response


def feedback(request: HttpRequest, token: str) -> HttpResponse:
    """Three questions, without a name."""
    registration = linked_registration("feedback", token)
    form = FeedbackForm(posted(request))
    given = queries.has_given_feedback(registration.pk)
    if request.method == "POST" and form.is_valid() and not given:
        try:
            services.give_feedback(registration=registration, now=timezone.now(), **form.cleaned_data)
        except RuleBroken as error:
            form.add_error(None, str(error.public_message))
        else:
            given = True
    context = {"workshop": registration.workshop, "form": form, "given": given}
    return render(
        request, "attendance/feedback.html", context, status=422 if form.errors and not given else 200
    )
