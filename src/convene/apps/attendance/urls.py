from __future__ import annotations

from django.urls import path

from convene.apps.attendance.views import arrive, door, record, stewards

urlpatterns = [
    path("join/<str:token>/", arrive.join, name="join"),
    path("here/", arrive.room_code, name="room_code"),
    path("here/<slug:code>/", arrive.here, name="here"),
    path("w/<uuid:workshop_id>/door/", door.workshop_door, name="workshop_door"),
    path("door/<uuid:session_id>/", door.door, name="door"),
    path("door/<uuid:session_id>/code/", door.door_code, name="door_code"),
    path("door/<uuid:session_id>/close/", door.session_close, name="session_close"),
    path("door/<uuid:session_id>/walk-in/", door.door_walk_in, name="door_walk_in"),
    path("door/<uuid:session_id>/import/", stewards.import_new, name="import_new"),
    path("door/<uuid:session_id>/<uuid:registration_id>/", door.attendance_edit, name="attendance_edit"),
    path("door/<uuid:session_id>/<uuid:registration_id>/mark/", door.door_mark, name="door_mark"),
    path("import/<uuid:import_id>/", stewards.import_match, name="import_match"),
    path("contest/<uuid:contest_id>/", stewards.contest_decide, name="contest_decide"),
    path("w/<uuid:workshop_id>/plan/feedback/", stewards.feedback_read, name="feedback_read"),
    path("me/record/", record.my_record, name="my_record"),
    path("record/<str:token>/", record.record_by_link, name="record_by_link"),
    path(
        "me/record/<uuid:registration_id>/<uuid:session_id>/contest/", record.contest_new, name="contest_new"
    ),
    path("me/record/<uuid:registration_id>/<uuid:session_id>/apologies/", record.apologies, name="apologies"),
    path("me/record/<uuid:registration_id>/certificate/", record.certificate, name="certificate"),
    path("me/record/<uuid:registration_id>/certificate.pdf", record.certificate_pdf, name="certificate_pdf"),
    path("feedback/<str:token>/", record.feedback, name="feedback"),
]
