"""Set the target."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from convene.apps.communities.models import Community
from convene.apps.stewardship import permissions
from convene.apps.stewardship.hours import rules
from convene.apps.stewardship.hours.events import TimeTargetSet
from convene.apps.stewardship.models import TimeTarget
from convene.apps.stewardship.permissions import Permission
from convene.foundation.errors import NotAllowed
from convene.foundation.events import publish

if TYPE_CHECKING:
    from convene.apps.people.models import Person


@transaction.atomic
def set_target(*, community: Community, most_training: int | None, actor: Person, now: datetime) -> None:
    """None: no target any more. The last word holds."""
    if not permissions.can_decide(actor, community.pk):
        raise NotAllowed(Permission.DECIDE)
    if most_training is None:
        TimeTarget.objects.filter(community=community).delete()
    else:
        rules.check_target(most_training)
        TimeTarget.objects.update_or_create(
            community=community, defaults={"most_training": most_training, "set_at": now}
        )
    said = -1 if most_training is None else most_training
    publish(
        TimeTargetSet(subject_id=community.pk, community_id=community.pk, most_training=said),
        actor=actor,
        now=now,
    )
