"""When a seat may be asked for, offered, answered and given back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from convene.apps.seats.rules.states import Kind, PoolWho, State
from convene.foundation.errors import RuleBroken


class PoolShape(Protocol):
    """As much of a pool as its plan has."""

    @property
    def who(self) -> str: ...
    @property
    def capacity(self) -> int: ...


class PoolLike(Protocol):
    who: str
    organisation_id: UUID | None
    opens_at: dt.datetime | None
    capacity: int
    taken: int


_P = TypeVar("_P", bound=PoolLike)


def may_offer(*, now: dt.datetime, starts_at: dt.datetime | None, cutoff_hours: int) -> bool:
    """Whether a seat may still be offered: never after the start minus the cut-off."""
    return starts_at is None or now < starts_at - dt.timedelta(hours=cutoff_hours)


def offer_deadline(
    *, now: dt.datetime, starts_at: dt.datetime | None, cutoff_hours: int, offer_hours: int
) -> dt.datetime:
    """`offer_hours` to answer, but never beyond the cut-off."""
    plain = now + dt.timedelta(hours=offer_hours)
    return plain if starts_at is None else min(plain, starts_at - dt.timedelta(hours=cutoff_hours))


def is_late(*, now: dt.datetime, starts_at: dt.datetime | None, late_cancel_hours: int) -> bool:
    return starts_at is not None and now > starts_at - dt.timedelta(hours=late_cancel_hours)


def check_askable(
    *, published: bool, starts_at: dt.datetime | None, closes_at: dt.datetime | None, now: dt.datetime
) -> None:
    if not published:
        raise RuleBroken(_("This takes no requests for a seat at the moment."), code="not_published")
    check_not_begun(starts_at=starts_at, now=now)
    if closes_at is not None and now >= closes_at:
        raise RuleBroken(_("The time to ask for a seat has ended."), code="closed")


def check_audience(*, audience: str, tier: str, invited: bool) -> None:
    """Who a workshop is for; an invitation opens it to anyone."""
    if audience == "everyone" or invited:
        return
    if not tier:
        raise RuleBroken(_("This is for members. You can apply for membership first."), code="members_only")
    if audience == "core" and tier != "core":
        raise RuleBroken(_("This is for core members."), code="core_only")


def check_invited(*, kind: str, invited: bool) -> None:
    if kind == Kind.INVITATION and not invited:
        raise RuleBroken(_("Seats are given by invitation here."), code="not_invited")


def check_not_begun(*, starts_at: dt.datetime | None, now: dt.datetime) -> None:
    if starts_at is not None and now >= starts_at:
        raise RuleBroken(_("It has begun; seats are given at the door now."), code="begun")


def check_answerable(*, state: str, expires_at: dt.datetime | None, now: dt.datetime) -> None:
    """Only while it is open, and never after its deadline: the seat is then someone else's."""
    if state != State.OFFERED:
        raise RuleBroken(_("There is no offer of a seat to answer."), code="no_offer")
    if expires_at is not None and now >= expires_at:
        raise RuleBroken(
            _("The time to answer has passed, and the seat goes on. You can ask for a seat again."),
            code="offer_expired",
        )


def check_capacity(*, capacity: int | None, held: int) -> None:
    if capacity is not None and capacity < held:
        raise RuleBroken(
            ngettext(
                "%(held)d seat is already held; there cannot be fewer.",
                "%(held)d seats are already held; there cannot be fewer.",
                held,
            )
            % {"held": held},
            code="capacity_below_held",
            field="capacity",
            params={"held": held},
        )


def check_seats_stated(*, kind: str, capacity: int | None, closes_at: dt.datetime | None) -> None:
    """A waiting list, an approval of few, an invitation of few and a draw mean nothing without a number."""
    if kind == Kind.OPEN and capacity is not None:
        raise RuleBroken(
            _("Open means that everyone gets a seat. Leave the number empty, or choose first come."),
            code="open_has_no_limit",
            field="capacity",
        )
    if kind in {Kind.FIRST_COME, Kind.DRAW} and not capacity:
        raise RuleBroken(_("Say how many seats there are."), code="capacity_missing", field="capacity")
    if kind == Kind.DRAW and closes_at is None:
        raise RuleBroken(
            _("Say until when people can enter the draw."), code="closing_missing", field="closes_at"
        )


_SIMILAR = frozenset({Kind.OPEN, Kind.FIRST_COME})


def check_kind_change(*, before: str, after: str, asked: int) -> None:
    """The rule people asked under is a promise: only its open and first-come forms turn into each other."""
    if before == after or not asked or {before, after} <= _SIMILAR:
        return
    raise RuleBroken(
        ngettext(
            "%(asked)d person has asked under the present rule, so it stays.",
            "%(asked)d people have asked under the present rule, so it stays.",
            asked,
        )
        % {"asked": asked},
        code="rule_promised",
        field="kind",
        params={"asked": asked},
    )


def check_may_wait(*, kind: str, waiting_list: bool, capacity: int | None) -> None:
    """Without a waiting list a full workshop says so, and why."""
    if waiting_list or kind in {Kind.APPROVAL, Kind.DRAW}:
        return
    raise RuleBroken(
        ngettext(
            "The only seat is taken, and there is no waiting list.",
            "All %(count)d seats are taken, and there is no waiting list.",
            capacity or 0,
        )
        % {"count": capacity or 0},
        code="full",
    )


