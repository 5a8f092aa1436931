"""The signed link by which someone without an account confirms that they asked for a session."""

from __future__ import annotations

from uuid import UUID

from convene.apps.capabilities.models import SessionRequest
from convene.foundation.access import links
from convene.foundation.mail.urls_absolute import absolute_to

PURPOSE = "session-request"


def confirm_url(request: SessionRequest) -> str:
    return absolute_to("need_confirm", links.sign(PURPOSE, request.pk))


def request_of(token: str) -> SessionRequest:
    """Raises BadLink when the token is damaged, or its request was forgotten."""
    subject_id, _version = links.read(PURPOSE, token)
    request = SessionRequest.objects.select_related("community", "need").filter(pk=UUID(subject_id)).first()
    if request is None:
        raise links.BadLink(PURPOSE)
    return request
