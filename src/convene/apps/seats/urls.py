from django.urls import path

from convene.apps.seats.views import asking, drawing, keeping, planning, targets

urlpatterns = [
    path("w/<uuid:workshop_id>/seat/", asking.seat_ask, name="seat_ask"),
    path("w/<uuid:workshop_id>/seat/asked/", asking.seat_asked, name="seat_asked"),
    path("r/approve/<str:token>/", keeping.seat_approval, name="seat_approval"),
    path("r/<str:token>/", keeping.registration, name="registration"),
    path("me/seats/", keeping.my_seats, name="my_seats"),
    path("w/<uuid:workshop_id>/plan/seats/", planning.seat_policy, name="seat_policy"),
    path("w/<uuid:workshop_id>/plan/targets/", targets.seat_targets, name="seat_targets"),
    path("w/<uuid:workshop_id>/plan/draw/", drawing.seat_draw_make, name="seat_draw_make"),
    path("w/<uuid:workshop_id>/plan/targets/record/", drawing.seat_draw_record, name="seat_draw_record"),
    path("w/<uuid:workshop_id>/draw/", drawing.seat_draw, name="seat_draw"),
    path("w/<uuid:workshop_id>/plan/registrations/", planning.registrations, name="registrations"),
    path("w/<uuid:workshop_id>/plan/registrations/add/", planning.registration_add, name="registration_add"),
    path(
        "w/<uuid:workshop_id>/plan/registrations/<uuid:registration_id>/",
        planning.registration_settle,
        name="registration_settle",
    ),
]
