"""The states of a registration, and every step between them that exists."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    SUBMITTED = "submitted", _("submitted")
    NEEDS_APPROVAL = "needs_approval", _("waiting for approval")
    APPROVED = "approved", _("approved")
    DECLINED_BY_APPROVER = "declined_by_approver", _("not approved")
    POOLED = "pooled", _("in the draw")
    WAITLISTED = "waitlisted", _("on the waiting list")
    RESERVE = "reserve", _("not drawn")
    OFFERED = "offered", _("seat offered")
    CONFIRMED = "confirmed", _("seat confirmed")
    DECLINED = "declined", _("offer declined")
    EXPIRED = "expired", _("offer expired")
    WITHDRAWN = "withdrawn", _("withdrawn")
    CANCELLED_EARLY = "cancelled_early", _("cancelled")
    CANCELLED_LATE = "cancelled_late", _("cancelled late")
    VOIDED = "voided", _("workshop cancelled")


HOLDING = ("offered", "confirmed")
"""States that hold a seat."""
WAITING = ("waitlisted", "reserve")
"""States a seat may be offered to. Nobody here still needs approval: that gate comes first."""
LIVE = ("submitted", "needs_approval", "approved", "pooled", "waitlisted", "reserve", "offered", "confirmed")
"""States that may still become or are a seat; one a person and workshop."""


class Kind(TextChoices):
    OPEN = "open", _("open")
    FIRST_COME = "first_come", _("first come")
    APPROVAL = "approval", _("approval")
    INVITATION = "invitation", _("invitation")
    DRAW = "draw", _("draw")


class PoolWho(TextChoices):
    EVERYONE = "everyone", _("everyone")
    CORE = "core", _("core members")
    MEMBERS = "members", _("members")
    OUTSIDERS = "outsiders", _("people who are not members")
    ORGANISATION = "organisation", _("members from one organisation")


class Reason(TextChoices):
    """Why a seat moved; a movement keeps it, the page words it."""

    ASKED = "asked", _("You asked for a seat.")
    BY_HAND = "by_hand", _("A steward wrote you down.")
    AT_THE_DOOR = "at_the_door", _("You came to the door and a seat was free.")
    IMPORTED = "imported", _("Taken over from a list.")
    SEAT_FREE = "seat_free", _("A seat was free.")
    FULL = "full", _("All seats were taken; others may have been waiting already.")
    AFTER_DRAW = (
        "after_draw",
        _("A seat that is free after the draw goes to those with whom all targets hold."),
    )
    APPROVAL_FIRST = "approval_first", _("Someone reads each request before a seat is given.")
    APPROVED = "approved", _("Your request was approved.")
    REFUSED = "refused", _("Your request was not approved.")
    ENTERED_DRAW = "entered_draw", _("Your request waits for the draw.")
    DRAWN = "drawn", _("You were drawn.")
    NOT_DRAWN = "not_drawn", _("You were not drawn, and stand on the reserve list.")
    SEAT_FREED = "seat_freed", _("A seat became free and you were next.")
    SEATS_ADDED = "seats_added", _("Seats were added and you were next.")
    POOL_MERGED = "pool_merged", _("Seats kept for others were opened to everyone, and you were next.")
    YES = "yes", _("You said that you will be there.")
    NO = "no", _("You said that you cannot come.")
    DEADLINE_PASSED = "deadline_passed", _("No answer came before the deadline, so the seat went on.")
    WITHDREW = "withdrew", _("You left the list.")
    CANCELLED = "cancelled", _("You gave your seat back.")
    BY_STEWARD = "by_steward", _("A steward ended this registration.")
    PERSON_LEFT = "person_left", _("The person left this site.")
    TIME_CHANGED = "time_changed", _("The time changed, so the choice is yours again.")
    WORKSHOP_CANCELLED = "workshop_cancelled", _("It was cancelled.")


_S, _R = State, Reason
_BEGIN = frozenset({_R.ASKED, _R.BY_HAND, _R.AT_THE_DOOR, _R.IMPORTED})
_PLACE_FREE = frozenset({_R.SEAT_FREE})
_NEXT = frozenset({_R.SEAT_FREED, _R.SEATS_ADDED, _R.POOL_MERGED, _R.AT_THE_DOOR})
_LEAVE = frozenset({_R.WITHDREW, _R.BY_STEWARD, _R.PERSON_LEFT})
_GIVE_BACK = frozenset({_R.CANCELLED, _R.BY_STEWARD, _R.PERSON_LEFT})
_VOID = frozenset({_R.WORKSHOP_CANCELLED})

MOVES: Mapping[tuple[str, str], frozenset[Reason]] = {
    ("", _S.SUBMITTED): _BEGIN,
    (_S.SUBMITTED, _S.NEEDS_APPROVAL): frozenset({_R.APPROVAL_FIRST}),
    (_S.SUBMITTED, _S.APPROVED): frozenset({_R.APPROVED}),
    (_S.SUBMITTED, _S.CONFIRMED): _PLACE_FREE,
    (_S.SUBMITTED, _S.OFFERED): frozenset({_R.AT_THE_DOOR}),
    (_S.SUBMITTED, _S.WAITLISTED): frozenset({_R.FULL, _R.AFTER_DRAW}),
    (_S.SUBMITTED, _S.POOLED): frozenset({_R.ENTERED_DRAW}),
    (_S.NEEDS_APPROVAL, _S.APPROVED): frozenset({_R.APPROVED, _R.AT_THE_DOOR}),
    (_S.NEEDS_APPROVAL, _S.DECLINED_BY_APPROVER): frozenset({_R.REFUSED}),
    (_S.APPROVED, _S.CONFIRMED): _PLACE_FREE,
    (_S.APPROVED, _S.OFFERED): frozenset({_R.SEAT_FREE, _R.AT_THE_DOOR}),
    (_S.APPROVED, _S.WAITLISTED): frozenset({_R.FULL, _R.AFTER_DRAW}),
    (_S.APPROVED, _S.POOLED): frozenset({_R.ENTERED_DRAW}),
    (_S.POOLED, _S.OFFERED): frozenset({_R.DRAWN, _R.AT_THE_DOOR}),
    (_S.POOLED, _S.RESERVE): frozenset({_R.NOT_DRAWN}),
    (_S.WAITLISTED, _S.OFFERED): _NEXT,
    (_S.RESERVE, _S.OFFERED): _NEXT,
    (_S.OFFERED, _S.CONFIRMED): frozenset({_R.YES, _R.AT_THE_DOOR, _R.BY_HAND}),
    (_S.OFFERED, _S.DECLINED): frozenset({_R.NO, _R.BY_STEWARD, _R.PERSON_LEFT}),
    (_S.OFFERED, _S.EXPIRED): frozenset({_R.DEADLINE_PASSED}),
    (_S.CONFIRMED, _S.CANCELLED_EARLY): _GIVE_BACK,
    (_S.CONFIRMED, _S.CANCELLED_LATE): _GIVE_BACK,
    (_S.CONFIRMED, _S.OFFERED): frozenset({_R.TIME_CHANGED}),
    **{
        (before, _S.WITHDRAWN): _LEAVE
        for before in (_S.SUBMITTED, _S.NEEDS_APPROVAL, _S.APPROVED, _S.POOLED, _S.WAITLISTED, _S.RESERVE)
    },
    **{(before, _S.VOIDED): _VOID for before in LIVE},
}
"""Every step that exists, with the reasons it can have. What is not here cannot happen."""


def is_legal(before: str, after: str, reason: str) -> bool:
    return reason in MOVES.get((before, after), frozenset())


def check_move(before: str, after: str, reason: str) -> None:
    """Raises ValueError: a step outside the graph is a bug of ours, never the fault of who asked."""
    if not is_legal(before, after, reason):
        raise ValueError(f"no seat moves {before or 'new'} -> {after} because {reason}")


_STATE_TEXTS: Mapping[str, Promise] = {
    State.SUBMITTED: _("Your request is in."),
    State.NEEDS_APPROVAL: _("Your request is with the people who decide. You will get a mail either way."),
    State.APPROVED: _("Your request was approved."),
    State.DECLINED_BY_APPROVER: _("Your request was not approved."),
    State.POOLED: _("You are in the draw. You will get a mail with the result and the reason."),
    State.WAITLISTED: _("You are on the waiting list. If a seat becomes free for you, you get a mail."),
    State.RESERVE: _("You were not drawn this time. You stand on the reserve list."),
    State.OFFERED: _("A seat is held for you. Will you be there?"),
    State.CONFIRMED: _("Your seat is confirmed."),
    State.DECLINED: _("You passed the seat on. Thank you for saying so."),
    State.EXPIRED: _("The time to answer has passed and the seat went to someone else."),
    State.WITHDRAWN: _("You left the list."),
    State.CANCELLED_EARLY: _("You gave your seat back. Thank you for saying so in time."),
    State.CANCELLED_LATE: _("You gave your seat back shortly before the start. Thank you for saying so."),
    State.VOIDED: _("This was cancelled, so there is nothing left to do."),
}


def state_text(state: str) -> Promise:
    """What the person reads about where their registration stands."""
    return _STATE_TEXTS[state]
