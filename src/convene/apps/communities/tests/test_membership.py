from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from convene.apps.communities import mails, queries, services
from convene.apps.communities.models import Community, Membership, Organisation, RoleTerm
from convene.apps.people.queries import has_consent
from convene.apps.people.rules import Purpose
from convene.apps.people.services import erase_person
from convene.foundation.access import links
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.jobs.models import DueJob
from convene.foundation.mail.models import MailMessage
from tests.makers import make_community, make_member, make_person, make_role
from tests.traces import tables_holding

pytestmark = pytest.mark.django_db
NOW = timezone.now()
YEAR = dt.timedelta(days=366)


@pytest.fixture
def steward():
    return make_person("Stella")


@pytest.fixture
def community(steward):
    return make_community(steward=steward)


def of(community, person) -> Membership:
    return Membership.objects.filter(community=community, person=person).latest("since", "ended_on")


def invite(community, steward, email="new@example.org") -> Membership:
    return services.invite_member(
        community=community, email=email, name="", tier="active", actor=steward, now=NOW
    )


def test_an_invitation_is_accepted_by_its_button_and_never_by_opening_the_link(client, community, steward):
    membership = invite(community, steward)
    where = reverse(
        "membership_invited", args=[links.sign(mails.INVITATION, membership.pk, membership.link_version)]
    )
    assert where in MailMessage.objects.get().text
    assert client.get(where).status_code == 200
    membership.refresh_from_db()
    assert membership.state == "invited"
    assert client.post(where, {"answer": "accept", "name": ""}).status_code == 422
    client.post(where, {"answer": "accept", "name": "Noor Haddad"})
    membership.refresh_from_db()
    assert membership.state == "active"
    assert membership.person.name == "Noor Haddad"
    again = client.post(where, {"answer": "accept", "name": "x"})
    assert "has been answered" in again.content.decode()


def test_no_is_a_fine_answer_and_final_for_this_invitation(client, community, steward):
    membership = invite(community, steward)
    where = reverse("membership_invited", args=[links.sign(mails.INVITATION, membership.pk, 0)])
    client.post(where, {"answer": "decline"})
    membership.refresh_from_db()
    assert (membership.state, membership.ended_by_self) == ("left", True)


def test_inviting_again_spends_the_old_link(client, community, steward):
    membership = invite(community, steward)
    old = links.sign(mails.INVITATION, membership.pk, membership.link_version)
    services.invite_again(membership=membership, actor=steward, now=NOW + dt.timedelta(days=2))
    assert client.get(reverse("membership_invited", args=[old])).status_code == 410
    assert MailMessage.objects.filter(kind="community_invitation").count() == 2


def test_nobody_is_invited_more_than_once_a_day_whatever_the_steward_presses(client, community, steward):
    membership = invite(community, steward)
    client.force_login(steward)
    again = reverse("invitation_again", args=[community.slug, membership.pk])
    assert client.post(again).status_code == 422
    services.take_back_invitation(membership=membership, actor=steward, now=NOW)
    with pytest.raises(RuleBroken) as broken:
        invite(community, steward, email=membership.person.email)
    assert broken.value.code == "invited_lately"
    assert MailMessage.objects.filter(kind="community_invitation").count() == 1


def test_nobody_is_a_member_twice(community, steward):
    membership = invite(community, steward)
    with pytest.raises(RuleBroken) as broken:
        invite(community, steward, email=membership.person.email.upper())
    assert broken.value.code == "already_member"


def test_adding_somebody_who_is_invited_makes_them_a_member(community, steward):
    membership = invite(community, steward)
    added = services.add_member(community=community, person=membership.person, actor=steward, now=NOW)
    assert added.pk == membership.pk
    assert added.state == "active"


def test_only_a_steward_adds_and_invites(community):
    member = make_member(community)
    with pytest.raises(NotAllowed):
        services.add_member(community=community, person=make_person(), actor=member, now=NOW)
    with pytest.raises(NotAllowed):
        invite(community, member)


# --- once a year -----------------------------------------------------------


def reviewed(community, **fields) -> Membership:
    person = make_member(community, since=NOW.date() - YEAR, review_on=NOW.date(), **fields)
    return of(community, person)


def test_still_for_you_is_asked_once_and_reminded_once(community):
    membership = reviewed(community)
    for _ in range(2):
        services.ask_still_for_you(membership=membership, on=NOW.date(), now=NOW)
    assert MailMessage.objects.filter(kind="still_for_you").count() == 1
    later = NOW + dt.timedelta(days=31)
    for _ in range(2):
        services.ask_still_for_you(membership=membership, on=NOW.date(), now=later)
    assert MailMessage.objects.filter(kind="still_for_you").count() == 2
    assert DueJob.objects.filter(key=f"still-for-you:{membership.pk}:again").count() == 1


