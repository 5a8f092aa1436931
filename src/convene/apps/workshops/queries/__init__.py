"""Reading workshops, filtered by what the person may see."""

from convene.apps.workshops.queries.risks import Risk, planning_risks
from convene.apps.workshops.queries.workshops import (
    community_workshops,
    invited_person_ids,
    led_workshop_for,
    planned_workshop_for,
    visible_workshops,
    workshop_for,
)

__all__ = [
    "Risk",
    "community_workshops",
    "invited_person_ids",
    "led_workshop_for",
    "planned_workshop_for",
    "planning_risks",
    "visible_workshops",
    "workshop_for",
]
