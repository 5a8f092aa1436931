"""Where chance comes from: beacons, dice, witnesses, the site; each verified, recorded once, and checkable.

The beacons are real rounds of drand's quicknet, as published: 1000 in the examples of the Rust crate drandite, and
657413 in the README of python-drand-verify.
"""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from convene.apps.people.models import Person
from convene.apps.people.services import erase_person
from convene.apps.seats import privacy, queries, services
from convene.apps.seats.chance import drand
from convene.apps.seats.models import Draw, Entry, Registration, SealedDraw, SeatPolicy, Witness
from convene.apps.seats.rules import ChanceSource, Kind, State
from convene.apps.seats.rules.chance import QUICKNET, check_source, read_dice, sealed
from convene.apps.seats.services import PolicyTerms
from convene.apps.seats.services.draws.preparing import Announced
from convene.apps.seats.unpublished import full_record, receipt_of
from convene.apps.workshops.models import Workshop
from convene.engines.allotment.verifier import check
from convene.foundation.audit.models import AuditEntry
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.jobs.models import DueJob
from tests.makers import make_community, make_facilitator, make_person, make_workshop
from tests.races.truth import assert_true

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)
HOUR = dt.timedelta(hours=1)
CLOSING = NOW + 24 * HOUR
DICE = "4 2 6 1 3 3 5 2 6 1"
THOUSAND = {
    "round": 1000,
    "signature": "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125"
    "e342b73a8dd2bacbe47e4b6b63ed5e39",
    "randomness": "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd",
}
LATER = {
    "round": 657413,
    "signature": "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be"
    "41076862b98fad56e91a6b85b89cd97b",
    "randomness": "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587",
}


@pytest.fixture
def steward() -> Person:
    return make_person("Ada")


@pytest.fixture
def workshop(steward: Person) -> Workshop:
    return make_workshop(make_community(steward=steward))


def ask_for_draw(
    workshop: Workshop, steward: Person, source: str, *, people: int = 8, witnesses=None, **more
) -> None:
    terms = PolicyTerms(kind=Kind.DRAW, capacity=3, closes_at=CLOSING, chance_source=source, **more)
    services.set_policy(workshop=workshop, terms=terms, actor=steward, now=NOW, witnesses=witnesses)
    for _ in range(people):
        person = make_person()
        services.request_seat(workshop=workshop, person=person, actor=person, now=NOW)


def commit(workshop: Workshop) -> Draw:
    services.freeze_due_draws(now=CLOSING)
    return services.prepare_draw(draw=Draw.objects.get(policy__workshop=workshop), now=CLOSING)


def sealed_with(workshop: Workshop, steward: Person, source: str, **more) -> Draw:
    ask_for_draw(workshop, steward, source, **more)
    return commit(workshop)


def finish(draw: Draw, now: dt.datetime = CLOSING + HOUR) -> Draw:
    return services.finish_draw(draw=draw, now=now)


def code_of(call, /, **more) -> str:
    with pytest.raises(RuleBroken) as refusal:
        call(**more)
    return refusal.value.code


