"""A community in three minutes."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from convene.apps.communities import permissions, rules
from convene.apps.communities.events import CommunityStarted, FeatureSwitched
from convene.apps.communities.known import person_at
from convene.apps.communities.models import CharterVersion, Community, Feature, Membership, RoleTerm
from convene.apps.communities.permissions import Permission
from convene.apps.communities.rules import FeatureName, TemplateName
from convene.apps.communities.services.membership import join, write_invitation
from convene.apps.communities.services.roles import begin_role
from convene.apps.people.models import Person
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.events import publish

TRIES = 5


@transaction.atomic
def start_community(
    *,
    name: str,
    domain: str,
    actor: Person,
    now: datetime,
    colleagues: Sequence[str] = (),
    template: TemplateName | None = None,
    language: str = "",
    is_demo: bool = False,
) -> Community:
    """A community with `actor` as its steward and first conduct contact, and its colleagues invited.

    Everything is off; the charter holds words that are true from the first day. Addresses that are
    blank, repeated or the actor's own are passed over.
    """
    if not permissions.can_start(actor):
        raise NotAllowed(Permission.START_COMMUNITY)
    rules.check_start(name=name, domain=domain)
    community = _make(
        name=" ".join(name.split()),
        domain=" ".join(domain.split()),
        zone=actor.zone or "UTC",
        language=language or actor.language or translation.get_language() or "en",
        contact=actor.email or "",
        is_demo=is_demo,
    )
    _first_charter(community, actor, now)
    publish(
        CommunityStarted(subject_id=community.pk, community_id=community.pk, template=template or ""),
        actor=actor,
        now=now,
    )
    join(community=community, person=actor, tier=Membership.Tier.CORE, actor=actor, now=now)
    for role in (RoleTerm.Role.STEWARD, RoleTerm.Role.CONDUCT_CONTACT):
        begin_role(community=community, person=actor, role=role, until=None, actor=actor, now=now)
    _invite_colleagues(community, colleagues, actor, now)
    if template == TemplateName.OPEN_TASTER:
        Feature.objects.create(
            community=community, name=FeatureName.OPEN_DOOR, on=True, changed_at=now, changed_by=actor
        )
        publish(
            FeatureSwitched(
                subject_id=community.pk, community_id=community.pk, feature=FeatureName.OPEN_DOOR, on=True
            ),
            actor=actor,
            now=now,
        )
    return community


def _make(**fields: object) -> Community:
    """The slug is the name's; taken, it gets a number, and without letters it gets a random one."""
    stem = slugify(str(fields["name"]))[:50].strip("-")
    for attempt in range(TRIES):
        slug = stem if stem and attempt == 0 else f"{stem or 'community'}-{secrets.token_hex(2)}"
        try:
            with transaction.atomic():
                return Community.objects.create(slug=slug, **fields)
        except IntegrityError:
            continue
    raise RuleBroken(_("Choose another name; this one is taken."), code="name_taken", field="name")


def _first_charter(community: Community, actor: Person, now: datetime) -> None:
    with translation.override(community.language):
        community.criteria = _("What this community works on is part of your own work.")
        community.conduct = _(
            "We treat each other as colleagues who know something we do not. We disagree with views, "
            "not with people. We leave everyone room to speak and nobody has to. What is said in "
            "confidence stays there. Who is treated badly, or sees it happen, can tell a conduct "
            "contact, with or without a name."
        )
    community.charter_number = 1
    community.save(update_fields=["criteria", "conduct", "charter_number"])
    content = {field: getattr(community, field) for field in rules.CHARTER_FIELDS}
    CharterVersion.objects.create(community=community, number=1, content=content, by=actor, at=now)


def _invite_colleagues(community: Community, colleagues: Sequence[str], actor: Person, now: datetime) -> None:
    invited: set[object] = {actor.pk}
    for address in colleagues:
        if not address.strip():
            continue
        person = person_at(address, name="", community=community, now=now)
        if person.pk not in invited:
            invited.add(person.pk)
            write_invitation(
                community=community, person=person, tier=Membership.Tier.CORE, actor=actor, now=now
            )
