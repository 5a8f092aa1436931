from __future__ import annotations

import datetime as dt

import pytest
from django.http import Http404
from django.utils import timezone

from convene.apps.workshops import queries, services
from convene.apps.workshops.models import Session, Workshop
from convene.foundation.audit.models import AuditEntry
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.jobs.models import DueJob
from tests.makers import (
    make_community,
    make_facilitator,
    make_member,
    make_person,
    make_session,
    make_workshop,
)

pytestmark = pytest.mark.django_db


def in_days(days: float) -> dt.datetime:
    return timezone.now().replace(microsecond=0) + dt.timedelta(days=days)


def draft(**fields) -> tuple[Workshop, object]:
    steward = make_person()
    community = make_community(steward=steward, zone="Europe/Berlin")
    workshop = services.create_workshop(
        community=community,
        template="skills",
        title="Screening with two reviewers",
        actor=steward,
        now=timezone.now(),
        **{"starts_at": in_days(20), **fields},
    )
    return workshop, steward


def names() -> list[str]:
    """What the audit says of workshops, oldest first."""
    rows = AuditEntry.objects.filter(name__startswith="workshop_").order_by("at")
    return list(rows.values_list("name", flat=True))


def test_a_template_fills_in_everything_but_title_and_time():
    workshop, _steward = draft()
    assert (workshop.kind, workshop.state, workshop.recording) == ("skills", "draft", "chatham")
    assert workshop.checklist.count() == 6
    session = workshop.sessions.get()
    assert session.zone == "Europe/Berlin"
    assert session.ends_at - session.starts_at == dt.timedelta(minutes=120)
    assert session.uid.endswith("@convene.invalid")


def test_only_a_steward_of_the_community_creates():
    community = make_community(steward=make_person())
    other = make_person()
    make_community(steward=other)
    with pytest.raises(NotAllowed):
        services.create_workshop(
            community=community, template="skills", title="Mine", actor=other, now=timezone.now()
        )


def test_publishing_needs_a_session_to_come():
    workshop, steward = draft(starts_at=None)
    with pytest.raises(RuleBroken) as caught:
        services.publish_workshop(workshop=workshop, actor=steward, now=timezone.now())
    assert caught.value.code == "session_missing"


def test_publishing_makes_it_visible_and_schedules_what_is_due():
    workshop, steward = draft()
    member = make_member(workshop.community)
    assert not queries.visible_workshops(member).exists()
    services.publish_workshop(workshop=workshop, actor=steward, now=timezone.now())
    assert queries.workshop_for(member, workshop.pk) == workshop
    assert names() == ["workshop_published"]
    assert sorted(DueJob.objects.values_list("task", flat=True)) == [
        "convene.apps.workshops.tasks.hold",
        "convene.apps.workshops.tasks.weigh_minimum",
    ]


def test_of_two_publishers_only_one_goes_on():
    workshop, steward = draft()
    same = Workshop.objects.get(pk=workshop.pk)
    services.publish_workshop(workshop=workshop, actor=steward, now=timezone.now())
    with pytest.raises(RuleBroken) as caught:
        services.publish_workshop(workshop=same, actor=steward, now=timezone.now())
    assert caught.value.code == "is_published"
    assert names() == ["workshop_published"]


def plan_of(session: Session, **changes) -> services.SessionPlan:
    fields = {
        "session_id": session.pk,
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
        "zone": session.zone,
        "place": session.place,
        "join_url": session.join_url,
    }
    return services.SessionPlan(**{**fields, **changes})


def later(session: Session, hours: float = 1) -> services.SessionPlan:
    shift = dt.timedelta(hours=hours)
    return plan_of(session, starts_at=session.starts_at + shift, ends_at=session.ends_at + shift)


def published() -> tuple[Workshop, object, Session]:
    workshop, steward = draft()
    services.publish_workshop(workshop=workshop, actor=steward, now=timezone.now())
    return workshop, steward, workshop.sessions.get()


