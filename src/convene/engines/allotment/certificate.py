"""The proof that goes with a lottery: prices in whole numbers that anyone can add up (`verifier.Prices`).

Where the relaxation's bound is reached, the prices of one linear program prove it. Where whole panels are
worth less than split ones, a tree of cases does: a type has fewer than some number of seats, or at least so
many; each leaf has prices of its own, or prices that prove it empty. The solver is only used to find prices;
what they prove is what they add up to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from convene.engines.allotment.entries import BoolArray, FloatArray, Pool, Quota, exact
from convene.engines.allotment.outcome import Lottery
from convene.engines.allotment.panels import WHOLE
from convene.engines.allotment.relaxation import leximin, rule_bounds, rules
from convene.engines.allotment.solver import INFINITY, Answer, Matrix, Program
from convene.engines.allotment.verifier import Json

FINE = 10**12
_LEAVES, _ENTRIES = 4000, 400_000  # of a proof by cases, at most; the less, the more types there are
_HAIR = 1e-9


@dataclass(frozen=True, slots=True)
class Certificate:
    """``prices`` of people, the ``tree`` of rule prices, and the proof for those in no panel."""

    prices: Mapping[str, int]
    tree: Json
    shut_out: tuple[Json, ...]

    def as_json(self) -> Json:
        return {"tree": self.tree, "shut_out": list(self.shut_out)}


def certify(lottery: Lottery) -> Certificate:
    """Prices that prove the lottery's bound, or come as near to it as the search got."""
    pool, without = lottery.pool, np.array(lottery.shut_out, dtype=bool)
    shut_out: tuple[Json, ...] = ()
    out = [person for at in np.flatnonzero(without).tolist() for person in pool.types[at].ids]
    if out:
        search = _Search(pool, without * pool.spans, np.zeros(len(without), dtype=bool), enough=1 - _HAIR)
        shut_out = ({"group": sorted(out), "price": FINE, "tree": search.tree()},)
    open_ = pool.drawn & ~without
    if not open_.any():
        return Certificate({}, {"rule_prices": []}, shut_out)
    prices = _type_prices(lottery, without)
    whole = [round(price * FINE) for price in prices.tolist()]
    enough = float(lottery.bound) * float(prices @ pool.scale) + _HAIR
    tree = _Search(pool, prices, without, enough=enough).tree()
    return Certificate(_of_people(lottery, whole), tree, shut_out)


def _type_prices(lottery: Lottery, without: BoolArray) -> FloatArray:
    """(T) at most 1, on the open types."""
    if lottery.prices is not None:
        prices = np.array([float(price) for price in lottery.prices.types])
    else:
        prices = leximin(lottery.pool, without, levels=1).levels[0].prices
    prices = np.where(lottery.pool.drawn & ~without, np.maximum(prices, 0), 0)
    return np.asarray(prices / prices.max())


def _of_people(lottery: Lottery, prices: Sequence[int]) -> dict[str, int]:
    """A team's price stands on its heaviest member, anyone else's on themselves."""
    weights = {person.id: exact(person.weight) for person in lottery.applicants if person.team}
    found: dict[str, int] = {}
    for each, price in zip(lottery.types, prices, strict=True):
        teams = each.units if each.kind == "team" else ()
        bearers = [max(team, key=lambda person: weights[person]) for team in teams] or each.ids
        found |= dict.fromkeys(bearers if price else (), price)
    return found


def binds(quota: Quota, seats: int) -> bool:
    """Whether a quota forbids anything; those that do not are left out of what is committed."""
    return quota.least > 0 or quota.most < seats


@dataclass(slots=True)
class _Search:
    """Cases until no leaf is worth more than ``enough`` at these ``prices`` (T)."""

    pool: Pool
    prices: FloatArray
    without: BoolArray
    enough: float
    cases: list[tuple[int, int, int]] = field(default_factory=list)
    leaves: int = 0

    def tree(self) -> Json:
        answer = self._solve(elastic=False)
        if answer is None:
            self.leaves += 1
            answer = self._solve(elastic=True)
            assert answer is not None
            return {"empty": True, "rule_prices": self._in_whole_numbers(answer)}
        at = self._most_split(answer.columns)
        if answer.value <= self.enough or at is None or self.leaves >= self._limit():
            self.leaves += 1
            return {"rule_prices": self._in_whole_numbers(answer)}
        least = int(np.floor(answer.columns[at])) + 1
        return {
            "group": self._group(at),
            "least": least,
            "fewer": self._case(at, 0, least - 1),
            "others": self._case(at, least, int(self.pool.sizes[at])),
        }

    def _limit(self) -> int:
        return min(_LEAVES, _ENTRIES // len(self.prices))

    def _case(self, at: int, least: int, most: int) -> Json:
        self.cases.append((at, least, most))
        try:
            return self.tree()
        finally:
            self.cases.pop()

    def _group(self, at: int) -> list[str]:
        each = self.pool.types[at]
        return sorted(each.ids if each.kind != "team" else (unit[0] for unit in each.units))

    def _most_split(self, columns: FloatArray) -> int | None:
        apart = np.abs(columns[: len(self.prices)] - np.rint(columns[: len(self.prices)]))
        at = int(apart.argmax())
        return at if apart[at] >= WHOLE else None

    def _solve(self, *, elastic: bool) -> Answer | None:
        """The best split panel of this case; ``elastic``: by how little the rules miss having one."""
        pool, count = self.pool, len(self.prices)
        low, high = rule_bounds(pool)
        idle = [at for at, each in enumerate(pool.quotas) if not binds(each, pool.seats)]
        low[idle], high[idle] = -INFINITY, INFINITY  # a rule without a price in the record must not get one
        base, extra = len(low), len(self.cases)
        matrix = rules(pool) + Matrix(
            np.arange(base, base + extra),
            np.array([at for at, _, _ in self.cases], dtype=np.int64),
            np.ones(extra),
        )
        low = np.append(low, [least for _, least, _ in self.cases])
        high = np.append(high, [most for _, _, most in self.cases])
        bottom = pool.floors.astype(float)
        top = np.where(self.without, 0.0, pool.sizes)
        costs = self.prices
        if elastic:
            slack = np.ones(base + extra)
            matrix += Matrix.diagonal(slack, column=count)
            matrix += Matrix.diagonal(-slack, column=count + len(slack))
            costs = np.concatenate([np.zeros(count), -slack, -slack])
            bottom = np.concatenate([bottom, 0 * slack, 0 * slack])
            top = np.concatenate([top, INFINITY * slack, INFINITY * slack])
        return Program(costs, (bottom, top), matrix, (low, high)).solve()

    def _in_whole_numbers(self, answer: Answer) -> list[int]:
        """Seats first, then the targets that can bind, then the cases."""
        pool = self.pool
        binding = [at for at, each in enumerate(pool.quotas) if binds(each, pool.seats)]
        cases = range(pool.rows + 1, pool.rows + 1 + len(self.cases))
        return [round(answer.duals[at] * FINE) for at in (pool.rows, *binding, *cases)]
