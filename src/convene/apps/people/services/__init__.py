"""The only writers of this app's rows."""

from convene.apps.people.services.consents import give_consent, withdraw_consent
from convene.apps.people.services.erasing import erase_person, forget_spent_mail, sign_out_everywhere
from convene.apps.people.services.needs import (
    forget_expired_needs,
    record_access_need,
    remove_access_need,
    show_access_needs,
)
from convene.apps.people.services.people import (
    confirm_address,
    find_or_make_person,
    make_person_without_address,
    update_profile,
)

__all__ = [
    "confirm_address",
    "erase_person",
    "find_or_make_person",
    "forget_expired_needs",
    "forget_spent_mail",
    "give_consent",
    "make_person_without_address",
    "record_access_need",
    "remove_access_need",
    "show_access_needs",
    "sign_out_everywhere",
    "update_profile",
    "withdraw_consent",
]
