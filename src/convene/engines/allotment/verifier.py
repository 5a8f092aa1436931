"""Checks the record of a draw. One file, the standard library only; it imports nothing of Convene.

    python verifier.py record.json              what the record itself shows
    python verifier.py record.json people.csv   and whether it is about these people

The public record shows that the rule, the tickets and everyone's entry were fixed before chance spoke, and
that the drawn ticket is the one that chance named. The full record, or the public one with the auditor's
people file, also shows that every ticket keeps every target, that chances are what is said, and that no
lottery at all could give the least likely person more. docs/reference/draw-record.md explains the format.

Two things must come from elsewhere: the commitment as it was published before the draw, and the value of
chance as it was heard (the dice, the beacon). Compare them with what this program prints.

To read it, begin at the end: `steps` lists the checks in order.
"""

import csv
import hashlib
import io
import json
import sys
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate, chain
from pathlib import Path
from typing import Any

FORMAT = "convene-draw-record/2"
RULE = "convene-allotment/2"
STREAM = "convene-stream/1"
AUDITOR_COLUMNS = ("id", "salt", "weight", "household", "team", "held", "price", "tickets")

Json = dict[str, Any]
People = Sequence[Mapping[str, str]]
Reasons = Iterator[str]
Chances = dict[str, Fraction]
Case = tuple[frozenset[str], int, int]


# --- What is sealed, and how -----------------------------------------------------------------------------


