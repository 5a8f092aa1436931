"""Planning. The public page of a workshop is composed in web/pages."""

from __future__ import annotations

from django.urls import path

from convene.apps.workshops.views import answers, people, plan, preparing, publish

_W = "w/<uuid:workshop_id>/"
_P = "w/<uuid:workshop_id>/plan/"

urlpatterns = [
    path("c/<slug:slug>/workshops/", plan.workshop_list, name="workshop_list"),
    path("c/<slug:slug>/workshops/new/", plan.workshop_new, name="workshop_new"),
    # the plan
    path(_P, plan.workshop_plan, name="workshop_plan"),
    path(_P + "details/", plan.workshop_details, name="workshop_details"),
    path(_P + "sessions/", plan.workshop_sessions, name="workshop_sessions"),
    path(_P + "sessions/add/", plan.workshop_session_add, name="workshop_session_add"),
    path(
        _P + "sessions/<uuid:session_id>/remove/",
        plan.workshop_session_remove,
        name="workshop_session_remove",
    ),
    path(_P + "run/", plan.workshop_run, name="workshop_run"),
    path(_P + "run-sheet/", preparing.workshop_run_sheet, name="workshop_run_sheet"),
    path(_P + "checklist/", preparing.workshop_checklist, name="workshop_checklist"),
    path(_P + "checklist/<uuid:item_id>/", preparing.checklist_item, name="checklist_item"),
    # people and time
    path(_P + "people/", people.workshop_people, name="workshop_people"),
    path(
        _P + "people/<uuid:facilitation_id>/withdraw/",
        people.facilitator_withdraw,
        name="facilitator_withdraw",
    ),
    path(_P + "room/", people.workshop_room, name="workshop_room"),
    path(_P + "room/views/", people.room_view_add, name="room_view_add"),
    path(_P + "room/views/<uuid:view_id>/remove/", people.room_view_remove, name="room_view_remove"),
    path(_P + "room/members/", people.room_members_add, name="room_members_add"),
    path(_P + "room/invite/", people.room_invite, name="room_invite"),
    path(_P + "room/<uuid:invitee_id>/remove/", people.room_unlist, name="room_unlist"),
    path(_P + "time/", people.workshop_time, name="workshop_time"),
    path(_P + "time/ask/", people.slot_ask, name="slot_ask"),
    path(_P + "time/<uuid:slot_id>/remove/", people.slot_drop, name="slot_drop"),
    path(_P + "time/<uuid:slot_id>/choose/", people.slot_choose, name="slot_choose"),
    # publish and after
    path(_P + "check/", publish.workshop_check, name="workshop_check"),
    path(_P + "publish/", publish.workshop_publish, name="workshop_publish"),
    path(_P + "change/", publish.workshop_change, name="workshop_change"),
    path(_P + "postpone/", publish.workshop_postpone, name="workshop_postpone"),
    path(_P + "cancel/", publish.workshop_cancel, name="workshop_cancel"),
    path(_P + "minimum/", publish.workshop_minimum, name="workshop_minimum"),
    # for those who were asked or take part
    path(_W + "facilitate/", answers.workshop_facilitate, name="workshop_facilitate"),
    path(_W + "invitation/", answers.workshop_invitation, name="workshop_invitation"),
    path("w/f/<str:token>/", answers.facilitation_answer, name="facilitation_answer"),
    path("w/i/<str:token>/", answers.room_answer, name="room_answer"),
    path(_W + "resources/", preparing.workshop_resources, name="workshop_resources"),
    path(_W + "resources/<uuid:resource_id>/", preparing.resource_file, name="resource_file"),
    path(_W + "resources/<uuid:resource_id>/remove/", preparing.resource_remove, name="resource_remove"),
    path("w/r/<str:token>/", preparing.workshop_resources_link, name="workshop_resources_link"),
    path("w/r/<str:token>/<uuid:resource_id>/", preparing.resource_file_link, name="resource_file_link"),
]
