from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from convene.apps.workshops import invitations, ports
from convene.apps.workshops.models import Facilitation, Invitee, Resource, SlotAnswer, Workshop
from convene.apps.workshops.rules.workshop import SeatFigures, Standing
from convene.foundation.audit.models import AuditEntry
from convene.foundation.mail.models import MailMessage
from tests.makers import (
    make_community,
    make_facilitator,
    make_invitee,
    make_member,
    make_person,
    make_session,
    make_slot,
    make_workshop,
)

pytestmark = pytest.mark.django_db

STEWARD_PAGES = [
    "workshop_details",
    "workshop_sessions",
    "workshop_session_add",
    "workshop_run",
    "workshop_people",
    "workshop_room",
    "workshop_time",
    "workshop_check",
    "workshop_cancel",
    "workshop_postpone",
    "workshop_minimum",
]
LEADING_PAGES = ["workshop_plan", "workshop_run_sheet", "workshop_checklist"]


@pytest.fixture(autouse=True)
def _no_ports(monkeypatch):
    """Each test plugs in what it needs."""
    monkeypatch.setattr(ports, "_ports", ports._Ports())
    monkeypatch.setattr(ports, "_checks", [])


def stewarded(**fields) -> tuple[Workshop, Client]:
    steward = make_person()
    workshop = make_workshop(make_community(steward=steward, zone="Europe/Berlin"), **fields)
    return workshop, signed_in(steward)


def drafted() -> tuple[Workshop, Client]:
    return stewarded(state=Workshop.State.DRAFT)


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.parametrize("name", STEWARD_PAGES + LEADING_PAGES + ["workshop_resources"])
def test_a_steward_opens_every_page_of_a_draft(name):
    workshop, client = drafted()
    assert client.get(reverse(name, args=[workshop.pk])).status_code == 200


@pytest.mark.parametrize("name", STEWARD_PAGES + LEADING_PAGES)
def test_another_communitys_steward_finds_no_page(name):
    workshop, _client = drafted()
    stranger = make_person()
    make_community(steward=stranger)
    assert signed_in(stranger).get(reverse(name, args=[workshop.pk])).status_code == 404


@pytest.mark.parametrize("name", STEWARD_PAGES + LEADING_PAGES + ["workshop_resources"])
def test_whoever_is_not_signed_in_is_asked_to(name):
    workshop, _client = drafted()
    response = Client().get(reverse(name, args=[workshop.pk]))
    assert (response.status_code, response["Location"].split("?")[0]) == (302, reverse("account_login"))


def test_a_facilitator_reads_the_plan_and_changes_nothing_of_the_stewards():
    workshop, _client = drafted()
    client = signed_in(make_facilitator(workshop))
    assert [client.get(reverse(name, args=[workshop.pk])).status_code for name in LEADING_PAGES] == [200] * 3
    assert {client.get(reverse(name, args=[workshop.pk])).status_code for name in STEWARD_PAGES} == {404}


def new_data(**fields) -> dict[str, object]:
    day = timezone.now().date() + dt.timedelta(days=30)
    return {
        "template": "peer_assist",
        "title": "A case of measles on ward 4",
        "day": day.isoformat(),
        "starts": "15:00",
        "zone": "Africa/Nairobi",
        **fields,
    }


def test_four_answers_make_a_draft_with_its_first_session():
    steward = make_person()
    community = make_community(steward=steward)
    response = signed_in(steward).post(reverse("workshop_new", args=[community.slug]), new_data())
    workshop = Workshop.objects.get()
    assert response["Location"] == reverse("workshop_plan", args=[workshop.pk])
    session = workshop.sessions.get()
    assert (session.starts_at.hour, session.zone) == (12, "Africa/Nairobi")
    assert (session.ends_at - session.starts_at).total_seconds() == 75 * 60
    assert (workshop.kind, workshop.recording, workshop.format) == ("peer_assist", "closed", "online")


def test_a_time_can_come_later():
    steward = make_person()
    community = make_community(steward=steward)
    signed_in(steward).post(reverse("workshop_new", args=[community.slug]), new_data(day="", starts=""))
    assert Workshop.objects.get().sessions.count() == 0


