from __future__ import annotations

from django.urls import path

from convene.apps.capabilities import views

urlpatterns = [
    path("c/<slug:slug>/needs/", views.needs, name="needs"),
    path("c/<slug:slug>/needs/ask/", views.need_ask, name="need_ask"),
    path("c/<slug:slug>/needs/ask/sent/", views.need_asked, name="need_asked"),
    path("c/<slug:slug>/needs/settle/", views.needs_settle, name="needs_settle"),
    path("c/<slug:slug>/needs/<uuid:need_id>/", views.need_detail, name="need_detail"),
    path("c/<slug:slug>/needs/<uuid:need_id>/me-too/", views.need_join, name="need_join"),
    path("c/<slug:slug>/needs/<uuid:need_id>/not-me/", views.need_leave, name="need_leave"),
    path("c/<slug:slug>/needs/<uuid:need_id>/reopen/", views.need_reopen, name="need_reopen"),
    path("needs/confirm/<str:token>/", views.need_confirm, name="need_confirm"),
]
