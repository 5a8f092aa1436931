"""Exports of other conversations come in as ballots of nobody; what was released goes out, and nothing else."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from convene.apps.voices import keys, open_exports, services
from convene.apps.voices.models import Ballot, Inquiry, OpenExport, Statement, Vote
from convene.apps.voices.rules import showing
from convene.apps.voices.rules.showing import Counts
from convene.foundation.errors import NotAllowed, RuleBroken
from tests.makers import make_community, make_member, make_person

NOW = timezone.now().replace(microsecond=0)
COMMENTS = (
    "timestamp,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
    "1,0,7,2,0,1,More cases\n"
    '2,1,7,1,1,0,"Evenings, please"\n'
    "3,2,8,0,9,-1,Off the subject\n"
)
VOTES = "timestamp,comment-id,voter-id,vote\n10,0,7,1\n10,0,8,1\n10,1,7,1\n9,1,8,1\n12,1,8,-1\n11,1,8,1\n10,2,7,-1\n"
WIDE = "participant,xid,group-id,n-votes,0,1,2\n7,ada@example.org,0,3,1,1,-1\n8,,1,2,1,-1,\n"


@pytest.fixture
def steward(db):
    return make_person("Ada")


@pytest.fixture
def community(steward):
    return make_community(steward=steward)


@pytest.fixture
def inquiry(community, steward):
    terms = services.Terms(question="How do we meet?")
    return services.make_inquiry(community=community, terms=terms, actor=steward, now=NOW)


def start(inquiry, steward, comments=COMMENTS, votes=VOTES):
    return services.start_open_export(
        inquiry=inquiry, comments=comments.encode(), votes=votes.encode(), actor=steward, now=NOW
    )


def bring(inquiry, steward, **files):
    export = start(inquiry, steward, **files)
    return services.take_in_open_export(export=export, actor=steward, now=NOW)


def read(comments=COMMENTS, votes=VOTES):
    return open_exports.read(comments.encode(), votes.encode())


def test_the_latest_vote_counts_and_what_was_taken_out_brings_no_votes():
    found = read()
    assert found.cast == {("7", "0"): 1, ("8", "0"): 1, ("7", "1"): 1, ("8", "1"): -1}
    assert (found.beside, found.looks_turned(), found.problems) == (1, False, [])


def test_a_file_in_which_minus_one_means_agree_is_noticed_by_its_own_counts():
    turned = VOTES.replace(",-1\n", ",x\n").replace(",1\n", ",-1\n").replace(",x\n", ",1\n")
    assert read(votes=turned).looks_turned()


def test_one_line_a_person_says_the_same_as_one_line_a_vote():
    assert read(votes=WIDE).cast == read().cast


def test_each_row_that_cannot_come_in_is_named_with_its_line_and_the_reason():
    comments = COMMENTS + f"4,1,7,0,0,1,Again\n5,9,7,0,0,1,{'x' * 201}\n6,4,7\n7,5,7,0,0,3,Odd\n"
    votes = VOTES + "13,77,7,1\n13,0,9,2\nnever,0,9,1\n13,0,,1\n"
    found = read(comments, votes)
    assert [(one.file, one.line) for one in found.problems] == [
        ("comments", 5),
        ("comments", 6),
        ("comments", 7),
        ("comments", 8),
        ("votes", 9),
        ("votes", 10),
        ("votes", 11),
        ("votes", 12),
    ]
    assert found.problems[4].text == "There is no statement 77 in the file of statements."


def test_a_line_break_in_a_statement_does_not_shift_the_lines_named_after_it():
    comments = 'comment-id,comment-body\n0,"Two\nlines"\n1,\n'
    found = read(comments, "voter-id,comment-id,vote\n1,0,1\n")
    assert [(one.line, found.comments[0].text) for one in found.problems] == [(4, "Two lines")]


def test_without_times_two_different_votes_of_one_voter_are_named():
    found = read(votes="voter-id,comment-id,vote\n7,0,1\n7,0,1\n7,0,-1\n")
    assert ([one.line for one in found.problems], found.cast) == ([4], {("7", "0"): 1})


@pytest.mark.parametrize(
    ("comments", "votes", "field", "code"),
    [
        ("", VOTES, "comments", "empty"),
        ("comment-id\n1\n", VOTES, "comments", "columns"),
        ("comment-id,comment-id,comment-body\n", VOTES, "comments", "columns"),
        ("comment-id,comment-body\n", VOTES, "comments", "none"),
        (COMMENTS, "voter-id,vote\n1,1\n", "votes", "columns"),
        (COMMENTS, "voter-id,comment-id,vote\n1,99,1\n", "votes", "none"),
        (COMMENTS, 'voter-id,comment-id,vote\n"1,99,1\n', "votes", "not_csv"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_beside_its_field(comments, votes, field, code):
    with pytest.raises(RuleBroken) as refused:
        read(comments, votes)
    assert (refused.value.field, refused.value.code) == (field, code)


def test_sizes_have_limits(monkeypatch):
    for name, field in (("MOST_STATEMENTS", "comments"), ("MOST_VOTES", "votes"), ("MOST_VOTERS", "votes")):
        with monkeypatch.context() as patched:
            patched.setattr(open_exports, name, 1)
            with pytest.raises(RuleBroken) as refused:
                read()
        assert (refused.value.code, refused.value.field) == ("too_many", field)
    with pytest.raises(RuleBroken) as large:
        open_exports.read(b"x" * (open_exports.LARGEST + 1), b"")
    assert large.value.field == "comments"


def test_voters_come_in_as_keys_and_lead_to_no_person(inquiry, steward):
    export = start(inquiry, steward, votes=WIDE)
    kept = json.dumps([export.voters, export.votes, export.statements, export.read])
    services.take_in_open_export(export=export, actor=steward, now=NOW)
    assert "ada@example.org" not in kept
    assert set(Ballot.objects.values_list("key", flat=True)) == {
        keys.of_import(name, inquiry.salt).key for name in ("7", "8")
    }


def test_what_came_in_is_closed_and_says_so_and_its_file_is_forgotten(inquiry, steward):
    brought = bring(inquiry, steward)
    inquiry.refresh_from_db()
    assert (inquiry.imported, inquiry.state) == (True, Inquiry.State.CLOSED)
    assert brought == services.Brought(statements=3, voters=2, votes=4, changed=0)
    assert Statement.objects.get(source="2").state == Statement.State.HIDDEN
    assert OpenExport.objects.values_list("votes", "voters", "statements").get() == ([], [], [])


def test_brought_in_twice_it_is_there_once_and_a_newer_export_changes_what_changed(
    inquiry, steward, settings
):
    bring(inquiry, steward)
    assert bring(inquiry, steward) == services.Brought(statements=0, voters=0, votes=0, changed=0)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    newer = VOTES + "20,0,8,-1\n20,1,9,0\n"
    assert bring(inquiry, steward, votes=newer) == services.Brought(
        statements=0, voters=1, votes=1, changed=1
    )
    assert (Ballot.objects.count(), Vote.objects.count(), Statement.objects.count()) == (3, 5, 3)


def test_of_two_presses_one_brings_it_in(inquiry, steward):
    export = start(inquiry, steward)
    stale = OpenExport.objects.get(pk=export.pk)
    services.take_in_open_export(export=export, actor=steward, now=NOW)
    with pytest.raises(RuleBroken) as late:
        services.take_in_open_export(export=stale, actor=steward, now=NOW)
    assert (late.value.code, Vote.objects.count()) == ("applied_already", 4)


def test_votes_of_people_and_votes_of_a_file_are_never_mixed(inquiry, community, steward):
    export = start(inquiry, steward)
    services.add_seeds(inquiry=inquiry, texts=["More cases"], actor=steward, now=NOW)
    services.ask_everyone(inquiry=inquiry, actor=steward, now=NOW)
    inquiry.refresh_from_db()
    for act in (
        lambda: services.take_in_open_export(export=export, actor=steward, now=NOW),
        lambda: start(inquiry, steward),
    ):
        with pytest.raises(RuleBroken) as refused:
            act()
        assert refused.value.code == "was_asked"


def test_only_who_runs_the_inquiry_brings_in(inquiry, community, steward):
    member, export = make_member(community), start(inquiry, steward)
    for act in (
        lambda: start(inquiry, member),
        lambda: services.take_in_open_export(export=export, actor=member, now=NOW),
        lambda: services.drop_open_export(export=export, actor=member),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_uploads_nobody_said_yes_to_are_forgotten(inquiry, steward):
    start(inquiry, steward)
    assert services.forget_old_exports(now=NOW + dt.timedelta(days=6)) == 0
    assert services.forget_old_exports(now=NOW + dt.timedelta(days=8)) == 1


def test_a_steward_sees_what_would_come_in_before_it_does(client, inquiry, steward):
    client.force_login(steward)
    page = reverse("inquiry_import", args=[inquiry.pk])
    wrong = client.post(page, {"comments": _file("comment-id\n1\n"), "votes": _file(VOTES)})
    assert (wrong.status_code, "there is no column comment-body" in wrong.content.decode()) == (422, True)
    answer = client.post(page, {"comments": _file(COMMENTS), "votes": _file(VOTES + "13,77,7,1\n")})
    check = client.get(answer.url).content.decode()
    assert ("There is no statement 77" in check, Vote.objects.count()) == (True, 0)
    client.post(answer.url)
    assert Vote.objects.count() == 4
    assert client.get(answer.url).url == reverse("inquiry_run", args=[inquiry.pk])


def _file(text):
    return SimpleUploadedFile("file.csv", text.encode())


def many(people):
    """Half agree with the first and all with the second; one votes on the third."""
    lines = [f"{voter},0,{1 if voter % 2 else -1}\n{voter},1,1" for voter in range(people)]
    return "voter-id,comment-id,vote\n" + "\n".join(lines) + "\n"


TWO = "comment-id,comment-body\n0,=Half of us\n1,All of us\n2,Rarely heard\n"


@pytest.mark.django_db
def test_what_was_released_goes_out_and_no_ballot(client, inquiry, community, steward):
    bring(inquiry, steward, comments=TWO, votes=many(40) + "1,2,1\n")
    services.release(inquiry_id=inquiry.pk, now=NOW)
    client.force_login(make_member(community))
    found = client.get(reverse("inquiry_results_json", args=[inquiry.pk])).json()
    rows = {row["statement"]: row for row in found["statements"]}
    assert (rows[1]["agree_percent"], rows[2]["agree_percent"], rows[3]["stand"]) == (50, 95, None)
    assert (found["differences"], found["common_ground"], found["rarely_heard"]) == ([1], [2], [3])
    text = client.get(reverse("inquiry_results_csv", args=[inquiry.pk])).content.decode("utf-8-sig")
    assert [row["text"] for row in csv.DictReader(io.StringIO(text))] == [
        "'=Half of us",
        "All of us",
        "Rarely heard",
    ]
    held = {str(key) for key in Ballot.objects.values_list("key", flat=True)}
    assert not [key for key in held if key in json.dumps(found) or key in text]


@pytest.mark.django_db
def test_of_four_nothing_goes_out_and_to_strangers_neither(client, inquiry, community, steward):
    bring(inquiry, steward, comments=TWO, votes=many(4))
    services.release(inquiry_id=inquiry.pk, now=NOW)
    address = reverse("inquiry_results_json", args=[inquiry.pk])
    client.force_login(make_person())
    assert client.get(address).status_code == 404
    client.force_login(make_member(community))
    found = client.get(address).json()
    assert (found["voters"], {row["stand"] for row in found["statements"]}) == (None, {None})


# --- batches in which all voted alike


def vote(inquiry, *values):
    statement = inquiry.statements.order_by("number")[0]
    for value in values:
        voter = keys.of_person(uuid.uuid4(), inquiry.salt)
        services.cast(statement=statement, voter=voter, value=value, now=NOW)
    services.release(inquiry_id=inquiry.pk, now=NOW)
    statement.refresh_from_db()
    return statement.votes_released


def test_five_who_all_vote_alike_wait_for_one_who_does_not(inquiry, steward):
    services.add_seeds(inquiry=inquiry, texts=["More cases"], actor=steward, now=NOW)
    services.ask_everyone(inquiry=inquiry, actor=steward, now=NOW)
    assert vote(inquiry, *[1, -1] * 10) == 20
    assert vote(inquiry, *[1] * 5) == 20
    assert vote(inquiry, 1) == 20
    assert vote(inquiry, -1) == 27


def test_agreement_of_nearly_everyone_is_shown_all_the_same(inquiry, steward):
    services.add_seeds(inquiry=inquiry, texts=["More cases"], actor=steward, now=NOW)
    services.ask_everyone(inquiry=inquiry, actor=steward, now=NOW)
    assert [vote(inquiry, *[1] * 5) for _each in range(6)] == [5, 10, 10, 20, 25, 30]


@given(st.lists(st.sampled_from([1, 0, -1]), max_size=60))
def test_no_release_is_certain_about_how_all_in_it_voted(values):
    """However votes come in: of what is told, another vote of one in the batch could be behind it."""
    before, batch = [], []
    for value in values:
        batch.append(value)
        after, new = _counts(before + batch), _counts(batch)
        if not showing.batch_is_full(len(batch)) or showing.gives_away(after, new):
            continue
        others = [_counts([*before, *batch[:-1], other]) for other in (1, 0, -1) if other != batch[-1]]
        assert len(set(batch)) > 1 or showing.told(after) in [showing.told(other) for other in others]
        before, batch = before + batch, []


def _counts(values):
    return Counts(values.count(1), values.count(-1), values.count(0))
