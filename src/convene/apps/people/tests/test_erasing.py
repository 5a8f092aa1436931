"""After erasing, no table holds the name or the address, and what others rely on is still true."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from convene.apps.people import services
from convene.apps.people.links import my_data_token
from convene.apps.people.models import AccessNeedView, Person
from convene.apps.people.ports import ports
from convene.apps.people.rules import Purpose
from convene.foundation import privacy
from convene.foundation.audit.models import AuditEntry
from convene.foundation.jobs.models import DueJob
from convene.foundation.mail.models import MailMessage
from convene.foundation.mail.services import schedule_mail
from tests.makers import make_account, make_person
from tests.traces import tables_holding

pytestmark = pytest.mark.django_db
NOW = timezone.now()
NAME, ADDRESS = "Ada Özgür", "ada.oezguer@example.org"


def live_fully(person: Person) -> None:
    """Everything this app, the login library and the foundation can hold on someone."""
    services.update_profile(person=person, now=NOW, offers=f"Ask {NAME}", wants="x", zone="Europe/Berlin")
    services.give_consent(person=person, purpose=Purpose.DIRECTORY, now=NOW)
    services.record_access_need(person=person, kind="other", detail=f"{NAME} needs rest", now=NOW)
    services.show_access_needs(
        viewer=make_person(), person_ids=[person.pk], workshop_id=uuid.uuid4(), now=NOW
    )
    _mails(person)
    DueJob.objects.create(key="late", task="x", args={"to": ADDRESS}, due_at=NOW, error=f"no {ADDRESS}")
    DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {"name": NAME}},
        task_path="x.y",
        backend_name="default",
        run_after=NOW,
        exception_class_path="x",
        traceback=f"SMTPRecipientsRefused: {{'{ADDRESS.upper()}': (550, b'no {NAME}')}}",
    )
    Client().post("/account/login/", {"email": ADDRESS})
    half = SessionStore()
    half["account_login"] = {"email": ADDRESS}
    half.create()


def _mails(person: Person) -> None:
    common = {"language": "en", "send_at": NOW}
    schedule_mail(
        key="own", kind="k", person_id=person.pk, to_address=ADDRESS, subject=NAME, text=NAME, **common
    )
    schedule_mail(
        key="typed",
        kind="k",
        person_id=None,
        to_address=ADDRESS.title(),
        subject="Hello",
        text=f"Dear {NAME}",
        **common,
    )
    schedule_mail(
        key="steward",
        kind="k",
        person_id=None,
        to_address="steward@example.org",
        subject=f"{NAME} asks for a seat",
        text=f"{NAME} ({ADDRESS}) hopes to learn. Answer {NAME}.",
        reply_to=ADDRESS,
        calendar=f"ATTENDEE;CN={NAME}:mailto:{ADDRESS}",
        **common,
    )


def account_rows(person: Person) -> None:
    EmailAddress.objects.create(user=person, email=f"old.{ADDRESS}", verified=False)
    SocialAccount.objects.create(
        user=person, provider="sso", uid=ADDRESS, extra_data={"name": NAME, "email": ADDRESS}
    )
    Authenticator.objects.create(
        user=person, type="webauthn", data={"name": f"Phone of {NAME}", "credential": {}}
    )
    browser = Client()
    browser.force_login(person)
    Client().post("/account/signup/", {"email": ADDRESS, "name": NAME})


@pytest.mark.parametrize("with_account", [True, False])
def test_after_erasing_no_table_holds_the_name_or_the_address(with_account):
    person = (make_account if with_account else make_person)(NAME, email=ADDRESS)
    live_fully(person)
    if with_account:
        account_rows(person)
    assert len(tables_holding(NAME, ADDRESS)) >= 5
    assert services.erase_person(person=person, now=NOW)
    farewell = MailMessage.objects.get(kind="farewell")
    assert farewell.to_address == ADDRESS
    MailMessage.objects.filter(pk=farewell.pk).update(state="sent", sent_at=NOW)
    services.forget_spent_mail(now=NOW)
    assert tables_holding(NAME, ADDRESS) == {}


def test_counts_and_steps_stay_true_without_the_name():
    person = make_account(NAME, email=ADDRESS)
    live_fully(person)
    people, steps, mails = Person.objects.count(), AuditEntry.objects.count(), MailMessage.objects.count()
    services.erase_person(person=person, now=NOW)
    assert Person.objects.count() == people
    assert AuditEntry.objects.count() == steps + 1
    assert MailMessage.objects.count() == mails + 1
    assert MailMessage.objects.get(key="steward").subject == "— asks for a seat"
    assert MailMessage.objects.get(key="own").state == "cancelled"
    assert MailMessage.objects.get(key="steward").state == "scheduled"
    assert AuditEntry.objects.filter(name="person_erased", subject_id=person.pk).count() == 1


def test_only_this_person_is_forgotten():
    other = make_account("Ada Özgürlü", email="not." + ADDRESS)
    services.give_consent(person=other, purpose=Purpose.DIRECTORY, now=NOW)
    browser = Client()
    browser.force_login(other)
    schedule_mail(
        key="other",
        kind="k",
        person_id=other.pk,
        to_address=other.email or "",
        language="en",
        subject="Ada Özgürlü",
        text=f"Dear Ada Özgürlü, {other.email}",
        send_at=NOW,
    )
    person = make_account(NAME, email=ADDRESS)
    live_fully(person)
    services.erase_person(person=person, now=NOW)
    assert MailMessage.objects.get(key="other").text == f"Dear Ada Özgürlü, {other.email}"
    assert browser.get("/me/").status_code == 200
    assert other.consents.count() == 1


def test_what_they_hold_is_given_back_first_and_all_or_nothing():
    person = make_account(NAME, email=ADDRESS)
    seen = []

    def leave(leaver: Person, _now: dt.datetime) -> None:
        seen.append(leaver.name)
        raise RuntimeError("the seat cannot be given back")

    ports.leavers.append(leave)
    try:
        with pytest.raises(RuntimeError):
            services.erase_person(person=person, now=NOW)
    finally:
        ports.leavers.remove(leave)
    person.refresh_from_db()
    assert (seen, person.name, person.is_active, person.erased_at) == ([NAME], NAME, True, None)


def test_a_second_erasure_does_nothing():
    person = make_account(NAME, email=ADDRESS)
    assert services.erase_person(person=person, now=NOW)
    assert not services.erase_person(person=person, now=NOW)
    assert MailMessage.objects.filter(kind="farewell").count() == 1


def test_the_address_is_free_again_for_someone_new():
    person = make_account(NAME, email=ADDRESS)
    services.erase_person(person=person, now=NOW)
    again = services.find_or_make_person(email=ADDRESS, name="Ada", language="", zone="", now=NOW)
    assert again.pk != person.pk


def test_whose_needs_someone_looked_at_still_sees_that_someone_did():
    owner, viewer = make_person(), make_person("Fay")
    services.record_access_need(person=owner, kind="food", now=NOW)
    services.show_access_needs(viewer=viewer, person_ids=[owner.pk], workshop_id=uuid.uuid4(), now=NOW)
    services.erase_person(person=viewer, now=NOW)
    assert str(AccessNeedView.objects.select_related("viewer").get().viewer) == "Someone"


def test_signed_links_die_with_the_person(client):
    person = make_person(NAME, email=ADDRESS)
    token = my_data_token(person)
    assert client.get(f"/me/link/{token}/").status_code == 200
    services.erase_person(person=person, now=NOW)
    assert client.get(f"/me/link/{token}/").status_code == 404


def test_codes_are_emptied_an_hour_after_they_left_and_undeliverable_farewells_after_three_days():
    common = {"person_id": None, "to_address": "a@example.org", "language": "en", "subject": "s", "text": "t"}
    schedule_mail(key="c", kind="login_code", send_at=NOW, **common)
    schedule_mail(key="f", kind="farewell", send_at=NOW, **common)
    schedule_mail(key="w", kind="seat_offered", send_at=NOW, **common)
    assert services.forget_spent_mail(now=NOW + dt.timedelta(days=2)) == 0
    assert services.forget_spent_mail(now=NOW + dt.timedelta(days=4)) == 1
    MailMessage.objects.update(state="sent")
    assert services.forget_spent_mail(now=NOW + dt.timedelta(minutes=30)) == 0
    assert services.forget_spent_mail(now=NOW + dt.timedelta(hours=2)) == 1
    assert dict(MailMessage.objects.values_list("key", "text")) == {"c": "", "f": "", "w": "t"}


def test_what_is_exported_names_everything_that_is_held():
    person = make_account(NAME, email=ADDRESS)
    live_fully(person)
    account_rows(person)
    held = {model for model, rows in privacy.export_person(person.pk).items() if rows}
    assert {
        "people.Person",
        "people.Consent",
        "people.AccessNeed",
        "people.AccessNeedView",
        "account.EmailAddress",
        "socialaccount.SocialAccount",
        "mfa.Authenticator",
        "sessions.Session",
        "mail.MailMessage",
        "audit.AuditEntry",
    } <= held
