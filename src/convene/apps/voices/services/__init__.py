"""The only writers of this app's rows."""

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
    "Terms",
    "accept_statement",
    "add_seeds",
    "ask_everyone",
    "cast",
    "close_due",
    "close_inquiry",
    "forget",
    "make_inquiry",
    "make_invitations",
    "mark_open_question",
    "plan_topic",
    "release",
    "release_what_is_full",
    "say",
    "take_back",
    "take_out",
    "use_invitation",
]
