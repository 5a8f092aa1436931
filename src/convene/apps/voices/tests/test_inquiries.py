"""An inquiry from the first statement to the map: who may answer, what is kept, what is shown."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from convene.apps.people.rules import Purpose
from convene.apps.people.services import give_consent
from convene.apps.voices import keys, queries, reading, services
from convene.apps.voices.models import Ballot, Inquiry, OpinionMap, Statement, Vote
from convene.apps.voices.routing import next_statement
from convene.apps.voices.rules import inquiry as rules
from convene.apps.voices.rules import showing
from convene.apps.voices.rules.showing import Counts, Stand
from convene.apps.voices.viewpoints import viewpoints_of
from convene.apps.workshops.models import Workshop
from convene.foundation.audit.models import AuditEntry
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.privacy import erase_person, export_person
from tests.makers import make_community, make_member, make_need, make_person

NOW = timezone.now().replace(microsecond=0)
SEEDS = ("We meet often enough", "Evenings suit me", "Cases first, theory later")


@pytest.fixture
def steward(db):
    return make_person("Ada")


@pytest.fixture
def community(steward):
    return make_community(steward=steward)


def ask(community, steward, *, seeds=SEEDS, opened=True, **fields):
    terms = services.Terms(question="How do we meet?", seeds=seeds, **fields)
    inquiry = services.make_inquiry(community=community, terms=terms, actor=steward, now=NOW)
    if opened:
        services.ask_everyone(inquiry=inquiry, actor=steward, now=NOW)
        inquiry.refresh_from_db()
    return inquiry


@pytest.fixture
def inquiry(community, steward):
    return ask(community, steward)


def someone(inquiry):
    return keys.of_person(uuid.uuid4(), inquiry.salt)


def first(inquiry):
    return inquiry.statements.order_by("number")[0]


def votes(inquiry, statement, *values):
    for value in values:
        services.cast(statement=statement, voter=someone(inquiry), value=value, now=NOW)


# --- asking


def test_an_inquiry_is_a_draft_until_it_is_opened_and_nobody_votes_in_a_draft(community, steward):
    draft = ask(community, steward, opened=False)
    with pytest.raises(RuleBroken) as refused:
        votes(draft, first(draft), 1)
    assert (draft.state, refused.value.code) == (Inquiry.State.DRAFT, "not_open")


def test_only_stewards_ask_and_run(community, inquiry):
    member = make_member(community)
    with pytest.raises(NotAllowed):
        ask(community, member)
    for act in (
        lambda: services.close_inquiry(inquiry=inquiry, actor=member, now=NOW),
        lambda: services.take_out(statement=first(inquiry), reason="no", actor=member, now=NOW),
        lambda: services.make_invitations(inquiry=inquiry, count=3, actor=member, now=NOW),
        lambda: services.plan_topic(statement=first(inquiry), actor=member, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_an_inquiry_without_statements_cannot_be_opened(community, steward):
    with pytest.raises(RuleBroken) as refused:
        ask(community, steward, seeds=())
    assert (refused.value.code, refused.value.field) == ("no_statements", "seeds")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "topics"}, "places"),
        ({"kind": "topics", "places": 99}, "places"),
        ({"asks": "session"}, "session"),
        ({"closes_at": NOW - dt.timedelta(hours=1)}, "closes_at"),
        ({"seeds": ("x" * 201,)}, "seeds"),
    ],
)
def test_terms_that_cannot_be_are_refused_beside_their_field(community, steward, fields, field):
    with pytest.raises(RuleBroken) as refused:
        ask(community, steward, opened=False, **fields)
    assert refused.value.field == field


def test_seeds_that_say_the_same_are_one(community, steward):
    made = ask(community, steward, seeds=("More cases.", "more  CASES", "", "Fewer"))
    assert [one.text for one in made.statements.all()] == ["More cases.", "Fewer"]


def test_it_closes_by_the_clock_and_takes_no_vote_a_second_later(community, steward):
    closes = NOW + dt.timedelta(hours=1)
    made = ask(community, steward, closes_at=closes)
    with pytest.raises(RuleBroken) as refused:
        services.cast(statement=first(made), voter=someone(made), value=1, now=closes)
    services.close_due(inquiry=made, now=closes)
    made.refresh_from_db()
    assert (refused.value.code, made.state) == ("closed", Inquiry.State.CLOSED)


# --- answering


def test_a_vote_can_change_and_counts_once(inquiry):
    me = someone(inquiry)
    for value in (1, -1, 1, 0):
        services.cast(statement=first(inquiry), voter=me, value=value, now=NOW)
    assert (Ballot.objects.count(), queries.votes_of(inquiry, me)) == (1, {first(inquiry).pk: 0})


def test_no_row_leads_from_a_ballot_or_a_statement_to_a_person(inquiry):
    person = make_person("Grace")
    voter = keys.of_person(person.pk, inquiry.salt)
    services.cast(statement=first(inquiry), voter=voter, value=1, now=NOW)
    mine = services.say(inquiry=inquiry, voter=voter, text="Mornings suit me better", now=NOW)
    ballot = Ballot.objects.get()
    assert person.pk not in {ballot.key, mine.author_key}
    assert ballot.key != mine.author_key
    named = set(AuditEntry.objects.values_list("actor_id", flat=True))
    assert person.pk not in named


def test_a_person_has_other_keys_in_the_next_inquiry_and_the_same_when_they_come_back(community, steward):
    one, other = ask(community, steward), ask(community, steward)
    person = make_person()
    assert keys.of_person(person.pk, one.salt) == keys.of_person(person.pk, one.salt)
    assert keys.of_person(person.pk, one.salt).key != keys.of_person(person.pk, other.salt).key


def test_a_ballot_is_found_again_after_the_secret_of_the_site_changed(inquiry, settings):
    person, old = make_person(), settings.SECRET_KEY
    before = keys.of_person(person.pk, inquiry.salt)
    services.cast(statement=first(inquiry), voter=before, value=1, now=NOW)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [old]
    after = keys.of_person(person.pk, inquiry.salt)
    services.cast(statement=first(inquiry), voter=after, value=-1, now=NOW)
    assert (Ballot.objects.count(), queries.votes_of(inquiry, after)) == (1, {first(inquiry).pk: -1})


def test_statements_by_others_wait_where_they_are_read_first(community, steward):
    made = ask(community, steward, moderation="before")
    statement = services.say(inquiry=made, voter=someone(made), text="Shorter sessions", now=NOW)
    with pytest.raises(RuleBroken) as refused:
        votes(made, statement, 1)
    services.accept_statement(statement=statement, actor=steward, now=NOW)
    votes(made, statement, 1)
    assert (refused.value.code, Vote.objects.count()) == ("taken_out", 1)


def test_what_is_there_already_is_not_added_again_and_nobody_fills_the_list(inquiry):
    me = someone(inquiry)
    with pytest.raises(RuleBroken) as known:
        services.say(inquiry=inquiry, voter=me, text="evenings  suit ME.", now=NOW)
    for number in range(rules.MOST_BY_ONE):
        services.say(inquiry=inquiry, voter=me, text=f"View number {number}", now=NOW)
    with pytest.raises(RuleBroken) as many:
        services.say(inquiry=inquiry, voter=me, text="One more", now=NOW)
    assert (known.value.code, many.value.code) == ("known", "too_many")


def test_a_statement_is_its_authors_until_five_voted_on_it(inquiry):
    me = someone(inquiry)
    mine = services.say(inquiry=inquiry, voter=me, text="Shorter sessions", now=NOW)
    with pytest.raises(RuleBroken) as others:
        services.take_back(statement=mine, voter=someone(inquiry), now=NOW)
    votes(inquiry, mine, 1, 1, 1, -1, 0)
    with pytest.raises(RuleBroken) as late:
        services.take_back(statement=mine, voter=me, now=NOW)
    assert (others.value.code, late.value.code) == ("not_yours", "voted_on")


def test_an_invitation_opens_one_ballot_however_it_is_typed(inquiry, steward):
    (code,) = services.make_invitations(inquiry=inquiry, count=1, actor=steward, now=NOW)
    typed = f" {code[:5].lower()}-{code[5:]} "
    secret = services.use_invitation(inquiry_id=inquiry.pk, code=typed, now=NOW)
    with pytest.raises(RuleBroken) as refused:
        services.use_invitation(inquiry_id=inquiry.pk, code=code, now=NOW)
    assert refused.value.code == "invitation"
    voter = keys.of_secret(secret, inquiry.salt)
    services.cast(statement=first(inquiry), voter=voter, value=1, now=NOW)
    assert Ballot.objects.get().key == voter.key


# --- releasing


def test_nothing_is_shown_before_five_voted_and_counts_move_by_five(inquiry):
    statement = first(inquiry)
    votes(inquiry, statement, 1, 1, 1, -1)
    assert services.release(inquiry_id=inquiry.pk, now=NOW) is False
    votes(inquiry, statement, 0)
    services.release(inquiry_id=inquiry.pk, now=NOW)
    statement.refresh_from_db()
    assert (statement.agreed, statement.disagreed, statement.passed) == (3, 1, 1)
    votes(inquiry, statement, -1, -1, -1, -1)
    services.release(inquiry_id=inquiry.pk, now=NOW)
    statement.refresh_from_db()
    assert statement.votes_released == 5


def test_one_who_changes_their_mind_moves_nothing_until_four_others_do_something(inquiry):
    statement, me = first(inquiry), someone(inquiry)
    services.cast(statement=statement, voter=me, value=1, now=NOW)
    votes(inquiry, statement, 1, 1, 1, 1)
    services.release(inquiry_id=inquiry.pk, now=NOW)
    services.cast(statement=statement, voter=me, value=-1, now=NOW)
    assert services.release(inquiry_id=inquiry.pk, now=NOW) is False
    votes(inquiry, statement, 1, 1, 1, 1)
    services.release(inquiry_id=inquiry.pk, now=NOW)
    statement.refresh_from_db()
    assert (statement.agreed, statement.disagreed) == (8, 1)


def test_the_map_is_drawn_of_released_votes_alone(inquiry):
    for statement in inquiry.statements.all():
        votes(inquiry, statement, 1, 1, 1, 1, 1)
    services.release(inquiry_id=inquiry.pk, now=NOW)
    votes(inquiry, first(inquiry), -1, -1)
    services.release(inquiry_id=inquiry.pk, now=NOW)
    assert OpinionMap.objects.get().voters == 15


@given(st.lists(st.sampled_from([1, 0, -1]), max_size=40))
def test_what_is_shown_of_few_is_words_and_of_fewer_nothing(values):
    counts = Counts(values.count(1), values.count(-1), values.count(0))
    statement = Statement(agreed=counts.agreed, disagreed=counts.disagreed, passed=counts.passed)
    found = reading.shown(statement)
    assert found.heard == (len(values) >= showing.K)
    assert (found.percent is not None) == (len(values) > showing.ROOM)


def test_words_never_say_that_all_agree(db):
    for agreed in (8, 9, 10):
        assert showing.stand(Counts(agreed, 10 - agreed, 0)) == Stand.TOGETHER


@given(st.integers(1, 400), st.data())
def test_the_interval_holds_the_share_and_narrows_with_more_people(whole, data):
    part = data.draw(st.integers(0, whole))
    low, high = showing.interval(part, whole)
    wider = showing.interval(part * 4, whole * 4)
    assert 0 <= low <= part / whole <= high <= 1
    assert wider[1] - wider[0] <= high - low


def test_common_ground_comes_before_what_divides(inquiry):
    agreed, divided, few = inquiry.statements.order_by("number")
    votes(inquiry, agreed, *[1] * 14, -1)
    votes(inquiry, divided, *[1] * 7, *[-1] * 8)
    votes(inquiry, few, 1)
    services.release(inquiry_id=inquiry.pk, now=NOW)
    found = reading.read(inquiry)
    lists = [[one.statement.pk for one in part] for part in (found.common, found.differ, found.rare)]
    assert lists == [[agreed.pk], [divided.pk], [few.pk]]
    assert found.common[0].percent == 93


# --- moderation, topics, leaving


def test_what_is_taken_out_keeps_its_reason_and_takes_no_votes(inquiry, steward):
    statement = first(inquiry)
    with pytest.raises(RuleBroken) as silent:
        services.take_out(statement=statement, reason=" ", actor=steward, now=NOW)
    services.take_out(statement=statement, reason="It names someone.", actor=steward, now=NOW)
    with pytest.raises(RuleBroken) as refused:
        votes(inquiry, statement, 1)
    assert (silent.value.code, refused.value.code) == ("no_reason", "taken_out")
    assert [one.reason for one in reading.read(inquiry).taken_out] == ["It names someone."]


def test_a_chosen_topic_becomes_one_draft_and_plans_the_need_it_came_from(community, steward):
    need = make_need(community, title="Reading lab results")
    made = ask(community, steward, kind="topics", places=2, seeds=(), needs=[need])
    statement = first(made)
    ids = {services.plan_topic(statement=statement, actor=steward, now=NOW) for _ in range(2)}
    need.refresh_from_db()
    workshop = Workshop.objects.get()
    assert (ids, workshop.title, need.state, need.workshop_id) == (
        {workshop.pk},
        "Reading lab results",
        "planned",
        workshop.pk,
    )


def test_what_nobody_knows_yet_becomes_a_conversation(community, steward):
    made = ask(community, steward, kind="topics", places=2)
    services.mark_open_question(statement=first(made), is_open=True, actor=steward)
    services.plan_topic(statement=first(made), actor=steward, now=NOW)
    assert Workshop.objects.get().kind == Workshop.Kind.CONVERSATION


def test_erasing_a_person_takes_their_votes_and_leaves_what_was_told(inquiry):
    person = make_person("Grace")
    me = keys.of_person(person.pk, inquiry.salt)
    statement = first(inquiry)
    services.cast(statement=statement, voter=me, value=1, now=NOW)
    votes(inquiry, statement, 1, 1, -1, 1)
    mine = services.say(inquiry=inquiry, voter=me, text="Mornings", now=NOW)
    votes(inquiry, mine, 1)
    services.release(inquiry_id=inquiry.pk, now=NOW)
    held = export_person(person.pk)
    assert (len(held["voices.Vote"]), len(held["voices.Statement"])) == (1, 1)
    erase_person(person.pk)
    statement.refresh_from_db()
    mine.refresh_from_db()
    assert (Vote.objects.count(), statement.votes_released, mine.author_key) == (5, 5, None)
    held = export_person(person.pk)
    assert (held["voices.Vote"], held["voices.Statement"]) == ([], [])


def test_votes_taken_back_are_gone_and_the_counts_follow_with_the_next_batch(inquiry):
    statement, me = first(inquiry), someone(inquiry)
    services.cast(statement=statement, voter=me, value=-1, now=NOW)
    votes(inquiry, statement, 1, 1, 1, 1)
    services.release(inquiry_id=inquiry.pk, now=NOW)
    services.forget(inquiry=inquiry, voter=me)
    services.release(inquiry_id=inquiry.pk, now=NOW)
    statement.refresh_from_db()
    assert (statement.agreed, statement.disagreed) == (4, 1)
    votes(inquiry, statement, 1, 1, 1, 1, 1)
    services.release(inquiry_id=inquiry.pk, now=NOW)
    statement.refresh_from_db()
    assert (statement.agreed, statement.disagreed) == (9, 0)


def test_topics_are_shared_out_so_that_a_third_that_agrees_gets_its_part(community, steward):
    """Of thirty, twenty wish for A, B and C, ten for D alone: the three most wanted would leave ten out."""
    made = ask(
        community, steward, kind="topics", places=3, seeds=("Topic A", "Topic B", "Topic C", "Topic D")
    )
    a, b, c, d = made.statements.order_by("number")
    for number in range(30):
        voter = someone(made)
        for statement in (a, b, c) if number < 20 else (d,):
            services.cast(statement=statement, voter=voter, value=1, now=NOW)
    services.release(inquiry_id=made.pk, now=NOW)
    found = reading.read(made)
    assert [one.statement.text for one in found.slate] == ["Topic A", "Topic B", "Topic D"]
    assert "100 % of those who voted wish for at least one" in found.slate_words
    assert "EJR+" in found.slate_words
    assert found.slate[2].serves.endswith("About 35 % find nothing of theirs above it.")


def test_each_statement_gets_its_share_of_attention_late_ones_too(community, steward):
    """Forty people of ten votes each; a statement that comes after half of them still reaches its share."""
    made = ask(community, steward, seeds=[f"View number {n}" for n in range(20)])
    for number in range(40):
        if number == 20:
            services.say(inquiry=made, voter=someone(made), text="Said late", now=NOW)
        voter, cast = someone(made), {}
        for _turn in range(10):
            statement = next_statement(made, queries.live_statements(made), cast, voter)
            services.cast(statement=statement, voter=voter, value=1, now=NOW)
            cast[statement.pk] = 1
    had = {one.text: one.votes.count() for one in made.statements.all()}
    fair = 200 / 21
    assert had["Said late"] >= 0.6 * fair
    assert min(had.values()) >= 0.6 * fair


def test_viewpoints_are_of_those_alone_who_agreed_to_exactly_that(community, steward):
    made = ask(community, steward, seeds=[f"View number {n}" for n in range(6)])
    people = [make_person() for _ in range(8)]
    for place, person in enumerate(people):
        for statement in made.statements.all():
            voter = keys.of_person(person.pk, made.salt)
            value = 1 if (place < 4) == (statement.number < 4) else -1
            services.cast(statement=statement, voter=voter, value=value, now=NOW)
    services.release(inquiry_id=made.pk, now=NOW)
    ids = [person.pk for person in people]
    assert viewpoints_of(community_id=community.pk, person_ids=ids) == {}
    give_consent(person=people[0], purpose=Purpose.SEATING, now=NOW)
    assert viewpoints_of(community_id=community.pk, person_ids=ids) == {}
    for person in (people[0], people[1], people[7]):
        give_consent(person=person, purpose=Purpose.VIEWPOINTS, now=NOW)
    found = viewpoints_of(community_id=community.pk, person_ids=ids)
    near, far = [
        sum((a - b) ** 2 for a, b in zip(found[people[0].pk], found[people[other].pk], strict=True))
        for other in (1, 7)
    ]
    assert (set(found), near < far) == ({people[0].pk, people[1].pk, people[7].pk}, True)


@pytest.mark.parametrize("people", [29, 33])
def test_no_dot_is_fewer_than_five_people_and_below_thirty_there_is_none(community, steward, people):
    made = ask(community, steward, seeds=[f"View number {n}" for n in range(5)])
    for number in range(people):
        voter = someone(made)
        for statement in made.statements.all():
            value = (number * statement.number) % 3 - 1
            services.cast(statement=statement, voter=voter, value=value, now=NOW)
    services.release(inquiry_id=made.pk, now=NOW)
    dots = OpinionMap.objects.get().body["dots"]
    assert bool(dots) == (people >= showing.DOTS)
    assert all(count >= showing.K for _x, _y, _group, count in dots)


def test_a_voter_is_asked_each_statement_once_and_then_nothing(inquiry):
    voter, cast = someone(inquiry), {}
    while statement := next_statement(inquiry, queries.live_statements(inquiry), cast, voter):
        assert statement.pk not in cast
        cast[statement.pk] = 0
    assert len(cast) == 3
