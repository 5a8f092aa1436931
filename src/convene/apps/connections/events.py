"""What happens between people who met. That one of two said yes is no event: nobody may read it anywhere."""

from __future__ import annotations

from dataclasses import dataclass

from convene.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class ContactsExchanged(Event):
    """Both said yes. `subject_id` is the exchange's."""

    name = "contacts_exchanged"
