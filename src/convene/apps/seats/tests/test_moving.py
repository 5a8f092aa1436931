"""Integrity: one test for each bug that hand-made waiting lists are known for, named by what must hold."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from convene.apps.communities.models import RoleTerm
from convene.apps.people.models import Person
from convene.apps.seats import queries, services
from convene.apps.seats.models import Movement, Offer, Registration, SeatPolicy
from convene.apps.seats.rules import HOLDING, Kind, State, is_legal
from convene.apps.seats.services import PolicyTerms, PoolTerms
from convene.apps.workshops.models import Invitee, Session, Workshop
from convene.foundation.audit.models import AuditEntry
from convene.foundation.errors import NotAllowed, RuleBroken
from tests.makers import make_community, make_member, make_person, make_role, make_session, make_workshop

pytestmark = pytest.mark.django_db

NOW = timezone.now().replace(microsecond=0)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def steward() -> Person:
    return make_person("Ada")


@pytest.fixture
def workshop(steward: Person) -> Workshop:
    return make_workshop(make_community(steward=steward))


def set_terms(workshop: Workshop, steward: Person, **terms: object) -> SeatPolicy:
    terms.setdefault("kind", Kind.FIRST_COME)
    if terms["kind"] != Kind.OPEN:
        terms.setdefault("capacity", 1)
    pools = terms.pop("pools", None)
    return services.set_policy(
        workshop=workshop, terms=PolicyTerms(**terms), pools=pools, actor=steward, now=NOW
    )


def ask(workshop: Workshop, person: Person | None = None, *, now: dt.datetime = NOW, **more) -> Registration:
    person = person or make_person()
    return services.request_seat(workshop=workshop, person=person, actor=person, now=now, **more)


def cancel(registration: Registration, *, now: dt.datetime = NOW) -> Registration:
    return services.cancel(registration=registration, actor=registration.person, now=now)


def confirm(registration: Registration, *, now: dt.datetime = NOW, **more) -> Registration:
    return services.confirm_offer(registration=registration, actor=registration.person, now=now, **more)


def state(registration: Registration) -> str:
    return Registration.objects.get(pk=registration.pk).state


def steps(registration: Registration) -> list[str]:
    return list(registration.movements.values_list("after", flat=True))


def assert_true(workshop: Workshop) -> None:
    """What must hold at every instant."""
    policy = SeatPolicy.objects.get(workshop=workshop)
    held = Registration.objects.filter(workshop=workshop, state__in=HOLDING)
    assert policy.taken == held.count()
    assert policy.capacity is None or policy.taken <= policy.capacity
    for pool in policy.pools.all():
        assert pool.taken == held.filter(pool=pool).count() <= pool.capacity
    confirmed = Registration.objects.filter(workshop=workshop, state=State.CONFIRMED)
    assert set(queries.confirmed_list(workshop)) == set(confirmed)
    for registration in Registration.objects.filter(workshop=workshop):
        before = ""
        for movement in registration.movements.all():
            assert movement.before == before
            assert is_legal(movement.before, movement.after, movement.reason)
            before = movement.after
        assert before == registration.state
        assert (registration.state == State.OFFERED) == registration.offers.filter(answer="").exists()


class TestAsking:
    def test_an_open_workshop_gives_everyone_a_seat(self, workshop: Workshop) -> None:
        assert {ask(workshop).state for _ in range(3)} == {State.CONFIRMED}
        assert_true(workshop)

    def test_first_come_confirms_until_full_and_then_waits_in_order(self, workshop, steward) -> None:
        set_terms(workshop, steward, capacity=2)
        rows = [ask(workshop, now=NOW + n * HOUR) for n in range(4)]
        assert [row.state for row in rows] == ["confirmed", "confirmed", "waitlisted", "waitlisted"]
        assert [queries.place_in_line(row) for row in rows] == [None, None, 1, 2]
        assert steps(rows[0]) == ["submitted", "confirmed"]
        assert_true(workshop)

    def test_asking_again_gives_the_same_registration_and_writes_nothing(self, workshop, steward) -> None:
        set_terms(workshop, steward)
        person = make_person()
        first = ask(workshop, person)
        audits, movements = AuditEntry.objects.count(), Movement.objects.count()
        assert ask(workshop, person) == first
        assert (AuditEntry.objects.count(), Movement.objects.count()) == (audits, movements)

    def test_nobody_gets_two_seats_of_one_workshop(self, workshop, steward) -> None:
        set_terms(workshop, steward, capacity=5)
        person = make_person()
        ask(workshop, person)
        services.register_by_hand(workshop=workshop, person=person, actor=steward, now=NOW)
        services.walk_in(workshop=workshop, person=person, actor=steward, now=NOW)
        assert Registration.objects.filter(workshop=workshop, person=person).count() == 1
        assert_true(workshop)

    def test_two_workshops_at_the_same_hour_are_asked_about(self, workshop, steward) -> None:
        person = make_person()
        other = make_workshop(workshop.community)
        ask(other, person)
        with pytest.raises(RuleBroken) as refusal:
            ask(workshop, person)
        assert (refusal.value.code, refusal.value.field) == ("overlap", "overlap_ok")
        assert ask(workshop, person, overlap_ok=True).state == State.CONFIRMED

    def test_workshops_one_after_the_other_are_no_overlap(self, workshop, steward) -> None:
        person = make_person()
        other = make_workshop(workshop.community)
        ends = workshop.sessions.get().ends_at
        other.sessions.update(starts_at=ends, ends_at=ends + HOUR)
        ask(other, person)
        assert ask(workshop, person).state == State.CONFIRMED

    def test_a_draft_takes_no_requests(self, steward) -> None:
        draft = make_workshop(make_community(steward=steward), state=Workshop.State.DRAFT)
        with pytest.raises(RuleBroken) as refusal:
            ask(draft)
        assert refusal.value.code == "not_published"

    def test_after_the_start_no_seat_is_asked_for(self, workshop) -> None:
        with pytest.raises(RuleBroken) as refusal:
            ask(workshop, now=NOW + dt.timedelta(days=15))
        assert refusal.value.code == "begun"

    def test_a_workshop_for_members_sends_others_to_membership(self, steward) -> None:
        workshop = make_workshop(make_community(steward=steward), audience=Workshop.Audience.MEMBERS)
        with pytest.raises(RuleBroken) as refusal:
            ask(workshop)
        assert refusal.value.code == "members_only"
        assert ask(workshop, make_member(workshop.community)).state == State.CONFIRMED

    def test_by_invitation_only_the_invited_take_a_seat(self, workshop, steward) -> None:
        set_terms(workshop, steward, kind=Kind.INVITATION)
        guest, listed = make_person(), make_person()
        Invitee.objects.create(workshop=workshop, person=guest, state=Invitee.State.INVITED)
        Invitee.objects.create(workshop=workshop, person=listed)
        with pytest.raises(RuleBroken) as refusal:
            ask(workshop, listed)
        assert refusal.value.code == "not_invited"
        assert ask(workshop, guest).state == State.CONFIRMED


class TestWaitingLists:
    def test_who_cancels_is_not_offered_the_seat_they_gave_back(self, workshop, steward) -> None:
        """pretix#1163"""
        set_terms(workshop, steward)
        holder, next_one = ask(workshop), ask(workshop)
        cancel(holder)
        assert state(next_one) == State.OFFERED
        again = ask(workshop, holder.person)
        assert (again.state, again.pk == holder.pk) == (State.WAITLISTED, False)
        assert queries.place_in_line(again) == 1
        services.decline_offer(registration=next_one, actor=next_one.person, now=NOW)
        assert state(again) == State.OFFERED
        assert state(holder) == State.CANCELLED_EARLY
        assert_true(workshop)

    def test_no_offer_is_made_within_the_cut_off(self, workshop, steward) -> None:
        """pretix#1031, mod_booking#937"""
        set_terms(workshop, steward, cutoff_hours=2)
        holder, waiting = ask(workshop), ask(workshop)
        late = workshop.sessions.get().starts_at - 2 * HOUR
        cancel(holder, now=late)
        assert (state(holder), state(waiting)) == (State.CANCELLED_LATE, State.WAITLISTED)
        services.offer_next(policy=workshop.seat_policy, now=late)
        assert Offer.objects.count() == 0
        assert_true(workshop)

    def test_an_offer_made_just_before_the_cut_off_ends_with_it(self, workshop, steward) -> None:
        set_terms(workshop, steward, cutoff_hours=2)
        holder, waiting = ask(workshop), ask(workshop)
        starts = workshop.sessions.get().starts_at
        cancel(holder, now=starts - 3 * HOUR)
        assert waiting.offers.get().expires_at == starts - 2 * HOUR

    def test_the_first_on_the_list_gets_the_first_offer(self, workshop, steward) -> None:
        """pretix#2119"""
        set_terms(workshop, steward)
        holder = ask(workshop)
        rows = [ask(workshop, now=NOW + n * HOUR) for n in range(5)]
        served = []
        cancel(holder)
        for _ in rows:
            offered = Registration.objects.get(state=State.OFFERED)
            served.append(offered)
            services.decline_offer(registration=offered, actor=offered.person, now=NOW)
        assert served == rows

    def test_joining_again_counts_from_joining_this_list(self, workshop, steward) -> None:
        """pretix#1391 and product rule: entered_at is the time of joining THIS list."""
        set_terms(workshop, steward)
        ask(workshop)
        early = ask(workshop, now=NOW)
        other = ask(workshop, now=NOW + HOUR)
        cancel(early, now=NOW + 2 * HOUR)
        again = ask(workshop, early.person, now=NOW + 3 * HOUR)
        assert (queries.place_in_line(other), queries.place_in_line(again)) == (1, 2)

    def test_more_seats_are_offered_to_approved_requests_only(self, workshop, steward) -> None:
        """mod_booking#899"""
        set_terms(workshop, steward, kind=Kind.APPROVAL)
        first, second, third = (ask(workshop, now=NOW + n * HOUR) for n in range(3))
        assert {first.state, second.state, third.state} == {State.NEEDS_APPROVAL}
        for row in (first, third):
            services.approve_request(registration=row, actor=steward, now=NOW + 4 * HOUR)
        assert (state(first), state(third)) == (State.OFFERED, State.WAITLISTED)
        services.change_capacity(workshop=workshop, capacity=5, actor=steward, now=NOW + 5 * HOUR)
        assert (state(second), state(third)) == (State.NEEDS_APPROVAL, State.OFFERED)
        assert_true(workshop)

    def test_who_is_promoted_stands_on_the_door_list(self, workshop, steward) -> None:
        """codebar#1818"""
        set_terms(workshop, steward)
        holder, waiting = ask(workshop), ask(workshop)
        cancel(holder)
        confirm(waiting, warm_up=" A case of ours ")
        assert [row.person for row in queries.confirmed_list(workshop)] == [waiting.person]
        assert Registration.objects.get(pk=waiting.pk).warm_up == "A case of ours"

    def test_confirming_an_offer_asks_about_the_same_hour(self, workshop, steward) -> None:
        """codebar#1313"""
        set_terms(workshop, steward)
        holder, waiting = ask(workshop), ask(workshop)
        other = make_workshop(workshop.community)
        ask(other, waiting.person)
        cancel(holder)
        with pytest.raises(RuleBroken) as refusal:
            confirm(waiting)
        assert refusal.value.code == "overlap"
        assert confirm(waiting, overlap_ok=True).state == State.CONFIRMED

    def test_without_a_waiting_list_a_full_workshop_says_so_with_the_number(self, workshop, steward) -> None:
        set_terms(workshop, steward, capacity=2, waiting_list=False)
        ask(workshop)
        ask(workshop)
        with pytest.raises(RuleBroken) as refusal:
            ask(workshop)
        assert str(refusal.value.public_message) == "All 2 seats are taken, and there is no waiting list."
        assert AuditEntry.objects.filter(name="seats_filled").count() == 1
        assert_true(workshop)

    def test_a_newcomer_never_passes_those_who_wait(self, workshop, steward) -> None:
        set_terms(workshop, steward)
        holder, waiting = ask(workshop), ask(workshop)
        late = workshop.sessions.get().starts_at - HOUR
        cancel(holder, now=late)
        newcomer = ask(workshop, now=late)
        assert (state(waiting), newcomer.state) == (State.WAITLISTED, State.WAITLISTED)

    def test_silence_passes_the_seat_on_and_there_is_no_way_back(self, workshop, steward) -> None:
        """Product rule: no path back from expired to offered but a new request at the end of the list."""
        set_terms(workshop, steward, offer_hours=24)
        holder, silent, third = (
            ask(workshop),
            ask(workshop, now=NOW + HOUR),
            ask(workshop, now=NOW + 2 * HOUR),
        )
        cancel(holder)
        assert services.expire_offers(now=NOW + 23 * HOUR) == 0
        assert services.expire_offers(now=NOW + 24 * HOUR) == 1
        assert (state(silent), state(third)) == (State.EXPIRED, State.OFFERED)
        with pytest.raises(RuleBroken) as refusal:
            confirm(silent, now=NOW + 25 * HOUR)
        assert refusal.value.code == "no_offer"
        again = ask(workshop, silent.person, now=NOW + 25 * HOUR)
        assert (again.pk != silent.pk, again.state) == (True, State.WAITLISTED)
        assert services.expire_offers(now=NOW + 24 * HOUR) == 0
        assert_true(workshop)

    def test_a_yes_after_the_deadline_is_too_late_even_before_the_sweep(self, workshop, steward) -> None:
        set_terms(workshop, steward, offer_hours=24)
        holder, waiting = ask(workshop), ask(workshop)
        cancel(holder)
        with pytest.raises(RuleBroken) as refusal:
            confirm(waiting, now=NOW + 24 * HOUR)
        assert refusal.value.code == "offer_expired"

    def test_capacity_never_goes_below_the_seats_held(self, workshop, steward) -> None:
        set_terms(workshop, steward, capacity=3)
        for _ in range(3):
            ask(workshop)
        with pytest.raises(RuleBroken) as refusal:
            services.change_capacity(workshop=workshop, capacity=2, actor=steward, now=NOW)
        assert (refusal.value.code, refusal.value.params) == ("capacity_below_held", {"held": 3})
        with pytest.raises(RuleBroken):
            set_terms(workshop, steward, capacity=2)
        assert SeatPolicy.objects.get(workshop=workshop).capacity == 3

    def test_more_seats_go_to_all_who_wait_at_once(self, workshop, steward) -> None:
        set_terms(workshop, steward)
        ask(workshop)
        waiting = [ask(workshop) for _ in range(3)]
        services.change_capacity(workshop=workshop, capacity=3, actor=steward, now=NOW)
        assert [state(row) for row in waiting] == ["offered", "offered", "waitlisted"]
        assert_true(workshop)

    def test_a_yes_or_no_pressed_twice_is_one(self, workshop, steward) -> None:
        set_terms(workshop, steward)
        holder, waiting = ask(workshop), ask(workshop)
        cancel(holder)
        cancel(holder)
        confirm(waiting)
        confirm(waiting)
        cancel(waiting)
        cancel(waiting)
        assert steps(waiting) == ["submitted", "waitlisted", "offered", "confirmed", "cancelled_early"]
        assert_true(workshop)


