from __future__ import annotations

import datetime as dt
import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from convene.apps.capabilities.models import Outcome, Qualification
from convene.apps.capabilities.outcomes import case, queries, rules, services
from convene.apps.capabilities.outcomes.rules import Item
from convene.apps.communities.queries import offers_waiting
from convene.apps.people.models import Consent
from convene.apps.people.rules import Purpose
from convene.foundation import privacy
from convene.foundation.errors import NotAllowed, RuleBroken
from tests.makers import make_community, make_member, make_need, make_outcome, make_person

NOW = timezone.now()
DOCUMENT = case.Document(
    uuid.UUID(int=7), "Our map", "Us", "en", "https://example.org/map", dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
)


def item(number, **fields):
    values = {"identifier": uuid.UUID(int=100 + number), "code": f"A{number}", "title": f"Do thing {number}"}
    return Item(**{**values, **fields})


def package(*items):
    return json.dumps(case.package(DOCUMENT, items))


def refused(text):
    with pytest.raises(RuleBroken) as broken:
        case.read(text)
    assert broken.value.field == "file"
    return str(broken.value.public_message)


# --- files -------------------------------------------------------------------


WORDS = st.text(st.characters(categories=["L", "N"]), min_size=4, max_size=30)
ITEMS = st.lists(
    st.builds(
        Item,
        st.uuids(),
        WORDS,
        WORDS,
        st.sampled_from(["", "Reading", "Judging what was read"]),
        st.dictionaries(st.sampled_from(rules.DEPTHS), WORDS).map(
            lambda said: {depth: said[depth] for depth in rules.DEPTHS if depth in said}
        ),
    ),
    min_size=1,
    max_size=12,
    unique_by=(lambda one: one.identifier, lambda one: one.code.casefold()[:20]),
)


@given(ITEMS)
def test_what_is_written_is_read_again(items):
    items = [Item(one.identifier, one.code[:20], one.title, one.part, one.depths) for one in items]
    by_part = sorted(
        items, key=lambda one: [other.part for other in items].index(one.part) if one.part else 0
    )
    read = case.read(package(*items))
    assert sorted(read, key=lambda one: one.code) == sorted(by_part, key=lambda one: one.code)
    assert package(*case.read(package(*read))) == package(*read)


def test_a_package_names_what_the_specification_asks_for():
    body = case.package(DOCUMENT, [item(1, part="Reading", depths={"do": "Screens 100 studies an hour"})])
    assert set(body) == {"CFDocument", "CFItems", "CFAssociations"}
    assert body["CFDocument"]["CFPackageURI"]["identifier"] == str(DOCUMENT.identifier)
    assert [one["CFItemType"] for one in body["CFItems"]] == ["Heading", "Outcome", "Depth descriptor"]
    needed = {"identifier", "uri", "fullStatement", "lastChangeDateTime"}
    assert all(needed <= set(one) for one in body["CFItems"])
    ids = {one["identifier"] for one in body["CFItems"]} | {str(DOCUMENT.identifier)}
    for one in body["CFAssociations"]:
        assert one["associationType"] == "isChildOf"
        assert {one["originNodeURI"]["identifier"], one["destinationNodeURI"]["identifier"]} <= ids


def test_a_framework_of_others_is_read_by_its_leaves_in_the_order_of_its_parents():
    top, low, a, b, c = (str(uuid.UUID(int=n)) for n in range(1, 6))

    def row(identifier, words, **more):
        return {"identifier": identifier, "fullStatement": words, **more}

    def child(of, parent, place):
        return {
            "associationType": "isChildOf",
            "originNodeURI": {"identifier": of},
            "destinationNodeURI": {"identifier": parent},
            "sequenceNumber": place,
        }

    text = json.dumps(
        {
            "CFItems": [
                row(c, "Weigh it", humanCodingScheme="W.1"),
                row(b, "Second thing"),
                row(a, "First thing"),
                row(low, "Weighing"),
                row(top, "Reading"),
            ],
            "CFAssociations": [
                child(a, top, 1),
                child(b, top, 2),
                child(c, low, 1),
                child(top, "somewhere else", 1),
                {"associationType": "isRelatedTo", "originNodeURI": {"identifier": a}},
                child(low, str(uuid.UUID(int=99)), 2),
            ],
        }
    )
    assert [(one.code, one.title, one.part) for one in case.read(text)] == [
        ("1", "First thing", "Reading"),
        ("2", "Second thing", "Reading"),
        ("W.1", "Weigh it", "Weighing"),
    ]


