"""People are found or made once; consent and access needs go as promised."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from convene.apps.people import queries, services
from convene.apps.people.models import AccessNeed, Consent, Person
from convene.apps.people.rules import AccessKind, Purpose
from convene.foundation.audit.models import AuditEntry
from convene.foundation.errors import RuleBroken
from tests.makers import make_account, make_person

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def find(email: str, name: str = "Ada", **fields) -> Person:
    return services.find_or_make_person(
        email=email, name=name, language=fields.get("language", ""), zone=fields.get("zone", ""), now=NOW
    )


def test_an_outsider_is_made_without_an_account_and_found_again_by_any_spelling_of_the_address():
    made = find(" Ada@Example.org ", "Ada  Lovelace", language="ar", zone="Europe/Berlin")
    assert (made.email, made.name, made.language, made.zone) == (
        "ada@example.org",
        "Ada Lovelace",
        "ar",
        "Europe/Berlin",
    )
    assert not queries.has_account(made)
    assert not made.has_usable_password()
    assert find("ADA@example.org", "Someone Else").pk == made.pk
    assert Person.objects.get().name == "Ada Lovelace"


def test_a_name_nobody_gave_yet_is_filled_in_but_not_on_an_account():
    invited = Person.objects.create_user(email="invited@example.org")
    assert find("invited@example.org", "Bo").name == "Bo"
    account = make_account(email="has@example.org")
    Person.objects.filter(pk=account.pk).update(name="")
    assert find("has@example.org", "Mallory").name == ""
    assert Person.objects.get(pk=invited.pk).name == "Bo"


def test_a_second_confirmed_address_finds_the_same_person_and_an_unconfirmed_one_does_not():
    from allauth.account.models import EmailAddress

    person = make_account(email="work@example.org")
    EmailAddress.objects.create(user=person, email="home@example.org", verified=True)
    EmailAddress.objects.create(user=person, email="claimed@example.org", verified=False)
    assert find("home@example.org").pk == person.pk
    assert find("claimed@example.org").pk != person.pk


@pytest.mark.parametrize("email", ["", "nobody", "a@b@c.org", "a b@example.org"])
def test_what_is_no_address_is_refused_beside_its_field(email):
    with pytest.raises(RuleBroken) as refused:
        find(email)
    assert (refused.value.code, refused.value.field) == ("bad_email", "email")


@pytest.mark.parametrize(
    ("name", "code"),
    [(" ", "no_name"), ("x" * 121, "name_too_long"), ("see https://spam.example", "name_is_link")],
)
def test_a_name_must_be_a_name(name, code):
    with pytest.raises(RuleBroken) as refused:
        find("new@example.org", name)
    assert refused.value.code == code
    assert not Person.objects.exists()


def test_an_unknown_language_or_zone_is_left_empty_for_a_newcomer():
    person = find("new@example.org", language="tlh", zone="Mars/Olympus")
    assert (person.language, person.zone) == ("", "")


def test_the_profile_changes_only_what_is_given():
    person = make_person("Ada", wants="sewing")
    services.update_profile(person=person, now=NOW, zone="Asia/Kolkata", offers="Statistics")
    person.refresh_from_db()
    assert (person.name, person.zone, person.offers, person.wants) == (
        "Ada",
        "Asia/Kolkata",
        "Statistics",
        "sewing",
    )


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"zone": "Berlin"}, "zone"),
        ({"language": "xx"}, "language"),
        ({"name": ""}, "name"),
        ({"decent_from": dt.time(8), "decent_until": dt.time(8, 30)}, "decent_until"),
    ],
)
def test_a_profile_that_cannot_hold_is_refused_and_kept_as_it_was(fields, field):
    person = make_person("Ada")
    with pytest.raises(RuleBroken) as refused:
        services.update_profile(person=person, now=NOW, **fields)
    assert refused.value.field == field
    assert Person.objects.get().name == "Ada"


def test_consent_stands_once_and_is_withdrawn_not_overwritten():
    person, scope = make_person(), uuid.uuid4()
    first = services.give_consent(person=person, purpose=Purpose.TRAITS, scope_id=scope, now=NOW)
    again = services.give_consent(person=person, purpose=Purpose.TRAITS, scope_id=scope, now=NOW)
    assert first == again
    assert queries.has_consent(person.pk, Purpose.TRAITS, scope_id=scope)
    assert not queries.has_consent(person.pk, Purpose.TRAITS)
    assert services.withdraw_consent(person=person, purpose=Purpose.TRAITS, scope_id=scope, now=NOW)
    assert not services.withdraw_consent(person=person, purpose=Purpose.TRAITS, scope_id=scope, now=NOW)
    services.give_consent(person=person, purpose=Purpose.TRAITS, scope_id=scope, now=NOW)
    assert Consent.objects.count() == 2
    assert list(AuditEntry.objects.order_by("at").values_list("name", flat=True)).count("consent_given") == 2


@pytest.mark.parametrize("scope", [None, uuid.uuid4()])
def test_the_database_refuses_a_second_standing_yes(scope):
    from django.db import IntegrityError, transaction

    person = make_person()
    Consent.objects.create(person=person, purpose="traits", scope_id=scope, given_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.create(person=person, purpose="traits", scope_id=scope, given_at=NOW)


def test_people_consenting_is_one_query_for_many(django_assert_num_queries):
    people = [make_person() for _ in range(3)]
    services.give_consent(person=people[1], purpose=Purpose.DIRECTORY, now=NOW)
    with django_assert_num_queries(1):
        found = queries.people_consenting(Purpose.DIRECTORY, person_ids=[p.pk for p in people])
    assert found == {people[1].pk}


def test_an_access_need_is_kept_for_a_year_with_consent_and_told_twice_is_one():
    person = make_person()
    need = services.record_access_need(person=person, kind=AccessKind.CAPTIONS, now=NOW)
    assert need.expires_on == NOW.date() + dt.timedelta(days=365)
    assert queries.has_consent(person.pk, Purpose.ACCESS_NEEDS)
    services.record_access_need(person=person, kind="captions", detail="In German", now=NOW)
    assert AccessNeed.objects.get().detail == "In German"


def test_needs_for_a_workshop_are_the_general_ones_and_its_own_until_their_day():
    person, here, elsewhere = make_person(), uuid.uuid4(), uuid.uuid4()
    services.record_access_need(person=person, kind="captions", now=NOW)
    services.record_access_need(person=person, kind="food", workshop_id=here, now=NOW)
    services.record_access_need(person=person, kind="quiet", workshop_id=elsewhere, now=NOW)
    AccessNeed.objects.create(person=person, kind="breaks", expires_on=NOW.date() - dt.timedelta(days=1))
    assert [need.kind for need in queries.needs_for([person.pk], here)] == ["captions", "food"]


def test_the_owner_reads_who_saw_their_needs_once_a_day_and_not_their_own_looks():
    person, facilitator, here = make_person(), make_person("Fay"), uuid.uuid4()
    other = make_person()
    services.record_access_need(person=person, kind="captions", now=NOW)
    for viewer in (facilitator, facilitator, person):
        shown = services.show_access_needs(
            viewer=viewer, person_ids=[person.pk, other.pk], workshop_id=here, now=NOW
        )
        assert [need.kind for need in shown[person.pk]] == ["captions"]
    assert [str(view.viewer) for view in queries.looks_at_needs(person)] == ["Fay"]
    assert not queries.looks_at_needs(other).exists()


def test_withdrawing_the_consent_deletes_the_needs():
    person = make_person()
    services.record_access_need(person=person, kind="captions", now=NOW)
    services.withdraw_consent(person=person, purpose=Purpose.ACCESS_NEEDS, now=NOW)
    assert not AccessNeed.objects.exists()


def test_needs_go_on_the_day_after_their_last():
    person = make_person()
    services.record_access_need(person=person, kind="captions", expires_on=NOW.date(), now=NOW)
    assert services.forget_expired_needs(now=NOW) == 0
    assert services.forget_expired_needs(now=NOW + dt.timedelta(days=1)) == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "gold"}, "kind"),
        ({"kind": "other"}, "detail"),
        ({"kind": "food", "detail": "x" * 1001}, "detail"),
        ({"kind": "food", "expires_on": NOW.date() - dt.timedelta(days=1)}, "expires_on"),
        ({"kind": "food", "expires_on": NOW.date() + dt.timedelta(days=800)}, "expires_on"),
    ],
)
def test_a_need_that_cannot_be_kept_is_refused_beside_its_field(fields, field):
    with pytest.raises(RuleBroken) as refused:
        services.record_access_need(person=make_person(), now=NOW, **fields)
    assert refused.value.field == field
    assert not AccessNeed.objects.exists()


def test_one_removes_only_ones_own_need():
    need = services.record_access_need(person=make_person(), kind="food", now=NOW)
    assert not services.remove_access_need(person=make_person(), need_id=need.pk)
    assert services.remove_access_need(person=need.person, need_id=need.pk)
