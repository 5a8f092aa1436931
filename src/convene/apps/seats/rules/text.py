"""How seats are given, in plain words made from the rule itself, so that the two cannot differ."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convene.apps.seats.rules.chance import ChanceSource
from convene.apps.seats.rules.states import Kind, PoolWho
from convene.foundation.times import moment


class PolicyLike(Protocol):
    @property
    def kind(self) -> str: ...
    @property
    def capacity(self) -> int | None: ...
    @property
    def minimum(self) -> int: ...
    @property
    def needs_approval(self) -> bool: ...
    @property
    def closes_at(self) -> dt.datetime | None: ...
    @property
    def offer_hours(self) -> int: ...
    @property
    def cutoff_hours(self) -> int: ...
    @property
    def late_cancel_hours(self) -> int: ...
    @property
    def chance_source(self) -> str: ...
    @property
    def chance_minutes(self) -> int: ...
    @property
    def dice_count(self) -> int: ...
    @property
    def dice_sides(self) -> int: ...
    @property
    def reveal_hours(self) -> int: ...
    @property
    def waiting_list(self) -> bool: ...
    @property
    def remembers(self) -> bool: ...
    @property
    def most_weight(self) -> int: ...
    @property
    def kept_places(self) -> int: ...
    @property
    def kept_after(self) -> int: ...


@dataclass(frozen=True)
class PoolFacts:
    """What the text says of a pool. `organisation` is its name, or empty."""

    who: str
    capacity: int
    organisation: str = ""
    opens_at: dt.datetime | None = None
    merges_at: dt.datetime | None = None


@dataclass(frozen=True)
class QuotaFacts:
    """What the text says of a target: the question's label, the answer, least and most seats."""

    question: str
    value: str
    least: int
    most: int


def policy_text(
    policy: PolicyLike, *, pools: Sequence[PoolFacts] = (), quotas: Sequence[QuotaFacts] = ()
) -> list[str]:
    """The public sentences, in the order in which they matter to someone about to ask."""
    sentences = [
        _how(policy),
        chance_text(policy) if policy.kind == Kind.DRAW else "",
        _seats(policy.capacity),
    ]
    if policy.needs_approval or policy.kind == Kind.APPROVAL:
        sentences.append(
            _("Each request is read and answered with a reason; only approved requests get a seat.")
        )
    sentences += [_pool(pool) for pool in pools]
    sentences += [*_targets(quotas), *memory_text(policy)] if policy.kind == Kind.DRAW else []
    if policy.closes_at is not None:
        sentences.append(_("Ask until %(when)s.") % {"when": moment(policy.closes_at)})
    sentences += _offers(policy)
    if policy.minimum:
        sentences.append(
            ngettext(
                "It takes place if at least %(count)d person comes.",
                "It takes place if at least %(count)d people come.",
                policy.minimum,
            )
            % {"count": policy.minimum}
        )
    return [sentence for sentence in sentences if sentence]


def _how(policy: PolicyLike) -> str:
    match policy.kind:
        case Kind.OPEN:
            return _("Open: everyone who asks gets a seat.")
        case Kind.FIRST_COME if not policy.waiting_list:
            return _("First come: seats are given in the order of asking, while there are any.")
        case Kind.FIRST_COME:
            return _(
                "First come: seats are given in the order of asking; after that there is a waiting list, "
                "in the order of joining it."
            )
        case Kind.APPROVAL:
            return _("By approval: approved requests are offered a seat while there are seats.")
        case Kind.INVITATION:
            return _("By invitation: people who were invited can take a seat.")
        case _:
            return _draw()


def _draw() -> str:
    return _(
        "By draw: everyone who asks in time is in the draw, early or late alike, and within the "
        "targets every chance is as equal as it can be. When entries close, the draw is sealed and its "
        "fingerprint published; only then comes chance. Everyone is told the result with its reason, and "
        "anyone can check it."
    )


def chance_text(policy: PolicyLike) -> str:
    """Where chance comes from, and what that is worth."""
    match policy.chance_source:
        case ChanceSource.DRAND:
            return ngettext(
                "Chance comes from drand, a public beacon that nobody can foresee or bend: the first round "
                "at least %(count)d minute after the draw is sealed.",
                "Chance comes from drand, a public beacon that nobody can foresee or bend: the first round "
                "at least %(count)d minutes after the draw is sealed.",
                policy.chance_minutes,
            ) % {"count": policy.chance_minutes}
        case ChanceSource.DICE:
            return _(
                "Chance comes from dice, thrown and read out in the room after the draw is sealed: "
                "%(count)d throws of a die with %(sides)d sides."
            ) % {"count": policy.dice_count, "sides": policy.dice_sides}
        case ChanceSource.WITNESSES:
            return ngettext(
                "Chance comes from witnesses: each seals a value before the draw is sealed and reveals it "
                "within %(count)d hour after. The values, with one that this site sealed, decide together; "
                "who has not revealed by then is left out.",
                "Chance comes from witnesses: each seals a value before the draw is sealed and reveals it "
                "within %(count)d hours after. The values, with one that this site sealed, decide together; "
                "who has not revealed by then is left out.",
                policy.reveal_hours,
            ) % {"count": policy.reveal_hours}
        case _:
            return ngettext(
                "Chance comes from this site: it seals a value with the draw and opens it %(count)d minute "
                "later. This is the weakest source: you have to believe that the site did not choose its "
                "value with the tickets in sight.",
                "Chance comes from this site: it seals a value with the draw and opens it %(count)d minutes "
                "later. This is the weakest source: you have to believe that the site did not choose its "
                "value with the tickets in sight.",
                policy.chance_minutes,
            ) % {"count": policy.chance_minutes}


