"""Inquiries: for those who are asked under /v/, for those who ask in their community."""

from __future__ import annotations

from django.urls import path

from convene.apps.voices.views import answering, bringing, in_session, pulse, running

_I = "v/<uuid:inquiry_id>/"
_LINK = _I + "l/<str:token>/"

urlpatterns = [
    path("c/<slug:slug>/inquiries/", running.inquiries, name="inquiries"),
    path("c/<slug:slug>/inquiries/new/", running.inquiry_new, name="inquiry_new"),
    path(_I, answering.inquiry, name="inquiry"),
    path("v/<slug:short>/", answering.inquiry_short, name="inquiry_short"),
    path(_I + "vote/", answering.vote, name="inquiry_vote"),
    path(_I + "say/", answering.say, name="inquiry_say"),
    path(_I + "take-back/", answering.take_back, name="inquiry_take_back"),
    path(_I + "invited/", answering.invited, name="inquiry_invited"),
    path(_I + "map/", answering.inquiry_map, name="inquiry_map"),
    path(_I + "screen/", running.inquiry_screen, name="inquiry_screen"),
    path(_I + "run/", running.inquiry_run, name="inquiry_run"),
    path(_I + "run/do/<str:name>/", running.inquiry_act, name="inquiry_act"),
    path(_I + "run/statements/", running.inquiry_seeds, name="inquiry_seeds"),
    path(_I + "run/import/", bringing.inquiry_import, name="inquiry_import"),
    path(_I + "run/import/<uuid:export_id>/", bringing.inquiry_import_check, name="inquiry_import_check"),
    path(_I + "run/import/<uuid:export_id>/drop/", bringing.inquiry_import_drop, name="inquiry_import_drop"),
    path(_I + "map/results.json", bringing.inquiry_results_json, name="inquiry_results_json"),
    path(_I + "map/results.csv", bringing.inquiry_results_csv, name="inquiry_results_csv"),
    path(_I + "run/invitations/", running.inquiry_invitations, name="inquiry_invitations"),
    path("room/<uuid:session_id>/voices/", in_session.room_voices, name="room_voices"),
    path("phone/<uuid:session_id>/voices/", in_session.phone_voices, name="phone_voices"),
    path("phone/l/<str:token>/voices/", in_session.phone_voices, name="phone_link_voices"),
    path("c/<slug:slug>/pulse/", pulse.pulses, name="pulses"),
    path("c/<slug:slug>/pulse/yearly/", pulse.pulse_yearly, name="pulse_yearly"),
    path("w/<uuid:workshop_id>/pulse/", pulse.workshop_pulse, name="workshop_pulse"),
    path("pulse/<uuid:pulse_id>/", pulse.pulse_page, name="pulse"),
    path("pulse/<uuid:pulse_id>/ask/", pulse.pulse_ask, name="pulse_ask"),
    path("pulse/a/<str:token>/", pulse.pulse_answer, name="pulse_answer"),
    path(_LINK, answering.inquiry, name="inquiry_link"),
    path(_LINK + "vote/", answering.vote, name="inquiry_link_vote"),
    path(_LINK + "say/", answering.say, name="inquiry_link_say"),
    path(_LINK + "take-back/", answering.take_back, name="inquiry_link_take_back"),
    path(_LINK + "map/", answering.inquiry_map, name="inquiry_link_map"),
]
