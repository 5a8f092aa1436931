"""What happens to a seat reaches its person: once, in their language and zone, with their calendar."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from icalendar import Calendar

from convene.apps.notices import services, tasks
from convene.apps.notices.models import CalendarState, Letter, NoticeText, OptOut
from convene.apps.notices.rules import NoticeKind
from convene.apps.notices.tests.conftest import NOW, ask
from convene.apps.people.services import erase_person
from convene.apps.people.tasks import revoke_links
from convene.apps.seats import services as seats
from convene.apps.seats.models import Offer
from convene.apps.seats.rules import Kind
from convene.apps.seats.services import PolicyTerms
from convene.apps.workshops.services import remove_session
from convene.foundation.errors import RuleBroken
from convene.foundation.jobs.models import DueJob
from convene.foundation.mail.models import MailMessage
from tests.makers import make_facilitator, make_person, make_session
from tests.tasks import run_tasks

pytestmark = pytest.mark.django_db


def mails(kind: str) -> list[MailMessage]:
    return list(MailMessage.objects.filter(kind=kind).order_by("created_at"))


def entry(mail: MailMessage):
    calendar = Calendar.from_ical(mail.calendar)
    return calendar, calendar.walk("VEVENT")[0]


def test_a_confirmed_seat_brings_one_mail_with_the_calendar_entry(workshop):
    amina = make_person("Amina", zone="Africa/Nairobi")
    ask(workshop, amina)
    run_tasks()
    run_tasks()
    [mail] = mails("seat_confirmed")
    session = workshop.sessions.get()
    assert mail.to_address == amina.email
    assert "Nairobi time" in mail.text
    assert "You get this because" in mail.text
    calendar, event = entry(mail)
    assert str(calendar["METHOD"]) == mail.calendar_method == "REQUEST"
    assert (str(event["UID"]), event["SEQUENCE"]) == (session.uid, 0)
    assert str(event["ORGANIZER"]).lower() == "mailto:stewards@example.org"
    assert event["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert session.join_url not in mail.calendar + mail.text


def test_a_seat_given_back_and_taken_again_keeps_its_uid_and_raises_its_sequence(workshop):
    amina = make_person("Amina")
    registration = ask(workshop, amina)
    run_tasks()
    seats.cancel(registration=registration, actor=amina, now=timezone.now())
    run_tasks()
    ask(workshop, amina)
    run_tasks()
    entries = [entry(mail) for mail in MailMessage.objects.exclude(calendar="").order_by("created_at")]
    assert [str(calendar["METHOD"]) for calendar, _event in entries] == ["REQUEST", "CANCEL", "REQUEST"]
    assert [event["SEQUENCE"] for _calendar, event in entries] == [0, 1, 2]
    assert len({str(event["UID"]) for _calendar, event in entries}) == 1


def test_whoever_waits_is_told_their_place_and_gets_no_calendar_entry(workshop):
    ask(workshop, make_person("First"))
    ask(workshop, make_person("Second"))
    run_tasks()
    [mail] = mails("seat_waitlisted")
    assert "Your place: 1" in mail.text
    assert mail.calendar == ""


def test_an_offer_names_its_deadline_and_is_recalled_before_it_ends(workshop, steward):
    first = ask(workshop, make_person("First"))
    ben = make_person("Ben", zone="Europe/Berlin")
    second = ask(workshop, ben)
    seats.cancel(registration=first, actor=first.person, now=timezone.now())
    run_tasks()
    offer = Offer.objects.get(registration=second)
    [mail] = mails("seat_offered")
    assert "Berlin time" in mail.text
    job = DueJob.objects.get(key=f"offer_ending:{offer.pk}")
    assert job.due_at == offer.expires_at - dt.timedelta(hours=12)
    tasks.tell_offer_ending.func(str(offer.pk))
    tasks.tell_offer_ending.func(str(offer.pk))
    assert len(mails("offer_ending")) == 1


def test_an_answered_offer_is_not_recalled(workshop):
    first = ask(workshop, make_person("First"))
    second = ask(workshop, make_person("Second"))
    seats.cancel(registration=first, actor=first.person, now=timezone.now())
    offer = Offer.objects.get(registration=second)
    seats.confirm_offer(registration=second, actor=second.person, now=timezone.now())
    tasks.tell_offer_ending.func(str(offer.pk))
    assert mails("offer_ending") == []


def test_a_cancelled_workshop_cancels_every_entry_with_its_reason(workshop, steward):
    from convene.apps.workshops import services as workshops

    grace = make_facilitator(workshop, make_person("Grace"))
    registration = ask(workshop, make_person("Amina"))
    tasks.tell_facilitator.func(str(grace.pk), str(workshop.pk), "x")
    run_tasks()
    workshops.cancel_workshop(workshop=workshop, reason="The host is ill.", actor=steward, now=timezone.now())
    run_tasks()
    cancelled = mails("workshop_cancelled")
    assert {mail.person_id for mail in cancelled} == {registration.person_id, grace.pk}
    assert all(mail.calendar_method == "CANCEL" for mail in cancelled)
    assert all("The host is ill." in mail.text for mail in cancelled)


def test_each_session_of_several_has_an_entry_of_its_own(workshop):
    make_session(workshop, days=21)
    ask(workshop, make_person("Amina"))
    run_tasks()
    kinds = [mail.kind for mail in MailMessage.objects.exclude(calendar="")]
    assert sorted(kinds) == ["seat_confirmed", "session_calendar"]
    assert CalendarState.objects.count() == 2


def test_reminders_stay_away_from_those_who_want_none_and_seat_mails_do_not(workshop):
    amina = make_person("Amina")
    registration = ask(workshop, amina)
    run_tasks()
    OptOut.objects.create(person=amina, community_id=workshop.community_id, at=NOW)
    tasks.tell_holders.func("reminder_day", str(workshop.sessions.get().pk))
    assert mails("reminder_day") == []
    seats.cancel(registration=registration, actor=amina, now=timezone.now())
    run_tasks()
    assert len(mails("seat_cancelled")) == 1


def test_a_reminder_carries_the_personal_way_in_once(workshop):
    ask(workshop, make_person("Amina"))
    session = workshop.sessions.get()
    for _time in range(2):
        tasks.tell_holders.func("reminder_hour", str(session.pk))
    [mail] = mails("reminder_hour")
    assert "/join/" in mail.text
    assert session.join_url not in mail.text
    assert mail.unsubscribe_url


def test_no_reminder_leaves_for_what_has_begun_or_is_off(workshop):
    ask(workshop, make_person("Amina"))
    session = workshop.sessions.get()
    session.starts_at = timezone.now() - dt.timedelta(minutes=1)
    session.save()
    tasks.tell_holders.func("reminder_hour", str(session.pk))
    session.starts_at = timezone.now() + dt.timedelta(minutes=50)
    session.save()
    type(workshop).objects.filter(pk=workshop.pk).update(state="cancelled")
    tasks.tell_holders.func("reminder_hour", str(session.pk))
    assert mails("reminder_hour") == []


def test_the_stewards_own_words_are_sent_and_a_switched_off_notice_is_not(workshop, steward):
    services.edit_notice(
        workshop=workshop,
        kind=NoticeKind.SEAT_CONFIRMED,
        on=True,
        subject="Yes: {title}",
        text="Bring a case, {name}.",
        actor=steward,
        now=NOW,
    )
    services.edit_notice(
        workshop=workshop,
        kind=NoticeKind.SEAT_WAITLISTED,
        on=False,
        subject="",
        text="",
        actor=steward,
        now=NOW,
    )
    ask(workshop, make_person("Amina"))
    ask(workshop, make_person("Ben"))
    run_tasks()
    [mail] = mails("seat_confirmed")
    assert mail.subject == "Yes: Case clinic"
    assert mail.text.startswith("Bring a case, Amina.")
    assert mails("seat_waitlisted") == []


def test_a_mistyped_placeholder_never_reaches_anybody(workshop, steward):
    with pytest.raises(RuleBroken) as broken:
        services.edit_notice(
            workshop=workshop,
            kind=NoticeKind.SEAT_CONFIRMED,
            on=True,
            subject="",
            text="Hello {naem}",
            actor=steward,
            now=NOW,
        )
    assert broken.value.field == "text"


def test_a_letter_reaches_its_group_and_waits_where_it_can_be_stopped(workshop, steward):
    seated, waiting = make_person("Amina"), make_person("Ben")
    ask(workshop, seated)
    ask(workshop, waiting)
    letter = services.write_letter(
        workshop=workshop, group="waiting", subject="Soon", text="Dear {name}, soon.", actor=steward, now=NOW
    )
    [mail] = mails("letter")
    assert mail.person_id == waiting.pk
    assert mail.text.startswith("Dear Ben, soon.")
    assert mail.send_at == letter.send_at == NOW + dt.timedelta(minutes=5)


def test_timed_notices_are_planned_at_publishing_and_move_with_the_session(workshop):
    tasks.plan_timed_notices.func(str(workshop.pk))
    session = workshop.sessions.get()
    key = f"notice:reminder_day:{session.pk}"
    assert DueJob.objects.get(key=key).due_at == session.starts_at - dt.timedelta(days=1)
    session.starts_at += dt.timedelta(hours=1)
    session.ends_at += dt.timedelta(hours=1)
    session.save()
    tasks.plan_timed_notices.func(str(workshop.pk))
    assert DueJob.objects.get(key=key).due_at == session.starts_at - dt.timedelta(days=1)


def test_a_worker_that_catches_up_mails_nobody_about_what_is_over(workshop):
    ask(workshop, make_person("Amina"))
    workshop.sessions.update(
        starts_at=timezone.now() - dt.timedelta(hours=3), ends_at=timezone.now() - dt.timedelta(hours=1)
    )
    run_tasks()
    assert not MailMessage.objects.exists()


def test_links_in_mails_still_open_after_the_person_changed_their_address(workshop, client):
    amina = make_person("Amina")
    revoke_links(user=amina)
    amina.refresh_from_db()
    ask(workshop, amina)
    run_tasks()
    [mail] = mails("seat_confirmed")
    [link] = [word for word in mail.text.split() if "/r/" in word]
    page = client.get("/" + link.split("/", 3)[3])
    assert page.status_code == 200
    [way_in] = [part for part in page.content.decode().split('"') if part.startswith("/join/")]
    assert client.get(way_in).status_code == 200


def test_whoever_approves_gets_a_link_each_and_answers_without_an_account(workshop, steward, client):
    boss, deputy, amina = make_person("Bo"), make_person("Dee"), make_person("Amina")
    terms = PolicyTerms(
        kind=Kind.APPROVAL, capacity=3, needs_approval=True, approver_id=boss.pk, deputy_id=deputy.pk
    )
    seats.set_policy(workshop=workshop, terms=terms, pools=None, actor=steward, now=timezone.now())
    registration = ask(workshop, amina)
    run_tasks()
    tasks.ask_approvers.func(str(registration.pk))
    to_boss, to_deputy = mails("approval_asked")
    assert {to_boss.to_address, to_deputy.to_address} == {boss.email, deputy.email}
    assert "Amina asks for a seat" in to_boss.text
    assert "because you approve requests" in to_boss.text
    [link] = [word for word in to_boss.text.split() if "/r/approve/" in word]
    path = "/" + link.split("/", 3)[3]
    assert client.get(path).status_code == 200
    registration.refresh_from_db()
    assert registration.state == "needs_approval"
    client.post(path, {"act": "approve", "note": ""})
    registration.refresh_from_db()
    assert registration.state == "offered"


def test_nobody_is_asked_to_approve_their_own_request(workshop, steward):
    boss = make_person("Bo")
    terms = PolicyTerms(kind=Kind.APPROVAL, capacity=3, needs_approval=True, approver_id=boss.pk)
    seats.set_policy(workshop=workshop, terms=terms, pools=None, actor=steward, now=timezone.now())
    ask(workshop, boss)
    run_tasks()
    assert mails("approval_asked") == []


def test_a_session_taken_out_leaves_calendars_and_the_others_stay(workshop, steward):
    second = make_session(workshop, days=20)
    amina = make_person("Amina")
    ask(workshop, amina)
    run_tasks()
    remove_session(workshop=workshop, session_id=second.pk, actor=steward, now=timezone.now())
    [mail] = mails("session_removed")
    calendar, event = entry(mail)
    assert (str(calendar["METHOD"]), str(event["UID"]), event["SEQUENCE"]) == ("CANCEL", second.uid, 1)
    assert CalendarState.objects.get(person=amina).session == workshop.sessions.get()


def test_how_was_it_is_asked_once_after_the_last_session_even_if_one_is_added(workshop):
    first = workshop.sessions.get()
    tasks.plan_timed_notices.func(str(workshop.pk))
    last = make_session(workshop, days=20)
    tasks.plan_timed_notices.func(str(workshop.pk))
    planned = DueJob.objects.filter(key__startswith="notice:afterwards", state="waiting")
    assert [job.args["session_id"] for job in planned] == [str(last.pk)]
    assert DueJob.objects.get(key=f"notice:afterwards:{first.pk}").state == "cancelled"


def test_who_is_erased_stands_in_no_letter_nor_in_a_stewards_words(workshop, steward):
    amina = make_person("Amina Odhiambo")
    text = "Ask Amina Odhiambo, or see you there."
    services.write_letter(
        workshop=workshop, group="waiting", subject="Soon", text=text, actor=steward, now=NOW
    )
    services.edit_notice(
        workshop=workshop,
        kind=NoticeKind.SEAT_CONFIRMED,
        on=True,
        subject="",
        text=text,
        actor=steward,
        now=NOW,
    )
    erase_person(person=amina, now=NOW)
    assert Letter.objects.get().text == NoticeText.objects.get().text == "Ask —, or see you there."


def test_an_offer_whose_time_is_over_when_the_worker_comes_is_not_mailed(workshop):
    first, second = make_person("Amina"), make_person("Ben")
    seat = ask(workshop, first)
    ask(workshop, second)
    run_tasks()
    seats.cancel(registration=seat, actor=first, now=timezone.now())
    Offer.objects.update(expires_at=timezone.now() - dt.timedelta(minutes=1))
    run_tasks()
    assert mails("seat_offered") == []
    assert not DueJob.objects.filter(key__startswith="offer_ending").exists()


def test_what_is_told_late_is_still_so_and_takes_no_newer_entry_out_of_a_calendar(workshop):
    amina = make_person("Amina")
    old = ask(workshop, amina)
    seats.cancel(registration=old, actor=amina, now=timezone.now())
    new = ask(workshop, amina)
    run_tasks()
    [confirmed] = mails("seat_confirmed")
    assert confirmed.key.startswith(f"seat_confirmed:{new.pk}")
    tasks.tell_registrant.func("seat_cancelled", str(old.pk), "again")
    assert [mail.calendar_method for mail in mails("seat_cancelled")] == ["", ""]
    assert CalendarState.objects.get(person=amina).method == "REQUEST"
