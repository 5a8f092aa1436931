"""The run sheet: everything those who facilitate need, on one page."""

from __future__ import annotations

from dataclasses import dataclass

from convene.apps.communities.queries import conduct_contacts_of
from convene.apps.people.models import Person
from convene.apps.workshops import ports
from convene.apps.workshops.models import ChecklistItem, Facilitation, Session, Workshop
from convene.apps.workshops.rules import blocks
from convene.apps.workshops.rules.workshop import SeatFigures


@dataclass(frozen=True)
class SessionRun:
    session: Session
    blocks: list[blocks.TimedBlock]
    planned_minutes: int
    minutes: int

    @property
    def over(self) -> int:
        """Minutes by which the blocks are longer than the session; negative: time left."""
        return self.planned_minutes - self.minutes


@dataclass(frozen=True)
class RunSheet:
    runs: list[SessionRun]
    facilitators: list[Person]
    contacts: list[Person]
    figures: SeatFigures | None
    open_items: list[ChecklistItem]


def run_sheet_of(workshop: Workshop) -> RunSheet:
    parsed = blocks.parse_blocks(workshop.run_sheet)
    accepted = workshop.facilitations.filter(state=Facilitation.State.ACCEPTED)
    return RunSheet(
        runs=[_run(session, parsed) for session in workshop.sessions.all()],
        facilitators=[f.person for f in accepted.select_related("person").order_by("invited_at")],
        contacts=list(conduct_contacts_of(workshop.community)),
        figures=ports.seat_figures([workshop.pk]).get(workshop.pk),
        open_items=list(workshop.checklist.filter(done_at=None).order_by("-lead_days")),
    )


def _run(session: Session, parsed: list[blocks.Block]) -> SessionRun:
    return SessionRun(
        session=session,
        blocks=blocks.timed(parsed, session.starts_at),
        planned_minutes=blocks.total_minutes(parsed),
        minutes=int((session.ends_at - session.starts_at).total_seconds() // 60),
    )
