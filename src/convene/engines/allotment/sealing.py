"""The record of a draw: sealed before chance speaks, finished after (docs/reference/draw-record.md).

`verifier` states what is hashed and what follows from chance; it is used here for just that, and checks
everything again for whoever holds the record.
"""

import hmac
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from convene.engines.allotment import verifier
from convene.engines.allotment.certificate import binds, certify
from convene.engines.allotment.entries import Quota, Type, exact, features_of
from convene.engines.allotment.limits import Limit
from convene.engines.allotment.lottery import TICKETS, Row
from convene.engines.allotment.outcome import Caution, CautionCode, Lottery
from convene.engines.allotment.tickets import in_equal_tickets, people_of
from convene.engines.allotment.verifier import Json

ONE_STAGE, TWO_STAGES = 1, 2
#: What objectives beside the least chance make as large (goldilocks: as small) as can be.
MEASURES = {"nash": "geometric_mean", "goldilocks": "imbalance"}
TOO_FEW_SEATS = Fraction(1, 1000)
_HAIR = Fraction(1, 10**6)
#: Of fewer people the public record tells no figure: the least chance alone would tell how many asked.
FEW = 5


def seal(
    lottery: Lottery,
    quotas: Sequence[Quota],
    seats: int,
    *,
    tickets: int | None = 1000,
    key: bytes,
    source: Mapping[str, Any],
    version: str,
) -> Json:
    """The full record before chance: all that is decided, and the commitment to publish.

    ``tickets`` equally likely ones; None keeps the lottery exact, with 10**12 tickets that are compositions
    (drawn in two stages, as always with less than a seat for 1,000 people). ``key`` (secret, 32 bytes) makes
    the salts; the same lottery, key and source give the same record. ``source`` says where chance will come
    from, in a form that `verifier.about_chance` knows.
    """
    pool = lottery.pool
    everyone = sum(len(each.ids) for each in pool.types)
    stages = TWO_STAGES if tickets is None or seats < TOO_FEW_SEATS * everyone else ONE_STAGE
    rows = lottery.rows if tickets is None else _rows(in_equal_tickets(pool, lottery.rows, tickets).counts)
    panels = people_of(pool, _copies(rows), key.hex()) if stages == ONE_STAGE else ()
    proof = certify(lottery)
    certificate = proof.as_json()
    entries = _entries(lottery, panels, proof.prices, key)
    tokens = {entry["id"]: verifier.token_of(entry["salt"]) for entry in entries}
    padding = [
        _secret(key, f"padding\n{number}") for number in range(verifier.padded(len(entries)) - len(entries))
    ]
    private: Json = {
        "entries": entries,
        "padding": padding,
        "certificate": certificate,
        "certificate_salt": _secret(key, "certificate"),
        "lottery_salt": _secret(key, "lottery"),
        "columns": {},
        "excluded": sorted(set(lottery.chances) - tokens.keys()),
    }
    few = len(entries) < FEW
    public_proof = not few and "group" not in certificate["tree"] and not certificate["shut_out"]
    committed: Json = {
        "rule": verifier.RULE,
        "stream": verifier.STREAM,
        "version": version,
        "objective": lottery.objective,
        "seats": seats,
        "quotas": [_quota(each) for each in pool.quotas if binds(each, seats)],
        "source": dict(source),
        "stages": stages,
        "tickets": TICKETS if tickets is None else tickets,
        "leaves": sorted([*map(verifier.leaf_of, entries), *map(verifier.padding_leaf, padding)]),
        "ticket_hashes": [
            verifier.ticket_hash(number, [tokens[person] for person in panel])
            for number, panel in enumerate(panels)
        ],
        "lottery": None,
        "minimum_chance": {},
        "certificate": certificate
        if public_proof
        else {"sealed": verifier.sealed_hash(private["certificate_salt"], certificate)},
    }
    full: Json = {
        "format": verifier.FORMAT,
        "rule": verifier.RULE,
        "stream": verifier.STREAM,
        "version": version,
        "objective": lottery.objective,
        "seats": seats,
        "tickets": committed["tickets"],
        "quotas": [_quota(each) for each in quotas],
        "types": [_type(each) for each in pool.types],
        "lottery": _lottery(rows, committed["tickets"]),
        "warnings": [_warning(each) for each in (*lottery.warnings, *_uneven(lottery, entries, panels))],
        "committed": committed,
        "private": private,
    }
    if stages == TWO_STAGES:
        committed["lottery"] = verifier.lottery_seal(private["lottery_salt"], full["types"], full["lottery"])
    chances = verifier.chances_of(full, entries)
    least, bound = verifier.minimum(committed, entries, certificate, chances)
    said = {"achieved": str(least), "bound": str(bound)}
    sealed = {"sealed": verifier.sealed_hash(private["certificate_salt"], said)}
    committed["minimum_chance"] = sealed if few else said
    full["minimum_chance"] = verifier.readable_minimum(least, bound)
    if lottery.objective in MEASURES:
        full["optimum"] = {"measure": MEASURES[lottery.objective]} | {
            name: value if math.isfinite(value) else None for name, value in asdict(lottery.optimum).items()
        }
    full["chances"] = {person: float(chances.get(person, 0)) for person in lottery.chances}
    full["commitment"] = verifier.commitment_of(committed)
    return full


