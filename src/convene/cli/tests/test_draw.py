import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

import convene
from convene.cli import main

CALL = "import sys; from convene.cli import main; sys.exit(main())"
TARGETS = "feature,value,min,max\ngender,woman,2,2\ngender,man,2,2\n"
PEOPLE = (
    "id,gender,shoe\n"
    + "".join(f"w{n},woman,39\n" for n in range(4))
    + "".join(f"m{n},man,44\n" for n in range(6))
)


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


def command(folder: Path, people: str | bytes, targets: str | bytes, seats: int) -> list[str]:
    for name, text in (("people.csv", people), ("targets.csv", targets)):
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return ["draw", "--people", "people.csv", "--targets", "targets.csv", "--seats", str(seats)]


@pytest.fixture
def draw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """`draw(people, targets, seats, *rest)` runs the command in this process."""

    def run(people: str | bytes = PEOPLE, targets: str | bytes = TARGETS, seats: int = 4, *rest: str) -> Done:
        monkeypatch.chdir(tmp_path)
        status = main([*command(tmp_path, people, targets, seats), *rest])
        return Done(status, *capsys.readouterr())

    return run


@pytest.fixture
def process(tmp_path: Path) -> Any:
    """The same in a process of its own, with nothing between it and the shell."""

    def run(
        people: str = PEOPLE, targets: str = TARGETS, seats: int = 4, *rest: str, call: str = CALL
    ) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": str(Path(convene.__file__).parents[1]), "PYTHONUTF8": "1"}
        return subprocess.run(
            [sys.executable, "-c", call, *command(tmp_path, people, targets, seats), *rest],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_the_record_is_written_and_complete(draw: Any, tmp_path: Path) -> None:
    done = draw(PEOPLE, TARGETS, 4, "--seed", "4 2 6", "--out", "record.json")
    record = json.loads((tmp_path / "record.json").read_text(encoding="utf-8"))
    assert (done.returncode, done.stdout) == (0, "")
    assert "Columns without targets are ignored: shoe" in done.stderr
    assert (record["seed"], record["seats"], record["objective"]) == ("4 2 6", 4, "leximin")
    assert (record["rule"], record["version"] != "") == ("convene-allotment/1", True)
    assert Counter(person[0] for person in record["selected"]) == {"w": 2, "m": 2}
    assert record["chances"] == {f"w{n}": 0.5 for n in range(4)} | {f"m{n}": 1 / 3 for n in range(6)}
    assert record["minimum_chance"] == {"achieved": 1 / 3, "bound": 1 / 3, "gap": 0.0}
    assert [each["ids"] for each in record["types"]] == [
        [f"m{n}" for n in range(6)],
        [f"w{n}" for n in range(4)],
    ]
    assert [(row["weight"], row["counts"]) for row in record["lottery"]] == [(1.0, [2, 2])]


def test_without_out_the_record_and_nothing_else_goes_to_standard_output(process: Any) -> None:
    done = process()
    record = json.loads(done.stdout)
    assert done.returncode == 0
    assert f"Seed: {record['seed']}" in done.stderr
    assert record["seed"] != json.loads(process().stdout)["seed"]


def test_the_same_seed_gives_the_same_bytes(process: Any) -> None:
    header, *rows = PEOPLE.splitlines(keepends=True)
    one, other = (
        process(PEOPLE, TARGETS, 4, "--seed", "s"),
        process(header + "".join(rows[::-1]), TARGETS, 4, "--seed", "s"),
    )
    assert one.stdout == process(PEOPLE, TARGETS, 4, "--seed", "s").stdout
    assert json.loads(one.stdout) == json.loads(other.stdout)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace(",", " , ").encode(),
        lambda text: text.replace(",", ";").encode(),
        lambda text: (text + "\n\n").encode(),
    ],
    ids=["byte order mark", "CRLF", "spaces", "semicolons", "empty lines"],
)
def test_tables_as_spreadsheets_write_them_are_read_alike(draw: Any, change: Any) -> None:
    plain, other = (
        draw(PEOPLE, TARGETS, 4, "--seed", "s"),
        draw(change(PEOPLE), change(TARGETS), 4, "--seed", "s"),
    )
    assert (other.returncode, other.stdout) == (0, plain.stdout)