def test_a_question_that_was_answered_is_not_asked(community):
    membership = reviewed(community)
    services.stay_member(membership=membership, actor=membership.person, now=NOW)
    services.ask_still_for_you(membership=membership, on=NOW.date(), now=NOW)
    assert MailMessage.objects.count() == 0
    assert membership.review_on.year == NOW.year + 1


def test_the_yearly_link_stays_pauses_and_leaves_by_button(client, community):
    membership = reviewed(community)
    where = reverse("membership_review", args=[links.sign(mails.REVIEW, membership.pk, 0)])
    assert client.get(where).status_code == 200
    client.post(where, {"answer": "pause"})
    membership.refresh_from_db()
    assert membership.state == "paused"
    client.post(where, {"answer": "stay"})
    membership.refresh_from_db()
    assert membership.state == "active"
    thanked = client.post(where, {"answer": "leave", "reason": "New job."})
    assert "Thank you" in thanked.content.decode()
    membership.refresh_from_db()
    assert (membership.state, membership.end_reason) == ("left", "New job.")
    assert client.get(where).status_code == 410


def test_who_holds_a_role_hands_it_over_before_pausing(community):
    membership = reviewed(community)
    make_role(community, membership.person, RoleTerm.Role.HOST)
    with pytest.raises(RuleBroken) as broken:
        services.pause_membership(membership=membership, actor=membership.person, now=NOW)
    assert broken.value.code == "role_held"


# --- leaving and returning -------------------------------------------------


def test_who_left_by_themselves_returns_within_a_year_by_the_thanks_mail(client, community):
    membership = of(community, make_member(community))
    services.leave_community(membership=membership, actor=membership.person, now=NOW)
    membership.refresh_from_db()
    where = reverse(
        "membership_return", args=[links.sign(mails.RETURN, membership.pk, membership.link_version)]
    )
    assert where in MailMessage.objects.get().text
    client.get(where)
    assert queries.live_membership(membership.person_id, community.pk) is None
    client.post(where)
    back = queries.live_membership(membership.person_id, community.pk)
    assert back is not None
    assert back.tier == "peripheral"


def test_after_a_year_or_when_a_steward_ended_it_one_applies_anew(community, steward):
    membership = of(community, make_member(community))
    services.leave_community(membership=membership, actor=membership.person, now=NOW)
    membership.refresh_from_db()
    with pytest.raises(RuleBroken):
        services.return_to_community(
            membership=membership, actor=membership.person, now=NOW + dt.timedelta(days=370)
        )
    ended = of(community, make_member(community))
    services.end_membership(membership=ended, reason="Sold things.", actor=steward, now=NOW)
    ended.refresh_from_db()
    with pytest.raises(RuleBroken):
        services.return_to_community(membership=ended, actor=ended.person, now=NOW)
    assert "Sold things." in MailMessage.objects.get(to_address=ended.person.email).text


def test_the_last_steward_hands_over_before_leaving(community, steward):
    with pytest.raises(RuleBroken) as broken:
        services.leave_community(membership=of(community, steward), actor=steward, now=NOW)
    assert broken.value.code == "last_steward"
    second = make_member(community)
    services.give_role(community=community, person=second, role="steward", actor=steward, now=NOW)
    services.leave_community(membership=of(community, steward), actor=steward, now=NOW)
    assert list(queries.stewards_of(community)) == [second]


def test_leaving_ends_every_role_with_its_reason(community):
    person = make_member(community)
    term = make_role(community, person, RoleTerm.Role.FACILITATOR)
    services.leave_community(membership=of(community, person), actor=person, now=NOW)
    term.refresh_from_db()
    assert term.ends_on == NOW.date()
    assert term.end_reason == "left the community"


# --- roles -----------------------------------------------------------------


def test_a_role_ends_today_and_is_no_longer_held_today(community, steward):
    second = make_member(community)
    term = services.give_role(community=community, person=second, role="steward", actor=steward, now=NOW)
    services.end_role(term=term, reason="Enough.", actor=second, now=NOW)
    assert list(queries.stewards_of(community)) == [steward]


def test_of_two_stewards_only_one_can_be_ended(community, steward):
    second = make_member(community)
    services.give_role(community=community, person=second, role="steward", actor=steward, now=NOW)
    terms = {term.person_id: term for term in queries.roles_now(community.pk)}
    services.end_role(term=terms[second.pk], reason="x", actor=steward, now=NOW)
    with pytest.raises(RuleBroken) as broken:
        services.end_role(term=terms[steward.pk], reason="x", actor=steward, now=NOW)
    assert broken.value.code == "last_steward"


def test_nobody_holds_a_role_twice(community, steward):
    with pytest.raises(RuleBroken) as broken:
        services.give_role(community=community, person=steward, role="steward", actor=steward, now=NOW)
    assert broken.value.code == "role_held"


