"""Rooms with rules that can be kept, because one seating that keeps them is made first; and twins in which a
few rules more, or facts changed, leave none.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from convene.engines.grouping import Person, Rule, Table
from convene.engines.grouping.tests.makers import cohort

LANGUAGES = ("en", "fr")


@dataclass
class Room:
    people: list[Person]
    tables: list[Table]
    rounds: int
    rules: list[Rule]
    rows: list[list[int]] = field(default_factory=list)  # the seating it was made around
    clash: tuple[int, ...] = ()  # in a twin: rules that are enough to leave no seating


def planted(seed: int) -> Room:
    """4 to 300 people at 3 to 40 tables: at least one facilitator a table, step-free places, a language in common or
    someone beside who translates, a tenth of the pairs apart, a few together, nobody the lone one of a minority.
    """
    chance = random.Random(seed)
    tables = chance.randint(3, 40)
    seats = chance.randint(3, 8)
    count = min(300, max(tables * 2, tables * seats - chance.randint(0, tables - 1)))
    tables = min(tables, count // 2)
    rounds = chance.randint(1, 5)
    order = list(range(count))
    chance.shuffle(order)
    rows = [order[at::tables] for at in range(tables)]
    flags, languages = [set[str]() for _ in order], [set[str]() for _ in order]
    for row in rows:
        flags[chance.choice(row)].add("facilitator")
        main = chance.choice(LANGUAGES)
        for person in row:
            languages[person] = {main} if chance.random() < 0.5 else set(LANGUAGES)
    offers = [frozenset({"step-free"} if chance.random() < 0.4 else ()) for _ in rows]
    for row, offer in zip(rows, offers, strict=True):
        for person in row:
            if offer and chance.random() < 0.2:
                flags[person].add("step-free")
    minority = {
        person
        for row in rows
        if len(row) >= 4 and chance.random() < 0.3
        for person in chance.sample(sorted(row), 2)
    }
    people = [
        Person(
            each.id,
            {**each.traits, "minority": "yes" if at in minority else "no"},
            languages=frozenset(languages[at]),
            flags=frozenset(flags[at]),
        )
        for at, each in enumerate(cohort(count, seed))
    ]
    rules = [Rule("at_least", flag="facilitator"), Rule("needs", flag="step-free"), Rule("language")]
    if minority:
        rules.append(Rule("not_alone", trait="minority", value="yes"))
    return Room(
        people,
        [Table(str(at + 1), offer) for at, offer in enumerate(offers)],
        rounds,
        [*rules, *_pairs(people, rows, chance)],
        rows,
    )


def _pairs(people: list[Person], rows: list[list[int]], chance: random.Random) -> list[Rule]:
    table = {person: at for at, row in enumerate(rows) for person in row}
    rules = []
    for _ in range(len(people) // 10):
        one, other = chance.sample(range(len(people)), 2)
        if table[one] != table[other]:
            rules.append(Rule("apart", people=(people[one].id, people[other].id)))
    for _ in range(len(people) // 50):
        one, other = chance.sample(chance.choice([row for row in rows if len(row) > 1]), 2)
        rules.append(Rule("together", people=(people[one].id, people[other].id)))
    return rules


def twin(seed: int) -> tuple[str, Room]:
    """The same room without any seating, by one of ten reasons."""
    room = planted(seed)
    spoil = SPOILT[seed % len(SPOILT)]
    return spoil.__name__, spoil(room, random.Random(seed))


def _with(room: Room, *rules: Rule) -> Room:
    first = len(room.rules)
    return replace(room, rules=[*room.rules, *rules], clash=tuple(range(first, first + len(rules))))


def _free(room: Room, count: int, chance: random.Random) -> list[str]:
    """People whom no rule names yet."""
    named = {person for rule in room.rules for person in rule.people}
    return chance.sample(sorted({person.id for person in room.people} - named), count)


def _changed(room: Room, change: Callable[[Person], Person]) -> Room:
    return replace(room, people=[change(person) for person in room.people])


def apart_and_joined(room: Room, chance: random.Random) -> Room:
    a, b, c = _free(room, 3, chance)
    return _with(
        room, Rule("together", people=(a, b)), Rule("together", people=(b, c)), Rule("apart", people=(a, c))
    )


def no_word_in_common(room: Room, chance: random.Random) -> Room:
    a, b = _free(room, 2, chance)
    spoken = {a: frozenset({"is"}), b: frozenset({"mt"})}
    room = _changed(room, lambda each: replace(each, languages=spoken.get(each.id, each.languages)))
    room = _with(room, Rule("together", people=(a, b)))
    return replace(room, clash=(2, *room.clash))


def one_language_of_ones_own(room: Room, chance: random.Random) -> Room:
    (a,) = _free(room, 1, chance)
    room = _changed(room, lambda each: replace(each, languages=frozenset({"is"})) if each.id == a else each)
    return replace(room, clash=(2,))


def too_few_places(room: Room, _chance: random.Random) -> Room:
    tables = [replace(table, offers=frozenset()) for table in room.tables]
    tables[0] = replace(tables[0], offers=frozenset({"step-free"}))
    room = _changed(room, lambda each: replace(each, flags=each.flags | {"step-free"}))
    return replace(room, tables=tables, clash=(1,))


def too_few_facilitators(room: Room, _chance: random.Random) -> Room:
    first = next(each.id for each in room.people if "facilitator" in each.flags)
    room = _changed(
        room, lambda each: replace(each, flags=each.flags - {"facilitator"}) if each.id == first else each
    )
    return replace(room, clash=(0,))


def two_facilitators_joined(room: Room, chance: random.Random) -> Room:
    hosts = [each.id for each in room.people if "facilitator" in each.flags]
    free = set(_free(room, len(room.people) - len({p for rule in room.rules for p in rule.people}), chance))
    a, b = [each for each in hosts if each in free][:2] or hosts[:2]
    room = _with(room, Rule("together", people=(a, b)))
    return replace(room, clash=(0, *room.clash))


def pinned_to_two_tables(room: Room, chance: random.Random) -> Room:
    a, b = _free(room, 2, chance)
    return _with(
        room,
        Rule("pinned", people=(a,), table=0),
        Rule("pinned", people=(b,), table=1),
        Rule("together", people=(a, b)),
    )


def too_many_apart(room: Room, chance: random.Random) -> Room:
    count = len(room.tables) + 1
    everyone = [each.id for each in room.people]
    named = {person for rule in room.rules if rule.kind == "together" for person in rule.people}
    free = [each for each in everyone if each not in named]
    return _with(room, Rule("apart", people=tuple(chance.sample(free, count))))


def a_ring_apart(room: Room, chance: random.Random) -> Room:
    """Five in a ring, each apart from both neighbours, and all of them apart from as many others as there are tables
    but two: no tables + 1 of them are all apart from each other, and yet they need so many tables.
    """
    named = {person for rule in room.rules if rule.kind == "together" for person in rule.people}
    free = [each.id for each in room.people if each.id not in named]
    who = chance.sample(free, 5 + len(room.tables) - 2)
    ring, others = who[:5], who[5:]
    edges = [(ring[at], ring[(at + 1) % 5]) for at in range(5)]
    edges += [(one, other) for one in ring for other in others]
    rules = [Rule("apart", people=pair) for pair in edges]
    return _with(room, *rules, *([Rule("apart", people=tuple(others))] if len(others) > 1 else []))


def places_but_apart(room: Room, chance: random.Random) -> Room:
    """Three who need one of two tables, every two of them apart."""
    a, b, c = _free(room, 3, chance)
    room = _changed(
        room,
        lambda each: replace(
            each, flags=(each.flags - {"step-free"}) | ({"step-free"} if each.id in {a, b, c} else set())
        ),
    )
    offers = [frozenset({"step-free"} if at < 2 else ()) for at in range(len(room.tables))]
    tables = [replace(table, offers=offer) for table, offer in zip(room.tables, offers, strict=True)]
    room = _with(replace(room, tables=tables), *(Rule("apart", people=p) for p in ((a, b), (b, c), (a, c))))
    return replace(room, clash=(1, *room.clash))


SPOILT: tuple[Callable[[Room, random.Random], Room], ...] = (
    apart_and_joined,
    no_word_in_common,
    one_language_of_ones_own,
    too_few_places,
    too_few_facilitators,
    two_facilitators_joined,
    pinned_to_two_tables,
    too_many_apart,
    a_ring_apart,
    places_but_apart,
)
