"""Coming, staying, pausing, leaving, returning."""

from __future__ import annotations

import datetime as dt
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from convene.apps.communities import mails, permissions, rules
from convene.apps.communities.events import (
    MemberInvited,
    MemberJoined,
    MemberLeft,
    MemberPaused,
    MemberStayed,
    OrganisationChanged,
    TierChanged,
)
from convene.apps.communities.known import person_at
from convene.apps.communities.models import Community, Membership, Organisation, RoleTerm
from convene.apps.communities.permissions import Permission
from convene.apps.communities.services.common import locked, require_steward, steward_ids
from convene.apps.communities.services.roles import finish_role
from convene.apps.people.models import Person
from convene.apps.people.rules import Purpose
from convene.apps.people.services import give_consent, update_profile, withdraw_consent
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.events import Event, publish
from convene.foundation.jobs.services import cancel, schedule

REVIEW_TASK = "convene.apps.communities.tasks.ask_still_for_you"
REMIND_AFTER = dt.timedelta(days=30)

State = Membership.State


def _already() -> RuleBroken:
    return RuleBroken(_("They are a member, or invited, already."), code="already_member", field="email")


def _at_noon(day: dt.date) -> datetime:
    return datetime.combine(day, dt.time(12), tzinfo=dt.UTC)


def _plan_review(membership: Membership) -> None:
    if membership.review_on is not None:
        schedule(
            key=f"still-for-you:{membership.pk}",
            task=REVIEW_TASK,
            args={"membership_id": str(membership.pk), "on": membership.review_on.isoformat()},
            due_at=_at_noon(membership.review_on),
        )


def _tell(
    event: type[Event], membership: Membership, *, actor: Person, now: datetime, **more: object
) -> None:
    publish(
        event(  # type: ignore[call-arg]  # membership events all take person_id
            subject_id=membership.pk,
            community_id=membership.community_id,
            person_id=membership.person_id,
            **more,
        ),
        actor=actor,
        now=now,
    )


def join(
    *,
    community: Community,
    person: Person,
    actor: Person,
    now: datetime,
    tier: str = Membership.Tier.ACTIVE,
    organisation: Organisation | None = None,
    since: dt.date | None = None,
) -> Membership:
    """An active membership; an invitation that waits becomes it. Asks nobody's permission itself."""
    today = now.date()
    fields = {
        "state": State.ACTIVE,
        "tier": tier,
        "since": since or today,
        "review_on": rules.next_review(today),
        "asked_at": None,
    }
    if organisation is not None:
        fields["organisation"] = organisation
    waiting = Membership.objects.filter(community=community, person=person, state=State.INVITED)
    if waiting.update(**fields):
        membership = Membership.objects.get(community=community, person=person, state=State.ACTIVE)
    else:
        try:
            with transaction.atomic():
                membership = Membership.objects.create(community=community, person=person, **fields)
        except IntegrityError as error:
            raise _already() from error
    _plan_review(membership)
    _tell(MemberJoined, membership, actor=actor, now=now)
    return membership


@transaction.atomic
def add_member(
    *,
    community: Community,
    person: Person,
    actor: Person,
    now: datetime,
    tier: str = Membership.Tier.ACTIVE,
    organisation: Organisation | None = None,
    since: dt.date | None = None,
) -> Membership:
    """A steward adds somebody who has agreed, such as from a list that exists already. No mail leaves."""
    require_steward(actor, community.pk)
    return join(
        community=community,
        person=person,
        tier=tier,
        organisation=organisation,
        since=since,
        actor=actor,
        now=now,
    )


def write_invitation(
    *, community: Community, person: Person, tier: str, actor: Person, now: datetime
) -> Membership:
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                community=community, person=person, tier=tier, state=State.INVITED, since=now.date()
            )
    except IntegrityError as error:
        raise _already() from error
    _check_written_lately(community, person, now)
    _tell(MemberInvited, membership, actor=actor, now=now)
    mails.send_invitation(membership, by=actor, now=now)
    return membership


