from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from convene.apps.capabilities import queries, services, tasks
from convene.apps.capabilities.models import Need, NeedSource, SessionRequest
from convene.apps.people.models import Person
from convene.foundation import privacy
from convene.foundation.audit.models import AuditEntry
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.mail.models import MailMessage
from tests.makers import make_community, make_member, make_need, make_person

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def ask(community, **fields):
    values = {
        "name": "Jo Park",
        "email": "jo@example.org",
        "language": "en",
        "topic": "Outbreaks on the night shift",
        "audience": "ward nurses",
        "size": 12,
        "why_now": "Two outbreaks in May",
        "time_from": "head of the ward",
        "may_name": False,
        "now": NOW,
    }
    return services.request_session(community=community, **{**values, **fields})


def count(need):
    return queries.all_needs(need.community_id).get(pk=need.pk).asked


def test_a_wish_and_a_me_too_count_two_and_only_those_who_agreed_are_named():
    community = make_community()
    amina, ben = make_member(community, make_person("Amina")), make_member(community, make_person("Ben"))

    need = services.wish(community=community, title="Cleaning hands", actor=amina, now=NOW)
    services.join_need(need=need, may_name=True, actor=ben, now=NOW)

    read = queries.open_needs(community.pk).get()
    assert (read.asked, read.names, read.asked_words) == (2, ["Ben"], "A few people ask for it")
    assert list(AuditEntry.objects.order_by("at").values_list("name", flat=True)) == [
        "need_asked",
        "need_asked",
    ]


def test_me_too_twice_counts_once_and_keeps_the_words():
    community = make_community()
    person = make_member(community)
    need = services.wish(
        community=community, title="Cleaning hands", text="for my ward", actor=person, now=NOW
    )
    services.join_need(need=need, may_name=True, actor=person, now=NOW)
    source = need.sources.get()
    assert (source.text, source.may_name) == ("for my ward", True)


def test_the_last_wish_taken_back_takes_the_need_along():
    community = make_community()
    one, two = make_member(community), make_member(community)
    need = services.wish(community=community, title="Cleaning hands", actor=one, now=NOW)
    services.join_need(need=need, actor=two, now=NOW)
    services.leave_need(need=need, actor=one, now=NOW)
    assert count(need) == 1
    services.leave_need(need=need, actor=two, now=NOW)
    assert not Need.objects.exists()


