"""Reading communities; each list holds only what its reader may see."""

from convene.apps.communities.queries.communities import (
    Standing,
    communities_of,
    conduct_contacts_of,
    feature_on,
    features_on,
    find_community,
    names_of,
    offers_waiting,
    standing_of,
    standings_of,
    stewards_of,
    visible_to,
)
from convene.apps.communities.queries.people import (
    applications_waiting,
    invitations_of,
    live_membership,
    members_visible_to,
    people_matching,
    roles_now,
    terms_over,
    with_roles,
)
from convene.apps.communities.queries.stakeholders import stakeholders_due, stakeholders_of
from convene.apps.communities.queries.traits import (
    QuestionComposition,
    answers_of,
    composition_of,
    open_questions,
    traits_of,
)

__all__ = [
    "QuestionComposition",
    "Standing",
    "answers_of",
    "applications_waiting",
    "communities_of",
    "composition_of",
    "conduct_contacts_of",
    "feature_on",
    "features_on",
    "find_community",
    "invitations_of",
    "live_membership",
    "members_visible_to",
    "names_of",
    "offers_waiting",
    "open_questions",
    "people_matching",
    "roles_now",
    "stakeholders_due",
    "stakeholders_of",
    "standing_of",
    "standings_of",
    "stewards_of",
    "terms_over",
    "traits_of",
    "visible_to",
    "with_roles",
]
