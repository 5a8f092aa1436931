from __future__ import annotations

import datetime as dt
import time
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from convene.apps.capabilities.outcomes import services as outcomes
from convene.apps.capabilities.outcomes.queries import teachers
from convene.apps.stewardship import queries, rules, services
from convene.apps.stewardship.models import Aim, Audience, AudienceDecision
from convene.apps.stewardship.rules import Decided, Given, Line
from convene.apps.workshops.models import Workshop
from convene.foundation import privacy
from convene.foundation.audit.models import AuditEntry
from convene.foundation.errors import NotAllowed, RuleBroken
from tests.makers import (
    make_audience,
    make_community,
    make_decision,
    make_facilitator,
    make_member,
    make_outcome,
    make_person,
    make_workshop,
)

NOW = timezone.now()
NEXT_YEAR = NOW.date() + dt.timedelta(days=365)
A, B, X, Y = (UUID(int=n) for n in range(1, 5))


def wanted(**fields):
    values = {
        "pk": uuid4(),
        "audience_id": A,
        "outcome_id": X,
        "depth": "with_help",
        "route": "workshop",
        "standing": "use",
        "size": 10,
        "position": (1, 1),
        "workshop_id": None,
    }
    return Decided(**{**values, **fields})


GIVEN = Given(
    pk=UUID(int=9),
    outcome_ids=frozenset({X}),
    depth="with_help",
    conversation=False,
    for_everyone=True,
    ends_at=NOW + dt.timedelta(days=3),
)


# --- what follows ------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "served"),
    [
        (GIVEN, True),
        (replace(GIVEN, depth="do"), True),
        (replace(GIVEN, depth="converse"), False),
        (replace(GIVEN, outcome_ids=frozenset({Y})), False),
        (replace(GIVEN, conversation=True), False),
        (replace(GIVEN, for_everyone=False), False),
        (replace(GIVEN, ends_at=None), True),
        (replace(GIVEN, ends_at=NOW - dt.timedelta(days=360)), True),
        (replace(GIVEN, ends_at=NOW - dt.timedelta(days=370)), False),
    ],
)
def test_a_decision_is_served_by_what_aims_so_deep_is_open_to_them_and_not_long_past(given, served):
    assert (
        rules.gaps([wanted()], [given], NOW) == [] if served else rules.gaps([wanted()], [given], NOW) != []
    )


def test_members_are_served_by_what_is_for_members_and_a_draft_serves_what_it_was_made_for():
    inside = replace(GIVEN, for_everyone=False)
    assert rules.gaps([wanted(standing="key")], [inside], NOW) == []
    mine = wanted(depth="steward", workshop_id=GIVEN.pk)
    assert rules.gaps([mine], [GIVEN], NOW) == []
    assert rules.gaps([mine], [replace(GIVEN, ends_at=NOW - dt.timedelta(days=400))], NOW) == [mine]


def test_only_workshops_and_conversations_ask_for_a_session():
    routes = AudienceDecision.Route.values
    assert [one.route for one in rules.gaps([wanted(route=route) for route in routes], [], NOW)] == [
        "conversation",
        "workshop",
    ]


def test_the_same_outcome_at_the_same_depth_is_one_session_for_all_and_most_people_come_first():
    small = wanted(outcome_id=Y, size=4)
    first, second = wanted(), wanted(audience_id=B, size=30)
    deeper = wanted(depth="do", size=1)
    talk = wanted(route="conversation", size=2)
    made = rules.proposals([small, first, deeper, second, talk])
    assert [one.people for one in made] == [40, 4, 2, 1]
    assert made[0].audiences == (A, B)
    assert [one.template for one in made] == ["skills", "skills", "hot_topic", "skills"]


def test_those_for_whom_information_is_enough_get_sessions_of_up_to_five_outcomes():
    rows = [
        wanted(standing="informed", depth="aware", outcome_id=uuid4(), position=(place, 1))
        for place in range(7)
    ]
    made = rules.proposals(reversed(rows))
    assert [len(one.outcomes) for one in made] == [5, 2]
    assert made[0].decisions == tuple(one.pk for one in rows[:5])
    assert {(one.template, one.people, one.for_everyone) for one in made} == {("open_taster", 10, True)}


