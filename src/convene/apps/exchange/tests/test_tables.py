from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from openpyxl import Workbook

from convene.apps.exchange import rules, tables
from convene.apps.exchange.rules import Column
from convene.foundation.errors import RuleBroken


def test_csv_is_read_whatever_its_separator_and_encoding():
    for data in (
        "\ufeffname,email\r\nAna Núñez,ana@example.org\r\n".encode(),
        "name;email\nAna Núñez;ana@example.org\n".encode("cp1252"),
        "name\temail\nAna Núñez\tana@example.org\n".encode("utf-16"),
    ):
        table = tables.read(data, "people.csv")
        assert table.header == ("name", "email")
        assert table.rows == (("Ana Núñez", "ana@example.org"),)
        assert table.numbers == (2,)


def test_excel_is_read_with_dates_and_whole_numbers_as_people_see_them():
    book = Workbook()
    book.active.append(["Name", "Seats", "Since"])
    book.active.append(["Ana", 3.0, dt.datetime(2026, 3, 1)])  # noqa: DTZ001  # Excel knows no zones
    out = io.BytesIO()
    book.save(out)
    assert tables.read(out.getvalue(), "people.xlsx").rows == (("Ana", "3", "2026-03-01"),)


def packed(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.csv", "no_rows"),
        (b"name,email\n", "a.csv", "no_rows"),
        (b"Name,name\nA,B\n", "a.csv", "column_twice"),
        (b"PK\x03\x04nonsense", "a.xlsx", "broken_excel"),
        (b"\xd0\xcf\x11\xe0", "a.xls", "old_excel"),
        (b"x" * (tables.LARGEST_FILE + 1), "a.csv", "file_too_large"),
        (b"\xff\xfe\x00", "a.csv", "not_text"),
        (b"name\n" + b"x" * 200_000 + b"\n", "a.csv", "not_text"),
        (packed(**{"[Content_Types].xml": b"<a><b></a>"}), "a.xlsx", "broken_excel"),
        (packed(**{"xl/sharedStrings.xml": b" " * (tables.MOST_UNPACKED + 1)}), "a.xlsx", "file_too_large"),
    ],
)
def test_what_is_no_table_is_refused_beside_the_file(data, name, code):
    with pytest.raises(RuleBroken) as broken:
        tables.read(data, name)
    assert (broken.value.code, broken.value.field) == (code, "file")


def test_empty_lines_are_passed_over_and_line_numbers_stay_true():
    table = tables.read(b"name\n\nAna\n,\nBen\n", "a.csv")
    assert table.rows == (("Ana",), ("Ben",))
    assert table.numbers == (3, 5)


def test_what_a_spreadsheet_would_run_is_written_as_text():
    text = tables.write_csv(("name",), [("=HYPERLINK(1)",), ("+49",), (None,)])
    assert text == "\ufeffname\r\n'=HYPERLINK(1)\r\n'+49\r\n\"\"\r\n"


def test_columns_are_guessed_by_their_words_and_each_meaning_once():
    assert rules.guess(["First name", "Surname", "E-Mail address", "Name", "Company", "x"]) == {
        0: Column.FIRST_NAME,
        1: Column.LAST_NAME,
        2: Column.EMAIL,
        4: Column.ORGANISATION,
    }


def test_a_mapping_needs_somebody_and_no_meaning_twice():
    rules.check_mapping({0: "name", 1: "trait:1", 2: "trait:2"})
    with pytest.raises(RuleBroken):
        rules.check_mapping({0: "organisation"})
    with pytest.raises(RuleBroken):
        rules.check_mapping({0: "name", 1: "name"})


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("70", "seat"),
        ("Booked", "seat"),
        ("fully_attended", "seat"),
        ("60", "waiting"),
        ("waiting list", "waiting"),
        ("requested", "asked"),
        ("", "asked"),
        ("user_cancelled", "gone"),
        ("20", "gone"),
        ("perhaps", ""),
    ],
)
def test_states_of_other_systems_become_ours(status, kind):
    assert rules.comes_in(status) == kind


def test_those_who_had_a_seat_come_first_and_else_the_order_stays():
    assert rules.in_order(["waiting", "asked", "seat", "asked", "seat"]) == [2, 4, 1, 3, 0]


def test_every_state_has_a_word_in_each_vocabulary():
    from convene.apps.seats.rules import State

    assert {str(state) for state in State} <= set(rules.FACETOFACE)
    assert rules.FACETOFACE["confirmed"] == (70, "booked")
    assert rules.FACETOFACE["voided"] == (20, "session_cancelled")