@pytest.mark.parametrize(
    ("people", "targets", "seats", "line"),
    [
        (PEOPLE, TARGETS, 0, "there must be at least one seat, not 0"),
        (
            PEOPLE,
            "feature,value,min,max\ngender,woman,0,9\ngender,man,0,9\n",
            11,
            "11 seats but only 10 people",
        ),
        (PEOPLE + "x,,1\n", TARGETS, 4, "people.csv:12: 'x': 'gender' is empty"),
        (PEOPLE + "w0,man,1\n", TARGETS, 4, "people.csv:12: id 'w0' appears more than once"),
        (PEOPLE + ",man,1\n", TARGETS, 4, "people.csv:12: the id is empty"),
        (PEOPLE + "x,Man,1\n", TARGETS, 4, "people.csv:12: 'x': 'gender' is 'Man', which no target names"),
        (PEOPLE + "x,man\n", TARGETS, 4, "people.csv:12: has 2 fields, the header has 3"),
        ('id,gender\n"a\nb",man\nx,\n', TARGETS, 1, "people.csv:4: 'x': 'gender' is empty"),
        ('id,gender\na,"man"x\n', TARGETS, 1, "people.csv:2: is not CSV: ',' expected after '\"'"),
        ("id,gender,gender\na,b,c\n", TARGETS, 1, "people.csv:1: column 'gender' appears more than once"),
        (b"id,gender\n\xe9,man\n", TARGETS, 1, "people.csv:2: is not UTF-8; save the file as CSV UTF-8"),
        ("", TARGETS, 1, "people.csv:1: is empty; the first line must name the columns"),
        ("id,gender\n", TARGETS, 1, "people.csv:1: names no people"),
        ("name,gender\na,man\n", TARGETS, 1, "people.csv:1: there is no column 'id'"),
        (
            "id,sex\na,man\n",
            TARGETS,
            1,
            "people.csv:1: there is no column 'gender', which targets.csv:2: names",
        ),
        (PEOPLE, "feature,value,min\ngender,man,1\n", 4, "targets.csv:1: there is no column 'max'"),
        (PEOPLE, "feature,value,min,max\n", 4, "targets.csv:1: names no target"),
        (PEOPLE, TARGETS.replace("2,2", "2,two", 1), 4, "targets.csv:2: max 'two' is not a whole number"),
        (
            PEOPLE,
            TARGETS.replace("2,2", "3,2", 1),
            4,
            "targets.csv:2: gender: woman: the minimum 3 is above the maximum 2",
        ),
        (
            PEOPLE,
            TARGETS.replace("2,2", "5,5"),
            9,
            "gender: the minimums add up to 10, more than the 9 seats",
        ),
        (PEOPLE, TARGETS, 5, "gender: the maximums add up to 4, fewer than the 5 seats"),
        (
            PEOPLE,
            TARGETS.replace("2,2", "5,5", 1),
            7,
            "targets.csv:2: gender: woman: at least 5 wanted, only 4 applied",
        ),
    ],
)
def test_faulty_input_is_named_by_file_and_line(
    draw: Any, people: Any, targets: str, seats: int, line: str
) -> None:
    done = draw(people, targets, seats)
    assert (done.returncode, done.stdout) == (2, "")
    assert line in done.stderr.splitlines()


def test_every_bad_row_is_named(draw: Any) -> None:
    done = draw(PEOPLE + "x,,1\ny,Man,1\nw0,man,1\n", TARGETS, 4)
    assert [line.split(": ")[0] for line in done.stderr.splitlines() if line.startswith("people")] == [
        "people.csv:12",
        "people.csv:13",
        "people.csv:14",
    ]


def test_status_2_reaches_the_shell(process: Any) -> None:
    assert process(PEOPLE, TARGETS, 0).returncode == 2


