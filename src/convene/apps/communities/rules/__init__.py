"""The rules of a community: pure, given values and dates."""

from convene.apps.communities.rules.features import ABOUT, FeatureName
from convene.apps.communities.rules.membership import (
    CHARTER_FIELDS,
    REVIEW_MONTHS,
    check_decidable,
    check_hand_over,
    check_start,
    may_return,
    next_review,
    readers_needed,
)
from convene.apps.communities.rules.templates import TemplateName

__all__ = [
    "ABOUT",
    "CHARTER_FIELDS",
    "REVIEW_MONTHS",
    "FeatureName",
    "TemplateName",
    "check_decidable",
    "check_hand_over",
    "check_start",
    "may_return",
    "next_review",
    "readers_needed",
]