class TestBeacons:
    def test_a_published_beacon_is_verified_and_gives_its_randomness(self) -> None:
        for each in (THOUSAND, LATER):
            found = drand.read(json.dumps(each), wanted=each["round"])
            assert found.evidence() == each

    def test_the_randomness_a_relay_states_is_not_believed(self) -> None:
        lied = {**THOUSAND, "randomness": "00" * 32}
        assert drand.read(json.dumps(lied), wanted=1000).randomness == THOUSAND["randomness"]

    def test_another_round_is_refused_though_it_is_signed(self) -> None:
        assert code_of(lambda: drand.read(json.dumps(LATER), wanted=1000)) == "beacon_round"

    def test_a_signature_of_another_round_is_refused(self) -> None:
        swapped = {**LATER, "round": 1000}
        assert code_of(lambda: drand.read(json.dumps(swapped), wanted=1000)) == "beacon_false"

    @pytest.mark.parametrize("flip", ["0", "f"])
    def test_a_changed_signature_is_refused(self, flip: str) -> None:
        signature = THOUSAND["signature"]
        bent = signature[:-1] + (flip if signature[-1] != flip else "1")
        assert code_of(lambda: drand.verify(1000, bent)) == "beacon_false"

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "1000",
            "[]",
            "null",
            "{}",
            '{"round": 1000}',
            '{"round": "1000", "signature": "b4"}',
            '{"round": true, "signature": "b4"}',
            '{"round": 1000, "signature": 4}',
            '{"round": 1000, "signature": "zz"}',
            '{"round": 1000, "signature": "b4"}',
        ],
    )
    def test_what_is_no_beacon_is_said_to_be_none(self, text: str) -> None:
        assert code_of(lambda: drand.read(text, wanted=1000)) == "beacon_shape"

    def test_a_round_is_the_first_at_or_after_its_time(self) -> None:
        at = QUICKNET.time_of(1000)
        assert at == dt.datetime.fromtimestamp(1_692_803_367 + 999 * 3, tz=dt.UTC)
        assert QUICKNET.round_at(at) == 1000
        assert QUICKNET.round_at(at + dt.timedelta(milliseconds=1)) == 1001
        assert QUICKNET.round_at(at - dt.timedelta(seconds=3)) == 999
        assert QUICKNET.round_at(dt.datetime(2020, 1, 1, tzinfo=dt.UTC)) == 1


class Relay(BaseHTTPRequestHandler):
    """Speaks the part of drand's HTTP API that is used: /<chain>/public/<round>."""

    asked: list[str]
    rounds: dict[int, str]

    def do_GET(self) -> None:
        type(self).asked.append(self.path)
        chain, _public, number = self.path.strip("/").split("/")
        body = type(self).rounds.get(int(number)) if chain == QUICKNET.chain_hash else None
        self.send_response(200 if body else 404)
        self.end_headers()
        self.wfile.write((body or '{"error": "EOF"}').encode())

    def log_message(self, *_args) -> None:
        pass


@pytest.fixture
def relay() -> Iterator[tuple[str, type[Relay]]]:
    kind = type("OneRelay", (Relay,), {"asked": [], "rounds": {}})
    server = HTTPServer(("127.0.0.1", 0), kind)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", kind
    server.shutdown()
    server.server_close()
    thread.join()


def announce_round(draw: Draw, number: int) -> None:
    """As if the draw had been sealed just before a round whose beacon was recorded."""
    draw.source["round"] = number
    Draw.objects.filter(pk=draw.pk).update(source=draw.source, chance_due_at=CLOSING)


class TestFetching:
    def test_a_beacon_is_fetched_from_the_next_relay_when_one_fails(self, relay) -> None:
        address, kind = relay
        kind.rounds[1000] = json.dumps(THOUSAND)
        dead = "http://127.0.0.1:9"
        assert drand.fetch(1000, relays=[dead, address]).randomness == THOUSAND["randomness"]
        assert kind.asked == [f"/{QUICKNET.chain_hash}/public/1000"]

    def test_a_relay_that_lies_or_does_not_have_it_is_passed_over(self, relay) -> None:
        address, kind = relay
        kind.rounds[1000] = json.dumps({**THOUSAND, "signature": LATER["signature"]})
        with pytest.raises(drand.NotThere):
            drand.fetch(1000, relays=[address])
        with pytest.raises(drand.NotThere):
            drand.fetch(5, relays=[address])

    def test_a_due_round_is_fetched_and_decides(self, workshop, steward, relay, settings) -> None:
        address, kind = relay
        settings.DRAND_RELAYS = [address]
        draw = sealed_with(workshop, steward, "drand")
        announce_round(draw, 1000)
        assert services.take_chance(draw=draw, now=CLOSING) is False  # not out yet
        job = DueJob.objects.get(key=f"draw-chance:{draw.pk}")
        assert (job.state, job.due_at) == ("waiting", CLOSING + dt.timedelta(seconds=15))
        assert services.take_chance(draw=draw, now=CLOSING + HOUR) is False
        job.refresh_from_db()
        assert job.due_at == CLOSING + HOUR + dt.timedelta(minutes=15)
        kind.rounds[1000] = json.dumps(THOUSAND)
        assert services.take_chance(draw=draw, now=CLOSING + HOUR) is True
        done = finish(draw)
        assert (done.seed, done.evidence) == (THOUSAND["randomness"], THOUSAND)
        assert done.record["chance"]["evidence"] == THOUSAND
        assert services.take_chance(draw=draw, now=CLOSING + 2 * HOUR) is True

    def test_the_round_is_named_when_it_is_sealed_and_lies_ahead(self, workshop, steward) -> None:
        draw = sealed_with(workshop, steward, "drand", chance_minutes=30)
        assert draw.chance_due_at >= CLOSING + HOUR / 2
        assert draw.chance_due_at < CLOSING + HOUR / 2 + dt.timedelta(seconds=3)
        assert QUICKNET.time_of(draw.source["round"]) == draw.chance_due_at
        assert draw.record["committed"]["source"] == draw.source
        assert DueJob.objects.get(key=f"draw-chance:{draw.pk}").due_at == draw.chance_due_at


