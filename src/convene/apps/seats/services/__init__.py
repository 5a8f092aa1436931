"""The only place where seats move. Each function is one transaction under the lock of a workshop."""

from convene.apps.seats.services.answers import cancel, confirm_offer, decline_offer, person_leaves
from convene.apps.seats.services.changes import expire_offers, reopen_choices, void_workshop
from convene.apps.seats.services.copying import copy_policy
from convene.apps.seats.services.decisions import approve_request, decline_request
from convene.apps.seats.services.draws import finish_draw, freeze_due_draws, freeze_entries, start_draw
from convene.apps.seats.services.offers import offer_next
from convene.apps.seats.services.policies import (
    PolicyTerms,
    PoolTerms,
    change_capacity,
    ensure_policy,
    give_default_seats,
    merge_pools,
    open_waiting_lists,
    set_policy,
    terms_of,
)
from convene.apps.seats.services.requests import register_by_hand, request_seat, walk_in
from convene.apps.seats.services.targets import TargetTerms, fault_now, relax_targets, set_targets

__all__ = [
    "PolicyTerms",
    "PoolTerms",
    "TargetTerms",
    "approve_request",
    "cancel",
    "change_capacity",
    "confirm_offer",
    "copy_policy",
    "decline_offer",
    "decline_request",
    "ensure_policy",
    "expire_offers",
    "fault_now",
    "finish_draw",
    "freeze_due_draws",
    "freeze_entries",
    "give_default_seats",
    "merge_pools",
    "offer_next",
    "open_waiting_lists",
    "person_leaves",
    "register_by_hand",
    "relax_targets",
    "reopen_choices",
    "request_seat",
    "set_policy",
    "set_targets",
    "start_draw",
    "terms_of",
    "void_workshop",
    "walk_in",
]
