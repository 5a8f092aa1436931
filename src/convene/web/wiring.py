"""What follows from what: every domain event and its handlers, on one screen.

A handler takes the event and only enqueues tasks or schedules due jobs (rows of the same transaction).
Ports, the typed questions a lower app asks of a higher one, are plugged in here too.
Imported once Django is ready (web/apps.py), so the apps' modules may stand at the top.
"""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from convene.apps.attendance import events as attendance
from convene.apps.capabilities import events as needs
from convene.apps.capabilities import ports as map_ports
from convene.apps.capabilities import tasks as need_tasks
from convene.apps.communities.events import FeatureSwitched
from convene.apps.communities.rules import FeatureName
from convene.apps.connections import events as connections
from convene.apps.connections import tasks as connection_tasks
from convene.apps.notices import handlers as notices
from convene.apps.notices import queries as notice_queries
from convene.apps.people.events import ConsentWithdrawn
from convene.apps.people.models import Person
from convene.apps.people.ports import ports as people_ports
from convene.apps.people.rules import Purpose
from convene.apps.rooms import events as rooms
from convene.apps.rooms import tasks as room_tasks
from convene.apps.rooms.ports import ports as room_ports
from convene.apps.rooms.rules.ending import TAKEN_BACK
from convene.apps.seats import events as seats
from convene.apps.seats import queries as seat_queries
from convene.apps.seats import services as seat_services
from convene.apps.seats import tasks as seat_tasks
from convene.apps.stewardship import tasks as stewardship_tasks
from convene.apps.stewardship.board.queries import never_training
from convene.apps.stewardship.hours.queries import time_left
from convene.apps.stewardship.practice import events as practice
from convene.apps.stewardship.queries import last_taught
from convene.apps.voices import events as voices
from convene.apps.voices import tasks as voice_tasks
from convene.apps.voices.viewpoints import viewpoints_of
from convene.apps.workshops import events as workshops
from convene.apps.workshops import ports as workshop_ports
from convene.apps.workshops.series import tasks as series_tasks
from convene.foundation.events import connect
from convene.foundation.jobs.services import cancel, schedule
from convene.web.pages import about_me


def connect_all() -> None:
    """Called once when Django is ready."""
    _connect_communities()
    _connect_needs()
    _connect_seats()
    _connect_notices()
    _connect_people()
    _connect_rooms()
    _connect_connections()
    _connect_voices()
    _connect_stewardship()


def _connect_stewardship() -> None:
    map_ports.plug(last_taught=last_taught)
    workshop_ports.register_check(never_training)
    workshop_ports.register_check(time_left)
    connect(
        practice.PracticeAsked,
        lambda event: stewardship_tasks.tell_host.enqueue(practice_id=str(event.subject_id)),
    )
    connect(
        practice.PracticeAgreed,
        lambda event: stewardship_tasks.tell_guest.enqueue(practice_id=str(event.subject_id)),
    )
    connect(
        workshops.WorkshopPublished,
        lambda event: stewardship_tasks.tell_thinkers.enqueue(workshop_id=str(event.subject_id)),
    )


def _connect_voices() -> None:
    room_ports.viewpoints = viewpoints_of
    connect(voices.PulseAsked, lambda event: voice_tasks.mail_pulse.enqueue(pulse_id=str(event.subject_id)))
    connect(voices.PulseReplied, lambda event: voice_tasks.mail_reply.enqueue(pulse_id=str(event.subject_id)))


def _connect_rooms() -> None:
    connect(
        attendance.AttendanceRecorded,
        lambda event: room_tasks.follow_attendance.enqueue(
            session_id=str(event.session_id), registration_id=str(event.subject_id)
        ),
    )
    connect(
        attendance.RoomCodeMade,
        lambda event: room_tasks.show_code.enqueue(session_id=str(event.subject_id)),
    )


def _connect_connections() -> None:
    connect(
        rooms.SessionEnded,
        lambda event: schedule(
            key=f"introductions:{event.subject_id}",
            task="convene.apps.connections.tasks.suggest_introductions",
            args={"room_id": str(event.subject_id)},
            due_at=timezone.now() + TAKEN_BACK,
        ),
    )
    connect(rooms.SessionResumed, lambda event: cancel(key=f"introductions:{event.subject_id}"))
    connect(
        rooms.GroupsPublished,
        lambda event: connection_tasks.offer_connections.enqueue(community_id=str(event.community_id)),
    )
    connect(
        connections.IntroductionMade,
        lambda event: connection_tasks.tell_introduced.enqueue(introduction_id=str(event.subject_id)),
    )
    connect(
        connections.ContactsExchanged,
        lambda event: connection_tasks.tell_exchanged.enqueue(exchange_id=str(event.subject_id)),
    )
    connect(
        ConsentWithdrawn,
        lambda event: (
            connection_tasks.forget_contact.enqueue(person_id=str(event.subject_id))
            if event.purpose == Purpose.CONTACT
            else None
        ),
    )