class TestPasting:
    def test_a_steward_pastes_the_beacon_where_the_site_is_offline(self, workshop, steward) -> None:
        draw = sealed_with(workshop, steward, "drand")
        announce_round(draw, 657413)
        services.paste_beacon(draw=draw, actor=steward, now=CLOSING, beacon=json.dumps(LATER))
        done = finish(draw)
        assert (done.seed, done.chance_by) == (LATER["randomness"], steward)
        assert check(done.record, None) != []  # the seal names another round than the test's: it is noticed

    def test_wrong_or_early_beacons_and_other_people_are_refused(self, workshop, steward) -> None:
        draw = sealed_with(workshop, steward, "drand")

        def paste(beacon, now=CLOSING, actor=steward) -> str:
            return code_of(services.paste_beacon, draw=draw, actor=actor, now=now, beacon=json.dumps(beacon))

        assert paste(THOUSAND) == "beacon_early"
        assert paste(THOUSAND, now=draw.chance_due_at) == "beacon_round"
        with pytest.raises(NotAllowed):
            services.paste_beacon(draw=draw, actor=make_person(), now=CLOSING, beacon="")
        announce_round(draw, 1000)
        assert paste({**LATER, "round": 1000}) == "beacon_false"
        assert code_of(services.throw_dice, draw=draw, actor=steward, now=CLOSING, values=DICE) == (
            "other_source"
        )
        draw.refresh_from_db()
        assert (draw.state, draw.seed) == (Draw.State.COMMITTED, "")


