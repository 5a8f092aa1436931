"""Pages about oneself, under /me/."""

from __future__ import annotations

from django.urls import path

from convene.apps.people.views import data, profile, sign_in

urlpatterns = [
    path("", profile.my_profile, name="my_profile"),
    path("needs/", profile.my_needs, name="my_needs"),
    path("needs/<uuid:need_id>/remove/", profile.remove_need, name="remove_need"),
    path("sign-in/", sign_in.my_sign_in, name="my_sign_in"),
    path(
        "sign-in/organisation/<int:account_id>/remove/",
        sign_in.remove_organisation,
        name="remove_organisation",
    ),
    path("sign-in/out/", sign_in.sign_out_everywhere, name="sign_out_everywhere"),
    path("data/", data.my_data, name="my_data"),
    path("data/my-data.json", data.my_data_file, name="my_data_file"),
    path("data/consents/<uuid:consent_id>/withdraw/", profile.withdraw, name="withdraw_consent"),
    path("data/erase/", data.erase, name="erase_me"),
    path("erased/", data.erased, name="erased"),
    path("link/<str:token>/", data.my_link, name="my_link"),
]
