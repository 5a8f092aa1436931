"""Inquiries of a session: for the phones in its room, and for those who facilitate."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from convene.apps.rooms.views.shared import led_session, phone_of
from convene.apps.voices import queries
from convene.apps.voices.models import Inquiry


def phone_voices(request: HttpRequest, session_id: UUID | None = None, token: str = "") -> HttpResponse:
    """What one is asked in this room now; by account or by the personal link."""
    phone = phone_of(request, session_id=session_id, token=token)
    rows = [
        (one, _address(one, token)) for one in queries.open_in(phone.session) if _answers(one, token=token)
    ]
    context = {"phone": phone, "workshop": phone.session.workshop, "inquiries": rows}
    return render(request, "voices/phone.html", context)


def _answers(inquiry: Inquiry, *, token: str) -> bool:
    """By link only what the session is asked: a link says nothing about membership."""
    return inquiry.asks == Inquiry.Asks.SESSION or (not token and inquiry.asks == Inquiry.Asks.MEMBERS)


def _address(inquiry: Inquiry, token: str) -> str:
    if token:
        return reverse("inquiry_link", args=[inquiry.pk, token])
    return reverse("inquiry", args=[inquiry.pk])


@login_required
def room_voices(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Of this session, with the way to a new one."""
    session = led_session(request, session_id)
    context = {
        "session": session,
        "workshop": session.workshop,
        "inquiries": list(session.inquiries.order_by("closed_at", "-created_at")),
        "new": f"{reverse('inquiry_new', args=[session.workshop.community.slug])}?session={session.pk}",
    }
    return render(request, "voices/room.html", context)
