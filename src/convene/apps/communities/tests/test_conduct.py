"""Who sees a conduct report: its reporter by the code, and the one contact they chose. Nobody else learns of it."""

from __future__ import annotations

import re
import uuid

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from convene.apps.communities import privacy, services
from convene.apps.communities.conduct_seal import contents_of, new_code, seal, unseal
from convene.apps.communities.models import ConductReport, RoleTerm
from convene.apps.communities.queries import conduct as reading
from convene.foundation.audit.models import AuditEntry
from convene.foundation.errors import RuleBroken
from convene.foundation.jobs.models import DueJob
from convene.foundation.mail.models import MailMessage
from convene.foundation.privacy import export_person
from tests.makers import make_community, make_member, make_person, make_report, make_role

pytestmark = pytest.mark.django_db
NOW = timezone.now()
SECRET_WORDS = "He said it in front of everyone in Room Seven"
CONTACT = RoleTerm.Role.CONDUCT_CONTACT


@pytest.fixture
def steward():
    return make_person("Stella Steward")


@pytest.fixture
def community(steward):
    return make_community(steward=steward)


@pytest.fixture
def contact(community):
    person = make_person("Carla Contact")
    make_role(community, person, CONTACT)
    return person


@pytest.fixture
def accused(community):
    person = make_member(community, make_person("Arno Accused"))
    make_role(community, person, CONTACT)
    return person


@pytest.fixture
def reported(community, contact, accused):
    return make_report(
        community, contact, text=SECRET_WORDS, about="Arno Accused", excluded=[accused.pk], now=NOW
    )


@pytest.fixture
def everyone(community, contact, accused, steward):
    elsewhere = make_person("Elsa Elsewhere")
    make_role(make_community(), elsewhere, CONTACT)
    other = make_person("Otto Other")
    make_role(community, other, CONTACT)
    return {
        "anonymous": None,
        "steward": steward,
        "site admin": make_person(is_site_admin=True),
        "member": make_member(community),
        "other contact": other,
        "accused contact": accused,
        "contact elsewhere": elsewhere,
        "chosen contact": contact,
    }


CASE_PAGES = ["conduct_case", "conduct_reply", "conduct_take_up", "conduct_close"]


UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def _answer(client, who, method, where, data=None):
    if who is None:
        client.logout()
    else:
        client.force_login(who)
    response = getattr(client, method)(where, data or {})
    text = re.sub(rb'(csrfmiddlewaretoken" value=|x-csrftoken": ")"?[^"]+"', b"", response.content)
    # What was asked for comes back in the page's own address; all else must be equal.
    where_to = re.sub(UUID, "", response.headers.get("Location", ""))
    return response.status_code, where_to, re.sub(UUID.encode(), b"", text)


@pytest.mark.parametrize("page", CASE_PAGES)
@pytest.mark.parametrize(
    "who",
    ["anonymous", "steward", "site admin", "member", "other contact", "accused contact", "contact elsewhere"],
)
def test_not_for_you_and_not_there_are_the_same_answer(client, community, reported, everyone, page, who):
    there = reverse(page, args=[community.slug, reported.report.pk])
    nowhere = reverse(page, args=[community.slug, uuid.uuid4()])
    for method in ("get", "post"):
        real = _answer(client, everyone[who], method, there, {"text": "x", "reason": "x"})
        none = _answer(client, everyone[who], method, nowhere, {"text": "x", "reason": "x"})
        assert real == none
        assert real[0] in ({404, 405} if everyone[who] else {302, 405})
    reported.report.refresh_from_db()
    assert reported.report.state == ConductReport.State.RECEIVED


@pytest.mark.parametrize("who", ["steward", "site admin", "member", "contact elsewhere"])
def test_who_is_no_contact_finds_no_inbox(client, community, reported, everyone, who):
    where = reverse("conduct_inbox", args=[community.slug])
    assert _answer(client, everyone[who], "get", where)[0] == 404


@pytest.mark.parametrize("who", ["other contact", "accused contact"])
def test_another_contacts_inbox_looks_the_same_with_and_without_the_report(
    client, community, reported, everyone, who
):
    where = reverse("conduct_inbox", args=[community.slug])
    before = _answer(client, everyone[who], "get", where)
    ConductReport.objects.all().delete()
    assert _answer(client, everyone[who], "get", where) == before


def test_the_chosen_contact_opens_answers_takes_up_and_closes(client, community, reported, contact):
    client.force_login(contact)
    case = reverse("conduct_case", args=[community.slug, reported.report.pk])
    assert SECRET_WORDS not in client.get(case).content.decode()
    client.post(case)
    assert SECRET_WORDS in client.get(case).content.decode()
    client.post(f"{case}reply/", {"text": "Thank you for telling me."})
    client.post(f"{case}take-up/")
    assert client.post(f"{case}close/", {"reason": ""}).status_code == 422
    client.post(f"{case}close/", {"reason": "He was asked to leave."})
    reported.report.refresh_from_db()
    assert reported.report.state == ConductReport.State.CLOSED
    assert contents_of(reported.report)["reason"] == "He was asked to leave."


def test_a_reporter_without_a_name_reads_and_writes_with_the_code_and_only_with_it(client, reported, contact):
    services.write_to_reporter(report=reported.report, text="Are you safe now?", now=NOW)
    where = reverse("conduct_answers")
    assert client.post(where, {"code": new_code()}).status_code == 422
    page = client.post(where, {"code": reported.code.lower().replace("-", " ")})
    assert "Are you safe now?" in page.content.decode()
    client.post(where, {"code": reported.code, "text": "Yes, thank you."})
    assert [unseal(m.sealed) for m in reported.report.messages.all()] == [
        "Are you safe now?",
        "Yes, thank you.",
    ]
    assert reading.waits_for(contact)


