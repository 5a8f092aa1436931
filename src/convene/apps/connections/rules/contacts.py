"""What may be shared as a contact, and how two people make one row. Pure."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from convene.foundation.errors import RuleBroken

LONGEST = 200


def clean_contact(text: str) -> str:
    """One line. Raises RuleBroken when it is empty or too long."""
    cleaned = " ".join(text.split())
    if not cleaned:
        raise RuleBroken(
            _("Write how people can reach you: a mail address, a number, a page."),
            code="no_contact_text",
            field="contact",
        )
    if len(cleaned) > LONGEST:
        raise RuleBroken(_("Please keep it to 200 characters."), code="contact_too_long", field="contact")
    return cleaned


def check_may_ask(*, met: bool, has_contact: bool) -> None:
    if not met:
        raise RuleBroken(_("You can exchange contacts with people you met."), code="not_met")
    if not has_contact:
        raise RuleBroken(_("First say which contact you share."), code="no_contact", field="contact")


def in_order(one: UUID, other: UUID) -> tuple[UUID, UUID]:
    return (one, other) if one < other else (other, one)
