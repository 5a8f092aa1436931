"""What happens to a registration or a draw. `subject_id` is the registration's id unless said otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from convene.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class _RegistrationEvent(Event):
    name = "registration"
    workshop_id: UUID


@dataclass(frozen=True, kw_only=True)
class SeatRequested(_RegistrationEvent):
    """Asked for, and not settled in the same moment: waiting for approval or in the draw."""

    name = "seat_requested"


@dataclass(frozen=True, kw_only=True)
class SeatWaitlisted(_RegistrationEvent):
    name = "seat_waitlisted"


@dataclass(frozen=True, kw_only=True)
class SeatOffered(_RegistrationEvent):
    name = "seat_offered"
    offer_id: UUID


@dataclass(frozen=True, kw_only=True)
class SeatConfirmed(_RegistrationEvent):
    name = "seat_confirmed"


@dataclass(frozen=True, kw_only=True)
class SeatRefused(_RegistrationEvent):
    """An approver said no; the reason is on the registration."""

    name = "seat_refused"


@dataclass(frozen=True, kw_only=True)
class OfferDeclined(_RegistrationEvent):
    name = "offer_declined"


@dataclass(frozen=True, kw_only=True)
class OfferExpired(_RegistrationEvent):
    name = "offer_expired"


@dataclass(frozen=True, kw_only=True)
class SeatCancelled(_RegistrationEvent):
    """By the person, early or late, or withdrawn from a list."""

    name = "seat_cancelled"


@dataclass(frozen=True, kw_only=True)
class ChoiceReopened(_RegistrationEvent):
    """The workshop's time changed: confirmed became offered again."""

    name = "choice_reopened"
    offer_id: UUID


@dataclass(frozen=True, kw_only=True)
class RegistrationVoided(_RegistrationEvent):
    """The workshop was cancelled. `held_seat`: whether a calendar entry must go."""

    name = "registration_voided"
    held_seat: bool


@dataclass(frozen=True, kw_only=True)
class SeatPolicySet(Event):
    """A steward said how seats are given. `subject_id` is the policy's."""

    name = "seat_policy_set"
    workshop_id: UUID


@dataclass(frozen=True, kw_only=True)
class SeatsFilled(Event):
    """The last seat was taken. `subject_id` is the policy's."""

    name = "seats_filled"
    workshop_id: UUID


@dataclass(frozen=True, kw_only=True)
class PoolMerged(Event):
    """What was left of a pool is for everyone. `subject_id` is the pool's."""

    name = "pool_merged"
    workshop_id: UUID


@dataclass(frozen=True, kw_only=True)
class TargetsSet(Event):
    """Targets of a draw were set or relaxed. `subject_id` is the policy's."""

    name = "targets_set"
    workshop_id: UUID


@dataclass(frozen=True, kw_only=True)
class EntriesFrozen(Event):
    """Entries of a draw closed. `subject_id` is the draw's; `waits`: a steward must do something."""

    name = "entries_frozen"
    workshop_id: UUID
    waits: bool


@dataclass(frozen=True, kw_only=True)
class DrawPreparing(Event):
    """Nothing is in the way. `subject_id` is the draw's; a task works it out and seals it."""

    name = "draw_preparing"
    workshop_id: UUID


@dataclass(frozen=True, kw_only=True)
class DrawCommitted(Event):
    """Sealed and published; now chance is waited for. `subject_id` is the draw's."""

    name = "draw_committed"
    workshop_id: UUID
    commitment: str


@dataclass(frozen=True, kw_only=True)
class WitnessEvent(Event):
    """`subject_id` is the witness's row."""

    name = "witness"
    workshop_id: UUID


@dataclass(frozen=True, kw_only=True)
class WitnessNamed(WitnessEvent):
    """A steward named a witness. `subject_id` is the witness's row."""

    name = "witness_named"


@dataclass(frozen=True, kw_only=True)
class ValueSealed(WitnessEvent):
    """A witness sealed a value. `subject_id` is the witness's row."""

    name = "value_sealed"


@dataclass(frozen=True, kw_only=True)
class ValueRevealed(WitnessEvent):
    """A witness revealed what was sealed. `subject_id` is the witness's row."""

    name = "value_revealed"


@dataclass(frozen=True, kw_only=True)
class DrawStarted(Event):
    """What chance said is recorded for good. `subject_id` is the draw's; a task finishes it."""

    name = "draw_started"
    workshop_id: UUID


@dataclass(frozen=True, kw_only=True)
class ChanceConfirmed(Event):
    """A second person saw the same dice. `subject_id` is the draw's."""

    name = "chance_confirmed"
    workshop_id: UUID


@dataclass(frozen=True, kw_only=True)
class AuditorNamed(Event):
    """Who may read the full record of a draw; none: nobody. `subject_id` is the policy's."""

    name = "auditor_named"
    workshop_id: UUID
    auditor_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class DrawAudited(Event):
    """The auditor read the full record or the people file (`what`). `subject_id` is the draw's."""

    name = "draw_audited"
    workshop_id: UUID
    what: str


@dataclass(frozen=True, kw_only=True)
class SeatsDrawn(Event):
    """`subject_id` is the draw's. Each person's own event follows (offered or not drawn)."""

    name = "seats_drawn"
    workshop_id: UUID
    seated: int


@dataclass(frozen=True, kw_only=True)
class CorrectionAsked(Event):
    """Someone says that they were passed over where no record shows it. `subject_id`: the request."""

    name = "correction_asked"
    workshop_id: UUID


@dataclass(frozen=True, kw_only=True)
class CorrectionAnswered(Event):
    """A steward answered with a reason. `subject_id` is the request's."""

    name = "correction_answered"
    workshop_id: UUID
    agreed: bool


@dataclass(frozen=True, kw_only=True)
class DrawnSeatsFreed(Event):
    """Seats of a draw are free and many wait. `subject_id` is the draw's; a task replaces."""

    name = "drawn_seats_freed"
    workshop_id: UUID


@dataclass(frozen=True, kw_only=True)
class SeatsReplaced(Event):
    """A new lottery for free seats of a draw was made. `subject_id` is the draw's."""

    name = "seats_replaced"
    workshop_id: UUID
    number: int
    seats: int


@dataclass(frozen=True, kw_only=True)
class SeatNotDrawn(_RegistrationEvent):
    """On the reserve list, with a reason to read."""

    name = "seat_not_drawn"
