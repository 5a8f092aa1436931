from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from convene.apps.workshops.rules import blocks
from convene.apps.workshops.rules import workshop as rules
from convene.apps.workshops.rules.checks import Finding, Level, PlanFacts, SessionFacts, findings, is_small
from convene.apps.workshops.rules.workshop import SeatFigures, Standing
from convene.foundation.errors import RuleBroken

NOW = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
START = dt.datetime(2026, 12, 2, 9, tzinfo=dt.UTC)
SESSION = SessionFacts(START, START + dt.timedelta(hours=1), "Europe/Berlin", "", "")
BARE = PlanFacts(
    title="Measles on ward 4",
    description="",
    outcomes="",
    format="online",
    audience="members",
    recording="chatham",
    access_offered="",
    counts_minutes=False,
    sessions=[SESSION],
    community_zone="Europe/Berlin",
    has_conduct_contact=False,
    has_code_of_conduct=False,
    facilitators_accepted=0,
    public_address="",
    figures=SeatFigures(capacity=8, minimum=4),
)
COMPLETE = replace(
    BARE,
    description="About it.",
    access_offered="Captions",
    sessions=[replace(SESSION, join_url="https://video.example.org")],
    has_conduct_contact=True,
    has_code_of_conduct=True,
    facilitators_accepted=2,
    public_address="https://convene.example.org",
    audience="everyone",
    figures=SeatFigures(capacity=40),
)


def codes(facts: PlanFacts, more: tuple[Finding, ...] = ()) -> list[str]:
    return [finding.code for finding in findings(facts, NOW, more)]


def test_a_complete_plan_has_no_findings():
    assert codes(COMPLETE) == []


def test_a_small_gathering_hears_the_two_weightiest_warnings_only():
    assert is_small(BARE)
    assert codes(BARE) == ["join_link_missing", "address_missing"]


def test_the_same_plan_open_to_everyone_hears_all_of_them():
    facts = replace(BARE, audience="everyone")
    assert not is_small(facts)
    assert codes(facts) == [
        "join_link_missing",
        "address_missing",
        "conduct_contact_missing",
        "access_missing",
        "facilitators_few",
        "nothing_said",
    ]


@pytest.mark.parametrize(
    "used",
    [
        {"figures": SeatFigures(capacity=13)},
        {"figures": SeatFigures(capacity=None)},
        {"figures": None},
        {"counts_minutes": True},
        {"recording": "open"},
        {"sessions": [SESSION, SESSION]},
    ],
)
def test_what_is_used_ends_the_peace_of_a_small_gathering(used):
    assert not is_small(replace(BARE, **used))


def test_errors_are_never_dropped_and_come_first():
    facts = replace(BARE, title=" ", sessions=[])
    assert codes(facts)[:2] == ["title_missing", "session_missing"]
    past = replace(BARE, sessions=[replace(SESSION, starts_at=NOW)])
    assert codes(past)[0] == "in_the_past"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"format": "in_person"}, "place_missing"),
        ({"sessions": [replace(SESSION, zone="UTC", join_url="x")]}, "zone_utc"),
        ({"absent": ["a patient's relative"]}, "voice_absent"),
        ({"late_items": 2}, "checklist_late"),
        ({"notices": 0}, "notices_missing"),
        ({"public_address": ""}, "address_missing"),
        ({"facilitators_accepted": 1}, "facilitators_few"),
        ({"has_code_of_conduct": False}, "conduct_missing"),
        (
            {"sessions": [replace(SESSION, starts_at=NOW + dt.timedelta(hours=30), join_url="x")]},
            "very_soon",
        ),
    ],
)
def test_each_gap_has_its_warning(change, code):
    assert codes(replace(COMPLETE, **change)) == [code]


def test_another_app_adds_its_own_findings_by_weight():
    mine = Finding(Level.WARNING, "draw_closes_late", "…", "seat_policy", weight=99)
    wrong = Finding(Level.ERROR, "quota_infeasible", "…", "seat_policy")
    assert codes(replace(COMPLETE, late_items=1), (mine, wrong)) == [
        "quota_infeasible",
        "draw_closes_late",
        "checklist_late",
    ]


def test_blocks_are_read_as_people_type_them():
    parsed = blocks.parse_blocks(
        "10 Welcome\n\n5 min: Break\nKeep the door open\n20' – What was hard\n3rd item"
    )
    assert parsed == [
        blocks.Block(10, "Welcome"),
        blocks.Block(5, "Break"),
        blocks.Block(None, "Keep the door open"),
        blocks.Block(20, "What was hard"),
        blocks.Block(None, "3rd item"),
    ]
    assert blocks.total_minutes(parsed) == 35
    starts = [timed.starts_at for timed in blocks.timed(parsed, START)]
    later = [START, START + dt.timedelta(minutes=10), None, START + dt.timedelta(minutes=15), None]
    assert starts == later


@pytest.mark.parametrize(
    ("days", "seated", "decided", "needs"),
    [
        (6, 3, False, True),
        (6, 4, False, False),
        (6, 3, True, False),
        (8, 3, False, False),
        (-1, 3, False, False),
    ],
)
def test_a_decision_is_due_within_seven_days_below_the_minimum(days, seated, decided, needs):
    figures = SeatFigures(10, 4, seated, seated)
    first = NOW + dt.timedelta(days=days)
    long_ago = NOW - dt.timedelta(days=60)
    facts = {"figures": figures, "first_start": first, "published_at": long_ago, "decided": decided}
    assert rules.needs_decision(**facts, now=NOW) is needs


def test_what_was_published_late_gets_half_of_the_time_left_before_a_decision_is_asked():
    first = NOW + dt.timedelta(days=4)
    assert rules.decision_due_at(first, NOW) == NOW + dt.timedelta(days=2)
    assert rules.decision_due_at(NOW + dt.timedelta(days=30), NOW) == NOW + dt.timedelta(days=23)


def test_only_those_with_a_seat_see_what_a_closed_room_keeps():
    asked = {"share": "asked", "leads": False, "standing": Standing.ASKED}
    assert rules.sees_resource(recording="open", **asked)
    assert not rules.sees_resource(recording="closed", **asked)
    assert rules.sees_resource(share="seated", recording="closed", standing=Standing.NONE, leads=True)


@pytest.mark.parametrize("name", ["a.exe", "a.html", "a.svg", "a.js", "a.pdf.exe", "a", "a.docm"])
def test_files_that_could_run_are_refused(name):
    with pytest.raises(RuleBroken) as caught:
        rules.check_file(name, 10, b"%PDF-")
    assert (caught.value.code, caught.value.field) == ("file_type", "file")


def test_a_file_is_what_its_name_says():
    assert rules.check_file("A.PDF", 10, b"%PDF-1.7") == "pdf"
    assert rules.check_file("notes.md", 10, b"# Notes") == "md"
    for name, beginning in [("a.pdf", b"<html>"), ("a.txt", b"\x00\x01"), ("a.png", b"GIF89a")]:
        with pytest.raises(RuleBroken):
            rules.check_file(name, 10, beginning)
    with pytest.raises(RuleBroken):
        rules.check_file("a.pdf", rules.LARGEST_FILE + 1, b"%PDF-1.7")