class TestApproval:
    def test_the_approver_or_deputy_decides_and_others_do_not(self, workshop, steward) -> None:
        deputy, stranger = make_person(), make_person()
        set_terms(workshop, steward, kind=Kind.APPROVAL, deputy_id=deputy.pk)
        row = ask(workshop)
        with pytest.raises(NotAllowed):
            services.approve_request(registration=row, actor=stranger, now=NOW)
        services.approve_request(registration=row, actor=deputy, now=NOW)
        assert steps(row) == ["submitted", "needs_approval", "approved", "offered"]

    def test_a_refusal_needs_a_reason_which_the_person_keeps(self, workshop, steward) -> None:
        set_terms(workshop, steward, kind=Kind.APPROVAL)
        row = ask(workshop)
        with pytest.raises(RuleBroken):
            services.decline_request(registration=row, actor=steward, now=NOW, note=" ")
        services.decline_request(registration=row, actor=steward, now=NOW, note="For nurses this time.")
        row.refresh_from_db()
        assert (row.state, row.note) == (State.DECLINED_BY_APPROVER, "For nurses this time.")
        with pytest.raises(RuleBroken) as refusal:
            ask(workshop, row.person)
        assert refusal.value.code == "refused_before"

    def test_approval_in_a_first_come_workshop_confirms_at_once(self, workshop, steward) -> None:
        set_terms(workshop, steward, needs_approval=True)
        row = ask(workshop)
        services.approve_request(registration=row, actor=steward, now=NOW)
        services.approve_request(registration=row, actor=steward, now=NOW)
        assert steps(row) == ["submitted", "needs_approval", "approved", "confirmed"]
        assert_true(workshop)