def canonical(value: Any) -> bytes:
    """JSON in one way only: keys sorted, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256(data: bytes | str) -> str:
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def leaf_of(entry: Json) -> str:
    """The seal of one entry. The salt, known to the person, keeps others from guessing what is under it."""
    traits = sorted([feature, value] for feature, value in entry["traits"].items())
    rest = [entry[name] for name in ("weight", "household", "team", "held", "price", "tickets")]
    return sha256(canonical([entry["salt"], entry["id"], traits, *rest]))


def padding_leaf(text: str) -> str:
    """A seal that stands for nobody, so that the list does not tell how many people asked."""
    return sha256(canonical(["padding", text]))


def padded(people: int) -> int:
    """How many seals are published for so many people: a multiple of 8, at least 16."""
    return max(16, -(-people // 8) * 8)


def token_of(salt: str) -> str:
    """What stands for a person in an opened ticket."""
    return sha256("token\n" + salt)


def ticket_hash(number: int, tokens: Iterable[str]) -> str:
    """The seal of a ticket: its number and the people on it."""
    return sha256(canonical([number, sorted(tokens)]))


def sealed_hash(salt: str, content: Any) -> str:
    """The seal of something that only the full record shows."""
    return sha256(canonical([salt, content]))


def commitment_of(committed: Json) -> str:
    """What is published before the draw to stand for all of it."""
    return sha256(canonical(committed))


# --- From the value of chance to a ticket ----------------------------------------------------------------


class Chance:
    """Numbers from SHA-256 of a label, a seed and a counter (rule convene-stream/1)."""

    def __init__(self, seed: str, label: str) -> None:
        self._start = hashlib.sha256(f"{STREAM}\n{label}\n{seed}\n".encode())
        self._block, self._ready = 0, list[int]()

    def below(self, bound: int) -> int:
        """Each of 0 … bound - 1 equally likely: numbers that would favour some are thrown away."""
        while True:
            if not self._ready:
                digest = self._start.copy()
                digest.update(str(self._block).encode())
                raw = digest.digest()
                self._ready = [int.from_bytes(raw[at : at + 8], "big") for at in (24, 16, 8, 0)]
                self._block += 1
            number = self._ready.pop()
            if number < (1 << 64) - (1 << 64) % bound:
                return number % bound

    def shuffled(self, items: Iterable[Any]) -> list[Any]:
        """In an order where each is equally likely."""
        mixed = list(items)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.below(last + 1)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed


def seed_of(record: Json) -> str:
    """Chance is bound to the commitment: the same dice give another draw another result."""
    return f"{record['commitment']}\n{record['chance']['value']}"


def ticket_of(record: Json) -> int:
    return Chance(seed_of(record), "ticket").below(record["committed"]["tickets"])


# --- What the public record shows ------------------------------------------------------------------------


def about_commitment(record: Json) -> Reasons:
    """The block published before the draw is the one that the commitment stands for."""
    committed = record["committed"]
    if record["format"] != FORMAT:
        yield f"the format is {record['format']!r}; this program reads {FORMAT!r}"
    if (committed["rule"], committed["stream"]) != (RULE, STREAM):
        yield "the draw followed another rule than the one checked here"
    if commitment_of(committed) != record["commitment"]:
        yield "the commitment does not fit the committed block: something in it was changed"
    leaves, sealed = committed["leaves"], committed["ticket_hashes"]
    if leaves != sorted(set(leaves)) or len(leaves) != padded(len(leaves)):
        yield "the list of sealed entries is not in order, has doubles, or is not filled up"
    if committed["stages"] == 1 and not 0 < len(sealed) == committed["tickets"]:
        yield f"{len(sealed)} tickets are sealed, the record says {committed['tickets']}"


def about_chance(source: Json, value: str, evidence: Json) -> Reasons:
    """The value of chance is one that the announced source can have given."""
    match source["kind"]:
        case "drand":
            yield from about_beacon(source, value, evidence)
        case "dice":
            sides = {str(number) for number in range(1, source["sides"] + 1)}
            if len(value.split(" ")) != source["dice"] or not sides.issuperset(value.split(" ")):
                yield f"the value is not {source['dice']} throws of a die with {source['sides']} sides"
        case "witnesses":
            yield from about_witnesses(source["witnesses"], value.split("\n"), evidence.get("missing", []))
        case "site":
            if sha256(value) != source["sealed"]:
                yield "what the site revealed is not what it sealed"
        case "seed":
            pass  # any text; whoever runs the draw names it
        case other:
            yield f"there is no source of chance {other!r}"


def about_witnesses(witnesses: Sequence[Json], reveals: Sequence[str], missing: Collection[str]) -> Reasons:
    """Each line opens a seal, or is a dash for someone the record says did not reveal in time. The last, the
    site's own, is always opened: it was revealed when nobody else could any more.
    """
    opened = [sha256(reveal) == each["sealed"] for each, reveal in zip(witnesses, reveals, strict=False)]
    left_out = [
        reveal == "-" and each["name"] in missing for each, reveal in zip(witnesses, reveals, strict=False)
    ]
    each_is = all(one or other for one, other in zip(opened, left_out, strict=True))
    if len(reveals) != len(witnesses) or not each_is or not opened[-1]:
        yield "what the witnesses revealed is not what they sealed"


def about_beacon(source: Json, value: str, evidence: Json) -> Reasons:
    """drand's randomness is the SHA-256 of its signature. That the signature is drand's own takes a program
    for its kind of signatures (`convene verify` has one), or a look at any of drand's public servers.
    """
    if evidence["round"] != source["round"]:
        yield f"the beacon is of round {evidence['round']}, announced was round {source['round']}"
    if sha256(bytes.fromhex(evidence["signature"])) != value:
        yield "the value is not the SHA-256 of the beacon's signature"


def about_ticket(record: Json) -> Reasons:
    """The value of chance names the drawn ticket, and what was opened is what was sealed under its number."""
    committed, number = record["committed"], ticket_of(record)
    if record["ticket"] != number:
        yield f"chance names ticket {number}, the record says {record['ticket']}"
    if committed["stages"] == 1:
        if ticket_hash(number, record["opening"]) != committed["ticket_hashes"][number]:
            yield "the opened ticket is not the one that was sealed under its number"
        if len(set(record["opening"])) != committed["seats"]:
            yield f"the opened ticket does not have {committed['seats']} people"


# --- What the entries and tickets show -------------------------------------------------------------------


def about_entries(record: Json, entries: Sequence[Json]) -> Reasons:
    """The sealed entries are exactly these: none more, none fewer, none changed."""
    leaves = set(record["committed"]["leaves"])
    own = [leaf_of(entry) for entry in entries]
    for entry, leaf in zip(entries, own, strict=True):
        if leaf not in leaves:
            yield f"the entry of {entry['id']!r} is not as it was sealed"
    if len({entry["id"] for entry in entries}) != len(entries):
        yield "an id appears more than once among the entries"
    if len(leaves) != padded(len(entries)):
        yield f"{len(leaves)} seals do not fit {len(entries)} people: someone was added or left out"
    if "private" in record and leaves != {*own, *map(padding_leaf, record["private"]["padding"])}:
        yield "the seals are not those of the people and the filling: someone was added or left out"


def panels_of(tickets: int, entries: Iterable[Json]) -> list[list[str]]:
    """The people on each ticket, by the ticket numbers that each entry names."""
    panels: list[list[str]] = [[] for _ in range(tickets)]
    for entry in sorted(entries, key=lambda entry: str(entry["id"])):
        for number in entry["tickets"]:
            panels[number].append(entry["id"])
    return panels


def about_panels(committed: Json, entries: Sequence[Json]) -> Reasons:
    """Every ticket is a panel that keeps every rule, and is the one sealed under its number."""
    rules, tokens = Rules(committed, entries), {entry["id"]: token_of(entry["salt"]) for entry in entries}
    for number, panel in enumerate(panels_of(committed["tickets"], entries)):
        if ticket_hash(number, (tokens[person] for person in panel)) != committed["ticket_hashes"][number]:
            yield f"ticket {number} is not the one that was sealed"
        yield from (f"ticket {number} {reason}" for reason in rules.broken_by(panel))


class Rules:
    """What every panel keeps: seats, targets, held seats, one of a household, all or none of a team."""

    def __init__(self, committed: Json, entries: Iterable[Json]) -> None:
        self.seats, self.quotas = committed["seats"], committed["quotas"]
        self.known = {entry["id"]: entry for entry in entries}
        self.held = {entry["id"] for entry in self.known.values() if entry["held"]}
        self.teams = Counter(entry["team"] for entry in self.known.values())

    def broken_by(self, panel: Sequence[str]) -> Reasons:
        people = [self.known[person] for person in panel]
        if len(people) != self.seats or len(set(panel)) != self.seats:
            yield f"does not have {self.seats} different people"
        counts = Counter(trait for entry in people for trait in entry["traits"].items())
        for quota in self.quotas:
            count = counts[quota["feature"], quota["value"]]
            if not quota["min"] <= count <= quota["max"]:
                yield f"breaks the target for {quota['feature']}: {quota['value']}, it has {count}"
        homes = Counter(entry["household"] for entry in people if entry["household"])
        if any(count > 1 for count in homes.values()):
            yield "has two people of one household"
        teams = Counter(entry["team"] for entry in people if entry["team"])
        if any(self.teams[team] != count for team, count in teams.items()):
            yield "splits a team"
        if not self.held.issubset(panel):
            yield "leaves out someone whose seat is held"


# --- The proof that no lottery is better -----------------------------------------------------------------


class Prices:
    """The proof is a price list, and checking it is adding up.

    Give every person a price, and every rule (the number of seats, each target) a price; any prices will do,
    good ones make the proof tight. What the people of a panel are worth together cannot exceed what the rules
    can give, price x limit each, plus what each person's price exceeds the prices of the rules that count
    them (where it does). So no panel is worth more than that sum, nor is a lottery over panels on average.
    Were everyone's chance over weight above z, then the average worth would be above z x the sum of price x
    weight. So z cannot be more than the one sum divided by the other.

    People of a team come together and are added up as one unit; of the units that share a household only the
    best is counted; held people count in any case, people proven to be in no panel (``without``) never.
    """

    def __init__(self, committed: Json, entries: Iterable[Json], without: Collection[str] = ()) -> None:
        self.quotas, self.seats = committed["quotas"], committed["seats"]
        self.entries = {entry["id"]: entry for entry in entries}
        units: dict[str, list[str]] = defaultdict(list)
        for person, entry in sorted(self.entries.items()):
            units[f"team {entry['team']}" if entry["team"] else f"person {person}"].append(person)
        homes: dict[str, list[list[str]]] = defaultdict(list)
        for name, unit in units.items():
            shared = min((home for each in unit if (home := self.entries[each]["household"])), default="")
            homes[f"home {shared}" if shared else name].append(unit)
        self.sure: list[str] = []  # in every panel
        self.homes: list[list[list[str]]] = []  # at most one unit of each is in a panel
        for home in homes.values():
            sure = [
                each for unit in home if any(self.entries[each]["held"] for each in unit) for each in unit
            ]
            self.sure += sure
            if not sure:
                self.homes.append([unit for unit in home if not set(unit) & set(without)])

    def bound(self, open_: Sequence[Json], tree: Json) -> Fraction:
        """What no lottery's least chance over weight can exceed."""
        prices = {entry["id"]: entry["price"] for entry in open_}
        most = self.most_worth(prices, tree)
        total = sum((entry["price"] * Fraction(entry["weight"]) for entry in open_), Fraction())
        if min(prices.values()) < 0 or total <= 0 or most is None:
            raise ValueError("the prices prove nothing")
        return most / total

    def most_worth(self, prices: Mapping[str, int], tree: Json, cases: tuple[Case, ...] = ()) -> int | None:
        """More than this the people of no panel are worth; None: there is no panel.

        As panels are whole, a proof may need to tell two cases apart: fewer than ``least`` people of some
        group are in the panel, or at least so many. Below, each case counts as one more rule with a price.
        """
        if "group" in tree:
            group, least = frozenset(tree["group"]), tree["least"]
            fewer = self.most_worth(prices, tree["fewer"], (*cases, (group, 0, least - 1)))
            others = self.most_worth(prices, tree["others"], (*cases, (group, least, len(group))))
            return max((most for most in (fewer, others) if most is not None), default=None)
        if not tree.get("empty"):
            return self._add_up(prices, tree["rule_prices"], cases)
        # If people cost nothing, and still no panel is worth more than less than nothing, there is no panel.
        if self._add_up({}, tree["rule_prices"], cases) >= 0:
            raise ValueError("a case said to be impossible is not proven to be")
        return None

    def _add_up(self, prices: Mapping[str, int], rule_prices: Sequence[int], cases: Sequence[Case]) -> int:
        seat, *others = rule_prices
        limits = [(quota["min"], min(quota["max"], self.seats)) for quota in self.quotas]
        limits += [(least, most) for _, least, most in cases]
        total: int = seat * self.seats
        for price, (least, most) in zip(others, limits, strict=True):
            total += price * (most if price > 0 else least)
        by_trait = {
            (quota["feature"], quota["value"]): price
            for quota, price in zip(self.quotas, others, strict=False)
        }
        by_case = [(case[0], price) for case, price in zip(cases, others[len(self.quotas) :], strict=True)]

        def gain(person: str) -> int:
            own = prices.get(person, 0) - seat
            own -= sum(by_trait.get(trait, 0) for trait in self.entries[person]["traits"].items())
            return own - sum(price for group, price in by_case if person in group)

        total += sum(map(gain, self.sure))
        return total + sum(max([0, *(sum(map(gain, unit)) for unit in home)]) for home in self.homes)


