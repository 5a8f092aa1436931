"""The search: several chains of annealing side by side, each step exchanging people between pairs of tables.

A plan is an array of seats (chains x rounds x tables x seats); an empty seat is a person without traits, so
that moving to an empty seat is an exchange like any other. Cost is a sum over pairs at one table, less over
tables; tables are paired at random, so that all exchanges of one step are independent of each other and
their prices exact. For a pair of tables all seats of one against all of the other are priced in one
expression, and one exchange is chosen with the probabilities of a heat bath (Gumbel's trick). What cannot be
priced that way (languages) decides by Metropolis' rule whether the chosen exchange happens.

Everything hangs on the generator given and on the number of steps; no clock is read.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from convene.engines.grouping.people import BoolArray, FloatArray, IntArray

HARD = 8.0  # a broken rule, to begin with, in units of the spread of differences (`Model.unit`)
HOT, _COLD = 0.5, 0.05  # temperatures, in the same units
_TRIES = 4  # places looked at for a unit that moves
Chains = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CountRule:
    """``members`` (N) count; ``price`` (seats + 1) of that many of them at one table."""

    members: BoolArray
    price: FloatArray


@dataclass(frozen=True, slots=True)
class Model:
    """A grouping in numbers. People are 0 .. count-1; N-count further ones are empty seats.

    ``static`` (N x N) is the price of two sharing a table whatever else happens; ``again`` the price of a
    second meeting within the plan (a third costs twice that). ``unary`` (rounds x N x tables) or None is the
    price of a place, ``hard`` that of a broken rule. ``frozen`` (rounds x N) may not move. ``languages``
    (N x L) or None: who follows what (empty seats: nothing). ``units`` are people who sit together, in every
    round. ``unit`` scales temperatures.
    """

    count: int
    static: FloatArray
    again: float
    unit: float
    hard: float
    counts: tuple[CountRule, ...] = ()
    unary: FloatArray | None = None
    frozen: BoolArray | None = None
    languages: BoolArray | None = None
    units: tuple[tuple[int, ...], ...] = ()
    real: BoolArray = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "real", np.arange(len(self.static)) < self.count)


def anneal(
    model: Model,
    start: Chains,
    steps: int,
    rng: np.random.Generator,
    *,
    open_rounds: IntArray | None = None,
    hot: float = HOT,
) -> Chains:
    """The seats after ``steps`` steps through ``open_rounds`` (default all), from ``hot`` (in units of
    `Model.unit`) to cold. ``start`` is not changed.
    """
    state = _State(model, start.copy())
    rounds = np.arange(start.shape[1]) if open_rounds is None else open_rounds
    cooling = (_COLD / hot) ** (1 / max(steps, 1))
    heat = hot * model.unit
    for step in range(steps):
        round_ = int(rounds[step % len(rounds)])
        state.step(round_, heat, rng, blind=model.languages is not None and step // len(rounds) % 2 == 1)
        if model.units and step % 2 == 0:
            state.move_unit(round_, heat, rng)
        heat *= cooling
    return state.seats


class _State:
    """Chains of plans and the prices that follow from them: ``costs`` (K x N x N) is static + again x how
    often two meet.
    """

    def __init__(self, model: Model, seats: Chains) -> None:
        self.model, self.seats = model, seats
        chains, _, self.tables, self.places = seats.shape
        self.size = len(model.static)
        costs = np.repeat(model.static[None], chains, 0)
        for chain, plan in enumerate(seats):
            for table in plan.reshape(-1, self.places):
                costs[chain][np.ix_(table, table)] += np.float32(model.again)
        costs[:, model.count :, :] = 0
        costs[:, :, model.count :] = 0
        costs[:, np.arange(self.size), np.arange(self.size)] = 0
        self.flat = costs.reshape(-1)
        self.chains = chains
        self.pairs = self.tables // 2
        self.rows = self.seats.reshape(-1, self.places)  # a view: every table of every round and chain
        self.first = np.arange(chains) * seats.shape[1] * self.tables
        self.offset = np.repeat(np.arange(chains) * self.size**2, self.pairs)
        self.all = np.arange(chains * self.pairs)
        self.has_empty = self.size > model.count

    def step(self, round_: int, heat: float, rng: np.random.Generator, *, blind: bool) -> None:
        """One exchange or none between the tables of each of many pairs. ``blind``: proposed without regard
        to prices, so that rules the heat bath does not see can be reached.
        """
        if not self.pairs:
            return
        mixed = rng.random((self.chains, self.tables)).argsort(1)[:, : 2 * self.pairs]
        rows = (mixed + self.first[:, None] + round_ * self.tables).reshape(self.chains, 2, self.pairs)
        rows = rows.transpose(1, 0, 2).reshape(2, -1)
        both = self.rows[rows]
        one, other = rows % self.tables
        prices = self._prices(round_, both, one, other)
        flat = prices.reshape(len(one), -1)
        noise = rng.standard_exponential(flat.shape, dtype=np.float32)
        np.log(np.maximum(noise, np.float32(1e-30), out=noise), out=noise)
        if blind:
            noise[flat >= _NEVER] = np.inf
            chosen = noise.argmin(1)
        else:
            noise *= np.float32(heat)
            noise += flat
            chosen = noise.argmin(1)
        at, to = np.divmod(chosen, self.places)
        taken = self._taken(both, flat, noise, chosen, heat, rng, blind=blind)
        which = np.flatnonzero(taken)
        if len(which):
            self._exchange(which, rows[:, which], both[:, which], at[which], to[which])

    def _taken(
        self,
        both: IntArray,
        flat: FloatArray,
        noise: FloatArray,
        chosen: IntArray,
        heat: float,
        rng: np.random.Generator,
        *,
        blind: bool,
    ) -> BoolArray:
        """Which of the chosen exchanges happen: nothing at all is one of the choices of the heat bath."""
        count = len(chosen)
        threshold = heat * np.log(np.maximum(rng.standard_exponential(count), 1e-30))
        at, to = np.divmod(chosen, self.places)
        if blind:
            price = flat[self.all, chosen]
            taken = price + self._misheard(both, at, to) < heat * rng.standard_exponential(count)
            return np.asarray(taken & (price < _NEVER))
        taken = noise[self.all, chosen] < threshold
        if self.model.languages is not None and taken.any():
            which = np.flatnonzero(taken)
            more = self._misheard(both[:, which], at[which], to[which])
            taken[which] = more <= heat * rng.standard_exponential(len(which))
        return np.asarray(taken)

    def _prices(self, round_: int, both: IntArray, one: IntArray, other: IntArray) -> FloatArray:
        """(Q x seats x seats) what exchanging each seat of the first with each of the second table costs."""
        model, again = self.model, np.float32(self.model.again)
        here, there = both
        index = both * self.size + self.offset[:, None]
        across = self.flat[index[0][:, :, None] + there[:, None, :]]
        at_home, at_theirs = self.flat[index[..., None] + both[:, :, None, :]].sum(3)
        if self.has_empty:
            seated, theirs = model.real[here], model.real[there]
            many, more = seated.sum(1)[:, None], theirs.sum(1)[:, None]
            leave = across.sum(2) - at_home + again * seated * (many - 1)
            come = across.sum(1) - at_theirs + again * theirs * (more - 1)
        else:
            leave = across.sum(2) - at_home + again * (self.places - 1)
            come = across.sum(1) - at_theirs + again * (self.places - 1)
        prices = leave[:, :, None] + come[:, None, :]
        prices -= 2 * across
        if self.has_empty:
            self._keep_even(prices, seated, theirs, many, more)
        if model.unary is not None:
            unary = model.unary[round_]
            prices += (unary[here, other[:, None]] - unary[here, one[:, None]])[:, :, None]
            prices += (unary[there, one[:, None]] - unary[there, other[:, None]])[:, None, :]
        for rule in model.counts:
            _count(prices, rule, here, there)
        if model.frozen is not None:
            stays = model.frozen[round_]
            prices[stays[here][:, :, None] | stays[there][:, None, :]] = _NEVER
        return np.asarray(prices, dtype=np.float32)

    @staticmethod
    def _keep_even(
        prices: FloatArray, seated: BoolArray, theirs: BoolArray, many: IntArray, more: IntArray
    ) -> None:
        """Moving to an empty seat must not make tables less even; two empty seats have no exchange."""
        goes = seated[:, :, None] & ~theirs[:, None, :] & (more >= many)[:, :, None]
        comes = ~seated[:, :, None] & theirs[:, None, :] & (many >= more)[:, :, None]
        prices[goes | comes | (~seated[:, :, None] & ~theirs[:, None, :])] = _NEVER

    def _exchange(self, which: IntArray, rows: IntArray, both: IntArray, at: IntArray, to: IntArray) -> None:
        """Each of these pairs of tables exchanges one person, and who met whom is counted again."""
        pairs = np.arange(len(which))
        goes, comes = both[0, pairs, at], both[1, pairs, to]
        who = np.stack([goes, comes])
        step = np.float32(self.model.again) * (
            self.model.real[who][:, None, :, None]
            & self.model.real[both][None]
            & (both[None] != who[:, None, :, None])
        )
        step[0, 0] *= -1  # who goes leaves the first table, who comes the second
        step[1, 1] *= -1
        step[0, 1, pairs, to] = 0  # the two who change places do not meet
        step[1, 0, pairs, at] = 0
        offset = self.offset[which][:, None]
        self.flat[(who * self.size)[:, None, :, None] + (both + offset)[None]] += step
        self.flat[(both * self.size + offset)[None] + who[:, None, :, None]] += step
        self.rows[rows[0], at], self.rows[rows[1], to] = comes, goes

    def _misheard(self, both: IntArray, at: IntArray, to: IntArray) -> FloatArray:
        """How much dearer languages become by each exchange."""
        rows = np.arange(len(at))
        before = self._unheard(both[0]) + self._unheard(both[1])
        after = both.copy()
        after[0, rows, at], after[1, rows, to] = both[1, rows, to], both[0, rows, at]
        change = self._unheard(after[0]) + self._unheard(after[1]) - before
        return np.asarray(change * self.model.hard, dtype=np.float32)

    def _unheard(self, tables: IntArray) -> IntArray:
        assert self.model.languages is not None
        return unheard(self.model.languages[tables])

    def move_unit(self, round_: int, heat: float, rng: np.random.Generator) -> None:
        """In one chain, a unit changes places with as many people of another table, or does not."""
        chain = int(rng.integers(self.chains))
        unit = np.array(self.model.units[int(rng.integers(len(self.model.units)))])
        plan = self.seats[chain, round_]
        home = np.flatnonzero((plan == unit[0]).any(1))
        if not len(home) or (self.model.frozen is not None and self._pinned(round_, unit)):
            return
        away = int(rng.integers(self.tables - 1))
        away += away >= home[0]
        best: tuple[float, IntArray] | None = None
        for _ in range(_TRIES):
            seats = self._free_seats(round_, plan[away], len(unit), rng)
            if seats is None:
                return
            trial = plan.copy()
            mine = np.flatnonzero(np.isin(trial[home[0]], unit))
            trial[home[0], mine], trial[away, seats] = plan[away, seats], plan[home[0], mine]
            change = self._price_of(chain, round_, plan, trial, (int(home[0]), away))
            if best is None or change < best[0]:
                best = change, trial
        if best is not None and best[0] < heat * rng.standard_exponential():
            self._replace(chain, round_, best[1], (int(home[0]), away))

    def _pinned(self, round_: int, unit: IntArray) -> bool:
        return self.model.unary is not None and bool((self.model.unary[round_][unit] >= _PIN).any())

    def _free_seats(
        self, round_: int, table: IntArray, count: int, rng: np.random.Generator
    ) -> IntArray | None:
        stays = np.zeros(len(table), dtype=bool)
        if self.model.frozen is not None:
            stays = self.model.frozen[round_][table]
        own = np.flatnonzero(~stays & self.model.real[table])
        if len(own) >= count:
            return rng.permutation(own)[:count]
        return None

    def _price_of(
        self, chain: int, round_: int, plan: IntArray, trial: IntArray, tables: tuple[int, int]
    ) -> float:
        """The exact difference of two seatings of one round that differ at two tables."""
        again, total = self.model.again, 0.0
        costs = self._costs(chain)
        sits = np.empty(self.size, dtype=np.int64)
        sits[plan] = np.arange(self.tables)[:, None]
        for table in tables:
            for people, sign in ((trial[table], 1), (plan[table], -1)):
                real = people[self.model.real[people]]
                # costs count this round's meetings: taken out for those who sit together now
                together = sits[real][:, None] == sits[real][None, :]
                np.fill_diagonal(together, val=False)
                total += sign * float((costs[np.ix_(real, real)] - again * together).sum()) / 2
                total += sign * self._table_price(round_, table, people)
        return total

    def _costs(self, chain: int) -> FloatArray:
        return self.flat[chain * self.size**2 : (chain + 1) * self.size**2].reshape(self.size, self.size)

    def _table_price(self, round_: int, table: int, people: IntArray) -> float:
        model, price = self.model, 0.0
        if model.unary is not None:
            price += float(model.unary[round_][people, table].sum())
        price += sum(float(rule.price[rule.members[people].sum()]) for rule in model.counts)
        if model.languages is not None:
            price += float(unheard(model.languages[people][None])[0]) * model.hard
        return price

    def _replace(self, chain: int, round_: int, trial: IntArray, tables: tuple[int, int]) -> None:
        costs = self._costs(chain)
        for plan, sign in ((self.seats[chain, round_], -1), (trial, 1)):
            for table in tables:
                people = plan[table][self.model.real[plan[table]]]
                block = np.full((len(people), len(people)), sign * self.model.again, dtype=np.float32)
                np.fill_diagonal(block, 0)
                costs[np.ix_(people, people)] += block
        self.seats[chain, round_] = trial


_NEVER = np.float32(1e9)
_PIN = np.float32(1e6)


def _count(prices: FloatArray, rule: CountRule, here: IntArray, there: IntArray) -> None:
    ours, theirs = rule.members[here], rule.members[there]
    many, more = ours.sum(1), theirs.sum(1)
    now = rule.price[many] + rule.price[more]
    top = len(rule.price) - 1
    gives = rule.price[np.maximum(many - 1, 0)] + rule.price[np.minimum(more + 1, top)] - now
    takes = rule.price[np.minimum(many + 1, top)] + rule.price[np.maximum(more - 1, 0)] - now
    prices += gives[:, None, None] * (ours[:, :, None] & ~theirs[:, None, :])
    prices += takes[:, None, None] * (~ours[:, :, None] & theirs[:, None, :])


def unheard(follows: BoolArray) -> IntArray:
    """(Q) from (Q x seats x L): how many cannot follow their table, in the language that serves it best,
    counting as served whoever has someone beside who follows both that language and one of theirs. Who
    follows nothing at all is an empty seat.
    """
    counts = follows.astype(np.int64)
    shared = np.einsum("qsl,qsm->qlm", counts, counts) > 0  # somebody there follows l and m
    helped = np.einsum("qsl,qlm->qsm", counts, shared.astype(np.int64)) > 0
    return np.asarray((follows.any(2).sum(1)[:, None] - helped.sum(1)).min(1))