def test_what_is_wrong_with_a_file_is_said_and_where():
    assert "line 2, at character 1" in refused('{"a": \n}')
    assert refused("[" * 100_000)
    assert "no list of CFItems" in refused("[]")
    assert "no list of CFItems" in refused('{"CFItems": {}}')
    assert "No outcome was found" in refused('{"CFItems": []}')
    assert "Item 2 has no identifier" in refused(
        json.dumps({"CFItems": [{"identifier": str(uuid.UUID(int=1)), "fullStatement": "Do it"}, {"x": 1}]})
    )
    assert "Item 1 has no fullStatement" in refused(
        json.dumps({"CFItems": [{"identifier": str(uuid.uuid4())}]})
    )
    same = str(uuid.uuid4())
    rows = [{"identifier": same, "fullStatement": "Do it"}] * 2
    assert "identifier of another" in refused(json.dumps({"CFItems": rows}))
    assert "A1 stands there twice" in refused(package(item(1), item(2, code="A1")))
    assert "There are 41 outcomes" in refused(package(*(item(n) for n in range(41))))
    assert "longer than 300" in refused(package(item(1, title="x" * 301)))
    many = refused(json.dumps({"CFItems": [{} for _ in range(9)]}))
    assert "And 4 more." in many


def test_a_ring_of_parents_is_no_outcome_and_ends():
    a, b = str(uuid.UUID(int=1)), str(uuid.UUID(int=2))
    ring = [
        {
            "associationType": "isChildOf",
            "originNodeURI": {"identifier": x},
            "destinationNodeURI": {"identifier": y},
        }
        for x, y in ((a, b), (b, a))
    ]
    rows = [{"identifier": one, "fullStatement": "Do it"} for one in (a, b)]
    assert "No outcome" in refused(json.dumps({"CFItems": rows, "CFAssociations": ring}))


# --- the map -----------------------------------------------------------------

pytestmark = pytest.mark.django_db


@pytest.fixture
def steward():
    return make_person("Ada")


@pytest.fixture
def community(steward):
    return make_community(steward=steward)


def codes(community):
    return list(queries.on_the_map(community.pk).values_list("code", flat=True))


def add(community, actor, code="A1", title="Screen studies", **fields):
    return services.add_outcome(community=community, code=code, title=title, actor=actor, now=NOW, **fields)


def test_a_steward_writes_the_map_and_puts_it_in_order(community, steward):
    first = add(community, steward, depths={"do": " Screens  alone ", "aware": ""})
    add(community, steward, code="A2")
    assert first.depths == {"do": "Screens alone"}
    services.move_outcome(outcome=first, earlier=False, actor=steward, now=NOW)
    assert codes(community) == ["A2", "A1"]
    services.move_outcome(outcome=first, earlier=False, actor=steward, now=NOW)
    assert codes(community) == ["A2", "A1"]
    services.change_outcome(outcome=first, code="A0", title="Screen them", actor=steward, now=NOW)
    assert codes(community) == ["A2", "A0"]


def test_nobody_else_writes_it(community):
    one = make_outcome(community)
    for person in (make_member(community), make_person()):
        for act in (
            lambda who=person: add(community, who),
            lambda who=person: services.change_outcome(
                outcome=one, code="B", title="Other", actor=who, now=NOW
            ),
            lambda who=person: services.take_off(outcome=one, actor=who, now=NOW),
            lambda who=person: services.put_back(outcome=one, actor=who, now=NOW),
            lambda who=person: services.move_outcome(outcome=one, earlier=True, actor=who, now=NOW),
            lambda who=person: services.bring_in(community=community, items=[item(1)], actor=who, now=NOW),
            lambda who=person: services.qualify(outcome=one, person=who, expires_on=None, actor=who, now=NOW),
        ):
            with pytest.raises(NotAllowed):
                act()


def test_a_code_stands_once_and_a_taken_off_one_gives_it_free(community, steward):
    first = add(community, steward)
    with pytest.raises(RuleBroken) as broken:
        add(community, steward, code="a1")
    assert (broken.value.code, broken.value.field) == ("outcome_code_taken", "code")
    services.take_off(outcome=first, actor=steward, now=NOW)
    add(community, steward)
    with pytest.raises(RuleBroken):
        services.put_back(outcome=first, actor=steward, now=NOW)
    with pytest.raises(RuleBroken):
        services.change_outcome(outcome=first, code="B1", title="Screen", actor=steward, now=NOW)


def test_the_forty_first_is_refused_also_by_putting_one_back(community, steward):
    gone = add(community, steward)
    services.take_off(outcome=gone, actor=steward, now=NOW)
    for n in range(40):
        make_outcome(community, code=f"B{n}")
    for act in (
        lambda: add(community, steward, code="C1"),
        lambda: services.put_back(outcome=gone, actor=steward, now=NOW),
        lambda: services.bring_in(community=community, items=[item(1)], actor=steward, now=NOW),
    ):
        with pytest.raises(RuleBroken) as broken:
            act()
        assert broken.value.code == "map_full"


