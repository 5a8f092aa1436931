from __future__ import annotations

import pytest

from convene.apps.attendance.csvs import Candidate, SeenRow, decode, match, read
from convene.foundation.errors import RuleBroken

ZOOM = """Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants
123 456 789,Case clinic,12/10/2026 03:00:00 PM,12/10/2026 05:00:00 PM,host@example.org,120,3

Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,In Waiting Room
Amina Odhiambo (she/her),amina@example.org,12/10/2026 02:58:00 PM,12/10/2026 03:40:00 PM,42,Yes,No
Amina Odhiambo (she/her),amina@example.org,12/10/2026 03:45:00 PM,12/10/2026 05:00:00 PM,75,Yes,No
Ben,,12/10/2026 03:10:00 PM,12/10/2026 04:00:00 PM,50,Yes,No
"""

TEAMS = """1. Summary
Meeting title|Case clinic
Attended participants|2

2. Participants
Name|First Join|Last Leave|In-Meeting Duration|Email|Participant ID (UPN)|Role
Odhiambo, Amina|12/10/26, 2:58:01 PM|12/10/26, 5:00:10 PM|1h 58m 9s|amina@example.org|a@x|Presenter
Ben Chu|12/10/26, 3:10:00 PM|12/10/26, 3:35:40 PM|25m 40s|ben@example.org|b@x|Attendee

3. In-Meeting Activities
Name|Join Time|Leave Time|Duration|Email|Role
Odhiambo, Amina|12/10/26, 2:58:01 PM|12/10/26, 5:00:10 PM|1h 58m 9s|amina@example.org|Presenter
""".replace("|", "\t")

MEET = """First name,Last name,Email,Duration,Time joined,Time exited
Amina,Odhiambo,amina@example.org,1 hr 58 min,2:58 PM,4:56 PM
Ben,Chu,,45 min,3:10 PM,3:55 PM
"""


def test_zoom_rows_of_one_person_are_added_up_and_its_summary_is_passed_over():
    assert read(ZOOM) == [
        SeenRow("Amina Odhiambo (she/her)", "amina@example.org", 117),
        SeenRow("Ben", "", 50),
    ]


def test_teams_is_read_from_utf_16_and_only_from_its_participants():
    rows = read(decode(b"\xff\xfe" + TEAMS.encode("utf-16-le")))
    assert rows == [
        SeenRow("Odhiambo, Amina", "amina@example.org", 118),
        SeenRow("Ben Chu", "ben@example.org", 25),
    ]


def test_meet_has_first_and_last_names_and_spells_its_minutes():
    assert read(MEET) == [SeenRow("Amina Odhiambo", "amina@example.org", 118), SeenRow("Ben Chu", "", 45)]


def test_durations_on_a_clock_are_hours_minutes_seconds():
    text = "Name,Duration\nA,1:02:03\nB,45:10\nC,whenever\n"
    assert read(text) == [SeenRow("A", "", 62), SeenRow("B", "", 45)]


def test_what_is_no_list_is_refused_and_odd_figures_are_passed_over():
    assert read("Name,Duration\nA,²\nB,99999999999\nC,47\n") == [SeenRow("C", "", 47)]
    assert decode(b"Na\x00me") == "Name"
    for broken in (lambda: decode(b"\xff\xfe\x00"), lambda: read("Name,Duration\n" + "x" * 200_000)):
        with pytest.raises(RuleBroken) as refused:
            broken()
        assert refused.value.code == "not_text"


def test_a_file_without_names_and_durations_is_refused_in_words():
    with pytest.raises(RuleBroken) as broken:
        read("colour,size\nred,3\n")
    assert broken.value.code == "no_columns"


def test_people_match_by_mail_then_by_a_name_only_one_of_them_has():
    amina = Candidate("1", "Amina Odhiambo", "amina@example.org")
    ben, other_ben = Candidate("2", "Ben Chu", ""), Candidate("3", "Ben Chu", "chu@example.org")
    rows = [
        SeenRow("iPad", "amina@example.org", 10),
        SeenRow("Ben Chu", "", 10),
        SeenRow("CHU, Ben (he)", "chu@example.org", 10),
    ]
    assert match(rows, [amina, ben, other_ben]) == ["1", None, "3"]
    assert match([SeenRow("odhiambo amina", "", 5)], [amina, ben]) == ["1"]


def test_nobody_is_taken_for_two_rows():
    amina = Candidate("1", "Amina", "amina@example.org")
    assert match([SeenRow("Amina", "", 5), SeenRow("Tablet", "amina@example.org", 5)], [amina]) == ["1", None]
