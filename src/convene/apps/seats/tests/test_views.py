"""Pages: what each person meets, and what no one can."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from convene.apps.communities.models import Feature, Trait, TraitQuestion
from convene.apps.people.models import AccessNeed, Consent, Person
from convene.apps.seats import links, services
from convene.apps.seats.models import Registration, SeatPolicy
from convene.apps.seats.rules import Kind, State
from convene.apps.seats.services import PolicyTerms
from convene.apps.seats.views import asking
from convene.apps.workshops.models import Workshop
from tests.makers import (
    make_community,
    make_feature,
    make_member,
    make_person,
    make_registration,
    make_workshop,
)

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def steward() -> Person:
    return make_person("Ada")


@pytest.fixture
def workshop(steward: Person) -> Workshop:
    return make_workshop(make_community(steward=steward))


@pytest.fixture
def as_steward(client: Client, steward: Person) -> Client:
    client.force_login(steward)
    return client


def terms(workshop: Workshop, steward: Person, **more) -> SeatPolicy:
    more = {"kind": Kind.FIRST_COME, "capacity": 1, **more}
    return services.set_policy(
        workshop=workshop, terms=PolicyTerms(**more), actor=steward, now=timezone.now()
    )


def ask(workshop: Workshop, person: Person | None = None) -> Registration:
    person = person or make_person()
    return services.request_seat(workshop=workshop, person=person, actor=person, now=timezone.now())


OUTSIDER = {"name": "Mina Okafor", "email": "mina@example.org"}


class TestAsking:
    def test_someone_signed_in_asks_with_one_press_and_sees_the_answer(self, client, workshop) -> None:
        person = make_person()
        client.force_login(person)
        page = client.get(reverse("seat_ask", args=[workshop.pk]))
        assert page.status_code == 200
        answer = client.post(reverse("seat_ask", args=[workshop.pk]), follow=True)
        registration = Registration.objects.get(person=person)
        [(path, status)] = answer.redirect_chain
        token = path.rstrip("/").rpartition("/")[2]
        # The link carries the second it was signed in, so one made here may read otherwise.
        assert (status, links.registration_of(token)) == (302, registration)
        assert "Your seat is confirmed." in answer.content.decode()

    def test_an_outsider_asks_with_name_and_mail_and_no_account(self, client, workshop) -> None:
        url = reverse("seat_ask", args=[workshop.pk])
        assert "how seats are given" in client.get(url).content.decode().lower()
        answer = client.post(url, OUTSIDER, follow=True)
        assert "Your seat is confirmed." in answer.content.decode()
        assert Registration.objects.get().person.email == "mina@example.org"

    def test_a_double_submit_is_no_error_and_no_second_registration(self, client, workshop) -> None:
        url = reverse("seat_ask", args=[workshop.pk])
        client.post(url, OUTSIDER)
        again = client.post(url, OUTSIDER, follow=True)
        assert again.status_code == 200
        assert Registration.objects.count() == 1

    def test_who_types_a_known_address_learns_nothing_of_its_owner(self, client, workshop) -> None:
        make_person("Mina", email="mina@example.org")
        answer = client.post(reverse("seat_ask", args=[workshop.pk]), {**OUTSIDER, "access_kind": "captions"})
        assert answer.url == reverse("seat_asked", args=[workshop.pk])
        assert AccessNeed.objects.count() == 0

    def test_what_was_typed_stays_when_something_is_wrong(self, client, workshop) -> None:
        answer = client.post(
            reverse("seat_ask", args=[workshop.pk]), {"name": "Mina", "email": "no", "access_kind": ""}
        )
        assert answer.status_code == 422
        assert 'value="Mina"' in answer.content.decode()

    def test_the_same_hour_is_a_question_with_a_box_to_tick(self, client, workshop) -> None:
        person = make_person()
        ask(make_workshop(workshop.community, title="Hand hygiene"), person)
        client.force_login(person)
        url = reverse("seat_ask", args=[workshop.pk])
        asked = client.post(url)
        assert asked.status_code == 422
        assert "You have a seat in “Hand hygiene” then" in asked.content.decode()
        assert client.post(url, {"overlap_ok": "on"}).status_code == 302

    def test_an_access_need_is_kept_until_a_day_after_the_workshop(self, client, workshop) -> None:
        client.force_login(make_person())
        client.post(
            reverse("seat_ask", args=[workshop.pk]), {"access_kind": "captions", "access_detail": "English"}
        )
        need = AccessNeed.objects.get()
        last = workshop.sessions.get().ends_at.date()
        assert (need.scope_id, need.expires_on) == (workshop.pk, last + dt.timedelta(days=1))

    def test_a_draft_is_not_there(self, client, steward) -> None:
        draft = make_workshop(make_community(steward=steward), state=Workshop.State.DRAFT)
        assert client.get(reverse("seat_ask", args=[draft.pk])).status_code == 404

    @pytest.mark.parametrize("rows", [1, 30])
    def test_a_request_takes_at_most_7_writes_and_12_statements(
        self, client, workshop, steward, rows
    ) -> None:
        terms(workshop, steward, capacity=100)
        for _ in range(rows):
            ask(workshop)
        client.force_login(make_person())
        url = reverse("seat_ask", args=[workshop.pk])
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert client.post(url).status_code == 302
        said = [query["sql"] for query in captured]
        control = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
        statements = [sql for sql in said if not sql.startswith(control)]
        writes = [sql for sql in statements if sql.startswith(("INSERT", "UPDATE", "DELETE"))]
        assert len(writes) <= 7
        assert len(statements) <= 12


class TestKeeping:
    def test_opening_the_link_moves_nothing(self, client, workshop, steward) -> None:
        terms(workshop, steward)
        holder, waiting = ask(workshop), ask(workshop)
        services.cancel(registration=holder, actor=holder.person, now=timezone.now())
        for row in (holder, waiting):
            before = Registration.objects.get(pk=row.pk).state
            assert client.get(links.registration_path(row)).status_code == 200
            assert client.head(links.registration_path(row)).status_code in {200, 405}
            assert Registration.objects.get(pk=row.pk).state == before

    def test_times_are_in_the_persons_zone_else_in_the_browsers(self, client, workshop, steward) -> None:
        terms(workshop, steward, capacity=3)
        client.cookies["zone"] = "Africa/Nairobi"
        chosen, unknown = ask(workshop, make_person(zone="Europe/Dublin")), ask(workshop)
        assert "Dublin time" in client.get(links.registration_path(chosen)).content.decode()
        assert "Nairobi time" in client.get(links.registration_path(unknown)).content.decode()
        client.force_login(chosen.person)
        page = client.get(links.registration_path(chosen)).content.decode()
        assert "Dublin time" in page
        assert "UTC" not in page

    def test_ill_be_there_with_the_warm_up_answer(self, client, workshop, steward) -> None:
        terms(workshop, steward, warm_up="What would make it worth your time?")
        holder, waiting = ask(workshop), ask(workshop)
        services.cancel(registration=holder, actor=holder.person, now=timezone.now())
        path = links.registration_path(waiting)
        assert "What would make it worth your time?" in client.get(path).content.decode()
        client.post(path, {"act": "yes", "warm_up": "A case of our own"})
        waiting.refresh_from_db()
        assert (waiting.state, waiting.warm_up) == (State.CONFIRMED, "A case of our own")

    def test_what_they_said_is_used_for_tables_only_when_ticked_with_the_yes(
        self, client, workshop, steward
    ) -> None:
        terms(workshop, steward, capacity=2)
        holders, waiting = [ask(workshop), ask(workshop)], [ask(workshop), ask(workshop)]
        for holder in holders:
            services.cancel(registration=holder, actor=holder.person, now=timezone.now())
        for registration, ticked in zip(waiting, ({"seating": "on"}, {}), strict=True):
            client.post(links.registration_path(registration), {"act": "yes", **ticked})
        agreed = Consent.objects.filter(purpose="seating").values_list("person_id", flat=True)
        assert list(agreed) == [waiting[0].person_id]

    def test_no_and_give_back_and_leave_the_list_post(self, client, workshop, steward) -> None:
        terms(workshop, steward)
        holder, second, third = ask(workshop), ask(workshop), ask(workshop)
        client.post(links.registration_path(third), {"act": "cancel"})
        client.post(links.registration_path(holder), {"act": "cancel"})
        client.post(links.registration_path(second), {"act": "no"})
        states = [Registration.objects.get(pk=row.pk).state for row in (holder, second, third)]
        assert states == [State.CANCELLED_EARLY, State.DECLINED, State.WITHDRAWN]

    def test_a_yes_too_late_says_so_and_shows_how_it_stands(self, client, workshop, steward) -> None:
        terms(workshop, steward)
        holder, waiting = ask(workshop), ask(workshop)
        services.cancel(registration=holder, actor=holder.person, now=timezone.now())
        waiting.offers.update(expires_at=timezone.now() - HOUR)
        answer = client.post(links.registration_path(waiting), {"act": "yes"})
        assert answer.status_code == 422
        assert "The time to answer has passed" in answer.content.decode()

    def test_the_page_tells_each_step_and_its_reason(self, client, workshop, steward) -> None:
        terms(workshop, steward)
        ask(workshop)
        waiting = ask(workshop)
        page = client.get(links.registration_path(waiting)).content.decode()
        assert "You are number 1 on the waiting list." in page
        assert "All seats were taken; others may have been waiting already." in page

    def test_a_raised_version_or_an_erased_person_ends_the_link(self, client, workshop) -> None:
        row = ask(workshop)
        path = links.registration_path(row)
        Registration.objects.filter(pk=row.pk).update(link_version=1)
        assert client.get(path).status_code == 404
        Registration.objects.filter(pk=row.pk).update(link_version=0)
        assert client.get(path).status_code == 200
        Person.objects.filter(pk=row.person_id).update(erased_at=timezone.now())
        assert client.get(path).status_code == 404
        assert client.get("/r/nonsense/").status_code == 404

    def test_my_seats_lists_only_mine_with_the_same_number_of_queries(
        self, client, workshop, django_assert_num_queries
    ) -> None:
        person = make_person()
        ask(workshop, person)
        make_registration(make_workshop(workshop.community, title="Not mine"))
        client.force_login(person)
        with CaptureQueriesContext(connection) as one:
            page = client.get(reverse("my_seats"))
        assert "Not mine" not in page.content.decode()
        for _ in range(5):
            make_registration(make_workshop(workshop.community), person, state=State.CONFIRMED)
        with django_assert_num_queries(len(one)):
            client.get(reverse("my_seats"))


class TestPlanning:
    def url(self, name: str, workshop: Workshop) -> str:
        return reverse(name, args=[workshop.pk])

    PAGES = ("seat_policy", "registrations", "registration_add")

    @pytest.mark.parametrize("name", PAGES)
    def test_only_stewards_of_the_community_plan_seats(self, client, workshop, name) -> None:
        assert client.get(self.url(name, workshop)).status_code == 302
        other = make_person()
        make_community(steward=other)
        for person in (other, make_member(workshop.community), make_person()):
            client.force_login(person)
            assert client.get(self.url(name, workshop)).status_code == 404
            assert client.post(self.url(name, workshop)).status_code in {404, 405}

    def form(self, **more) -> dict:
        return {
            "kind": "first_come",
            "capacity": "8",
            "minimum": "0",
            "offer_hours": "48",
            "cutoff_hours": "2",
            "late_cancel_hours": "24",
            "pools-TOTAL_FORMS": "0",
            "pools-INITIAL_FORMS": "0",
            **more,
        }

    def test_a_small_community_sees_open_and_first_come_only(self, as_steward, workshop) -> None:
        page = as_steward.get(self.url("seat_policy", workshop)).content.decode()
        assert 'value="first_come"' in page
        assert 'value="draw"' not in page
        assert (
            'value="draw"' in as_steward.get(self.url("seat_policy", workshop) + "?more=1").content.decode()
        )

    def test_a_switched_on_feature_brings_its_kind(self, as_steward, workshop) -> None:
        Feature.objects.create(community=workshop.community, name="draw", on=True, changed_at=timezone.now())
        assert 'value="draw"' in as_steward.get(self.url("seat_policy", workshop)).content.decode()

    def test_saving_sets_the_rule_and_a_preview_does_not(self, as_steward, workshop) -> None:
        url = self.url("seat_policy", workshop)
        seen = as_steward.post(url, self.form(preview="1")).content.decode()
        assert "There are 8 seats." in seen
        assert SeatPolicy.objects.get(workshop=workshop).kind == Kind.OPEN
        assert as_steward.post(url, self.form()).status_code == 302
        policy = SeatPolicy.objects.get(workshop=workshop)
        assert (policy.kind, policy.capacity, policy.waiting_list) == (Kind.FIRST_COME, 8, False)

    def test_a_broken_rule_stands_beside_its_field(self, as_steward, workshop) -> None:
        answer = as_steward.post(self.url("seat_policy", workshop), self.form(capacity=""))
        assert answer.status_code == 422
        assert answer.context["form"].errors == {"capacity": ["Say how many seats there are."]}

    def test_pools_are_set_and_changed(self, as_steward, workshop) -> None:
        url = self.url("seat_policy", workshop) + "?more=1"
        data = self.form(
            **{
                "pools-TOTAL_FORMS": "2",
                "pools-0-name": "Members",
                "pools-0-capacity": "5",
                "pools-0-who": "members",
                "pools-1-name": "Everyone",
                "pools-1-capacity": "3",
                "pools-1-who": "everyone",
            }
        )
        assert as_steward.post(url, data).status_code == 302
        assert list(SeatPolicy.objects.get().pools.values_list("name", "capacity")) == [
            ("Members", 5),
            ("Everyone", 3),
        ]
        assert as_steward.get(self.url("seat_policy", workshop)).status_code == 200

    def test_the_list_finds_and_settles_a_request(self, as_steward, workshop, steward) -> None:
        terms(workshop, steward, kind=Kind.APPROVAL)
        row = ask(workshop, make_person("Zuri"))
        ask(workshop, make_person("Tomas"))
        page = as_steward.get(self.url("registrations", workshop), {"search": "zur"}).content.decode()
        assert ("Zuri" in page, "Tomas" in page) == (True, False)
        settle = reverse("registration_settle", args=[workshop.pk, row.pk])
        assert as_steward.get(settle).status_code == 200
        assert as_steward.post(settle, {"act": "refuse", "note": ""}).status_code == 422
        assert as_steward.post(settle, {"act": "approve"}).status_code == 302
        row.refresh_from_db()
        assert row.state == State.OFFERED

    def test_a_registration_is_settled_only_within_its_workshop(self, as_steward, workshop) -> None:
        elsewhere = ask(make_workshop())
        url = reverse("registration_settle", args=[workshop.pk, elsewhere.pk])
        assert as_steward.post(url, {"act": "end"}).status_code == 404

    def test_writing_someone_down(self, as_steward, workshop) -> None:
        answer = as_steward.post(self.url("registration_add", workshop), OUTSIDER)
        assert answer.status_code == 302
        assert Registration.objects.get().source == "steward"

    def test_the_list_takes_the_same_queries_for_1_and_n(
        self, as_steward, workshop, django_assert_num_queries
    ) -> None:
        make_registration(workshop, state=State.CONFIRMED)
        url = self.url("registrations", workshop)
        as_steward.get(url)
        with CaptureQueriesContext(connection) as one:
            as_steward.get(url)
        for _ in range(20):
            make_registration(workshop, state=State.CONFIRMED)
        with django_assert_num_queries(len(one)):
            as_steward.get(url)


class TestApprovalByMail:
    def test_an_approver_without_account_answers_with_a_button(self, client, workshop, steward) -> None:
        approver, deputy = make_person(), make_person()
        terms(workshop, steward, kind=Kind.APPROVAL, approver_id=approver.pk, deputy_id=deputy.pk)
        row = ask(workshop)
        path = links.approval_path(row, deputy)
        assert client.get(path).status_code == 200
        row.refresh_from_db()
        assert row.state == State.NEEDS_APPROVAL
        assert client.post(path, {"act": "approve"}).status_code == 302
        row.refresh_from_db()
        assert row.state == State.OFFERED
        assert row.movements.last().actor_id == deputy.pk
        assert "This request has its answer." in client.get(path).content.decode()

    def test_who_is_no_longer_the_approver_has_a_dead_link(self, client, workshop, steward) -> None:
        approver = make_person()
        terms(workshop, steward, kind=Kind.APPROVAL, approver_id=approver.pk)
        row = ask(workshop)
        path = links.approval_path(row, approver)
        terms(workshop, steward, kind=Kind.APPROVAL)
        assert client.get(path).status_code == 404


class TestChoosingChance:
    def post(self, client, workshop, **more):
        data = {
            "kind": "draw",
            "capacity": "5",
            "minimum": "0",
            "closes_at": (timezone.now() + dt.timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"),
            "offer_hours": "24",
            "cutoff_hours": "2",
            "late_cancel_hours": "24",
            "chance_minutes": "10",
            "dice_count": "10",
            "dice_sides": "6",
            "reveal_hours": "24",
        }
        make_feature(workshop.community, "draw")
        return client.post(reverse("seat_policy", args=[workshop.pk]), data | more)

    def test_witnesses_and_the_auditor_are_named_by_their_address(self, as_steward, workshop) -> None:
        saved = self.post(
            as_steward,
            workshop,
            chance_source="witnesses",
            witness_emails="eva@example.org\nfinn@example.org, gus@example.org",
            auditor_email="olga@example.org",
        )
        assert saved.status_code == 302
        policy = SeatPolicy.objects.get(workshop=workshop)
        assert policy.auditor.email == "olga@example.org"
        emails = list(policy.witnesses.values_list("person__email", flat=True))
        assert emails == ["eva@example.org", "finn@example.org", "gus@example.org"]
        page = as_steward.get(reverse("seat_policy", args=[workshop.pk])).content.decode()
        assert "eva@example.org\nfinn@example.org\ngus@example.org" in page
        assert "Chance comes from witnesses" in page

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({"chance_source": "witnesses", "witness_emails": "eva@example.org"}, "witness_emails"),
            ({"chance_source": "witnesses", "witness_emails": "eva, finn"}, "witness_emails"),
            ({"chance_source": "dice", "dice_count": "3"}, "dice_count"),
            ({"chance_source": "dice", "dice_sides": "1"}, "dice_sides"),
            ({"chance_source": "drand", "chance_minutes": "0"}, "chance_minutes"),
            ({"chance_source": "cards"}, "chance_source"),
        ],
    )
    def test_what_cannot_be_stands_beside_its_field_and_stays(
        self, as_steward, workshop, typed, field
    ) -> None:
        wrong = self.post(as_steward, workshop, **typed)
        assert wrong.status_code == 422
        assert list(wrong.context["form"].errors) == [field]


class TestDraw:
    CLOSING = dt.timedelta(days=1)
    DICE = "4 2 6 1 3 3 5 2 6 1"

    @pytest.fixture
    def drawn_by_role(self, workshop, steward) -> TraitQuestion:
        """Two nurses and six doctors ask for four seats."""
        asked = TraitQuestion.objects.create(
            community=workshop.community, key="role", label="Role", purpose="mix", values=["nurse", "doctor"]
        )
        terms(
            workshop,
            steward,
            kind=Kind.DRAW,
            capacity=4,
            closes_at=timezone.now() + self.CLOSING,
            chance_source="dice",
        )
        for value in ["nurse"] * 2 + ["doctor"] * 6:
            person = make_person()
            Trait.objects.create(question=asked, person=person, value=value, declared_at=timezone.now())
            Consent.objects.create(
                person=person, purpose="traits", scope_id=asked.pk, given_at=timezone.now()
            )
            ask(workshop, person)
        return asked

    def fields(self, asked: TraitQuestion, *numbers: int) -> dict:
        names = [f"{side}-{asked.pk}-{at}" for at in range(2) for side in ("least", "most")]
        return {"act": "save", **dict(zip(names, map(str, numbers), strict=True))}

    def test_infeasible_targets_are_told_at_the_target_and_mended_by_one_press(
        self, as_steward, workshop, drawn_by_role
    ) -> None:
        url = reverse("seat_targets", args=[workshop.pk])
        assert as_steward.post(url, self.fields(drawn_by_role, 3, 4, 0, 4)).status_code == 302
        page = as_steward.get(url).content.decode()
        assert "At least 3 are asked for; fewer people who gave this answer have asked so far." in page
        assert "at least as many as asked, instead of 3, for “Role: nurse”" in page
        assert as_steward.post(url, {"act": "relax"}).status_code == 302
        assert "Make this change" not in as_steward.get(url).content.decode()

    def test_people_without_any_chance_are_named_before_closing(
        self, as_steward, workshop, drawn_by_role
    ) -> None:
        url = reverse("seat_targets", args=[workshop.pk])
        as_steward.post(url, self.fields(drawn_by_role, 0, 0, 4, 4))
        page = as_steward.get(url).content.decode()
        nurses = Trait.objects.filter(value="nurse").values_list("person__name", flat=True)
        assert all(name in page for name in nurses)

    def test_wrong_numbers_stand_beside_their_target(self, as_steward, workshop, drawn_by_role) -> None:
        url = reverse("seat_targets", args=[workshop.pk])
        wrong = as_steward.post(url, self.fields(drawn_by_role, 3, 2, 0, 4))
        assert wrong.status_code == 422
        assert wrong.context["form"].errors == {
            f"least-{drawn_by_role.pk}-0": ["The least is above the most."]
        }
        half = self.fields(drawn_by_role, 3, 4, 0, 4) | {f"most-{drawn_by_role.pk}-0": ""}
        assert as_steward.post(url, half).status_code == 422

    def test_dice_are_typed_in_and_everyone_reads_their_result(
        self, client, steward, workshop, drawn_by_role
    ) -> None:
        client.force_login(steward)
        url = reverse("seat_targets", args=[workshop.pk])
        assert client.get(reverse("seat_draw_file", args=[workshop.pk])).status_code == 404
        draw = services.freeze_entries(workshop=workshop, now=timezone.now() + 2 * self.CLOSING)
        services.prepare_draw(draw=draw, now=timezone.now())
        assert "What the dice showed" in client.get(url).content.decode()
        make = reverse("seat_draw_make", args=[workshop.pk])
        assert "What the dice showed" in client.get(make).content.decode()
        assert client.post(make, {"values": "4 2 6"}).status_code == 422
        assert client.post(make, {"values": self.DICE}).status_code == 302
        assert client.post(make, {"values": self.DICE[::-1]}).status_code == 422
        services.finish_draw(draw=draw, now=timezone.now())
        assert client.get(url).status_code == 200
        public = client.get(reverse("seat_draw", args=[workshop.pk])).content.decode()
        assert f'<code dir="ltr">{self.DICE}</code>' in public
        record = client.get(reverse("seat_draw_file", args=[workshop.pk])).json()
        assert record["chance"]["value"] == self.DICE
        client.logout()
        for row in Registration.objects.filter(workshop=workshop):
            page = client.get(links.registration_path(row)).content.decode()
            assert "Your chance of a seat was 50.0 %." in page
            assert ("Your number was drawn." in page) == (row.state == State.OFFERED)

    def test_only_stewards_see_targets_and_make_the_draw(self, client, workshop, drawn_by_role) -> None:
        for name in ("seat_targets", "seat_draw_make"):
            url = reverse(name, args=[workshop.pk])
            client.logout()
            assert client.get(url).status_code == 302
            client.force_login(make_member(workshop.community))
            assert client.get(url).status_code == 404


def test_requests_without_an_account_are_slowed_down_and_none_is_written(client, workshop, steward) -> None:
    cache.clear()
    terms(workshop, steward, capacity=500)
    path = reverse("seat_ask", args=[workshop.pk])
    for number in range(asking.REQUESTS_AN_HOUR):
        client.post(path, {"name": "Kim", "email": f"kim{number}@example.org"})
    refused = client.post(path, {"name": "Kim", "email": "one-more@example.org"})
    assert refused.status_code == 422
    assert "Too many requests came from your network" in refused.content.decode()
    assert Registration.objects.count() == asking.REQUESTS_AN_HOUR
    assert not Person.objects.filter(email="one-more@example.org").exists()