def test_a_file_brought_in_twice_changes_nothing_the_second_time(community, steward):
    stays = add(community, steward, code="Z9")
    items = [item(1), item(2, part="Reading", depths={"do": "Alone"})]
    plan = services.bring_in(community=community, items=items, actor=steward, now=NOW)
    assert (len(plan.new), plan.untouched) == (2, 1)
    assert codes(community) == ["A1", "A2", "Z9"]
    again = services.bring_in(community=community, items=items, actor=steward, now=NOW)
    assert (again.does_something, again.same) == (False, 2)
    swapped = [item(2, code="A1"), item(1, code="A2")]
    third = services.bring_in(community=community, items=swapped, actor=steward, now=NOW)
    assert len(third.changed) == 2
    rows = queries.on_the_map(community.pk).values_list("code", "title")
    assert list(rows) == [("A1", "Do thing 2"), ("A2", "Do thing 1"), ("Z9", stays.title)]


def test_what_was_taken_off_comes_back_with_the_file(community, steward):
    services.bring_in(community=community, items=[item(1)], actor=steward, now=NOW)
    services.take_off(outcome=Outcome.objects.get(), actor=steward, now=NOW)
    plan = services.bring_in(community=community, items=[item(1)], actor=steward, now=NOW)
    assert (len(plan.changed), codes(community)) == (1, ["A1"])


def test_a_file_does_not_take_the_code_of_another_outcome(community, steward):
    add(community, steward, code="a1")
    with pytest.raises(RuleBroken) as broken:
        services.bring_in(community=community, items=[item(1)], actor=steward, now=NOW)
    assert "The code A1" in str(broken.value.public_message)


def test_two_communities_may_share_an_outcome(community, steward):
    other_steward = make_person()
    other = make_community(steward=other_steward)
    for place, who in ((community, steward), (other, other_steward)):
        services.bring_in(community=place, items=[item(1)], actor=who, now=NOW)
    assert Outcome.objects.filter(identifier=item(1).identifier).count() == 2


def test_a_map_goes_out_and_comes_in_elsewhere_the_same(community, steward, client):
    add(community, steward, depths={"do": "Alone, «fast»", "steward": "علّم"}, part="Reading")
    add(community, steward, code="A2")
    client.force_login(steward)
    address = reverse("capability_export", args=[community.slug])
    text = client.get(address).content
    assert client.get(address).content == text
    other_steward = make_person()
    other = make_community(steward=other_steward)
    services.bring_in(community=other, items=case.read(text.decode()), actor=other_steward, now=NOW)
    assert queries.known_items(other.pk) == queries.known_items(community.pk)


# --- who can teach -----------------------------------------------------------


def listed(person, community):
    Consent.objects.create(person=person, purpose=Purpose.LISTED, scope_id=community.pk, given_at=NOW)


def names(reader, community, outcome, today=None):
    return [
        one.name for one in queries.teachers(reader, community.pk, today or NOW.date()).get(outcome.pk, [])
    ]


def test_members_see_those_in_force_who_agreed_to_be_listed_and_stewards_all(community, steward):
    one = make_outcome(community)
    shown, hidden, reader = (make_member(community, make_person(name)) for name in ("Bea", "Cem", "Dee"))
    listed(shown, community)
    until = NOW.date() + dt.timedelta(days=30)
    for person in (shown, hidden):
        services.qualify(outcome=one, person=person, expires_on=until, actor=steward, now=NOW)
    later = until + dt.timedelta(days=1)
    assert (names(reader, community, one), names(hidden, community, one)) == (["Bea"], ["Bea", "Cem"])
    assert names(steward, community, one) == ["Bea", "Cem"]
    assert (names(reader, community, one, later), names(steward, community, one, later)) == (
        [],
        ["Bea", "Cem"],
    )
    (bea, _cem) = queries.teachers(steward, community.pk, NOW.date())[one.pk]
    assert (bea.by, bea.ends_soon, bea.last_taught) == ("Ada", True, None)


def test_named_again_it_is_renewed_and_ended_by_oneself(community, steward):
    one, person = make_outcome(community), make_member(community)
    for days in (10, 20):
        expires = NOW.date() + dt.timedelta(days=days)
        row = services.qualify(outcome=one, person=person, expires_on=expires, actor=steward, now=NOW)
    assert Qualification.objects.get().expires_on == NOW.date() + dt.timedelta(days=20)
    with pytest.raises(NotAllowed):
        services.end_qualification(qualification=row, actor=make_member(community), now=NOW)
    services.end_qualification(qualification=row, actor=person, now=NOW)
    assert names(steward, community, one) == []
    services.qualify(outcome=one, person=person, expires_on=None, actor=steward, now=NOW)
    assert Qualification.objects.count() == 2


