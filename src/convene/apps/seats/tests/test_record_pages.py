"""The pages of a draw that can be checked: for everyone, for those in it, for witnesses and the auditor."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import inspect
import io
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from convene.apps.people.models import Person
from convene.apps.seats import links, services
from convene.apps.seats.models import Draw, Registration, Witness
from convene.apps.seats.rules import Kind
from convene.apps.seats.services import PolicyTerms
from convene.apps.workshops.models import Workshop
from convene.engines.allotment import verifier
from convene.foundation.audit.models import AuditEntry
from tests.makers import make_account, make_community, make_person, make_workshop

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)
HOUR = dt.timedelta(hours=1)
THROWS = "4 2 6 1 3 3 5 6 1 2"
VALUES = ("a value nobody guesses", "قيمة سرية جدا")


@pytest.fixture
def steward() -> Person:
    return make_account("Ada")


@pytest.fixture
def workshop(steward: Person) -> Workshop:
    return make_workshop(make_community(steward=steward))


def announce(workshop: Workshop, steward: Person, *, seats: int = 3, people: int = 8, **terms: Any) -> None:
    """A draw that people have asked to be in, closing in an hour."""
    witnesses = terms.pop("witnesses", None)
    services.set_policy(
        workshop=workshop,
        terms=PolicyTerms(kind=Kind.DRAW, capacity=seats, closes_at=NOW + HOUR, **terms),
        witnesses=[person.pk for person in witnesses] if witnesses else None,
        actor=steward,
        now=NOW,
    )
    for _ in range(people):
        person = make_person()
        services.request_seat(workshop=workshop, person=person, actor=person, now=NOW)


def seal(workshop: Workshop) -> Draw:
    services.freeze_due_draws(now=NOW + HOUR)
    draw = Draw.objects.get(policy__workshop=workshop)
    return services.prepare_draw(draw=draw, now=NOW + HOUR)


def finish(draw: Draw) -> Draw:
    return services.finish_draw(draw=draw, now=NOW + 2 * HOUR)


def by_dice(workshop: Workshop, steward: Person, **more: Any) -> Draw:
    """A draw by dice, made."""
    announce(workshop, steward, chance_source="dice", **more)
    draw = seal(workshop)
    services.throw_dice(draw=draw, actor=steward, now=NOW + HOUR, values=THROWS)
    return finish(draw)


def page_of(client: Client, workshop: Workshop, **query: str) -> str:
    response = client.get(reverse("seat_draw", args=[workshop.pk]), query)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


class TestThePublicPage:
    def test_it_says_in_every_state_what_happens_next(self, client, workshop, steward) -> None:
        announce(workshop, steward, chance_source="dice")
        assert "People can still ask for a seat" in page_of(client, workshop)
        services.freeze_due_draws(now=NOW + HOUR)
        assert "The tickets are being made" in page_of(client, workshop)
        draw = seal(workshop)
        page = page_of(client, workshop)
        assert "Sealed: now chance has to speak" in page
        assert "10 throws of a die with 6 sides, read out in order." in page
        assert draw.commitment in page.replace(" ", "")
        services.throw_dice(draw=draw, actor=steward, now=NOW + HOUR, values=THROWS)
        assert "Chance has spoken" in page_of(client, workshop)
        finish(draw)
        page = page_of(client, workshop)
        assert "The draw is made" in page
        assert THROWS in page

    def test_who_has_no_draw_has_no_page_of_it(self, client, workshop) -> None:
        services.ensure_policy(workshop=workshop, now=NOW)
        assert client.get(reverse("seat_draw", args=[workshop.pk])).status_code == 404

    def test_it_names_the_witnesses_and_who_has_sealed_and_revealed(self, client, workshop, steward) -> None:
        people = [make_person("Noor"), make_person("Grace")]
        Person.objects.filter(pk=people[1].pk).update(name="")
        announce(workshop, steward, chance_source="witnesses", witnesses=people)
        first, second = Witness.objects.order_by("number")
        services.seal_value(
            witness=first,
            sealed_hash=hashlib.sha256(VALUES[0].encode()).hexdigest(),
            actor=people[0],
            now=NOW,
        )
        page = page_of(client, workshop)
        assert re.search(r"Noor sealed .* Witness 2 has not sealed a value yet", page)
        services.seal_value(
            witness=second,
            sealed_hash=hashlib.sha256(VALUES[1].encode()).hexdigest(),
            actor=people[1],
            now=NOW,
        )
        seal(workshop)
        services.reveal_value(witness=second, value=VALUES[1], actor=people[1], now=NOW + HOUR)
        assert re.search(r"Noor sealed .*, to be revealed Witness 2 revealed", page_of(client, workshop))

    def test_of_a_small_draw_nobody_learns_how_few_asked(self, client, workshop, steward) -> None:
        by_dice(workshop, steward, seats=2, people=4)
        page = page_of(client, workshop)
        assert "16 fingerprints" in page
        assert "entries." not in page
        assert "Smallest chance" not in page
        record = client.get(reverse("seat_draw_file", args=[workshop.pk])).content.decode()
        assert '"1/2"' not in record
        # Neither fingerprints nor the time of day are a chance of one half.
        assert "50" not in re.sub(r"[0-9a-f]{8}|\d\d:\d\d", "", page)

    def test_where_there_was_a_seat_for_everyone_nothing_is_said_of_how_many(
        self, client, workshop, steward
    ) -> None:
        announce(workshop, steward, seats=9, people=3, chance_source="dice")
        assert seal(workshop).state == Draw.State.DRAWN
        page = page_of(client, workshop)
        assert "Nothing was left to chance" in page
        assert "Repeat the draw" not in page

    def test_one_and_many_entries_cost_the_same_queries(
        self, client, steward, django_assert_num_queries, django_assert_max_num_queries
    ) -> None:
        counts = []
        for people in (6, 20):
            workshop = make_workshop(make_community(steward=make_person()))
            by_dice(workshop, workshop.community.role_terms.get().person, people=people)
            with django_assert_max_num_queries(30) as captured:
                page_of(client, workshop)
            counts.append(len(captured))
        assert counts[0] == counts[1]


class TestTheFiles:
    def test_the_public_record_is_what_the_verifier_reads_and_names_nobody(
        self, client, workshop, steward
    ) -> None:
        announce(workshop, steward, chance_source="dice")
        assert client.get(reverse("seat_draw_file", args=[workshop.pk])).status_code == 404
        draw = seal(workshop)
        before = json.loads(client.get(reverse("seat_draw_file", args=[workshop.pk])).content)
        assert verifier.check(before) == []
        services.throw_dice(draw=draw, actor=steward, now=NOW + HOUR, values=THROWS)
        finish(draw)
        after = json.loads(client.get(reverse("seat_draw_file", args=[workshop.pk])).content)
        assert verifier.check(after) == []
        assert after["commitment"] == before["commitment"]
        assert set(after) == {"format", "commitment", "committed", "chance", "ticket", "opening"}

    def test_the_verifier_is_served_as_it_stands_with_its_fingerprint(
        self, client, workshop, steward
    ) -> None:
        by_dice(workshop, steward)
        served = client.get(reverse("draw_verifier")).content
        assert served.decode() == inspect.getsource(verifier)
        assert hashlib.sha256(served).hexdigest() in page_of(client, workshop).replace(" ", "")

    def test_the_explanation_is_for_everyone(self, client) -> None:
        page = client.get(reverse("fair_draw")).content.decode()
        assert page.count("10/15") == 3
        assert page.count("6/15") == 5


class TestTheSiteCheckingItself:
    def test_without_a_script_the_site_goes_through_the_steps(self, client, workshop, steward) -> None:
        draw = by_dice(workshop, steward)
        page = page_of(client, workshop, check="1", noted=draw.commitment)
        assert page.count(" holds ") >= 6
        assert "{" not in page
        assert "It is the commitment you noted" in page

    def test_it_says_which_step_fails(self, client, workshop, steward) -> None:
        draw = by_dice(workshop, steward)
        draw.record["ticket"] = (draw.record["ticket"] + 1) % 1000
        draw.save(update_fields=["record"])
        response = client.get(reverse("seat_draw", args=[workshop.pk]), {"check": "1", "noted": "0" * 64})
        failed = re.findall(r'checks__step--bad" data-check="(\w+)"', response.content.decode())
        assert failed == ["noted", "ticket"]

    def test_a_record_that_is_not_sound_is_a_finding_and_no_fault(self, client, workshop, steward) -> None:
        draw = by_dice(workshop, steward)
        draw.record["committed"]["ticket_hashes"] = None
        draw.save(update_fields=["record"])
        response = client.get(reverse("seat_draw", args=[workshop.pk]), {"check": "1"})
        failed = re.findall(r'checks__step--bad" data-check="(\w+)"', response.content.decode())
        assert (response.status_code, failed) == (200, ["read", "commitment"])


class TestTheReceipt:
    def test_it_is_on_the_registration_page_before_and_after_chance(self, client, workshop, steward) -> None:
        announce(workshop, steward, chance_source="dice")
        row = Registration.objects.filter(workshop=workshop).first()
        assert row is not None
        path = links.registration_path(row)
        assert "Your receipt" not in client.get(path).content.decode()
        draw = seal(workshop)
        page = client.get(path).content.decode()
        assert "Your entry is sealed" in page
        assert "of 1000 tickets: your chance is" in page
        services.throw_dice(draw=draw, actor=steward, now=NOW + HOUR, values=THROWS)
        finish(draw)
        row.refresh_from_db()
        page = client.get(path).content.decode()
        words = "it is one of yours" if row.state == "offered" else "it is none of yours"
        assert words in page

    def test_the_file_leads_to_the_sealed_entry_and_to_nobody_elses(self, client, workshop, steward) -> None:
        draw = by_dice(workshop, steward)
        for row in Registration.objects.filter(workshop=workshop).select_related("person"):
            path = reverse("registration_receipt", args=[links.registration_token(row)])
            file = json.loads(client.get(path).content)
            assert file["leaf"] in draw.record["committed"]["leaves"]
            assert verifier.leaf_of(file) == file["leaf"]
            assert file["id"] == str(row.entries.get().number)

    def test_a_wrong_link_and_a_draw_not_sealed_give_none(self, client, workshop, steward) -> None:
        announce(workshop, steward, chance_source="dice")
        row = Registration.objects.filter(workshop=workshop).first()
        assert row is not None
        for token in ("nonsense", links.registration_token(row)):
            assert client.get(reverse("registration_receipt", args=[token])).status_code == 404


class TestTheWitness:
    @pytest.fixture
    def people(self, workshop: Workshop, steward: Person) -> list[Person]:
        people = [make_account("Noor"), make_account("Grace")]
        announce(workshop, steward, chance_source="witnesses", witnesses=people)
        return people

    @pytest.fixture
    def paths(self, people: list[Person]) -> list[str]:
        return [links.witness_path(row) for row in Witness.objects.order_by("number")]

    def test_seals_and_reveals_by_link_without_an_account(self, client, workshop, paths) -> None:
        sealed = hashlib.sha256(VALUES[0].encode()).hexdigest()
        assert client.post(paths[0], {"sealed_hash": sealed}).status_code == 302
        assert client.post(paths[1], {"value": VALUES[1]}).status_code == 302
        assert [bool(row.sealed_hash) for row in Witness.objects.all()] == [True, True]
        assert [row.value for row in Witness.objects.all()] == ["", ""]
        draw = seal(workshop)
        assert draw.state == Draw.State.COMMITTED
        wrong = client.post(paths[0], {"value": "another"})
        assert wrong.status_code == 422
        assert "This is not the value you sealed" in wrong.content.decode()
        assert 'value="another"' in wrong.content.decode()
        for path, value in zip(paths, VALUES, strict=True):
            assert client.post(path, {"value": value}).status_code == 302
        assert finish(draw).state == Draw.State.DRAWN
        assert verifier.check(Draw.objects.get(pk=draw.pk).record) == []

    @pytest.mark.parametrize(
        "typed", [{}, {"sealed_hash": "abc"}, {"value": "zero\u200bwidth"}, {"value": "x" * 201}]
    )
    def test_what_could_not_be_revealed_is_refused_and_kept(self, client, paths, typed) -> None:
        response = client.post(paths[0], typed)
        assert response.status_code == 422
        assert Witness.objects.filter(sealed_hash="").count() == 2
        for value in typed.values():
            assert f'value="{value}"' in response.content.decode()

    def test_signed_in_the_way_leads_to_ones_own_link_and_to_nobody_elses(
        self, client, workshop, people, paths
    ) -> None:
        way = reverse("seat_draw_witness", args=[workshop.pk])
        client.force_login(people[1])
        assert client.get(way)["Location"] == paths[1]
        client.force_login(make_account())
        assert client.get(way).status_code == 404

    def test_the_link_of_someone_who_is_no_witness_any_more_opens_nothing(
        self, client, workshop, steward, people, paths
    ) -> None:
        others = [people[0].pk, make_person().pk]
        services.name_witnesses(workshop=workshop, people=others, actor=steward, now=NOW)
        assert client.get(paths[1]).status_code == 404


class TestTheAuditor:
    def test_reads_both_files_once_the_draw_is_made_and_each_reading_is_written_down(
        self, client, workshop, steward
    ) -> None:
        auditor = make_account("Olga")
        announce(workshop, steward, chance_source="dice", auditor_id=auditor.pk)
        draw = seal(workshop)
        client.force_login(auditor)
        path = reverse("seat_draw_audit", args=[workshop.pk])
        assert client.post(path, {"file": "record"}).status_code == 422
        services.throw_dice(draw=draw, actor=steward, now=NOW + HOUR, values=THROWS)
        finish(draw)
        assert client.get(path).status_code == 200
        full = json.loads(client.post(path, {"file": "record"}).content)
        text = client.post(path, {"file": "people"}).content.decode()
        rows = list(csv.DictReader(io.StringIO(text)))
        assert verifier.check(full, rows) == []
        public = json.loads(client.get(reverse("seat_draw_file", args=[workshop.pk])).content)
        assert verifier.check(public, rows) == []
        read = AuditEntry.objects.filter(name="draw_audited")
        assert {(row.actor_id, row.payload["what"]) for row in read} == {
            (auditor.pk, "record"),
            (auditor.pk, "people"),
        }

    def test_stewards_and_others_are_not_let_in(self, client, workshop, steward) -> None:
        by_dice(workshop, steward)
        path = reverse("seat_draw_audit", args=[workshop.pk])
        for person in (steward, make_account()):
            client.force_login(person)
            assert client.get(path).status_code == 403
            assert client.post(path, {"file": "record"}).status_code == 403