def minimum(
    committed: Json, entries: Sequence[Json], certificate: Json, chances: Chances
) -> tuple[Fraction, Fraction]:
    """The least chance over weight, and the most that any lottery could make it. Left out of it are people
    whose seat is held, and those proven to be in no panel: none is worth as much as one of them costs.
    """
    without = set[str]()
    for proof in certificate["shut_out"]:
        worth = dict.fromkeys(proof["group"], proof["price"])
        most = Prices(committed, entries).most_worth(worth, proof["tree"])
        if most is not None and most >= proof["price"]:
            raise ValueError(f"that no panel can have {proof['group']} is not proven")
        without.update(proof["group"])
    prices = Prices(committed, entries, without)
    open_ = [entry for entry in entries if entry["id"] not in without.union(prices.sure)]
    if not open_:
        return Fraction(1), Fraction(1)
    least = min(chances[entry["id"]] / Fraction(entry["weight"]) for entry in open_)
    return least, prices.bound(open_, certificate["tree"])


def about_minimum(record: Json, found: tuple[Fraction, Fraction]) -> Reasons:
    """The least chance is as committed; sealed where so few asked that it would tell how many."""
    said, own = record["committed"]["minimum_chance"], dict(zip(("achieved", "bound"), found, strict=True))
    if "sealed" in said:
        content = {name: str(value) for name, value in own.items()}
        if said["sealed"] != sealed_hash(record["private"]["certificate_salt"], content):
            yield "the least chance is not the one that was sealed"
        return
    for name, value in own.items():
        if value != Fraction(said[name]):
            yield f"the least chance ({name}) comes out as {value}, the record says {said[name]}"


