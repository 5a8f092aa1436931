"""The draw: frozen at closing, once and for good, by a recorded seed, within targets; and what follows it."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from django.utils import timezone

from convene.apps.communities.models import Community, Trait, TraitQuestion
from convene.apps.people.models import Consent, Person
from convene.apps.seats import queries, services
from convene.apps.seats.models import Draw, Entry, Quota, Registration, Replacement, SeatPolicy
from convene.apps.seats.rules import HOLDING, WAITING, Kind, State
from convene.apps.seats.services import PolicyTerms, PoolTerms, TargetTerms
from convene.apps.workshops.models import Workshop
from convene.foundation.errors import RuleBroken
from tests.makers import make_community, make_member, make_person, make_workshop
from tests.races.truth import assert_true
from tests.tasks import run_tasks

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)
HOUR = dt.timedelta(hours=1)
CLOSING = NOW + 24 * HOUR
DATA = Path(__file__).parents[6] / "shared" / "data" / "allotment"


@pytest.fixture
def steward() -> Person:
    return make_person("Ada")


@pytest.fixture
def workshop(steward: Person) -> Workshop:
    return make_workshop(make_community(steward=steward))


def set_draw(workshop: Workshop, steward: Person, seats: int, **more) -> SeatPolicy:
    pools = more.pop("pools", None)
    terms = PolicyTerms(kind=Kind.DRAW, capacity=seats, closes_at=CLOSING, **more)
    return services.set_policy(workshop=workshop, terms=terms, pools=pools, actor=steward, now=NOW)


def question(community: Community, label: str, *values: str) -> TraitQuestion:
    return TraitQuestion.objects.create(
        community=community, key=label.lower(), label=label, purpose="a mix", values=list(values)
    )


def declare(person: Person, asked: TraitQuestion, value: str) -> None:
    Trait.objects.create(question=asked, person=person, value=value, declared_at=NOW)
    Consent.objects.create(person=person, purpose="traits", scope_id=asked.pk, given_at=NOW)


def ask(workshop: Workshop, person: Person | None = None) -> Registration:
    person = person or make_person()
    return services.request_seat(workshop=workshop, person=person, actor=person, now=NOW)


def ask_as(workshop: Workshop, asked: TraitQuestion, value: str) -> Registration:
    person = make_person()
    if value:
        declare(person, asked, value)
    return ask(workshop, person)


def target(asked: TraitQuestion, value: str, least: int, most: int) -> TargetTerms:
    return TargetTerms(question_id=asked.pk, value=value, least=least, most=most)


def set_targets(workshop: Workshop, steward: Person, *targets: TargetTerms) -> None:
    services.set_targets(workshop=workshop, targets=targets, actor=steward, now=NOW)


def close(workshop: Workshop) -> Draw:
    services.freeze_due_draws(now=CLOSING)
    return Draw.objects.get(policy__workshop=workshop)


def commit(draw: Draw) -> Draw:
    return services.prepare_draw(draw=draw, now=CLOSING)


def finish(draw: Draw) -> Draw:
    """Seal it, let chance speak, and give out the seats."""
    sealed = commit(draw)
    if sealed.state == Draw.State.COMMITTED:
        services.take_chance(draw=sealed, now=sealed.chance_due_at or CLOSING)
    return services.finish_draw(draw=sealed, now=CLOSING + HOUR)


def states(workshop: Workshop) -> Counter[str]:
    return Counter(Registration.objects.filter(workshop=workshop).values_list("state", flat=True))


class TestDrawing:
    def test_all_who_ask_in_time_are_drawn_from_and_everyone_gets_a_result(self, workshop, steward) -> None:
        set_draw(workshop, steward, 3)
        rows = [ask(workshop) for _ in range(8)]
        assert states(workshop) == {State.POOLED: 8}
        assert services.freeze_due_draws(now=CLOSING - HOUR) == 0
        draw = close(workshop)
        assert (draw.state, draw.commitment) == (Draw.State.PREPARING, "")
        finish(draw)
        assert states(workshop) == {State.OFFERED: 3, State.RESERVE: 5}
        places = Registration.objects.filter(state=State.RESERVE).values_list("position", flat=True)
        assert sorted(places) == [1, 2, 3, 4, 5]
        chances = set(Entry.objects.values_list("chance", flat=True))
        assert [round(chance, 9) for chance in chances] == [0.375]
        assert len(rows) == Entry.objects.count()
        assert_true(workshop)

    def test_it_is_drawn_once_whatever_is_repeated(self, workshop, steward) -> None:
        set_draw(workshop, steward, 3)
        for _ in range(8):
            ask(workshop)
        draw = close(workshop)
        assert services.freeze_entries(workshop=workshop, now=CLOSING) is None
        finish(draw)
        drawn = set(Registration.objects.filter(state=State.OFFERED))
        finish(draw)
        with pytest.raises(RuleBroken) as refusal:
            services.open_own_value(draw=draw, now=CLOSING + HOUR)
        assert refusal.value.code == "already_drawn"
        assert services.take_chance(draw=draw, now=CLOSING + HOUR)
        assert set(Registration.objects.filter(state=State.OFFERED)) == drawn
        assert_true(workshop)

    def test_a_published_record_holds_nobody_and_nothing_declared(self, workshop, steward) -> None:
        asked = question(workshop.community, "Role", "nurse", "doctor")
        set_draw(workshop, steward, 2)
        set_targets(workshop, steward, target(asked, "nurse", 1, 2), target(asked, "doctor", 0, 1))
        for role in ("nurse", "nurse", "doctor", ""):
            ask_as(workshop, asked, role)
        done = finish(close(workshop))
        assert set(done.record) == {"format", "commitment", "committed", "chance", "ticket", "opening"}
        targets = {(row["feature"], row["value"]) for row in done.record["committed"]["quotas"]}
        assert targets == {("Role", "nurse"), ("Role", "doctor")}

    def test_who_withdraws_after_the_seal_stays_on_the_tickets_and_the_seat_passes_on(
        self, workshop, steward
    ) -> None:
        set_draw(workshop, steward, 3)
        rows = [ask(workshop) for _ in range(5)]
        draw = commit(close(workshop))
        for row in rows[:2]:
            services.cancel(registration=row, actor=row.person, now=CLOSING)
        services.take_chance(draw=draw, now=draw.chance_due_at)
        services.finish_draw(draw=draw, now=CLOSING + HOUR)
        assert states(workshop) == {State.WITHDRAWN: 2, State.OFFERED: 3}
        assert Entry.objects.filter(seated=True).count() == 3
        assert_true(workshop)

    def test_who_withdraws_before_the_seal_is_on_no_ticket(self, workshop, steward) -> None:
        set_draw(workshop, steward, 3)
        rows = [ask(workshop) for _ in range(6)]
        draw = close(workshop)
        services.cancel(registration=rows[0], actor=rows[0].person, now=CLOSING)
        finish(draw)
        assert rows[0].entries.get().chance is None
        assert states(workshop) == {State.WITHDRAWN: 1, State.OFFERED: 3, State.RESERVE: 2}

    def test_entries_close_for_good(self, workshop, steward) -> None:
        set_draw(workshop, steward, 1)
        ask(workshop)
        close(workshop)
        late = make_person()
        with pytest.raises(RuleBroken) as refusal:
            services.request_seat(workshop=workshop, person=late, actor=late, now=CLOSING)
        assert refusal.value.code == "closed"
        with pytest.raises(RuleBroken) as refusal:
            set_draw(workshop, steward, 5)
        assert refusal.value.code == "draw_pending"

    def test_a_draw_with_nobody_in_it_is_over_at_once(self, workshop, steward) -> None:
        set_draw(workshop, steward, 3)
        done = finish(close(workshop))
        assert (done.state, done.seats, done.record) == (Draw.State.DRAWN, 0, {})

    def test_with_more_seats_than_entries_everyone_gets_one(self, workshop, steward) -> None:
        set_draw(workshop, steward, 9)
        for _ in range(4):
            ask(workshop)
        finish(close(workshop))
        assert states(workshop) == {State.OFFERED: 4}

    def test_entries_close_early_enough_to_offer_what_is_drawn(self, workshop, steward) -> None:
        starts = workshop.sessions.get().starts_at
        with pytest.raises(RuleBroken) as refusal:
            services.set_policy(
                workshop=workshop,
                terms=PolicyTerms(kind=Kind.DRAW, capacity=3, closes_at=starts - HOUR),
                actor=steward,
                now=NOW,
            )
        assert (refusal.value.code, refusal.value.field) == ("closes_too_late", "closes_at")

    def test_pools_are_drawn_from_apart_and_their_seats_stay_theirs(self, workshop, steward) -> None:
        pools = [
            PoolTerms(name="Members", capacity=2, who="members"),
            PoolTerms(name="Everyone", capacity=2),
        ]
        policy = set_draw(workshop, steward, 4, pools=pools)
        for _ in range(3):
            ask(workshop, make_member(workshop.community))
        for _ in range(5):
            ask(workshop)
        finish(close(workshop))
        assert list(policy.pools.values_list("taken", flat=True)) == [2, 2]
        assert_true(workshop)


class TestTargets:
    def test_targets_hold_and_not_saying_is_a_value_without_a_target(self, workshop, steward) -> None:
        asked = question(workshop.community, "Role", "nurse", "doctor")
        set_draw(workshop, steward, 4)
        set_targets(workshop, steward, target(asked, "nurse", 2, 3), target(asked, "doctor", 1, 1))
        for role in ["nurse"] * 3 + ["doctor"] * 8 + [""] * 4:
            ask_as(workshop, asked, role)
        finish(close(workshop))
        drawn = Counter(
            entry.traits.get(str(asked.pk), "unsaid") for entry in Entry.objects.filter(seated=True)
        )
        assert (drawn["doctor"], 2 <= drawn["nurse"] <= 3) == (1, True)

    def test_a_target_above_its_most_or_all_seats_is_refused_at_the_target(self, workshop, steward) -> None:
        asked = question(workshop.community, "Role", "nurse", "doctor")
        set_draw(workshop, steward, 4)
        with pytest.raises(RuleBroken) as refusal:
            set_targets(workshop, steward, target(asked, "nurse", 3, 2))
        assert (refusal.value.code, refusal.value.field) == ("least_above_most", f"{asked.pk}:nurse")
        with pytest.raises(RuleBroken) as refusal:
            set_targets(workshop, steward, target(asked, "nurse", 3, 4), target(asked, "doctor", 2, 4))
        assert refusal.value.code == "leasts_above_seats"

    def test_a_draw_never_fails_at_night_but_waits_with_the_smallest_relaxation(
        self, workshop, steward
    ) -> None:
        asked = question(workshop.community, "Role", "nurse", "doctor")
        set_draw(workshop, steward, 4)
        set_targets(workshop, steward, target(asked, "nurse", 3, 4), target(asked, "doctor", 0, 1))
        for role in ["nurse"] * 2 + ["doctor"] * 6:
            ask_as(workshop, asked, role)
        draw = close(workshop)
        assert draw.state == Draw.State.FROZEN
        assert draw.problem["relaxation"] != []
        assert list(queries.draws_waiting(workshop.community_id)) == [draw]
        services.relax_targets(workshop=workshop, actor=steward, now=CLOSING)
        rows = {(row.value, row.least, row.most) for row in Quota.objects.all()}
        assert rows == {("nurse", 2, 4), ("doctor", 0, 2)}
        draw.refresh_from_db()
        assert draw.state == Draw.State.PREPARING
        finish(draw)
        assert states(workshop)[State.OFFERED] == 4

    def test_targets_that_clash_name_each_other(self, workshop, steward) -> None:
        role = question(workshop.community, "Role", "nurse", "doctor")
        ward = question(workshop.community, "Ward", "a", "b")
        policy = set_draw(workshop, steward, 2)
        set_targets(workshop, steward, target(role, "nurse", 2, 2), target(ward, "b", 2, 2))
        for r, w in [("nurse", "a"), ("nurse", "a"), ("doctor", "b"), ("doctor", "b")]:
            person = make_person()
            declare(person, role, r)
            declare(person, ward, w)
            ask(workshop, person)
        finding = services.fault_now(policy, None)
        assert {(mend.value, mend.side) for mend in finding.clash} == {("nurse", "least"), ("b", "least")}
        assert sum(abs(mend.was - mend.becomes) for mend in finding.relaxation) == 2


class TestReplacing:
    def drawn(self, workshop, steward) -> TraitQuestion:
        asked = question(workshop.community, "Role", "nurse", "doctor")
        set_draw(workshop, steward, 4)
        set_targets(workshop, steward, target(asked, "nurse", 2, 2), target(asked, "doctor", 2, 2))
        for role in ["nurse"] * 4 + ["doctor"] * 8:
            ask_as(workshop, asked, role)
        finish(close(workshop))
        return asked

    def role_of(self, row: Registration) -> str:
        (value,) = row.entries.get().traits.values()
        return value

    def test_someone_with_whom_targets_hold_is_drawn_anew(self, workshop, steward) -> None:
        self.drawn(workshop, steward)
        for _ in range(2):
            nurse = next(
                row
                for row in Registration.objects.filter(state=State.OFFERED)
                if self.role_of(row) == "nurse"
            )
            services.decline_offer(registration=nurse, actor=nurse.person, now=CLOSING + 2 * HOUR)
            assert_true(workshop)
        held = Counter(self.role_of(row) for row in Registration.objects.filter(state__in=HOLDING))
        assert held == {"nurse": 2, "doctor": 2}
        first, second = Replacement.objects.all()
        assert (first.number, first.seats, first.waiting) == (1, 1, 8)
        chances = sorted(round(chance, 6) for chance in first.chances.values())
        assert chances == [0] * 6 + [0.5] * 2
        assert [round(chance, 6) for chance in second.chances.values() if chance] == [1]

    def test_when_nobody_keeps_the_targets_the_seat_waits_for_a_steward(self, workshop, steward) -> None:
        self.drawn(workshop, steward)
        nurses = [row for row in Registration.objects.all() if self.role_of(row) == "nurse"]
        for nurse in nurses[:3]:
            nurse.refresh_from_db()
            services.cancel(registration=nurse, actor=nurse.person, now=CLOSING + 2 * HOUR)
        assert Registration.objects.filter(state__in=HOLDING).count() == 3
        assert [policy.workshop for policy in queries.seats_stuck(workshop.community_id)] == [workshop]
        services.relax_targets(workshop=workshop, actor=steward, now=CLOSING + 3 * HOUR)
        assert Registration.objects.filter(state__in=HOLDING).count() == 4
        assert list(queries.seats_stuck(workshop.community_id)) == []
        assert_true(workshop)

    def test_a_steward_adds_someone_late_who_stands_behind_the_reserve(self, workshop, steward) -> None:
        self.drawn(workshop, steward)
        late = services.register_by_hand(
            workshop=workshop, person=make_person(), actor=steward, now=CLOSING + HOUR
        )
        assert late.state == State.WAITLISTED
        assert queries.place_in_line(late) is None


def read(name: str) -> tuple[list[dict[str, str]], list[dict[str, str]], int]:
    folder = DATA / name
    if not folder.is_dir():
        pytest.skip(f"the data set {name} is not beside this checkout")
    with (folder / "respondents.csv").open(encoding="utf-8") as file:
        people = list(csv.DictReader(file))
    with (folder / "categories.csv").open(encoding="utf-8") as file:
        categories = list(csv.DictReader(file))
    return people, categories, int(name.rpartition("_")[2])


def register(workshop: Workshop, people: list[dict[str, str]], categories: list[dict[str, str]]) -> None:
    features = list(dict.fromkeys(row["feature"] for row in categories))
    asked = {
        feature: question(
            workshop.community, feature, *[row["value"] for row in categories if row["feature"] == feature]
        )
        for feature in features
    }
    for row in people:
        person = make_person(row["id"])
        for feature in features:
            declare(person, asked[feature], row[feature])
        ask(workshop, person)


def quotas_hold(workshop: Workshop) -> bool:
    held = Registration.objects.filter(workshop=workshop, state__in=HOLDING)
    have = Counter(
        answer for entry in Entry.objects.filter(registration__in=held) for answer in entry.traits.items()
    )
    rows = Quota.objects.filter(policy__workshop=workshop)
    return all(row.least <= have[str(row.question_id), row.value] <= row.most for row in rows)


def nobody_fits(workshop: Workshop, seats: int) -> bool:
    """Found by trying everyone, for one free seat."""
    held = Registration.objects.filter(workshop=workshop, state__in=HOLDING)
    if held.count() != seats - 1:
        return True  # for more seats the engine's word is taken
    had = Counter(
        answer for entry in Entry.objects.filter(registration__in=held) for answer in entry.traits.items()
    )
    rows = list(Quota.objects.filter(policy__workshop=workshop))
    for entry in Entry.objects.filter(registration__state__in=WAITING):
        have = had + Counter(entry.traits.items())
        if all(row.least <= have[str(row.question_id), row.value] <= row.most for row in rows):
            return False
    return True


@pytest.mark.parametrize("name", ["opendlp_30", "sfb_20"])
def test_real_applicants_are_drawn_at_the_optimum_and_replacements_hold_the_quotas(
    workshop, steward, name
) -> None:
    """Done-when 1 of the main job."""
    people, categories, seats = read(name)
    optimum = json.loads((DATA / "peer_results.json").read_text(encoding="utf-8"))
    set_draw(workshop, steward, seats)
    register(workshop, people, categories)
    questions = {row.label: row for row in TraitQuestion.objects.all()}
    targets = [
        target(questions[row["feature"]], row["value"], int(row["min"]), int(row["max"]))
        for row in categories
    ]
    set_targets(workshop, steward, *targets)
    done = finish(close(workshop))
    least = min(Entry.objects.values_list("chance", flat=True))
    best = optimum["instances"][name]["minimum_chance"]
    assert Fraction(done.record["committed"]["minimum_chance"]["bound"]) == pytest.approx(best, abs=1e-6)
    assert best - 1 / 1000 < least < best + 1e-6  # a thousand equally likely tickets are not finer
    assert quotas_hold(workshop)
    for at in range(6):
        leaver = Registration.objects.filter(state=State.OFFERED).order_by("pk")[at]
        services.decline_offer(registration=leaver, actor=leaver.person, now=CLOSING + 2 * HOUR)
        run_tasks()  # with so many people the lottery is made outside the lock
        if Registration.objects.filter(state__in=HOLDING).count() == seats:
            assert quotas_hold(workshop)
        else:
            # a seat stays free only when with nobody who waits the targets would hold, and stewards are told
            assert [policy.workshop for policy in queries.seats_stuck(workshop.community_id)] == [workshop]
            assert nobody_fits(workshop, seats)
    services.relax_targets(workshop=workshop, actor=steward, now=CLOSING + 2 * HOUR)
    run_tasks()
    assert Registration.objects.filter(state__in=HOLDING).count() == seats
    assert quotas_hold(workshop)
    for row in Registration.objects.filter(state=State.OFFERED):
        services.confirm_offer(registration=row, actor=row.person, now=CLOSING + 3 * HOUR)
    confirmed = Registration.objects.filter(workshop=workshop, state=State.CONFIRMED)
    assert set(queries.confirmed_list(workshop)) == set(confirmed)
    assert confirmed.count() == seats
    assert Registration.objects.filter(state__in=WAITING).count() == len(people) - seats - 6
    assert_true(workshop)
