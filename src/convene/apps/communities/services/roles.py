"""Roles have a term, and a reason for ending."""

from __future__ import annotations

import datetime as dt
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from convene.apps.communities import mails, rules
from convene.apps.communities.events import RoleEnded, RoleGiven
from convene.apps.communities.models import Community, RoleTerm
from convene.apps.communities.services.common import locked, require_steward, steward_ids
from convene.apps.people.models import Person
from convene.foundation.errors import RuleBroken
from convene.foundation.events import publish
from convene.foundation.jobs.services import cancel, schedule

LAPSE_TASK = "convene.apps.communities.tasks.lapse_role"


def begin_role(
    *,
    community: Community,
    person: Person,
    role: str,
    until: dt.date | None,
    actor: Person,
    now: datetime,
) -> RoleTerm:
    """The role, from today; asks nobody's permission itself."""
    try:
        with transaction.atomic():
            term = RoleTerm.objects.create(
                community=community,
                person=person,
                role=role,
                starts_on=now.date(),
                planned_until=until,
            )
    except IntegrityError as error:
        raise RuleBroken(_("They hold this role already."), code="role_held", field="role") from error
    if until is not None:
        schedule(
            key=f"role-term:{term.pk}",
            task=LAPSE_TASK,
            args={"term_id": str(term.pk)},
            due_at=datetime.combine(until + dt.timedelta(days=1), dt.time(1), tzinfo=dt.UTC),
        )
    publish(
        RoleGiven(subject_id=term.pk, community_id=community.pk, person_id=person.pk, role=role),
        actor=actor,
        now=now,
    )
    return term


@transaction.atomic
def give_role(
    *,
    community: Community,
    person: Person,
    role: str,
    actor: Person,
    now: datetime,
    until: dt.date | None = None,
) -> RoleTerm:
    """A steward gives a role; whoever gets it reads so in a mail and can end it themselves."""
    require_steward(actor, community.pk)
    if role not in RoleTerm.Role.values:
        raise RuleBroken(_("Choose a role."), code="unknown_role", field="role")
    if until is not None and until <= now.date():
        raise RuleBroken(_("The term must end after today."), code="term_over", field="until")
    term = begin_role(community=community, person=person, role=role, until=until, actor=actor, now=now)
    if person.pk != actor.pk:
        mails.send_role(term, now=now)
    return term


def finish_role(term: RoleTerm, *, reason: str, actor: Person | None, now: datetime) -> None:
    ended = RoleTerm.objects.filter(pk=term.pk, ends_on=None).update(
        ends_on=now.date(), end_reason=reason.strip()[:300]
    )
    if ended != 1:
        raise RuleBroken(_("This role has ended already."), code="role_ended")
    cancel(key=f"role-term:{term.pk}")
    publish(
        RoleEnded(
            subject_id=term.pk, community_id=term.community_id, person_id=term.person_id, role=term.role
        ),
        actor=actor,
        now=now,
    )


@transaction.atomic
def end_role(*, term: RoleTerm, reason: str, actor: Person, now: datetime) -> None:
    """By a steward, or by who holds it. A community is never left without a steward."""
    if term.person_id != actor.pk:
        require_steward(actor, term.community_id)
    if not reason.strip():
        raise RuleBroken(_("Say in a few words why it ends."), code="reason_missing", field="reason")
    locked(term.community_id)
    _check_steward_remains(term, now)
    finish_role(term, reason=reason, actor=actor, now=now)


@transaction.atomic
def lapse_role(*, term: RoleTerm, now: datetime) -> bool:
    """The agreed term is over; called by the worker. False when there is nobody to hand over to:

    the role goes on, and stands on Today as a term that is over (queries.terms_over).
    """
    locked(term.community_id)
    today = now.date()
    term.refresh_from_db()
    if term.ends_on is not None or term.planned_until is None or term.planned_until >= today:
        return True
    try:
        _check_steward_remains(term, now)
    except RuleBroken:
        return False
    finish_role(term, reason=_("the agreed term was over"), actor=None, now=now)
    return True


@transaction.atomic
def extend_role(*, term: RoleTerm, until: dt.date | None, actor: Person, now: datetime) -> None:
    require_steward(actor, term.community_id)
    if until is not None and until <= now.date():
        raise RuleBroken(_("The term must end after today."), code="term_over", field="until")
    if not RoleTerm.objects.filter(pk=term.pk, ends_on=None).update(planned_until=until):
        raise RuleBroken(_("This role has ended already."), code="role_ended")
    if until is None:
        cancel(key=f"role-term:{term.pk}")
        return
    schedule(
        key=f"role-term:{term.pk}",
        task=LAPSE_TASK,
        args={"term_id": str(term.pk)},
        due_at=datetime.combine(until + dt.timedelta(days=1), dt.time(1), tzinfo=dt.UTC),
    )


def _check_steward_remains(term: RoleTerm, now: datetime) -> None:
    if term.role == RoleTerm.Role.STEWARD:
        others = steward_ids(term.community_id, now.date()) - {term.person_id}
        rules.check_hand_over(other_stewards=len(others))