def test_a_published_session_moves_with_its_uid_and_a_higher_sequence():
    workshop, steward, session = published()
    services.change_sessions(workshop=workshop, plans=[later(session)], actor=steward, now=timezone.now())
    moved = workshop.sessions.get()
    assert (moved.uid, moved.sequence) == (session.uid, 1)
    assert (moved.previous_starts_at, moved.starts_at) == (
        session.starts_at,
        session.starts_at + dt.timedelta(hours=1),
    )
    assert names() == ["workshop_published", "workshop_times_changed"]


def test_moving_a_draft_tells_nobody():
    workshop, steward = draft()
    services.change_sessions(
        workshop=workshop, plans=[later(workshop.sessions.get())], actor=steward, now=timezone.now()
    )
    assert (workshop.sessions.get().sequence, names()) == (0, [])


def test_a_new_join_link_reaches_calendars_and_leaves_seats_alone():
    workshop, steward, session = published()
    plan = plan_of(session, join_url="https://video.example.org/other")
    services.change_sessions(workshop=workshop, plans=[plan], actor=steward, now=timezone.now())
    assert workshop.sessions.get().sequence == 1
    assert names() == ["workshop_published", "workshop_details_changed"]


def test_saving_unchanged_sessions_tells_nobody():
    workshop, steward, session = published()
    services.change_sessions(workshop=workshop, plans=[plan_of(session)], actor=steward, now=timezone.now())
    assert (workshop.sessions.get().sequence, names()) == (0, ["workshop_published"])


def test_of_two_changes_from_the_same_page_only_one_goes_on():
    workshop, steward, session = published()
    seen = workshop.revision
    services.change_sessions(
        workshop=workshop, plans=[later(session)], actor=steward, now=timezone.now(), seen_revision=seen
    )
    with pytest.raises(RuleBroken) as caught:
        services.change_sessions(
            workshop=workshop,
            plans=[later(session, 2)],
            actor=steward,
            now=timezone.now(),
            seen_revision=seen,
        )
    assert caught.value.code == "changed_meanwhile"
    assert workshop.sessions.get().sequence == 1


def test_sessions_of_one_workshop_never_overlap():
    workshop, steward, session = published()
    plan = services.SessionPlan(starts_at=session.starts_at, ends_at=session.ends_at, zone="UTC")
    with pytest.raises(RuleBroken) as caught:
        services.add_session(workshop=workshop, plan=plan, actor=steward, now=timezone.now())
    assert caught.value.code == "sessions_overlap"


def test_the_only_session_of_a_published_workshop_stays():
    workshop, steward, session = published()
    with pytest.raises(RuleBroken) as caught:
        services.remove_session(workshop=workshop, session_id=session.pk, actor=steward, now=timezone.now())
    assert caught.value.code == "last_session"


def test_a_new_title_reaches_calendars_and_a_new_description_does_not():
    workshop, steward, _session = published()
    services.update_workshop(workshop=workshop, actor=steward, now=timezone.now(), description="More.")
    assert names() == ["workshop_published"]
    services.update_workshop(workshop=workshop, actor=steward, now=timezone.now(), title="Screening")
    assert names() == ["workshop_published", "workshop_details_changed"]
    assert workshop.sessions.get().sequence == 1


def test_cancelling_says_why_and_stops_what_was_due():
    workshop, steward, _session = published()
    with pytest.raises(RuleBroken) as caught:
        services.cancel_workshop(workshop=workshop, reason=" ", actor=steward, now=timezone.now())
    assert (caught.value.code, caught.value.field) == ("reason_missing", "reason")
    services.cancel_workshop(workshop=workshop, reason="Our host is ill.", actor=steward, now=timezone.now())
    assert (workshop.state, workshop.state_reason) == ("cancelled", "Our host is ill.")
    assert set(DueJob.objects.values_list("state", flat=True)) == {"cancelled"}
    with pytest.raises(RuleBroken) as caught:
        services.cancel_workshop(workshop=workshop, reason="Again", actor=steward, now=timezone.now())
    assert caught.value.code == "is_cancelled"