class TestDice:
    def test_what_was_read_out_is_recorded_with_who_typed_it_and_can_be_checked(
        self, workshop, steward
    ) -> None:
        draw = sealed_with(workshop, steward, "dice")
        assert draw.chance_due_at is None
        services.throw_dice(draw=draw, actor=steward, now=CLOSING, values=" 4, 2 6 1\n3 3 5 2 6 1 ")
        done = finish(draw)
        assert (done.seed, done.chance_by, done.chance_at) == (DICE, steward, CLOSING)
        assert check(done.record, None) == []
        assert check(full_record(done), None) == []
        assert_true(workshop)

    @pytest.mark.parametrize(
        ("values", "code"),
        [
            ("", "dice_number"),
            ("4 2 6", "dice_number"),
            (DICE + " 1", "dice_number"),
            ("0" + DICE[1:], "dice_range"),
            ("7" + DICE[1:], "dice_range"),
            ("x" + DICE[1:], "dice_range"),
            ("-1" + DICE[1:], "dice_range"),
            ("٣" + DICE[1:], "dice_range"),
            (DICE.replace(" ", ""), "dice_range"),
        ],
    )
    def test_values_no_such_dice_show_are_refused(self, values: str, code: str) -> None:
        assert code_of(read_dice, text=values, count=10, sides=6) == code

    def test_dice_must_show_enough_different_results(self) -> None:
        said = {"source": "dice", "minutes": 10, "hours": 24}
        assert code_of(check_source, count=3, sides=10, **said) == "dice_too_few"
        assert code_of(check_source, count=7, sides=6, **said) == "dice_too_few"
        assert code_of(check_source, count=10, sides=1, **said) == "dice_sides"
        check_source(count=6, sides=10, **said)
        check_source(count=20, sides=2, **said)

    def test_once_recorded_it_is_never_redone(self, workshop, steward) -> None:
        draw = sealed_with(workshop, steward, "dice")
        services.throw_dice(draw=draw, actor=steward, now=CLOSING, values=DICE)
        again = {"draw": draw, "actor": steward, "now": CLOSING, "values": DICE[::-1]}
        assert code_of(services.throw_dice, **again) == "already_drawn"
        finish(draw)
        assert code_of(services.throw_dice, **again) == "already_drawn"
        draw.refresh_from_db()
        assert draw.seed == DICE

    def test_only_stewards_type_dice_and_only_after_the_seal(self, workshop, steward) -> None:
        ask_for_draw(workshop, steward, "dice")
        services.freeze_due_draws(now=CLOSING)
        draw = Draw.objects.get()
        early = {"draw": draw, "actor": steward, "now": CLOSING, "values": DICE}
        assert code_of(services.throw_dice, **early) == "not_waiting"
        commit(workshop)
        with pytest.raises(NotAllowed):
            services.throw_dice(draw=draw, actor=make_facilitator(workshop), now=CLOSING, values=DICE)

    def test_someone_else_who_was_there_confirms_what_was_typed(self, workshop, steward) -> None:
        draw = sealed_with(workshop, steward, "dice")
        helper = make_facilitator(workshop)
        confirm = {"draw": draw, "now": CLOSING}
        assert code_of(services.confirm_chance, actor=helper, **confirm) == "nothing_to_confirm"
        services.throw_dice(draw=draw, actor=steward, now=CLOSING, values=DICE)
        assert code_of(services.confirm_chance, actor=steward, **confirm) == "own_value"
        with pytest.raises(NotAllowed):
            services.confirm_chance(actor=make_person(), **confirm)
        services.confirm_chance(actor=helper, **confirm)
        row = services.confirm_chance(actor=make_facilitator(workshop), **confirm)
        assert (row.confirmed_by, row.confirmed_at) == (helper, CLOSING)

    def test_the_dice_wait_until_it_is_too_late_to_offer(self, workshop, steward) -> None:
        draw = sealed_with(workshop, steward, "dice")
        late = workshop.sessions.get().starts_at - HOUR
        assert code_of(services.throw_dice, draw=draw, actor=steward, now=late, values=DICE) == "too_late"


class TestOwnValue:
    def test_the_site_opens_what_it_sealed_when_it_said_and_unattended(self, workshop, steward) -> None:
        draw = sealed_with(workshop, steward, "site", chance_minutes=20)
        assert code_of(services.open_own_value, draw=draw, now=CLOSING) == "chance_early"
        services.take_chance(draw=draw, now=CLOSING)
        job = DueJob.objects.get(key=f"draw-chance:{draw.pk}")
        assert job.due_at == CLOSING + HOUR / 3
        assert services.take_chance(draw=draw, now=CLOSING + HOUR / 3)
        done = finish(draw)
        assert sealed(done.seed) == draw.source["sealed"]
        assert check(done.record, None) == []

    def test_nothing_published_tells_the_value_before(self, workshop, steward) -> None:
        draw = sealed_with(workshop, steward, "site")
        secret = SealedDraw.objects.get().secret
        assert secret not in json.dumps([draw.record, draw.source, draw.evidence])
        assert secret not in repr(Announced("site", {}, None, secret))
        assert all(secret not in json.dumps(row.payload) for row in AuditEntry.objects.all())


