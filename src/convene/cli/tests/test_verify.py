import json
from pathlib import Path
from typing import Any

import pytest

from convene.cli import main
from convene.engines.allotment import Applicant, Quota, solve_lottery
from convene.engines.allotment.sealing import finish, public, seal

TARGETS = "feature,value,min,max\ng,a,2,3\ng,b,1,2\n"
PEOPLE = "id,g,home,w\n" + "".join(
    f"p{n},{'ab'[n % 2]},{'h' if n < 2 else ''},{1 + n % 2}\n" for n in range(12)
)
# a beacon of drand's network "quicknet", as its relays give it
ROUND, SIGNATURE = (
    1000,
    ("b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"),
)
RANDOMNESS = "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd"
OTHER_SIGNATURE = (
    "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b"
)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    (tmp_path / "targets.csv").write_text(TARGETS, encoding="utf-8")
    command = ["draw", "--people", "people.csv", "--targets", "targets.csv", "--seats", "4", "--seed", "s"]
    columns = ["--households", "home", "--weights", "w"]
    outputs = ["--public", "public.json", "--auditor", "auditor.csv"]
    assert main([*command, *columns, *outputs, "--tickets", "50", "--out", "tickets.json"]) == 0
    assert main([*command, *columns, "--out", "exact.json"]) == 0
    capsys.readouterr()
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        ["tickets.json"],
        ["exact.json"],
        ["public.json"],
        ["tickets.json", "--people", "people.csv"],
        ["exact.json", "--people", "people.csv"],
        ["tickets.json", "--people", "auditor.csv"],
        ["public.json", "--people", "auditor.csv"],
    ],
)
def test_what_draw_wrote_holds(files: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", *arguments]) == 0
    assert capsys.readouterr().out.endswith("All of this holds.\n")


def test_a_public_record_says_what_it_cannot_show(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["verify", "public.json"])
    assert "they need the auditor's files" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("p3,b,", "p3,a,", "the traits of 'p3' are not those of the people file"),
        ("p1,b,h,2", "p1,b,,2", "the household of 'p1' is not that of the people file"),
        ("p3,b,,2", "p3,b,,1", "the weight of 'p3' is not that of the people file"),
        ("p3,b,,2\n", "", "'p3' is in the record but not in the people file"),
        ("p3,b,,2\n", "p3,b,,2\nq,a,,1\n", "'q' is in the people file but not in the record"),
        ("p3,b,,2\n", "p3,b,,2\np3,b,,2\n", "an id appears more than once in the people file"),
    ],
)
def test_another_list_of_people_is_refused(
    files: Path, old: str, new: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (files / "people.csv").write_text(PEOPLE.replace(old, new), encoding="utf-8")
    assert main(["verify", "tickets.json", "--people", "people.csv"]) == 1
    assert capsys.readouterr().out.splitlines() == [reason]


def test_the_commitment_and_the_value_are_compared_with_what_was_published(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = json.loads((files / "public.json").read_text(encoding="utf-8"))
    assert main(["verify", "public.json", "--commitment", record["commitment"], "--value", "s"]) == 0
    capsys.readouterr()
    assert main(["verify", "public.json", "--commitment", "0" * 64, "--value", "t"]) == 1
    assert len(capsys.readouterr().out.splitlines()) == 2


@pytest.mark.parametrize("text", ["", "[", "\udcff"])
def test_what_cannot_be_read_gives_status_2(files: Path, text: str) -> None:
    (files / "bad.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert main(["verify", "bad.json"]) == 2
    assert main(["verify", "none.json"]) == 2


@pytest.mark.parametrize("text", ["[]", "{}", "null", '{"committed": 1}', "1"])
def test_json_that_is_no_record_is_refused(files: Path, text: str) -> None:
    (files / "bad.json").write_text(text, encoding="utf-8")
    assert main(["verify", "bad.json"]) == 1


def by_beacon(
    folder: Path, *, signature: str = SIGNATURE, value: str = RANDOMNESS, chain: str | None = None
) -> None:
    people = [Applicant(f"p{n}", {"g": "ab"[n % 2]}) for n in range(12)]
    quotas = [Quota("g", "a", 2, 3), Quota("g", "b", 1, 2)]
    source: dict[str, Any] = {"kind": "drand", "round": ROUND} | ({} if chain is None else {"chain": chain})
    lottery = solve_lottery(people, quotas, 4)
    full = seal(lottery, quotas, 4, tickets=20, key=bytes(32), source=source, version="1")
    record = public(finish(full, value, {"round": ROUND, "signature": signature, "randomness": value}))
    (folder / "drand.json").write_text(json.dumps(record), encoding="utf-8")


def test_a_beacon_is_checked_with_its_signature(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("drand_verify", exc_type=ImportError)
    by_beacon(tmp_path)
    assert main(["verify", str(tmp_path / "drand.json")]) == 0
    assert "The beacon was signed by drand." in capsys.readouterr().out


def test_a_beacon_that_drand_did_not_sign_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("drand_verify", exc_type=ImportError)
    by_beacon(
        tmp_path,
        signature=OTHER_SIGNATURE,
        value="fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587",
    )
    record = str(tmp_path / "drand.json")
    assert main(["verify", record]) == 1
    assert capsys.readouterr().out == "the beacon's signature is not drand's for round 1000\n"
    assert main(["verify", record, "--no-beacon"]) == 0
    assert "The beacon's signature was not checked." in capsys.readouterr().out


def test_a_network_that_is_not_known_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    by_beacon(tmp_path, chain="00")
    assert main(["verify", str(tmp_path / "drand.json")]) == 1
    assert capsys.readouterr().out == "the beacon is of a network that is not known here: 00\n"


def test_without_drand_verify_a_beacon_is_not_taken_on_trust(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    by_beacon(tmp_path)
    monkeypatch.setitem(__import__("sys").modules, "drand_verify", None)
    assert main(["verify", str(tmp_path / "drand.json")]) == 1
    assert "drand-verify is not installed" in capsys.readouterr().out