def test_a_missing_file_and_a_missing_folder_are_named(draw: Any) -> None:
    assert (
        draw(PEOPLE, TARGETS, 4, "--people", "none.csv").stderr
        == "none.csv: cannot be read: No such file or directory\n"
    )
    done = draw(PEOPLE, TARGETS, 4, "--out", "none/record.json")
    assert (done.returncode, done.stderr.splitlines()[0]) == (2, "none/record.json: there is no such folder")


def test_clashing_targets_are_answered_with_clash_and_relaxation(process: Any) -> None:
    people = "id,a,b\n1,x,y\n2,x,y\n3,u,v\n4,u,v\n"
    targets = "feature,value,min,max\na,x,1,1\na,u,1,1\nb,y,2,2\nb,v,0,2\n"
    done = process(people, targets, 2)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.splitlines() == [
        "No panel meets all targets.",
        "These clash:",
        "  a: x at most 1",
        "  b: y at least 2",
        "Any one of these changes would be enough:",
        "  b: y at least 2 -> 1",
        "The smallest relaxation, all of it together:",
        "  b: y at least 2 -> 1",
    ]


def test_someone_without_a_chance_is_a_warning_only(draw: Any) -> None:
    done = draw(PEOPLE + "x,other,1\n", TARGETS + "gender,other,0,0\n", 4)
    record = json.loads(done.stdout)
    assert (done.returncode, record["chances"]["x"]) == (0, 0.0)
    assert [(each["code"], each["ids"]) for each in record["warnings"]] == [("shut_out", ["x"])]
    assert "Warning: x: in no panel that meets the targets, because of gender: other at most 0" in done.stderr


def test_drawing_never_imports_django(process: Any) -> None:
    call = CALL.replace("sys.exit(main())", "main(); sys.exit('django' in sys.modules)")
    assert process(call=call).returncode == 0


def numbers(seed: str, label: str) -> Iterator[int]:
    for block in count():
        digest = hashlib.sha256(f"convene-stream/1\n{label}\n{seed}\n{block}".encode()).digest()
        yield from (int.from_bytes(digest[at : at + 8], "big") for at in (0, 8, 16, 24))


def below(stream: Iterator[int], bound: int) -> int:
    return next(number for number in stream if number < 2**64 // bound * bound) % bound


def test_an_outsider_can_repeat_the_draw_from_the_record(draw: Any) -> None:
    """A second implementation of the published rule, from docs/reference/draw-record.md alone."""
    record = json.loads(draw(PEOPLE, TARGETS.replace("2,2", "1,3"), 4, "--seed", "dice: 4 2 6 1").stdout)
    ticket, rows = below(numbers(record["seed"], "panel"), record["tickets"]), iter(record["lottery"])
    row = next(rows)
    while ticket >= row["tickets"]:
        ticket -= row["tickets"]
        row = next(rows)
    people, orders = numbers(record["seed"], "people"), []
    for each in record["types"]:
        order = list(each["ids"])
        for last in range(len(order) - 1, 0, -1):
            other = below(people, last + 1)
            order[last], order[other] = order[other], order[last]
        orders.append(order)
    counts = row["counts"]
    selected = sorted(person for order, first in zip(orders, counts, strict=True) for person in order[:first])
    assert selected == record["selected"]
    reserve, queues = (
        numbers(record["seed"], "reserve"),
        [order[first:] for order, first in zip(orders, counts, strict=True)],
    )
    lots = [
        sum(each["tickets"] * each["counts"][at] for each in record["lottery"]) // len(kind["ids"])
        for at, kind in enumerate(record["types"])
    ]
    listed = []
    while total := sum(lot * len(queue) for lot, queue in zip(lots, queues, strict=True)):
        drawn, at = below(reserve, total), 0
        while drawn >= lots[at] * len(queues[at]):
            drawn -= lots[at] * len(queues[at])
            at += 1
        listed.append(queues[at].pop(0))
    assert listed + [person for queue in queues for person in queue] == record["reserve"]
