from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from convene.apps.communities import queries, services
from convene.apps.communities.models import CharterVersion, Trait
from convene.apps.people.queries import has_consent
from convene.apps.people.rules import Purpose
from convene.apps.people.services import withdraw_consent
from convene.foundation.audit.models import AuditEntry
from convene.foundation.errors import RuleBroken
from tests.makers import make_community, make_member, make_person, make_question, make_stakeholder

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def steward():
    return make_person("Stella")


@pytest.fixture
def community(steward):
    return make_community(steward=steward)


def declare(question, person, value):
    services.declare_trait(question=question, value=value, actor=person, now=NOW)


def test_an_answer_is_a_consent_and_taking_it_back_deletes_it(community):
    question, person = make_question(community), make_member(community)
    declare(question, person, "one")
    assert has_consent(person.pk, Purpose.TRAITS, scope_id=question.pk)
    assert queries.traits_of([person.pk], [question]) == {person.pk: {question.pk: "one"}}
    declare(question, person, None)
    assert not has_consent(person.pk, Purpose.TRAITS, scope_id=question.pk)
    assert queries.traits_of([person.pk], [question]) == {person.pk: {}}
    assert Trait.objects.count() == 0


def test_prefer_not_to_say_is_counted_as_such_and_needs_no_consent(community):
    question, person = make_question(community), make_member(community)
    declare(question, person, "")
    assert queries.traits_of([person.pk], [question]) == {person.pk: {question.pk: ""}}
    assert not has_consent(person.pk, Purpose.TRAITS, scope_id=question.pk)


def test_a_consent_withdrawn_elsewhere_hides_the_answer_at_once_and_deletes_it_soon(community):
    question, person = make_question(community), make_member(community)
    declare(question, person, "one")
    withdraw_consent(person=person, purpose=Purpose.TRAITS, scope_id=question.pk, now=NOW)
    assert queries.traits_of([person.pk], [question]) == {person.pk: {}}
    services.forget_trait(person_id=person.pk, question_id=question.pk)
    assert Trait.objects.count() == 0


def test_a_late_deletion_spares_an_answer_given_anew(community):
    question, person = make_question(community), make_member(community)
    declare(question, person, "one")
    services.forget_trait(person_id=person.pk, question_id=question.pk)
    assert Trait.objects.count() == 1


def test_what_somebody_said_is_in_no_audit_entry(community):
    question = make_question(community, values=["a very telling answer", "another"])
    declare(question, make_member(community), "a very telling answer")
    assert all("telling" not in str(entry.payload) for entry in AuditEntry.objects.all())


def test_purpose_and_answers_are_fixed_once_somebody_answered(community, steward):
    question = make_question(community)
    declare(question, make_member(community), "one")
    with pytest.raises(RuleBroken) as broken:
        services.change_trait_question(
            question=question, label="x", purpose="y", values=["a", "b"], actor=steward, now=NOW
        )
    assert broken.value.code == "question_answered"


def test_retiring_a_question_deletes_its_answers_and_consents(community, steward):
    question, person = make_question(community), make_member(community)
    declare(question, person, "one")
    services.retire_trait_question(question=question, actor=steward, now=NOW)
    assert Trait.objects.count() == 0
    assert not has_consent(person.pk, Purpose.TRAITS, scope_id=question.pk)
    with pytest.raises(RuleBroken):
        declare(question, person, "one")


def test_five_questions_are_the_most(community, steward):
    def ask():
        return services.ask_trait_question(
            community=community, label="Where?", purpose="p", values=["a", "b"], actor=steward, now=NOW
        )

    keys = [ask().key for _ in range(5)]
    assert keys == ["where", "where-2", "where-3", "where-4", "where-5"]
    with pytest.raises(RuleBroken) as broken:
        ask()
    assert broken.value.code == "questions_too_many"


