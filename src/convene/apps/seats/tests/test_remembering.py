"""Who was passed over, read from registrations and their movements."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from convene.apps.communities.models import Community
from convene.apps.people.models import Person
from convene.apps.seats import services
from convene.apps.seats.models import Movement, Registration
from convene.apps.seats.remembering import facts_of, remembered
from convene.apps.seats.rules import Kind, State
from convene.apps.workshops.models import Workshop
from tests.makers import make_community, make_person, make_policy, make_workshop

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)
DAY = dt.timedelta(days=1)


@pytest.fixture
def community() -> Community:
    return make_community(steward=make_person("Ada"))


@pytest.fixture
def bo() -> Person:
    return make_person("Bo")


def past(
    community: Community,
    person: Person,
    *states: str,
    days_ago: float = 30,
    kind: str = Kind.DRAW,
    others: str = State.RESERVE,
) -> Workshop:
    """A workshop some days ago in which the person went through `states`, and one other through `others`."""
    workshop = make_workshop(community, days=-days_ago + 1)
    make_policy(workshop, kind=kind, capacity=1)
    walked(workshop, make_person(), [others], days_ago)
    walked(workshop, person, states, days_ago)
    return workshop


def walked(workshop: Workshop, person: Person, states, days_ago: float) -> Registration:
    row = Registration.objects.create(
        workshop=workshop, person=person, state=states[-1], entered_at=NOW - days_ago * DAY
    )
    for before, after in zip(("", *states), states, strict=False):
        Movement.objects.create(
            registration=row, before=before, after=after, at=NOW - days_ago * DAY, reason="asked"
        )
    return row


def times(community: Community, person: Person) -> int:
    return facts_of([person.pk], community.pk, now=NOW)[person.pk].weighed(now=NOW, most_weight=9).times


class TestWhatCounts:
    def test_not_drawn_and_never_offered_counts(self, community, bo) -> None:
        past(community, bo, State.POOLED, State.RESERVE)
        assert times(community, bo) == 1

    def test_leaving_the_reserve_list_afterwards_takes_nothing_away(self, community, bo) -> None:
        past(community, bo, State.POOLED, State.RESERVE, State.WITHDRAWN)
        assert times(community, bo) == 1

    def test_withdrawing_before_the_draw_does_not_count(self, community, bo) -> None:
        past(community, bo, State.POOLED, State.WITHDRAWN)
        assert times(community, bo) == 0

    @pytest.mark.parametrize("after", [State.DECLINED, State.EXPIRED, State.CONFIRMED])
    def test_whoever_was_offered_a_seat_was_not_passed_over(self, community, bo, after) -> None:
        past(community, bo, State.POOLED, State.RESERVE, State.OFFERED, after)
        assert times(community, bo) == 0

    def test_a_waiting_list_never_reached_counts_once_it_has_begun(self, community, bo) -> None:
        past(community, bo, State.WAITLISTED, kind=Kind.FIRST_COME)
        assert times(community, bo) == 1
        soon = make_workshop(community, days=3)
        make_policy(soon, capacity=1)
        walked(soon, bo, [State.WAITLISTED], 1)
        assert times(community, bo) == 1

    def test_leaving_a_waiting_list_does_not_count(self, community, bo) -> None:
        past(community, bo, State.WAITLISTED, State.WITHDRAWN, kind=Kind.FIRST_COME)
        assert times(community, bo) == 0

    def test_asking_after_a_draw_closed_does_not_count(self, community, bo) -> None:
        past(community, bo, State.WAITLISTED)
        assert times(community, bo) == 0

    def test_a_cancelled_workshop_passed_over_nobody_and_seated_nobody(self, community, bo) -> None:
        past(community, bo, State.POOLED, State.RESERVE, days_ago=60)
        gone = past(community, bo, State.POOLED, State.RESERVE, State.VOIDED, days_ago=40)
        seated = past(community, bo, State.OFFERED, State.CONFIRMED, days_ago=20)
        assert times(community, bo) == 0
        Workshop.objects.filter(pk__in=[gone.pk, seated.pk]).update(state=Workshop.State.CANCELLED)
        assert times(community, bo) == 1

    def test_a_declined_request_and_another_community_do_not_count(self, community, bo) -> None:
        past(community, bo, State.NEEDS_APPROVAL, State.DECLINED_BY_APPROVER)
        past(make_community(), bo, State.POOLED, State.RESERVE)
        assert times(community, bo) == 0


class TestASeatStartsAgain:
    def test_a_seat_that_was_kept_where_others_waited(self, community, bo) -> None:
        past(community, bo, State.POOLED, State.RESERVE, days_ago=60)
        past(community, bo, State.POOLED, State.OFFERED, State.CONFIRMED, days_ago=40)
        past(community, bo, State.POOLED, State.RESERVE, days_ago=20)
        assert times(community, bo) == 1

    def test_a_seat_where_nobody_waited_costs_nothing(self, community, bo) -> None:
        past(community, bo, State.POOLED, State.RESERVE, days_ago=60)
        past(community, bo, State.CONFIRMED, days_ago=40, others=State.CONFIRMED)
        assert times(community, bo) == 1

    @pytest.mark.parametrize("end", [State.CANCELLED_EARLY, State.CANCELLED_LATE])
    def test_a_seat_given_back_costs_nothing(self, community, bo, end) -> None:
        past(community, bo, State.POOLED, State.RESERVE, days_ago=60)
        past(community, bo, State.POOLED, State.OFFERED, State.CONFIRMED, end, days_ago=40)
        assert times(community, bo) == 1

    def test_an_offer_declined_costs_nothing(self, community, bo) -> None:
        past(community, bo, State.POOLED, State.RESERVE, days_ago=60)
        past(community, bo, State.POOLED, State.OFFERED, State.DECLINED, days_ago=40)
        assert times(community, bo) == 1

    def test_asked_again_after_a_change_of_time_it_is_still_the_first_yes(self, community, bo) -> None:
        seat = past(community, bo, State.OFFERED, State.CONFIRMED, days_ago=60)
        past(community, bo, State.POOLED, State.RESERVE, days_ago=40)
        row = Registration.objects.get(workshop=seat, person=bo)
        Movement.objects.create(registration=row, after=State.CONFIRMED, at=NOW - 5 * DAY, reason="yes")
        assert times(community, bo) == 1


class TestInADraw:
    def test_the_policy_decides_whether_and_how_much(self, community, bo) -> None:
        for days in (10, 20, 30, 40):
            past(community, bo, State.POOLED, State.RESERVE, days_ago=days)
        policy = make_policy(make_workshop(community), kind=Kind.DRAW, kept_places=1, kept_after=3)
        row = services.request_seat(workshop=policy.workshop, person=bo, actor=bo, now=NOW)
        found = remembered(policy, [row], now=NOW)[row.pk]
        assert (found.weight, found.long, found.traits) == (4.0, True, {"passed-over": "yes"})
        policy.remembers = False
        assert remembered(policy, [row], now=NOW)[row.pk].weight == 1

    def test_the_workshop_itself_is_not_counted(self, community, bo) -> None:
        workshop = past(community, bo, State.POOLED, State.RESERVE)
        row = Registration.objects.get(workshop=workshop, person=bo)
        assert remembered(workshop.seat_policy, [row], now=NOW)[row.pk].weight == 1

    def test_many_people_take_as_many_queries_as_one(self, community) -> None:
        people = [make_person() for _ in range(6)]
        for person in people:
            past(community, person, State.POOLED, State.RESERVE)
        counts = []
        for some in (people[:1], people):
            with CaptureQueriesContext(
                connection,
            ) as seen:
                facts_of([person.pk for person in some], community.pk, now=NOW)
            counts.append(len(seen))
        assert counts == [5, 5]
