from __future__ import annotations

from django.urls import path

from convene.apps.workshops.series import views

urlpatterns = [
    path("w/<uuid:workshop_id>/plan/repeat/", views.series_repeat, name="series_repeat"),
    path("w/<uuid:workshop_id>/plan/from-here/", views.series_move, name="series_move"),
    path("w/<uuid:workshop_id>/plan/from-here/details/", views.series_details, name="series_details"),
    path("series/<uuid:series_id>/plan/", views.series_plan, name="series_plan"),
]