class TestDoor:
    def test_a_walk_in_is_offered_and_confirmed_in_one_step_of_time(self, workshop, steward) -> None:
        set_terms(workshop, steward)
        row = services.walk_in(workshop=workshop, person=make_person(), actor=steward, now=NOW)
        assert (row.source, steps(row)) == ("door", ["submitted", "offered", "confirmed"])
        assert list(queries.confirmed_list(workshop)) == [row]
        with pytest.raises(RuleBroken) as refusal:
            services.walk_in(workshop=workshop, person=make_person(), actor=steward, now=NOW)
        assert refusal.value.code == "full"
        assert_true(workshop)

    def test_someone_on_the_list_takes_a_free_seat_at_the_door(self, workshop, steward) -> None:
        set_terms(workshop, steward)
        holder, waiting = ask(workshop), ask(workshop)
        late = workshop.sessions.get().starts_at - HOUR
        cancel(holder, now=late)
        row = services.walk_in(workshop=workshop, person=waiting.person, actor=steward, now=late)
        assert (row.pk, row.state) == (waiting.pk, State.CONFIRMED)
        assert_true(workshop)

    def test_only_those_who_work_the_door_let_people_in(self, workshop) -> None:
        helper = make_person()
        with pytest.raises(NotAllowed):
            services.walk_in(workshop=workshop, person=make_person(), actor=helper, now=NOW)
        make_role(workshop.community, helper, RoleTerm.Role.DOOR_HELPER)
        services.walk_in(workshop=workshop, person=make_person(), actor=helper, now=NOW)

    def test_a_steward_writes_down_who_phoned(self, workshop, steward) -> None:
        set_terms(workshop, steward, kind=Kind.APPROVAL)
        rows = [
            services.register_by_hand(workshop=workshop, person=make_person(), actor=steward, now=NOW)
            for _ in range(2)
        ]
        assert [row.state for row in rows] == ["confirmed", "waitlisted"]
        assert {row.source for row in rows} == {"steward"}