# --- A draw in two stages: a ticket says how many of each type, then chance says who ---------------------


def units_of(each: Json) -> list[list[str]]:
    """What a type consists of: single people, households, or teams."""
    return each["units"] or [[person] for person in each["ids"]]


def lottery_seal(salt: str, types: Sequence[Json], rows: Sequence[Json]) -> str:
    """The seal of the tickets: who is of which type, and how many tickets each composition has."""
    of_types = [[each["kind"], each["group"], units_of(each)] for each in types]
    return sealed_hash(salt, [of_types, [[row["tickets"], row["counts"]] for row in rows]])


def seated(
    types: Sequence[Json], counts: Sequence[int], chance: Chance
) -> tuple[list[str], list[list[list[str]]]]:
    """Who gets the seats of a composition, and who of each type waits, in order.

    People and teams of a type are shuffled, the first are in. Types made of the same households share one
    shuffle of these: each type takes the next households, and of each the first of its people, shuffled.
    """
    drawn, waiting = list[str](), list[list[list[str]]]()
    group, homes = None, iter(())
    for each, count in zip(types, counts, strict=True):
        units = units_of(each)
        if each["kind"] != "household":
            order = chance.shuffled(units)
            drawn += [person for unit in order[:count] for person in unit]
            waiting.append(order[count:])
            continue
        if each["group"] != group:
            group, homes = each["group"], iter(chance.shuffled(range(len(units))))
        own = {chance.shuffled(units[next(homes)])[0] for _ in range(count)}
        drawn += own
        waiting.append([[person] for person in chance.shuffled(each["ids"]) if person not in own])
    return sorted(drawn), waiting