def test_a_skipped_hour_is_said_beside_the_time_and_what_was_typed_is_kept():
    steward = make_person()
    community = make_community(steward=steward)
    data = new_data(day="2027-03-28", starts="02:30", zone="Europe/Berlin")
    response = signed_in(steward).post(reverse("workshop_new", args=[community.slug]), data)
    assert response.status_code == 422
    form = response.context["form"]
    assert list(form.errors) == ["starts"]
    assert "02:30 does not exist on 28 March 2027 in Europe/Berlin" in form.errors["starts"][0]
    assert 'value="A case of measles on ward 4"' in response.content.decode()


def test_how_many_seats_are_given_to_the_app_that_keeps_them():
    given = []
    ports.plug(seat_defaults=lambda **fields: given.append((fields["capacity"], fields["minimum"])))
    steward = make_person()
    community = make_community(steward=steward)
    client = signed_in(steward)
    client.post(reverse("workshop_new", args=[community.slug]), new_data())
    client.post(reverse("workshop_new", args=[community.slug]), new_data(seats="3"))
    assert given == [(8, 4), (3, 3)]


def test_details_are_saved_and_an_outdated_page_is_refused():
    workshop, client = drafted()
    url = reverse("workshop_details", args=[workshop.pk])
    form = client.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields if name != "counts_minutes"}
    data |= {"title": "Screening", "also_1": "sw", "also_2": "", "outcomes": "Screen with two reviewers"}
    saved = client.post(url, data)
    assert saved.status_code == 302, saved.context["form"].errors
    workshop.refresh_from_db()
    assert (workshop.title, workshop.further_languages) == ("Screening", ["sw"])
    again = client.post(url, {**data, "title": "Too late"})
    assert again.status_code == 422
    assert Workshop.objects.get().title == "Screening"


def session_data(workshop: Workshop, *, hours: float = 0, **fields) -> dict[str, object]:
    session = workshop.sessions.get()
    local = session.starts_at + dt.timedelta(hours=hours)
    return {
        "session-TOTAL_FORMS": "1",
        "session-INITIAL_FORMS": "1",
        "session-0-session_id": str(session.pk),
        "session-0-day": local.date().isoformat(),
        "session-0-starts": f"{local:%H:%M:%S}",
        "session-0-minutes": "120",
        "session-0-zone": "UTC",
        "session-0-join_url": session.join_url,
        **fields,
    }


def test_a_change_is_shown_before_it_is_saved():
    start = (timezone.now() + dt.timedelta(days=20)).replace(hour=16, minute=0, second=0, microsecond=0)
    workshop, client = stewarded()
    workshop.sessions.all().delete()
    make_session(workshop, starts_at=start, zone="UTC")
    hit = [make_person(zone="Africa/Nairobi"), make_person(zone="Africa/Nairobi"), make_person(zone="UTC")]
    ports.plug(people_holding_seats=lambda _id: [person.pk for person in hit])
    url = reverse("workshop_change", args=[workshop.pk])
    data = session_data(workshop, hours=1) | {"revision": str(workshop.revision)}
    shown = client.post(url, data)
    (effect,) = shown.context["effects"]
    assert [(line.hour.hour, line.count) for line in effect.odd] == [(20, 2)]
    assert workshop.sessions.get().sequence == 0
    saved = client.post(url, data | {"shown": shown.context["shown"]})
    assert saved.status_code == 302
    session = workshop.sessions.get()
    assert (session.sequence, session.starts_at) == (1, start + dt.timedelta(hours=1))


def test_a_change_typed_after_the_view_is_shown_again():
    workshop, client = stewarded()
    url = reverse("workshop_change", args=[workshop.pk])
    data = {"revision": str(workshop.revision)}
    shown = client.post(url, session_data(workshop, hours=1) | data).context["shown"]
    other = client.post(url, session_data(workshop, hours=2) | data | {"shown": shown})
    assert (other.status_code, other.context["shown"] == shown) == (200, False)
    assert workshop.sessions.get().sequence == 0


def test_publish_cancel_and_postpone_from_the_pages():
    workshop, client = drafted()
    client.post(reverse("workshop_publish", args=[workshop.pk]))
    workshop.refresh_from_db()
    assert workshop.state == "published"
    assert client.post(reverse("workshop_postpone", args=[workshop.pk]), {"reason": ""}).status_code == 422
    client.post(reverse("workshop_postpone", args=[workshop.pk]), {"reason": "Strike"})
    client.post(reverse("workshop_cancel", args=[workshop.pk]), {"reason": "No new date"})
    workshop.refresh_from_db()
    assert (workshop.state, workshop.state_reason) == ("cancelled", "No new date")


