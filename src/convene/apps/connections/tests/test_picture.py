"""The picture: groups of five or more, spans instead of counts, closed quarters, nobody's name."""

from __future__ import annotations

import datetime as dt
from itertools import combinations, product

import pytest
from django.urls import reverse
from django.utils import timezone

from convene.apps.communities.models import Organisation
from convene.apps.connections import tasks
from convene.apps.connections.models import Picture
from convene.apps.connections.queries import picture as queries
from convene.apps.connections.rules import picture as rules
from convene.apps.connections.services import picture as services
from convene.apps.equity.periods import quarter_of
from convene.foundation.privacy import erase_person
from tests.makers import make_account, make_community, make_feature, make_member, make_person, make_tables

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LAST = quarter_of((NOW - dt.timedelta(days=15)).date()).before
THEN = dt.datetime.combine(LAST.first_day, dt.time(12), tzinfo=dt.UTC) + dt.timedelta(days=30)


def people(n, name="p"):
    return frozenset(f"{name}{at}" for at in range(n))


def pairs(*given):
    return {frozenset(pair) for pair in given}


def test_a_link_is_shown_by_its_span_and_few_and_none_look_alike():
    one, other = people(6, "a"), people(10, "b")
    every = sorted(product(sorted(one), sorted(other)))
    spans = {
        n: rules.link(one, other, pairs(*every[:: 60 // n if n else 1][:n])) for n in (0, 5, 6, 15, 30, 60)
    }
    assert spans == {0: 0, 5: 0, 6: 1, 15: 2, 30: 3, 60: 3}


def test_a_link_made_by_four_people_is_not_shown():
    one, other = people(5, "a"), people(5, "b")
    assert rules.link(one, other, pairs(("a0", "b0"), ("a0", "b1"), ("a0", "b2"))) == 0
    assert rules.link(one, other, pairs(("a0", "b0"), ("a0", "b1"), ("a1", "b2"))) == 1


def test_within_a_group_of_five_nothing_is_shown_since_five_who_took_part_would_be_all():
    assert rules.link(people(5), people(5), pairs(*combinations(people(5), 2))) == 0
    assert rules.link(people(6), people(6), pairs(*combinations(people(6), 2))) == 3


@pytest.mark.parametrize("size", [(5, 5), (5, 9), (6, 6), (8, 30)])
@pytest.mark.parametrize("span", [1, 2, 3])
def test_for_each_person_there_is_a_world_in_which_they_met_nobody(size, span):
    one, other = people(size[0], "a"), people(size[1], "b")
    assert rules.safe(*size, span, inside=False)
    for without in (min(one), min(other)):
        rest = [pair for pair in product(sorted(one), sorted(other)) if without not in pair]
        # All of these at most; take away until the span is right.
        while rules.link(one, other, pairs(*rest)) > span:
            rest.pop()
        assert rules.link(one, other, pairs(*rest)) == span


def test_whom_each_met():
    met, before = pairs("ab", "cd"), pairs("cd")
    assert rules.whom_each_met("abcde", met, before) == {
        "a": "new",
        "b": "new",
        "c": "known",
        "d": "known",
        "e": "nobody",
    }


def test_the_median_is_of_ten_or_more():
    assert rules.median_met(pairs(*((f"a{n}", f"b{n}") for n in range(4)))) is None
    assert rules.median_met(pairs(*((f"a{n}", f"b{n}") for n in range(5)))) == 1


def grown(sizes=(6, 6, 7, 2, 1), *, at=THEN):
    """Organisations of these sizes; everyone of the first two sits at two mixed tables."""
    community = make_community(name="Ours", slug="ours")
    make_feature(community, "connections")
    members = []
    for n, size in enumerate(sizes):
        place = Organisation.objects.create(community=community, name=f"Hospital {n}")
        members.append(
            [
                make_member(
                    community,
                    make_person(f"Nameless {n} {at}"),
                    organisation=place,
                    since=LAST.first_day - dt.timedelta(days=40),
                )
                for at in range(size)
            ]
        )
    first, second = members[0], members[1]
    make_tables(community, [first[:3] + second[:3], first[3:] + second[3:]], at=at)
    return community


def facts(community):
    return services.facts_of(queries.quarter_of(community, LAST))


def test_small_groups_are_named_only_by_their_count_together_and_never_below_five():
    view = facts(grown())["views"][0]
    shown = {(one["label"], one["size"]) for one in view["nodes"]}
    assert sum(size for _label, size in shown) == 22
    assert all(size >= 5 for _label, size in shown)
    assert not {"Hospital 3", "Hospital 4"} & {label for label, _size in shown}
    assert [one["key"] for one in view["nodes"]][-1] == "together"


def test_who_met_is_counted_for_everyone_and_linked_by_group():
    found = facts(grown((6, 6, 7, 5)))
    assert (found["members"], found["figures"]["new"], found["median"]) == (24, 12, 5)
    view = found["views"][0]
    places = {one["label"]: at for at, one in enumerate(view["nodes"])}
    one, other = sorted((places["Hospital 0"], places["Hospital 1"]))
    assert view["links"] == [[one, one, 2], [one, other, 3], [other, other, 2]]


def test_a_quarter_without_meetings_gives_no_picture():
    assert facts(grown(at=NOW)) == {}


def test_too_few_members_give_no_picture():
    assert facts(grown((2, 2))) == {}


def test_only_closed_quarters_are_published_once_and_do_not_change_when_someone_is_erased():
    community = grown()
    assert [services.publish_due(community=community, now=NOW) for _ in range(2)] == [1, 0]
    before = Picture.objects.get().facts
    erase_person(community.memberships.first().person_id)
    tasks.publish_what_is_due(NOW)
    assert Picture.objects.get().facts == before


def test_the_running_quarter_is_not_published():
    community = grown(at=NOW - dt.timedelta(hours=2))
    assert services.publish_due(community=community, now=NOW) == 0


def test_members_and_stewards_see_it_and_nobody_else(client):
    community = grown()
    services.publish_due(community=community, now=NOW)
    url = reverse("community_connections", args=["ours"])
    client.force_login(make_account("Stranger"))
    assert client.get(url).status_code == 403
    client.force_login(make_member(community, make_account("Tomasz")))
    page = client.get(url, {"by": "tier"})
    assert page.status_code == 200
    assert "Nameless" not in page.text
    assert "Hospital 2" in client.get(url).text
    assert "Hospital 4" not in client.get(url).text


def test_without_a_closed_quarter_the_page_says_when_there_will_be_one(client):
    steward = make_account("Ines")
    make_community(steward=steward, slug="ours")
    client.force_login(steward)
    assert "No quarter with tables is closed yet" in client.get("/c/ours/connections/").text
