"""What groups are made from: only what people said and let be used, never shown; and why a table is as it is."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.urls import reverse
from django.utils import timezone

from convene.apps.communities.models import Organisation
from convene.apps.communities.services import ask_trait_question, declare_trait
from convene.apps.people import services as people
from convene.apps.people.models import AccessNeedView
from convene.apps.people.rules import AccessKind, Purpose
from convene.apps.rooms.models import Grouping, Participant, Placement, Room, TableRule
from convene.apps.rooms.ports import ports
from convene.apps.rooms.queries import groups as queries
from convene.apps.rooms.queries import mixing
from convene.apps.rooms.rules.groups import QUESTION, Clashing, MoveBreaks, Wishes
from convene.apps.rooms.services import groups as services
from convene.apps.rooms.services import moving, seating
from convene.foundation.audit.models import AuditEntry
from convene.foundation.errors import NotAllowed, RuleBroken
from tests.makers import make_community, make_facilitator, make_member, make_person, make_workshop

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)
YES = Purpose.SEATING


@pytest.fixture
def steward():
    return make_person()


@pytest.fixture
def room(steward):
    workshop = make_workshop(make_community(steward=steward))
    room = Room.objects.create(session=workshop.sessions.get(), state=Room.State.RUNNING, started_at=NOW)
    for _place in range(8):
        person = make_member(workshop.community)
        Participant.objects.create(room=room, person=person, state=Participant.State.HERE, arrived_at=NOW)
    return room


@pytest.fixture
def leader(room):
    return make_facilitator(room.session.workshop)


@pytest.fixture
def here(room):
    return queries.here(room)


def agree(*participants):
    for one in participants:
        people.give_consent(person=one.person, purpose=YES, now=NOW)


def facts(room, **wishes):
    found = mixing.setting_of(
        room, queries.here(room), Wishes(groups=2, **wishes), places=[mixing.Place()] * 2
    )
    return {one.id: one for one in found.people}


def asked(room, steward, *answers):
    return ask_trait_question(
        community=room.session.workshop.community,
        label="How long have you done this work?",
        purpose="So that tables mix.",
        values=answers,
        actor=steward,
        now=NOW,
    )


def rule(room, leader, kind, *named, key=""):
    return seating.add_table_rule(
        room=room, kind=kind, key=key, named=[one.pk for one in named], actor=leader, now=NOW
    )


def made(room, leader, **wishes):
    wishes.setdefault("groups", 2)
    return services.make_groups(room=room, wishes=Wishes(**wishes), actor=leader, now=NOW)


def a_move(grouping):
    placement = grouping.placements.filter(round=1).order_by("pk").first()
    return placement, grouping.groups.filter(round=1).exclude(pk=placement.group_id).first()


# --- what may be known


def test_without_their_yes_people_are_unsaid(room, here, steward):
    question = asked(room, steward, "a year", "ten years")
    key = f"{QUESTION}{question.pk}"
    for one in here[:2]:
        declare_trait(question=question, value="ten years", actor=one.person, now=NOW)
        one.person.speaks = ["fr"]
        one.person.save()
    organisation = Organisation.objects.create(community=room.session.workshop.community, name="Ward 7")
    here[0].person.memberships.update(organisation=organisation)
    here[1].person.memberships.update(organisation=organisation)
    agree(here[0])
    known = facts(room, mixes=("tier", "organisation", key))
    told, silent = known[str(here[0].pk)], known[str(here[1].pk)]
    assert (told.traits[key], told.traits["organisation"], told.languages) == (
        "ten years",
        str(organisation.pk),
        frozenset({"fr"}),
    )
    assert (dict(silent.traits), silent.languages) == ({"tier": "active"}, frozenset())


def test_a_yes_taken_back_counts_at_once(room, here):
    agree(here[0])
    here[0].person.speaks = ["fr"]
    here[0].person.save()
    people.withdraw_consent(person=here[0].person, purpose=YES, now=NOW)
    assert facts(room)[str(here[0].pk)].languages == frozenset()


def test_answers_in_order_become_their_place_in_the_list(room, here, steward):
    question = asked(room, steward, "a year", "three years", "ten years")
    key = f"{QUESTION}{question.pk}"
    agree(here[0])
    declare_trait(question=question, value="ten years", actor=here[0].person, now=NOW)
    assert facts(room, mixes=(key,), ordered=(key,))[str(here[0].pk)].traits[key] == "2"


def test_a_question_nobody_answered_mixes_nothing_and_stops_nothing(room, leader, steward):
    question = asked(room, steward, "a year", "ten years")
    grouping = made(room, leader, mixes=(f"{QUESTION}{question.pk}",))
    grouping.refresh_from_db()
    assert queries.seating_of(room, state="draft").mixing_share == 100


def test_what_fewer_than_five_here_said_mixes_nothing(room, here, steward):
    question = asked(room, steward, "a year", "ten years")
    key = f"{QUESTION}{question.pk}"
    for place, one in enumerate(here[:5]):
        agree(one)
        declare_trait(question=question, value="a year", actor=one.person, now=NOW)
        wishes = Wishes(groups=2, mixes=("tier", key))
        mix = mixing.setting_of(room, here, wishes, places=[mixing.Place()] * 2).mix
        assert (key in mix.traits) == (place == 4)


def test_needs_are_read_only_when_a_rule_asks_and_only_of_those_who_agreed(room, here, leader):
    for one in here[:2]:
        people.record_access_need(person=one.person, kind=AccessKind.STEP_FREE, now=NOW)
    agree(here[0])
    assert [one.flags for one in facts(room).values() if "step-free" in one.flags] == []
    rule(room, leader, "step_free")
    assert [key for key, one in facts(room).items() if "step-free" in one.flags] == [str(here[0].pk)]


def test_viewpoints_are_offered_only_once_somebody_gathers_them(room, here, monkeypatch):
    monkeypatch.setattr(ports, "viewpoints", None)
    assert "viewpoint" not in {one.key for one in mixing.aspects(room)}
    vectors = {here[0].person_id: (0.0, 1.0), here[1].person_id: (1.0, 0.0)}
    monkeypatch.setattr(ports, "viewpoints", lambda *, community_id, person_ids: vectors)
    assert "viewpoint" in {one.key for one in mixing.aspects(room)}
    known = facts(room, mixes=("viewpoint",))
    assert known[str(here[0].pk)].viewpoint == (0.0, 1.0)
    assert facts(room)[str(here[0].pk)].viewpoint is None


def test_answers_are_spread_over_the_tables(room, here, leader, steward):
    question = asked(room, steward, "a year", "ten years")
    agree(*here)
    for place, one in enumerate(here):
        declare_trait(question=question, value=question.values[place % 2], actor=one.person, now=NOW)
    key = f"{QUESTION}{question.pk}"
    grouping = made(room, leader, mixes=(key,), new_faces=0)
    long = {str(one.pk) for one in here[1::2]}
    assert [len(set(group) & long) for group in queries.ids_by_round(grouping)[0]] == [2, 2]


# --- what must hold


def test_whoever_needs_it_sits_at_the_step_free_table(room, here, leader):
    people.record_access_need(person=here[3].person, kind=AccessKind.STEP_FREE, now=NOW)
    agree(here[3])
    draft = made(room, leader)
    moving.name_tables(grouping=draft, places={2: mixing.Place("Hall", step_free=True)}, actor=leader)
    rule(room, leader, "step_free")
    again = made(room, leader)
    place = again.placements.select_related("group").get(participant=here[3])
    assert (place.group.number, place.group.label, place.group.step_free) == (2, "Hall", True)


def test_without_a_step_free_table_the_clash_names_nobody(room, here, leader):
    people.record_access_need(person=here[3].person, kind=AccessKind.STEP_FREE, now=NOW)
    agree(here[3])
    rule(room, leader, "step_free")
    with pytest.raises(Clashing) as refused:
        made(room, leader)
    said = " ".join([str(refused.value.public_message), *refused.value.rules, refused.value.advice])
    assert here[3].person.name not in said


def test_people_without_a_common_language_sit_with_someone_who_translates(room, here, leader):
    agree(*here)
    for one, speaks in zip(
        here, (["fr"], ["fr"], ["en"], ["en"], ["en"], ["en"], ["fr"], ["fr"]), strict=True
    ):
        one.person.speaks = speaks
        one.person.save()
    rule(room, leader, "language")
    first = {str(one.pk) for one in here if one.person.speaks == ["fr"]}
    groups = queries.ids_by_round(made(room, leader))[0]
    assert sorted(len(set(group) & first) for group in groups) == [0, 4]


def test_nobody_is_the_lone_one_of_their_kind_but_who_is_so_in_the_room(room, here, leader, steward):
    question = asked(room, steward, "a", "b", "c")
    agree(*here)
    for one, value in zip(here, "aabbbbbc", strict=True):
        declare_trait(question=question, value=value, actor=one.person, now=NOW)
    rule(room, leader, "not_alone", key=f"{QUESTION}{question.pk}")
    pair = {str(one.pk) for one in here[:2]}
    assert any(pair <= set(group) for group in queries.ids_by_round(made(room, leader))[0])


def test_a_rule_stays_one_and_strangers_add_and_take_away_none(room, here, leader):
    for _twice in range(2):
        kept = rule(room, leader, "language")
    assert TableRule.objects.get() == kept
    with pytest.raises(NotAllowed):
        rule(room, make_person(), "language")
    with pytest.raises(NotAllowed):
        seating.remove_table_rule(rule=kept, actor=make_person())
    with pytest.raises(RuleBroken) as refused:
        rule(room, leader, "apart", here[0])
    assert refused.value.code == "two_people"


# --- changes by hand


def test_a_move_that_breaks_a_rule_says_which_and_is_made_only_anyway(room, here, leader):
    rule(room, leader, "together", here[0], here[1])
    grouping = made(room, leader)
    placement = grouping.placements.get(participant=here[0])
    to = grouping.groups.exclude(pk=placement.group_id).get()
    with pytest.raises(MoveBreaks) as refused:
        moving.move(placement=placement, to=to, actor=leader, now=NOW)
    assert len(refused.value.broken) == 1
    assert here[0].person.name in refused.value.broken[0]
    assert Placement.objects.get(pk=placement.pk).group_id == placement.group_id
    moving.move(placement=placement, to=to, actor=leader, now=NOW, anyway=True)
    assert Placement.objects.get(pk=placement.pk).group == to
    assert len(queries.what_is_broken(grouping)) == 1


def test_a_move_that_tells_of_a_need_is_on_its_owners_list_of_looks(room, here, leader):
    people.record_access_need(person=here[3].person, kind=AccessKind.STEP_FREE, now=NOW)
    agree(here[3])
    draft = made(room, leader)
    moving.name_tables(grouping=draft, places={1: mixing.Place(step_free=True)}, actor=leader)
    rule(room, leader, "step_free")
    grouping = made(room, leader)
    placement = grouping.placements.get(participant=here[3])
    assert AccessNeedView.objects.count() == 0
    with pytest.raises(MoveBreaks) as refused:
        moving.move(placement=placement, to=grouping.groups.get(number=2), actor=leader, now=NOW)
    assert here[3].person.name not in " ".join(refused.value.broken)
    look = AccessNeedView.objects.get()
    assert (look.owner, look.viewer) == (here[3].person, leader)


def test_the_last_change_is_taken_back_once(room, leader):
    grouping = made(room, leader)
    placement, to = a_move(grouping)
    moving.move(placement=placement, to=to, actor=leader, now=NOW)
    assert [moving.undo(grouping=grouping, actor=leader, now=NOW) for _twice in range(2)] == [True, False]
    after = Placement.objects.get(pk=placement.pk)
    assert (after.group_id, after.pinned) == (placement.group_id, False)
    moving.fix(placement=placement, fixed=True, actor=leader)
    moving.undo(grouping=grouping, actor=leader, now=NOW)
    assert not Placement.objects.get(pk=placement.pk).pinned


def test_nothing_of_the_draft_is_taken_back_after_publishing(room, leader):
    grouping = made(room, leader)
    placement, to = a_move(grouping)
    moving.move(placement=placement, to=to, actor=leader, now=NOW)
    services.publish_groups(grouping=grouping, actor=leader, now=NOW)
    assert not moving.undo(grouping=grouping, actor=leader, now=NOW)


def test_groups_that_were_replaced_are_moved_no_more(room, leader):
    grouping = made(room, leader)
    placement, to = a_move(grouping)
    Grouping.objects.update(state="replaced")
    with pytest.raises(RuleBroken) as refused:
        moving.move(placement=placement, to=to, actor=leader, now=NOW)
    assert refused.value.code == "over"


def test_names_links_and_places_by_hand_survive_a_re_run(room, leader):
    grouping = made(room, leader, rounds=2)
    moving.name_tables(
        grouping=grouping, places={1: mixing.Place("Window", "https://example.org/b1")}, actor=leader
    )
    placement, to = a_move(grouping)
    moving.move(placement=placement, to=to, actor=leader, now=NOW)
    again = made(room, leader, rounds=2, new_faces=100)
    assert set(again.groups.filter(number=1).values_list("label", "link")) == {
        ("Window", "https://example.org/b1")
    }
    stayed = again.placements.select_related("group").get(participant=placement.participant, round=1)
    assert (stayed.group.number, stayed.pinned) == (to.number, True)


def test_rounds_that_never_came_are_no_meetings(room, leader):
    grouping = made(room, leader, rounds=3)
    services.publish_groups(grouping=grouping, actor=leader, now=NOW)
    services.end_groups(grouping=grouping, actor=leader)
    assert len(queries.met_before(room, queries.here(room), NOW)) == 12


# --- pages


@pytest.fixture
def draft(room, leader, client):
    client.force_login(leader)
    return made(room, leader, rounds=2)


def url(name, room, *more):
    return reverse(name, args=[room.session_id, *more])


def test_without_a_script_a_move_is_asked_made_anyway_and_taken_back(client, room, here, leader, draft):
    rule(room, leader, "together", here[0], here[1])
    draft = made(room, leader)
    placement = draft.placements.get(participant=here[0])
    to = draft.groups.exclude(pk=placement.group_id).get()
    pressed = url("groups_act", room, "move")
    refused = client.post(pressed, {"placement": placement.pk, "to": to.pk})
    assert refused.status_code == 422
    assert "This would no longer hold" in refused.content.decode()
    done = client.post(pressed, {"placement": placement.pk, "to": to.pk, "anyway": "1"})
    assert done["Location"] == url("room_groups", room) + f"#p-{placement.pk}"
    assert Placement.objects.get(pk=placement.pk).group == to
    client.post(url("groups_act", room, "undo"), {"grouping": draft.pk})
    assert Placement.objects.get(pk=placement.pk).group_id == placement.group_id


def test_where_there_are_many_tables_a_number_is_typed(client, room, leader):
    for _more in range(20):
        person = make_member(room.session.workshop.community)
        Participant.objects.create(room=room, person=person, state=Participant.State.HERE, arrived_at=NOW)
    client.force_login(leader)
    draft = made(room, leader, groups=13)
    placement = draft.placements.exclude(group__number=13).first()
    assert 'name="number"' in client.get(url("room_groups", room)).content.decode()
    client.post(url("groups_act", room, "move"), {"placement": placement.pk, "number": "99"})
    assert Placement.objects.get(pk=placement.pk).group_id == placement.group_id
    client.post(url("groups_act", room, "move"), {"placement": placement.pk, "number": "13"})
    assert Placement.objects.get(pk=placement.pk).group.number == 13


def test_rules_are_added_and_taken_away_by_form(client, room, here, draft):
    page = url("groups_rule", room)
    assert client.post(page, {"rule": "apart", "people": [here[0].pk]}).status_code == 422
    client.post(page, {"rule": "apart", "people": [here[0].pk, here[1].pk]})
    client.post(page, {"rule": "at_each:core"})
    shown = client.get(url("room_groups", room)).content.decode()
    assert "A core member sits at every table." in shown
    for one in TableRule.objects.all():
        client.post(url("groups_act", room, "unrule"), {"rule": one.pk})
    assert not TableRule.objects.exists()


def test_a_clash_is_shown_with_its_rules_and_what_to_loosen(client, room, here, leader, draft):
    rule(room, leader, "apart", here[0], here[1])
    rule(room, leader, "together", here[0], here[1])
    answer = client.post(
        url("room_groups", room), {"groups": 2, "rounds": 1, "new_faces": 50, "mixes": ["tier"]}
    )
    page = answer.content.decode()
    assert (answer.status_code, "Take one of these away" in page) == (422, True)


def test_tables_are_named_by_form_and_a_bad_link_stays_typed(client, room, draft):
    fields = {"grouping": draft.pk, "label-1": "Window", "link-1": "javascript:alert(1)"}
    wrong = client.post(url("groups_tables", room), fields)
    assert (wrong.status_code, "javascript:alert(1)" in wrong.content.decode()) == (422, True)
    client.post(url("groups_tables", room), fields | {"link-1": "https://example.org/x", "step_free-1": "on"})
    kept = draft.groups.get(round=2, number=1)
    assert (kept.label, kept.link, kept.step_free) == ("Window", "https://example.org/x", True)


def test_every_paper_shows_everyone(client, room, here, draft):
    for name in ("cards", "door", "sheets"):
        page = client.get(url("groups_print", room, name)).content.decode()
        assert all(one.person.name in page for one in here)
    assert client.get(url("groups_print", room, "nothing")).status_code == 404


def test_zooms_file_holds_the_round_that_is_on_and_is_written_down(client, room, here, draft):
    rows = list(csv.reader(io.StringIO(client.get(url("groups_file", room, "zoom.csv")).content.decode())))
    assert rows[0] == ["Pre-assign Room Name", "Email Address"]
    assert {row[1] for row in rows[1:]} == {one.person.email for one in here}
    assert {row[0] for row in rows[1:]} == {"Table 1", "Table 2"}
    assert AuditEntry.objects.filter(name="addresses_taken").count() == 1
    plan = json.loads(client.get(url("groups_file", room, "plan.json")).content)
    assert plan["rounds"] == queries.ids_by_round(draft)


def test_a_table_is_explained_to_who_facilitates(client, room, here, leader, draft):
    rule(room, leader, "together", here[0], here[1])
    grouping = made(room, leader)
    group = grouping.placements.get(participant=here[0]).group
    page = client.get(url("groups_why", room, group.pk)).content.decode()
    assert "No two people here have sat together before." in page
    assert "sit at one table." in page


def test_a_phone_is_told_by_its_own_facts_and_chooses_what_may_be_used(
    client, room, here, leader, draft, steward
):
    question = asked(room, steward, "a year", "ten years")
    key = f"{QUESTION}{question.pk}"
    me, other = here[0], here[1]
    agree(other)
    declare_trait(question=question, value="ten years", actor=other.person, now=NOW)
    grouping = made(room, leader, mixes=("tier", key))
    services.publish_groups(grouping=grouping, actor=leader, now=NOW)
    client.force_login(me.person)
    page = client.get(url("phone_why", room)).content.decode()
    assert "you have not sat with anyone at this table before" in page
    assert question.label not in page
    client.post(url("phone_why", room), {"agrees": "on", "speaks": ["en"]})
    me.person.refresh_from_db()
    assert (people_agreed(me), me.person.speaks) == (True, ["en"])
    client.post(url("phone_why", room), {})
    me.person.refresh_from_db()
    assert (people_agreed(me), me.person.speaks) == (False, [])


def people_agreed(participant):
    return participant.person.consents.filter(purpose=YES, withdrawn_at=None).exists()


def test_papers_files_and_reasons_are_shut_to_strangers(client, room, draft):
    client.force_login(make_person())
    group = draft.groups.first()
    for page in (
        url("groups_print", room, "door"),
        url("groups_file", room, "zoom.csv"),
        url("groups_why", room, group.pk),
        url("phone_why", room),
    ):
        assert client.get(page).status_code == 404
