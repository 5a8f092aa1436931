"""Questions this app asks of higher ones: declared here, plugged in `web/wiring.py`.

The seats app answers `seat_defaults`, `copy_seats`, `seat_figures`, `people_holding_seats` and `standing`;
the notices app answers `notices`; any app may `register_check` for the check before publishing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from convene.apps.workshops.rules.checks import Finding
from convene.apps.workshops.rules.workshop import SeatFigures, Standing

if TYPE_CHECKING:
    from convene.apps.people.models import Person
    from convene.apps.workshops.models import Workshop


class SeatDefaults(Protocol):
    """Give a new workshop its seat policy, or change seats and minimum of the one it has."""

    def __call__(
        self, *, workshop: Workshop, capacity: int | None, minimum: int, actor: Person, now: dt.datetime
    ) -> None: ...


class CopySeats(Protocol):
    """Give `target` the seat policy of `source`, deadlines `days_on` days later by the clocks of `zone`."""

    def __call__(
        self,
        *,
        source: Workshop,
        target: Workshop,
        days_on: int,
        zone: str,
        actor: Person,
        now: dt.datetime,
    ) -> None: ...


@dataclass(frozen=True)
class NoticeLine:
    """A mail that leaves by itself: when, to whom, whether it is on, and the page with its words."""

    when: str
    who: str
    is_on: bool
    href: str


FiguresOf = Callable[[Collection[UUID]], Mapping[UUID, SeatFigures]]
PeopleHoldingSeats = Callable[[UUID], Sequence[UUID]]
StandingOf = Callable[[UUID, UUID], Standing]
NoticesOf = Callable[["Workshop"], Sequence[NoticeLine]]
Check = Callable[["Workshop", dt.datetime], Iterable[Finding]]

_checks: list[Check] = []


class _Ports:
    seat_defaults: SeatDefaults | None = None
    copy_seats: CopySeats | None = None
    seat_figures: FiguresOf | None = None
    people_holding_seats: PeopleHoldingSeats | None = None
    standing: StandingOf | None = None
    notices: NoticesOf | None = None


_ports = _Ports()


def plug(
    *,
    seat_defaults: SeatDefaults | None = None,
    copy_seats: CopySeats | None = None,
    seat_figures: FiguresOf | None = None,
    people_holding_seats: PeopleHoldingSeats | None = None,
    standing: StandingOf | None = None,
    notices: NoticesOf | None = None,
) -> None:
    """Called by wiring.py alone; what is not given stays as it was."""
    _ports.seat_defaults = seat_defaults or _ports.seat_defaults
    _ports.copy_seats = copy_seats or _ports.copy_seats
    _ports.seat_figures = seat_figures or _ports.seat_figures
    _ports.people_holding_seats = people_holding_seats or _ports.people_holding_seats
    _ports.standing = standing or _ports.standing
    _ports.notices = notices or _ports.notices


def register_check(check: Check) -> None:
    """`check(workshop, now)` yields findings of its own; called by wiring.py alone."""
    if check not in _checks:
        _checks.append(check)


def give_seats(
    *, workshop: Workshop, capacity: int | None, minimum: int, actor: Person, now: dt.datetime
) -> None:
    if _ports.seat_defaults:
        _ports.seat_defaults(workshop=workshop, capacity=capacity, minimum=minimum, actor=actor, now=now)


def copy_seats(
    *, source: Workshop, target: Workshop, days_on: int, zone: str, actor: Person, now: dt.datetime
) -> None:
    if _ports.copy_seats:
        _ports.copy_seats(source=source, target=target, days_on=days_on, zone=zone, actor=actor, now=now)


def seat_figures(workshop_ids: Collection[UUID]) -> Mapping[UUID, SeatFigures]:
    """Figures by workshop id, in one query; a workshop without a policy is absent."""
    return _ports.seat_figures(workshop_ids) if _ports.seat_figures and workshop_ids else {}


def people_holding_seats(workshop_id: UUID) -> Sequence[UUID]:
    """Ids of those with a seat, confirmed or offered."""
    return _ports.people_holding_seats(workshop_id) if _ports.people_holding_seats else ()


def standing_of(workshop_id: UUID, person_id: UUID) -> Standing:
    return _ports.standing(workshop_id, person_id) if _ports.standing else Standing.NONE


def notices_of(workshop: Workshop) -> Sequence[NoticeLine] | None:
    """The mails that will leave by themselves; None when no app sends any."""
    return _ports.notices(workshop) if _ports.notices else None


def further_findings(workshop: Workshop, now: dt.datetime) -> list[Finding]:
    return [finding for check in _checks for finding in check(workshop, now)]