def _seats(capacity: int | None) -> str:
    if capacity is None:
        return ""
    return ngettext("There is %(count)d seat.", "There are %(count)d seats.", capacity) % {"count": capacity}


def _pool(pool: PoolFacts) -> str:
    whom = pool.organisation or PoolWho(pool.who).label
    text = ngettext(
        "%(count)d of them is for %(whom)s.", "%(count)d of them are for %(whom)s.", pool.capacity
    ) % {
        "count": pool.capacity,
        "whom": whom,
    }
    if pool.opens_at is not None:
        text += " " + _("They open %(when)s.") % {"when": moment(pool.opens_at)}
    if pool.merges_at is not None:
        text += " " + _("What is left of them is for everyone from %(when)s.") % {
            "when": moment(pool.merges_at)
        }
    return text


def _targets(quotas: Sequence[QuotaFacts]) -> list[str]:
    by_question: dict[str, list[QuotaFacts]] = {}
    for quota in quotas:
        by_question.setdefault(quota.question, []).append(quota)
    sentences = []
    for question, rows in by_question.items():
        ranges = ", ".join(
            _("%(value)s %(least)d to %(most)d") % {"value": row.value, "least": row.least, "most": row.most}
            if row.least != row.most
            else _("%(value)s %(least)d") % {"value": row.value, "least": row.least}
            for row in rows
        )
        sentences.append(
            _("Targets for “%(question)s”, in seats: %(ranges)s.") % {"question": question, "ranges": ranges}
        )
    if sentences:
        sentences.append(
            _(
                "Nobody has to answer these questions; who does not say counts as such, without a target, "
                "and can be drawn like everyone."
            )
        )
    return sentences


def memory_text(policy: PolicyLike) -> list[str]:
    """The whole rule of rules.memory in words: what counts, how long, what ends it."""
    if not policy.remembers:
        return [_("Who was passed over before has the same chance as everyone.")]
    sentences = [
        _("Who was passed over before has more weight: 2 after one time. Everyone else has 1.")
        if policy.most_weight == 2  # noqa: PLR2004 -- then there is no “3 after two”
        else _(
            "Who was passed over before has more weight: 2 after one time, 3 after two, at most %(most)d. "
            "Everyone else has 1."
        )
        % {"most": policy.most_weight},
        _(
            "A time counts fully for three months, then three quarters, half and a quarter for three months "
            "each, and after twelve months not at all."
        ),
        _(
            "Passed over is who asked in time and was not drawn, or waited on a list in vain, and was "
            "offered no seat there. A seat that they keep, where others had to wait, starts the count "
            "again; an offer declined or a seat given back changes nothing."
        ),
    ]
    if policy.kept_places:
        sentences.append(_kept(policy))
    return sentences


def _kept(policy: PolicyLike) -> str:
    return ngettext(
        "%(count)d seat is held for people passed over at least %(after)s; if more of them ask, it is drawn "
        "among them by the same chances. If nobody needs it, it is for everyone.",
        "%(count)d seats are held for people passed over at least %(after)s; if more of them ask, they are "
        "drawn among them by the same chances. What they do not need is for everyone.",
        policy.kept_places,
    ) % {"count": policy.kept_places, "after": times_in_words(policy.kept_after)}


def times_in_words(times: int) -> str:
    if times == 1:
        return _("once")
    if times == 2:  # noqa: PLR2004 -- a word of its own
        return _("twice")
    return ngettext("%(count)d time", "%(count)d times", times) % {"count": times}


def _offers(policy: PolicyLike) -> list[str]:
    if policy.kind == Kind.OPEN:
        return []
    sentences = [] if policy.kind == Kind.FIRST_COME and not policy.waiting_list else _freed(policy)
    sentences.append(
        ngettext(
            "If you cannot come, say so at least %(count)d hour before, so that someone else can.",
            "If you cannot come, say so at least %(count)d hours before, so that someone else can.",
            policy.late_cancel_hours,
        )
        % {"count": policy.late_cancel_hours}
    )
    return sentences


def _freed(policy: PolicyLike) -> list[str]:
    sentences = [
        ngettext(
            "When a seat becomes free it is offered to the next person, who has %(count)d hour to say yes; "
            "after that it goes on.",
            "When a seat becomes free it is offered to the next person, who has %(count)d hours to say yes; "
            "after that it goes on.",
            policy.offer_hours,
        )
        % {"count": policy.offer_hours},
    ]
    if policy.cutoff_hours:
        sentences.append(
            ngettext(
                "No seat is offered in the last hour before the start.",
                "No seat is offered in the last %(count)d hours before the start.",
                policy.cutoff_hours,
            )
            % {"count": policy.cutoff_hours}
        )
    return sentences