def test_only_members_wish_and_only_stewards_settle():
    steward = make_person()
    community = make_community(steward=steward)
    need = make_need(community)
    for outsider in (make_person(), make_member(make_community())):
        with pytest.raises(NotAllowed):
            services.wish(community=community, title="Cleaning hands", actor=outsider, now=NOW)
        with pytest.raises(NotAllowed):
            services.join_need(need=need, actor=outsider, now=NOW)
    member = make_member(community)
    for act in (
        lambda: services.decline_need(need=need, reason="because", actor=member, now=NOW),
        lambda: services.plan_need(need=need, workshop_id=uuid.uuid4(), actor=member, now=NOW),
        lambda: services.merge_needs(into=need, others=[make_need(community)], actor=member, now=NOW),
        lambda: services.reopen_need(need=need, actor=member, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_merged_need_keeps_everyone_once():
    steward = make_person()
    community = make_community(steward=steward)
    a, b, c = (make_member(community) for _ in range(3))
    first = services.wish(community=community, title="Hands", actor=a, now=NOW)
    second = services.wish(community=community, title="Washing hands", actor=a, now=NOW)
    third = services.wish(community=community, title="Hygiene", actor=b, now=NOW)
    services.join_need(need=second, actor=b, now=NOW)
    services.join_need(need=third, actor=c, now=NOW)

    services.merge_needs(into=first, others=[second, third], title="Clean hands", actor=steward, now=NOW)

    kept = queries.open_needs(community.pk).get()
    assert (kept.pk, kept.title, kept.asked) == (first.pk, "Clean hands", 3)
    assert set(Need.objects.filter(state="merged").values_list("merged_into", flat=True)) == {first.pk}


def test_what_was_merged_before_follows_into_the_next_merge():
    steward = make_person()
    community = make_community(steward=steward)
    first, second, third = (make_need(community) for _ in range(3))
    services.merge_needs(into=second, others=[first], actor=steward, now=NOW)
    services.merge_needs(into=third, others=[second], actor=steward, now=NOW)
    assert set(Need.objects.filter(state="merged").values_list("merged_into", flat=True)) == {third.pk}


def test_of_two_stewards_settling_one_need_only_the_first_goes_on():
    steward = make_person()
    community = make_community(steward=steward)
    need = make_need(community)
    stale = Need.objects.get(pk=need.pk)
    services.plan_need(need=need, workshop_id=uuid.uuid4(), actor=steward, now=NOW)
    for act in (
        lambda: services.plan_need(need=stale, workshop_id=uuid.uuid4(), actor=steward, now=NOW),
        lambda: services.decline_need(need=stale, reason="no time", actor=steward, now=NOW),
        lambda: services.merge_needs(into=make_need(community), others=[stale], actor=steward, now=NOW),
    ):
        with pytest.raises(RuleBroken):
            act()


def test_a_declined_need_tells_each_who_asked_once_with_reason_and_pointer():
    steward = make_person()
    community = make_community(steward=steward)
    need = make_need(community, askers=3)
    services.decline_need(
        need=need, reason="The unit teaches it", pointer="training@example.org", actor=steward, now=NOW
    )
    tasks.tell_declined.call(need_id=str(need.pk))
    tasks.tell_declined.call(need_id=str(need.pk))
    mails = MailMessage.objects.filter(kind="need_declined")
    assert mails.count() == 3
    assert all("The unit teaches it" in mail.text and "training@example.org" in mail.text for mail in mails)


def test_a_need_put_on_the_list_again_can_be_planned():
    steward = make_person()
    community = make_community(steward=steward)
    need = make_need(community)
    services.decline_need(need=need, reason="no time", actor=steward, now=NOW)
    services.reopen_need(need=need, actor=steward, now=NOW)
    services.plan_need(need=need, workshop_id=uuid.uuid4(), actor=steward, now=NOW)
    need.refresh_from_db()
    assert (need.state, need.reason) == ("planned", "")


def test_a_request_from_outside_shows_only_once_its_address_is_confirmed():
    community = make_community()
    request = ask(community)
    assert not Need.objects.exists()
    assert not Person.objects.filter(email="jo@example.org").exists()

    need = services.confirm_request(request=request, now=NOW + dt.timedelta(days=6))
    again = services.confirm_request(request=SessionRequest.objects.get(), now=NOW + dt.timedelta(days=8))

    assert need == again
    source = NeedSource.objects.select_related("person").get()
    assert (source.person.email, source.kind, source.size, source.may_name) == (
        "jo@example.org",
        "request",
        12,
        False,
    )
    request.refresh_from_db()
    assert (request.name, request.email, request.why_now) == ("", "", "")


def test_the_first_wish_offers_the_list_of_needs_and_the_first_request_an_open_door():
    community = make_community()
    need = services.wish(community=community, title="Hands", actor=make_member(community), now=NOW)
    tasks.offer_what_helps.call(need_id=str(need.pk), source_id=str(need.sources.get().pk))
    assert set(community.features.values_list("name", "on")) == {("needs", False)}
    asked = services.confirm_request(request=ask(community), now=NOW)
    tasks.offer_what_helps.call(need_id=str(asked.pk), source_id=str(asked.sources.get().pk))
    assert set(community.features.values_list("name", "on")) == {("needs", False), ("open_door", False)}


def test_a_request_older_than_a_week_is_not_confirmed_and_soon_forgotten():
    request = ask(make_community())
    with pytest.raises(RuleBroken) as refused:
        services.confirm_request(request=request, now=NOW + dt.timedelta(days=7, minutes=1))
    assert refused.value.code == "request_stale"
    tasks.forget_unconfirmed.call(request_id=str(request.pk))
    assert not SessionRequest.objects.exists()


def test_one_address_asks_three_times_a_day_at_most():
    community = make_community()
    for _ in range(3):
        ask(community)
    with pytest.raises(RuleBroken) as refused:
        ask(community, email="JO@example.org ")
    assert refused.value.code == "request_rate"
    ask(community, now=NOW + dt.timedelta(days=1, minutes=1))


def test_the_confirmation_is_mailed_once_and_links_to_a_page():
    request = ask(make_community())
    tasks.mail_confirmation.call(request_id=str(request.pk))
    tasks.mail_confirmation.call(request_id=str(request.pk))
    mail = MailMessage.objects.get()
    assert mail.to_address == "jo@example.org"
    assert "/needs/confirm/" in mail.text


def test_an_erased_person_leaves_the_count_and_no_words():
    community = make_community()
    person = make_member(community)
    need = services.wish(
        community=community, title="Cleaning hands", text="my ward 7", may_name=True, actor=person, now=NOW
    )
    ask(community, email=person.email)
    assert {"capabilities.NeedSource", "capabilities.SessionRequest"} <= set(privacy.export_person(person.pk))

    privacy.erase_person(person.pk)

    source = need.sources.get()
    assert (source.person, source.text, source.may_name) == (None, "", False)
    assert not SessionRequest.objects.exists()
    assert count(need) == 1


def test_a_name_that_is_an_address_is_refused_when_it_is_typed_not_when_it_is_confirmed():
    with pytest.raises(RuleBroken) as broken:
        ask(make_community(), name="kim@example.org")
    assert (broken.value.code, broken.value.field) == ("name_is_link", "name")