def test_someone_without_an_account_is_asked_to_facilitate_and_accepts_by_their_link():
    workshop, client = drafted()
    url = reverse("workshop_people", args=[workshop.pk])
    client.post(url, {"name": "Amina", "email": "amina@example.org"})
    facilitation = Facilitation.objects.get()
    mail = MailMessage.objects.get()
    assert (mail.kind, mail.to_address) == ("facilitator_invited", "amina@example.org")
    link = invitations.facilitation_url(facilitation)
    assert link in mail.text
    path = "/" + link.split("/", 3)[3]
    assert Client().get(path).status_code == 200
    facilitation.refresh_from_db()
    assert facilitation.state == "invited"
    assert Client().post(path, {"form": "answer", "answer": "suggested"}).status_code == 422
    Client().post(path, {"form": "answer", "answer": "accepted"})
    facilitation.refresh_from_db()
    assert facilitation.state == "accepted"


def test_the_brief_stays_visible_after_acceptance():
    workshop, _client = drafted()
    Workshop.objects.update(brief="Bring the quiet ones in.")
    person = make_facilitator(workshop)
    page = signed_in(person).get(reverse("workshop_facilitate", args=[workshop.pk])).content.decode()
    assert "Bring the quiet ones in." in page


def test_a_link_that_was_taken_back_opens_nothing():
    workshop, client = drafted()
    make_facilitator(workshop, state="invited")
    facilitation = Facilitation.objects.get()
    path = "/" + invitations.facilitation_url(facilitation).split("/", 3)[3]
    client.post(reverse("facilitator_withdraw", args=[workshop.pk, facilitation.pk]))
    assert Client().get(path).status_code == 404
    assert Client().get(reverse("facilitation_answer", args=["nonsense"])).status_code == 404


def test_a_view_without_anyone_invited_is_said_until_someone_is():
    workshop, client = drafted()
    client.post(reverse("room_view_add", args=[workshop.pk]), {"view-text": "someone from a night shift"})
    room = reverse("workshop_room", args=[workshop.pk])
    assert [voice.name for voice in client.get(room).context["absent"]] == ["someone from a night shift"]
    view = workshop.missing_views.get()
    client.post(room, {"reason": f"view:{view.pk}", "name": "Nia", "email": "nia@example.org"})
    assert len(client.get(room).context["absent"]) == 1
    client.post(reverse("room_invite", args=[workshop.pk]))
    assert client.get(room).context["absent"] == []
    assert list(MailMessage.objects.values_list("kind", "to_address")) == [
        ("room_invitation", "nia@example.org")
    ]


def test_inviting_twice_sends_one_mail():
    workshop, client = drafted()
    member = make_member(workshop.community)
    client.post(reverse("room_members_add", args=[workshop.pk]), {"members": [str(member.pk)]})
    for _press in range(2):
        client.post(reverse("room_invite", args=[workshop.pk]))
    assert (Invitee.objects.get().state, MailMessage.objects.count()) == ("invited", 1)


def test_an_invited_person_answers_and_says_which_times_suit():
    workshop, _client = drafted()
    invitee = make_invitee(workshop, make_person(zone="Africa/Nairobi"))
    slot = make_slot(workshop)
    path = "/" + invitations.room_url(invitee).split("/", 3)[3]
    page = Client()
    assert page.get(path).status_code == 200
    page.post(path, {"form": "answer", "answer": "coming"})
    page.post(path, {"form": "times", str(slot.pk): "if_need_be"})
    invitee.refresh_from_db()
    assert (invitee.state, invitee.answer) == ("answered", "coming")
    assert SlotAnswer.objects.get().answer == "if_need_be"


def test_the_chosen_slot_becomes_the_session():
    workshop, client = drafted()
    slot = make_slot(workshop)
    client.post(reverse("slot_choose", args=[workshop.pk, slot.pk]))
    session = workshop.sessions.get()
    assert (session.starts_at, session.zone) == (slot.starts_at, slot.zone)
    assert session.join_url == "https://video.example.org/room"


def test_asking_about_times_mails_each_person_once_for_each_set():
    workshop, client = drafted()
    make_invitee(workshop)
    make_facilitator(workshop)
    make_slot(workshop)
    for _press in range(2):
        client.post(reverse("slot_ask", args=[workshop.pk]))
    assert MailMessage.objects.filter(kind="times_asked").count() == 2
    make_slot(workshop, days=21)
    client.post(reverse("slot_ask", args=[workshop.pk]))
    assert MailMessage.objects.filter(kind="times_asked").count() == 4