@transaction.atomic
def invite_member(
    *, community: Community, email: str, name: str, tier: str, actor: Person, now: datetime
) -> Membership:
    require_steward(actor, community.pk)
    person = person_at(email, name=name, community=community, now=now)
    return write_invitation(community=community, person=person, tier=tier, actor=actor, now=now)


@transaction.atomic
def invite_again(*, membership: Membership, actor: Person, now: datetime) -> None:
    """A new mail with a new link; the old link is spent. At most once a day."""
    require_steward(actor, membership.community_id)
    if membership.state != State.INVITED:
        raise RuleBroken(_("They have answered already."), code="not_invited")
    _check_written_lately(membership.community, membership.person, now)
    moved = Membership.objects.filter(
        pk=membership.pk, link_version=membership.link_version, state=State.INVITED
    ).update(link_version=membership.link_version + 1)
    if moved == 1:
        membership.refresh_from_db()
        mails.send_invitation(membership, by=actor, now=now)


def _check_written_lately(community: Community, person: Person, now: datetime) -> None:
    """Whoever was invited is left in peace for a day, also when the invitation was taken back meanwhile."""
    if mails.invited_since(community, person, now - dt.timedelta(days=1)):
        raise RuleBroken(
            _("They got an invitation within the last day. Give them time to answer."),
            code="invited_lately",
            field="email",
        )


@transaction.atomic
def take_back_invitation(*, membership: Membership, actor: Person, now: datetime) -> None:
    require_steward(actor, membership.community_id)
    if not Membership.objects.filter(pk=membership.pk, state=State.INVITED).update(
        state=State.LEFT, ended_on=now.date(), end_reason="", ended_by_self=False
    ):
        raise RuleBroken(_("They have answered already."), code="not_invited")
    _tell(MemberLeft, membership, actor=actor, now=now, by_self=False)


def _own(membership: Membership, actor: Person) -> None:
    if membership.person_id != actor.pk:
        raise NotAllowed(Permission.OWN_MEMBERSHIP)


@transaction.atomic
def answer_invitation(*, membership: Membership, accept: bool, actor: Person, now: datetime) -> None:
    """Yes makes a member. No is fine, and final for this invitation."""
    _own(membership, actor)
    today = now.date()
    waiting = Membership.objects.filter(pk=membership.pk, state=State.INVITED)
    changed = (
        waiting.update(state=State.ACTIVE, since=today, review_on=rules.next_review(today))
        if accept
        else waiting.update(state=State.LEFT, ended_on=today, ended_by_self=True)
    )
    if changed != 1:
        raise RuleBroken(_("This invitation has been answered already."), code="invitation_answered")
    membership.refresh_from_db()
    if accept:
        _plan_review(membership)
        _tell(MemberJoined, membership, actor=actor, now=now)
    else:
        _tell(MemberLeft, membership, actor=actor, now=now, by_self=True)


@transaction.atomic
def stay_member(*, membership: Membership, actor: Person, now: datetime) -> None:
    """“Still for you?” Yes; also the way back from a pause."""
    _own(membership, actor)
    if not Membership.objects.filter(pk=membership.pk, state__in=[State.ACTIVE, State.PAUSED]).update(
        state=State.ACTIVE, review_on=rules.next_review(now.date()), asked_at=None
    ):
        raise RuleBroken(_("This membership has ended."), code="membership_ended")
    membership.refresh_from_db()
    _plan_review(membership)
    _tell(MemberStayed, membership, actor=actor, now=now)


