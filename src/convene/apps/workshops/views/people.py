"""Who facilitates, who should be in the room, and a time together."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from convene.apps.people.models import Person
from convene.apps.people.services import find_or_make_person
from convene.apps.workshops import queries, services
from convene.apps.workshops.forms import FacilitatorForm, RoomForm, SlotForm, ViewForm
from convene.apps.workshops.models import Workshop
from convene.apps.workshops.queries import room, slots
from convene.apps.workshops.services import room as room_services
from convene.apps.workshops.services import slots as slot_services
from convene.apps.workshops.views.common import GET_POST, page, person_of, refuse
from convene.foundation.errors import RuleBroken


def _chosen_person(form: FacilitatorForm | RoomForm, workshop: Workshop) -> Person:
    """The member chosen, else the one behind the address."""
    found = form.cleaned_data
    member: Person | None = found["person"]
    return member or find_or_make_person(
        email=found["email"],
        name=found["name"],
        language=workshop.community.language,
        zone="",
        now=timezone.now(),
    )


@login_required
@require_http_methods(GET_POST)
def workshop_people(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """Invite to facilitate; who has answered what."""
    workshop, person = queries.planned_workshop_for(person_of(request), workshop_id), person_of(request)
    form = FacilitatorForm(request.POST or None, people=room.possible_facilitators(workshop))
    if form.is_valid():
        try:
            services.invite_facilitator(
                workshop=workshop, person=_chosen_person(form, workshop), actor=person, now=timezone.now()
            )
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("The invitation is on its way."))
            return redirect("workshop_people", workshop.pk)
    facilitations = workshop.facilitations.select_related("person").order_by("invited_at")
    return page(request, "people", workshop, form, form=form, facilitations=facilitations)


@login_required
@require_POST
def facilitator_withdraw(request: HttpRequest, workshop_id: UUID, facilitation_id: UUID) -> HttpResponse:
    workshop, person = queries.planned_workshop_for(person_of(request), workshop_id), person_of(request)
    facilitation = get_object_or_404(workshop.facilitations, pk=facilitation_id)
    services.withdraw_facilitator(facilitation=facilitation, actor=person)
    messages.success(request, _("The invitation is taken back."))
    return redirect("workshop_people", workshop.pk)


def _room_page(
    request: HttpRequest, workshop: Workshop, form: RoomForm | None = None, view_form: ViewForm | None = None
) -> HttpResponse:
    form = form or _room_form(request, workshop, bound=False)
    view_form = view_form or ViewForm(prefix="view")
    return page(
        request,
        "room",
        workshop,
        form,
        view_form,
        form=form,
        view_form=view_form,
        invitees=room.invitees(workshop),
        members=room.uninvited_members(workshop),
        stakeholders=room.stakeholders_with_invitation(workshop),
        views=room.views_with_invitees(workshop),
        absent=room.absent_voices(workshop),
    )


def _room_form(request: HttpRequest, workshop: Workshop, *, bound: bool) -> RoomForm:
    return RoomForm(
        request.POST if bound else None,
        people=room.uninvited_members(workshop),
        views=workshop.missing_views.all(),
        stakeholders=room.stakeholders_with_invitation(workshop),
    )


@login_required
@require_http_methods(GET_POST)
def workshop_room(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """Who should be in this room; one person and a reason goes on the list."""
    workshop, person = queries.planned_workshop_for(person_of(request), workshop_id), person_of(request)
    if request.method == "GET":
        return _room_page(request, workshop)
    form = _room_form(request, workshop, bound=True)
    if form.is_valid():
        try:
            room_services.list_person(
                workshop=workshop, person=_chosen_person(form, workshop), actor=person, **form.reasons()
            )
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("On the list. The invitation leaves when you press Invite."))
            return redirect("workshop_room", workshop.pk)
    return _room_page(request, workshop, form=form)


@login_required
@require_POST
def room_view_add(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    workshop, person = queries.planned_workshop_for(person_of(request), workshop_id), person_of(request)
    form = ViewForm(request.POST, prefix="view")
    if form.is_valid():
        room_services.add_missing_view(workshop=workshop, text=form.cleaned_data["text"], actor=person)
        messages.success(request, _("Noted. Now think of someone who holds it."))
        return redirect("workshop_room", workshop.pk)
    return _room_page(request, workshop, view_form=form)


@login_required
@require_POST
def room_view_remove(request: HttpRequest, workshop_id: UUID, view_id: UUID) -> HttpResponse:
    workshop, person = queries.planned_workshop_for(person_of(request), workshop_id), person_of(request)
    room_services.remove_missing_view(workshop=workshop, view_id=view_id, actor=person)
    return redirect("workshop_room", workshop.pk)


@login_required
@require_POST
def room_members_add(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """The ticked members go on the list."""
    workshop, person = queries.planned_workshop_for(person_of(request), workshop_id), person_of(request)
    ticked = set(request.POST.getlist("members"))
    chosen = [member for member in room.uninvited_members(workshop) if str(member.pk) in ticked]
    for member in chosen:
        room_services.list_person(workshop=workshop, person=member, actor=person)
    count = len(chosen)
    words = ngettext("%(count)d member is on the list.", "%(count)d members are on the list.", count)
    messages.success(request, words % {"count": count})
    return redirect("workshop_room", workshop.pk)


@login_required
@require_POST
def room_unlist(request: HttpRequest, workshop_id: UUID, invitee_id: UUID) -> HttpResponse:
    workshop, person = queries.planned_workshop_for(person_of(request), workshop_id), person_of(request)
    invitee = get_object_or_404(workshop.invitees, pk=invitee_id)
    try:
        room_services.unlist_person(invitee=invitee, actor=person)
    except RuleBroken as error:
        messages.error(request, str(error.public_message))
    return redirect("workshop_room", workshop.pk)


@login_required
@require_POST
def room_invite(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    workshop, person = queries.planned_workshop_for(person_of(request), workshop_id), person_of(request)
    count = room_services.invite_listed(workshop=workshop, actor=person, now=timezone.now())
    words = ngettext("%(count)d invitation is on its way.", "%(count)d invitations are on their way.", count)
    messages.success(request, words % {"count": count})
    return redirect("workshop_room", workshop.pk)


@login_required
@require_http_methods(GET_POST)
def workshop_time(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """Candidate times in everyone's own hour, the fairest first."""
    workshop, person = queries.planned_workshop_for(person_of(request), workshop_id), person_of(request)
    form = SlotForm(request.POST or None, initial={"zone": workshop.community.zone, "minutes": 60})
    if form.is_valid():
        found = form.cleaned_data
        try:
            slot_services.propose_slot(
                workshop=workshop,
                starts_at=found["starts_at"],
                ends_at=found["ends_at"],
                zone=found["zone"],
                actor=person,
                now=timezone.now(),
            )
        except RuleBroken as error:
            refuse(form, error)
        else:
            return redirect("workshop_time", workshop.pk)
    table = slots.slot_table(workshop, timezone.now())
    can_choose = workshop.state in {Workshop.State.DRAFT, Workshop.State.POSTPONED}
    return page(request, "time", workshop, form, form=form, table=table, can_choose=can_choose)


