"""The words of each notice until a steward changes them. Called under the reader's language."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from convene.apps.notices.rules import NoticeKind

Text = tuple[str, str]


def default_text(kind: NoticeKind) -> Text:
    """Subject and body, with {placeholders}, in the active language; empty for what its writer words."""
    return _TEXTS[kind]() if kind in _TEXTS else ("", "")


def _seat_requested() -> Text:
    return _("We have your request: {title}"), _(
        "Hello {name},\n\nyou asked for a seat in “{title}”. Your request is with us; you will hear from us "
        "either way.\n\nWhen: {when}\n\nSee where it stands, or withdraw it:\n{link}"
    )


def _approval_asked() -> Text:
    return _("A request waits for your answer: {title}"), _(
        "Hello {name},\n\n{asker} asks for a seat in “{title}” of {community}, and you approve these "
        "requests.\n\nWhen: {when}\n\nPlease answer here, yes or no; you need no account:\n{link}"
    )


def _seat_waitlisted() -> Text:
    return _("You are on the waiting list: {title}"), _(
        "Hello {name},\n\nall seats of “{title}” are taken at the moment. You are on the waiting list.\n"
        "Your place: {place_in_line}\n\nWhen: {when}\n\nWhen a seat frees and it is your turn, we offer "
        "it to you by mail. See your place, or leave the list:\n{link}"
    )


def _seat_offered() -> Text:
    return _("A seat for you: {title}"), _(
        "Hello {name},\n\nthere is a seat for you in “{title}”.\n\nWhen: {when}\nWhere: {where}\n\n"
        "Please say “I'll be there” by {deadline}; after that the seat goes to the next person.\n"
        "If you like, tell us: {question}\n\nAnswer here:\n{link}"
    )


def _offer_ending() -> Text:
    return _("Still held for you until {deadline}: {title}"), _(
        "Hello {name},\n\nthe seat in “{title}” is held for you until {deadline}. One click is enough, "
        "for yes and for no:\n{link}"
    )


def _offer_expired() -> Text:
    return _("The seat has moved on: {title}"), _(
        "Hello {name},\n\nwe did not hear from you in time, so the seat in “{title}” went to the next "
        "person. No harm done: this counts for nothing.\n\nIf you would still like to come, ask again; you "
        "would join the end of the list:\n{link}"
    )


def _seat_confirmed() -> Text:
    return _("You have a seat: {title}"), _(
        "Hello {name},\n\nyour seat in “{title}” is confirmed.\n\nWhen: {when}\nWhere: {where}\n\nThe "
        "calendar entry comes with this mail and moves when the session moves.\n\nShould something come "
        "up, please give the seat back here, so that someone else can have it:\n{link}"
    )


def _seat_refused() -> Text:
    return _("About your request: {title}"), _(
        "Hello {name},\n\nyour request for a seat in “{title}” was not approved.\nThe reason: {reason}\n\n"
        "See what is open besides:\n{link}"
    )


def _draw_sealed() -> Text:
    return _("The draw is sealed: {title}"), _(
        "Hello {name},\n\nentries for “{title}” are closed, and the draw is sealed: all possible results "
        "are fixed, and nobody knows yet which it will be. This is the fingerprint of all of it:\n"
        "{fingerprint}\n\nKeep this mail. Should anything be changed from now on, the fingerprint would no "
        "longer fit.\n\nWhat decides: {chance}\n\nWhat is published, and how to check it afterwards:\n"
        "{draw}\n\nYour own page:\n{link}"
    )


def _witness_named() -> Text:
    return _("Please be a witness of a draw: {title}"), _(
        "Hello {name},\n\nif more people ask for “{title}” of {community} than there are seats, the seats "
        "are drawn. You are asked to be one of the witnesses whose values decide, so that nobody alone "
        "can.\n\nNow: think of a value nobody can guess, and hand in only its seal.\nUntil: {deadline}\n"
        "Later: reveal the value. We write to you when it is time.\n\nYou need no account:\n{link}"
    )


def _witness_called() -> Text:
    return _("Please reveal your value: {title}"), _(
        "Hello {name},\n\nthe draw of “{title}” is sealed, with the fingerprint\n{fingerprint}\n\nPlease "
        "reveal the value that you sealed, by {deadline}. A value that is not revealed by then is left "
        "out.\n\nReveal it here; you need no account:\n{link}\n\nWhat everyone reads:\n{draw}"
    )


def _seat_not_drawn() -> Text:
    return _("The draw: {title}"), _(
        "Hello {name},\n\nmore people asked for “{title}” than there are seats, so they were drawn. You were "
        "not drawn this time. You are on the reserve list: when a seat frees, it is drawn anew among those "
        "waiting.\n\nWhy this result, with your chance, and what it counts for next time:\n{link}"
    )


def _seat_cancelled() -> Text:
    return _("Your seat is given back: {title}"), _(
        "Hello {name},\n\nyou no longer have a seat in “{title}”. Thank you for telling us: someone else "
        "can have it now. The entry leaves your calendar.\n\n{link}"
    )


def _choice_reopened() -> Text:
    return _("New time: {title}"), _(
        "Hello {name},\n\n“{title}” has a new time.\n\nNow: {when}\nWhere: {where}\n\nYour seat is held for "
        "you until {deadline}. Please say whether the new time works; if it does not, that is no "
        "late cancellation:\n{link}"
    )


def _time_changed() -> Text:
    return _("New time: {title}"), _(
        "Hello {name},\n\n“{title}” has a new time.\n\nNow: {when}\nWhere: {where}\n\n{link}"
    )


def _details_changed() -> Text:
    return _("Changed: {title}"), _(
        "Hello {name},\n\nsomething about “{title}” has changed; the time stays.\n\nWhen: {when}\n"
        "Where: {where}\n\n{link}"
    )


def _session_removed() -> Text:
    return _("One session less: {title}"), _(
        "Hello {name},\n\nthis session of “{title}” will not take place:\n{when}\n\nThe others stay. The "
        "entry leaves your calendar.\n\n{link}"
    )


def _workshop_cancelled() -> Text:
    return _("Cancelled: {title}"), _(
        "Hello {name},\n\n“{title}” will not take place.\nThe reason: {reason}\n\nThe entry leaves your "
        "calendar. We are sorry for the trouble.\n\n{link}"
    )


def _workshop_postponed() -> Text:
    return _("Postponed: {title}"), _(
        "Hello {name},\n\n“{title}” will not take place at its time; a new one is being looked for.\n"
        "The reason: {reason}\n\nYou keep your place, and choose again when the new time is known.\n\n{link}"
    )


def _reminder_day() -> Text:
    return _("Tomorrow: {title}"), _(
        "Hello {name},\n\n“{title}” begins {when}.\nWhere: {where}\n\nEverything about it, and the button to "
        "give your seat back:\n{link}"
    )


def _reminder_hour() -> Text:
    return _("In an hour: {title}"), _(
        "Hello {name},\n\n“{title}” begins {when}.\nWhere: {where}\nYour own way in: {join}\n\n{link}"
    )


def _session_over() -> Text:
    return _("Thank you for being there: {title}"), _(
        "Hello {name},\n\nthank you for being part of “{title}”.\n\nThe notes; for five days you can put "
        "your own words right: {notes}\n\nPeople you met, and whom you have not met yet: {met}\n\nYour seat, "
        "and what comes next:\n{link}"
    )


def _debrief_due() -> Text:
    return _("How did it go? {title}"), _(
        "Hello {name},\n\nthank you for holding “{title}”.\n\nFour short fields while it is fresh: what "
        "worked, what to change, what people can do now, how long you prepared:\n{debrief}\n\nThe notes, and "
        "what is asked to be put right in them: {notes}"
    )


def _afterwards() -> Text:
    return _("How was it? {title}"), _(
        "Hello {name},\n\nthank you for being part of “{title}”.\n\nThree questions, one minute, without "
        "your name:\n{feedback}\n\nYour record of it:\n{link}"
    )


def _calendar_declined() -> Text:
    return _("Will you give your seat back? {title}"), _(
        "Hello {name},\n\nyour calendar told us that you cannot come to “{title}”. We do not move a seat on "
        "a calendar’s word alone. If it is so, please press the button here, and someone else can have "
        "it:\n{link}"
    )


def _facilitator_calendar() -> Text:
    return _("You lead: {title}"), _(
        "Hello {name},\n\nthank you for leading “{title}”. Here is the calendar entry.\n\nWhen: {when}\n"
        "Where: {where}\n\nThe plan:\n{link}"
    )


def _session_calendar() -> Text:
    return _("For your calendar: {title}"), _(
        "Hello {name},\n\n“{title}” has several sessions; this one belongs to your seat too.\n\n"
        "When: {when}\nWhere: {where}\n\n{link}"
    )


_TEXTS: dict[NoticeKind, Callable[[], Text]] = {
    NoticeKind.SEAT_REQUESTED: _seat_requested,
    NoticeKind.APPROVAL_ASKED: _approval_asked,
    NoticeKind.SEAT_WAITLISTED: _seat_waitlisted,
    NoticeKind.SEAT_OFFERED: _seat_offered,
    NoticeKind.OFFER_ENDING: _offer_ending,
    NoticeKind.OFFER_EXPIRED: _offer_expired,
    NoticeKind.SEAT_CONFIRMED: _seat_confirmed,
    NoticeKind.SEAT_REFUSED: _seat_refused,
    NoticeKind.DRAW_SEALED: _draw_sealed,
    NoticeKind.WITNESS_NAMED: _witness_named,
    NoticeKind.WITNESS_CALLED: _witness_called,
    NoticeKind.SEAT_NOT_DRAWN: _seat_not_drawn,
    NoticeKind.SEAT_CANCELLED: _seat_cancelled,
    NoticeKind.CHOICE_REOPENED: _choice_reopened,
    NoticeKind.TIME_CHANGED: _time_changed,
    NoticeKind.DETAILS_CHANGED: _details_changed,
    NoticeKind.SESSION_REMOVED: _session_removed,
    NoticeKind.WORKSHOP_CANCELLED: _workshop_cancelled,
    NoticeKind.WORKSHOP_POSTPONED: _workshop_postponed,
    NoticeKind.REMINDER_DAY: _reminder_day,
    NoticeKind.REMINDER_HOUR: _reminder_hour,
    NoticeKind.SESSION_OVER: _session_over,
    NoticeKind.DEBRIEF_DUE: _debrief_due,
    NoticeKind.AFTERWARDS: _afterwards,
    NoticeKind.CALENDAR_DECLINED: _calendar_declined,
    NoticeKind.FACILITATOR_CALENDAR: _facilitator_calendar,
    NoticeKind.SESSION_CALENDAR: _session_calendar,
}