# --- deciding ----------------------------------------------------------------

pytestmark = pytest.mark.django_db


@pytest.fixture
def steward():
    return make_person("Ada")


@pytest.fixture
def community(steward):
    return make_community(steward=steward)


def decide(audience, *lines, actor, **fields):
    values = {"owner": actor, "review_on": NEXT_YEAR, "now": NOW}
    services.decide(audience=audience, lines=lines, actor=actor, **{**values, **fields})


def line(outcome, **fields):
    values = {"depth": "do", "route": "workshop", "reason": "They do it daily.", "seen": 0}
    return Line(outcome.pk, **{**values, **fields})


def test_a_decision_is_made_changed_and_opened_again(community, steward):
    audience, outcome = make_audience(community), make_outcome(community)
    decide(audience, line(outcome), actor=steward)
    decide(audience, line(outcome, route="none", reason="", seen=1), reason="They ask us", actor=steward)
    row = AudienceDecision.objects.get()
    assert (row.depth, row.route, row.reason, row.revision, row.owner) == (
        "",
        "none",
        "They ask us",
        2,
        steward,
    )
    decide(audience, line(outcome, depth="", route="", reason="", seen=2), actor=steward)
    assert not AudienceDecision.objects.exists()
    names = AuditEntry.objects.order_by("at").values_list("name", flat=True)
    assert list(names) == ["audience_decided", "audience_decided", "decision_withdrawn"]
    payloads = AuditEntry.objects.values_list("payload", flat=True)
    assert all(set(one) <= {"community_id", "outcome_id"} for one in payloads)


@pytest.mark.parametrize(
    ("fields", "more", "field"),
    [
        ({"route": ""}, {}, "route-"),
        ({"depth": ""}, {}, "depth-"),
        ({"reason": " a "}, {}, "reason-"),
        ({"seen": 3}, {}, "route-"),
        ({}, {"review_on": NOW.date()}, "review_on"),
        ({}, {"review_on": NOW.date() + dt.timedelta(days=2000)}, "review_on"),
    ],
)
def test_half_a_decision_is_refused_at_its_field_and_nothing_is_written(
    community, steward, fields, more, field
):
    audience, good, bad = make_audience(community), make_outcome(community), make_outcome(community)
    with pytest.raises(RuleBroken) as broken:
        decide(audience, line(good), line(bad, **fields), actor=steward, **more)
    assert str(broken.value.field).startswith(field)
    assert not AudienceDecision.objects.exists()


def test_of_two_who_decide_one_field_the_second_is_told(community, steward):
    audience, outcome = make_audience(community), make_outcome(community)
    decide(audience, line(outcome), actor=steward)
    for late in (line(outcome, depth="aware"), line(outcome, depth="", route="", seen=0)):
        with pytest.raises(RuleBroken) as broken:
            decide(audience, late, actor=steward)
        assert broken.value.code == "decision_changed"


