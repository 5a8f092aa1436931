"""The charter keeps every version; the community's own settings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from convene.apps.communities import rules
from convene.apps.communities.events import CharterChanged, CommunityClosed, SettingsChanged
from convene.apps.communities.known import person_at
from convene.apps.communities.models import CharterVersion, Community
from convene.apps.communities.services.common import locked, require_steward
from convene.apps.people.models import Person
from convene.foundation.errors import RuleBroken
from convene.foundation.events import publish


@transaction.atomic
def change_charter(
    *,
    community: Community,
    content: Mapping[str, str],
    based_on: int,
    note: str,
    actor: Person,
    now: datetime,
) -> int:
    """The new version's number; the old one when nothing changed.

    Refused when somebody else changed it since `based_on`: nobody's words are lost unseen.
    """
    require_steward(actor, community.pk)
    current = locked(community.pk)
    words = {field: str(content.get(field, "")).strip() for field in rules.CHARTER_FIELDS}
    if not words["domain"]:
        raise RuleBroken(_("Say in one sentence what it is about."), code="domain_missing", field="domain")
    if current.charter_number != based_on:
        raise RuleBroken(
            _(
                "Somebody changed the charter while you wrote. Your words are below; "
                "read theirs, then save again."
            ),
            code="charter_changed",
        )
    if all(getattr(current, field) == words[field] for field in words):
        return current.charter_number
    number = current.charter_number + 1
    CharterVersion.objects.create(
        community=current, number=number, content=words, note=note.strip()[:300], by=actor, at=now
    )
    for field, text in words.items():
        setattr(current, field, text)
    current.charter_number = number
    current.save(update_fields=[*words, "charter_number"])
    publish(
        CharterChanged(subject_id=current.pk, community_id=current.pk, number=number), actor=actor, now=now
    )
    return number


@transaction.atomic
def change_settings(
    *,
    community: Community,
    name: str,
    contact: str,
    zone: str,
    language: str,
    stage: str,
    outside_reader: str,
    actor: Person,
    now: datetime,
) -> None:
    """`outside_reader` is a mail address; empty: there is none. The address of the page stays."""
    require_steward(actor, community.pk)
    reader = person_at(outside_reader, name="", community=community, now=now) if outside_reader else None
    Community.objects.filter(pk=community.pk).update(
        name=" ".join(name.split()),
        contact=contact,
        zone=zone,
        language=language,
        stage=stage,
        outside_reader=reader,
    )
    publish(SettingsChanged(subject_id=community.pk, community_id=community.pk), actor=actor, now=now)


@transaction.atomic
def close_community(*, community: Community, actor: Person, now: datetime) -> None:
    """It ends with thanks: gone from lists, its page and record stay. A steward can open it again."""
    require_steward(actor, community.pk)
    closed = Community.objects.filter(pk=community.pk).exclude(stage=Community.Stage.CLOSED)
    if not closed.update(stage=Community.Stage.CLOSED):
        raise RuleBroken(_("It is closed already."), code="closed_already")
    publish(CommunityClosed(subject_id=community.pk, community_id=community.pk), actor=actor, now=now)


@transaction.atomic
def reopen_community(*, community: Community, actor: Person, now: datetime) -> None:
    require_steward(actor, community.pk)
    if not Community.objects.filter(pk=community.pk, stage=Community.Stage.CLOSED).update(
        stage=Community.Stage.COALESCING
    ):
        raise RuleBroken(_("It is open already."), code="open_already")
    publish(SettingsChanged(subject_id=community.pk, community_id=community.pk), actor=actor, now=now)