def test_only_members_are_named_and_only_for_a_day_to_come(community, steward):
    one = make_outcome(community)
    for person, days, code in (
        (make_person(), 5, "teacher_member"),
        (make_member(community), 0, "expiry_past"),
        (make_member(community), 3000, "expiry_far"),
    ):
        expires = NOW.date() + dt.timedelta(days=days)
        with pytest.raises(RuleBroken) as broken:
            services.qualify(outcome=one, person=person, expires_on=expires, actor=steward, now=NOW)
        assert broken.value.code == code


def test_who_is_erased_teaches_nothing_and_named_nobody(community, steward):
    one, person = make_outcome(community), make_member(community)
    services.qualify(outcome=one, person=person, expires_on=None, actor=steward, now=NOW)
    assert "capabilities.Qualification" in privacy.export_person(person.pk)
    assert "capabilities.Qualification" in privacy.export_person(steward.pk)
    privacy.erase_person(steward.pk)
    assert Qualification.objects.get().qualified_by is None
    privacy.erase_person(person.pk)
    assert not Qualification.objects.exists()


# --- pages -------------------------------------------------------------------


def test_a_steward_adds_changes_names_and_takes_off_on_pages(community, steward, client):
    client.force_login(steward)
    teacher = make_member(community, make_person("Bea"))
    new = reverse("outcome_new", args=[community.slug])
    empty = client.post(new, {"code": "A1", "title": "x", "depth_do": "kept words"})
    assert (empty.status_code, "kept words" in empty.content.decode()) == (422, True)
    assert client.post(new, {"code": "A1", "title": "Screen studies", "more": "1"}).url == new
    one = Outcome.objects.get()
    args = [community.slug, one.pk]
    client.post(reverse("outcome_edit", args=args), {"code": "A1", "title": "Screen", "depth_do": "Alone"})
    page = reverse("outcome", args=args)
    assert client.post(page, {}).status_code == 422
    membership = teacher.memberships.get()
    assert client.post(page, {"person": membership.pk, "expires_on": ""}).status_code == 302
    html = client.get(page).content.decode()
    assert ("Alone" in html, "Bea" in html, "Named by Ada" in html) == (True, True, True)
    end = reverse("qualification_end", args=[community.slug, Qualification.objects.get().pk])
    assert client.post(end).status_code == 302
    assert client.get(reverse("outcome_edit", args=args)).status_code == 200
    client.post(reverse("outcome_take_off", args=args))
    assert (
        "Taken off the map" in client.get(reverse("capability_map", args=[community.slug])).content.decode()
    )
    client.post(reverse("outcome_put_back", args=args))
    assert codes(community) == ["A1"]


def test_a_file_is_looked_at_before_it_is_brought_in(community, steward, client):
    client.force_login(steward)
    page = reverse("capability_import", args=[community.slug])
    assert client.get(page).status_code == 200
    assert client.post(page, {}).status_code == 422
    bad = client.post(page, {"file": SimpleUploadedFile("a.json", b"{")})
    assert (bad.status_code, "This is no JSON" in bad.content.decode()) == (422, True)
    large = client.post(page, {"file": SimpleUploadedFile("a.json", b" " * 1_000_001)})
    assert large.status_code == 422
    looked = client.post(page, {"file": SimpleUploadedFile("a.json", package(item(1)).encode())})
    assert ("Do thing 1" in looked.content.decode(), codes(community)) == (True, [])
    client.post(page, {"text": looked.context["text"], "go": "1"})
    assert codes(community) == ["A1"]


def test_members_read_the_map_and_write_nothing(community, client):
    make_outcome(community, code="A1")
    client.force_login(make_member(community))
    html = client.get(reverse("capability_map", args=[community.slug])).content.decode()
    assert ("A1" in html, "Add an outcome" in html) == (True, False)
    for name in ("outcome_new", "capability_import"):
        assert client.get(reverse(name, args=[community.slug])).status_code == 403
    client.force_login(make_person())
    assert client.get(reverse("capability_map", args=[community.slug])).status_code == 403


def test_the_map_takes_the_same_queries_for_one_and_forty(community, steward, client):
    client.force_login(make_member(community))
    page = reverse("capability_map", args=[community.slug])
    counts = []
    for more in (1, 39):
        for _ in range(more):
            one = make_outcome(community, depths={"do": "Alone"})
            person = make_member(community)
            listed(person, community)
            services.qualify(outcome=one, person=person, expires_on=None, actor=steward, now=NOW)
        client.get(page)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_first_need_that_is_planned_offers_the_map(community):
    from convene.apps.capabilities import tasks

    need = make_need(community)
    tasks.offer_map.call(need_id=str(need.pk))
    assert offers_waiting(community.pk) == ["capability"]