class TestChange:
    def test_a_moved_time_opens_the_choice_again_without_harm(self, workshop, steward) -> None:
        set_terms(workshop, steward, capacity=2, late_cancel_hours=10_000)
        going, leaving, waiting = ask(workshop), ask(workshop), ask(workshop)
        changed = NOW + HOUR
        services.reopen_choices(workshop=workshop, now=changed, changed_at=changed)
        assert (state(going), state(leaving), state(waiting)) == ("offered", "offered", "waitlisted")
        confirm(going, now=changed + HOUR)
        cancel(leaving, now=changed + HOUR)
        assert (state(leaving), state(waiting)) == (State.DECLINED, State.OFFERED)
        services.reopen_choices(workshop=workshop, now=changed + 2 * HOUR, changed_at=changed)
        assert state(going) == State.CONFIRMED
        assert_true(workshop)

    def test_a_cancelled_workshop_moves_no_seat_and_then_voids_all(self, workshop, steward) -> None:
        set_terms(workshop, steward)
        holder, waiting = ask(workshop), ask(workshop)
        Workshop.objects.filter(pk=workshop.pk).update(state=Workshop.State.CANCELLED)
        for move in (
            lambda: cancel(holder),
            lambda: ask(workshop),
            lambda: services.walk_in(workshop=workshop, person=make_person(), actor=steward, now=NOW),
            lambda: set_terms(workshop, steward, capacity=3),
        ):
            with pytest.raises(RuleBroken) as refusal:
                move()
            assert refusal.value.code == "workshop_cancelled"
        assert services.void_workshop(workshop=workshop, now=NOW) == 2
        assert services.void_workshop(workshop=workshop, now=NOW) == 0
        assert {state(holder), state(waiting)} == {State.VOIDED}
        payloads = AuditEntry.objects.filter(name="registration_voided").values_list("payload", flat=True)
        assert sorted(payload["held_seat"] for payload in payloads) == [False, True]
        assert_true(workshop)

    def test_offers_of_a_postponed_workshop_wait_for_its_new_time(self, workshop, steward) -> None:
        set_terms(workshop, steward)
        holder, waiting = ask(workshop), ask(workshop)
        cancel(holder)
        Workshop.objects.filter(pk=workshop.pk).update(state=Workshop.State.POSTPONED)
        assert services.expire_offers(now=NOW + 100 * HOUR) == 0
        assert state(waiting) == State.OFFERED

    def test_the_rule_people_asked_under_stays(self, workshop, steward) -> None:
        set_terms(workshop, steward)
        ask(workshop)
        with pytest.raises(RuleBroken) as refusal:
            set_terms(workshop, steward, kind=Kind.DRAW, closes_at=NOW + HOUR)
        assert refusal.value.code == "rule_promised"
        with pytest.raises(RuleBroken):
            set_terms(workshop, steward, needs_approval=True)
        set_terms(workshop, steward, kind=Kind.OPEN)
        assert ask(workshop).state == State.CONFIRMED

    def test_who_leaves_the_site_frees_every_seat(self, workshop, steward) -> None:
        set_terms(workshop, steward)
        holder, waiting = ask(workshop), ask(workshop)
        other = make_workshop(workshop.community)
        second = ask(other, holder.person, overlap_ok=True)
        assert services.person_leaves(person=holder.person, now=NOW) == 2
        assert (state(holder), state(second), state(waiting)) == (
            "cancelled_early",
            "cancelled_early",
            "offered",
        )
        assert_true(workshop)
        assert_true(other)

    def test_the_hour_of_a_second_session_counts_as_overlap(self, workshop) -> None:
        person = make_person()
        other = make_workshop(workshop.community, days=20)
        make_session(other, days=14)
        ask(other, person)
        assert Session.objects.filter(workshop=other).count() == 2
        with pytest.raises(RuleBroken):
            ask(workshop, person)


