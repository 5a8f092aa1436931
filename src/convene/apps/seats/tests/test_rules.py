"""The rules alone, and the public text made from them."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from django.utils import timezone

from convene.apps.seats import rules
from convene.apps.seats.rules import LIVE, MOVES, Kind, PoolFacts, QuotaFacts, State
from convene.apps.seats.services import PolicyTerms
from convene.foundation.errors import RuleBroken

START = dt.datetime(2030, 5, 6, 10, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
PAGE = Path(__file__).parents[5] / "docs" / "reference" / "seat-states.md"


def test_no_step_leads_out_of_a_final_state() -> None:
    final = {state.value for state in State} - set(LIVE)
    assert {before for before, _after in MOVES} & final == set()


def test_every_live_state_ends_when_the_workshop_is_cancelled() -> None:
    assert all((state, State.VOIDED) in MOVES for state in LIVE)


def test_a_seat_is_only_ever_offered_from_a_list_a_draw_an_approval_or_a_changed_time() -> None:
    before = {before for before, after in MOVES if after == State.OFFERED}
    assert before == {"submitted", "approved", "pooled", "waitlisted", "reserve", "confirmed"}


def test_every_state_and_reason_has_words() -> None:
    assert all(str(rules.state_text(state)) for state in State)
    assert all(reason.label for reasons in MOVES.values() for reason in reasons)


def test_the_reference_page_lists_every_step() -> None:
    rows = re.findall(
        r"^\| (?:–|`(\w+)`) \| `(\w+)` \| (`\w+`(?:, `\w+`)*) \|$", PAGE.read_text("utf-8"), re.MULTILINE
    )
    written = {(before, after): frozenset(re.findall(r"\w+", because)) for before, after, because in rows}
    known = {
        (str(before), str(after)): frozenset(str(reason) for reason in reasons)
        for (before, after), reasons in MOVES.items()
    }
    assert written == known


@pytest.mark.parametrize(
    ("hours", "expected"), [(3, True), (2.01, True), (2, False), (0, False), (-1, False)]
)
def test_no_offer_at_or_after_the_cut_off(hours: float, expected: bool) -> None:
    assert rules.may_offer(now=START - hours * HOUR, starts_at=START, cutoff_hours=2) is expected


def test_a_deadline_never_lies_beyond_the_cut_off() -> None:
    def until(hours: float) -> dt.datetime:
        return rules.offer_deadline(now=START - hours * HOUR, starts_at=START, cutoff_hours=2, offer_hours=48)

    assert (until(100), until(30)) == (START - 52 * HOUR, START - 2 * HOUR)


def text(**terms: object) -> list[str]:
    return rules.policy_text(PolicyTerms(**terms))


def test_the_text_says_what_the_rule_does() -> None:
    assert text() == ["Open: everyone who asks gets a seat."]
    first_come = text(kind=Kind.FIRST_COME, capacity=12, offer_hours=24, cutoff_hours=3, late_cancel_hours=12)
    assert first_come == [
        (
            "First come: seats are given in the order of asking; after that there is a waiting list, in the order of "
            "joining it."
        ),
        "There are 12 seats.",
        (
            "When a seat becomes free it is offered to the next person, who has 24 hours to say yes; after that it "
            "goes on."
        ),
        "No seat is offered in the last 3 hours before the start.",
        "If you cannot come, say so at least 12 hours before, so that someone else can.",
    ]
    assert "approved" in text(kind=Kind.FIRST_COME, capacity=12, needs_approval=True)[2]


def test_times_in_the_text_are_the_readers_and_name_their_zone() -> None:
    terms = PolicyTerms(kind=Kind.DRAW, capacity=2, closes_at=START)
    with timezone.override("Europe/Berlin"):
        assert "Ask until Monday 6 May 2030, 12:00 Berlin time." in rules.policy_text(terms)


def test_pools_and_targets_are_said() -> None:
    terms = PolicyTerms(kind=Kind.DRAW, capacity=10, closes_at=START)
    pools = [PoolFacts(who="members", capacity=4), PoolFacts(who="everyone", capacity=6)]
    quotas = [QuotaFacts("Role", "nurse", 2, 4), QuotaFacts("Role", "doctor", 3, 3)]
    said = rules.policy_text(terms, pools=pools, quotas=quotas)
    assert "4 of them are for members." in said
    assert "Targets for “Role”, in seats: nurse 2 to 4, doctor 3." in said


def test_a_step_outside_the_graph_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="no seat moves expired -> offered"):
        rules.check_move("expired", "offered", "seat_freed")


def test_capacity_below_what_is_held_says_how_many() -> None:
    with pytest.raises(RuleBroken) as refusal:
        rules.check_capacity(capacity=2, held=3)
    assert str(refusal.value.public_message) == "3 seats are already held; there cannot be fewer."
