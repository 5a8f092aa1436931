"""The demo's doors: one click in, and a look at the mails it would send. Closed everywhere else."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from convene.apps.people.models import Person
from convene.foundation.mail.models import MailMessage
from convene.web.commands import demo

_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")
_LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]"}
_MAILS_A_PAGE = 30


def is_open(request: HttpRequest) -> bool:
    """Only all of it together opens the demo's doors; each gate alone keeps them shut.

    The setting (which a public address forbids), a database begun as a demo, a request of this very
    machine, to a local name, that no proxy handed on.
    """
    return (
        bool(settings.DEMO) and not settings.PUBLIC_ADDRESS and _is_local(request) and demo.is_demo_database()
    )


def _is_local(request: HttpRequest) -> bool:
    if any(name in request.META for name in _FORWARDED):
        return False
    host = request.get_host()
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return address.is_loopback and name in _LOCAL_HOSTS


def _only_in_demo(request: HttpRequest) -> None:
    if not is_open(request):
        raise Http404


@require_safe
@never_cache
def doors(request: HttpRequest) -> HttpResponse:
    _only_in_demo(request)
    return render(request, "demo/doors.html", {"ways": _ways(), "enter_url": reverse("demo_enter")})


def _ways() -> dict[str, dict[str, object]]:
    return {
        role: {
            "title": way.label.capitalize(),
            "says": way.says,
            "button": _("Enter as %(role)s") % {"role": way.label},
            "kind": "primary" if role == "steward" else "secondary",
        }
        for role, way in demo.ENTRIES.items()
    }


@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demo's own people; never as anyone else."""
    _only_in_demo(request)
    entry = demo.ENTRIES.get(request.POST.get("role", ""))
    if entry is None:
        raise Http404
    logout(request)
    if entry.email:
        person = get_object_or_404(Person, email=entry.email, is_demo=True, is_active=True)
        login(request, person)
        messages.success(request, _("You are %(name)s now.") % {"name": person.name})
    return redirect("home")


@require_safe
@never_cache
def mailbox(request: HttpRequest) -> HttpResponse:
    """What would have been mailed; shut as soon as an SMTP server takes the mails to real people."""
    _only_in_demo(request)
    if settings.EMAIL_HOST:
        raise Http404
    wanted = request.GET.get("q", "").strip()
    mails = MailMessage.objects.select_related("person").order_by("-created_at", "-pk")
    if wanted:
        mails = mails.filter(Q(to_address__icontains=wanted) | Q(person__name__icontains=wanted))
    page = Paginator(mails, _MAILS_A_PAGE).get_page(request.GET.get("page"))
    shown = [_shown(mail) for mail in page.object_list]
    return render(request, "demo/mailbox.html", {"mails": shown, "page": page, "wanted": wanted})


def _shown(mail: MailMessage) -> dict[str, object]:
    said = {
        MailMessage.State.SCHEDULED: (_("not yet sent"), "info"),
        MailMessage.State.SENDING: (_("being sent"), "info"),
        MailMessage.State.SENT: (_("sent"), "success"),
        MailMessage.State.FAILED: (_("failed"), "error"),
        MailMessage.State.CANCELLED: (_("stopped before it left"), "neutral"),
    }
    state_said, tone = said[MailMessage.State(mail.state)]
    name = mail.person.name if mail.person else ""
    address = mail.to_address or _("someone who was forgotten")
    return {
        "subject": mail.subject or _("(no subject)"),
        "to": f"{name} <{mail.to_address}>" if name and mail.to_address else address,
        "text": mail.text,
        "send_at": mail.send_at,
        "calendar_method": mail.calendar_method,
        "state_said": state_said,
        "tone": tone,
    }