def about_rows(record: Json, entries: Sequence[Json]) -> Reasons:
    """Every composition keeps every rule, whoever of its types is drawn, and all are as they were sealed."""
    committed, types, rows = record["committed"], record["types"], record["lottery"]
    if lottery_seal(record["private"]["lottery_salt"], types, rows) != committed["lottery"]:
        yield "the types or the compositions are not as they were sealed"
    tickets = [row["tickets"] for row in rows]
    if sum(tickets) != committed["tickets"] or min(tickets) < 1:
        yield "the compositions' tickets do not add up to all tickets"
    rules = Rules(committed, entries)
    for number, row in enumerate(rows):
        sizes = [len(units_of(each)) for each in types]
        if any(not 0 <= count <= size for count, size in zip(row["counts"], sizes, strict=True)):
            yield f"composition {number} takes more of a type than there are"
            continue
        panel, _ = seated(types, row["counts"], Chance("", "those of a type are alike, so any panel will do"))
        yield from (f"composition {number} {reason}" for reason in rules.broken_by(panel))


def about_types(types: Sequence[Json], entries: Sequence[Json]) -> Reasons:
    """Those of a type are alike, so to every rule it makes no difference who of them is drawn."""
    known = {entry["id"]: entry for entry in entries}
    bound: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        bound[entry["household"] or entry["team"] or f"\n{entry['id']}"].add(entry["id"])
    found: dict[tuple[Any, int], set[str]] = defaultdict(set)
    for at, each in enumerate(types):
        looks = []
        for place, unit in enumerate(units_of(each)):
            looks.append([[known[person][name] for name in ("traits", "held")] for person in unit])
            found[each["group"] if each["kind"] == "household" else f"type {at}", place] |= set(unit)
        said = looks[0] if each["kind"] == "team" else [[each["traits"], each["held"]]] * len(looks[0])
        if any(look != said for look in looks) or sorted(each["ids"]) != sorted(chain(*units_of(each))):
            yield f"those of type {at} are not alike, or not as it says"
    if sorted(map(sorted, found.values())) != sorted(map(sorted, bound.values())):
        yield "the types are not made up of the people, households and teams of the entries"