def test_the_code_is_shown_once_and_stands_in_no_address_and_no_table(client, community, contact):
    response = client.post(
        reverse("conduct_report", args=[community.slug]), {"text": SECRET_WORDS, "contact": str(contact.pk)}
    )
    code = re.search(r"[2-9A-Z]{5}(-[2-9A-Z]{5}){3}", response.content.decode())
    assert code is not None
    assert _rows_with(code.group()) == []
    assert _rows_with(SECRET_WORDS) == []
    assert "no-store" in response.headers["Cache-Control"]


def _rows_with(words):
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += [table for row in cursor.fetchall() if any(words in str(value) for value in row)]
    return found


def test_a_report_leaves_no_audit_entry_no_job_and_a_mail_that_says_nothing(reported, contact, community):
    services.open_report(report=reported.report, now=NOW)
    services.close_report(report=reported.report, reason="Settled.", now=NOW)
    assert AuditEntry.objects.count() == 0
    assert DueJob.objects.count() == 0
    mail = MailMessage.objects.get()
    assert mail.person_id == contact.pk
    assert mail.community_id is None
    assert mail.about_id is None
    told = f"{mail.key} {mail.kind} {mail.subject} {mail.text}"
    assert str(reported.report.pk) not in told
    assert "conduct" not in told.lower()
    assert "report" not in told.lower()
    assert community.name not in told


def test_an_involved_contact_cannot_be_chosen_and_never_becomes_the_reader(reported, community, accused):
    with pytest.raises(RuleBroken) as broken:
        make_report(community, accused, excluded=[accused.pk])
    assert broken.value.code == "contact_involved"
    assert accused not in reading.other_contacts(reported.report)
    with pytest.raises(RuleBroken):
        services.choose_other_contact(report=reported.report, contact_id=accused.pk, now=NOW)


def test_the_reporter_takes_it_to_another_contact_and_the_first_loses_it(
    client, reported, community, contact
):
    other = make_person("Otto Other")
    make_role(community, other, CONTACT)
    client.post(reverse("conduct_answers"), {"code": reported.code, "move": "1", "contact": str(other.pk)})
    assert list(reading.entrusted_to(contact)) == []
    assert list(reading.entrusted_to(other)) == [reported.report]


def test_ending_the_contacts_role_makes_no_report_vanish(reported, community, contact, steward):
    term = RoleTerm.objects.get(person=contact)
    services.end_role(term=term, reason="I do not like reports.", actor=steward, now=NOW)
    assert list(reading.entrusted_to(contact)) == [reported.report]


def test_a_steward_who_becomes_contact_sees_no_earlier_report(client, reported, community, steward):
    services.give_role(community=community, person=steward, role=CONTACT, actor=steward, now=NOW)
    client.force_login(steward)
    assert client.get(reverse("conduct_case", args=[community.slug, reported.report.pk])).status_code == 404


def test_nobodys_export_tells_of_a_report_but_the_reporters_own(community, contact, accused):
    reporter = make_person("Rita Reporter")
    make_report(community, contact, text=SECRET_WORDS, excluded=[accused.pk], reporter=reporter)
    assert SECRET_WORDS in str(export_person(reporter.pk))
    for person in (contact, accused):
        rows = export_person(person.pk)["communities.ConductReport"]
        assert rows == []
        assert SECRET_WORDS not in str(export_person(person.pk))


def test_erasing_the_reporter_keeps_the_case_without_them(community, contact):
    reporter = make_person("Rita Reporter", email="rita@example.org")
    reported = make_report(community, contact, text=SECRET_WORDS, reporter=reporter)
    privacy._erase_reports(reporter.pk)
    report = ConductReport.objects.get()
    contents = contents_of(report)
    assert contents["text"] == SECRET_WORDS
    assert (contents["name"], contents["mail"], report.reporter_tag) == ("", "", "")
    assert reading.by_code(reported.code) == report


def test_erasing_the_contact_lets_the_reporter_choose_another(reported, contact, community):
    privacy._erase_reports(contact.pk)
    report = ConductReport.objects.get()
    assert report.contact is None
    other = make_person()
    make_role(community, other, CONTACT)
    assert other in reading.other_contacts(report)


def test_an_older_site_key_still_opens_what_it_sealed(settings, reported):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, long enough to be one"
    report = ConductReport.objects.get()
    assert contents_of(report)["text"] == SECRET_WORDS
    assert reading.by_code(reported.code) == report
    assert unseal(seal("new")) == "new"


def test_the_home_page_says_only_that_something_waits(client, reported, contact, accused):
    client.force_login(contact)
    shown = client.get("/").content.decode()
    assert "something for you to read" in shown
    assert "Arno" not in shown
    client.force_login(accused)
    assert "something for you to read" not in client.get("/").content.decode()


def test_a_contact_in_another_community_is_no_choice(community, contact):
    elsewhere = make_person()
    make_role(make_community(), elsewhere, CONTACT)
    with pytest.raises(RuleBroken) as broken:
        make_report(community, elsewhere)
    assert broken.value.code == "unknown_contact"


def test_a_community_without_contacts_says_where_else_to_turn(client):
    community = make_community(conduct_elsewhere="The ombudsperson, room 12.")
    page = client.get(reverse("conduct_report", args=[community.slug]))
    assert "The ombudsperson, room 12." in page.content.decode()


def test_too_many_reports_from_one_place_are_slowed_down(client, community, contact):
    call_command("createcachetable")
    where = reverse("conduct_report", args=[community.slug])
    words = {"text": "x", "contact": str(contact.pk)}
    answers = [client.post(where, words).status_code for _ in range(11)]
    assert answers == [200] * 10 + [422]
