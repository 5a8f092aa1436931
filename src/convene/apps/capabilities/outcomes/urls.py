from __future__ import annotations

from django.urls import path

from convene.apps.capabilities.outcomes import views

urlpatterns = [
    path("c/<slug:slug>/capability/", views.capability_map, name="capability_map"),
    path("c/<slug:slug>/capability/new/", views.outcome_new, name="outcome_new"),
    path("c/<slug:slug>/capability/case.json", views.capability_export, name="capability_export"),
    path("c/<slug:slug>/capability/import/", views.capability_import, name="capability_import"),
    path("c/<slug:slug>/capability/<uuid:outcome_id>/", views.outcome, name="outcome"),
    path("c/<slug:slug>/capability/<uuid:outcome_id>/edit/", views.outcome_edit, name="outcome_edit"),
    path("c/<slug:slug>/capability/<uuid:outcome_id>/move/", views.outcome_move, name="outcome_move"),
    path("c/<slug:slug>/capability/<uuid:outcome_id>/off/", views.outcome_take_off, name="outcome_take_off"),
    path("c/<slug:slug>/capability/<uuid:outcome_id>/back/", views.outcome_put_back, name="outcome_put_back"),
    path(
        "c/<slug:slug>/capability/teach/<uuid:qualification_id>/end/",
        views.qualification_end,
        name="qualification_end",
    ),
]
