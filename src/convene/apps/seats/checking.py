"""The steps by which anyone repeats a draw, in words; and this site going through them itself.

The browser goes through the same steps (static/js/draw-verifier.js) and puts its findings into these
words. That a site checks itself proves nothing to a sceptic: it is a convenience where there is no script.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from convene.engines.allotment import verifier

Record = Mapping[str, Any]
Found = tuple[str, bool, dict[str, object]]


@dataclass(frozen=True)
class Step:
    """`good` and `bad` hold places like {ticket} for what is found; `optional`: only where it applies."""

    name: str
    title: str
    good: str
    bad: str
    state: str = "todo"
    optional: bool = False


def steps(*, drawn: bool, source: str, receipt: bool = False) -> list[Step]:
    """All that can be checked of a draw, in order; none carried out."""
    return [
        *_about_record(),
        *(_about_chance(source) if drawn else ()),
        *(_about_receipt(drawn=drawn) if receipt else ()),
    ]


def _about_record() -> list[Step]:
    return [
        Step(
            "read",
            _("The record can be read"),
            _("It has the format that is checked here."),
            _("It cannot be read as the record of a draw: {why}"),
        ),
        Step(
            "commitment",
            _("The commitment stands for what was sealed"),
            _("Worked out anew from all that was sealed, it is the one on this page: {found}"),
            _("Worked out anew it is {found}, not the one published. Something that was sealed was changed."),
        ),
        Step(
            "noted",
            _("It is the commitment you noted"),
            _("What you noted and what stands in the record are the same."),
            _("What you noted is not what stands in the record: something was changed since you noted it."),
            optional=True,
        ),
        Step(
            "lists",
            _("The sealed lists are whole"),
            _(
                "{tickets} sealed tickets, as announced. {leaves} sealed entries, in order; some stand for "
                "nobody, so that the list does not tell how few asked."
            ),
            _("A ticket or an entry is missing, stands twice, or is out of order."),
        ),
    ]


def _about_chance(source: str) -> list[Step]:
    good, bad = _chance_words(source)
    return [
        Step("chance", _("The value is one that the announced source can give"), good, bad),
        Step(
            "ticket",
            _("The value names the drawn ticket"),
            _("Commitment and value together give ticket {found}, the one that was drawn."),
            _("Commitment and value together give ticket {found}; the record says {said} was drawn."),
        ),
        Step(
            "opening",
            _("The opened ticket is the one that was sealed"),
            _("Opened, it has {seats} people and the fingerprint sealed under number {ticket}."),
            _("What was opened is not what was sealed under number {ticket}."),
        ),
    ]


def _chance_words(source: str) -> tuple[str, str]:
    words = {
        "drand": (
            _(
                "It is made from the signature of the announced round: {value}. Whether that signature is "
                "drand’s "
                "own, “convene verify” checks; or compare it at drand’s own address above."
            ),
            _("It is not made from the signature of the announced round."),
        ),
        "dice": (
            _(
                "As many throws as announced, each on the die: {value}. Compare them with what you saw or "
                "heard."
            ),
            _("These are not as many throws as announced, or not of such dice: {value}"),
        ),
        "witnesses": (
            _("Each revealed what they had sealed."),
            _("What was revealed is not what the witnesses had sealed."),
        ),
        "site": (
            _("The site opened what it had sealed: {value}"),
            _("What the site opened is not what it had sealed."),
        ),
    }
    other = _("Any text was allowed: {value}"), _("The source is unknown here.")
    return words.get(source, other)


def _about_receipt(*, drawn: bool) -> list[Step]:
    found = [
        Step(
            "entry",
            _("Your entry is among those sealed"),
            _("The fingerprint of your entry, as your receipt tells it, stands in the sealed list: {leaf}"),
            _("The fingerprint of your entry does not stand in the sealed list: {leaf}"),
            optional=True,
        ),
        Step(
            "share",
            _("Your chance is what your tickets say"),
            _("You are on {mine} of {tickets} tickets: {chance}."),
            _("You are on {mine} of {tickets} tickets; that is not {chance}."),
            optional=True,
        ),
    ]
    if drawn:
        contradiction = _("Your ticket numbers and the opened ticket contradict each other.")
        title = _("Your result is right")
        found += [
            Step(
                "mine",
                title,
                _("Ticket {ticket} is one of yours, and the opened ticket names you."),
                contradiction,
                optional=True,
            ),
            Step(
                "not_mine",
                title,
                _("Ticket {ticket} is not one of yours, and the opened ticket does not name you."),
                contradiction,
                optional=True,
            ),
        ]
    return found


# --- this site, going through them itself -----------------------------------


def checked(record: Record, *, source: str, noted: str = "") -> list[Step]:
    """The steps with what this site finds; those that do not apply are left out."""
    found: dict[str, tuple[bool, dict[str, object]]] = {}
    try:
        for name, holds, values in _findings(record, noted.strip()):
            found[name] = holds, values
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        found["read"] = False, {"why": type(error).__name__}
    return [
        _filled(step, *found[step.name])
        for step in steps(drawn="chance" in record, source=source)
        if step.name in found
    ]


def _filled(step: Step, holds: bool, values: Mapping[str, object]) -> Step:
    good, bad = step.good, step.bad
    for name, value in values.items():
        good = good.replace(f"{{{name}}}", str(value))
        bad = bad.replace(f"{{{name}}}", str(value))
    return replace(step, good=good, bad=bad, state="good" if holds else "bad")


def _findings(record: Record, noted: str) -> Iterator[Found]:
    committed = record["committed"]
    yield "read", record["format"] == verifier.FORMAT, {"why": record["format"]}
    found = verifier.commitment_of(committed)
    yield "commitment", found == record["commitment"], {"found": found}
    if noted:
        yield "noted", "".join(noted.lower().split()) == record["commitment"], {}
    leaves, tickets = committed["leaves"], committed["ticket_hashes"]
    whole = leaves == sorted(set(leaves)) and len(leaves) == verifier.padded(len(leaves))
    whole = whole and (committed["stages"] != 1 or len(tickets) == committed["tickets"])
    yield "lists", whole, {"tickets": committed["tickets"], "leaves": len(leaves)}
    if "chance" in record:
        yield from _findings_of_chance(dict(record), committed)


def _findings_of_chance(record: dict[str, Any], committed: dict[str, Any]) -> Iterator[Found]:
    value, evidence = record["chance"]["value"], record["chance"].get("evidence") or {}
    wrong = list(verifier.about_chance(committed["source"], value, evidence))
    yield "chance", not wrong, {"value": value}
    ticket = verifier.ticket_of(record)
    yield "ticket", ticket == record["ticket"], {"found": ticket, "said": record["ticket"]}
    if committed["stages"] == 1:
        people = record["opening"]
        same = verifier.ticket_hash(ticket, people) == committed["ticket_hashes"][ticket]
        full = len(people) == len(set(people)) == committed["seats"]
        yield "opening", same and full, {"ticket": ticket, "seats": len(people)}