@transaction.atomic
def pause_membership(*, membership: Membership, actor: Person, now: datetime) -> None:
    """No questions, no invitations, until they come back. Roles must be handed over first."""
    _own(membership, actor)
    if RoleTerm.objects.filter(
        permissions.holding(now.date()), community_id=membership.community_id, person_id=membership.person_id
    ).exists():
        raise RuleBroken(_("You hold a role here. Hand it over before you pause."), code="role_held")
    if not Membership.objects.filter(pk=membership.pk, state=State.ACTIVE).update(
        state=State.PAUSED, asked_at=None, review_on=rules.next_review(now.date())
    ):
        raise RuleBroken(_("Only an active membership can pause."), code="membership_not_active")
    membership.refresh_from_db()
    _plan_review(membership)
    _tell(MemberPaused, membership, actor=actor, now=now)


@transaction.atomic
def leave_community(*, membership: Membership, actor: Person, now: datetime, reason: str = "") -> None:
    """A normal exit, with thanks. Roles end too; the last steward hands over first."""
    _own(membership, actor)
    _end(membership, reason=reason, by_self=True, actor=actor, now=now)


@transaction.atomic
def end_membership(*, membership: Membership, reason: str, actor: Person, now: datetime) -> None:
    """A steward ends somebody's membership, with a reason that is told to them."""
    require_steward(actor, membership.community_id)
    if membership.person_id == actor.pk:
        raise RuleBroken(_("To leave yourself, use “leave”."), code="own_membership")
    if not reason.strip():
        raise RuleBroken(_("Say why; they will read it."), code="reason_missing", field="reason")
    _end(membership, reason=reason, by_self=False, actor=actor, now=now)


def _end(membership: Membership, *, reason: str, by_self: bool, actor: Person, now: datetime) -> None:
    community = locked(membership.community_id)
    today = now.date()
    stewards = steward_ids(community.pk, today)
    if membership.person_id in stewards:
        rules.check_hand_over(other_stewards=len(stewards) - 1)
    for term in RoleTerm.objects.filter(
        permissions.holding(today), community=community, person_id=membership.person_id
    ).select_related("community", "person"):
        finish_role(term, reason=_("left the community"), actor=actor, now=now)
    if not Membership.objects.filter(pk=membership.pk, state__in=[State.ACTIVE, State.PAUSED]).update(
        state=State.LEFT,
        ended_on=today,
        end_reason=reason.strip()[:300],
        ended_by_self=by_self,
        asked_at=None,
        link_version=membership.link_version + 1,
    ):
        raise RuleBroken(_("This membership has ended."), code="membership_ended")
    cancel(key=f"still-for-you:{membership.pk}")
    membership.refresh_from_db()
    _tell(MemberLeft, membership, actor=actor, now=now, by_self=by_self)
    mails.send_thanks(membership, may_return=by_self, now=now)


@transaction.atomic
def return_to_community(*, membership: Membership, actor: Person, now: datetime) -> Membership:
    """Who left of their own accord is back as a peripheral member, within a year, without applying."""
    _own(membership, actor)
    if membership.state != State.LEFT or not rules.may_return(
        left_on=membership.ended_on, by_self=membership.ended_by_self, today=now.date()
    ):
        raise RuleBroken(
            _("It has been too long, or somebody ended it. Please apply again."), code="cannot_return"
        )
    return join(
        community=membership.community,
        person=membership.person,
        tier=Membership.Tier.PERIPHERAL,
        organisation=membership.organisation,
        actor=actor,
        now=now,
    )


@transaction.atomic
def change_tier(*, membership: Membership, tier: str, actor: Person, now: datetime) -> None:
    require_steward(actor, membership.community_id)
    if tier not in Membership.Tier.values:
        raise RuleBroken(_("Choose core, active or peripheral."), code="unknown_tier", field="tier")
    if (
        Membership.objects.filter(pk=membership.pk)
        .exclude(state=State.LEFT)
        .exclude(tier=tier)
        .update(tier=tier)
    ):
        membership.tier = tier
        _tell(TierChanged, membership, actor=actor, now=now, tier=tier)


