"""The only writers of this app's rows."""

from convene.apps.voices.services.bringing import (
    Brought,
    drop_open_export,
    forget_old_exports,
    start_open_export,
    take_in_open_export,
)
from convene.apps.voices.services.releasing import release, release_what_is_full
from convene.apps.voices.services.running import (
    Terms,
    accept_statement,
    add_seeds,
    ask_everyone,
    close_due,
    close_inquiry,
    make_inquiry,
    make_invitations,
    mark_open_question,
    plan_topic,
    take_out,
)
from convene.apps.voices.services.voting import cast, forget, say, take_back, use_invitation

__all__ = [
    "Brought",
    "Terms",
    "accept_statement",
    "add_seeds",
    "ask_everyone",
    "cast",
    "close_due",
    "close_inquiry",
    "drop_open_export",
    "forget",
    "forget_old_exports",
    "make_inquiry",
    "make_invitations",
    "mark_open_question",
    "plan_topic",
    "release",
    "release_what_is_full",
    "say",
    "start_open_export",
    "take_back",
    "take_in_open_export",
    "take_out",
    "use_invitation",
]
