"""Ask, confirm, merge, plan and decline. Nothing else writes needs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from convene.apps.capabilities import permissions, rules
from convene.apps.capabilities.events import (
    NeedAsked,
    NeedDeclined,
    NeedPlanned,
    NeedReopened,
    NeedsMerged,
    NeedUnasked,
    SessionRequested,
)
from convene.apps.capabilities.models import Need, NeedSource, SessionRequest
from convene.apps.capabilities.permissions import Permission
from convene.apps.people.rules import clean_name
from convene.apps.people.services import find_or_make_person
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.events import publish
from convene.foundation.jobs.services import schedule

if TYPE_CHECKING:
    from convene.apps.communities.models import Community
    from convene.apps.people.models import Person

FORGET_TASK = "convene.apps.capabilities.tasks.forget_unconfirmed"
REMEMBERED_DAYS = 8


@transaction.atomic
def wish(
    *, community: Community, title: str, text: str = "", may_name: bool = False, actor: Person, now: datetime
) -> Need:
    """A member says what they want to learn."""
    if not permissions.can_wish(actor, community.pk):
        raise NotAllowed(Permission.WISH)
    rules.check_title(title)
    need = Need.objects.create(community=community, title=" ".join(title.split())[:200])
    _ask(need, kind=NeedSource.Kind.WISH, person=actor, may_name=may_name, text=text.strip(), now=now)
    return need


@transaction.atomic
def join_need(*, need: Need, may_name: bool = False, text: str = "", actor: Person, now: datetime) -> None:
    """ "Me too": one more asking. Said twice it counts once; the newer words hold."""
    if not permissions.can_wish(actor, need.community_id):
        raise NotAllowed(Permission.WISH)
    rules.check_open(need.state)
    words = {"text": text.strip()} if text.strip() else {}
    _ask(need, kind=NeedSource.Kind.WISH, person=actor, may_name=may_name, now=now, **words)


@transaction.atomic
def leave_need(*, need: Need, actor: Person, now: datetime) -> None:
    """Take one's own wish back. A need nobody asks for any longer goes with its last wish."""
    gone, _by_model = NeedSource.objects.filter(need=need, person_id=actor.pk).delete()
    if not gone:
        return
    publish(NeedUnasked(subject_id=need.pk, community_id=need.community_id), actor=actor, now=now)
    Need.objects.filter(pk=need.pk, state=Need.State.OPEN, sources=None, merged_from=None).delete()


@transaction.atomic
def request_session(
    *,
    community: Community,
    name: str,
    email: str,
    language: str,
    topic: str,
    audience: str,
    size: int,
    why_now: str,
    time_from: str,
    may_name: bool,
    now: datetime,
) -> SessionRequest:
    """Someone outside asks for a session for their team. It shows once they confirm by the mailed link."""
    address = email.strip().lower()
    recent = SessionRequest.objects.filter(email=address, created_at__gt=now - timedelta(days=1))
    rules.check_request_rate(recent.count())
    request = SessionRequest.objects.create(
        community=community,
        name=clean_name(name),
        email=address,
        language=language,
        topic=" ".join(topic.split()),
        audience=" ".join(audience.split()),
        size=size,
        why_now=why_now.strip(),
        time_from=" ".join(time_from.split()),
        may_name=may_name,
        created_at=now,
    )
    schedule(
        key=f"session_request:{request.pk}:forget",
        task=FORGET_TASK,
        args={"request_id": str(request.pk)},
        due_at=now + timedelta(days=REMEMBERED_DAYS),
    )
    publish(SessionRequested(subject_id=request.pk, community_id=community.pk), actor=None, now=now)
    return request


@transaction.atomic
def confirm_request(*, request: SessionRequest, now: datetime) -> Need:
    """The address answered: the request becomes a need with its first asking. Confirmed twice, it is one."""
    if request.confirmed_at is None:
        rules.check_confirmable(created_at=request.created_at, now=now)
        claimed = SessionRequest.objects.filter(pk=request.pk, confirmed_at=None).update(confirmed_at=now)
        if claimed:
            return _become_need(request, now)
    request.refresh_from_db()
    if request.need is None:
        raise RuleBroken(_("This request has been settled."), code="request_settled")
    return request.need


def _become_need(request: SessionRequest, now: datetime) -> Need:
    person = find_or_make_person(
        email=request.email, name=request.name, language=request.language, zone="", now=now
    )
    need = Need.objects.create(community_id=request.community_id, title=request.topic)
    _ask(
        need,
        kind=NeedSource.Kind.REQUEST,
        person=person,
        may_name=request.may_name,
        audience=request.audience,
        size=request.size,
        why_now=request.why_now,
        time_from=request.time_from,
        now=now,
    )
    # The words live on the need now; the request keeps neither name nor address.
    SessionRequest.objects.filter(pk=request.pk).update(
        need=need, name="", email="", audience="", why_now="", time_from=""
    )
    return need