def test_a_postponed_workshop_is_on_again_with_its_new_time():
    workshop, steward, session = published()
    services.postpone_workshop(workshop=workshop, reason="Strike.", actor=steward, now=timezone.now())
    assert workshop.state == "postponed"
    with pytest.raises(RuleBroken) as caught:
        services.change_sessions(
            workshop=workshop, plans=[plan_of(session)], actor=steward, now=timezone.now()
        )
    assert caught.value.code == "no_new_time"
    services.change_sessions(workshop=workshop, plans=[later(session, 48)], actor=steward, now=timezone.now())
    assert (workshop.state, workshop.state_reason) == ("published", "")
    assert set(DueJob.objects.values_list("state", flat=True)) == {"waiting"}
    assert names() == ["workshop_published", "workshop_postponed", "workshop_times_changed"]


def test_a_workshop_is_held_only_after_its_last_session():
    workshop = make_workshop(days=-3)
    make_session(workshop, days=1)
    steward = workshop.community.role_terms.get().person
    with pytest.raises(RuleBroken):
        services.mark_held(workshop=workshop, actor=steward, now=timezone.now())
    services.mark_held(workshop=workshop, actor=None, now=in_days(2))
    assert workshop.state == "held"


def test_odd_hours_are_remembered_when_it_was_held():
    workshop = make_workshop(days=-3)
    session = workshop.sessions.get()
    Session.objects.filter(pk=session.pk).update(
        starts_at=dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC),
        ends_at=dt.datetime(2026, 3, 2, 14, tzinfo=dt.UTC),
    )
    awake = make_facilitator(workshop, make_person(zone="Europe/Berlin"))
    asleep = make_facilitator(workshop, make_person(zone="Pacific/Auckland"))
    services.mark_held(workshop=workshop, actor=None, now=timezone.now())
    assert (awake.odd_hours.count(), asleep.odd_hours.count()) == (0, 1)


def test_outsiders_see_open_workshops_and_no_draft():
    community = make_community(steward=make_person())
    open_one = make_workshop(community)
    make_workshop(community, audience=Workshop.Audience.MEMBERS)
    make_workshop(community, state=Workshop.State.DRAFT)
    assert list(queries.visible_workshops(make_person())) == [open_one]


def test_core_workshops_are_seen_by_core_members():
    workshop = make_workshop(audience=Workshop.Audience.CORE)
    core = make_member(workshop.community, tier="core")
    active = make_member(workshop.community)
    assert queries.workshop_for(core, workshop.pk) == workshop
    with pytest.raises(Http404):
        queries.workshop_for(active, workshop.pk)


def test_another_communitys_steward_plans_nothing_here():
    workshop = make_workshop()
    stranger = make_person()
    make_community(steward=stranger)
    with pytest.raises(Http404):
        queries.planned_workshop_for(stranger, workshop.pk)
    for refused in (
        lambda: services.publish_workshop(workshop=workshop, actor=stranger, now=timezone.now()),
        lambda: services.cancel_workshop(workshop=workshop, reason="x", actor=stranger, now=timezone.now()),
        lambda: services.update_workshop(workshop=workshop, title="x", actor=stranger, now=timezone.now()),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_a_facilitator_accepts_for_themselves_only():
    workshop, steward, _session = published()
    person = make_person()
    facilitation = services.invite_facilitator(
        workshop=workshop, person=person, actor=steward, now=timezone.now()
    )
    with pytest.raises(NotAllowed):
        services.answer_facilitation(
            facilitation=facilitation, answer="accepted", actor=steward, now=timezone.now()
        )
    services.answer_facilitation(
        facilitation=facilitation, answer="accepted", actor=person, now=timezone.now()
    )
    assert queries.led_workshop_for(person, workshop.pk) == workshop
    with pytest.raises(RuleBroken) as caught:
        services.invite_facilitator(workshop=workshop, person=person, actor=steward, now=timezone.now())
    assert caught.value.code == "invited_already"
