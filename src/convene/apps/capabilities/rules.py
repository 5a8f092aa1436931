"""What may become of a need, and how its askers are spoken of. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convene.foundation.errors import RuleBroken

SMALLEST_FIGURE = 5
FEWEST_LETTERS = 4
CONFIRM_WITHIN = dt.timedelta(days=7)
REQUESTS_A_DAY = 3
MOST_PEOPLE = 10_000


class Settled(StrEnum):
    """States a need does not come back from by itself."""

    PLANNED = "planned"
    DECLINED = "declined"
    MERGED = "merged"


def check_title(title: str) -> None:
    if len(title.strip()) < FEWEST_LETTERS:
        raise RuleBroken(_("Say it in a few words."), code="need_title", field="title")


def check_open(state: str) -> None:
    if state in set(Settled):
        raise RuleBroken(_("This need has been settled already."), code="need_settled")


def check_mergeable(*, into: UUID, others: Iterable[UUID], communities: Iterable[UUID]) -> None:
    """`others` are to become part of `into`; all of one community."""
    listed = list(others)
    if not listed:
        raise RuleBroken(_("Choose at least two needs to merge."), code="merge_one", field="needs")
    if into in listed:
        raise RuleBroken(_("A need cannot be merged into itself."), code="merge_self", field="into")
    if len(set(communities)) > 1:
        raise RuleBroken(_("These needs belong to different communities."), code="merge_across")


def check_reason(reason: str) -> None:
    if len(reason.strip()) < FEWEST_LETTERS:
        raise RuleBroken(
            _("Say why, in a sentence: the people who asked will read it."),
            code="need_reason",
            field="reason",
        )


def check_request_rate(sent_today: int) -> None:
    """`sent_today`: requests from one address in the last 24 hours."""
    if sent_today >= REQUESTS_A_DAY:
        raise RuleBroken(
            _("Several requests came from this address today. Please try again tomorrow."),
            code="request_rate",
            field="email",
        )


def check_confirmable(*, created_at: dt.datetime, now: dt.datetime) -> None:
    if now > created_at + CONFIRM_WITHIN:
        raise RuleBroken(_("This link is older than a week. Please ask again."), code="request_stale")


def asked_by(count: int) -> str:
    """How many asked, in words below five: a figure that small would point at people."""
    if count <= 0:
        return _("Nobody has asked for it yet")
    if count < SMALLEST_FIGURE:
        return _("A few people ask for it")
    return ngettext("%(count)d person asks for it", "%(count)d people ask for it", count) % {"count": count}
