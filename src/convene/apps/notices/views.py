"""Notices of a workshop, letters to groups, the mails themselves, and leaving reminders behind."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from convene.apps.communities.models import Community
from convene.apps.notices import permissions, queries, services
from convene.apps.notices.forms import LetterForm, MailForm, NoticeForm
from convene.apps.notices.rules import BY_KIND, PLACEHOLDERS, RULES, NoticeKind
from convene.apps.notices.texts import default_text
from convene.apps.people.models import Person
from convene.apps.workshops.models import Workshop
from convene.foundation.access import links
from convene.foundation.forms import posted
from convene.foundation.mail import services as mail
from convene.foundation.mail.models import MailMessage
from convene.foundation.mail.veil import unveiled, veiled

MAILS_A_PAGE = 50


def _actor(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)  # behind login_required
    return request.user


def _workshop(request: HttpRequest, workshop_id: UUID) -> Workshop:
    """404 for those who may not plan it: that it exists is nobody else's business."""
    workshop = queries.workshop_with_sessions(workshop_id)
    if workshop is None or not permissions.can_edit_notices(_actor(request), workshop):
        raise Http404
    return workshop


@login_required
def workshop_notices(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """Every notice: when, to whom, with which words; and every mail that left or will leave."""
    workshop = _workshop(request, workshop_id)
    custom = queries.custom_texts(workshop.pk)
    notices = [{"rule": rule, "custom": custom.get(rule.kind)} for rule in RULES]
    page = Paginator(queries.mails_about(workshop.pk), MAILS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "notices/list.html", {"workshop": workshop, "notices": notices, "page": page})


@login_required
def notice_edit(request: HttpRequest, workshop_id: UUID, kind: str) -> HttpResponse:
    workshop = _workshop(request, workshop_id)
    if kind not in BY_KIND:
        raise Http404
    rule, custom = BY_KIND[NoticeKind(kind)], queries.custom_text(workshop.pk, NoticeKind(kind))
    subject, text = default_text(rule.kind)
    if custom is not None and custom.text:
        subject, text = custom.subject or subject, custom.text
    initial = {"on": custom is None or custom.on, "subject": subject, "text": text}
    form = NoticeForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        services.edit_notice(
            workshop=workshop, kind=rule.kind, actor=_actor(request), now=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("The notice is kept as you wrote it."))
        return redirect("workshop_notices", workshop.pk)
    context = {"workshop": workshop, "rule": rule, "form": form, "placeholders": PLACEHOLDERS.items()}
    return render(request, "notices/edit.html", context, status=422 if form.is_bound else 200)


@login_required
def letter_new(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    workshop = _workshop(request, workshop_id)
    form = LetterForm(posted(request), initial={"group": "confirmed"})
    if request.method == "POST" and form.is_valid():
        letter = services.write_letter(
            workshop=workshop, actor=_actor(request), now=timezone.now(), **form.cleaned_data
        )
        readers = len(queries.group_readers(workshop, letter.group))
        messages.success(
            request,
            ngettext(
                "One mail leaves in five minutes. Until then you can read, edit and stop it below.",
                "%(n)d mails leave in five minutes. Until then you can read, edit and stop them below.",
                readers,
            )
            % {"n": readers},
        )
        return redirect("workshop_notices", workshop.pk)
    context = {"workshop": workshop, "form": form, "placeholders": PLACEHOLDERS.items()}
    return render(request, "notices/letter.html", context, status=422 if form.is_bound else 200)


def _mail(request: HttpRequest, mail_id: UUID) -> tuple[MailMessage, Workshop]:
    message = get_object_or_404(MailMessage.objects.select_related("person"), pk=mail_id)
    if message.about_id is None:
        raise Http404
    return message, _workshop(request, message.about_id)


@login_required
def mail_read(request: HttpRequest, mail_id: UUID) -> HttpResponse:
    """One mail as it left or will leave; while it is scheduled it can be edited."""
    message, workshop = _mail(request, mail_id)
    waiting = message.state == MailMessage.State.SCHEDULED
    shown = veiled(message.text)
    form = MailForm(posted(request), initial={"subject": message.subject, "text": shown})
    if request.method == "POST" and form.is_valid():
        subject, text = form.cleaned_data["subject"], unveiled(form.cleaned_data["text"], message.text)
        mail.edit_mail(mail_id=message.pk, subject=subject, text=text, actor_id=_actor(request).pk)
        messages.success(request, _("The mail will leave as you wrote it."))
        return redirect("mail_read", message.pk)
    context = {"workshop": workshop, "mail": message, "text": shown, "form": form, "waiting": waiting}
    return render(request, "notices/mail.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def mail_stop(request: HttpRequest, mail_id: UUID) -> HttpResponse:
    message, workshop = _mail(request, mail_id)
    mail.cancel_mail(mail_id=message.pk, actor_id=_actor(request).pk)
    messages.success(request, _("Stopped. This mail does not leave."))
    return redirect("workshop_notices", workshop.pk)


def _opt_out_subject(token: str) -> tuple[Person, Community]:
    try:
        subject, version = links.read("unsubscribe", token)
        person_id, community_id = subject.split(":")
    except (links.BadLink, ValueError) as error:
        raise Http404 from error
    person = get_object_or_404(Person, pk=person_id, link_version=version, erased_at=None)
    return person, get_object_or_404(Community, pk=community_id)


@csrf_exempt  # RFC 8058: the reader's mail service posts here; the signed token is the authority
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """A page with one button; a mail service's one-click POST does the same."""
    person, community = _opt_out_subject(token)
    if request.method == "POST":
        if "back" in request.POST:
            services.opt_in(person_id=person.pk, community_id=community.pk)
        else:
            services.opt_out(person_id=person.pk, community_id=community.pk, now=timezone.now())
    out = queries.has_opted_out(person.pk, community.pk)
    return render(request, "notices/unsubscribe.html", {"community": community, "out": out})
