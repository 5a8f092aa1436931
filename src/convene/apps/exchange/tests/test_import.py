"""Import: nothing before the yes, every row's fate shown, one bad row stops no other."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from convene.apps.communities.models import Membership, Trait, TraitQuestion
from convene.apps.communities.services import declare_trait
from convene.apps.exchange import queries, services
from convene.apps.exchange.models import TableImport
from convene.apps.exchange.rules import Fate
from convene.apps.people.models import Person
from convene.apps.people.rules import Purpose
from convene.apps.people.services import withdraw_consent
from convene.apps.seats.models import Registration
from convene.foundation.errors import NotAllowed, RuleBroken
from tests.makers import (
    make_community,
    make_member,
    make_person,
    make_policy,
    make_question,
    make_registration,
    make_workshop,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)


@pytest.fixture
def steward():
    return make_person("Ines")


@pytest.fixture
def community(steward):
    return make_community(steward=steward)


def start(community, text, steward, workshop=None):
    return services.start_import(
        community=community, workshop=workshop, data=text.encode(), filename="t.csv", actor=steward, now=NOW
    )


def fates(pending):
    return [str(verdict.fate) for verdict in queries.dry_run(pending)]


def test_a_dry_run_says_every_rows_fate_and_changes_nothing(community, steward):
    make_member(community, make_person("Old", email="old@example.org"))
    make_person("Known", email="known@example.org")
    text = "name,email\nNew,new@example.org\nOld,old@example.org\nKnown,known@example.org\nBad,nowhere\n,\nAgain,new@example.org\n"
    pending = start(community, text, steward)
    assert fates(pending) == ["new", "already", "known", "wrong", "wrong"]
    assert Membership.objects.filter(community=community).count() == 2


def test_people_come_in_with_tier_and_organisation_and_their_rows_are_forgotten(community, steward):
    pending = start(community, "name,email,tier,company\nAna,ana@example.org,Core,St Anne\nBo,,,\n", steward)
    applied = services.apply_import(pending=pending, consented=False, actor=steward, now=NOW)
    assert applied.counts == {Fate.NEW: 2}
    ana = Membership.objects.get(person__email="ana@example.org")
    assert (ana.tier, ana.organisation.name) == ("core", "St Anne")
    assert Membership.objects.filter(person__name="Bo", person__email=None).exists()
    assert TableImport.objects.get().rows == []
    with pytest.raises(RuleBroken):
        services.apply_import(pending=pending, consented=False, actor=steward, now=NOW)


def test_answers_are_taken_over_only_with_consent(community, steward):
    TraitQuestion.objects.create(
        community=community, key="role", label="Your role", purpose="Mixed rooms", values=["nurse", "doctor"]
    )
    for consented, kept in ((False, 0), (True, 1)):
        text = f"name,email,role\nAna,ana{kept}@example.org,nurse\n"
        pending = start(community, text, steward)
        services.apply_import(pending=pending, consented=consented, actor=steward, now=NOW)
        assert Trait.objects.count() == kept
    assert fates(start(community, "name,role\nBo,pilot\n", steward)) == ["wrong"]


def test_registrations_of_a_training_unit_take_seats_before_those_who_waited(community, steward):
    workshop = make_workshop(community)
    make_policy(workshop, capacity=2)
    make_registration(workshop, make_person(email="here@example.org"), state="waitlisted")
    text = (
        "Fullname,Email,Status\nWaits,w@example.org,60\nBooked,b@example.org,70\n"
        "Gone,g@example.org,user_cancelled\nHere,here@example.org,booked\nOdd,o@example.org,maybe\n"
    )
    pending = start(community, text, steward, workshop)
    assert fates(pending) == ["seat", "already", "list", "left_out", "wrong"]
    services.apply_import(pending=pending, consented=False, actor=steward, now=NOW)
    states = dict(Registration.objects.values_list("person__email", "state"))
    assert states.keys() == {"b@example.org", "w@example.org", "here@example.org"}


def test_only_stewards_of_this_community_bring_in_and_take_out(client, community, steward):
    other = make_person()
    make_community(steward=other)
    with pytest.raises(NotAllowed):
        start(community, "name\nA\n", other)
    pending = start(community, "name\nA\n", steward)
    client.force_login(other)
    paths = [
        reverse("exchange", args=[community.slug]),
        reverse("people_import", args=[community.slug]),
        reverse("table_mapping", args=[pending.pk]),
        reverse("table_dry_run", args=[pending.pk]),
    ]
    assert [client.get(path).status_code for path in paths] == [404] * 4
    assert client.post(reverse("everything_export", args=[community.slug])).status_code == 404


def test_from_upload_to_yes_through_the_pages(client, community, steward):
    client.force_login(steward)
    path = reverse("people_import", args=[community.slug])
    assert client.post(path, {}).status_code == 422
    bad = SimpleUploadedFile("t.csv", b"Name,name\nA,B\n")
    assert "same name" in client.post(path, {"file": bad}).content.decode()
    good = SimpleUploadedFile("t.csv", b"who,address\nAna,ana@example.org\nBo,bo@\n")
    mapping = client.post(path, {"file": good})["Location"]
    assert client.post(mapping, {"column-0": "name", "column-1": "name"}).status_code == 422
    dry_run = client.post(mapping, {"column-0": "name", "column-1": "email"})["Location"]
    page = client.get(dry_run).content.decode()
    assert "becomes a member" in page
    assert client.post(dry_run, {}).status_code == 302
    assert Membership.objects.filter(community=community, person__name="Ana").exists()


def test_everything_goes_out_with_seat_states_in_four_vocabularies(client, community, steward):
    workshop = make_workshop(community)
    make_registration(workshop, make_person("Ana"), state="confirmed")
    client.force_login(steward)
    response = client.post(reverse("everything_export", args=[community.slug]))
    with zipfile.ZipFile(BytesIO(response.content)) as archive:
        names = set(archive.namelist())
        table = archive.read("registrations.csv").decode("utf-8-sig").splitlines()
        assert json.loads(archive.read("community.json"))["name"] == community.name
    assert {"people.csv", "workshops.json", "sessions.json", "movements.csv"} <= names
    assert "70,booked,ACCEPTED,ReservationConfirmed" in table[1]


def test_an_export_takes_as_many_queries_for_one_row_as_for_many(community, django_assert_max_num_queries):
    from convene.apps.workshops.models import Workshop

    workshop = make_workshop(community)
    for _n in range(12):
        make_registration(workshop, state="confirmed")
    with django_assert_max_num_queries(4):
        assert len(queries.registration_rows(Workshop.objects.filter(community=community))) == 12
    with django_assert_max_num_queries(3):
        queries.people_rows(community.pk)


def test_uploads_nobody_said_yes_to_are_forgotten(community, steward):
    import datetime as dt

    start(community, "name\nA\n", steward)
    assert services.forget_old_imports(now=NOW + dt.timedelta(days=6)) == 0
    assert services.forget_old_imports(now=NOW + dt.timedelta(days=8)) == 1


def test_no_table_speaks_over_what_people_said_or_took_back_themselves(community, steward):
    question = make_question(community, key="ward", values=["surgery", "children"])
    silent, said, withdrew = (make_member(community, make_person(email=f"{n}@example.org")) for n in "abc")
    declare_trait(question=question, value="", actor=said, now=NOW)
    declare_trait(question=question, value="children", actor=withdrew, now=NOW)
    withdraw_consent(person=withdrew, purpose=Purpose.TRAITS, scope_id=question.pk, now=NOW)
    Trait.objects.filter(person=withdrew).delete()  # as the task that follows does
    text = "email,ward\na@example.org,surgery\nb@example.org,surgery\nc@example.org,surgery\n"
    services.apply_import(pending=start(community, text, steward), consented=True, actor=steward, now=NOW)
    assert {(row.person_id, row.value) for row in Trait.objects.all()} == {
        (silent.pk, "surgery"),
        (said.pk, ""),
    }


def test_an_unknown_language_and_a_missing_name_stop_no_row(community, steward):
    text = "name,email,language\nAna,,English or so I think\n,bo@example.org,en\n"
    pending = start(community, text, steward)
    assert fates(pending) == ["new", "new"]
    assert services.apply_import(pending=pending, consented=False, actor=steward, now=NOW).problems == []
    assert Person.objects.get(name="Ana").language == ""


def test_what_people_wrote_goes_out_and_runs_in_no_spreadsheet(client, community, steward):
    workshop = make_workshop(community)
    make_registration(workshop, make_person("=cmd()"), hope="@sum", state="confirmed")
    client.force_login(steward)
    text = client.post(reverse("registrations_export", args=[workshop.pk])).content.decode()
    assert "'=cmd()" in text
    assert "'@sum" in text
