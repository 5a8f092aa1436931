"""What may be read of the notes. Names only where their owners chose to show them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Case, F, QuerySet, Value, When
from django.db.models.fields import CharField

from convene.apps.rooms.models import NoteLine, NoteSet, Room

if TYPE_CHECKING:
    from convene.apps.communities.models import Community


def lines_of(room: Room) -> QuerySet[NoteLine]:
    """All lines of a session in their order; `shown_name` is empty unless its owner shows it."""
    return (
        NoteLine.objects.filter(block__room=room)
        .exclude(text="")
        .select_related("block")
        .annotate(
            shown_name=Case(
                When(name_shown=True, then=F("author__person__name")),
                default=Value(""),
                output_field=CharField(),
            )
        )
        .order_by("block__position", "position", "id")
    )


def tagged_lines(community: Community | UUID, tag: str) -> QuerySet[NoteLine]:
    """Final lines with a tag, of all sessions of a community, newest session first; never an author."""
    community_id = community if isinstance(community, UUID) else community.pk
    return (
        NoteLine.objects.filter(
            block__room__session__workshop__community_id=community_id,
            block__room__note_set__state=NoteSet.State.FINAL,
            tag=tag,
        )
        .exclude(text="")
        .select_related("block__room__session__workshop")
        .defer("author")
        .order_by("-block__room__session__starts_at", "block__position", "position")
    )
