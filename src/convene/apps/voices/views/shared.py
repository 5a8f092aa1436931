"""Who asks: by account, by a personal link, or by an invitation that their browser keeps."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from convene.apps.attendance.views.shared import linked_seat
from convene.apps.people.models import Person
from convene.apps.voices import keys, permissions, queries
from convene.apps.voices.keys import Voter
from convene.apps.voices.models import Inquiry

_SALT = "convene.voices.invitation"
_DAYS = 400


def actor_of(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)  # behind login_required
    return request.user


def found_inquiry(inquiry_id: UUID) -> Inquiry:
    inquiry = queries.inquiry_of(inquiry_id)
    if inquiry is None:
        raise Http404
    return inquiry


def run_inquiry(request: HttpRequest, inquiry_id: UUID) -> Inquiry:
    """For those who run it; 404 for everyone else."""
    inquiry = found_inquiry(inquiry_id)
    if not permissions.can_run(request.user, inquiry):
        raise Http404
    return inquiry


@dataclass(frozen=True)
class Way:
    """A voter's way in. `anonymous`: by an invitation; else their keys are made from who they are."""

    inquiry: Inquiry
    voter: Voter
    token: str = ""
    anonymous: bool = False

    @property
    def address(self) -> str:
        if self.token:
            return reverse("inquiry_link", args=[self.inquiry.pk, self.token])
        return reverse("inquiry", args=[self.inquiry.pk])


def way_in(request: HttpRequest, inquiry: Inquiry, token: str = "") -> Way | None:
    """How this browser may answer, or None. A draft is answered by nobody."""
    if inquiry.state == Inquiry.State.DRAFT:
        return None
    if token:
        registration, session = linked_seat(token)
        if inquiry.session_id != session.pk or registration.state != registration.State.CONFIRMED:
            raise Http404
        return Way(inquiry, keys.of_person(registration.person_id, inquiry.salt), token)
    secret = request.get_signed_cookie(_cookie(inquiry), default=None, salt=_SALT)
    if secret:
        return Way(inquiry, keys.of_secret(secret, inquiry.salt), anonymous=True)
    if isinstance(request.user, Person) and permissions.can_answer(request.user, inquiry):
        return Way(inquiry, keys.of_person(request.user.pk, inquiry.salt))
    return None


def keep_secret(request: HttpRequest, response: HttpResponse, inquiry: Inquiry, secret: str) -> None:
    """In this browser alone, for this inquiry's pages alone."""
    response.set_signed_cookie(
        _cookie(inquiry),
        secret,
        salt=_SALT,
        max_age=_DAYS * 86_400,
        path=reverse("inquiry", args=[inquiry.pk]),
        httponly=True,
        secure=request.is_secure(),
        samesite="Lax",
    )


def _cookie(inquiry: Inquiry) -> str:
    return f"voice-{inquiry.pk.hex[:12]}"
