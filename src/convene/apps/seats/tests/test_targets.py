"""The targets page and the dry run: looked at as typed, priced in equal chances, suggested, foreseen."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from convene.apps.communities.models import Trait, TraitQuestion
from convene.apps.communities.rules.traits import SMALLEST, composition
from convene.apps.people.models import Consent, Person
from convene.apps.seats import allotting, services
from convene.apps.seats.allotting import Candidate, Target
from convene.apps.seats.foreseeing import Effort, Field, costs_of, expected_seats, lottery_of, spread_of
from convene.apps.seats.models import Quota, SeatPolicy
from convene.apps.seats.rules import Kind
from convene.apps.seats.rules.suggesting import Share, rooms, suggest, within
from convene.apps.seats.services import PolicyTerms
from convene.apps.seats.targeting import Can, judge, sheet_of
from convene.apps.seats.telling import cost_in_words, percent, spread_in_words
from convene.apps.workshops.models import Workshop
from tests.makers import make_community, make_member, make_person, make_question, make_workshop

HTMX = {"HTTP_HX_REQUEST": "true"}
CLOSING = dt.timedelta(hours=24)


# --- the rule for suggestions --------------------------------------------------

counts = st.lists(st.integers(0, 60), min_size=2, max_size=12)


class TestSuggesting:
    @given(counts=counts, unsaid=st.integers(0, 80), seats=st.integers(1, 120), room=st.integers(0, 9))
    def test_sums_fit_the_seats(self, counts, unsaid, seats, room) -> None:
        shares = [Share(str(at), count or None) for at, count in enumerate(counts)]
        answered = sum(counts)
        found = suggest(shares, members=answered + unsaid, answered=answered, seats=seats, room=room)
        assert all(0 <= wish.least <= wish.most <= seats for wish in found.values())
        assert sum(wish.least for wish in found.values()) < seats
        if all(counts) and len(found) == len(counts):
            assert sum(wish.most for wish in found.values()) >= seats

    @given(counts=counts, unsaid=st.integers(0, 80), seats=st.integers(1, 120))
    def test_an_answer_whose_count_is_not_shown_gets_no_target_and_changes_no_other(
        self, counts, unsaid, seats
    ) -> None:
        """Worked out from what is shown alone: people of hidden answers may be moved about unseen."""
        named = {str(at): count for at, count in enumerate(counts)}
        figures = composition({**named, "–": unsaid})
        if figures is None:
            return
        shown = dict(figures.shown)
        shares = [Share(value, shown.get(value)) for value in named]
        answered = sum(count for value, count in shown.items() if value in named) + figures.together_count
        found = suggest(shares, members=figures.total, answered=answered, seats=seats)
        assert all(named[value] >= SMALLEST for value in found)
        assert set(found) <= set(shown)

    def test_it_follows_the_members_with_up_to_a_seat_of_room(self) -> None:
        shares = [Share("nurse", 30), Share("doctor", 20), Share("porter", None)]
        found = suggest(shares, members=60, answered=60, seats=12)
        assert {value: (wish.least, wish.most) for value, wish in found.items()} == {
            "nurse": (5, 7),
            "doctor": (3, 5),
        }

    def test_no_least_is_above_those_asking_who_are_shown(self) -> None:
        shares = [Share("nurse", 30, 4), Share("doctor", 30, None), Share("porter", 30, 30)]
        found = within(suggest(shares, members=90, answered=90, seats=30), shares)
        assert [found[value].least for value in ("nurse", "doctor", "porter")] == [4, 0, 9]

    def test_room_grows_until_there_is_no_target_left(self) -> None:
        assert rooms(1) == [0, 1]
        assert rooms(20) == [0, 1, 2, 4, 7, 11, 17, 20]
        shares = [Share("a", 7), Share("b", 9)]
        assert suggest(shares, members=16, answered=16, seats=20, room=20) == {}


# --- chances to come -----------------------------------------------------------


def people_of(*groups: tuple[int, str]) -> list[Candidate]:
    return [
        Candidate(f"{value}{at}", {"role": value} if value else {})
        for count, value in groups
        for at in range(count)
    ]


NURSES = Target("role", "nurse", 5, 5)


class TestForeseeing:
    field = Field(people_of((10, "nurse"), (40, "doctor")), 10)

    def test_what_a_target_costs_is_said_with_it_and_without_it(self) -> None:
        base, costs = costs_of(self.field, [NURSES], [NURSES], Effort())
        assert (base.least, base.most) == (pytest.approx(0.125), pytest.approx(0.5))
        assert cost_in_words(costs["role", "nurse"]) == (
            "With this target the least likely have 12 %, without it 20 %. "
            "The most likely have 50 %, without it 20 %."
        )

    def test_a_target_that_changes_nothing_costs_nobody_a_chance(self) -> None:
        wide = Target("role", "nurse", 0, 10)
        _base, costs = costs_of(self.field, [wide], [wide], Effort())
        assert cost_in_words(costs["role", "nurse"]) == (
            "This target costs nobody a chance: the least likely have 20 % with it and without it."
        )

    def test_work_is_bounded_and_can_go_on_where_it_stopped(self) -> None:
        targets = [Target("role", "nurse", 2, 5), Target("role", "doctor", 5, 8)]
        seen: list[tuple[str, str]] = []
        while len(seen) < len(targets):
            _base, costs = costs_of(self.field, targets, targets[len(seen) :], Effort(1))
            assert len(costs) == 1
            seen += costs
        assert seen == [("role", "nurse"), ("role", "doctor")]

    def test_a_run_stopped_early_says_so(self) -> None:
        lottery = lottery_of(self.field, [NURSES], Effort(1))
        assert "or more" in spread_in_words(spread_of(lottery))

    def test_figures_are_never_about_fewer_than_five(self) -> None:
        few = Field(people_of((4, "nurse")), 2)
        assert spread_of(lottery_of(few, [], Effort())) is None
        uneven = Field(people_of((1, "nurse"), (20, "doctor")), 10)
        only = Target("role", "nurse", 1, 1)
        assert spread_of(lottery_of(uneven, [only], Effort())).most == pytest.approx(0.45)

    def test_expected_seats_and_what_the_lottery_could_bring(self) -> None:
        lottery = lottery_of(self.field, [Target("role", "nurse", 2, 5)], Effort())
        seen = expected_seats(lottery, self.field.people, "role", frozenset(["nurse"]))
        assert (seen.people, seen.seats, seen.fewest, seen.most) == (10, pytest.approx(2), 2, 2)
        other = expected_seats(lottery, self.field.people, "ward", frozenset([allotting.UNSAID]))
        assert (other.people, other.fewest, other.most) == (50, 10, 10)

    def test_a_question_without_targets_has_a_range_too(self) -> None:
        people = [Candidate(str(at), {"ward": "a" if at < 6 else "b"}) for at in range(10)]
        lottery = lottery_of(Field(people, 5), [], Effort())
        seen = expected_seats(lottery, people, "ward", frozenset(["a"]))
        assert (seen.seats, seen.fewest, seen.most) == (pytest.approx(3), 1, 5)

    def test_percents_are_whole_and_never_nothing(self) -> None:
        assert [percent(each) for each in (0, 0.004, 0.126, 0.996, 1)] == [
            "0 %",
            "under 1 %",
            "13 %",
            "over 99 %",
            "100 %",
        ]


# --- the page ------------------------------------------------------------------


@pytest.fixture
def steward(db) -> Person:
    return make_person("Ada")


@pytest.fixture
def workshop(steward: Person) -> Workshop:
    return make_workshop(make_community(steward=steward))


@pytest.fixture
def role(workshop: Workshop) -> TraitQuestion:
    return make_question(workshop.community, label="Role", values=["nurse", "doctor"])


@pytest.fixture
def as_steward(client: Client, steward: Person) -> Client:
    client.force_login(steward)
    return client


def set_draw(workshop: Workshop, steward: Person, seats: int, **more) -> SeatPolicy:
    terms = PolicyTerms(kind=Kind.DRAW, capacity=seats, closes_at=timezone.now() + CLOSING, **more)
    return services.set_policy(workshop=workshop, terms=terms, actor=steward, now=timezone.now())


def declare(person: Person, asked: TraitQuestion, value: str) -> None:
    Trait.objects.create(question=asked, person=person, value=value, declared_at=timezone.now())
    Consent.objects.create(person=person, purpose="traits", scope_id=asked.pk, given_at=timezone.now())


def ask(workshop: Workshop, asked: TraitQuestion, *groups: tuple[int, str], member: bool = False) -> None:
    for count, value in groups:
        for _ in range(count):
            person = make_member(workshop.community) if member else make_person()
            if value:
                declare(person, asked, value)
            services.request_seat(workshop=workshop, person=person, actor=person, now=timezone.now())


def typed(asked: TraitQuestion, act: str, *numbers: int | str) -> dict[str, str]:
    names = [f"{side}-{asked.pk}-{at}" for at in range(len(asked.values)) for side in ("least", "most")]
    return {"act": act, **dict(zip(names, map(str, numbers), strict=False))}


def address(workshop: Workshop, name: str = "seat_targets") -> str:
    return reverse(name, args=[workshop.pk])


def status_of(page: str) -> str:
    part = page.split('id="targets-status"', 1)[1].split("</div>", 1)[0].split(">", 1)[1]
    return " ".join(re.sub(r"<[^>]+>", " ", part).split())


def notes_of(page: str, asked: TraitQuestion, at: int) -> str:
    part = page.split(f'id="notes-{asked.pk}-{at}"', 1)[1].split("</div>", 1)[0].split(">", 1)[1]
    return " ".join(re.sub(r"<[^>]+>", " ", part).split())


class TestLooking:
    @pytest.fixture(autouse=True)
    def asked(self, workshop, steward, role) -> None:
        set_draw(workshop, steward, 8)
        ask(workshop, role, (6, "nurse"), (10, "doctor"))

    def test_what_is_typed_is_looked_at_and_not_saved(self, as_steward, workshop, role) -> None:
        answer = as_steward.post(address(workshop), typed(role, "check", 3, 5, 3, 5))
        page = answer.content.decode()
        assert answer.status_code == 200
        assert status_of(page) == "The targets can be met by those who asked so far. Looked at, not saved."
        assert answer.context["form"][f"least-{role.pk}-0"].value() == "3"
        assert not Quota.objects.exists()

    def test_the_error_stands_at_the_target_with_counts(self, as_steward, workshop, role) -> None:
        page = as_steward.post(address(workshop), typed(role, "check", 7, 8, "", "")).content.decode()
        assert notes_of(page, role, 0) == (
            "At least 7 are asked for; 6 people who gave this answer have asked so far. It can with 6."
        )
        assert "The targets cannot be met by those who asked so far" in status_of(page)
        assert "at least 6 instead of 7 for “Role: nurse”" in page

    def test_a_clash_names_the_other_side_and_what_would_do(self, as_steward, workshop, role) -> None:
        ward = make_question(workshop.community, label="Ward", values=["a", "b"])
        for person in Person.objects.filter(traits__value="nurse"):
            declare(person, ward, "a")
        for person in Person.objects.filter(traits__value="doctor"):
            declare(person, ward, "b")
        data = {**typed(role, "check", 5, 8, "", ""), **typed(ward, "check", "", "", 5, 8)}
        page = as_steward.post(address(workshop), data).content.decode()
        assert notes_of(page, role, 0) == (
            "Together with “Ward: b at least 5” this cannot be met by those who asked so far. It can with 3."
        )
        assert notes_of(page, ward, 1) == (
            "Together with “Role: nurse at least 5” this cannot be met by those who asked so far. "
            "It can with 3."
        )

    def test_a_press_fills_in_the_smallest_change(self, as_steward, workshop, role) -> None:
        page = as_steward.post(address(workshop), typed(role, "check", 7, 8, 1, "x"))
        hidden = {
            name: str(value) for name, value in page.context["mended"].items() if name.endswith(("-0", "-1"))
        }
        assert hidden == {k: v for k, v in typed(role, "check", 6, 8, 1, "x").items() if k != "act"}

    @pytest.mark.parametrize(
        ("numbers", "at", "error"),
        [
            ((5, 3, "", ""), 0, "The least is above the most."),
            (("", 3, "", ""), 0, "Give both numbers, or neither."),
            (("x", 3, "", ""), 0, "Enter a whole number."),
            ((-1, 3, "", ""), 0, "Ensure this value is greater than or equal to 0."),
            (
                (5, 8, 5, 8),
                1,
                "The least of these answers add up to 10, but there are 8 seats.",
            ),
        ],
    )
    def test_each_wrong_number_is_told_beside_it_and_kept(
        self, as_steward, workshop, role, numbers, at, error
    ) -> None:
        for act in ("check", "save", "cost"):
            answer = as_steward.post(address(workshop), typed(role, act, *numbers))
            assert answer.status_code == 422
            assert error in notes_of(answer.content.decode(), role, at)
            assert answer.context["form"][f"least-{role.pk}-0"].value() == str(numbers[0])
        assert not Quota.objects.exists()

    def test_the_sound_targets_are_looked_at_beside_a_wrong_one(self, as_steward, workshop, role) -> None:
        page = as_steward.post(address(workshop), typed(role, "check", 7, 8, 1, "x")).content.decode()
        assert "It can with 6." in notes_of(page, role, 0)
        assert "Some numbers need another look" in status_of(page)

    def test_a_least_above_all_seats_is_no_number_of_seats(self, as_steward, workshop, role) -> None:
        answer = as_steward.post(address(workshop), typed(role, "check", 9, 9, "", ""))
        assert answer.status_code == 422

    def test_htmx_gets_only_what_speaks(self, as_steward, workshop, role) -> None:
        answer = as_steward.post(address(workshop), typed(role, "check", 7, 8, "", ""), **HTMX)
        page = answer.content.decode()
        assert (answer.status_code, "<html" in page, "<input type=" in page.replace("hidden", "")) == (
            200,
            False,
            page.count('type="hidden"') > 0,
        )
        assert re.findall(r'<div id="([\w-]+)" hx-swap-oob="innerHTML">', page) == [
            "targets-said",
            "targets-status",
            "targets-more",
            f"notes-{role.pk}-0",
            f"notes-{role.pk}-1",
        ]
        assert f'data-wrong="id_least-{role.pk}-0 id_most-{role.pk}-0"' in page

    def test_htmx_asks_without_a_button_too(self, as_steward, workshop, role) -> None:
        data = typed(role, "check", 3, 5, 3, 5)
        del data["act"]
        page = as_steward.post(address(workshop), data, **HTMX).content.decode()
        assert status_of(page) == "The targets can be met by those who asked so far. Looked at, not saved."

    def test_after_closing_nothing_is_looked_at_as_typed(self, as_steward, workshop, role) -> None:
        services.freeze_entries(workshop=workshop, now=timezone.now() + 2 * CLOSING)
        for act in ("check", "cost", "suggest", "nonsense"):
            assert as_steward.post(address(workshop), typed(role, act, 3, 5, 3, 5)).status_code == 422

    def test_of_very_many_kinds_only_the_counts_are_looked_at(self, workshop, monkeypatch) -> None:
        from convene.apps.seats import targeting

        monkeypatch.setattr(targeting, "CELLS", 0)
        sheet = sheet_of(workshop.seat_policy, None)
        (question,) = sheet.rows
        good = Target(str(question.pk), "nurse", 3, 5)
        assert judge(sheet, [good]).can == Can.COUNTED
        assert judge(sheet, [Target(str(question.pk), "nurse", 7, 8)]).can == Can.UNMET

    @pytest.mark.parametrize("act", ["check", "suggest", "cost"])
    def test_as_many_queries_whoever_asks(self, as_steward, workshop, role, act) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                as_steward.post(address(workshop), typed(role, act, 2, 6, 2, 6))
            return len(captured)

        before = queries()
        ask(workshop, role, (5, "nurse"), (5, ""))
        assert queries() == before


class TestFewPeople:
    def test_no_count_of_fewer_than_five_is_told(self, as_steward, workshop, steward, role) -> None:
        set_draw(workshop, steward, 8)
        ask(workshop, role, (3, "nurse"), (10, "doctor"))
        page = as_steward.post(address(workshop), typed(role, "check", 6, 8, "", "")).content.decode()
        assert notes_of(page, role, 0) == (
            "At least 6 are asked for; fewer people who gave this answer have asked so far. "
            "With fewer seats here, or when more of them ask, it can be met."
        )
        assert "at least as many as asked, instead of 6, for “Role: nurse”" in page

    def test_too_early_says_so(self, as_steward, workshop, steward, role) -> None:
        set_draw(workshop, steward, 8)
        page = as_steward.post(address(workshop), typed(role, "check", 6, 8, "", "")).content.decode()
        assert status_of(page).startswith("It is too early to say whether the targets can be met")


class TestCosts:
    def test_what_each_target_costs_stands_beside_it(self, as_steward, workshop, steward, role) -> None:
        set_draw(workshop, steward, 8)
        ask(workshop, role, (8, "nurse"), (24, "doctor"))
        page = as_steward.post(address(workshop), typed(role, "cost", 4, 4, "", "")).content.decode()
        assert notes_of(page, role, 0) == (
            "With this target the least likely have 17 %, without it 25 %. "
            "The most likely have 50 %, without it 25 %."
        )
        assert "The least likely have a chance of 17 %, the most likely 50 %." in status_of(page)
        assert not Quota.objects.exists()

    def test_htmx_goes_on_where_the_work_stopped(
        self, as_steward, workshop, steward, role, monkeypatch
    ) -> None:
        from convene.apps.seats import foreseeing

        monkeypatch.setattr(foreseeing.Effort, "is_spent", True)
        set_draw(workshop, steward, 8)
        ask(workshop, role, (8, "nurse"), (24, "doctor"))
        first = as_steward.post(address(workshop), typed(role, "cost", 2, 4, 4, 6), **HTMX).content.decode()
        assert "Still looking: 1 of 2 targets looked at." in status_of(first)
        assert '"act": "cost:1"' in first
        then = as_steward.post(address(workshop), typed(role, "cost:1", 2, 4, 4, 6), **HTMX).content.decode()
        assert "cost:" not in then
        assert f'id="notes-{role.pk}-0"' not in then
        assert notes_of(then, role, 1) != ""

    def test_unmet_targets_have_no_price(self, as_steward, workshop, steward, role) -> None:
        set_draw(workshop, steward, 8)
        ask(workshop, role, (6, "nurse"), (10, "doctor"))
        page = as_steward.post(address(workshop), typed(role, "cost", 7, 8, "", "")).content.decode()
        assert "What a target costs can be said as soon as the targets can be met." in status_of(page)


class TestSuggestedTargets:
    def suggested(self, client: Client, workshop: Workshop) -> dict[str, tuple[str, str]]:
        answer = client.post(address(workshop), {"act": "suggest"})
        assert answer.status_code == 200
        assert not Quota.objects.exists()
        lines = answer.context["form"].every_line
        return {line.row.value: (str(line.least.value()), str(line.most.value())) for line in lines}

    def members(self, workshop: Workshop, role: TraitQuestion, *groups: tuple[int, str]) -> None:
        for count, value in groups:
            for _ in range(count):
                person = make_member(workshop.community)
                if value:
                    declare(person, role, value)

    def test_from_the_members_when_nobody_asked_yet(self, as_steward, workshop, steward, role) -> None:
        set_draw(workshop, steward, 10)
        self.members(workshop, role, (12, "nurse"), (18, "doctor"), (6, ""))
        assert self.suggested(as_steward, workshop) == {"nurse": ("3", "5"), "doctor": ("4", "7")}

    def test_such_as_those_who_asked_can_meet_with_nobody_shut_out(
        self, as_steward, workshop, steward, role
    ) -> None:
        policy = set_draw(workshop, steward, 10)
        self.members(workshop, role, (20, "nurse"), (20, "doctor"), (6, ""))
        ask(workshop, role, (30, "doctor"), (5, "nurse"), (3, ""))
        found = self.suggested(as_steward, workshop)
        sheet = sheet_of(policy, None)
        targets = [
            Target(str(role.pk), value, int(least), int(most))
            for value, (least, most) in found.items()
            if most
        ]
        assert targets != []
        verdict = judge(sheet, targets)
        assert (verdict.can, list(verdict.shut_out)) == (Can.MET, [])

    def test_small_answers_get_no_target(self, as_steward, workshop, steward) -> None:
        set_draw(workshop, steward, 10)
        ward = make_question(workshop.community, label="Ward", values=["a", "b", "c"])
        self.members(workshop, ward, (30, "a"), (2, "b"), (20, "c"))
        found = self.suggested(as_steward, workshop)
        assert found["b"] == ("", "")
        few = make_question(workshop.community, label="Shift", values=["day", "night"])
        self.members(workshop, few, (2, "day"), (2, "night"))
        assert self.suggested(as_steward, workshop)["night"] == ("", "")


class TestForecast:
    @pytest.fixture
    def asked(self, workshop, steward, role) -> None:
        set_draw(workshop, steward, 8)
        ask(workshop, role, (8, "nurse"), (24, "doctor"), (6, ""))

    def see(self, client: Client, workshop: Workshop):
        answer = client.get(address(workshop, "seat_forecast"))
        assert answer.status_code == 200
        return answer.context["seen"], answer.content.decode()

    def test_the_picture_by_trait_and_nothing_is_fixed(
        self, as_steward, workshop, steward, role, asked
    ) -> None:
        as_steward.post(address(workshop), typed(role, "save", 4, 4, "", ""))
        seen, page = self.see(as_steward, workshop)
        ((_question, lines),) = seen.tables
        rows = {line.label: (line.asking, line.expected, line.range, line.chance) for line in lines}
        assert rows == {
            "nurse": (8, 4, "4", "about 50 %"),
            "doctor": (24, 3, "3 to 4", "about 15 %"),
            "did not say": (6, 1, "0 to 1", "about 15 %"),
        }
        assert "nothing is drawn here, and nothing is fixed" in page
        assert not workshop.seat_policy.draws.exists()

    def test_who_is_few_is_told_together_with_others(self, as_steward, workshop, steward, role) -> None:
        set_draw(workshop, steward, 8)
        ask(workshop, role, (8, "nurse"), (24, "doctor"), (2, ""))
        seen, _page = self.see(as_steward, workshop)
        ((_question, lines),) = seen.tables
        assert [(line.label, line.asking, line.range) for line in lines] == [
            ("doctor", 24, ""),
            ("counted together: nurse, did not say", 10, ""),
        ]

    def test_chances_are_coarse_where_they_would_tell_how_few_some_are(
        self, as_steward, workshop, steward, role
    ) -> None:
        set_draw(workshop, steward, 8)
        ask(workshop, role, (3, "nurse"), (30, "doctor"))
        as_steward.post(address(workshop), typed(role, "save", 3, 3, "", ""))
        seen, _page = self.see(as_steward, workshop)
        assert (seen.least, seen.most) == ("about 15 %", "about 15 %")
        page = as_steward.post(address(workshop), typed(role, "cost", 3, 3, "", "")).content.decode()
        assert notes_of(page, role, 0) == (
            "With this target the least likely have about 15 %, without it about 25 %. "
            "The most likely have about 15 %, without it about 25 %."
        )

    def test_weights_and_places_held_count_as_in_the_draw(
        self, as_steward, workshop, steward, role, asked
    ) -> None:
        SeatPolicy.objects.update(remembers=True, kept_places=2)
        sheet = sheet_of(SeatPolicy.objects.get(), None)
        assert sheet.beside == [Target(allotting.PASSED_OVER, allotting.YES, 2, 2)]
        seen, _page = self.see(as_steward, workshop)
        assert (seen.verdict.can, seen.least) == (Can.MET, "about 20 %")

    def test_who_has_no_chance_is_named_to_the_steward(self, as_steward, workshop, role, asked) -> None:
        as_steward.post(address(workshop), typed(role, "save", 0, 0, 8, 8))
        seen, page = self.see(as_steward, workshop)
        names = Trait.objects.filter(value="nurse").values_list("person__name", flat=True)
        assert len(seen.verdict.shut_out) == 14
        assert all(name in page for name in names)

    def test_unmet_targets_say_what_helps(self, as_steward, workshop, role, asked) -> None:
        as_steward.post(address(workshop), typed(role, "save", 8, 8, "", ""))
        Quota.objects.update(least=8)
        ask_more = Person.objects.filter(traits__value="nurse").first()
        services.cancel(registration=ask_more.registrations.get(), actor=ask_more, now=timezone.now())
        seen, page = self.see(as_steward, workshop)
        assert seen.verdict.can == Can.UNMET
        assert "If it stays so, the draw waits at closing." in page

    def test_too_early_and_too_few(self, as_steward, workshop, steward, role) -> None:
        set_draw(workshop, steward, 8)
        ask(workshop, role, (3, "nurse"))
        _seen, page = self.see(as_steward, workshop)
        assert "Too few have asked" in page
        ask(workshop, role, (4, "nurse"))
        as_steward.post(address(workshop), typed(role, "save", 1, 4, "", ""))
        _seen, page = self.see(as_steward, workshop)
        assert "It is too early for more." in page

    def test_no_targets_means_the_same_chance_for_all(self, as_steward, workshop, asked) -> None:
        _seen, page = self.see(as_steward, workshop)
        assert "Everyone who can be drawn has about the same chance, 21 %." in page

    def test_after_closing_there_is_none(self, as_steward, workshop, asked) -> None:
        services.freeze_entries(workshop=workshop, now=timezone.now() + 2 * CLOSING)
        seen, page = self.see(as_steward, workshop)
        assert (seen, "Entries are closed" in page) == (None, True)

    def test_only_for_stewards(self, client, workshop, asked) -> None:
        for name in ("seat_forecast", "seat_targets"):
            client.logout()
            assert client.get(address(workshop, name)).status_code == 302
            client.force_login(make_member(workshop.community))
            assert client.get(address(workshop, name)).status_code == 404
            assert client.post(address(workshop, "seat_targets"), {"act": "check"}).status_code == 404

    @pytest.mark.parametrize("name", ["seat_forecast", "seat_targets"])
    def test_as_many_queries_with_one_as_with_many(self, as_steward, workshop, role, asked, name) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                as_steward.get(address(workshop, name))
            return len(captured)

        before = queries()
        ask(workshop, role, (10, "doctor"))
        as_steward.post(address(workshop), typed(role, "save", 1, 4, 2, 7))
        queries()  # the message of saving is taken away
        assert queries() == before