def finish(full: Json, value: str, evidence: Mapping[str, Any] | None = None) -> Json:
    """The full record once chance has spoken: ``value`` as its source gave it, ``evidence`` for a beacon."""
    done: Json = {**full, "seed": value, "chance": {"value": value, "evidence": dict(evidence or {})}}
    entries = done["private"]["entries"]
    number, selected, reserve = verifier.result(done, entries)
    chosen = set(selected)
    done["ticket"], done["selected"], done["reserve"] = number, selected, reserve
    done["opening"] = sorted(verifier.token_of(entry["salt"]) for entry in entries if entry["id"] in chosen)
    return done


def public(full: Mapping[str, Any]) -> Json:
    """What may be published, before or after chance. A draw in two stages opens no ticket to the public, as
    no seal stands for its people alone.
    """
    names = ["format", "commitment", "committed", "chance", "ticket"]
    if full["committed"]["stages"] == ONE_STAGE:
        names.append("opening")
    return {name: full[name] for name in names if name in full}


def receipt(full: Mapping[str, Any], person: str) -> Json:
    """What one person gets for themselves: enough to find their seal in the list, and to see their chance and
    whether the drawn ticket is one of theirs. Raises KeyError for someone who is not among the entries.
    """
    entry = next((each for each in full["private"]["entries"] if each["id"] == person), None)
    if entry is None:
        raise KeyError(person)
    chance = verifier.chances_of(full, full["private"]["entries"])[person]
    return {
        **entry,
        "leaf": verifier.leaf_of(entry),
        "token": verifier.token_of(entry["salt"]),
        "chance": str(chance),
        "commitment": full["commitment"],
        "selected": person in full["selected"] if "selected" in full else None,
    }


def auditor_rows(full: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    """The auditor's people file: a header, and a row for each entry."""
    entries = full["private"]["entries"]
    features = sorted({feature for entry in entries for feature in entry["traits"]})
    header = [*verifier.AUDITOR_COLUMNS, *map(verifier.column_of, features)]
    return header, [
        [
            *(entry[name] for name in ("id", "salt", "weight", "household", "team")),
            "yes" if entry["held"] else "",
            str(entry["price"]),
            " ".join(map(str, entry["tickets"])),
            *(entry["traits"][feature] for feature in features),
        ]
        for entry in entries
    ]


def _secret(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), "sha256").hexdigest()


def _rows(compositions: Sequence[tuple[int, ...]]) -> tuple[Row, ...]:
    counted: dict[tuple[int, ...], int] = defaultdict(int)
    for counts in compositions:
        counted[counts] += 1
    return tuple(Row(tickets, counts) for counts, tickets in sorted(counted.items()))


def _copies(rows: Sequence[Row]) -> list[tuple[int, ...]]:
    return [row.counts for row in rows for _ in range(row.tickets)]


def _entries(
    lottery: Lottery, panels: Sequence[Sequence[str]], prices: Mapping[str, int], key: bytes
) -> list[Json]:
    numbers: dict[str, list[int]] = defaultdict(list)
    for number, panel in enumerate(panels):
        for person in panel:
            numbers[person].append(number)
    held = {person for each in lottery.types if each.held for person in each.ids}
    features = features_of(lottery.pool.quotas)
    inside = {person for each in lottery.types for person in each.ids}
    return [
        {
            "id": person.id,
            "salt": _secret(key, f"entry\n{person.id}"),
            "traits": {feature: person.traits[feature] for feature in sorted(features)},
            "weight": str(exact(person.weight)),
            "household": person.household,
            "team": person.team,
            "held": person.id in held,
            "price": prices.get(person.id, 0),
            "tickets": numbers[person.id],
        }
        for person in sorted(lottery.applicants, key=lambda person: person.id)
        if person.id in inside
    ]


def _uneven(lottery: Lottery, entries: Sequence[Json], panels: Sequence[object]) -> tuple[Caution, ...]:
    """A warning if someone is on a whole ticket more, or less, than the lottery gives them."""
    wanted = {
        person: chance * len(panels)
        for each, chance in zip(lottery.types, lottery.type_chances, strict=True)
        for person in each.ids
    }
    away = max((abs(len(entry["tickets"]) - wanted[entry["id"]]) for entry in entries), default=Fraction())
    if away < 1 + _HAIR:
        return ()
    return (Caution(CautionCode.UNEVEN_TICKETS, {"away": round(float(away), 3)}),)


def _quota(quota: Quota) -> Json:
    return {"feature": quota.feature, "value": quota.value, "min": quota.least, "max": quota.most}


def _type(each: Type) -> Json:
    return {
        "ids": list(each.ids),
        "traits": dict(each.traits),
        "weight": float(each.weight),
        "held": each.held,
        "kind": each.kind,
        "units": [list(unit) for unit in each.units],
        "group": each.group,
    }


def _lottery(rows: Sequence[Row], tickets: int) -> list[Json]:
    return [
        {"weight": row.tickets / tickets, "tickets": row.tickets, "counts": list(row.counts)} for row in rows
    ]


def _warning(caution: Caution) -> Json:
    return {
        "code": str(caution.code),
        "params": dict(caution.params),
        "ids": list(caution.ids),
        "limits": [_limit(each) for each in caution.limits],
        "text": caution.text,
    }


def _limit(limit: Limit) -> Json:
    return {
        "feature": limit.feature,
        "value": limit.value,
        "side": limit.side,
        "seats": limit.seats,
        "rule": limit.rule,
    }