def check_approval_change(*, before: bool, after: bool, asked: int) -> None:
    """Nobody who asked without the gate is put behind it, and nobody behind it is let through by a switch."""
    if asked and before != after:
        raise RuleBroken(
            _("People have asked already, so whether requests are approved stays as it is."),
            code="rule_promised",
            field="needs_approval",
            params={"asked": asked},
        )


def check_pools(*, capacity: int | None, pools: Sequence[PoolShape]) -> None:
    """All seats lie in pools, or none do; at most one pool is for everyone."""
    if not pools:
        return
    total = sum(pool.capacity for pool in pools)
    if capacity is None or total != capacity:
        raise RuleBroken(
            _("The pools have %(total)d seats together, but there are %(capacity)s.")
            % {"total": total, "capacity": capacity if capacity is not None else "–"},
            code="pools_do_not_add_up",
            field="pools",
            params={"total": total},
        )
    if sum(pool.who == PoolWho.EVERYONE for pool in pools) > 1:
        raise RuleBroken(
            _("Only one pool can be for everyone."), code="two_pools_for_everyone", field="pools"
        )


def is_for(pool: PoolLike, *, tier: str, organisation_id: UUID | None) -> bool:
    """Whether the pool is for someone of this tier (empty: no member) and organisation."""
    match pool.who:
        case PoolWho.EVERYONE:
            return True
        case PoolWho.CORE:
            return tier == "core"
        case PoolWho.MEMBERS:
            return bool(tier)
        case PoolWho.OUTSIDERS:
            return not tier
        case PoolWho.ORGANISATION:
            return bool(tier) and pool.organisation_id is not None and pool.organisation_id == organisation_id
        case _:
            return False


_NARROW = (PoolWho.ORGANISATION, PoolWho.CORE, PoolWho.MEMBERS, PoolWho.OUTSIDERS, PoolWho.EVERYONE)


def pools_for(pools: Iterable[_P], *, tier: str, organisation_id: UUID | None, now: dt.datetime) -> list[_P]:
    """The pools this person can ask in now, best first: open ones with a free seat, the narrowest before.

    Raises RuleBroken when none is for them, or none is open yet.
    """
    mine = [pool for pool in pools if is_for(pool, tier=tier, organisation_id=organisation_id)]
    if not mine:
        raise RuleBroken(_("All seats are kept for others. See how seats are given."), code="no_pool")
    opened = [pool for pool in mine if pool.opens_at is None or pool.opens_at <= now]
    if not opened:
        raise RuleBroken(
            _("Your seats are not open yet. See when they open."),
            code="pool_not_open",
            params={"opens_at": min(pool.opens_at for pool in mine if pool.opens_at is not None)},
        )
    return sorted(opened, key=lambda pool: (pool.taken >= pool.capacity, _NARROW.index(PoolWho(pool.who))))


def check_waits_for_chance(*, committed: bool, known: bool, may_offer: bool) -> None:
    if known:
        raise RuleBroken(_("The draw has been made, or is being made."), code="already_drawn")
    if not committed:
        raise RuleBroken(_("The draw is not sealed yet, so chance does not count."), code="not_waiting")
    if not may_offer:
        raise RuleBroken(_("It is too late: no seat can be offered so shortly before."), code="too_late")


def check_closes_in_time(
    *,
    kind: str,
    closes_at: dt.datetime | None,
    starts_at: dt.datetime | None,
    cutoff_hours: int,
    lead: dt.timedelta,
) -> None:
    """Between closing and the cut-off there must be time for chance (`lead`), and to offer what was drawn."""
    if kind != Kind.DRAW or closes_at is None or starts_at is None:
        return
    if closes_at + lead >= starts_at - dt.timedelta(hours=cutoff_hours):
        raise RuleBroken(
            _("Close entries earlier: after the draw people need time to answer their offer."),
            code="closes_too_late",
            field="closes_at",
        )


def check_source_change(*, before: object, after: object, asked: int) -> None:
    """The source of chance is part of what people read when they asked."""
    if asked and before != after:
        raise RuleBroken(
            _("People have asked already, so where chance comes from stays as it is."),
            code="rule_promised",
            field="chance_source",
            params={"asked": asked},
        )


def check_target(*, least: int, most: int, field: str) -> None:
    if least > most:
        raise RuleBroken(_("The least is above the most."), code="least_above_most", field=field)


def check_targets_fit(*, rows: Sequence[tuple[str, str, int]], capacity: int | None) -> None:
    """`rows`: field, question, least. The least of one question's answers together fit the seats."""
    if capacity is None:
        return
    totals: dict[str, int] = {}
    for field, question, least in rows:
        totals[question] = totals.get(question, 0) + least
        if totals[question] > capacity:
            raise RuleBroken(
                _("The least of these answers add up to %(total)d, but there are %(seats)d seats.")
                % {"total": totals[question], "seats": capacity},
                code="leasts_above_seats",
                field=field,
            )


def check_no_draw_pending(*, pending: bool) -> None:
    if pending:
        raise RuleBroken(
            _("Entries are closed and the draw is not made yet; until then seats stay as they are."),
            code="draw_pending",
        )
