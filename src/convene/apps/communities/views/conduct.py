"""Conduct reports. Every page that is not for you answers exactly as one that does not exist."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from convene.apps.communities import permissions, queries, services
from convene.apps.communities.conduct_seal import Contents, contents_of, unseal
from convene.apps.communities.forms.more import CloseForm, CodeForm, MessageForm, MoveForm, ReportForm
from convene.apps.communities.models import Community, ConductReport
from convene.apps.communities.queries import conduct as reading
from convene.apps.communities.views.common import attempt, page, person_in
from convene.foundation.access.rate import check_rate

HOUR = 3600
sensitive = sensitive_post_parameters()


@never_cache
@sensitive
@require_http_methods(["GET", "POST"])
def conduct_report(request: HttpRequest, slug: str) -> HttpResponse:
    """For anyone, with or without account or name. The code is shown once, on the answer itself."""
    community = queries.find_community(slug)
    contacts = list(queries.conduct_contacts_of(community))
    form = ReportForm(request.POST or None, contacts=contacts, signed_in=request.user.is_authenticated)
    if request.method == "POST" and contacts and form.is_valid():
        done, reported = attempt(form, lambda: _report(request, community, form))
        if done and reported is not None:
            context = {"community": community, "code": reported.code, "reader": reported.report.contact}
            return render(request, "communities/conduct_sent.html", context)
    context = {"community": community, "contacts": contacts, "form": form}
    return page(request, "conduct_report.html", context, form)


@sensitive_variables()
def _report(request: HttpRequest, community: Community, form: ReportForm) -> services.Reported:
    check_rate(request, "conduct", most=10, seconds=HOUR)
    data = form.cleaned_data
    return services.report_conduct(
        community=community,
        text=data["text"],
        about=data["about"],
        contact_id=UUID(data["contact"]),
        excluded=[UUID(person_id) for person_id in data.get("excluded", [])],
        name=data["name"],
        mail=data["mail"],
        reporter=person_in(request) if data.get("known") else None,
        now=timezone.now(),
    )


# --- the contact's side ----------------------------------------------------


@never_cache
@login_required
@require_http_methods(["GET"])
def conduct_inbox(request: HttpRequest, slug: str) -> HttpResponse:
    """Reports entrusted to me. Who neither is a contact nor has one finds no such page."""
    community = queries.find_community(slug)
    reports = list(reading.entrusted_to(request.user, community.pk))
    if not reports and not permissions.is_conduct_contact(request.user, community.pk):
        raise Http404
    return page(request, "conduct_inbox.html", {"community": community, "reports": reports})


def _entrusted(request: HttpRequest, slug: str, report_id: UUID) -> ConductReport:
    report = reading.entrusted_to(request.user).filter(community__slug=slug, pk=report_id).first()
    if report is None:
        raise Http404
    return report


def _thread(report: ConductReport) -> list[dict[str, object]]:
    return [
        {"from_reporter": message.from_reporter, "text": unseal(message.sealed), "at": message.at}
        for message in report.messages.all()
    ]


def _case(request: HttpRequest, report: ConductReport, **forms_: object) -> HttpResponse:
    contents: Contents = contents_of(report)
    context = {
        "community": report.community,
        "report": report,
        "contents": contents,
        "thread": _thread(report),
        "message_form": MessageForm(),
        "close_form": CloseForm(),
        "is_open": report.state != ConductReport.State.CLOSED,
        **forms_,
    }
    bound = [form for form in forms_.values() if isinstance(form, MessageForm | CloseForm)]
    return page(request, "conduct_case.html", context, *bound)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def conduct_case(request: HttpRequest, slug: str, report_id: UUID) -> HttpResponse:
    """A received report shows its words once its contact presses “open”, which the reporter can see."""
    report = _entrusted(request, slug, report_id)
    if request.method == "POST":
        services.open_report(report=report, now=timezone.now())
        return redirect("conduct_case", slug, report.pk)
    if report.state == ConductReport.State.RECEIVED:
        return page(request, "conduct_unread.html", {"community": report.community, "report": report})
    return _case(request, report)


@never_cache
@sensitive
@login_required
@require_POST
def conduct_reply(request: HttpRequest, slug: str, report_id: UUID) -> HttpResponse:
    report = _entrusted(request, slug, report_id)
    form = MessageForm(request.POST)
    if form.is_valid():
        services.write_to_reporter(report=report, text=form.cleaned_data["text"], now=timezone.now())
        messages.success(request, _("Your message is there for the reporter to read."))
        return redirect("conduct_case", slug, report.pk)
    return _case(request, report, message_form=form)


@never_cache
@login_required
@require_POST
def conduct_take_up(request: HttpRequest, slug: str, report_id: UUID) -> HttpResponse:
    report = _entrusted(request, slug, report_id)
    services.take_up(report=report, now=timezone.now())
    return redirect("conduct_case", slug, report.pk)


@never_cache
@sensitive
@login_required
@require_POST
def conduct_close(request: HttpRequest, slug: str, report_id: UUID) -> HttpResponse:
    report = _entrusted(request, slug, report_id)
    form = CloseForm(request.POST)
    if form.is_valid():
        done, _nothing = attempt(
            form,
            lambda: services.close_report(
                report=report, reason=form.cleaned_data["reason"], now=timezone.now()
            ),
        )
        if done:
            return redirect("conduct_case", slug, report.pk)
    return _case(request, report, close_form=form)


# --- the reporter's side ---------------------------------------------------


@never_cache
@sensitive
@require_http_methods(["GET", "POST"])
def conduct_answers(request: HttpRequest) -> HttpResponse:
    """With the code, which travels in the form and never in an address; or, signed in, one's own."""
    form = CodeForm(request.POST if "code" in request.POST else None)
    report = None
    if request.method == "POST":
        if request.POST.get("own"):
            report = _own_report(request)
        elif form.is_valid():
            report = _by_code(request, form)
        if report is not None:
            return _answered(request, report)
    context = {"form": form, "own": reading.own_reports(request.user)}
    return page(request, "conduct_answers.html", context, form)


