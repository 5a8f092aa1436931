"""Seatings of tight shapes in which no two labels ever share a table twice, from algebra.

**Transversal designs.** Over a field of q elements, label (j, x) with j < s and x in the field sits, in round
r, at table x + r j: two labels that share a table have r = (x - x') / (j' - j), one round only; q rounds at q
tables of s. Labels of one class j never meet; where s divides q, one more round seats the classes.

**Starters.** Labels are v = 0 .. m-1 in several copies, and some fixed ones; a stored base round is turned by
adding 1 to every v (mod m), m times. Two labels of the copies a and b with difference d are carried to each
pair of that kind once, so rounds never repeat a pair if the base rounds hold each kind at most once. The base
rounds below were found by annealing; `tests/test_templates.py` checks every one.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from string import ascii_lowercase, ascii_uppercase, digits

Rounds = tuple[tuple[tuple[int, ...], ...], ...]

# (tables, seats) -> m, base rounds as labels in the order of the tables
_SIGNS = digits + ascii_lowercase + ascii_uppercase
_STARTERS: dict[tuple[int, int], tuple[int, tuple[str, ...]]] = {
    (5, 3): (7, ("692843ae1bc7d50",)),
    (6, 3): (
        4,
        (
            "b3d2ge1407f8c5h69a",
            "7g96fca1e82dbh0453",
        ),
    ),
    (6, 4): (7, ("k6gej8m104592naibc7hdlf3",)),
    (7, 3): (
        5,
        (
            "7bd639fi48kjcg1e20ha5",
            "78gichak2j1b9043f5d6e",
        ),
    ),
    (8, 3): (11, ("g2i9f803d7jmhbl4a6c1k5ne",)),
    (9, 3): (13, ("m2h5icgne6fa49p10bdq3k8j7ol",)),
    (9, 4): (11, ("g6ifp3n7jwdo5bs08mlyqhvr9ucz421kxeta",)),
    (10, 3): (14, ("brom31ji7cqsfk0659gd8nlhpt24ea",)),
    (10, 4): (10, ("hultf0DB1e42Cqav8xwpicjrb3mAo6yszg59kd7n",)),
}

_FIELDS = {
    2: (2, 1),
    3: (3, 1),
    4: (2, 2),
    5: (5, 1),
    7: (7, 1),
    8: (2, 3),
    9: (3, 2),
    11: (11, 1),
    13: (13, 1),
}
_REDUCE = {4: (1, 1), 8: (1, 1, 0), 9: (2, 0)}  # x^k = these, lowest first: x + 1, x + 1, 2


@cache
def template(tables: int, seats: int) -> Rounds:
    """As many rounds as are known for labels 0 .. tables x seats - 1; none if no template is known."""
    if (tables, seats) in _STARTERS:
        return _turned(tables, seats)
    return _transversal(tables, seats) if tables in _FIELDS and seats <= tables else ()


def _turned(tables: int, seats: int) -> Rounds:
    turns, bases = _STARTERS[tables, seats]
    cyclic = tables * seats // turns * turns
    found = []
    for base, turn in product(bases, range(turns)):
        labels = [
            each if each >= cyclic else each // turns * turns + (each + turn) % turns
            for each in map(_SIGNS.index, base)
        ]
        found.append(tuple(tuple(labels[at : at + seats]) for at in range(0, len(labels), seats)))
    return tuple(found)


def _transversal(q: int, seats: int) -> Rounds:
    rounds = []
    for turn in range(q):
        rows: list[list[int]] = [[] for _ in range(q)]
        for column, value in product(range(seats), range(q)):
            rows[_plus(q, value, _times(q, turn, column))].append(column * q + value)
        rounds.append(tuple(map(tuple, rows)))
    if q % seats == 0:
        labels = range(q * seats)
        rounds.append(tuple(tuple(labels[at : at + seats]) for at in range(0, q * seats, seats)))
    return tuple(rounds)


def _digits(q: int, number: int) -> list[int]:
    prime, degree = _FIELDS[q]
    return [number // prime**at % prime for at in range(degree)]


def _number(q: int, digits: list[int]) -> int:
    prime, _ = _FIELDS[q]
    return sum(digit % prime * prime**at for at, digit in enumerate(digits))


def _plus(q: int, one: int, other: int) -> int:
    return _number(q, [a + b for a, b in zip(_digits(q, one), _digits(q, other), strict=True)])


def _times(q: int, one: int, other: int) -> int:
    degree = _FIELDS[q][1]
    product_ = [0] * (2 * degree - 1)
    for (at, a), (to, b) in product(enumerate(_digits(q, one)), enumerate(_digits(q, other))):
        product_[at + to] += a * b
    for high in range(2 * degree - 2, degree - 1, -1):
        for low, factor in enumerate(_REDUCE[q]):
            product_[high - degree + low] += product_[high] * factor
    return _number(q, product_[:degree])
