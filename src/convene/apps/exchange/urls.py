from __future__ import annotations

from django.urls import path

from convene.apps.exchange import views

urlpatterns = [
    path("c/<slug:slug>/exchange/", views.exchange, name="exchange"),
    path("c/<slug:slug>/exchange/people/import/", views.people_import, name="people_import"),
    path("c/<slug:slug>/exchange/people.csv", views.people_export, name="people_export"),
    path("c/<slug:slug>/exchange/everything.zip", views.everything_export, name="everything_export"),
    path("w/<uuid:workshop_id>/plan/import/", views.registrations_import, name="registrations_import"),
    path(
        "w/<uuid:workshop_id>/plan/registrations.csv", views.registrations_export, name="registrations_export"
    ),
    path("tables/<uuid:import_id>/", views.table_mapping, name="table_mapping"),
    path("tables/<uuid:import_id>/rows/", views.table_dry_run, name="table_dry_run"),
    path("tables/<uuid:import_id>/drop/", views.table_drop, name="table_drop"),
]
