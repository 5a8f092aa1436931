from __future__ import annotations

import datetime as dt

import pytest

from convene.apps.attendance import rules
from convene.foundation.errors import RuleBroken

START = dt.datetime(2026, 12, 10, 12, 0, tzinfo=dt.UTC)
END = START + dt.timedelta(hours=2)


@pytest.mark.parametrize(
    ("states", "outcome"),
    [
        ([], "expected"),
        ([None, None], "expected"),
        (["attended", "attended"], "attended"),
        (["attended", "absent"], "partly_attended"),
        (["attended", None], "partly_attended"),
        (["partly_attended"], "partly_attended"),
        (["apologised", "absent"], "apologised"),
        (["absent", "absent"], "absent"),
        (["absent", None], "expected"),
    ],
)
def test_sessions_add_up_to_an_outcome(states, outcome):
    assert rules.outcome(states) == outcome


def test_the_door_opens_half_an_hour_before_and_closes_at_the_end():
    rules.check_open(starts_at=START, ends_at=END, now=START - dt.timedelta(minutes=30))
    rules.check_open(starts_at=START, ends_at=END, now=END)
    for moment, code in (
        (START - dt.timedelta(minutes=31), "too_early"),
        (END + dt.timedelta(seconds=1), "too_late"),
    ):
        with pytest.raises(RuleBroken) as broken:
            rules.check_open(starts_at=START, ends_at=END, now=moment)
        assert broken.value.code == code


def test_minutes_count_from_arrival_and_never_before_the_start():
    assert rules.minutes_from_arrival(START - dt.timedelta(minutes=10), START, END) == 120
    assert rules.minutes_from_arrival(START + dt.timedelta(minutes=30), START, END) == 90
    assert rules.minutes_from_arrival(END + dt.timedelta(minutes=1), START, END) == 0


def test_four_fifths_of_the_minutes_are_attendance():
    assert rules.state_from_minutes(96, planned=120) == "attended"
    assert rules.state_from_minutes(95, planned=120) == "partly_attended"
    assert rules.state_from_minutes(0, planned=120) == "absent"


def test_minutes_cannot_exceed_the_session():
    rules.check_minutes(120, planned=120)
    with pytest.raises(RuleBroken) as broken:
        rules.check_minutes(121, planned=120)
    assert broken.value.field == "minutes"


def test_a_code_survives_how_people_type_it():
    code = rules.new_code()
    assert rules.tidy_code(f" {code[:4].upper()}-{code[4:]} ") == code


def test_feedback_needs_one_answer():
    rules.check_answers(useful=None, said=None, change="shorter")
    with pytest.raises(RuleBroken):
        rules.check_answers(useful=None, said=None, change="  ")