class TestCrashes:
    def test_each_step_that_a_task_takes_is_looked_at_again(self, workshop, steward) -> None:
        draw = sealed_with(workshop, steward, "dice")
        services.throw_dice(draw=draw, actor=steward, now=CLOSING, values=DICE)
        jobs = DueJob.objects.values_list("task", "due_at")
        path = "convene.apps.seats.tasks."
        assert set(jobs) == {
            (path + "prepare_draw", CLOSING + HOUR / 2),
            (path + "finish_draw", CLOSING + HOUR / 2),
        }

    def test_a_worker_that_died_after_any_step_changes_nothing(self, workshop, steward) -> None:
        draw = sealed_with(workshop, steward, "dice")
        assert services.prepare_draw(draw=draw, now=CLOSING + HOUR).commitment == draw.commitment
        services.throw_dice(draw=draw, actor=steward, now=CLOSING, values=DICE)
        done = finish(draw)
        assert finish(draw, CLOSING + 2 * HOUR).drawn_at == done.drawn_at
        assert services.prepare_draw(draw=draw, now=CLOSING + HOUR).record == done.record

    def test_what_came_too_late_is_not_tried_for_ever(self, workshop, steward) -> None:
        draw = sealed_with(workshop, steward, "site")
        late = workshop.sessions.get().starts_at
        assert services.take_chance(draw=draw, now=late) is True
        Workshop.objects.update(state=Workshop.State.POSTPONED)
        assert services.take_chance(draw=draw, now=late) is False


class TestWitnesses:
    @pytest.fixture
    def people(self) -> list[Person]:
        return [make_person("Eva"), make_person("Finn"), make_person("Gus")]

    @pytest.fixture
    def rows(self, workshop, steward, people) -> list[Witness]:
        ask_for_draw(workshop, steward, "witnesses", witnesses=[person.pk for person in people])
        return list(Witness.objects.select_related("person", "policy"))

    def seal(self, row: Witness, value: str) -> None:
        services.seal_value(witness=row, sealed_hash=sealed(value), actor=row.person, now=NOW)

    def reveal(self, row: Witness, value: str, now: dt.datetime = CLOSING) -> Witness:
        return services.reveal_value(witness=row, value=value, actor=row.person, now=now)

    def committed(self, workshop: Workshop, rows: list[Witness]) -> Draw:
        for row in rows:
            self.seal(row, f"secret of {row.number}")
        return commit(workshop)

    def test_all_values_with_the_sites_own_decide_and_can_be_checked(self, workshop, rows) -> None:
        draw = self.committed(workshop, rows)
        for row in rows:
            self.reveal(row, f"secret of {row.number}")
        done = finish(draw)
        own = SealedDraw.objects.get().secret
        assert done.seed == f"secret of 1\nsecret of 2\nsecret of 3\n{own}"
        assert check(done.record, None) == []

    def test_the_draw_waits_until_all_have_sealed_and_the_last_seal_sets_it_going(
        self, workshop, rows
    ) -> None:
        for row in rows[:2]:
            self.seal(row, f"secret of {row.number}")
        assert commit(workshop).state == Draw.State.FROZEN
        assert services.resume_draws(now=CLOSING) == 0
        self.seal(rows[2], "last")
        assert Draw.objects.get().state == Draw.State.PREPARING

    def test_a_steward_goes_on_with_at_least_two(self, workshop, steward, rows) -> None:
        self.seal(rows[0], "one")
        draw = commit(workshop)
        go_on = {"draw": draw, "actor": steward, "now": CLOSING}
        assert code_of(services.go_on_without, **go_on) == "witnesses_missing"
        self.seal(rows[2], "three")
        services.go_on_without(**go_on)
        draw = services.prepare_draw(draw=draw, now=CLOSING)
        assert [row["name"] for row in draw.source["witnesses"]] == ["witness 1", "witness 3", "site"]
        self.reveal(rows[2], "three")
        self.reveal(rows[0], "one")
        assert check(finish(draw).record, None) == []

    def test_a_steward_names_someone_else_before_the_seal_and_not_after(
        self, workshop, steward, people, rows
    ) -> None:
        self.seal(rows[0], "one")
        other = make_person("Hana")
        ids = [people[0].pk, people[1].pk, other.pk]
        named = services.name_witnesses(workshop=workshop, people=ids, actor=steward, now=NOW)
        assert [(row.number, bool(row.sealed_hash)) for row in named] == [(1, True), (2, False), (3, False)]
        draw = self.committed(workshop, list(Witness.objects.select_related("person", "policy")))
        rename = {"workshop": workshop, "people": ids, "actor": steward, "now": CLOSING}
        assert code_of(services.name_witnesses, **rename) == "sealed_already"
        row = Witness.objects.select_related("person", "policy").first()
        late = {"witness": row, "sealed_hash": sealed("x"), "actor": row.person, "now": CLOSING}
        assert code_of(services.seal_value, **late) == "sealed_already"
        assert draw.state == Draw.State.COMMITTED

    def test_a_wrong_reveal_is_refused_and_a_true_one_stays(self, workshop, rows) -> None:
        self.committed(workshop, rows)
        assert code_of(lambda: self.reveal(rows[0], "Secret of 1")) == "wrong_reveal"
        self.reveal(rows[0], "secret of 1")
        assert self.reveal(rows[0], "something else").value == "secret of 1"

    def test_nobody_reveals_before_the_seal_nor_for_another(self, workshop, rows) -> None:
        self.seal(rows[0], "one")
        assert code_of(lambda: self.reveal(rows[0], "one")) == "not_waiting"
        with pytest.raises(NotAllowed):
            services.reveal_value(witness=rows[0], value="one", actor=rows[1].person, now=CLOSING)
        with pytest.raises(NotAllowed):
            services.seal_value(witness=rows[0], sealed_hash=sealed("x"), actor=rows[1].person, now=NOW)

    def test_two_witnesses_never_seal_the_same(self, rows) -> None:
        self.seal(rows[0], "one")
        assert code_of(lambda: self.seal(rows[1], "one")) == "seal_taken"
        same = {"witness": rows[1], "sealed_hash": "abc", "actor": rows[1].person, "now": NOW}
        assert code_of(services.seal_value, **same) == "not_a_hash"

    def test_who_has_not_revealed_by_the_deadline_is_left_out_by_the_public_rule(
        self, workshop, rows
    ) -> None:
        draw = self.committed(workshop, rows)
        self.reveal(rows[0], "secret of 1")
        assert code_of(services.end_reveals, draw=draw, now=CLOSING) == "chance_early"
        assert services.take_chance(draw=draw, now=draw.chance_due_at)
        assert code_of(lambda: self.reveal(rows[1], "secret of 2", draw.chance_due_at)) == "already_drawn"
        done = finish(draw)
        assert done.seed.split("\n")[:3] == ["secret of 1", "-", "-"]
        assert done.evidence == {"missing": ["witness 2", "witness 3"]}
        assert check(done.record, None) == []

    def test_a_site_cannot_leave_out_a_witness_quietly(self, workshop, rows) -> None:
        draw = self.committed(workshop, rows)
        services.take_chance(draw=draw, now=draw.chance_due_at)
        record = finish(draw).record
        record["chance"]["evidence"] = {}
        assert check(record, None) != []

    def test_fewer_than_two_witnesses_are_refused(self, workshop, steward, people) -> None:
        for ids in ([], [people[0].pk]):
            assert code_of(lambda ids=ids: ask_for_draw(workshop, steward, "witnesses", witnesses=ids)) == (
                "witnesses_number"
            )

    def test_an_erased_witness_keeps_no_name_and_the_record_stays_checkable(self, workshop, rows) -> None:
        draw = self.committed(workshop, rows)
        for row in rows:
            self.reveal(row, f"secret of {row.number}")
        done = finish(draw)
        erase_person(person=rows[0].person, now=CLOSING + HOUR)
        row = Witness.objects.get(pk=rows[0].pk)
        assert (row.person, row.value) == (None, "secret of 1")
        assert check(done.record, None) == []