def test_only_stewards_decide_and_only_about_their_own_map(community, steward):
    audience, outcome = make_audience(community), make_outcome(community)
    member = make_member(community)
    for act in (
        lambda: decide(audience, line(outcome), actor=member),
        lambda: services.add_audience(
            community=community, name="Nurses", standing="use", actor=member, now=NOW
        ),
        lambda: services.change_audience(
            audience=audience, name="Nurses", standing="use", actor=member, now=NOW
        ),
        lambda: services.put_away(audience=audience, actor=member, now=NOW),
        lambda: services.plan_proposal(community=community, decision_ids=[], actor=member, now=NOW),
        lambda: services.set_aims(workshop=make_workshop(community), outcome_ids=[], actor=member, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(RuleBroken) as broken:
        decide(audience, line(make_outcome()), actor=steward)
    assert broken.value.code == "outcome_gone"


def test_the_thirty_first_audience_and_a_second_of_a_name_are_refused(community, steward):
    def add(name):
        return services.add_audience(community=community, name=name, standing="use", actor=steward, now=NOW)

    first = add(" Ward   nurses ")
    with pytest.raises(RuleBroken) as broken:
        add("ward nurses")
    assert (broken.value.code, first.name) == ("audience_taken", "Ward nurses")
    for _ in range(29):
        make_audience(community)
    with pytest.raises(RuleBroken) as broken:
        add("Porters")
    assert broken.value.code == "audiences_full"
    services.put_away(audience=first, actor=steward, now=NOW)
    assert add("Ward nurses").position == max(one.position for one in Audience.objects.all())


def test_an_erased_owner_leaves_the_decision(community):
    owner = make_member(community)
    make_decision(make_audience(community), make_outcome(community), owner=owner)
    assert "stewardship.AudienceDecision" in privacy.export_person(owner.pk)
    privacy.erase_person(owner.pk)
    assert AudienceDecision.objects.get().owner is None


# --- sessions that follow ----------------------------------------------------


def test_one_press_makes_a_draft_that_serves_what_it_was_made_for(community, steward):
    outcome = make_outcome(community, title="Screen studies")
    rows = [make_decision(make_audience(community, size=n), outcome) for n in (10, 20)]
    (shown,) = queries.proposals(community.pk, NOW)
    made = services.plan_proposal(
        community=community, decision_ids=shown.proposal.decisions, actor=steward, now=NOW
    )
    assert (made.state, made.title, made.depth, made.audience) == (
        "draft",
        "Screen studies",
        "do",
        "everyone",
    )
    assert (made.outcomes, made.kind, Aim.objects.get().outcome) == ("Screen studies", "skills", outcome)
    assert {one.workshop_id for one in AudienceDecision.objects.all()} == {made.pk}
    assert queries.proposals(community.pk, NOW) == []
    with pytest.raises(RuleBroken) as broken:
        services.plan_proposal(
            community=community, decision_ids=[one.pk for one in rows], actor=steward, now=NOW
        )
    assert broken.value.code == "proposal_gone"
    Workshop.objects.update(state=Workshop.State.CANCELLED)
    assert len(queries.proposals(community.pk, NOW)) == 1


def test_an_informative_session_is_for_one_audience_and_carries_its_outcomes(community, steward):
    audience = make_audience(community, name="Managers", standing="informed")
    for n in range(2):
        make_decision(audience, make_outcome(community, title=f"Thing {n}"), depth="aware")
    (shown,) = queries.proposals(community.pk, NOW)
    made = services.plan_proposal(
        community=community, decision_ids=shown.proposal.decisions, actor=steward, now=NOW
    )
    assert (made.kind, made.title) == ("informative", "For Managers: what to know")
    assert made.outcomes == "Thing 0\nThing 1"


def test_what_a_workshop_aims_at_is_set_again_without_doubles(community, steward):
    workshop = make_workshop(community)
    one, two, other = make_outcome(community), make_outcome(community), make_outcome()
    for ids in ([one.pk, other.pk], [one.pk], [two.pk]):
        services.set_aims(workshop=workshop, outcome_ids=ids, actor=steward, now=NOW)
    assert queries.aims_of(workshop) == {two.pk}
    assert AuditEntry.objects.filter(name="aims_changed").count() == 2


def test_who_can_teach_shows_when_they_last_held_a_workshop_that_aimed_at_it(community, steward):
    outcome, person = make_outcome(community), make_member(community)
    outcomes.qualify(outcome=outcome, person=person, expires_on=None, actor=steward, now=NOW)
    for days, state in ((-40, "held"), (-20, "held"), (-3, "cancelled"), (5, "published")):
        workshop = make_workshop(community, days=days, state=state)
        make_facilitator(workshop, person)
        Aim.objects.create(workshop=workshop, outcome=outcome)
    make_facilitator(make_workshop(community, days=-1, state="held"), person)
    (teacher,) = teachers(steward, community.pk, NOW.date())[outcome.pk]
    held = Workshop.objects.filter(state="held").order_by("-sessions__ends_at")[1]
    assert teacher.last_taught == held.sessions.get().ends_at.date()


# --- pages -------------------------------------------------------------------


def test_a_steward_decides_a_column_on_one_page_by_keys_alone(community, steward, client):
    client.force_login(steward)
    new = reverse("audience_new", args=[community.slug])
    assert client.get(new).status_code == 200
    assert client.post(new, {"name": "Nurses"}).status_code == 422
    one, two = make_outcome(community), make_outcome(community)
    answer = client.post(new, {"name": "Nurses", "standing": "use", "size": "40"})
    page = answer.url
    assert client.get(page).status_code == 200
    sent = {
        f"depth-{one.pk}": "do",
        f"route-{one.pk}": "workshop",
        f"reason-{one.pk}": "My own reason",
        f"seen-{one.pk}": "0",
        f"depth-{two.pk}": "aware",
        f"seen-{two.pk}": "0",
        "review_on": NEXT_YEAR.isoformat(),
        "owner": steward.pk,
    }
    wrong = client.post(page, sent)
    assert (wrong.status_code, "By which route?" in wrong.content.decode()) == (422, True)
    assert "My own reason" in wrong.content.decode()
    good = client.post(page, {**sent, f"route-{two.pk}": "material", "reason": "For all others"})
    assert good.status_code == 302
    rows = AudienceDecision.objects.order_by("outcome__position").values_list("route", "reason", "owner")
    assert list(rows) == [
        ("workshop", "My own reason", steward.pk),
        ("material", "For all others", steward.pk),
    ]
    audience = Audience.objects.get()
    cell = reverse("decision", args=[community.slug, audience.pk, one.pk])
    assert client.get(cell).status_code == 200
    edit = reverse("audience_edit", args=[community.slug, audience.pk])
    assert client.get(edit).status_code == 200
    assert client.post(edit, {"name": "", "standing": "use"}).status_code == 422
    assert client.post(edit, {"name": "Ward nurses", "standing": "key"}).status_code == 302
    assert client.post(reverse("audience_put_away", args=[community.slug, audience.pk])).status_code == 302
    assert client.get(page).status_code == 404


def test_members_read_the_grid_and_others_do_not(community, client):
    make_decision(make_audience(community, name="Nurses"), make_outcome(community))
    grid = reverse("decisions", args=[community.slug])
    client.force_login(make_member(community))
    html = client.get(grid).content.decode()
    assert ("Nurses" in html, "can do<br>workshop" in html, "Add an audience" in html) == (True, True, False)
    for name in ("audience_new", "decision_proposals"):
        assert client.get(reverse(name, args=[community.slug])).status_code == 403
    client.force_login(make_person())
    assert client.get(grid).status_code == 403


def test_a_proposal_becomes_a_draft_on_its_page(community, steward, client):
    row = make_decision(make_audience(community), make_outcome(community, title="Screen studies"))
    client.force_login(steward)
    page = reverse("decision_proposals", args=[community.slug])
    assert "Screen studies" in client.get(page).content.decode()
    assert client.post(page, {"decision": "nonsense"}).url == page
    answer = client.post(page, {"decision": str(row.pk)})
    assert answer.url == reverse("workshop_page", args=[Workshop.objects.get().pk])
    assert client.post(page, {"decision": str(row.pk)}).url == page
    aims = reverse("workshop_aims", args=[Workshop.objects.get().pk])
    assert client.get(aims).status_code == 200
    client.post(aims, {"outcomes": []})
    assert not Aim.objects.exists()
    client.force_login(make_member(community))
    assert client.get(aims).status_code in {403, 404}


@pytest.mark.parametrize("name", ["decisions", "decision_proposals"])
def test_forty_outcomes_for_thirty_audiences_take_the_same_queries_as_one_and_little_time(
    community, steward, client, name
):
    client.force_login(steward)
    page = reverse(name, args=[community.slug])
    audiences, map_ = [make_audience(community, size=5)], [make_outcome(community)]
    counts = []
    for _ in range(2):
        AudienceDecision.objects.all().delete()
        for audience in audiences:
            for outcome in map_:
                make_decision(audience, outcome)
        client.get(page)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page).status_code == 200
        counts.append(len(asked))
        audiences += [make_audience(community, size=5) for _ in range(29)] if len(audiences) == 1 else []
        map_ += [make_outcome(community) for _ in range(39)] if len(map_) == 1 else []
    assert counts[0] == counts[1]
    began = time.process_time()
    client.get(page)
    assert time.process_time() - began < 1
