import json
from pathlib import Path
from typing import Any

import pytest

from convene.cli import main
from convene.engines.opinion.tests.makers import camps
from convene.engines.opinion.tests.shared_data import conversation, known

VOTES, _ = camps((30, 25))
ROWS = [
    f"{voter},s{statement},{value}"
    for voter, statement, value in zip(VOTES.person, VOTES.statement, VOTES.value, strict=True)
]
LONG = "\n".join(["voter-id,comment-id,vote", *ROWS, ""])


def opinions(folder: Path, votes: str = LONG, *more: str, **files: str) -> int:
    (folder / "votes.csv").write_text(votes)
    call = ["opinions", "--votes", str(folder / "votes.csv"), *more, "--out", str(folder / "map.json")]
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text)
        call += [f"--{name}", str(folder / f"{name}.csv")]
    return main(call)


def drawn(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "map.json").read_text())


def test_a_map_has_axes_groups_lists_and_no_ballot(tmp_path: Path) -> None:
    assert opinions(tmp_path) == 0
    found = drawn(tmp_path)
    assert {"axes", "groups", "stability", "representative", "consensus", "group_informed_consensus"} <= set(
        found
    )
    assert sorted(found["groups"]["labels"], key=int) == [str(voter) for voter in range(55)]
    assert set(found["group_informed_consensus"]) == {f"s{at}" for at in range(30)}
    assert all(len(stands) <= 5 for stands in found["consensus"].values())


def test_the_order_of_lines_changes_no_byte(tmp_path: Path) -> None:
    opinions(tmp_path)
    first = (tmp_path / "map.json").read_bytes()
    opinions(tmp_path, "\n".join(["voter-id,comment-id,vote", *reversed(ROWS)]))
    assert (tmp_path / "map.json").read_bytes() == first


@pytest.mark.parametrize("times", [("5", "7"), ("2026-11-24T10:00:00+02:00", "2026-11-24T09:00:00Z")])
def test_the_latest_vote_counts(tmp_path: Path, times: tuple[str, str]) -> None:
    rows = [f"{voter},1,1,{times[1]}" for voter in range(12)] + [
        f"{voter},1,-1,{times[0]}" for voter in range(12)
    ]
    assert opinions(tmp_path, "\n".join(["voter-id,comment-id,vote,timestamp", *rows])) == 0
    assert [stand["statement"] for stand in drawn(tmp_path)["consensus"]["agree"]] == [1]


def test_without_groups_that_hold_there_are_none_and_a_reason(tmp_path: Path) -> None:
    votes = "participant,group-id,n-votes,1,2\n" + "".join(
        f"{voter},0,2,{(-1) ** voter},1\n" for voter in range(8)
    )
    assert opinions(tmp_path, votes) == 0
    found = drawn(tmp_path)
    assert found["groups"]["labels"] is None
    assert found["groups"]["reason"].startswith("no stable groups")
    assert (found["representative"], found["group_informed_consensus"]) == (None, None)
    assert [stand["statement"] for stand in found["consensus"]["agree"]] == [2]


def test_groups_and_moderation_are_taken_as_given(tmp_path: Path) -> None:
    groups = "voter-id,group\n" + "".join(f"{voter},{'ab'[voter >= 30]}\n" for voter in range(50))
    done = opinions(tmp_path, LONG, groups=groups, statements="comment-id,moderated\ns29,-1\ns28,0\ns99,1\n")
    found = drawn(tmp_path)
    assert (done, found["votes"]["left_out"], found["groups"]["reason"]) == (0, ["s29"], "groups as given")
    assert sorted(found["representative"]) == ["a", "b"]
    assert [found["groups"]["labels"].get(name) for name in ("0", "49", "50")] == ["a", "b", None]


@pytest.mark.parametrize(
    ("votes", "fault"),
    [
        ("", ":1: is empty; the first line must name the columns"),
        ("voter-id,vote\n1,1\n", ":1: there is no column 'comment-id'"),
        ("voter-id,comment-id,vote\n", ":1: holds no votes"),
        ("voter-id,comment-id,vote\n1,1,1\n1,2,yes\n", ":3: column 'vote': 'yes' is none of 1, -1 and 0"),
        ("voter-id,comment-id,vote\n1,,1\n", ":2: column 'comment-id': the id is empty"),
        ("voter-id,comment-id,vote\n1,1\n", ":2: has 2 fields, the header has 3"),
        (
            "voter-id,comment-id,vote,timestamp\n1,1,1,now\n",
            ":2: column 'timestamp': 'now' is neither a number nor a date and time",
        ),
        ("participant,1\n4,1\n4,0\n", ":3: column 'participant': participant '4' has line 2 already"),
        ("participant,1\n4,2\n", ":2: column '1': '2' is none of 1, -1 and 0"),
        (
            "voter-id,comment-id,vote\na,b,1\nc,b,1\na,b,0\n",
            ":4: voter 'a' votes on statement 'b' again, differently; a column 'timestamp' would say which is later",
        ),
    ],
)
def test_faulty_votes_are_named_by_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], votes: str, fault: str
) -> None:
    assert opinions(tmp_path, votes) == 2
    assert capsys.readouterr().err == f"{tmp_path / 'votes.csv'}{fault}\n"
    assert not (tmp_path / "map.json").exists()


def test_faulty_groups_are_named_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert opinions(tmp_path, LONG, groups="voter-id,group\n1,a\nnobody,b\n1,b\n") == 2
    path = tmp_path / "groups.csv"
    assert capsys.readouterr().err.splitlines() == [
        f"{path}:3: column 'voter-id': 'nobody' cast no vote",
        f"{path}:4: column 'voter-id': '1' appears more than once",
    ]


def test_no_folder_to_write_to_is_found_before_any_work(tmp_path: Path) -> None:
    assert main(["opinions", "--votes", "none.csv", "--out", str(tmp_path / "no/map.json")]) == 2
    assert main(["opinions", "--votes", str(tmp_path / "none.csv")]) == 2


def test_an_open_export_gives_the_peers_groups(tmp_path: Path) -> None:
    conversation("vtaiwan.uberx")  # skips where it is not
    from convene.engines.opinion.tests.shared_data import FOLDER

    folder = FOLDER / "vtaiwan.uberx"
    call = [
        "opinions",
        "--statements",
        str(folder / "comments.csv"),
        "--out",
        str(tmp_path / "map.json"),
        "--votes",
    ]
    written = set()
    for name in ("votes.csv", "participants-votes.csv"):
        assert main([*call, str(folder / name)]) == 0
        written.add((tmp_path / "map.json").read_bytes())
    assert len(written) == 1
    assert drawn(tmp_path)["groups"]["labels"] == known("vtaiwan.uberx")["labels"]
