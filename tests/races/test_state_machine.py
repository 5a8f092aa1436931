"""Whatever is done to a workshop's seats, in whatever order: they are what the book says, and never corrupt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine

from convene.apps.seats import queries, services
from convene.apps.seats.models import Pool, Registration, SeatPolicy
from convene.apps.seats.services import PolicyTerms, PoolTerms
from convene.apps.workshops.models import Session, Workshop
from convene.foundation.errors import RuleBroken
from tests.makers import make_community, make_member, make_person, make_workshop
from tests.races.book import LIVE, Book, Line, Refused
from tests.races.truth import faults

HOUR = dt.timedelta(hours=1)
PEOPLE = 8
WHO = st.integers(0, PEOPLE - 1)


class Seats(RuleBasedStateMachine):
    """Each rule does the same in the book and in the database; then both must agree."""

    @initialize(
        kind=st.sampled_from(["first_come", "approval"]),
        pools=st.sampled_from([{"": 1}, {"": 3}, {"members": 1, "everyone": 2}]),
    )
    def begin(self, kind: str, pools: dict[str, int]) -> None:
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.now = timezone.now().replace(microsecond=0)
        self.steward = make_person("Ada")
        self.workshop = make_workshop(make_community(steward=self.steward), days=4)
        self.people = [make_person() for _ in range(PEOPLE)]
        members = frozenset(range(PEOPLE // 2))
        for index in members:
            make_member(self.workshop.community, self.people[index])
        terms = PolicyTerms(kind=kind, capacity=sum(pools.values()), offer_hours=24, cutoff_hours=3)
        wished = [PoolTerms(name=name, capacity=seats, who=name) for name, seats in pools.items() if name]
        services.set_policy(
            workshop=self.workshop, terms=terms, pools=wished, actor=self.steward, now=self.now
        )
        self.book = Book(
            kind=kind,
            pools=dict(pools),
            members=members,
            start=Session.objects.get(workshop=self.workshop).starts_at,
            now=self.now,
            offer=24 * HOUR,
            cutoff=3 * HOUR,
            late=24 * HOUR,
        )

    def teardown(self) -> None:
        if hasattr(self, "outer"):
            transaction.set_rollback(True)
            self.outer.__exit__(None, None, None)

    # --- helpers ---

    def rows(self) -> list[Registration]:
        return list(
            Registration.objects.filter(workshop=self.workshop)
            .select_related("person", "pool")
            .order_by("created_at")
        )

    def both(self, in_book: Callable[[], object], in_database: Callable[[], object]) -> None:
        expected = met = None
        try:
            in_book()
        except Refused as refusal:
            expected = str(refusal)
        try:
            with transaction.atomic():
                in_database()
        except RuleBroken as refusal:
            met = refusal.code
        assert met == expected

    def one(self, who: int) -> tuple[Line, Registration] | None:
        """The person's newest registration, in both."""
        line = self.book.latest(who)
        if line is None:
            return None
        own = [row for row in self.rows() if row.person_id == self.people[who].pk]
        return line, own[-1]

    # --- what people do ---

    @rule(who=WHO)
    def ask(self, who: int) -> None:
        person = self.people[who]
        self.both(
            lambda: self.book.ask(who),
            lambda: services.request_seat(workshop=self.workshop, person=person, actor=person, now=self.now),
        )

    @rule(who=WHO)
    def by_hand(self, who: int) -> None:
        person = self.people[who]
        self.both(
            lambda: self.book.by_hand(who),
            lambda: services.register_by_hand(
                workshop=self.workshop, person=person, actor=self.steward, now=self.now
            ),
        )

    @rule(who=WHO)
    def walk_in(self, who: int) -> None:
        person = self.people[who]
        self.both(
            lambda: self.book.walk_in(who),
            lambda: services.walk_in(workshop=self.workshop, person=person, actor=self.steward, now=self.now),
        )

    @rule(who=WHO)
    def approve(self, who: int) -> None:
        if found := self.one(who):
            line, row = found
            self.both(
                lambda: self.book.approve(line),
                lambda: services.approve_request(registration=row, actor=self.steward, now=self.now),
            )

    @rule(who=WHO)
    def refuse(self, who: int) -> None:
        if found := self.one(who):
            line, row = found
            self.both(
                lambda: self.book.refuse(line),
                lambda: services.decline_request(
                    registration=row, actor=self.steward, now=self.now, note="Not this time."
                ),
            )

    @rule(who=WHO)
    def say_yes(self, who: int) -> None:
        if found := self.one(who):
            line, row = found
            self.both(
                lambda: self.book.say_yes(line),
                lambda: services.confirm_offer(registration=row, actor=row.person, now=self.now),
            )

    @rule(who=WHO)
    def say_no(self, who: int) -> None:
        if found := self.one(who):
            line, row = found
            self.both(
                lambda: self.book.say_no(line),
                lambda: services.decline_offer(registration=row, actor=row.person, now=self.now),
            )

    @rule(who=WHO)
    def end(self, who: int) -> None:
        if found := self.one(who):
            line, row = found
            self.both(
                lambda: self.book.end(line),
                lambda: services.cancel(registration=row, actor=row.person, now=self.now),
            )

    @rule(who=WHO)
    def leave_the_site(self, who: int) -> None:
        line = self.book.live(who)
        if line is not None and (self.book.cancelled or self.now >= self.book.start):
            return  # what the book says of these is not interesting here; see test_moving
        if line is not None:
            self.book.end(line)
        services.person_leaves(person=self.people[who], now=self.now)

    # --- what stewards and time do ---

    @rule(hours=st.sampled_from([1, 5, 23, 24, 40]))
    def time_passes(self, hours: int) -> None:
        self.now += hours * HOUR
        self.book.now = self.now

    @rule()
    def sweep(self) -> None:
        self.both(self.book.sweep, lambda: services.expire_offers(now=self.now))

    @rule()
    def offer_next(self) -> None:
        policy = SeatPolicy.objects.get(workshop=self.workshop)
        self.both(self.book._pass_on, lambda: services.offer_next(policy=policy, now=self.now))

    @rule(seats=st.integers(1, 5), which=st.integers(0, 1))
    def resize(self, seats: int, which: int) -> None:
        name = list(self.book.pools)[which % len(self.book.pools)]
        pool = Pool.objects.get(policy__workshop=self.workshop, merged=False, who=name) if name else None
        self.both(
            lambda: self.book.resize(name, seats),
            lambda: services.change_capacity(
                workshop=self.workshop, capacity=seats, actor=self.steward, now=self.now, pool=pool
            ),
        )

    @precondition(lambda self: "members" in self.book.pools)
    @rule()
    def merge(self) -> None:
        Pool.objects.filter(policy__workshop=self.workshop, who="members").update(merges_at=self.now)
        self.both(self.book.merge, lambda: services.merge_pools(now=self.now))

    @precondition(lambda self: not self.book.cancelled)
    @rule(hours=st.sampled_from([2, 30, 100]))
    def move_time(self, hours: int) -> None:
        to = self.now + hours * HOUR
        self.workshop.sessions.update(starts_at=to, ends_at=to + HOUR)
        self.both(
            lambda: self.book.move_time(to),
            lambda: services.reopen_choices(workshop=self.workshop, now=self.now, changed_at=self.now),
        )

    @rule(die=st.integers(0, 9))
    def cancel_workshop(self, die: int) -> None:
        if die == 0:
            Workshop.objects.filter(pk=self.workshop.pk).update(state=Workshop.State.CANCELLED)
            self.book.cancelled = True

    @rule()
    def void(self) -> None:
        self.both(self.book.void, lambda: services.void_workshop(workshop=self.workshop, now=self.now))

    # --- what must hold ---

    @invariant()
    def the_book_and_the_rows_agree(self) -> None:
        if not hasattr(self, "book"):
            return
        index = {person.pk: number for number, person in enumerate(self.people)}
        rows = [(index[row.person_id], row.state) for row in self.rows()]
        assert sorted(rows) == sorted((line.who, line.state) for line in self.book.lines)
        pools = {
            index[row.person_id]: row.pool.who if row.pool else "" for row in self.rows() if row.state in LIVE
        }
        assert pools == {line.who: line.pool for line in self.book.lines if line.state in LIVE}
        at_door = {index[row.person_id] for row in queries.confirmed_list(self.workshop)}
        assert at_door == {line.who for line in self.book.lines if line.state == "confirmed"}

    @invariant()
    def no_seat_is_corrupt(self) -> None:
        if hasattr(self, "book"):
            assert faults(self.workshop) == []

    @invariant()
    def everyone_who_waits_is_told_their_true_place(self) -> None:
        if not hasattr(self, "book"):
            return
        index = {person.pk: number for number, person in enumerate(self.people)}
        for row in self.rows():
            if row.state == "waitlisted":
                queue = [line.who for line in self.book.queue(row.pool.who if row.pool else "")]
                assert queries.place_in_line(row) == queue.index(index[row.person_id]) + 1


@pytest.mark.django_db
def test_seats_are_what_the_book_says_whatever_happens() -> None:
    run_machine(
        Seats,
        settings=settings(
            max_examples=40,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
