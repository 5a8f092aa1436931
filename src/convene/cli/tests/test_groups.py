import json
from pathlib import Path
from typing import Any

import pytest

from convene.cli import main

PEOPLE = "id,kind,years,languages,flags\n" + "".join(
    f"p{n},{'ab'[n % 2]},{n},{('en', 'fr', 'en fr')[n % 3]},{'host' if n < 3 else ''}\n" for n in range(9)
)


def groups(folder: Path, people: str = PEOPLE, rules: Any = None, *more: str) -> int:
    (folder / "people.csv").write_text(people)
    call = ["groups", "--people", str(folder / "people.csv"), "--groups", "3", "--seconds", "0.1", *more]
    if rules is not None:
        (folder / "rules.json").write_text(rules if isinstance(rules, str) else json.dumps(rules))
        call += ["--rules", str(folder / "rules.json")]
    return main([*call, "--out", str(folder / "plan.json")])


def plan(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "plan.json").read_text())


def test_a_plan_names_everybody_in_every_round(tmp_path: Path) -> None:
    done = groups(tmp_path, PEOPLE, None, "--rounds", "2", "--mix", "kind,years", "--ordinal", "years")
    written = plan(tmp_path)
    everybody = [sorted(id_ for group in round_ for id_ in group) for round_ in written["rounds"]]
    assert (done, everybody) == (0, [[f"p{n}" for n in range(9)]] * 2)
    assert (written["repeats"], written["repeats_bound"], written["violations"]) == (0, 0, 0)
    assert 0 < written["mixing"] <= written["mixing_bound"]


def test_the_same_call_writes_the_same_bytes(tmp_path: Path) -> None:
    groups(tmp_path, PEOPLE, None, "--mix", "kind")
    first = (tmp_path / "plan.json").read_bytes()
    groups(tmp_path, PEOPLE, None, "--mix", "kind")
    assert (tmp_path / "plan.json").read_bytes() == first


def test_every_kind_of_rule_is_kept(tmp_path: Path) -> None:
    rules = {
        "rules": [
            {"kind": "apart", "people": ["p3", "p4"]},
            {"kind": "together", "people": ["p5", "p6"]},
            {"kind": "at_least", "flag": "host"},
            {"kind": "at_most", "flag": "host", "number": 1},
            {"kind": "not_alone", "column": "kind"},
            {"kind": "language"},
            {"kind": "needs", "flag": "step-free"},
            {"kind": "pinned", "people": ["p8"], "table": "Window", "rounds": [1]},
        ],
        "tables": [{"name": "Hall", "offers": ["step-free"]}, {"name": "Window"}],
        "flags": {"step-free": ["p7"]},
    }
    rules["rules"][4] = {"kind": "not_alone", "column": "kind", "value": "c"}
    assert groups(tmp_path, PEOPLE, rules, "--rounds", "2") == 0
    written = plan(tmp_path)
    assert (written["violations"], written["broken"]) == (0, [])
    assert all("p7" in round_[0] for round_ in written["rounds"])
    assert "p8" in written["rounds"][0][1]


def test_rules_that_clash_are_named_by_their_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = [{"kind": "apart", "people": ["p0", "p1"]}, {"kind": "together", "people": ["p0", "p1"]}]
    assert groups(tmp_path, PEOPLE, rules) == 3
    assert capsys.readouterr().err.splitlines()[1:] == [
        "- p0, p1 sit apart and together at once.",
        "    rule 1: apart p0, p1",
        "    rule 2: together p0, p1",
    ]


@pytest.mark.parametrize(
    ("people", "rules", "more", "said"),
    [
        ("id,years\na,1\nb,many\n", None, ["--ordinal", "years"], "people.csv:3: column 'years': 'many'"),
        ("id\na\na\n", None, [], "people.csv:2: column 'id': id 'a' appears more than once"),
        (PEOPLE, None, ["--mix", "colour"], "people.csv:1: there is no column 'colour'"),
        (PEOPLE, "[", [], "rules.json:1:2: is not JSON"),
        (PEOPLE, [{"kind": "near"}], [], "rules.json: rule 1: must be an object whose 'kind'"),
        (PEOPLE, [{"kind": "apart", "people": ["who"]}], [], "rule 1: people: 'who' is not among the people"),
        (PEOPLE, [{"kind": "pinned", "people": ["p0"], "table": 4}], [], "rule 1: there is no table 4"),
        (PEOPLE, [{"kind": "apart"}], [], "rule 1: rule 'apart' needs people"),
    ],
)
def test_faulty_input_is_refused_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], people: str, rules: Any, more: list[str], said: str
) -> None:
    assert groups(tmp_path, people, rules, *more) == 2
    assert said in capsys.readouterr().err


def test_meetings_fade_with_the_days(tmp_path: Path) -> None:
    met = tmp_path / "met.csv"
    met.write_text("one,other,days\np0,p1,180\n")
    people = "name\np0\np1\n"
    (tmp_path / "people.csv").write_text(people)
    call = ["groups", "--people", str(tmp_path / "people.csv"), "--groups", "1", "--met", str(met)]
    assert main([*call, "--out", str(tmp_path / "plan.json")]) == 0
    assert plan(tmp_path)["again"] == 0.5
