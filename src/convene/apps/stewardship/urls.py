from __future__ import annotations

from django.urls import path

from convene.apps.stewardship import views
from convene.apps.stewardship.board import views as board
from convene.apps.stewardship.hours import views as hours
from convene.apps.stewardship.practice import views as practice
from convene.apps.stewardship.spread import views as spread

GRID = "c/<slug:slug>/capability/decisions/"
urlpatterns = [
    path(GRID, views.decisions, name="decisions"),
    path(f"{GRID}audience/", views.audience_new, name="audience_new"),
    path(f"{GRID}proposals/", views.decision_proposals, name="decision_proposals"),
    path(f"{GRID}<uuid:audience_id>/", views.audience_decisions, name="audience_decisions"),
    path(f"{GRID}<uuid:audience_id>/edit/", views.audience_edit, name="audience_edit"),
    path(f"{GRID}<uuid:audience_id>/away/", views.audience_put_away, name="audience_put_away"),
    path(f"{GRID}<uuid:audience_id>/<uuid:outcome_id>/", views.audience_decisions, name="decision"),
    path("c/<slug:slug>/questions/", board.open_questions, name="open_questions"),
    path(
        "c/<slug:slug>/questions/<uuid:open_question_id>/", board.open_question_act, name="open_question_act"
    ),
    path("c/<slug:slug>/practice/", practice.practices, name="practices"),
    path("c/<slug:slug>/practice/<uuid:practice_id>/", practice.practice, name="practice"),
    path("c/<slug:slug>/practice/<uuid:practice_id>/act/", practice.practice_act, name="practice_act"),
    path("c/<slug:slug>/capability/spread/", spread.spread, name="spread"),
    path("c/<slug:slug>/time/", hours.members_time, name="members_time"),
    path("w/<uuid:workshop_id>/plan/outcomes/", views.workshop_aims, name="workshop_aims"),
]
