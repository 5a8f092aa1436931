"""The page: who sees it, what it says, and that it costs the same however many asked."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from convene.apps.communities.models import RoleTerm
from convene.apps.equity.models import Counted, EquityTable, Publication
from convene.foundation.audit.models import AuditEntry
from tests.makers import (
    make_account,
    make_community,
    make_member,
    make_policy,
    make_question,
    make_role,
    make_workshop,
)

pytestmark = pytest.mark.django_db
TOTALS = {"member": 70, "asked": 52, "offered": 27, "confirmed": None, "came": 27}
ROWS = [
    {
        "answers": ["north"],
        "counts": {"member": 40, "asked": 30, "offered": 22, "confirmed": None, "came": 22},
    },
    {
        "answers": ["=south", ""],
        "counts": {"member": 30, "asked": 22, "offered": 5, "confirmed": None, "came": 5},
    },
]


@pytest.fixture
def steward():
    return make_account("Ines")


@pytest.fixture
def community(steward):
    return make_community(steward=steward, slug="ours")


def published(community, period="2026-Q3", kind="", *, rows=ROWS, question=None, guests=None):
    publication = Publication.objects.create(
        community=community, period=period, kind=kind, guests=guests or {}, published_at=timezone.now()
    )
    EquityTable.objects.create(publication=publication, key="tier", rows=[], totals=TOTALS)
    EquityTable.objects.create(
        publication=publication,
        question=question or make_question(community, label=f"Where from, {period}?"),
        key="where",
        rows=rows,
        totals=TOTALS,
        position=1,
    )
    return publication


def page(client, person, name="equity", **query):
    client.force_login(person)
    return client.get(reverse(name, args=["ours"]), query)


@pytest.mark.parametrize("name", ["equity", "equity_table"])
def test_only_stewards_read_it(client, community, steward, name):
    published(community)
    member = make_member(community, make_account("Tomasz"))
    helper = make_member(community, make_account("Samuel"))
    make_role(community, helper, RoleTerm.Role.FACILITATOR)
    other = make_account("Other")
    make_community(steward=other)
    assert [page(client, one, name).status_code for one in (member, helper, other)] == [403] * 3
    assert page(client, steward, name).status_code == 200
    client.logout()
    assert client.get(reverse(name, args=["ours"])).status_code == 302


def test_who_read_it_is_written_down_without_a_name(client, community, steward):
    publication = published(community)
    page(client, steward)
    page(client, steward, "equity_table")
    entries = AuditEntry.objects.filter(name="equity_read").order_by("at")
    assert [(one.subject_id, one.actor_id, one.payload) for one in entries] == [
        (publication.pk, steward.pk, {"as_table": False}),
        (publication.pk, steward.pk, {"as_table": True}),
    ]


def test_a_difference_is_said_in_words_with_what_can_be_done(client, community, steward):
    workshop = make_workshop(community, title="Gloves")
    make_policy(workshop, kind="draw")
    published(community)
    text = page(client, steward).content.decode()
    assert "Of the members in “north” who asked, more were offered a seat: 73 % (22 of 30)" in text
    assert "Chance alone would make such a difference less than once in 1,000 times." in text
    assert reverse("seat_targets", args=[workshop.pk]) in text
    assert "“Gloves”" in text


def test_hidden_figures_are_said_to_be_hidden_and_why(client, community, steward):
    published(community)
    text = page(client, steward).content.decode()
    assert text.count('<span class="soft">hidden</span>') == 3
    assert "Nothing can be shown here: the groups are too small" in text
    assert "Fewer than five asked: nothing is shown." in text


def test_the_newest_quarter_is_shown_unless_another_is_asked_for(client, community, steward):
    for period, kind in (("2026-Q3", ""), ("2025", ""), ("2025", "skills"), ("2026", ""), ("2026-Q1", "")):
        published(community, period, kind)

    def shown(**query):
        one = page(client, steward, **query).context["publication"]
        return one.period, one.kind

    assert shown() == ("2026-Q3", "")
    assert shown(period="2025", kind="skills") == ("2025", "skills")
    assert shown(period="2026", kind="skills") == ("2026", "")
    assert shown(period="1999", kind="<script>") == ("2026-Q3", "")


def test_over_time_there_is_a_drawing_with_the_same_facts_as_a_table(client, community, steward):
    question = make_question(community, label="Where from?")
    published(community, "2026-Q2", question=question)
    published(community, "2026-Q3", question=question)
    published(community, "2026", question=question)
    text = page(client, steward).content.decode()
    assert text.count('<svg class="chart__drawing"') == 1
    assert '<td class="number" data-label="Q2 2026">73 %</td>' in text
    assert '<svg class="chart__drawing"' not in page(client, steward, period="2026-Q2").content.decode()


def test_the_table_to_take_out_is_what_is_shown(client, community, steward):
    published(
        community, guests={"member": None, "asked": 9, "offered": None, "confirmed": None, "came": None}
    )
    response = page(client, steward, "equity_table")
    assert response["Content-Disposition"] == 'attachment; filename="access-2026-q3.csv"'
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    north = [(one["step"], one["people"], one["share"]) for one in rows if one["answer"] == "north"]
    assert north == [
        ("member", "40", "57 %"),
        ("asked", "30", "75 %"),
        ("offered", "22", "73 %"),
        ("confirmed", "hidden", ""),
        ("came", "22", "100 %"),
    ]
    guests = [one["people"] for one in rows if one["answer"] == "people who were no members"]
    assert guests == ["9", "hidden", "hidden", "hidden"]
    assert {one["answer"][:2] for one in rows if "south" in one["answer"]} == {"'="}
    assert {one["by"] for one in rows} == {"Where from, 2026-Q3?", ""}


def test_before_anything_is_published_it_says_when(client, community, steward):
    assert "Nothing has taken place yet" in page(client, steward).content.decode()
    make_workshop(community, days=-3)
    text = page(client, steward).content.decode()
    assert "No quarter is closed yet" in text
    assert page(client, steward, "equity_table").status_code == 404


def test_another_communitys_figures_are_not_shown(client, community, steward):
    published(make_community(slug="theirs"))
    assert "Nothing has taken place yet" in page(client, steward).content.decode()


def test_the_page_costs_the_same_queries_however_many_were_counted(client, community, steward):
    question = make_question(community)
    first = published(community, question=question)
    page(client, steward)

    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert page(client, steward).status_code == 200
        return len(caught)

    few = queries()
    for year in range(2010, 2025):
        published(community, f"{year}-Q3", question=question)
    Counted.objects.bulk_create(
        Counted(publication=first, person=make_member(community), step="asked") for _ in range(200)
    )
    assert queries() == few
    assert few <= 22


def test_in_print_there_is_no_form_and_the_figures_stay(client, community, steward):
    published(community)
    text = page(client, steward).content.decode()
    assert '<form method="get" class="filters screen-only">' in text
    assert "73 %" in text
