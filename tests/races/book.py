"""The simple model: a workshop's seats as a person would keep them in a book. No database, no code of ours."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

WAITING = ("waitlisted",)
HOLDING = ("offered", "confirmed")
LIVE = ("needs_approval", "waitlisted", "offered", "confirmed")


@dataclass
class Line:
    """One registration."""

    who: int
    state: str
    pool: str
    since: dt.datetime
    until: dt.datetime | None = None
    approved: bool = False


class Refused(Exception):
    """With the code of the rule."""


@dataclass
class Book:
    kind: str
    pools: dict[str, int]
    """Seats by pool; one pool "" when there are none."""
    members: frozenset[int]
    start: dt.datetime
    now: dt.datetime
    offer: dt.timedelta
    cutoff: dt.timedelta
    late: dt.timedelta
    cancelled: bool = False
    lines: list[Line] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)

    # --- reading ---

    def live(self, who: int) -> Line | None:
        return next((line for line in self.lines if line.who == who and line.state in LIVE), None)

    def latest(self, who: int) -> Line | None:
        own = [line for line in self.lines if line.who == who]
        return own[-1] if own else None

    def held(self, pool: str) -> int:
        return sum(line.state in HOLDING and line.pool == pool for line in self.lines)

    def free(self, pool: str) -> bool:
        return self.held(pool) < self.pools[pool]

    def queue(self, pool: str) -> list[Line]:
        rows = [line for line in self.lines if line.state in WAITING]
        if pool not in {"", "everyone"}:
            rows = [line for line in rows if line.pool == pool]
        return sorted(rows, key=lambda line: (line.since, self.lines.index(line)))

    @property
    def offering(self) -> bool:
        return not self.cancelled and self.now < self.start - self.cutoff

    @property
    def deadline(self) -> dt.datetime:
        return min(self.now + self.offer, self.start - self.cutoff)

    def _alive(self) -> None:
        if self.cancelled:
            raise Refused("workshop_cancelled")

    def _before_start(self) -> None:
        if self.now >= self.start:
            raise Refused("begun")

    # --- moving ---

    def _pass_on(self) -> None:
        if not self.offering:
            return
        for pool in self.pools:
            for line in self.queue(pool):
                if self.free(pool):
                    line.state, line.pool, line.until = "offered", pool, self.deadline

    def _best_pool(self, who: int) -> str:
        if list(self.pools) == [""]:
            return ""
        mine = ["members", "everyone"] if who in self.members else ["everyone"]
        mine = [pool for pool in mine if pool in self.pools]
        return min(mine, key=lambda pool: (not self.free(pool), mine.index(pool)))

    def _any_pool(self, who: int) -> str:
        if list(self.pools) == [""]:
            return ""
        names = list(self.pools)
        return min(
            names,
            key=lambda pool: (
                not self.free(pool),
                pool == "members" and who not in self.members,
                names.index(pool),
            ),
        )

    def ask(self, who: int) -> None:
        self._alive()
        if self.live(who):
            return
        self._before_start()
        if who in self.refused:
            raise Refused("refused_before")
        pool = self._best_pool(who)
        if self.kind == "approval":
            self.lines.append(Line(who, "needs_approval", pool, self.now))
        else:
            state = "confirmed" if self.free(pool) and not self.queue(pool) else "waitlisted"
            self.lines.append(Line(who, state, pool, self.now))

    def by_hand(self, who: int) -> None:
        self._alive()
        if self.live(who):
            return
        self._before_start()
        pool = self._any_pool(who)
        state = "confirmed" if self.free(pool) and not self.queue(pool) else "waitlisted"
        self.lines.append(Line(who, state, pool, self.now, approved=True))

    def walk_in(self, who: int) -> None:
        self._alive()
        line = self.live(who)
        if line and line.state in HOLDING:
            line.state = "confirmed"
            return
        pool = self._any_pool(who)
        if not self.free(pool):
            raise Refused("full")
        if line is None:
            self.lines.append(Line(who, "confirmed", pool, self.now, approved=True))
        else:
            line.state, line.pool, line.approved = "confirmed", pool, True

    def approve(self, line: Line) -> None:
        self._alive()
        if line.approved:
            return
        if line.state != "needs_approval":
            raise Refused("not_awaiting")
        self._before_start()
        line.approved, line.since = True, self.now
        if not self.free(line.pool) or self.queue(line.pool):
            line.state = "waitlisted"
        elif self.offering:
            line.state, line.until = "offered", self.deadline
        else:
            line.state = "confirmed"

    def refuse(self, line: Line) -> None:
        self._alive()
        if line.state == "declined_by_approver":
            return
        if line.state != "needs_approval":
            raise Refused("not_awaiting")
        line.state = "declined_by_approver"
        self.refused.add(line.who)

    def say_yes(self, line: Line) -> None:
        if line.state in LIVE:
            self._alive()
        if line.state == "confirmed":
            return
        if line.state != "offered":
            raise Refused("no_offer")
        if line.until and self.now >= line.until:
            raise Refused("offer_expired")
        self._before_start()
        line.state = "confirmed"

    def say_no(self, line: Line) -> None:
        if line.state in LIVE:
            self._alive()
        if line.state in {"declined", "expired"}:
            return
        if line.state != "offered":
            raise Refused("no_offer")
        line.state = "declined"
        self._pass_on()

    def end(self, line: Line) -> None:
        if line.state not in LIVE:
            return
        self._alive()
        if line.state in HOLDING:
            self._before_start()
        if line.state == "confirmed":
            late = self.now > self.start - self.late
            line.state = "cancelled_late" if late else "cancelled_early"
        else:
            line.state = "declined" if line.state == "offered" else "withdrawn"
        self._pass_on()

    def sweep(self) -> None:
        if self.cancelled:
            return
        due = [
            line for line in self.lines if line.state == "offered" and line.until and line.until <= self.now
        ]
        for line in due:
            line.state = "expired"
        if due:
            self._pass_on()

    def resize(self, pool: str, seats: int) -> None:
        self._alive()
        total = sum(self.pools.values()) - self.pools[pool] + seats
        if sum(self.held(name) for name in self.pools) > total:
            raise Refused("capacity_below_held")
        if self.held(pool) > seats:
            raise Refused("pool_below_held")
        self.pools[pool] = seats
        self._pass_on()

    def merge(self) -> None:
        if self.cancelled or "members" not in self.pools:
            return
        self.pools = {"everyone": self.pools["everyone"] + self.pools["members"]}
        for line in self.lines:
            line.pool = "everyone"
        self._pass_on()

    def move_time(self, to: dt.datetime) -> None:
        self.start = to
        if not self.offering:
            return
        for line in self.lines:
            if line.state in HOLDING:
                line.state, line.until = "offered", self.deadline
        self._pass_on()

    def void(self) -> None:
        if not self.cancelled:
            return
        for line in self.lines:
            if line.state in LIVE:
                line.state = "voided"
