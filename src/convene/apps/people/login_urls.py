"""Signing in and out, under /account/. The login library's names, without any of its password pages."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as social
from django.urls import include, path
from django.views.generic import RedirectView

from convene.apps.people.views.fresh import confirm_it_is_you, needs_fresh_sign_in
from convene.apps.people.views.login import confirm_code, sign_in, sign_up

urlpatterns = [
    path("login/", sign_in, name="account_login"),
    path(
        "login/code/",
        RedirectView.as_view(pattern_name="account_login", query_string=True),
        name="account_request_login_code",
    ),
    path("login/code/confirm/", confirm_code, name="account_confirm_login_code"),
    path("signup/", sign_up, name="account_signup"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("confirm/", confirm_it_is_you, name="account_reauthenticate"),
    path("address/", needs_fresh_sign_in(account.email), name="account_email"),
    path("address/code/", account.email_verification_sent, name="account_email_verification_sent"),
    path("passkeys/", RedirectView.as_view(pattern_name="my_sign_in"), name="mfa_list_webauthn"),
    path("passkeys/index/", RedirectView.as_view(pattern_name="my_sign_in"), name="mfa_index"),
    path("passkeys/add/", needs_fresh_sign_in(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("passkeys/login/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path(
        "passkeys/<int:pk>/remove/", needs_fresh_sign_in(passkeys.remove_webauthn), name="mfa_remove_webauthn"
    ),
    path("organisation/", RedirectView.as_view(pattern_name="my_sign_in"), name="socialaccount_connections"),
    path("organisation/cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("organisation/error/", social.login_error, name="socialaccount_login_error"),
    path("", include("allauth.socialaccount.providers.openid_connect.urls")),
]
