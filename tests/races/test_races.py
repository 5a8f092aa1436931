"""Seats in the same instant, on a SQLite file and (--postgres) on PostgreSQL.

Each race has a twin that takes the guard away and shows that the race is then lost: so the test would notice.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from django.db import DatabaseError
from django.utils import timezone

from convene.apps.people.models import Person
from convene.apps.seats import services
from convene.apps.seats.models import Pool, Registration, SeatPolicy
from convene.apps.seats.rules import State
from convene.apps.seats.services import PolicyTerms, answers, changes, claims, gate, moves, policies
from convene.apps.workshops.models import Workshop
from tests.makers import make_community, make_person, make_workshop
from tests.races.together import local, together
from tests.races.truth import assert_true, faults

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def steward() -> Person:
    return make_person("Ada")


@pytest.fixture
def workshop(steward: Person) -> Workshop:
    made = make_workshop(make_community(steward=steward))
    set_seats(made, steward, 1)
    return made


def set_seats(workshop: Workshop, steward: Person, capacity: int) -> None:
    terms = PolicyTerms(kind="first_come", capacity=capacity)
    services.set_policy(workshop=workshop, terms=terms, actor=steward, now=timezone.now())


def ask(workshop: Workshop, person: Person | None = None) -> Registration:
    person = person or make_person()
    return services.request_seat(workshop=workshop, person=person, actor=person, now=timezone.now())


def offered(workshop: Workshop) -> Registration:
    """Someone with an open offer; two more wait."""
    holder, waiting = ask(workshop), ask(workshop)
    ask(workshop)
    ask(workshop)
    services.cancel(registration=holder, actor=holder.person, now=timezone.now())
    return Registration.objects.select_related("person").get(pk=waiting.pk)


# --- the guards, taken away -------------------------------------------------


def careless_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """No lock: the policy as it is in passing."""

    def glance(workshop_id, *, now):
        policy = SeatPolicy.objects.select_related("workshop__community").get(workshop_id=workshop_id)
        return gate.Gate(policy, now)

    for module in (services.requests, answers, changes, policies, services.offers, services.decisions):
        monkeypatch.setattr(module, "lock", glance)


def careless_take(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the count, then write one more: as programs do that have no conditional UPDATE."""
    careless_lock(monkeypatch)

    def take(policy, pool_id, count=1):
        if local.taken + count > local.capacity:
            return False
        SeatPolicy.objects.filter(pk=policy.pk).update(taken=local.taken + count)
        return True

    monkeypatch.setattr(claims, "take", take)


def careless_moves(monkeypatch: pytest.MonkeyPatch, stale: Registration) -> None:
    """Act on the state that was on the screen, and write without asking whether it still holds."""
    careless_lock(monkeypatch)

    def walk(registration, path, *, gate, actor, **changed):
        before = registration.state
        registration.state = path[-1][0]
        Registration.objects.filter(pk=registration.pk).update(state=registration.state, **changed)
        moves._write_down(registration, before, path, actor=actor, at=gate.now)

    monkeypatch.setattr(answers, "walk", walk)
    monkeypatch.setattr(answers, "fresh", lambda _registration: stale)


# --- the last seat ----------------------------------------------------------


def ask_for_the_last_seat(workshop: Workshop, before=None) -> list[object]:
    people = [make_person() for _ in range(20)]
    calls = [lambda person=person: ask(workshop, person).state for person in people]
    return together(calls, before=before)


def test_of_20_who_ask_for_the_last_seat_in_the_same_instant_one_gets_it(workshop) -> None:
    states = ask_for_the_last_seat(workshop)
    assert Counter(states) == {State.CONFIRMED: 1, State.WAITLISTED: 19}
    assert_true(workshop)


def test_twin_without_the_guard_the_last_seat_is_sold_many_times(workshop, monkeypatch) -> None:
    careless_take(monkeypatch)

    def look() -> None:
        policy = SeatPolicy.objects.get(workshop=workshop)
        local.taken, local.capacity = policy.taken, policy.capacity

    states = ask_for_the_last_seat(workshop, before=look)
    assert Counter(states)[State.CONFIRMED] > 1
    assert faults(workshop) != []


def test_a_double_press_in_the_same_instant_is_one_registration(workshop) -> None:
    person = make_person()
    answers_ = together([lambda: ask(workshop, person).pk] * 8)
    assert len(set(answers_)) == 1
    assert_true(workshop)


def test_one_person_in_two_workshops_of_one_hour_is_asked_even_in_the_same_instant(workshop, steward) -> None:
    other = make_workshop(workshop.community)
    person = make_person()
    results = together([lambda: ask(workshop, person).state, lambda: ask(other, person).state])
    assert sorted(results) == [State.CONFIRMED, "overlap"]


# --- yes and the deadline ---------------------------------------------------


def confirm(registration: Registration) -> str:
    done = services.confirm_offer(registration=registration, actor=registration.person, now=timezone.now())
    return done.state


def test_a_yes_at_the_deadline_is_either_in_time_or_too_late_and_never_both(workshop) -> None:
    waiting = offered(workshop)
    later = waiting.offers.get(answer="").expires_at
    results = together(
        [lambda: confirm(waiting)] * 4 + [lambda: services.expire_offers(now=later)] * 4,
    )
    waiting.refresh_from_db()
    errors = [result for result in results if isinstance(result, Exception)]
    assert errors == []
    assert waiting.state in {State.CONFIRMED, State.EXPIRED}
    if waiting.state == State.CONFIRMED:
        assert sum(result for result in results if isinstance(result, int)) == 0
    else:
        assert set(results[:4]) == {"no_offer"}
    assert_true(workshop)