class TestPools:
    def pools(self) -> list[PoolTerms]:
        return [
            PoolTerms(name="Members", capacity=1, who="members", merges_at=NOW + 24 * HOUR),
            PoolTerms(name="Everyone", capacity=1, who="everyone"),
        ]

    def test_each_pool_has_its_own_count_and_list(self, workshop, steward) -> None:
        """bridge_troll PR#315: one counter shared by two roles"""
        set_terms(workshop, steward, capacity=2, pools=self.pools())
        outsiders = [ask(workshop, now=NOW + n * HOUR) for n in range(2)]
        member = ask(workshop, make_member(workshop.community), now=NOW + 3 * HOUR)
        assert [row.state for row in outsiders] == ["confirmed", "waitlisted"]
        assert (member.state, member.pool.who) == ("confirmed", "members")
        cancel(member, now=NOW + 4 * HOUR)
        assert state(outsiders[1]) == State.WAITLISTED
        assert_true(workshop)

    def test_what_is_left_of_a_pool_goes_to_those_who_wait_when_it_merges(self, workshop, steward) -> None:
        """pretix#1391: the earlier waiting list is kept"""
        set_terms(workshop, steward, capacity=2, pools=self.pools())
        rows = [ask(workshop, now=NOW + n * HOUR) for n in range(3)]
        assert services.merge_pools(now=NOW + 23 * HOUR) == 0
        assert services.merge_pools(now=NOW + 24 * HOUR) == 1
        assert [state(row) for row in rows] == ["confirmed", "offered", "waitlisted"]
        assert services.merge_pools(now=NOW + 24 * HOUR) == 0
        assert_true(workshop)

    def test_seats_for_everyone_are_for_members_too_in_the_order_of_joining(self, workshop, steward) -> None:
        set_terms(workshop, steward, capacity=2, pools=self.pools())
        first = ask(workshop)
        community = workshop.community
        in_pool = ask(workshop, make_member(community), now=NOW + HOUR)
        waiting = ask(workshop, make_member(community), now=NOW + 2 * HOUR)
        later = ask(workshop, now=NOW + 3 * HOUR)
        cancel(first)
        assert (state(waiting), state(later)) == ("offered", "waitlisted")
        assert Registration.objects.get(pk=waiting.pk).pool.who == "everyone"
        assert in_pool.state == "confirmed"
        assert_true(workshop)

    def test_a_pool_opens_at_its_time(self, workshop, steward) -> None:
        set_terms(
            workshop,
            steward,
            capacity=1,
            pools=[PoolTerms(name="All", capacity=1, opens_at=NOW + HOUR)],
        )
        with pytest.raises(RuleBroken) as refusal:
            ask(workshop)
        assert refusal.value.code == "pool_not_open"
        assert ask(workshop, now=NOW + HOUR).state == State.CONFIRMED

    def test_pools_add_up_to_all_seats(self, workshop, steward) -> None:
        with pytest.raises(RuleBroken) as refusal:
            set_terms(workshop, steward, capacity=3, pools=self.pools())
        assert refusal.value.code == "pools_do_not_add_up"

    def test_pools_stay_once_people_have_asked(self, workshop, steward) -> None:
        policy = set_terms(workshop, steward, capacity=2, pools=self.pools())
        ask(workshop)
        with pytest.raises(RuleBroken) as refusal:
            set_terms(workshop, steward, capacity=2, pools=[])
        assert refusal.value.code == "pools_promised"
        pool = policy.pools.get(who="members")
        services.change_capacity(workshop=workshop, capacity=3, pool=pool, actor=steward, now=NOW)
        policy.refresh_from_db()
        assert policy.capacity == 4
        assert_true(workshop)