@login_required
@require_POST
def slot_ask(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    workshop, person = queries.planned_workshop_for(person_of(request), workshop_id), person_of(request)
    try:
        count = slot_services.ask_about_slots(workshop=workshop, actor=person, now=timezone.now())
    except RuleBroken as error:
        messages.error(request, str(error.public_message))
    else:
        words = ngettext("%(count)d person is asked.", "%(count)d people are asked.", count)
        messages.success(request, words % {"count": count})
    return redirect("workshop_time", workshop.pk)


@login_required
@require_POST
def slot_drop(request: HttpRequest, workshop_id: UUID, slot_id: UUID) -> HttpResponse:
    workshop, person = queries.planned_workshop_for(person_of(request), workshop_id), person_of(request)
    slot_services.drop_slot(workshop=workshop, slot_id=slot_id, actor=person)
    return redirect("workshop_time", workshop.pk)


@login_required
@require_POST
def slot_choose(request: HttpRequest, workshop_id: UUID, slot_id: UUID) -> HttpResponse:
    workshop, person = queries.planned_workshop_for(person_of(request), workshop_id), person_of(request)
    slot = get_object_or_404(workshop.slots.select_related("workshop__community"), pk=slot_id)
    try:
        slot_services.choose_slot(slot=slot, actor=person, now=timezone.now())
    except RuleBroken as error:
        messages.error(request, str(error.public_message))
        return redirect("workshop_time", workshop.pk)
    messages.success(request, _("This time is now the session's."))
    return redirect("workshop_sessions", workshop.pk)
