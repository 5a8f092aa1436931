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
    assert (record["rule"], record["version"] != "") == ("convene-allotment/2", True)
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


def shuffled(stream: Iterator[int], items: list[Any]) -> list[Any]:
    order = list(items)
    for last in range(len(order) - 1, 0, -1):
        other = below(stream, last + 1)
        order[last], order[other] = order[other], order[last]
    return order


def owner(rows: list[dict[str, Any]], ticket: int) -> dict[str, Any]:
    for row in rows:
        if ticket < row["tickets"]:
            return row
        ticket -= row["tickets"]
    raise AssertionError


def test_an_outsider_can_repeat_the_draw_from_the_record(draw: Any) -> None:
    """A second implementation of the published rule, from docs/reference/draw-record.md alone."""
    record = json.loads(draw(PEOPLE, TARGETS.replace("2,2", "1,3"), 4, "--seed", "dice: 4 2 6 1").stdout)
    block = json.dumps(record["committed"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(block.encode()).hexdigest() == record["commitment"]
    seed = f"{record['commitment']}\n{record['seed']}"
    assert record["ticket"] == below(numbers(seed, "ticket"), record["tickets"])
    counts = owner(record["lottery"], record["ticket"])["counts"]
    people = numbers(seed, "people")
    orders = [shuffled(people, each["ids"]) for each in record["types"]]
    selected = sorted(person for order, first in zip(orders, counts, strict=True) for person in order[:first])
    assert selected == record["selected"]
    stream, queues = (
        numbers(seed, "reserve"),
        [order[first:] for order, first in zip(orders, counts, strict=True)],
    )
    listed: list[str] = []
    while any(queues):
        more = owner(record["lottery"], below(stream, record["tickets"]))["counts"]
        for queue, count_ in zip(queues, more, strict=True):
            listed += queue[:count_]
            del queue[:count_]
    assert listed == record["reserve"]


def test_an_outsider_can_repeat_a_draw_by_tickets(draw: Any) -> None:
    """Whole panels as tickets: the entries say who is on which, the seals say that it was so before."""
    record = json.loads(draw(PEOPLE, TARGETS, 4, "--seed", "4 2 6", "--tickets", "30").stdout)
    entries = {entry["id"]: entry for entry in record["private"]["entries"]}
    seed = f"{record['commitment']}\n4 2 6"
    ticket = below(numbers(seed, "ticket"), 30)
    panels = [sorted(person for person in entries if at in entries[person]["tickets"]) for at in range(30)]
    assert (record["ticket"], record["selected"]) == (ticket, panels[ticket])
    tokens = [
        hashlib.sha256(f"token\n{entries[person]['salt']}".encode()).hexdigest() for person in panels[ticket]
    ]
    sealed = json.dumps([ticket, sorted(tokens)], separators=(",", ":")).encode()
    assert hashlib.sha256(sealed).hexdigest() == record["committed"]["ticket_hashes"][ticket]
    stream, named = numbers(seed, "reserve"), list(panels[ticket])
    for at in shuffled(stream, [at for at in range(30) if at != ticket]):
        named += [person for person in shuffled(stream, panels[at]) if person not in named]
    assert record["reserve"] == named[4:]


def test_with_tickets_chances_are_the_tickets_own_and_the_gap_includes_the_rounding(draw: Any) -> None:
    record = json.loads(draw(PEOPLE, TARGETS, 4, "--tickets", "10").stdout)
    assert set(record["chances"].values()) == {0.5, 0.3, 0.4}
    assert sum(record["chances"].values()) == pytest.approx(4)
    assert record["minimum_chance"] == pytest.approx({"achieved": 0.3, "bound": 1 / 3, "gap": 1 / 30})


def test_the_key_of_salts_is_new_for_a_public_record_unless_it_is_given(draw: Any, tmp_path: Path) -> None:
    def commitment(*rest: str) -> str:
        options = ("--seed", "s", "--tickets", "10", "--out", "r.json", "--public", "p.json", *rest)
        assert draw(PEOPLE, TARGETS, 4, *options).returncode == 0
        public = json.loads((tmp_path / "p.json").read_text(encoding="utf-8"))
        assert set(public) == {"format", "commitment", "committed", "chance", "ticket", "opening"}
        return str(public["commitment"])

    assert commitment() != commitment()
    assert commitment("--secret", "x") == commitment("--secret", "x")


def test_households_teams_weights_and_held_seats_come_from_columns_and_a_file(
    draw: Any, tmp_path: Path
) -> None:
    people = "id,g,home,team,w\n" + "".join(
        f"p{n},{'ab'[n % 2]},{f'h{n // 4}' if n < 8 else ''},{f't{n // 2}' if n >= 12 else ''},{1 + n % 3 / 2}\n"
        for n in range(16)
    )
    (tmp_path / "held.txt").write_text("p8\n\np13\np12\n")
    options = ["--households", "home", "--teams", "team", "--weights", "w", "--held", "held.txt"]
    for tickets in ([], ["--tickets", "200"]):
        done = draw(people, "feature,value,min,max\ng,a,3,4\ng,b,2,3\n", 6, *options, *tickets)
        record = json.loads(done.stdout)
        assert {"p8", "p12", "p13"} <= set(record["selected"])
        entries = {entry["id"]: entry for entry in record["private"]["entries"]}
        homes = [
            entries[person]["household"] for person in record["selected"] if entries[person]["household"]
        ]
        assert len(homes) == len(set(homes))
        assert [entries[f"p{n}"]["weight"] for n in range(3)] == ["1", "3/2", "2"]


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--households", "home"], "people.csv:1: there is no column 'home' for the household"),
        (["--weights", "shoe"], "people.csv:2: weight 'x' is not a number"),
        (["--held", "held.txt"], "a seat is held for 'nobody', who is not among the applicants"),
    ],
)
def test_faulty_columns_and_files_are_named(draw: Any, tmp_path: Path, options: list[str], line: str) -> None:
    (tmp_path / "held.txt").write_text("nobody\n")
    done = draw(PEOPLE.replace("w0,woman,39", "w0,woman,x"), TARGETS, 4, *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert line in done.stderr.splitlines()


def test_json_tells_a_program_what_came_out(draw: Any) -> None:
    done = draw(PEOPLE, TARGETS, 4, "--json", "--out", "record.json", "--seed", "s")
    answer = json.loads(done.stdout)
    assert (done.returncode, answer.pop("status"), len(answer["selected"])) == (0, "drawn", 4)
    assert answer == json.loads(Path("record.json").read_text(encoding="utf-8"))


def test_json_tells_a_program_what_is_wrong(draw: Any) -> None:
    done = draw(PEOPLE + "x,other,1\n", TARGETS, 4, "--json")
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["status"]) == (2, "faulty")
    assert [(each["code"], each["place"], each["index"]) for each in answer["problems"]] == [
        ("unknown_value", "applicant", 10)
    ]


def test_json_tells_a_program_what_clashes(draw: Any) -> None:
    people = "id,a,b\n1,x,y\n2,x,y\n3,u,v\n4,u,v\n"
    targets = "feature,value,min,max\na,x,1,1\na,u,1,1\nb,y,2,2\nb,v,0,2\n"
    done = draw(people, targets, 2, "--json")
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["status"], len(answer["clash"])) == (3, "infeasible", 2)
    assert answer["relaxation"] == [
        {
            "feature": "b",
            "value": "y",
            "side": "least",
            "seats": 2,
            "rule": "quota",
            "text": "b: y at least 2 -> 1",
            "becomes": 1,
        }
    ]


@pytest.mark.parametrize("objective", ["leximin", "maximin", "nash", "goldilocks"])
def test_each_objective_is_drawn_and_recorded(draw: Any, objective: str) -> None:
    record = json.loads(draw(PEOPLE, TARGETS, 4, "--objective", objective).stdout)
    assert record["objective"] == objective
    assert record["chances"] == pytest.approx(
        {f"w{n}": 0.5 for n in range(4)} | {f"m{n}": 1 / 3 for n in range(6)}
    )
