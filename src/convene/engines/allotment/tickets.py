"""Equally likely tickets: whole panels of people, each fixed before chance speaks (README, "Tickets")."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from convene.engines.allotment.chance import Chance
from convene.engines.allotment.entries import Pool, Type
from convene.engines.allotment.lottery import Row


@dataclass(frozen=True, slots=True)
class Tickets:
    """``panels``: the ids on each ticket, by code point. ``worst``: how many tickets someone's number is away
    from what the lottery gives them, at most; below 1 it is as near as whole tickets can be.
    """

    panels: tuple[tuple[str, ...], ...]
    worst: float


def in_equal_tickets(rows: Sequence[Row], tickets: int) -> list[tuple[int, ...]]:
    """Compositions, one for each ticket."""
    total = sum(row.tickets for row in rows)
    parts = {row.counts: divmod(row.tickets * tickets, total) for row in rows}
    left = tickets - sum(whole for whole, _ in parts.values())
    more = sorted(parts, key=lambda counts: (-parts[counts][1], counts))[:left]
    copies = {counts: whole for counts, (whole, _) in parts.items()}
    for counts in more:
        copies[counts] += 1
    return [counts for counts, number in sorted(copies.items()) for _ in range(number)]


def people_of(pool: Pool, compositions: Iterable[Sequence[int]], seed: str) -> tuple[tuple[str, ...], ...]:
    """People for each composition, so that everyone of a type is on as many tickets as the others, give or
    take one; who shares a ticket with whom, and the order of tickets, is left to the ``seed``.
    """
    chance = Chance(seed, "tickets")
    used: Counter[str] = Counter()
    ties = {person: number for number, person in enumerate(chance.shuffled(_everyone(pool)))}
    groups: dict[int, list[int]] = defaultdict(list)
    for at, each in enumerate(pool.types):
        groups[each.group if each.kind == "household" else -1 - at].append(at)
    panels = []
    for counts in chance.shuffled(list(compositions)):
        panel: list[str] = []
        for members in groups.values():
            taken = [(pool.types[at], counts[at]) for at in members if counts[at]]
            panel += (
                _apart(taken, used, ties)
                if taken and taken[0][0].kind == "household"
                else _alone(taken, used, ties)
            )
        used.update(panel)
        panels.append(tuple(sorted(panel)))
    return tuple(panels)


def _everyone(pool: Pool) -> list[str]:
    return [person for each in pool.types for person in each.ids]


def _alone(taken: Iterable[tuple[Type, int]], used: Counter[str], ties: dict[str, int]) -> list[str]:
    """People, or teams, least used so far."""
    return [
        person
        for each, count in taken
        for unit in sorted(
            each.units or [(person,) for person in each.ids], key=lambda unit: (used[unit[0]], ties[unit[0]])
        )[:count]
        for person in unit
    ]


def _apart(taken: Iterable[tuple[Type, int]], used: Counter[str], ties: dict[str, int]) -> list[str]:
    """People least used so far, no two of one household."""
    people: list[str] = []
    homes: set[int] = set()
    for each, count in taken:
        nearest = [min(unit, key=lambda person: (used[person], ties[person])) for unit in each.units]
        free = sorted(
            (used[person], ties[person], home) for home, person in enumerate(nearest) if home not in homes
        )
        for _, _, home in free[:count]:
            homes.add(home)
            people.append(nearest[home])
    return people