@transaction.atomic
def set_organisation(*, membership: Membership, name: str, actor: Person, now: datetime) -> None:
    """Of one's own membership, or a steward of anyone's. An empty name clears it; unused ones vanish."""
    if membership.person_id != actor.pk:
        require_steward(actor, membership.community_id)
    old = membership.organisation
    membership.organisation = organisation_named(membership.community, name)
    membership.save(update_fields=["organisation"])
    if old is not None and old != membership.organisation and not old.memberships.exists():
        old.delete()
    _tell(OrganisationChanged, membership, actor=actor, now=now)


def organisation_named(community: Community, name: str) -> Organisation | None:
    clean = " ".join(name.split())[:160]
    if not clean:
        return None
    found = Organisation.objects.filter(community=community, name__iexact=clean).first()
    if found is not None:
        return found
    made, _new = Organisation.objects.get_or_create(community=community, name=clean)
    return made


@transaction.atomic
def ask_still_for_you(*, membership: Membership, on: dt.date, now: datetime) -> None:
    """The yearly question, once, and one reminder; called by the worker. A stale call does nothing."""
    live = Membership.objects.filter(pk=membership.pk, state=State.ACTIVE, review_on=on)
    if live.filter(asked_at=None).update(asked_at=now):
        membership.refresh_from_db()
        mails.send_review(membership, reminder=False, now=now)
        schedule(
            key=f"still-for-you:{membership.pk}:again",
            task=REVIEW_TASK,
            args={"membership_id": str(membership.pk), "on": on.isoformat()},
            due_at=now + REMIND_AFTER,
        )
    elif live.filter(asked_at__lte=now - REMIND_AFTER).exists():
        mails.send_review(membership, reminder=True, now=now)


@transaction.atomic
def accept_as(*, membership: Membership, name: str, now: datetime) -> None:
    """Accept by the mailed link; who had no name yet says what they want to be called."""
    person = membership.person
    if not person.name:
        update_profile(person=person, name=name, now=now)
    answer_invitation(membership=membership, accept=True, actor=person, now=now)


@transaction.atomic
def be_listed(*, community: Community, listed: bool, actor: Person, now: datetime) -> None:
    """Whether other members see me in the list: a consent, given and taken back as often as one likes."""
    if listed:
        give_consent(person=actor, purpose=Purpose.LISTED, scope_id=community.pk, now=now)
    else:
        withdraw_consent(person=actor, purpose=Purpose.LISTED, scope_id=community.pk, now=now)


@transaction.atomic
def leave_everything(person: Person, now: datetime) -> None:
    """Before their record is erased: every role and membership ends, without a mail.

    Erasure is a right, so the last steward of a community with nobody else in it closes it; where others
    could take over they are asked to hand over first (RuleBroken "last_steward").
    """
    today = now.date()
    terms = RoleTerm.objects.filter(permissions.holding(today), person=person).select_related("community")
    for community_id in {term.community_id for term in terms if term.role == RoleTerm.Role.STEWARD}:
        community = locked(community_id)
        if steward_ids(community_id, today) - {person.pk}:
            continue
        others = Membership.objects.filter(community=community, state=State.ACTIVE).exclude(person=person)
        if others.exists() and community.stage != Community.Stage.CLOSED:
            raise RuleBroken(
                _("You are the only steward of “%(name)s”. Name another one, or close it, and then erase.")
                % {"name": community.name},
                code="last_steward",
            )
        Community.objects.filter(pk=community_id).update(stage=Community.Stage.CLOSED)
    for term in terms:
        finish_role(term, reason="", actor=person, now=now)
    for membership in Membership.objects.filter(person=person).exclude(state=State.LEFT):
        Membership.objects.filter(pk=membership.pk).update(
            state=State.LEFT, ended_on=today, ended_by_self=True, link_version=membership.link_version + 1
        )
        cancel(key=f"still-for-you:{membership.pk}")
        _tell(MemberLeft, membership, actor=person, now=now, by_self=True)
