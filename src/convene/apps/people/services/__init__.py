"""The only writers of this app's rows."""

from convene.apps.people.services.consents import give_consent, withdraw_consent
from convene.apps.people.services.needs import (
    forget_expired_needs,
    record_access_need,
    remove_access_need,
    show_access_needs,
)
from convene.apps.people.services.people import find_or_make_person, update_profile

__all__ = [
    "find_or_make_person",
    "forget_expired_needs",
    "give_consent",
    "record_access_need",
    "remove_access_need",
    "show_access_needs",
    "update_profile",
    "withdraw_consent",
]
