from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from convene.apps.rooms.models import Block, NoteLine, NoteSet, Room
from convene.apps.stewardship import tasks
from convene.apps.stewardship.board import queries, services
from convene.apps.stewardship.models import OpenQuestion, Thinker
from convene.apps.voices import services as voices
from convene.apps.voices.models import Statement
from convene.apps.workshops.models import Workshop
from convene.apps.workshops.ports import further_findings
from convene.foundation import privacy
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.mail.models import MailMessage
from tests.makers import make_community, make_member, make_person, make_workshop

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def steward():
    return make_person("Ada")


@pytest.fixture
def community(steward):
    return make_community(steward=steward)


def noted(community, *texts, state=NoteSet.State.FINAL, tag=NoteLine.Tag.OPEN_QUESTION):
    """Lines of a session's notes."""
    session = make_workshop(community, days=-2).sessions.get()
    room = Room.objects.create(session=session, state=Room.State.OVER, started_at=NOW, ended_at=NOW)
    NoteSet.objects.create(room=room, state=state, review_until=NOW)
    block = Block.objects.create(room=room, position=1, title="Talk", minutes=10)
    for place, text in enumerate(texts):
        NoteLine.objects.create(block=block, position=place, text=text, tag=tag, written_at=NOW)


def ask(community, actor, text="Why do masks fog up?"):
    return services.ask(community=community, text=text, actor=actor, now=NOW)


def texts(rows):
    return [one.row.text for one in rows]


def test_lines_of_final_notes_wait_to_be_read_and_are_gathered_once(community, steward):
    noted(community, "Why is it always Tuesday?", "")
    noted(community, "Not final yet?", state=NoteSet.State.IN_REVIEW)
    noted(community, "A tip", tag=NoteLine.Tag.TIP)
    assert [services.gather(now=NOW) for _ in range(2)] == [1, 0]
    member = make_member(community)
    assert texts(queries.waiting(community.pk, steward)) == ["Why is it always Tuesday?"]
    assert queries.board(community.pk, member) == []
    row = OpenQuestion.objects.get()
    services.put_up(question=row, text="Why on Tuesdays?", actor=steward, now=NOW)
    (shown,) = queries.board(community.pk, member)
    assert (shown.row.text, shown.source.startswith("from the notes of")) == ("Why on Tuesdays?", True)


def test_what_an_inquiry_marked_stands_on_the_board_at_once(community, steward):
    terms = voices.Terms(question="What next?", seeds=["Whether air matters", "Hands"])
    voices.make_inquiry(community=community, terms=terms, actor=steward, now=NOW)
    voices.mark_open_question(statement=Statement.objects.first(), is_open=True, actor=steward)
    tasks.gather_questions(NOW)
    assert texts(queries.board(community.pk, steward)) == ["Whether air matters"]


def test_a_member_asks_and_wants_to_think_about_it(community):
    member, other = make_member(community), make_member(community, make_person("Bea"))
    question = ask(community, member)
    services.think(question=question, may_name=True, actor=other, now=NOW)
    services.think(question=question, may_name=True, actor=other, now=NOW)
    (shown,) = queries.board(community.pk, member)
    assert (shown.how_many, shown.names, shown.mine) == ("A few people want to think about it", ["Bea"], True)
    services.leave(question=question, actor=other, now=NOW)
    assert queries.board(community.pk, other)[0].mine is False


def test_one_question_stands_once_and_one_member_has_five(community):
    member = make_member(community)
    ask(community, member)
    for text, code in (("WHY do masks fog up", "question_known"), ("Why?", "question_short")):
        with pytest.raises(RuleBroken) as broken:
            ask(community, member, text)
        assert (broken.value.code, broken.value.field) == (code, "text")
    for n in range(4):
        ask(community, member, f"Question number {n}?")
    with pytest.raises(RuleBroken) as broken:
        ask(community, member, "One more question?")
    assert broken.value.code == "question_share"


def test_it_becomes_an_open_conversation_and_those_who_want_to_think_hear_its_date_once(community, steward):
    question = ask(community, make_member(community))
    workshop_id = services.converse(question=question, actor=steward, now=NOW)
    workshop = Workshop.objects.get(pk=workshop_id)
    assert (workshop.kind, workshop.title) == ("conversation", "Why do masks fog up?")
    for act in (
        lambda: services.converse(question=question, actor=steward, now=NOW),
        lambda: services.think(question=question, may_name=False, actor=make_member(community), now=NOW),
    ):
        with pytest.raises(RuleBroken) as broken:
            act()
        assert broken.value.code == "question_settled"
    for _ in range(2):
        tasks.tell_thinkers.call(workshop_id=str(workshop_id))
    mail = MailMessage.objects.get(kind="question_published")
    assert f"/w/{workshop_id}/" in mail.text


