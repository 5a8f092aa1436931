from django.urls import path

from convene.apps.seats.views import (
    asking,
    auditing,
    drawing,
    forecast,
    keeping,
    memory,
    planning,
    record,
    targets,
    witnessing,
)

urlpatterns = [
    path("w/<uuid:workshop_id>/seat/", asking.seat_ask, name="seat_ask"),
    path("w/<uuid:workshop_id>/seat/asked/", asking.seat_asked, name="seat_asked"),
    path("r/approve/<str:token>/", keeping.seat_approval, name="seat_approval"),
    path("r/witness/<str:token>/", witnessing.draw_witness, name="draw_witness"),
    path("r/<str:token>/receipt.json", record.registration_receipt, name="registration_receipt"),
    path("r/<str:token>/passed-over/", memory.registration_weight, name="registration_weight"),
    path("r/<str:token>/", keeping.registration, name="registration"),
    path("me/seats/", keeping.my_seats, name="my_seats"),
    path("me/passed-over/", memory.my_weight, name="my_weight"),
    path(
        "w/<uuid:workshop_id>/plan/passed-over/<uuid:correction_id>/",
        memory.correction_answer,
        name="correction_answer",
    ),
    path("w/<uuid:workshop_id>/plan/seats/", planning.seat_policy, name="seat_policy"),
    path("w/<uuid:workshop_id>/plan/targets/", targets.seat_targets, name="seat_targets"),
    path("w/<uuid:workshop_id>/plan/forecast/", forecast.seat_forecast, name="seat_forecast"),
    path("w/<uuid:workshop_id>/plan/draw/", drawing.seat_draw_make, name="seat_draw_make"),
    path("w/<uuid:workshop_id>/draw/", record.seat_draw, name="seat_draw"),
    path("w/<uuid:workshop_id>/draw/record.json", record.seat_draw_file, name="seat_draw_file"),
    path("w/<uuid:workshop_id>/draw/audit/", auditing.seat_draw_audit, name="seat_draw_audit"),
    path("w/<uuid:workshop_id>/draw/witness/", witnessing.seat_draw_witness, name="seat_draw_witness"),
    path("w/<uuid:workshop_id>/draw/confirm/", drawing.seat_draw_confirm, name="seat_draw_confirm"),
    path("draws/", record.fair_draw, name="fair_draw"),
    path("draws/verifier.py", record.draw_verifier, name="draw_verifier"),
    path("w/<uuid:workshop_id>/plan/registrations/", planning.registrations, name="registrations"),
    path("w/<uuid:workshop_id>/plan/registrations/add/", planning.registration_add, name="registration_add"),
    path(
        "w/<uuid:workshop_id>/plan/registrations/<uuid:registration_id>/",
        planning.registration_settle,
        name="registration_settle",
    ),
]
