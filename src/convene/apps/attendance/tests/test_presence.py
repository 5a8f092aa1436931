"""Presence: recorded once, from the source it came from, contestable, corrected by a new row."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from convene.apps.attendance import queries, rules, services
from convene.apps.attendance.models import Attendance, AttendanceImport, Contest, Feedback, FeedbackGiven
from convene.apps.communities.models import RoleTerm
from convene.apps.people.models import Person
from convene.apps.seats.models import Registration
from convene.apps.seats.queries import confirmed_list
from convene.apps.workshops.models import Session, Workshop
from convene.apps.workshops.services import remove_session
from convene.foundation.audit.models import AuditEntry
from convene.foundation.errors import NotAllowed, RuleBroken
from tests.makers import (
    make_community,
    make_facilitator,
    make_person,
    make_policy,
    make_registration,
    make_role,
    make_session,
    make_workshop,
)

pytestmark = pytest.mark.django_db

NOW = timezone.now().replace(microsecond=0)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def steward() -> Person:
    return make_person("Ines")


@pytest.fixture
def workshop(steward: Person) -> Workshop:
    workshop = make_workshop(make_community(steward=steward), counts_minutes=True)
    make_policy(workshop)
    return workshop


@pytest.fixture
def session(workshop: Workshop) -> Session:
    """It began ten minutes ago and lasts two hours."""
    session = workshop.sessions.get()
    session.starts_at = NOW - dt.timedelta(minutes=10)
    session.ends_at = session.starts_at + 2 * HOUR
    session.save()
    return session


@pytest.fixture
def seat(workshop: Workshop) -> Registration:
    return make_registration(workshop, make_person("Amina"), state="confirmed")


def test_a_join_link_records_arrival_once_with_minutes_to_the_end(seat, session):
    first = services.arrive(registration=seat, session=session, source="join_link", now=NOW)
    again = services.arrive(registration=seat, session=session, source="room_code", now=NOW + HOUR)
    assert first == again
    assert (first.state, first.source, first.minutes) == ("attended", "join_link", 110)


def test_minutes_are_kept_only_where_the_workshop_needs_them(seat, session, workshop):
    Workshop.objects.filter(pk=workshop.pk).update(counts_minutes=False)
    session.refresh_from_db()
    session.workshop.refresh_from_db()
    assert services.arrive(registration=seat, session=session, source="join_link", now=NOW).minutes is None


def test_nobody_arrives_before_the_door_opens_or_without_a_seat(seat, session, workshop):
    with pytest.raises(RuleBroken) as broken:
        services.arrive(registration=seat, session=session, source="join_link", now=NOW - HOUR)
    assert broken.value.code == "too_early"
    waiting = make_registration(workshop, state="waitlisted")
    with pytest.raises(RuleBroken) as broken:
        services.arrive(registration=waiting, session=session, source="join_link", now=NOW)
    assert broken.value.code == "no_seat"


def test_the_door_list_is_the_confirmed_list_whatever_was_recorded(seat, session, workshop, steward):
    make_registration(workshop, state="waitlisted")
    make_registration(workshop, state="cancelled_late")
    other = make_registration(workshop, state="confirmed")
    services.mark_at_door(registration=seat, session=session, state="attended", actor=steward, now=NOW)
    rows = queries.door_rows(session)
    assert {row.registration.pk for row in rows} == {seat.pk, other.pk}
    assert [row.registration for row in rows] == list(confirmed_list(workshop))
    assert {row.registration.pk: row.here for row in rows} == {seat.pk: True, other.pk: False}


def test_a_wrong_tick_is_taken_back_by_a_new_row(seat, session, steward):
    for state in ("attended", "absent", "attended"):
        services.mark_at_door(registration=seat, session=session, state=state, actor=steward, now=NOW)
    rows = Attendance.objects.filter(registration=seat).order_by("at")
    assert sorted(row.state for row in rows) == ["absent", "attended", "attended"]
    assert rows.filter(holds=True).count() == 1


def test_the_same_tick_twice_is_one_row(seat, session, steward):
    for _time in range(2):
        services.mark_at_door(registration=seat, session=session, state="attended", actor=steward, now=NOW)
    assert Attendance.objects.filter(registration=seat).count() == 1


def test_the_door_is_kept_by_facilitators_and_helpers_and_by_nobody_else(seat, session, workshop):
    helper = make_person()
    make_role(workshop.community, helper, RoleTerm.Role.DOOR_HELPER)
    for actor in (make_facilitator(workshop), helper):
        services.mark_at_door(registration=seat, session=session, state="attended", actor=actor, now=NOW)
    for actor in (seat.person, make_person(), make_facilitator(workshop, state="invited")):
        with pytest.raises(NotAllowed):
            services.mark_at_door(registration=seat, session=session, state="absent", actor=actor, now=NOW)


def test_closing_marks_only_those_of_whom_nothing_is_known(seat, session, workshop, steward):
    unknown = make_registration(workshop, state="confirmed")
    services.arrive(registration=seat, session=session, source="join_link", now=NOW)
    with pytest.raises(RuleBroken):
        services.close_session(session=session, actor=steward, now=NOW)
    assert services.close_session(session=session, actor=steward, now=session.ends_at) == 1
    assert queries.finding(unknown.pk, session.pk).state == "absent"
    assert queries.finding(seat.pk, session.pk).state == "attended"


def test_absent_becomes_attended_when_a_steward_follows_the_claim(seat, session, steward):
    after = session.ends_at
    services.close_session(session=session, actor=steward, now=after)
    contest = services.contest(
        registration=seat,
        session=session,
        claim="attended",
        text="I sat in the back.",
        actor=seat.person,
        now=after,
    )
    with pytest.raises(RuleBroken) as broken:
        services.contest(
            registration=seat, session=session, claim="attended", text="", actor=seat.person, now=after
        )
    assert broken.value.code == "contest_open"
    services.decide_contest(contest=contest, accept=True, reason="Grace saw her.", actor=steward, now=after)
    found = queries.finding(seat.pk, session.pk)
    assert (found.state, found.source, found.minutes) == ("attended", "correction", 120)
    assert Attendance.objects.filter(registration=seat, state="absent", holds=False).count() == 1


def test_a_claim_is_decided_once_by_a_steward_and_refused_only_with_a_reason(seat, session, steward):
    after = session.ends_at
    contest = services.contest(
        registration=seat, session=session, claim="attended", text="", actor=seat.person, now=after
    )
    with pytest.raises(NotAllowed):
        services.decide_contest(contest=contest, accept=True, reason="", actor=seat.person, now=after)
    with pytest.raises(RuleBroken) as broken:
        services.decide_contest(contest=contest, accept=False, reason=" ", actor=steward, now=after)
    assert broken.value.field == "reason"
    services.decide_contest(
        contest=contest, accept=False, reason="The list says no.", actor=steward, now=after
    )
    with pytest.raises(RuleBroken) as broken:
        services.decide_contest(contest=contest, accept=True, reason="", actor=steward, now=after)
    assert broken.value.code == "decided_already"


def test_nobody_contests_the_record_of_another(seat, session):
    with pytest.raises(NotAllowed):
        services.contest(
            registration=seat, session=session, claim="attended", text="", actor=make_person(), now=NOW
        )


def test_apologies_come_before_the_session_and_count_as_such(workshop, seat, session):
    later = make_session(workshop, days=3)
    services.apologise(registration=seat, session=later, now=NOW)
    assert queries.finding(seat.pk, later.pk).state == "apologised"
    with pytest.raises(RuleBroken):
        services.apologise(registration=seat, session=session, now=NOW)


def test_an_imported_list_records_minutes_and_forgets_its_names(workshop, seat, session, steward):
    data = f"Name,Email,Duration (Minutes)\nA. O.,{seat.person.email},60\nStranger,,120\n".encode()
    pending = services.start_import(session=session, data=data, actor=steward, now=NOW)
    assert queries.matched(pending) == [seat.pk, None]
    services.apply_import(pending=pending, matches={0: seat}, actor=steward, now=NOW)
    found = queries.finding(seat.pk, session.pk)
    assert (found.state, found.minutes, found.source) == ("partly_attended", 60, "import")
    assert AttendanceImport.objects.get().rows == []
    with pytest.raises(RuleBroken) as broken:
        services.apply_import(pending=pending, matches={0: seat}, actor=steward, now=NOW)
    assert broken.value.code == "applied_already"


def test_a_list_nobody_said_yes_to_is_forgotten_after_a_week(session, steward):
    data = b"Name,Duration\nStranger,120\n"
    services.start_import(session=session, data=data, actor=steward, now=NOW - dt.timedelta(days=8))
    kept = services.start_import(session=session, data=data, actor=steward, now=NOW - dt.timedelta(days=6))
    assert services.forget_old_imports(now=NOW) == 1
    assert AttendanceImport.objects.get() == kept


def test_an_outcome_is_derived_from_all_sessions(workshop, seat, session):
    make_session(workshop, days=-1)
    services.arrive(registration=seat, session=session, source="join_link", now=NOW)
    [entry] = queries.record_of(seat.person, now=NOW)
    assert entry.outcome == "partly_attended"
    assert entry.came
    assert entry.minutes == 110


def test_feedback_is_given_once_and_keeps_no_link_to_its_author(seat, workshop):
    services.give_feedback(registration=seat, useful=5, said=4, change="More time", now=NOW)
    with pytest.raises(RuleBroken):
        services.give_feedback(registration=seat, useful=1, said=1, change="", now=NOW)
    row = Feedback.objects.get()
    values = {field.name: field.value_from_object(row) for field in row._meta.concrete_fields}
    assert set(values) == {"id", "workshop", "useful", "said", "change"}
    assert FeedbackGiven.objects.count() == 1
    audit = AuditEntry.objects.get(name="feedback_received")
    assert (audit.actor_id, audit.payload, audit.subject_id) == (None, {}, workshop.pk)


@pytest.mark.parametrize(("answers", "shown"), [(4, False), (5, True)])
def test_feedback_is_shown_from_five_answers_on(workshop, answers, shown):
    for number in range(answers):
        Feedback.objects.create(workshop=workshop, useful=number % 5 + 1, change=f"{number}")
    summary = queries.feedback_of(workshop, asked=20)
    assert summary.enough is shown
    assert (summary.useful is not None) is shown
    assert (len(summary.changes) == answers) is shown


def test_a_figure_with_fewer_than_five_answers_stays_hidden_among_more(workshop):
    for number in range(6):
        Feedback.objects.create(workshop=workshop, useful=3, said=2 if number < 4 else None)
    summary = queries.feedback_of(workshop, asked=20)
    assert (summary.useful, summary.said) == (3, None)


def test_the_door_list_takes_as_many_queries_for_one_as_for_many(
    workshop, session, django_assert_num_queries
):
    make_registration(workshop, state="confirmed")
    with django_assert_num_queries(2):
        assert len(queries.door_rows(session)) == 1
    for _n in range(12):
        make_registration(workshop, state="confirmed")
    with django_assert_num_queries(2):
        assert len(queries.door_rows(session)) == 13


def test_a_claim_must_differ_from_the_record(seat, session):
    services.arrive(registration=seat, session=session, source="join_link", now=NOW)
    with pytest.raises(RuleBroken) as broken:
        services.contest(
            registration=seat, session=session, claim="attended", text="", actor=seat.person, now=NOW
        )
    assert broken.value.code == "contest_same"


def test_contests_are_counted_open_until_decided(seat, session, steward, workshop):
    contest = services.contest(
        registration=seat, session=session, claim="attended", text="", actor=seat.person, now=NOW
    )
    assert list(queries.open_contests(workshop.community_id)) == [contest]
    services.decide_contest(contest=contest, accept=True, reason="", actor=steward, now=NOW)
    assert list(queries.open_contests(workshop.community_id)) == []
    assert Contest.objects.get().state == Contest.State.ACCEPTED
    assert rules.came(["attended"])


def test_a_session_somebody_sent_apologies_for_stays_on_their_record(workshop, seat, steward):
    second = make_session(workshop, days=20)
    services.apologise(registration=seat, session=second, now=NOW)
    with pytest.raises(RuleBroken) as broken:
        remove_session(workshop=workshop, session_id=second.pk, actor=steward, now=NOW)
    assert broken.value.code == "session_on_record"
    assert workshop.sessions.count() == 2


def test_a_session_to_come_is_never_counted_as_missed(workshop, seat, session, steward):
    later = make_session(workshop, days=20)
    with pytest.raises(RuleBroken) as broken:
        services.close_session(session=later, actor=steward, now=NOW)
    assert broken.value.code == "not_over"
    with pytest.raises(RuleBroken) as early:
        services.set_attendance(
            registration=seat, session=later, state="absent", minutes=None, reason="", actor=steward, now=NOW
        )
    assert early.value.code == "not_begun"
    [entry] = queries.record_of(seat.person, now=NOW)
    assert [(line.session.pk, line.state) for line in entry.lines] == [(session.pk, "expected")]
