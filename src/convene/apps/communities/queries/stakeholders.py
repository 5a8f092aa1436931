"""Stakeholders, and with whom it is time to speak."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import QuerySet

from convene.apps.communities.models import Stakeholder


def stakeholders_of(community_id: UUID) -> QuerySet[Stakeholder]:
    return Stakeholder.objects.filter(community_id=community_id, ended_on=None).select_related(
        "contact", "keeper"
    )


def stakeholders_due(community_id: UUID, *, today: dt.date) -> QuerySet[Stakeholder]:
    """Whom somebody said they would be in touch with by now: for Today."""
    return stakeholders_of(community_id).filter(next_on__lte=today).order_by("next_on")