class TestChoosing:
    def test_by_default_a_beacon_where_it_can_be_fetched_else_the_sites_own(
        self, workshop, steward, settings
    ) -> None:
        settings.DRAND_RELAYS = []
        ask_for_draw(workshop, steward, "", people=0)
        assert SeatPolicy.objects.get().chance_source == ChanceSource.SITE
        settings.DRAND_RELAYS = ["https://relay.example"]
        assert services.default_source() == ChanceSource.DRAND

    def test_the_source_stays_once_people_have_asked(self, workshop, steward) -> None:
        ask_for_draw(workshop, steward, "dice", people=1)
        for change in ({"source": "site"}, {"source": "dice", "dice_count": 12}):
            assert code_of(lambda change=change: ask_for_draw(workshop, steward, people=0, **change)) == (
                "rule_promised"
            )
        ask_for_draw(workshop, steward, "dice", people=0, auditor_id=make_person().pk)

    def test_entries_close_early_enough_for_chance_to_speak(self, workshop, steward) -> None:
        days = (workshop.sessions.get().starts_at - CLOSING) // dt.timedelta(days=1)
        assert code_of(
            ask_for_draw, workshop=workshop, steward=steward, source="drand", chance_minutes=days * 1440
        ) in {"closes_too_late", "chance_minutes"}


