"""What is off until it is needed, the moment that offers it, and what it does."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class FeatureName(StrEnum):
    WAITING_LIST = "waiting_list"
    DRAW = "draw"
    POOLS = "pools"
    APPROVAL = "approval"
    OPEN_DOOR = "open_door"
    SERIES = "series"
    NEEDS = "needs"
    STAKEHOLDERS = "stakeholders"
    APPLICATIONS = "applications"
    TRAITS = "traits"
    CONNECTIONS = "connections"
    CAPABILITY = "capability"


@dataclass(frozen=True)
class About:
    """`does`: one sentence for the settings page. `moment`: why it is offered now; empty for what is only
    ever switched on by hand."""

    label: Promise
    does: Promise
    moment: Promise | str = ""


ABOUT: dict[FeatureName, About] = {
    FeatureName.WAITING_LIST: About(
        _("Waiting list"),
        _("Who finds a session full can wait; a seat that comes free is offered to the next in line."),
        _("A session filled up. Shall the next who ask be able to wait for a seat?"),
    ),
    FeatureName.DRAW: About(
        _("Draw"),
        _("Seats are drawn from all who asked by a date, by a rule that everyone can check."),
        _("More people asked than there were seats, twice now. A draw treats slow and fast readers alike."),
    ),
    FeatureName.POOLS: About(
        _("Pools"),
        _("Some seats are kept for one kind of participant until a time you name."),
    ),
    FeatureName.APPROVAL: About(
        _("Approval"),
        _("A person you name, or their deputy, says yes or no to each request, with a reason."),
    ),
    FeatureName.OPEN_DOOR: About(
        _("Open door"),
        _("Your public page tells people from outside what they can come to and how to ask for more."),
        _("Somebody from outside asked for a session. An open door shows people like them the way in."),
    ),
    FeatureName.SERIES: About(
        _("Series"),
        _("A workshop that repeats: every week, every fortnight, every third Wednesday."),
        _("You held the same workshop again. A series saves you planning it each time."),
    ),
    FeatureName.NEEDS: About(
        _("Needs"),
        _("What people want to learn: members' wishes and requests from outside, merged and counted."),
        _("Somebody said what they want to learn. A list of needs keeps it from being forgotten."),
    ),
    FeatureName.STAKEHOLDERS: About(
        _("Stakeholders"),
        _("Who has a stake in your work, what they want to see, and who keeps in touch."),
        _("Your third workshop is published. Who else would want to know what came of them?"),
    ),
    FeatureName.APPLICATIONS: About(
        _("Applications for membership"),
        _("People you do not know yet can apply; stewards read each application, each on their own."),
        _("Your door is open. Some who come will want to stay: applications give all the same way in."),
    ),
    FeatureName.TRAITS: About(
        _("Questions about people"),
        _("A few questions people may answer about themselves, so that a draw or a group can be mixed."),
        _("Seats can be drawn now. With a few answers a draw can make sure that no group is left out."),
    ),
    FeatureName.CONNECTIONS: About(
        _("Connections"),
        _(
            "After a session people who agreed to it are introduced to someone new, and a picture shows how "
            "the community grows together, never about fewer than five."
        ),
        _("Your first tables were shown. Shall people get to know those they did not sit with?"),
    ),
    FeatureName.CAPABILITY: About(
        _("What we steward"),
        _(
            "A map of at most forty outcomes: what people can do in your domain, how deep one can know it, "
            "and who can teach it."
        ),
        _("A need became a workshop. What else does your community look after, and who can teach it?"),
    ),
}
