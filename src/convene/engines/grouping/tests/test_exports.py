"""Plans on paper and for other programs."""

from __future__ import annotations

import csv
import io
import json

from convene.engines.grouping import Table, door_sheet, personal_sheets, plan_json, table_cards, zoom_csv

NAMES = {"1": "Zoë", "2": "Émile", "3": "anna", "4": "Bo"}
ROUNDS = [[["1", "2"], ["3", "4"]], [["1", "3"], ["2"]]]
TABLES = [Table("Hall"), Table("")]


def rows(text):
    return list(csv.reader(io.StringIO(text)))


def test_cards_list_people_as_a_reader_looks_for_them():
    cards = table_cards(ROUNDS, NAMES, TABLES)
    assert [(card.round, card.name, card.people) for card in cards] == [
        (0, "Hall", ("Émile", "Zoë")),
        (0, "2", ("anna", "Bo")),
        (1, "Hall", ("anna", "Zoë")),
        (1, "2", ("Émile",)),
    ]


def test_a_sheet_for_each_person_says_where_and_with_whom():
    sheets = personal_sheets(ROUNDS, NAMES, TABLES)
    assert [sheet.name for sheet in sheets] == ["anna", "Bo", "Émile", "Zoë"]
    assert [(stop.round, stop.name, stop.beside) for stop in sheets[0].stops] == [
        (0, "2", ("Bo",)),
        (1, "Hall", ("Zoë",)),
    ]


def test_the_door_sheet_leaves_a_gap_where_someone_has_no_seat():
    assert door_sheet(ROUNDS, NAMES, TABLES)[1] == ("Bo", ("2", ""))


def test_zooms_file_has_its_two_columns_and_names_who_is_missing():
    mails = {"1": "zoe@example.org", "2": "", "3": "=cmd@example.org", "4": "bo@example.org"}
    made = zoom_csv(ROUNDS[0], mails, TABLES)
    assert rows(made.text) == [
        ["Pre-assign Room Name", "Email Address"],
        ["Hall", "zoe@example.org"],
        ["2", "bo@example.org"],
    ]
    assert (made.without, made.fits) == (("2", "3"), True)


def test_no_spreadsheet_runs_the_name_of_a_room_and_long_names_stay_apart():
    long = "The room at the very end of the corridor"
    made = zoom_csv(
        [["1"], ["2"], ["3"]], dict.fromkeys("123", "a@b.org"), [Table("=1+1"), Table(long), Table(long)]
    )
    rooms = [row[0] for row in rows(made.text)[1:]]
    assert rooms == ["'=1+1", long[:32], long[:28] + " (2)"]


def test_more_rooms_than_zoom_takes_are_said_not_to_fit():
    people = [str(at) for at in range(101)]
    assert not zoom_csv([[each] for each in people], dict.fromkeys(people, "a@b.org")).fits


def test_the_plan_reads_back_as_it_was():
    read = json.loads(plan_json(ROUNDS, NAMES, TABLES, seed=7))
    assert (read["rounds"], read["tables"], read["names"]["2"], read["seed"]) == (
        ROUNDS,
        ["Hall", "2"],
        "Émile",
        7,
    )