def test_my_traits_shows_each_purpose_and_requires_nothing(client, community):
    question, person = make_question(community, purpose="To mix small groups."), make_member(community)
    client.force_login(person)
    assert "To mix small groups." in client.get(reverse("my_traits")).content.decode()
    client.post(reverse("my_traits"), {})
    assert Trait.objects.count() == 0
    client.post(reverse("my_traits"), {str(question.pk): "two"})
    assert Trait.objects.get().value == "two"
    assert client.post(reverse("my_traits"), {str(question.pk): "three"}).status_code == 422


def test_the_composition_page_shows_no_figure_below_five(client, community, steward):
    question = make_question(community, values=["north", "south", "west"])
    for value, count in (("north", 9), ("south", 6), ("west", 2)):
        for _ in range(count):
            declare(question, make_member(community), value)
    client.force_login(steward)
    page = client.get(reverse("composition", args=[community.slug])).content.decode()
    assert '<td class="number">6</td>' in page
    assert '<td class="number">9</td>' not in page
    assert '<td class="number">2</td>' not in page
    assert '<td class="number">18</td>' in page  # all, with the steward who did not answer


# --- charter ---------------------------------------------------------------


def charter(community, steward, *, based_on, domain="New domain"):
    return services.change_charter(
        community=community, content={"domain": domain}, based_on=based_on, note="", actor=steward, now=NOW
    )


def test_every_version_of_the_charter_is_kept_and_public(client, community, steward):
    assert charter(community, steward, based_on=0) == 1
    assert charter(community, steward, based_on=1, domain="Newer domain") == 2
    first = client.get(reverse("charter_version", args=[community.slug, 1])).content.decode()
    assert "New domain" in first
    assert "Newer domain" in client.get(reverse("charter", args=[community.slug])).content.decode()
    assert client.get(reverse("charter_version", args=[community.slug, 3])).status_code == 404


def test_nothing_changed_makes_no_version(community, steward):
    charter(community, steward, based_on=0)
    assert charter(community, steward, based_on=1) == 1
    assert CharterVersion.objects.count() == 1


def test_two_who_write_at_once_lose_no_words(client, community, steward):
    client.force_login(steward)
    where = reverse("charter_edit", args=[community.slug])
    charter(community, steward, based_on=0, domain="Theirs")
    response = client.post(where, {"domain": "Mine", "based_on": "0"})
    assert response.status_code == 422
    assert "Mine" in response.content.decode()
    assert client.post(where, {"domain": "Mine", "based_on": "1"}).status_code == 302


# --- stakeholders ----------------------------------------------------------


def test_a_conversation_moves_last_and_next_contact(community, steward):
    today = NOW.date()
    stakeholder = make_stakeholder(community, next_on=today)
    assert list(queries.stakeholders_due(community.pk, today=today)) == [stakeholder]
    services.note_contact(
        stakeholder=stakeholder, on=today, note="They want figures.", next_on=today + dt.timedelta(days=90),
        actor=steward, now=NOW,
    )  # fmt: skip
    assert list(queries.stakeholders_due(community.pk, today=today)) == []
    assert stakeholder.last_on == today


def test_who_keeps_in_touch_is_a_member(community, steward):
    with pytest.raises(RuleBroken) as broken:
        services.add_stakeholder(
            community=community, name="Board", stake="Money", wants="", contact_email="", contact_name="",
            keeper=make_person(), last_on=None, next_on=None, actor=steward, now=NOW,
        )  # fmt: skip
    assert broken.value.code == "keeper_outside"


def test_a_stakeholder_is_noted_on_the_page(client, community, steward):
    client.force_login(steward)
    where = reverse("stakeholder_new", args=[community.slug])
    assert client.post(where, {"name": "Board"}).status_code == 422
    client.post(where, {"name": "Board", "stake": "Fewer infections", "keeper": str(steward.pk)})
    assert [s.keeper for s in queries.stakeholders_of(community.pk)] == [steward]