def _connect_communities() -> None:
    from convene.apps.communities import queries, services, tasks
    from convene.apps.people.ports import LeaveLink

    connect(
        ConsentWithdrawn,
        lambda event: (
            tasks.forget_trait.enqueue(
                person_id=str(event.subject_id), question_id=str(event.scope_id) if event.scope_id else None
            )
            if event.purpose == Purpose.TRAITS
            else None
        ),
    )

    connect(
        FeatureSwitched,
        lambda event: (
            tasks.offer_what_follows.enqueue(community_id=str(event.subject_id), feature=event.feature)
            if event.on
            else None
        ),
    )
    connect(
        workshops.WorkshopPublished,
        lambda event: tasks.offer_stakeholders.enqueue(community_id=str(event.community_id)),
    )

    def communities_to_leave(person: Person) -> list[LeaveLink]:
        return [
            LeaveLink(community.name, reverse("my_membership", args=[community.slug]))
            for community in queries.communities_of(person)
            if queries.live_membership(person.pk, community.pk)
        ]

    people_ports.before_erasing(services.leave_everything)
    people_ports.names_by(queries.names_of)
    people_ports.leave_by(communities_to_leave)


def _connect_needs() -> None:
    connect(
        needs.SessionRequested,
        lambda event: need_tasks.mail_confirmation.enqueue(request_id=str(event.subject_id)),
    )
    connect(
        needs.NeedAsked,
        lambda event: need_tasks.offer_what_helps.enqueue(
            need_id=str(event.subject_id), source_id=str(event.source_id)
        ),
    )
    connect(
        workshops.WorkshopHeld,
        lambda event: series_tasks.offer_series.enqueue(workshop_id=str(event.subject_id)),
    )
    connect(needs.NeedPlanned, lambda event: need_tasks.offer_map.enqueue(need_id=str(event.subject_id)))
    connect(needs.NeedDeclined, lambda event: need_tasks.tell_declined.enqueue(need_id=str(event.subject_id)))
    connect(
        workshops.WorkshopPublished,
        lambda event: need_tasks.tell_published.enqueue(workshop_id=str(event.subject_id)),
    )


def _connect_seats() -> None:
    connect(
        workshops.WorkshopCancelled,
        lambda event: seat_tasks.void.enqueue(workshop_id=str(event.subject_id)),
    )
    connect(
        workshops.WorkshopTimesChanged,
        lambda event: seat_tasks.reopen.enqueue(
            workshop_id=str(event.subject_id), changed_at=timezone.now().isoformat()
        ),
    )
    connect(seats.DrawPreparing, lambda event: seat_tasks.prepare_draw.enqueue(draw_id=str(event.subject_id)))
    connect(seats.DrawStarted, lambda event: seat_tasks.finish_draw.enqueue(draw_id=str(event.subject_id)))
    connect(
        seats.DrawnSeatsFreed,
        lambda event: seat_tasks.replace_seats.enqueue(draw_id=str(event.subject_id)),
    )
    connect(
        seats.SeatsFilled,
        lambda event: seat_tasks.offer_what_helps.enqueue(community_id=str(event.community_id)),
    )
    connect(
        FeatureSwitched,
        lambda event: (
            seat_tasks.open_waiting_lists.enqueue(community_id=str(event.subject_id))
            if event.on and event.feature == FeatureName.WAITING_LIST
            else None
        ),
    )
    workshop_ports.plug(
        seat_defaults=seat_services.give_default_seats,
        copy_seats=seat_services.copy_policy,
        seat_figures=seat_queries.seat_figures,
        people_holding_seats=seat_queries.people_holding_seats,
        standing=seat_queries.standing,
    )
    people_ports.before_erasing(_give_seats_back)


def _give_seats_back(person: Person, now: datetime) -> None:
    seat_services.person_leaves(person=person, now=now)


def _connect_notices() -> None:
    connect(seats.SeatRequested, notices.seat_requested)
    connect(seats.SeatWaitlisted, notices.seat_waitlisted)
    connect(seats.SeatOffered, notices.seat_offered)
    connect(seats.SeatConfirmed, notices.seat_confirmed)
    connect(seats.SeatRefused, notices.seat_refused)
    connect(seats.OfferDeclined, notices.offer_declined)
    connect(seats.OfferExpired, notices.offer_expired)
    connect(seats.SeatCancelled, notices.seat_cancelled)
    connect(seats.DrawCommitted, notices.draw_committed)
    connect(seats.WitnessNamed, notices.witness_named)
    connect(seats.SeatNotDrawn, notices.seat_not_drawn)
    connect(seats.ChoiceReopened, notices.choice_reopened)
    connect(seats.RegistrationVoided, notices.registration_voided)
    connect(workshops.WorkshopPublished, notices.workshop_published)
    connect(workshops.WorkshopTimesChanged, notices.times_changed)
    connect(workshops.WorkshopDetailsChanged, notices.details_changed)
    connect(workshops.SessionRemoved, notices.session_removed)
    connect(workshops.WorkshopCancelled, notices.workshop_cancelled)
    connect(workshops.WorkshopPostponed, notices.workshop_postponed)
    connect(workshops.FacilitatorAnswered, notices.facilitator_answered)
    connect(rooms.SessionEnded, notices.session_ended)
    connect(rooms.SessionResumed, notices.session_resumed)
    workshop_ports.plug(notices=notice_queries.notice_lines)


def _connect_people() -> None:
    people_ports.names_by(about_me.titles_of)