def test_twin_without_the_guard_an_expired_offer_is_confirmed_all_the_same(workshop, monkeypatch) -> None:
    stale = offered(workshop)
    careless_moves(monkeypatch, stale)
    (expired,) = together([lambda: services.expire_offers(now=stale.offers.get(answer="").expires_at)])
    assert expired == 1
    monkeypatch.setattr(answers.rules, "check_answerable", lambda **_facts: None)
    confirm(stale)
    assert faults(workshop) != []


# --- giving back and passing on ---------------------------------------------


def give_back(registration: Registration) -> str:
    done = services.cancel(registration=registration, actor=registration.person, now=timezone.now())
    return done.state


def test_a_seat_given_back_many_times_at_once_is_offered_to_one(workshop) -> None:
    holder = ask(workshop)
    rows = [ask(workshop) for _ in range(5)]
    policy = SeatPolicy.objects.get(workshop=workshop)
    offer = lambda: services.offer_next(policy=policy, now=timezone.now())  # noqa: E731 - beside its use
    results = together([lambda: give_back(holder)] * 5 + [offer] * 5)
    assert [result for result in results if isinstance(result, Exception)] == []
    states = [Registration.objects.get(pk=row.pk).state for row in rows]
    assert Counter(states) == {State.OFFERED: 1, State.WAITLISTED: 4}
    assert states[0] == State.OFFERED
    assert_true(workshop)


def test_twin_without_the_guard_one_seat_is_given_back_twice(workshop, steward, monkeypatch) -> None:
    set_seats(workshop, steward, 2)
    stale = ask(workshop)
    for _ in range(4):
        ask(workshop)
    copy = Registration.objects.select_related("person").get(pk=stale.pk)
    give_back(stale)
    careless_moves(monkeypatch, copy)
    give_back(copy)
    assert faults(workshop) != []


def test_a_cancellation_and_a_yes_leave_no_seat_empty_and_none_double(workshop) -> None:
    waiting = offered(workshop)
    results = together([lambda: confirm(waiting), lambda: give_back(waiting)] * 3)
    assert [result for result in results if isinstance(result, Exception)] == []
    held = Registration.objects.filter(workshop=workshop, state__in=("offered", "confirmed")).count()
    assert held == 1
    assert_true(workshop)


# --- fewer seats ------------------------------------------------------------


def lower(workshop: Workshop, steward: Person, to: int) -> int:
    done = services.change_capacity(workshop=workshop, capacity=to, actor=steward, now=timezone.now())
    return done.capacity or 0


def test_seats_taken_away_and_asked_for_in_the_same_instant(workshop, steward) -> None:
    set_seats(workshop, steward, 10)
    for _ in range(5):
        ask(workshop)
    people = [make_person() for _ in range(6)]
    asking = [lambda person=person: ask(workshop, person).state for person in people]
    lowering = [lambda: lower(workshop, steward, 6), lambda: lower(workshop, steward, 5)]
    results = together(asking + lowering)
    assert [result for result in results if isinstance(result, Exception)] == []
    assert set(results[6:]) <= {5, 6, "capacity_below_held"}
    assert_true(workshop)


def test_twin_without_the_guard_seats_are_taken_away_from_under_people(
    workshop, steward, monkeypatch
) -> None:
    """The CHECK constraint is the last line: it answers with an error page, where the guard gives a reason."""
    set_seats(workshop, steward, 10)
    for _ in range(5):
        ask(workshop)
    seen = SeatPolicy.objects.get(workshop=workshop).taken

    def resize(policy, capacity):
        if seen <= capacity:
            SeatPolicy.objects.filter(pk=policy.pk).update(capacity=capacity)

    ask(workshop)
    careless_lock(monkeypatch)
    monkeypatch.setattr(policies, "_resize", resize)
    with pytest.raises(DatabaseError):
        lower(workshop, steward, 5)


def test_at_the_door_and_by_the_form_the_last_seat_goes_once(workshop, steward) -> None:
    people = [make_person() for _ in range(10)]
    walk = [
        lambda person=person: (
            services.walk_in(workshop=workshop, person=person, actor=steward, now=timezone.now()).state
        )
        for person in people[:5]
    ]
    asking = [lambda person=person: ask(workshop, person).state for person in people[5:]]
    results = together(walk + asking)
    assert Counter(results)[State.CONFIRMED] == 1
    assert_true(workshop)


def test_pools_merge_while_people_ask_for_them(workshop, steward) -> None:
    now = timezone.now()
    terms = PolicyTerms(kind="first_come", capacity=6)
    pools = [
        services.PoolTerms(name="Members", capacity=3, who="members", merges_at=now + HOUR),
        services.PoolTerms(name="Everyone", capacity=3),
    ]
    services.set_policy(workshop=workshop, terms=terms, pools=pools, actor=steward, now=now)
    people = [make_person() for _ in range(8)]
    asking = [lambda person=person: ask(workshop, person).state for person in people]
    merging = [lambda: services.merge_pools(now=now + HOUR)] * 2
    results = together(asking + merging)
    assert [result for result in results if isinstance(result, Exception)] == []
    assert sorted(results[8:]) == [0, 1]
    assert Pool.objects.get(who="everyone").capacity == 6
    assert_true(workshop)