def forget_unconfirmed(*, request_id: UUID) -> None:
    """A request nobody confirmed within its time goes, with the address in it."""
    SessionRequest.objects.filter(pk=request_id, confirmed_at=None).delete()


@transaction.atomic
def merge_needs(*, into: Need, others: Iterable[Need], title: str = "", actor: Person, now: datetime) -> None:
    """`others` become part of `into`, with everyone who asked; a person who asked for several counts once."""
    if not permissions.can_settle(actor, into.community_id):
        raise NotAllowed(Permission.SETTLE_NEEDS)
    listed = list(others)
    rules.check_mergeable(
        into=into.pk,
        others=[need.pk for need in listed],
        communities=[into.community_id, *(need.community_id for need in listed)],
    )
    rules.check_open(into.state)
    ids = [need.pk for need in listed]
    claimed = Need.objects.filter(pk__in=ids, state=Need.State.OPEN).update(
        state=Need.State.MERGED, merged_into=into, decided_at=now
    )
    if claimed != len(ids):
        raise RuleBroken(_("One of these needs has just been settled. Look again."), code="merge_settled")
    Need.objects.filter(merged_into__in=ids).update(merged_into=into)
    known = NeedSource.objects.filter(need=into, person__isnull=False).values("person_id")
    moving = NeedSource.objects.filter(need__in=ids)
    moving.filter(person_id__in=known).delete()
    _drop_doubles(ids)
    moving.update(need=into)
    if title.strip():
        rules.check_title(title)
        Need.objects.filter(pk=into.pk).update(title=" ".join(title.split())[:200])
    publish(
        NeedsMerged(subject_id=into.pk, community_id=into.community_id, merged_ids=tuple(ids)),
        actor=actor,
        now=now,
    )


def _drop_doubles(need_ids: list[UUID]) -> None:
    """Of one person's askings among these needs keep the first."""
    seen: set[UUID] = set()
    double: list[UUID] = []
    rows = NeedSource.objects.filter(need__in=need_ids, person__isnull=False).order_by("created_at")
    for source_id, person_id in rows.values_list("pk", "person_id"):
        if person_id in seen:
            double.append(source_id)
        seen.add(person_id)
    NeedSource.objects.filter(pk__in=double).delete()


@transaction.atomic
def plan_need(*, need: Need, workshop_id: UUID, actor: Person, now: datetime) -> None:
    """The need became this draft workshop; of two stewards planning it at once only one goes on."""
    _settle(need, actor, now, state=Need.State.PLANNED, workshop_id=workshop_id)
    publish(
        NeedPlanned(subject_id=need.pk, community_id=need.community_id, workshop_id=workshop_id),
        actor=actor,
        now=now,
    )


@transaction.atomic
def decline_need(*, need: Need, reason: str, pointer: str = "", actor: Person, now: datetime) -> None:
    """Say no with a reason, and where else to turn; everyone who asked is told."""
    rules.check_reason(reason)
    _settle(
        need,
        actor,
        now,
        state=Need.State.DECLINED,
        reason=reason.strip()[:300],
        pointer=pointer.strip()[:300],
    )
    publish(NeedDeclined(subject_id=need.pk, community_id=need.community_id), actor=actor, now=now)


@transaction.atomic
def reopen_need(*, need: Need, actor: Person, now: datetime) -> None:
    """A plan fell through, or a no was too early: the need stands on the list again."""
    if not permissions.can_settle(actor, need.community_id):
        raise NotAllowed(Permission.SETTLE_NEEDS)
    reopened = Need.objects.filter(pk=need.pk, state__in=[Need.State.PLANNED, Need.State.DECLINED]).update(
        state=Need.State.OPEN, workshop_id=None, reason="", pointer="", decided_at=None
    )
    if reopened:
        publish(NeedReopened(subject_id=need.pk, community_id=need.community_id), actor=actor, now=now)


def _settle(need: Need, actor: Person, now: datetime, **values: object) -> None:
    if not permissions.can_settle(actor, need.community_id):
        raise NotAllowed(Permission.SETTLE_NEEDS)
    claimed = Need.objects.filter(pk=need.pk, state=Need.State.OPEN).update(decided_at=now, **values)
    if claimed != 1:
        raise RuleBroken(_("This need has been settled already."), code="need_settled")


def _ask(need: Need, *, kind: NeedSource.Kind, person: Person, now: datetime, **values: object) -> None:
    source, _made = NeedSource.objects.update_or_create(
        need=need, person=person, defaults=values, create_defaults={"kind": kind, **values}
    )
    publish(
        NeedAsked(subject_id=need.pk, community_id=need.community_id, source_id=source.pk),
        actor=person,
        now=now,
    )