class TestAuditor:
    def test_the_named_auditor_alone_reads_everything_after_the_draw_and_it_is_written_down(
        self, workshop, steward
    ) -> None:
        draw = sealed_with(workshop, steward, "dice")
        auditor = make_person("Olga")
        services.name_auditor(workshop=workshop, person=auditor, actor=steward, now=CLOSING)
        read = {"draw": draw, "now": CLOSING}
        assert code_of(services.read_full_record, actor=auditor, **read) == "not_drawn"
        services.throw_dice(draw=draw, actor=steward, now=CLOSING, values=DICE)
        done = finish(draw)
        for stranger in (steward, make_person()):
            with pytest.raises(NotAllowed):
                services.read_full_record(actor=stranger, **read)
            with pytest.raises(NotAllowed):
                services.read_people_file(actor=stranger, **read)
        full = services.read_full_record(actor=auditor, **read)
        header, rows = services.read_people_file(actor=auditor, **read)
        assert check(full, None) == []
        assert check(done.record, [dict(zip(header, row, strict=True)) for row in rows]) == []
        audit = AuditEntry.objects.filter(name="draw_audited")
        assert {(row.actor_id, row.payload["what"]) for row in audit} == {
            (auditor.pk, "record"),
            (auditor.pk, "people"),
        }

    def test_only_stewards_name_the_auditor(self, workshop, steward) -> None:
        with pytest.raises(NotAllowed):
            services.name_auditor(workshop=workshop, person=make_person(), actor=make_person(), now=NOW)


class TestReceiptsAndForgetting:
    def drawn(self, workshop: Workshop, steward: Person) -> Draw:
        draw = sealed_with(workshop, steward, "dice")
        services.throw_dice(draw=draw, actor=steward, now=CLOSING, values=DICE)
        return finish(draw)

    def test_a_receipt_is_there_from_the_seal_on_and_tells_the_result_after(self, workshop, steward) -> None:
        draw = sealed_with(workshop, steward, "dice")
        rows = list(Registration.objects.filter(workshop=workshop))
        before = [receipt_of(row) for row in rows]
        assert {each["leaf"] for each in before} < set(draw.record["committed"]["leaves"])
        assert {each["selected"] for each in before} == {None}
        services.throw_dice(draw=draw, actor=steward, now=CLOSING, values=DICE)
        ticket = finish(draw).record["ticket"]
        for row in rows:
            row.refresh_from_db()
            receipt = receipt_of(row)
            assert receipt["selected"] == (ticket in receipt["tickets"]) == (row.state == State.OFFERED)

    def test_what_one_takes_along_holds_the_receipt(self, workshop, steward) -> None:
        self.drawn(workshop, steward)
        row = Registration.objects.filter(workshop=workshop).first()
        (taken,) = privacy._receipts(row.person_id)
        assert taken["salt"] == receipt_of(row)["salt"]

    def test_erased_after_the_draw_nothing_kept_apart_is_left_and_the_public_record_holds(
        self, workshop, steward
    ) -> None:
        done = self.drawn(workshop, steward)
        row = Registration.objects.filter(workshop=workshop, state=State.OFFERED).first()
        salt, number = receipt_of(row)["salt"], str(row.entries.get().number)
        erase_person(person=row.person, now=CLOSING + HOUR)
        private = SealedDraw.objects.get().private
        assert salt not in json.dumps(private)
        assert number not in {each["id"] for each in private["private"]["entries"]}
        assert all(number not in each["ids"] for each in private["types"])
        assert receipt_of(row) is None
        assert check(Draw.objects.get(pk=done.pk).record, None) == []

    def test_erased_while_it_waits_the_draw_still_works_and_then_the_rest_goes_too(
        self, workshop, steward
    ) -> None:
        draw = sealed_with(workshop, steward, "dice")
        row = Registration.objects.filter(workshop=workshop).first()
        salt = receipt_of(row)["salt"]
        erase_person(person=row.person, now=CLOSING)
        services.throw_dice(draw=draw, actor=steward, now=CLOSING, values=DICE)
        done = finish(draw)
        assert check(done.record, None) == []
        assert salt not in json.dumps(SealedDraw.objects.get().private)
        assert Registration.objects.filter(workshop=workshop, state=State.OFFERED).count() == 3
        assert Entry.objects.get(registration=row).traits == {}


