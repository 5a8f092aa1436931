"""The only writers of this app's rows."""

from convene.apps.workshops.services.facilitation import (
    answer_facilitation,
    invite_facilitator,
    withdraw_facilitator,
)
from convene.apps.workshops.services.planning import (
    SessionPlan,
    add_session,
    change_sessions,
    create_workshop,
    remove_session,
    update_workshop,
)
from convene.apps.workshops.services.publishing import (
    cancel_workshop,
    mark_held,
    postpone_workshop,
    publish_workshop,
)

__all__ = [
    "SessionPlan",
    "add_session",
    "answer_facilitation",
    "cancel_workshop",
    "change_sessions",
    "create_workshop",
    "invite_facilitator",
    "mark_held",
    "postpone_workshop",
    "publish_workshop",
    "remove_session",
    "update_workshop",
    "withdraw_facilitator",
]
