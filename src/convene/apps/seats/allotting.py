"""Between rows and the allotment engine: entries and targets in, findings out, in words a steward can use.

Who prefers not to say, and who was not asked, share one value of their own without a target.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convene.engines.allotment import (
    Applicant,
    Change,
    Code,
    InfeasibleError,
    InputError,
    Limit,
    Quota,
    check_feasible,
    has_panel,
    shut_out,
)

UNSAID = "–"
POOL = "pool"
PASSED_OVER = "passed-over"
"""A feature beside the questions: places can be held for those long passed over (value `YES`)."""
YES = "yes"


@dataclass(frozen=True)
class Target:
    """Least and most seats for one answer to one question (ids as text)."""

    question: str
    value: str
    least: int
    most: int


@dataclass(frozen=True)
class Candidate:
    """An entry: its number or id, its answers by question id, the pool it stands in."""

    id: str
    answers: Mapping[str, str]
    pool: str = ""
    weight: float = 1