def test_the_checklist_is_ticked_owned_and_late_where_it_is():
    workshop, client = drafted()
    url = reverse("workshop_checklist", args=[workshop.pk])
    client.post(url, {"text": "Order captions", "lead_days": "30", "working_days": "on"})
    (due,) = client.get(url).context["items"]
    assert due.is_late
    item_url = reverse("checklist_item", args=[workshop.pk, due.item.pk])
    steward = workshop.community.role_terms.get().person
    client.post(item_url, {"act": "own", "owner": str(steward.pk)})
    client.post(item_url, {"act": "done"})
    (due,) = client.get(url).context["items"]
    assert (due.is_late, due.item.owner, due.item.done_by) == (False, steward, steward)


@pytest.fixture
def files(settings, tmp_path):
    settings.FILES = tmp_path
    return tmp_path


def upload(client: Client, workshop: Workshop, name: str, content: bytes, share: str = "seated"):
    file = SimpleUploadedFile(name, content)
    data = {"kind": "slides", "title": "Slides", "share": share, "file": file, "url": ""}
    return client.post(reverse("workshop_resources", args=[workshop.pk]), data)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("run.exe", b"MZ"),
        ("page.html", b"<script>"),
        ("drawing.svg", b"<svg/>"),
        ("slides.pdf", b"<script>alert(1)</script>"),
        ("empty.pdf", b""),
        ("noextension", b"%PDF-1.7"),
        ("slides.pdf.js", b"%PDF-1.7"),
    ],
)
def test_a_file_that_could_run_or_is_not_what_it_says_is_refused(files, name, content):
    workshop, client = stewarded()
    response = upload(client, workshop, name, content)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["file"])
    assert (Resource.objects.count(), list(files.rglob("*.*"))) == (0, [])


def test_a_file_is_served_as_a_download_to_those_allowed(files):
    workshop, client = stewarded()
    assert upload(client, workshop, "slides of May.pdf", b"%PDF-1.7 body").status_code == 302
    resource = Resource.objects.get()
    url = reverse("resource_file", args=[workshop.pk, resource.pk])
    response = client.get(url)
    assert b"".join(response.streaming_content) == b"%PDF-1.7 body"
    assert response["Content-Disposition"] == 'attachment; filename="slides of May.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert signed_in(make_person()).get(url).status_code == 404
    client.post(reverse("resource_remove", args=[workshop.pk, resource.pk]))
    assert Resource.objects.count() == 0


@pytest.mark.parametrize(
    ("recording", "share", "standing", "status"),
    [
        ("chatham", "seated", Standing.SEATED, 200),
        ("chatham", "seated", Standing.ASKED, 404),
        ("chatham", "asked", Standing.ASKED, 200),
        ("closed", "asked", Standing.ASKED, 404),
        ("open", "asked", Standing.NONE, 404),
    ],
)
def test_who_sees_material_follows_seat_and_recording_mode(files, recording, share, standing, status):
    workshop, client = stewarded(recording=recording)
    upload(client, workshop, "notes.txt", b"words", share=share)
    ports.plug(standing=lambda _workshop, _person: standing)
    person, resource = make_person(), Resource.objects.get()
    url = reverse("resource_file", args=[workshop.pk, resource.pk])
    assert signed_in(person).get(url).status_code == status
    token = invitations.material_url(workshop.pk, person).rstrip("/").rpartition("/")[2]
    by_link = Client().get(reverse("resource_file_link", args=[token, resource.pk]))
    assert by_link.status_code == status


def test_below_the_minimum_a_steward_is_told_and_decides():
    workshop, client = stewarded(days=6, published_at=timezone.now() - dt.timedelta(days=30))
    ports.plug(seat_figures=lambda ids: dict.fromkeys(ids, SeatFigures(10, 6, 2, 3)))
    from convene.apps.workshops.services.minimum import weigh

    assert weigh(workshop_id=workshop.pk, now=timezone.now())
    assert weigh(workshop_id=workshop.pk, now=timezone.now())
    assert MailMessage.objects.filter(kind="below_minimum").count() == 1
    url = reverse("workshop_minimum", args=[workshop.pk])
    assert client.post(url, {"decision": "merge"}).status_code == 422
    client.post(url, {"decision": "conversation"})
    workshop.refresh_from_db()
    assert (workshop.kind, workshop.minimum_decision) == ("conversation", "conversation")
    assert not weigh(workshop_id=workshop.pk, now=timezone.now())


