from __future__ import annotations

from django.urls import path

from convene.apps.notices import views

urlpatterns = [
    path("w/<uuid:workshop_id>/plan/notices/", views.workshop_notices, name="workshop_notices"),
    path("w/<uuid:workshop_id>/plan/notices/letter/", views.letter_new, name="letter_new"),
    path("w/<uuid:workshop_id>/plan/notices/<slug:kind>/", views.notice_edit, name="notice_edit"),
    path("mail/<uuid:mail_id>/", views.mail_read, name="mail_read"),
    path("mail/<uuid:mail_id>/stop/", views.mail_stop, name="mail_stop"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
