"""What happens to a community. Conduct reports publish nothing: nobody may learn that one exists."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from convene.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class CommunityStarted(Event):
    """`subject_id` is the community's."""

    name = "community_started"
    template: str = ""


@dataclass(frozen=True, kw_only=True)
class CharterChanged(Event):
    """`subject_id` is the community's; `number` the new version's."""

    name = "charter_changed"
    number: int


@dataclass(frozen=True, kw_only=True)
class SettingsChanged(Event):
    """`subject_id` is the community's."""

    name = "community_settings_changed"


@dataclass(frozen=True, kw_only=True)
class CommunityClosed(Event):
    """`subject_id` is the community's."""

    name = "community_closed"


@dataclass(frozen=True, kw_only=True)
class FeatureOffered(Event):
    """`subject_id` is the community's; its moment came."""

    name = "feature_offered"
    feature: str


@dataclass(frozen=True, kw_only=True)
class FeatureSwitched(Event):
    name = "feature_switched"
    feature: str
    on: bool


@dataclass(frozen=True, kw_only=True)
class _MembershipEvent(Event):
    """`subject_id` is the membership's."""

    name = "membership"
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class MemberInvited(_MembershipEvent):
    name = "member_invited"


@dataclass(frozen=True, kw_only=True)
class MemberJoined(_MembershipEvent):
    """Became an active member: invited and accepted, applied and accepted, added, or returned."""

    name = "member_joined"


@dataclass(frozen=True, kw_only=True)
class MemberPaused(_MembershipEvent):
    name = "member_paused"


@dataclass(frozen=True, kw_only=True)
class MemberStayed(_MembershipEvent):
    """Answered “still for you?” with yes."""

    name = "member_stayed"


@dataclass(frozen=True, kw_only=True)
class MemberLeft(_MembershipEvent):
    name = "member_left"
    by_self: bool


@dataclass(frozen=True, kw_only=True)
class TierChanged(_MembershipEvent):
    name = "tier_changed"
    tier: str


@dataclass(frozen=True, kw_only=True)
class OrganisationChanged(_MembershipEvent):
    name = "organisation_changed"


@dataclass(frozen=True, kw_only=True)
class RoleGiven(Event):
    """`subject_id` is the role term's."""

    name = "role_given"
    person_id: UUID
    role: str


@dataclass(frozen=True, kw_only=True)
class RoleEnded(Event):
    name = "role_ended"
    person_id: UUID
    role: str


@dataclass(frozen=True, kw_only=True)
class ApplicationReceived(Event):
    """`subject_id` is the application's."""

    name = "application_received"


@dataclass(frozen=True, kw_only=True)
class ApplicationRead(Event):
    name = "application_read"
    readings: int


@dataclass(frozen=True, kw_only=True)
class ApplicationDecided(Event):
    name = "application_decided"
    state: str


@dataclass(frozen=True, kw_only=True)
class ApplicationWithdrawn(Event):
    name = "application_withdrawn"


@dataclass(frozen=True, kw_only=True)
class TraitQuestionAsked(Event):
    """`subject_id` is the question's."""

    name = "trait_question_asked"


@dataclass(frozen=True, kw_only=True)
class TraitQuestionRetired(Event):
    name = "trait_question_retired"


@dataclass(frozen=True, kw_only=True)
class TraitsDeclared(Event):
    """`subject_id` is the person's; what was said is in no event."""

    name = "traits_declared"


@dataclass(frozen=True, kw_only=True)
class StakeholderChanged(Event):
    """`subject_id` is the stakeholder's."""

    name = "stakeholder_changed"


@dataclass(frozen=True, kw_only=True)
class StakeholderContacted(Event):
    name = "stakeholder_contacted"
