"""Rules that cannot hold together, named before anything is searched, with the people it is about.

Only what is certain is said here. A clash that takes more than these arguments shows as a rule no seating
was found to keep (`arranging`), and is then said to be found, not proven.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise

from convene.engines.grouping.apartness import uncolourable
from convene.engines.grouping.building import Task, members_of, pinned, values_of
from convene.engines.grouping.errors import Clash, ClashCode
from convene.engines.grouping.people import Rule, positions, sizes


def clashes(task: Task) -> list[Clash]:
    """The smallest first; none that holds a smaller one of the same kind twice."""
    found = [
        *_apart_together(task),
        *_too_large(task),
        *_pins(task),
        *_crowded_apart(task),
        *_numbers(task),
        *_served(task),
        *_places(task),
        *_places_apart(task),
        *_languages(task),
        *_nobody_to_talk_to(task),
    ]
    return sorted(found, key=lambda clash: (len(clash.rules), len(clash.people), clash.rules))


def _of(task: Task, kind: str) -> list[tuple[int, Rule]]:
    return [(number, rule) for number, rule in enumerate(task.rules) if rule.kind == kind]


def _names(task: Task, people: Sequence[int]) -> tuple[str, ...]:
    return tuple(task.people[at].id for at in sorted(people))


def _joins(task: Task) -> dict[int, dict[int, int]]:
    """A graph of who must sit with whom, each edge with the rule that says so."""
    at, graph = positions(task.people), dict[int, dict[int, int]]()
    for number, rule in _of(task, "together"):
        who = [at[person] for person in rule.people]
        for one, other in pairwise(who):
            if one != other:
                graph.setdefault(one, {}).setdefault(other, number)
                graph.setdefault(other, {}).setdefault(one, number)
    return graph


def _why_together(graph: dict[int, dict[int, int]], one: int, other: int) -> tuple[int, ...] | None:
    """The rules on a shortest way between two people; None if nothing joins them."""
    seen: dict[int, tuple[int, ...]] = {one: ()}
    queue = [one]
    for person in queue:
        if person == other:
            return tuple(sorted(set(seen[person])))
        for next_, rule in graph.get(person, {}).items():
            if next_ not in seen:
                seen[next_] = (*seen[person], rule)
                queue.append(next_)
    return None


def _apart_together(task: Task) -> Iterator[Clash]:
    at, graph = positions(task.people), _joins(task)
    for number, rule in _of(task, "apart"):
        for one, other in combinations(sorted({at[person] for person in rule.people}), 2):
            why = _why_together(graph, one, other)
            if why is not None:
                yield Clash(ClashCode.APART_TOGETHER, (number, *why), _names(task, (one, other)))


def _rules_of_unit(task: Task, unit: Sequence[int]) -> tuple[int, ...]:
    names = set(_names(task, unit))
    return tuple(number for number, rule in _of(task, "together") if names & set(rule.people))


def _too_large(task: Task) -> Iterator[Clash]:
    for unit in task.model.units:
        if len(unit) > task.places:
            params = {"people": len(unit), "seats": task.places}
            yield Clash(ClashCode.TOO_MANY_TOGETHER, _rules_of_unit(task, unit), _names(task, unit), params)


def _pins(task: Task) -> Iterator[Clash]:
    at, graph = positions(task.people), _joins(task)
    given: dict[int, dict[int, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for number, rule in _of(task, "pinned"):
        for round_ in range(task.rounds):
            if rule.pins_in(round_) and rule.table is not None:
                for person in rule.people:
                    given[round_][at[person]].append((number, rule.table))
    said: set[tuple[int, ...]] = set()
    for of_person in given.values():
        for clash in (*_pinned_apart(task, graph, of_person), *_pinned_full(task, of_person)):
            key = (*clash.rules, -1, *(at[person] for person in clash.people))
            if key not in said:
                said.add(key)
                yield clash


def _pinned_apart(
    task: Task, graph: dict[int, dict[int, int]], of_person: dict[int, list[tuple[int, int]]]
) -> Iterator[Clash]:
    """One person, or two who sit together, at two tables; two who sit apart at one."""
    for person, places in of_person.items():
        tables = {table: number for number, table in places}
        if len(tables) > 1:
            rules = tuple(sorted(tables.values()))[:2]
            yield Clash(ClashCode.PINNED_TWICE, rules, _names(task, (person,)))
    at = positions(task.people)
    for one, other in combinations(sorted(of_person), 2):
        (rule, table), (rule_other, table_other) = of_person[one][0], of_person[other][0]
        why = _why_together(graph, one, other) if table != table_other else None
        if why is not None:
            rules = tuple(sorted({rule, rule_other, *why}))
            yield Clash(ClashCode.PINNED_TWICE, rules, _names(task, (one, other)))
        if table == table_other:
            for number, apart in _of(task, "apart"):
                if {one, other} <= {at[person] for person in apart.people}:
                    rules = tuple(sorted({rule, rule_other, number}))
                    yield Clash(ClashCode.APART_TOGETHER, rules, _names(task, (one, other)))


def _pinned_full(task: Task, of_person: dict[int, list[tuple[int, int]]]) -> Iterator[Clash]:
    tables: dict[int, set[int]] = defaultdict(set)
    for person, places in of_person.items():
        tables[places[0][1]].add(person)
    large = len(task.people) - len(task.tables) * (task.places - 1)
    full = sorted(table for table, people in tables.items() if len(people) >= task.places)
    for table, people in sorted(tables.items()):
        over_full = len(full) > large and table in full
        if len(people) > task.places or over_full:
            rules = tuple(sorted({of_person[person][0][0] for person in people}))
            seats = task.places - (len(people) <= task.places)
            yield Clash(
                ClashCode.TABLE_FULL, rules, _names(task, sorted(people)), {"table": table, "seats": seats}
            )


def _crowded_apart(task: Task) -> Iterator[Clash]:
    """More people who all sit apart from each other than there are tables."""
    at, edges = positions(task.people), defaultdict[tuple[int, int], set[int]](set)
    for number, rule in _of(task, "apart"):
        for pair in combinations(sorted({at[person] for person in rule.people}), 2):
            edges[pair].add(number)
    found = _clique(edges, len(task.tables) + 1)
    if found:
        rules = _few(edges, found)
        params = {"people": len(found), "tables": len(task.tables)}
        yield Clash(ClashCode.TOO_MANY_APART, rules, _names(task, found), params)
        return
    rules = uncolourable(task)
    if rules:
        named = {at[person] for number in rules for person in task.rules[number].people}
        params = {"people": len(named), "tables": len(task.tables)}
        yield Clash(ClashCode.TOO_MANY_APART, rules, _names(task, sorted(named)), params)


def _few(edges: Mapping[tuple[int, int], set[int]], people: Sequence[int]) -> tuple[int, ...]:
    """Rules that keep every two of these people apart, the one that says most first."""
    left, chosen = set(combinations(sorted(people), 2)), list[int]()
    while left:
        said = Counter(number for pair in left for number in edges[pair])
        chosen.append(min(said, key=lambda number: (-said[number], number)))
        left = {pair for pair in left if chosen[-1] not in edges[pair]}
    return tuple(sorted(chosen))


def _clique(edges: Mapping[tuple[int, int], set[int]], size: int, limit: int = 20_000) -> list[int]:
    """So many people of whom every two are joined, or nobody; gives up after ``limit`` steps."""
    near: dict[int, set[int]] = defaultdict(set)
    for one, other in edges:
        near[one].add(other)
        near[other].add(one)
    steps = 0

    def grow(chosen: list[int], left: set[int]) -> list[int]:
        nonlocal steps
        steps += 1
        if len(chosen) == size:
            return chosen
        if len(chosen) + len(left) < size or steps > limit:
            return []
        for person in sorted(left, key=lambda each: (-len(near[each] & left), each)):
            found = grow([*chosen, person], left & near[person])
            if found:
                return found
            left = left - {person}
        return []

    return grow([], {person for person, others in near.items() if len(others) >= size - 1})


def _numbers(task: Task) -> Iterator[Clash]:
    tables, table_sizes = len(task.tables), sizes(len(task.people), len(task.tables))
    for number, given in enumerate(task.rules):
        for rule in values_of(given, task.people):
            if rule.kind not in {"at_least", "at_most", "not_alone"}:
                continue
            members = members_of(rule, task.people)
            params = {"people": len(members), "tables": tables, "number": rule.number}
            if rule.kind == "at_least" and (
                len(members) < rule.number * tables or min(table_sizes) < rule.number
            ):
                yield Clash(ClashCode.TOO_FEW, (number,), (), params)
            elif rule.kind == "at_most" and len(members) > rule.number * tables:
                yield Clash(ClashCode.TOO_MANY, (number,), (), params)
            elif rule.kind == "not_alone" and (len(members) == 1 or (members and max(table_sizes) == 1)):
                yield Clash(ClashCode.ALONE, (number,), _names(task, members), {"value": rule.value})
    yield from _least_above_most(task)


def _served(task: Task) -> Iterator[Clash]:
    """People who sit together serve one table only: too few tables have as many of a flag as they need."""
    for number, rule in _of(task, "at_least"):
        members, tables = set(members_of(rule, task.people)), len(task.tables)
        joined = [members & set(unit) for unit in task.model.units]
        alone = len(members) - sum(map(len, joined))
        serving = alone + sum(min(len(unit), rule.number) for unit in joined)
        if serving < rule.number * tables <= len(members):
            crowded = [unit for unit in joined if len(unit) > rule.number]
            rules = {other for unit in crowded for other in _rules_of_unit(task, sorted(unit))}
            who = sorted({person for unit in crowded for person in unit})
            params = {"people": serving, "tables": tables, "number": rule.number}
            yield Clash(ClashCode.TOO_FEW, tuple(sorted({number, *rules})), _names(task, who), params)


def _least_above_most(task: Task) -> Iterator[Clash]:
    for number, rule in _of(task, "at_least"):
        for other, most in _of(task, "at_most"):
            if rule.flag == most.flag and rule.number > most.number:
                yield Clash(ClashCode.TOO_FEW, tuple(sorted((number, other))))


def _places(task: Task) -> Iterator[Clash]:
    """More people need something than sit where it is offered; someone is given a place without it."""
    table_sizes = sizes(len(task.people), len(task.tables))
    for number, rule in _of(task, "needs"):
        members = set(members_of(rule, task.people))
        offering = [at for at, table in enumerate(task.tables) if rule.flag in table.offers]
        seats = sum(sorted(table_sizes, reverse=True)[: len(offering)])
        if len(members) > seats:
            params = {"people": len(members), "seats": seats}
            yield Clash(
                ClashCode.NO_PLACE, (number,), _names(task, sorted(members)) if not seats else (), params
            )
        for round_ in range(task.rounds):
            for person, table in pinned(task.people, task.rules, round_).items():
                if person in members and table not in offering:
                    pins = [
                        other
                        for other, pin in _of(task, "pinned")
                        if pin.pins_in(round_) and task.people[person].id in pin.people
                    ]
                    rules = tuple(sorted({number, *pins, *_joined_pin(task, person, pins)}))
                    yield Clash(ClashCode.NO_PLACE, rules, _names(task, (person,)), {"table": table})
                    return


def _places_apart(task: Task) -> Iterator[Clash]:
    """More people who all sit apart need something than there are tables that offer it."""
    at = positions(task.people)
    for number, rule in _of(task, "needs"):
        members, edges = set(members_of(rule, task.people)), defaultdict[tuple[int, int], set[int]](set)
        for other, apart in _of(task, "apart"):
            for pair in combinations(sorted({at[person] for person in apart.people} & members), 2):
                edges[pair].add(other)
        offering = sum(rule.flag in table.offers for table in task.tables)
        found = _clique(edges, offering + 1) if offering else []
        if found:
            rules = _few(edges, found)
            params = {"people": len(found), "seats": offering}
            yield Clash(ClashCode.NO_PLACE, tuple(sorted({number, *rules})), _names(task, found), params)


def _joined_pin(task: Task, person: int, pins: Sequence[int]) -> tuple[int, ...]:
    """The rules that bring someone to a table who is not pinned there themselves."""
    if pins:
        return ()
    unit = next((unit for unit in task.model.units if person in unit), ())
    names = set(_names(task, unit))
    bound = tuple(number for number, rule in _of(task, "pinned") if names & set(rule.people))
    return (*bound, *_rules_of_unit(task, unit))


def _languages(task: Task) -> Iterator[Clash]:
    """Two who sit together, share no language, and of whose languages nobody follows both; or someone with
    whom no table at all can be filled.
    """
    for number, _rule in _of(task, "language"):
        spoken = Counter(frozenset(person.languages) for person in task.people)
        bridges = [languages for languages in spoken if len(languages) > 1 or not languages]
        graph = _joins(task)
        for unit in task.model.units:
            for one, other in combinations(unit, 2):
                first, second = task.people[one].languages, task.people[other].languages
                if not first or not second or first & second:
                    continue
                if any(not each or (each & first and each & second) for each in bridges):
                    continue
                why = _why_together(graph, one, other) or ()
                yield Clash(ClashCode.NO_LANGUAGE, tuple(sorted({number, *why})), _names(task, (one, other)))


def _nobody_to_talk_to(task: Task) -> Iterator[Clash]:
    """Someone who shares no language with anybody, where no table is for one person."""
    if len(task.people) < 2 * len(task.tables):
        return
    for number, _rule in _of(task, "language"):
        speakers = Counter(language for person in task.people for language in person.languages)
        if not all(person.languages for person in task.people):
            return
        for at, person in enumerate(task.people):
            if all(speakers[language] == 1 for language in person.languages):
                yield Clash(ClashCode.NO_LANGUAGE, (number,), _names(task, (at,)))
