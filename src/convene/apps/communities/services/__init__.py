"""The only writers of this app's rows."""

from convene.apps.communities.services.features import offer_feature, switch_feature
from convene.apps.communities.services.membership import (
    add_member,
    answer_invitation,
    ask_still_for_you,
    change_tier,
    end_membership,
    invite_again,
    invite_member,
    leave_community,
    organisation_named,
    pause_membership,
    return_to_community,
    set_organisation,
    stay_member,
    take_back_invitation,
)
from convene.apps.communities.services.roles import end_role, extend_role, give_role, lapse_role
from convene.apps.communities.services.start import start_community
from convene.apps.communities.services.traits import (
    ask_trait_question,
    change_trait_question,
    declare_trait,
    forget_trait,
    retire_trait_question,
)

__all__ = [
    "add_member",
    "answer_invitation",
    "ask_still_for_you",
    "ask_trait_question",
    "change_tier",
    "change_trait_question",
    "declare_trait",
    "end_membership",
    "end_role",
    "extend_role",
    "forget_trait",
    "give_role",
    "invite_again",
    "invite_member",
    "lapse_role",
    "leave_community",
    "offer_feature",
    "organisation_named",
    "pause_membership",
    "retire_trait_question",
    "return_to_community",
    "set_organisation",
    "start_community",
    "stay_member",
    "switch_feature",
    "take_back_invitation",
]