class TestNothingLeftToChance:
    @pytest.mark.parametrize("people", [1, 2, 3])
    def test_a_seat_for_everyone_is_given_at_once(self, workshop, steward, people) -> None:
        done = sealed_with(workshop, steward, "dice", people=people)
        assert (done.state, done.seed, done.record, done.commitment) == (Draw.State.DRAWN, "", {}, "")
        assert Registration.objects.filter(state=State.OFFERED).count() == people
        assert_true(workshop)

    def test_with_nobody_in_it_it_is_over(self, workshop, steward) -> None:
        assert sealed_with(workshop, steward, "dice", people=0).state == Draw.State.DRAWN


class TestDrawsFromBefore:
    def test_a_seed_recorded_before_draws_were_sealed_still_decides(self, workshop, steward) -> None:
        ask_for_draw(workshop, steward, "site")
        services.freeze_due_draws(now=CLOSING)
        Draw.objects.update(state=Draw.State.FROZEN, seed="4 2 6", source_kind="room")
        assert services.resume_draws(now=CLOSING) == 1
        done = finish(Draw.objects.get())
        assert (done.state, done.seed, done.record["seed"]) == (Draw.State.DRAWN, "4 2 6", "4 2 6")
        assert Registration.objects.filter(state=State.OFFERED).count() == 3

    def test_a_frozen_draw_without_a_reason_to_wait_is_prepared(self, workshop, steward) -> None:
        ask_for_draw(workshop, steward, "site")
        services.freeze_due_draws(now=CLOSING)
        Draw.objects.update(state=Draw.State.FROZEN)
        assert services.resume_draws(now=CLOSING) == 1
        assert Draw.objects.get().state == Draw.State.PREPARING


def test_sealing_takes_as_many_statements_for_six_entries_as_for_twenty(steward) -> None:
    counts = []
    for people in (6, 20):
        workshop = make_workshop(make_community(steward=steward))
        ask_for_draw(workshop, steward, "dice", people=people)
        with CaptureQueriesContext(connection) as statements:
            assert commit(workshop).state == Draw.State.COMMITTED
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_the_private_part_is_in_no_list_of_draws(workshop, steward) -> None:
    sealed_with(workshop, steward, "dice")
    with CaptureQueriesContext(connection) as statements:
        assert list(queries.draws_waiting(workshop.community_id)) == list(Draw.objects.all())
    assert "sealeddraw" not in str(statements.captured_queries)


def test_draws_from_before_keep_what_was_promised_through_the_migration(transactional_db) -> None:
    """A steward's draw waits for dice; one that made itself takes the site's own value."""
    executor = MigrationExecutor(connection)
    executor.migrate([("seats", "0002_passed_over")])
    old = executor.loader.project_state([("seats", "0002_passed_over")]).apps
    try:
        community = old.get_model("communities", "Community").objects.create(name="Old", slug="old")
        for number, itself in enumerate((True, False)):
            made = old.get_model("workshops", "Workshop").objects.create(
                community=community, title=f"Workshop {number}"
            )
            policy = old.get_model("seats", "SeatPolicy").objects.create(
                workshop=made, kind="draw", draws_itself=itself
            )
            old.get_model("seats", "Draw").objects.create(
                policy=policy, seats=1, frozen_at=NOW, seed="4 2", seed_source="room" if number else "site"
            )
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
    rows = Draw.objects.order_by("policy__workshop__title").values_list(
        "policy__chance_source", "source_kind", "commitment", "seed"
    )
    assert list(rows) == [("site", "site", "", "4 2"), ("dice", "room", "", "4 2")]