@pytest.mark.parametrize("kind", Workshop.Kind.values)
def test_what_nobody_knows_yet_is_not_published_as_training(community, steward, kind):
    workshop_id = services.converse(question=ask(community, steward), actor=steward, now=NOW)
    Workshop.objects.update(kind=kind)
    codes = [one.code for one in further_findings(Workshop.objects.get(pk=workshop_id), NOW)]
    assert ("open_question_taught" in codes) == (kind in {"training", "skills"})
    assert "open_question_taught" not in [
        one.code for one in further_findings(make_workshop(community, kind=kind), NOW)
    ]


def test_it_is_answered_or_set_aside_with_words_and_can_come_back(community, steward):
    question = ask(community, steward)
    with pytest.raises(RuleBroken) as broken:
        services.settle(question=question, words="no", answered=True, actor=steward, now=NOW)
    assert broken.value.code == "question_words"
    services.settle(
        question=question, words="Soap helps, see the notes.", answered=True, actor=steward, now=NOW
    )
    (shown,) = queries.settled(community.pk, steward)
    assert (shown.row.state, shown.row.words) == ("answered", "Soap helps, see the notes.")
    services.reopen(question=question, actor=steward, now=NOW)
    assert texts(queries.board(community.pk, steward)) == ["Why do masks fog up?"]


def test_only_members_ask_and_only_stewards_settle(community, steward):
    question, stranger, member = ask(community, steward), make_person(), make_member(community)
    for act in (
        lambda: ask(community, stranger),
        lambda: services.think(question=question, may_name=True, actor=stranger, now=NOW),
        lambda: services.leave(question=question, actor=stranger, now=NOW),
        lambda: services.put_up(question=question, text="Some question", actor=member, now=NOW),
        lambda: services.converse(question=question, actor=member, now=NOW),
        lambda: services.settle(question=question, words="It is known", answered=True, actor=member, now=NOW),
        lambda: services.reopen(question=question, actor=member, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_an_erased_person_leaves_the_question_without_them(community):
    member = make_member(community)
    ask(community, member)
    assert {"stewardship.OpenQuestion", "stewardship.Thinker"} <= set(privacy.export_person(member.pk))
    privacy.erase_person(member.pk)
    assert (OpenQuestion.objects.get().asked_by, Thinker.objects.count()) == (None, 0)


def test_the_board_works_by_buttons_alone(community, steward, client):
    member = make_member(community)
    client.force_login(member)
    page = reverse("open_questions", args=[community.slug])
    assert client.post(page, {"text": "Why?"}).status_code == 422
    assert client.post(page, {"text": "Why do masks fog up?"}).status_code == 302
    act = reverse("open_question_act", args=[community.slug, OpenQuestion.objects.get().pk])
    client.post(act, {"act": "think", "may_name": "on"})
    assert member.name in client.get(page).content.decode()
    client.post(act, {"act": "leave"})
    assert (Thinker.objects.count(), client.post(act, {"act": "dance"}).status_code) == (0, 404)
    assert client.post(act, {"act": "converse"}).status_code == 403
    client.force_login(steward)
    noted(community, "Why is it always Tuesday?")
    services.gather(now=NOW)
    waiting = OpenQuestion.objects.get(state="waiting")
    html = client.get(page).content.decode()
    assert ("To read first" in html, "Make it an open conversation" in html) == (True, True)
    client.post(
        reverse("open_question_act", args=[community.slug, waiting.pk]),
        {"act": "up", "text": "Tuesday, why?"},
    )
    client.post(act, {"act": "settle", "how": "aside", "words": "x"})
    assert OpenQuestion.objects.filter(state="open").count() == 2
    client.post(act, {"act": "settle", "how": "aside", "words": "Not for us to find out"})
    client.post(act, {"act": "reopen"})
    assert client.post(act, {"act": "converse"}).url == reverse(
        "workshop_page", args=[Workshop.objects.latest("created_at").pk]
    )
    assert client.get(page).status_code == 200
    client.force_login(make_person())
    assert client.get(page).status_code == 403


def test_the_board_takes_the_same_queries_for_one_and_many(community, steward, client):
    client.force_login(steward)
    page = reverse("open_questions", args=[community.slug])
    counts = []
    for more in (1, 20):
        for n in range(more):
            question = ask(community, make_member(community), f"Question {more} {n}?")
            services.think(question=question, may_name=True, actor=make_member(community), now=NOW)
        noted(community, *(f"Line {n} of {more}?" for n in range(more)))
        services.gather(now=NOW)
        gone = ask(community, make_member(community), f"Settled {more}?")
        services.settle(question=gone, words="It is known now", answered=True, actor=steward, now=NOW)
        client.get(page)
        with CaptureQueriesContext(connection) as asked:
            client.get(page)
        counts.append(len(asked))
    assert counts[0] == counts[1]