def two_stage_result(record: Json, number: int) -> tuple[list[str], list[str]]:
    """Who is drawn; and the reserve list: further tickets are drawn (at most 1,000), and each takes as many
    of those who wait as it has of each type; the rest come last, shuffled.
    """
    types, rows, seed = record["types"], record["lottery"], seed_of(record)
    ends = list(accumulate(row["tickets"] for row in rows))
    selected, waiting = seated(types, rows[bisect_right(ends, number)]["counts"], Chance(seed, "people"))
    left = sum(len(queue) for at, queue in enumerate(waiting) if any(row["counts"][at] for row in rows))
    chance, reserve = Chance(seed, "reserve"), list[str]()
    for _ in range(1000):
        if left == 0:
            break
        for at, count in enumerate(rows[bisect_right(ends, chance.below(ends[-1]))]["counts"]):
            called, waiting[at] = waiting[at][:count], waiting[at][count:]
            reserve += [person for unit in called for person in unit]
            left -= len(called)
    rest = chance.shuffled(sorted(unit for queue in waiting for unit in queue))
    return selected, reserve + [person for unit in rest for person in unit]


# --- What the full record repeats for reading ------------------------------------------------------------


def chances_of(record: Mapping[str, Any], entries: Sequence[Json]) -> Chances:
    """Everyone's chance of a seat, counted from the tickets."""
    tickets = record["committed"]["tickets"]
    if record["committed"]["stages"] == 1:
        return {entry["id"]: Fraction(len(entry["tickets"]), tickets) for entry in entries}
    chances: Chances = {}
    for at, each in enumerate(record["types"]):
        expected = Fraction(sum(row["tickets"] * row["counts"][at] for row in record["lottery"]), tickets)
        among = len(each["units"]) if each["kind"] == "team" else len(each["ids"])
        chances.update(dict.fromkeys(each["ids"], expected / among))
    return chances


def result(record: Json, entries: Sequence[Json]) -> tuple[int, list[str], list[str]]:
    """The drawn ticket, who gets a seat, and the reserve list: who would be next. In one stage: all other
    tickets in an order given by chance, the people of each in an order given by chance, each person where
    they are first named; those on no ticket come last.
    """
    number = ticket_of(record)
    if record["committed"]["stages"] != 1:
        return number, *two_stage_result(record, number)
    panels, chance = panels_of(record["committed"]["tickets"], entries), Chance(seed_of(record), "reserve")
    named = dict.fromkeys(panels[number])
    for at in chance.shuffled(at for at in range(len(panels)) if at != number):
        named.update(dict.fromkeys(chance.shuffled(panels[at])))
    named.update(dict.fromkeys(chance.shuffled(sorted({entry["id"] for entry in entries} - named.keys()))))
    return number, panels[number], list(named)[len(panels[number]) :]