def test_a_term_lapses_on_its_day_but_never_leaves_a_community_alone(community, steward):
    second = make_member(community)
    until = NOW.date() + dt.timedelta(days=30)
    term = services.give_role(
        community=community, person=second, role="steward", until=until, actor=steward, now=NOW
    )
    assert services.lapse_role(term=term, now=NOW) is not False
    term.refresh_from_db()
    assert term.ends_on is None
    own = queries.roles_now(community.pk).get(person=steward, role="steward")
    services.end_role(term=own, reason="x", actor=steward, now=NOW)
    assert services.lapse_role(term=term, now=NOW + dt.timedelta(days=40)) is False
    assert list(queries.terms_over(community.pk, today=NOW.date() + dt.timedelta(days=40))) == [term]
    third = make_member(community)
    services.give_role(community=community, person=third, role="steward", actor=second, now=NOW)
    assert services.lapse_role(term=term, now=NOW + dt.timedelta(days=40)) is True
    term.refresh_from_db()
    assert term.end_reason == "the agreed term was over"


# --- who sees whom ---------------------------------------------------------


def test_members_see_only_who_agreed_and_stewards_see_everyone(community, steward):
    shy, open_one, reader = (make_member(community) for _ in range(3))
    services.be_listed(community=community, listed=True, actor=open_one, now=NOW)
    seen = {m.person for m in queries.members_visible_to(reader, community.pk)}
    assert seen == {open_one, reader}
    everyone = {m.person for m in queries.members_visible_to(steward, community.pk)}
    assert everyone == {shy, open_one, reader, steward}
    services.be_listed(community=community, listed=False, actor=open_one, now=NOW)
    assert {m.person for m in queries.members_visible_to(reader, community.pk)} == {reader}
    assert not queries.members_visible_to(make_person(), community.pk).exists()


def test_agreeing_in_one_community_lists_nobody_in_another(community):
    person = make_member(community)
    elsewhere = make_community()
    make_member(elsewhere, person)
    services.be_listed(community=community, listed=True, actor=person, now=NOW)
    reader = make_member(elsewhere)
    assert {m.person for m in queries.members_visible_to(reader, elsewhere.pk)} == {reader}


def test_the_list_is_searched_by_name_role_and_organisation(client, community, steward):
    amina = make_member(community, make_person("Amina Wanjiru"))
    services.set_organisation(membership=of(community, amina), name="St Anne", actor=amina, now=NOW)
    make_role(community, amina, RoleTerm.Role.FACILITATOR)
    make_member(community, make_person("Jonas"))
    client.force_login(steward)
    for search in ("q=anne", "q=wanj", "role=facilitator"):
        page = client.get(f"/c/{community.slug}/people/?{search}").content.decode()
        assert "Amina Wanjiru" in page
        assert "Jonas" not in page


def test_an_organisation_is_one_whatever_its_capitals_and_vanishes_unused(community):
    first, second = make_member(community), make_member(community)
    services.set_organisation(membership=of(community, first), name="St Anne", actor=first, now=NOW)
    services.set_organisation(membership=of(community, second), name="ST  ANNE", actor=second, now=NOW)
    assert Organisation.objects.count() == 1
    for person in (first, second):
        services.set_organisation(membership=of(community, person), name="", actor=person, now=NOW)
    assert Organisation.objects.count() == 0


def test_my_membership_page_saves_and_keeps_consent(client, community):
    person = make_member(community)
    client.force_login(person)
    where = reverse("my_membership", args=[community.slug])
    client.post(where, {"organisation": "St Anne", "listed": "on"})
    assert has_consent(person.pk, Purpose.LISTED, scope_id=community.pk)
    client.post(where, {"organisation": "St Anne"})
    assert not has_consent(person.pk, Purpose.LISTED, scope_id=community.pk)


# --- erasure ---------------------------------------------------------------


def test_after_erasure_no_table_holds_the_name_and_counts_stay_true(community, steward):
    person = make_member(community, make_person("Zebedee Quill", email="zq@example.org"))
    services.add_stakeholder(
        community=community, name="Zebedee Quill's ward", stake="Fewer infections, says Zebedee Quill", wants="",
        contact_email="zq@example.org", contact_name="", keeper=person, last_on=None, next_on=None,
        actor=steward, now=NOW,
    )  # fmt: skip
    services.change_charter(
        community=community,
        content={"domain": "What Zebedee Quill began"},
        based_on=0,
        note="",
        actor=steward,
        now=NOW,
    )
    erase_person(person=person, now=NOW)
    held = tables_holding("Zebedee Quill", "zq@example.org")
    assert set(held) - {"mail_mailmessage"} == set()  # the farewell, until it has left
    assert Membership.objects.filter(community=community, state="left").count() == 1


def test_the_last_steward_closes_an_otherwise_empty_community_by_erasing(community, steward):
    erase_person(person=steward, now=NOW)
    assert Community.objects.get().stage == Community.Stage.CLOSED


def test_the_last_steward_hands_over_before_erasing_where_others_are(community, steward):
    make_member(community)
    with pytest.raises(RuleBroken) as broken:
        erase_person(person=steward, now=NOW)
    assert broken.value.code == "last_steward"
