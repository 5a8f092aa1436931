"""The browser's verifier agrees, byte for byte and step for step, with the one in Python."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.templatetags.static import static
from playwright.sync_api import Page

from convene.engines.allotment import Applicant, Quota, sealing, solve_lottery, verifier
from convene.engines.allotment.verifier import Json

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RUN = """async ([module, record, options]) => {
    const { check } = await import(module);
    return check(record, options);
}"""
CANONICAL = """async ([module, text]) => {
    const { canonical, read } = await import(module);
    return canonical(read(text));
}"""
BELOW = """async ([module, seed, label, bounds]) => {
    const { below } = await import(module);
    return Promise.all(bounds.map((bound) => below(seed, label, bound)));
}"""
DICE = {"kind": "dice", "dice": 10, "sides": 6}
THROWS = "4 2 6 1 3 3 5 6 1 2"
SITE = {"kind": "site", "sealed": hashlib.sha256(b"nobody knows").hexdigest()}
SIGNATURE = "ab" * 48
BEACON = {"kind": "drand", "round": 7, "network": "quicknet"}


def full_record(source: Json) -> Json:
    """Twelve people with names and answers that try the JSON: other scripts, quotes, what sorts oddly."""
    shifts = ["ليل", 'day "early"', "day\\late\n"]
    people = [
        Applicant(f"{place}😀" if place % 2 else f"{place}\ufb33", {"shift 😀\ufb33": shifts[place % 3]})
        for place in range(12)
    ]
    quotas = [Quota("shift 😀\ufb33", value, 1, 3) for value in shifts]
    lottery = solve_lottery(people, quotas, 5)
    return sealing.seal(
        lottery, quotas, 5, tickets=100, key=bytes(range(32)), source=source, version="1.0 – ü"
    )


@pytest.fixture
def run(page: Page) -> Callable[..., list[dict[str, Any]]]:
    page.goto("/")

    def in_browser(record: Json, receipt: Json | None = None, noted: str = "") -> list[dict[str, Any]]:
        options = {"receiptText": json.dumps(receipt) if receipt else "", "noted": noted}
        module = static("js/draw-verifier.js")
        found = page.evaluate(RUN, [module, json.dumps(record, ensure_ascii=False, indent=1), options])
        return list(found)

    return in_browser


def holding(steps: list[dict[str, Any]]) -> dict[str, bool]:
    return {step["name"]: step["ok"] for step in steps}


@pytest.mark.parametrize(
    ("source", "value", "evidence"),
    [
        (DICE, THROWS, {}),
        (SITE, "nobody knows", {}),
        (BEACON, hashlib.sha256(bytes.fromhex(SIGNATURE)).hexdigest(), {"round": 7, "signature": SIGNATURE}),
        (
            {
                "kind": "witnesses",
                "witnesses": [
                    {"name": f"witness {text}", "sealed": hashlib.sha256(text.encode()).hexdigest()}
                    for text in ("ein Wert", "قيمة")
                ],
            },
            "ein Wert\nقيمة",
            {},
        ),
    ],
    ids=["dice", "site", "drand", "witnesses"],
)
def test_a_true_record_holds_step_by_step_in_both(run, source, value, evidence) -> None:
    full = full_record(source)
    before = sealing.public(full)
    assert verifier.check(before) == []
    assert holding(run(before)) == {"read": True, "commitment": True, "lists": True}
    after = sealing.public(sealing.finish(full, value, evidence))
    assert verifier.check(after) == []
    names = ["read", "commitment", "noted", "lists", "chance", "ticket", "opening"]
    steps = run(after, noted=f" {after['commitment'].upper()} ")
    assert holding(steps) == dict.fromkeys(names, True)
    assert next(step for step in steps if step["name"] == "ticket")["found"] == after["ticket"]


@pytest.mark.parametrize(
    ("value", "missing", "true"),
    [
        ("-\nsecond\nown", ["witness 1"], True),
        ("-\n-\nown", ["witness 1", "witness 2"], True),
        ("-\nsecond\nown", [], False),
        ("-\nsecond\nown", ["witness 2"], False),
        ("first\nsecond\n-", ["site"], False),
        ("first\nsecond", [], False),
        ("first\nsecond\nown\nmore", [], False),
        ("first\nother\nown", ["witness 2"], False),
    ],
)
def test_a_witness_is_left_out_only_where_the_record_says_so_in_both(run, value, missing, true) -> None:
    values = {"witness 1": "first", "witness 2": "second", "site": "own"}
    sealed = [
        {"name": name, "sealed": hashlib.sha256(text.encode()).hexdigest()} for name, text in values.items()
    ]
    full = full_record({"kind": "witnesses", "witnesses": sealed})
    after = sealing.public(sealing.finish(full, value, {"missing": missing} if missing else {}))
    assert (verifier.check(after) == []) is true
    assert holding(run(after))["chance"] is true


def test_every_receipt_finds_its_entry_and_its_result(run) -> None:
    done = sealing.finish(full_record(DICE), THROWS)
    public = sealing.public(done)
    for person in done["chances"]:
        receipt = sealing.receipt(done, person)
        found = holding(run(public, receipt))
        result = "mine" if person in done["selected"] else "not_mine"
        assert {name: found[name] for name in ("entry", "share", result)} == {
            "entry": True,
            "share": True,
            result: True,
        }
    receipt["traits"] = dict.fromkeys(receipt["traits"], "another")
    assert holding(run(public, receipt))["entry"] is False
    receipt["tickets"] = receipt["tickets"][1:]
    assert holding(run(public, receipt))["share"] is False


def _commitment(record: Json) -> None:
    record["commitment"] = "0" * 64


def _seats(record: Json) -> None:
    record["committed"]["seats"] += 1


def _entry_added(record: Json) -> None:
    record["committed"]["leaves"] = sorted([*record["committed"]["leaves"], "0" * 64])


def _entry_added_and_sealed_anew(record: Json) -> None:
    _entry_added(record)
    record["commitment"] = verifier.commitment_of(record["committed"])


def _tickets_swapped(record: Json) -> None:
    hashes = record["committed"]["ticket_hashes"]
    hashes[0], hashes[1] = hashes[1], hashes[0]


def _ticket_left_out_and_sealed_anew(record: Json) -> None:
    record["committed"]["ticket_hashes"].pop()
    record["commitment"] = verifier.commitment_of(record["committed"])


def _quota(record: Json) -> None:
    record["committed"]["quotas"][0]["max"] += 1


def _value(record: Json) -> None:
    record["chance"]["value"] = THROWS[::-1]


def _value_of_other_dice(record: Json) -> None:
    record["chance"]["value"] = "7 " + THROWS[2:]


def _fewer_dice(record: Json) -> None:
    record["chance"]["value"] = THROWS[2:]


def _ticket(record: Json) -> None:
    record["ticket"] = (record["ticket"] + 1) % record["committed"]["tickets"]


def _opening(record: Json) -> None:
    record["opening"][0] = "0" * 64


def _opening_left_out(record: Json) -> None:
    record["opening"].pop()


def _opening_doubled(record: Json) -> None:
    record["opening"][0] = record["opening"][1]


def _source_gone(record: Json) -> None:
    del record["committed"]["source"]


def _format(record: Json) -> None:
    record["format"] = "convene-draw-record/1"


def _evidence_as_text(record: Json) -> None:
    record["committed"]["source"] = {"kind": "drand", "round": 7}


TAMPERING = [
    _commitment,
    _seats,
    _entry_added,
    _entry_added_and_sealed_anew,
    _tickets_swapped,
    _ticket_left_out_and_sealed_anew,
    _quota,
    _value,
    _value_of_other_dice,
    _fewer_dice,
    _ticket,
    _opening,
    _opening_left_out,
    _opening_doubled,
    _source_gone,
    _format,
    _evidence_as_text,
]


def test_what_one_refuses_the_other_refuses(run) -> None:
    true = sealing.public(sealing.finish(full_record(DICE), THROWS))
    judged = {}
    for change in TAMPERING:
        record = copy.deepcopy(true)
        change(record)
        holds_in_browser = all(holding(run(record)).values())
        judged[change.__name__] = (not verifier.check(record), holds_in_browser)
    assert judged == dict.fromkeys((change.__name__ for change in TAMPERING), (False, False))


def test_json_is_written_the_same_way_in_both(page) -> None:
    page.goto("/")
    value = {
        "😀": [1, -3, 10**18, True, None, ""],
        "\ufb33": 'a "quoted" \\ text\n\t\r\b\f\x01\x7f\u2028',
        "é": {"b": [], "a": {}},
        "e\u0301": "قيمة",
        "": 0,
    }
    texts = [json.dumps(value), json.dumps(value, ensure_ascii=False, indent=3)]
    module = static("js/draw-verifier.js")
    wanted = verifier.canonical(value).decode()
    assert [page.evaluate(CANONICAL, [module, text]) for text in texts] == [wanted, wanted]


def test_numbers_come_from_the_same_stream(page) -> None:
    page.goto("/")
    bounds = [1, 2, 3, 10, 1000, 10**12, 2**53 - 1]
    found = page.evaluate(BELOW, [static("js/draw-verifier.js"), "4 2 6 – ü", "ticket", bounds])
    assert found == [verifier.Chance("4 2 6 – ü", "ticket").below(bound) for bound in bounds]


@pytest.mark.parametrize("text", ["", "{", '{"a":1,"a":2}', "[1,]", '{"a":1} x', "nonsense", "[01]", "null"])
def test_what_is_no_record_is_said_to_be_none(page, text) -> None:
    page.goto("/")
    found = page.evaluate(RUN, [static("js/draw-verifier.js"), text, {}])
    assert [(step["name"], step["ok"]) for step in found] == [("read", False)]
