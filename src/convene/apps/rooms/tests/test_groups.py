"""Groups: made, fixed, changed by hand, published, repaired; and what each page shows of them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from convene.apps.rooms.models import Grouping, Participant, Placement, Room
from convene.apps.rooms.queries import groups as queries
from convene.apps.rooms.rules import groups as rules
from convene.apps.rooms.rules.groups import Clashing, Wishes
from convene.apps.rooms.services import groups as services
from convene.apps.rooms.services import moving, seating
from convene.engines.grouping import ClashCode
from convene.foundation.errors import NotAllowed, RuleBroken
from tests.makers import make_community, make_facilitator, make_member, make_person, make_workshop

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)
State = Grouping.State


def a_room(community=None):
    workshop = make_workshop(community or make_community(steward=make_person()))
    return Room.objects.create(session=workshop.sessions.get(), state=Room.State.RUNNING, started_at=NOW)


def someone(room, person=None, **fields):
    fields.setdefault("state", Participant.State.HERE)
    return Participant.objects.create(room=room, person=person or make_person(), arrived_at=NOW, **fields)


@pytest.fixture
def room():
    room = a_room()
    for place in range(12):
        tier = ("core", "active", "peripheral")[place % 3]
        person = make_member(room.session.workshop.community, tier=tier)
        someone(room, person)
    return room


@pytest.fixture
def leader(room):
    return make_facilitator(room.session.workshop)


def made(room, leader, **wishes):
    wishes.setdefault("groups", 3)
    return services.make_groups(room=room, wishes=Wishes(**wishes), actor=leader, now=NOW)


def published(room, leader, **wishes):
    grouping = made(room, leader, **wishes)
    services.publish_groups(grouping=grouping, actor=leader, now=NOW)
    grouping.refresh_from_db()
    return grouping


def tables(grouping):
    return [[set(group) for group in round_] for round_ in queries.ids_by_round(grouping)]


def test_everyone_here_sits_once_a_round_at_tables_of_even_size(room, leader):
    grouping = made(room, leader, rounds=3)
    everyone = {str(one.pk) for one in room.participants.all()}
    for round_ in tables(grouping):
        assert [len(group) for group in round_] == [4, 4, 4]
        assert set.union(*round_) == everyone


def test_two_rounds_of_three_fours_repeat_as_few_meetings_as_can_be(room, leader):
    grouping = made(room, leader, rounds=2, new_faces=100)
    grouping.refresh_from_db()
    assert grouping.repeats == grouping.repeats_bound


def test_tiers_are_spread_over_the_tables(room, leader):
    grouping = made(room, leader, new_faces=0)
    grouping.refresh_from_db()
    assert rules.share(grouping.mixing, grouping.mixing_bound) == 100


def test_who_is_not_here_has_no_table(room, leader):
    absent = someone(room, state=Participant.State.EXPECTED)
    assert not made(room, leader).placements.filter(participant=absent).exists()


def test_people_who_met_in_an_earlier_session_sit_apart(room, leader):
    earlier = a_room(room.session.workshop.community)
    people = [one.person for one in room.participants.order_by("pk")]
    for person in people:
        someone(earlier, person)
    first = services.make_groups(
        room=earlier, wishes=Wishes(groups=4, new_faces=100), actor=leader_of(earlier), now=NOW
    )
    services.publish_groups(grouping=first, actor=leader_of(earlier), now=NOW)
    before = [{one.participant.person_id for one in group.placements.all()} for group in first.groups.all()]
    grouping = made(room, leader, groups=4, new_faces=100)
    now = [{one.participant.person_id for one in group.placements.all()} for group in grouping.groups.all()]
    assert max(len(one & other) for one in before for other in now) == 1


def leader_of(room):
    return make_facilitator(room.session.workshop)


def rule(room, leader, kind, *people, key=""):
    return seating.add_table_rule(
        room=room, kind=kind, key=key, named=[one.pk for one in people], actor=leader, now=NOW
    )


def test_apart_and_together_are_kept(room, leader):
    a, b, c, d = room.participants.all()[:4]
    rule(room, leader, "apart", a, b)
    rule(room, leader, "together", c, d)
    a, b, c, d = (str(one.pk) for one in (a, b, c, d))
    for round_ in tables(made(room, leader, rounds=2)):
        assert not any({a, b} <= group for group in round_)
        assert any({c, d} <= group for group in round_)


def test_rules_that_clash_are_refused_by_name_with_the_smallest_set_and_the_draft_stays(room, leader):
    standing = made(room, leader)
    one, other, third = room.participants.select_related("person")[:3]
    rule(room, leader, "apart", one, other)
    rule(room, leader, "together", one, other)
    rule(room, leader, "together", other, third)
    with pytest.raises(Clashing) as refused:
        made(room, leader)
    assert refused.value.code == f"clash_{ClashCode.APART_TOGETHER}"
    assert one.person.name in str(refused.value.public_message)
    assert len(refused.value.rules) == 2
    assert Grouping.objects.get() == standing


def test_more_tables_than_facilitators_is_refused(room, leader):
    someone(room, leader, facilitates=True)
    rule(room, leader, "at_each", key="facilitator")
    with pytest.raises(Clashing) as refused:
        made(room, leader)
    assert refused.value.code == f"clash_{ClashCode.TOO_FEW}"


@pytest.mark.parametrize(
    ("groups", "rounds", "field"), [(1, 1, "groups"), (7, 1, "groups"), (3, 7, "rounds")]
)
def test_groups_that_make_no_sense_are_refused_at_their_field(room, leader, groups, rounds, field):
    with pytest.raises(RuleBroken) as refused:
        made(room, leader, groups=groups, rounds=rounds)
    assert refused.value.field == field


def test_who_was_moved_by_hand_stays_when_groups_are_made_again(room, leader):
    grouping = made(room, leader)
    placement = grouping.placements.select_related("group").first()
    to = grouping.groups.exclude(pk=placement.group_id).first()
    moving.move(placement=placement, to=to, actor=leader, now=NOW)
    again = made(room, leader)
    stayed = again.placements.get(participant=placement.participant)
    assert (stayed.group.number, stayed.pinned) == (to.number, True)


def test_moving_someone_measures_the_groups_anew(room, leader):
    grouping = made(room, leader, new_faces=0)
    grouping.refresh_from_db()
    for placement in list(grouping.placements.all()):
        moving.move(placement=placement, to=grouping.groups.first(), actor=leader, now=NOW)
    before = grouping.mixing
    grouping.refresh_from_db()
    assert grouping.mixing > before
    assert [len(group) for group in tables(grouping)[0]] == [12, 0, 0]


def test_publishing_replaces_what_was_published(room, leader):
    first = published(room, leader)
    second = published(room, leader)
    first.refresh_from_db()
    assert (first.state, second.state) == (State.REPLACED, State.PUBLISHED)


def test_what_is_published_is_no_draft_to_publish_again(room, leader):
    with pytest.raises(RuleBroken) as refused:
        services.publish_groups(grouping=published(room, leader), actor=leader, now=NOW)
    assert refused.value.code == "no_draft"


def test_of_two_presses_for_the_next_round_one_goes_on(room, leader):
    grouping = published(room, leader, rounds=3)
    for _ in range(2):
        services.next_round(grouping=grouping, after=1, actor=leader)
    grouping.refresh_from_db()
    assert grouping.current_round == 2


def test_after_people_left_and_came_few_move_and_only_they_are_marked(room, leader):
    grouping = published(room, leader, rounds=2)
    before = tables(grouping)[0]
    gone = [str(one.pk) for one in room.participants.all()[:2]]
    room.participants.filter(pk__in=gone).update(state=Participant.State.LEFT, left_at=NOW)
    came = someone(room)
    moved = services.repair_groups(grouping=grouping, actor=leader, now=NOW + dt.timedelta(minutes=1))
    here = {str(one.pk) for one in room.participants.filter(state=Participant.State.HERE)}
    after = tables(grouping)
    for round_ in after:
        assert set.union(*round_) == here
        assert max(map(len, round_)) - min(map(len, round_)) <= 1
    changed = sum(len(new - old) for old, new in zip(before, after[0], strict=True))
    assert changed == moved + 1
    marked = set(
        grouping.placements.filter(round=1).exclude(moved_at=None).values_list("participant_id", flat=True)
    )
    assert came.pk in marked
    assert len(marked) == moved + 1


def test_strangers_make_move_publish_and_repair_nothing(room, leader):
    grouping, stranger = made(room, leader), make_person()
    placement, group = grouping.placements.first(), grouping.groups.last()
    for act in (
        lambda: made(room, stranger),
        lambda: moving.move(placement=placement, to=group, actor=stranger, now=NOW),
        lambda: services.publish_groups(grouping=grouping, actor=stranger, now=NOW),
        lambda: services.repair_groups(grouping=grouping, actor=stranger, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_phone_shows_the_table_of_the_round_that_is_on(room, leader):
    grouping = published(room, leader, rounds=2)
    me = room.participants.first()
    for round_ in (1, 2):
        wanted = grouping.placements.get(participant=me, round=round_).group
        assert queries.table_of(me).group == wanted
        services.next_round(grouping=grouping, after=1, actor=leader)


def test_a_draft_is_on_no_phone(room, leader):
    made(room, leader)
    assert queries.table_of(room.participants.first()) is None


# --- pages


def test_one_press_in_the_cockpit_makes_groups_and_one_publishes(client, room, leader):
    client.force_login(leader)
    url = reverse("room_groups", args=[room.session_id])
    assert client.post(url, {"usual": "1"}).status_code == 302
    draft = Grouping.objects.get()
    assert (draft.groups_count, draft.rounds_count) == (3, 1)
    client.post(reverse("groups_act", args=[room.session_id, "publish"]), {"grouping": draft.pk})
    draft.refresh_from_db()
    assert draft.state == State.PUBLISHED
    wall = client.get(reverse("room_screen", args=[room.session_id])).content.decode()
    assert "Table 3" in wall
    cards = client.get(reverse("groups_print", args=[room.session_id, "cards"])).content.decode()
    assert "Table 3" in cards


def test_too_many_groups_come_back_with_what_was_typed(client, room, leader):
    client.force_login(leader)
    url = reverse("room_groups", args=[room.session_id])
    answer = client.post(url, {"groups": "9", "rounds": "2", "new_faces": "75"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert ("Between 2 and 6 groups" in page, 'value="9"' in page) == (True, True)


def test_a_move_by_select_needs_no_script(client, room, leader):
    client.force_login(leader)
    grouping = made(room, leader)
    placement = grouping.placements.first()
    to = grouping.groups.exclude(pk=placement.group_id).first()
    url = reverse("groups_act", args=[room.session_id, "move"])
    client.post(url, {"placement": placement.pk, "to": to.pk})
    assert Placement.objects.get(pk=placement.pk).group == to


def test_the_groups_page_takes_the_same_statements_for_twelve_people_and_thirty(
    client, room, leader, django_assert_max_num_queries
):
    client.force_login(leader)
    made(room, leader)
    url = reverse("room_groups", args=[room.session_id])
    client.get(url)
    with django_assert_max_num_queries(60) as few:
        client.get(url)
    for _ in range(18):
        someone(room)
    made(room, leader, groups=7, rounds=2)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(url)