def compositions(types: Sequence[Json], panels: Iterable[Iterable[str]]) -> list[Json]:
    """How many tickets have how many of each type; in the order of these counts."""
    type_of = {person: at for at, each in enumerate(types) for person in each["ids"]}
    spans = [len(each["units"][0]) if each["kind"] == "team" else 1 for each in types]
    found = Counter(tuple(sorted(Counter(type_of[person] for person in panel).items())) for panel in panels)
    rows = [
        ([dict(people).get(at, 0) // span for at, span in enumerate(spans)], tickets)
        for people, tickets in found.items()
    ]
    return [{"tickets": tickets, "counts": counts} for counts, tickets in sorted(rows)]


def readable_minimum(least: Fraction, bound: Fraction) -> dict[str, float]:
    return {"achieved": float(least), "bound": float(bound), "gap": float(max(bound - least, Fraction()))}


def about_reading(
    record: Json, entries: Sequence[Json], chances: Chances, least: tuple[Fraction, Fraction]
) -> Reasons:
    """What stands outside the committed block for reading is what follows from it."""
    committed, private = record["committed"], record["private"]
    yield from about_types(record["types"], entries)
    for name in ("rule", "stream", "version", "objective", "seats", "tickets"):
        if record[name] != committed[name]:
            yield f"{name} is not what was committed"
    targets = [each for each in record["quotas"] if each["min"] > 0 or each["max"] < committed["seats"]]
    if sorted(targets, key=str) != sorted(committed["quotas"], key=str):
        yield "the targets are not those that were committed"
    sealed = {"sealed": sealed_hash(private["certificate_salt"], private["certificate"])}
    if committed["certificate"] not in (sealed, private["certificate"]):
        yield "the proof is not the one that was committed"
    in_numbers = {person: float(chance) for person, chance in chances.items()}
    if record["chances"] != in_numbers | dict.fromkeys(private["excluded"], 0.0):
        yield "someone's chance is not what the tickets give"
    if record["minimum_chance"] != readable_minimum(*least):
        yield "the least chance is not the one that was committed"
    shares = [{"tickets": row["tickets"], "counts": row["counts"]} for row in record["lottery"]]
    panels = panels_of(committed["tickets"], entries) if committed["stages"] == 1 else []
    if panels and compositions(record["types"], panels) != shares:
        yield "the compositions are not those of the tickets"


def about_selected(record: Json, entries: Sequence[Json]) -> Reasons:
    """Who got a seat, and who would be next, follows from chance."""
    _, selected, reserve = result(record, entries)
    if record["seed"] != record["chance"]["value"]:
        yield "the seed is not the value of chance"
    if record["selected"] != selected:
        yield "those selected are not those on the drawn ticket"
    if record["reserve"] != reserve:
        yield "the reserve list does not follow from chance"
    salts = {entry["id"]: entry["salt"] for entry in entries}
    if sorted(record["opening"]) != sorted(token_of(salts[person]) for person in selected):
        yield "the opened ticket does not stand for those selected"


# --- The people file -------------------------------------------------------------------------------------


def is_auditors(people: People) -> bool:
    """Whether this is the auditor's people file, with salts and tickets, or a plain list of people."""
    return bool(people) and all(name in people[0] for name in AUDITOR_COLUMNS)


def column_of(feature: str) -> str:
    """A feature's column in the auditor's file."""
    taken = feature in AUDITOR_COLUMNS or feature.startswith("feature ")
    return f"feature {feature}" if taken else feature


def entries_of(people: People) -> list[Json]:
    """The entries, from the auditor's people file."""
    columns = [name for name in people[0] if name not in AUDITOR_COLUMNS]
    return [
        {
            **{name: row[name] for name in ("id", "salt", "weight", "household", "team")},
            "held": row["held"] == "yes",
            "price": int(row["price"]),
            "tickets": [int(number) for number in row["tickets"].split()],
            "traits": {name.removeprefix("feature "): row[name] for name in columns},
        }
        for row in people
    ]


def about_people(private: Json, people: People) -> Reasons:
    """The entries of a full record are those of a plain list of people."""
    entries, columns = {entry["id"]: entry for entry in private["entries"]}, private["columns"]
    ids = Counter(row["id"] for row in people)
    for person in sorted(entries.keys() - ids.keys()):
        yield f"{person!r} is in the record but not in the people file"
    for person in sorted(ids.keys() - entries.keys() - set(private["excluded"])):
        yield f"{person!r} is in the people file but not in the record"
    if max(ids.values(), default=1) > 1:
        yield "an id appears more than once in the people file"
    for row in people:
        entry = entries.get(row["id"])
        if entry is not None:
            for name in ("household", "team"):
                if entry[name] != row.get(columns.get(name, ""), ""):
                    yield f"the {name} of {row['id']!r} is not that of the people file"
            if Fraction(entry["weight"]) != Fraction(row.get(columns.get("weight", ""), "1")):
                yield f"the weight of {row['id']!r} is not that of the people file"
            if entry["traits"] != {name: row.get(name) for name in entry["traits"]}:
                yield f"the traits of {row['id']!r} are not those of the people file"


# --- All of it together ----------------------------------------------------------------------------------


def steps(record: Json, people: People | None) -> Iterator[Reasons]:
    """Every check that the given files allow, one after the other."""
    committed, private = record["committed"], record.get("private")
    yield about_commitment(record)
    if "chance" in record:
        yield about_chance(committed["source"], record["chance"]["value"], record["chance"]["evidence"])
        yield about_ticket(record)
    if people is not None and is_auditors(people):
        yield from entry_steps(record, entries_of(people))
    elif private:
        if people is not None:
            yield about_people(private, people)
        yield from entry_steps(record, private["entries"])
    elif people is not None:
        yield iter(["with the public record goes the auditor's people file, not a plain list of people"])


def entry_steps(record: Json, entries: Sequence[Json]) -> Iterator[Reasons]:
    """What can be checked when everyone's entry is known."""
    committed, full = record["committed"], "private" in record
    yield about_entries(record, entries)
    if committed["stages"] == 1:
        yield about_panels(committed, entries)
    elif full:
        yield about_rows(record, entries)
    proof = record["private"]["certificate"] if full else committed["certificate"]
    if "tree" in proof and (full or committed["stages"] == 1):
        chances = chances_of(record, entries)
        least = minimum(committed, entries, proof, chances)
        yield about_minimum(record, least)
        yield about_reading(record, entries, chances, least) if full else iter(())
    if full and "chance" in record:
        yield about_selected(record, entries)


def check(record: Json, people: People | None = None) -> list[str]:
    """What is wrong with a record, in words; nothing if all holds that it and the people file can show."""
    reasons: list[str] = []
    try:
        for step in steps(record, people):
            reasons += step
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        reasons.append(f"the record is not sound: {type(error).__name__}: {error}")
    return list(dict.fromkeys(reasons))


def notes(record: Json, people: People | None = None) -> list[str]:
    """What to compare with what was published, and what these files cannot show."""
    committed = record["committed"]
    lines = [
        f"Commitment: {record['commitment']}",
        f"Source of chance: {canonical(committed['source']).decode()}",
    ]
    if "chance" in record:
        lines += [f"Value of chance: {record['chance']['value']!r}", f"Ticket: {record['ticket']}"]
    else:
        lines += ["Chance has not spoken yet."]
    if "private" in record:
        return lines
    if people is None or committed["stages"] != 1:
        lines += ["Targets, chances and the proof were not looked at: they need the auditor's files."]
    elif "tree" not in committed["certificate"]:
        lines += ["The proof of the bound was not looked at: it is in the full record only."]
    return lines


def read_people(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file in UTF-8, with commas or semicolons; spaces around entries do not count."""
    text = path.read_bytes().decode("utf-8-sig")
    first = text.lstrip().partition("\n")[0]
    separator = ";" if ";" in first and "," not in first else ","
    table = [[field.strip() for field in row] for row in csv.reader(io.StringIO(text), delimiter=separator)]
    header, *rows = [row for row in table if any(row)]
    return [dict(zip(header, row, strict=True)) for row in rows]


def main(arguments: Sequence[str]) -> int:
    try:
        record = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
        people = read_people(Path(arguments[1])) if arguments[1:] else None
    except (IndexError, OSError, ValueError) as error:
        print(f"usage: python verifier.py record.json [people.csv] ({error})", file=sys.stderr)
        return 2
    reasons = check(record, people)
    print("\n".join(reasons or [*notes(record, people), "All of this holds."]))
    return 1 if reasons else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
