"""What a community sets itself."""

from __future__ import annotations

from dataclasses import dataclass

from convene.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class TimeTargetSet(Event):
    """`subject_id` is the community's id; `most_training` of a hundred hours, -1: no target any more."""

    name = "time_target_set"
    most_training: int