def _own_report(request: HttpRequest) -> ConductReport | None:
    for report in reading.own_reports(request.user):
        if str(report.pk) == request.POST.get("own"):
            return report
    raise Http404


def _by_code(request: HttpRequest, form: CodeForm) -> ConductReport | None:
    attempt(form, lambda: check_rate(request, "conduct-code", most=60, seconds=HOUR))
    if form.errors:
        return None
    report = reading.by_code(form.cleaned_data["code"])
    if report is None:
        form.add_error("code", _("No report has this code. Look at it again, letter by letter."))
    return report


def _answered(request: HttpRequest, report: ConductReport) -> HttpResponse:
    """The thread, and what the reporter does there: write, or choose another reader."""
    others = reading.other_contacts(report)
    message = MessageForm(request.POST if "text" in request.POST else None)
    move = MoveForm(request.POST if "move" in request.POST else None, contacts=others)
    now = timezone.now()
    if message.is_bound and message.is_valid():
        services.write_to_contact(report=report, text=message.cleaned_data["text"], now=now)
        message = MessageForm()
    if move.is_bound and move.is_valid():
        contact_id = UUID(move.cleaned_data["contact"])
        done, _nothing = attempt(
            move, lambda: services.choose_other_contact(report=report, contact_id=contact_id, now=now)
        )
        if done:
            return redirect("conduct_answers")
    services.seen_by_reporter(report=report)
    report.refresh_from_db()
    context = {
        "community": report.community,
        "report": report,
        "contents": contents_of(report),
        "thread": _thread(report),
        "code": request.POST.get("code", ""),
        "own": request.POST.get("own", ""),
        "message_form": message,
        "move_form": move,
        "others": others,
    }
    return page(request, "conduct_thread.html", context, message, move)