def test_merging_cancels_this_one_and_names_the_other():
    workshop, client = stewarded(days=6)
    other = make_workshop(workshop.community, title="The bigger one")
    client.post(reverse("workshop_minimum", args=[workshop.pk]), {"decision": "merge", "into": str(other.pk)})
    workshop.refresh_from_db()
    assert (workshop.state, workshop.merged_into) == ("cancelled", other)
    assert "The bigger one" in workshop.state_reason
    assert list(AuditEntry.objects.order_by("at").values_list("name", flat=True)) == [
        "workshop_minimum_decided",
        "workshop_cancelled",
    ]


def test_the_list_asks_the_database_as_often_for_one_as_for_ten(django_assert_num_queries):
    workshop, client = stewarded()
    url = reverse("workshop_list", args=[workshop.community.slug])
    client.get(url)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for _n in range(9):
        make_session(make_workshop(workshop.community), days=21)
    with django_assert_num_queries(len(one)):
        assert len(client.get(url).context["coming"]) == 10


@pytest.mark.parametrize("name", ["workshop_room", "workshop_time", "workshop_people", "workshop_checklist"])
def test_planning_pages_ask_as_often_for_one_as_for_ten(name, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    workshop, client = drafted()

    def grow() -> None:
        make_invitee(workshop)
        make_facilitator(workshop)
        make_slot(workshop, days=20 + Invitee.objects.count())
        workshop.checklist.create(text="Something", lead_days=3)
        workshop.missing_views.create(text="A view")
        make_member(workshop.community)

    grow()
    url = reverse(name, args=[workshop.pk])
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for _n in range(5):
        grow()
    with django_assert_num_queries(len(one)):
        client.get(url)


def test_members_see_published_workshops_in_the_list_and_strangers_none():
    workshop, _client = stewarded(audience=Workshop.Audience.MEMBERS)
    make_workshop(workshop.community, state=Workshop.State.DRAFT)
    url = reverse("workshop_list", args=[workshop.community.slug])
    assert signed_in(make_member(workshop.community)).get(url).context["coming"] == [workshop]
    assert signed_in(make_person()).get(url).status_code == 404


def test_a_stakeholder_nobody_invited_is_said_to_be_absent():
    from convene.apps.communities.models import Stakeholder

    workshop, client = drafted()
    ward = Stakeholder.objects.create(community=workshop.community, name="Ward 4", stake="Their patients")
    room = reverse("workshop_room", args=[workshop.pk])
    assert [(voice.name, voice.is_view) for voice in client.get(room).context["absent"]] == [
        ("Ward 4", False)
    ]
    client.post(room, {"reason": f"stake:{ward.pk}", "name": "Sister Ruth", "email": "ruth@example.org"})
    assert len(client.get(reverse("workshop_check", args=[workshop.pk])).context["absent"]) == 1
    client.post(reverse("room_invite", args=[workshop.pk]))
    assert client.get(room).context["absent"] == []
    assert "You have a stake in what is talked about." in MailMessage.objects.get().text


def test_someone_without_an_account_reads_the_material_by_their_own_link():
    workshop, _client = stewarded()
    workshop.resources.create(
        title="How we screen", url="https://example.org/how", added_at=timezone.now(), share="asked"
    )
    person = make_person()
    ports.plug(standing=lambda _workshop, _person: Standing.ASKED)
    path = invitations.material_path(workshop.pk, person)
    page = Client().get(path)
    assert [resource.title for resource in page.context["shown"]] == ["How we screen"]
    person.link_version += 1
    person.save()
    assert Client().get(path).status_code == 404


def test_a_held_workshop_is_called_so_by_the_worker_and_keeps_what_it_was():
    from convene.apps.workshops import tasks

    workshop, client = stewarded(days=-1)
    for _run in range(2):
        tasks.hold.func(workshop_id=str(workshop.pk))
    workshop.refresh_from_db()
    assert workshop.state == "held"
    answer = client.post(reverse("workshop_session_add", args=[workshop.pk]), new_session())
    assert (answer.status_code, workshop.sessions.count()) == (422, 1)


def new_session() -> dict[str, object]:
    day = timezone.now().date() + dt.timedelta(days=3)
    return {"day": day.isoformat(), "starts": "10:00", "minutes": "60", "zone": "UTC"}
