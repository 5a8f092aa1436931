"""How the login library meets Convene: mails as rows, no passwords, one person for one address."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from convene.apps.people.models import Person

KIND_PREFIX = "login_"
"""Kinds of mail that belong to signing in; their text is emptied soon after they left."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "incorrect_code": _("This is not the code we sent. Please look again, or ask for a new one."),
        "too_many_login_attempts": _("Too many attempts. Please wait a minute and try again."),
        "rate_limited": _("Please wait a moment before you ask for another mail."),
        "email_taken": _(
            "This address belongs to another registration here. Sign out, and sign in with it instead."
        ),
        "duplicate_email": _("This is your address already."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write a mail row that leaves at once, in the language of whoever reads it."""
        from convene.apps.people import queries
        from convene.foundation.mail.services import schedule_mail

        person = queries.find_person(email)
        language = (person.language if person else "") or translation.get_language() or "en"
        kind = KIND_PREFIX + template_prefix.rpartition("/")[2].removeprefix(KIND_PREFIX)
        values = {**context, "request": allauth_context.request, "email": email, "person": person}
        with translation.override(language):
            subject = render_to_string(f"{template_prefix}_subject.txt", values)
            text = render_to_string(f"{template_prefix}_message.txt", values).strip() + "\n"
        schedule_mail(
            key=f"{kind}:{uuid.uuid4()}",
            kind=kind,
            person_id=person.pk if person else None,
            to_address=email,
            language=language,
            subject=subject,
            text=text,
            send_at=timezone.now(),
        )

    def send_account_already_exists_mail(self, email: str) -> None:
        login_url = self.request.build_absolute_uri(reverse("account_login"))
        self.send_mail("account/email/account_already_exists", email, {"login_url": login_url})

    def get_login_stages(self) -> list[str]:
        """A passkey is another way in, not a second lock: who lost it still gets in by a code."""
        return ["allauth.account.stages.LoginByCodeStage", "allauth.account.stages.EmailVerificationStage"]

    def is_reauthentication_required(self, **_kwargs: object) -> bool:
        """Asked by `views.fresh.needs_fresh_sign_in`, in front of the library's pages."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Only this site: a link to sign in must not lead elsewhere afterwards."""
        request = allauth_context.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Home; someone whose name we do not know yet is asked for it first."""
        if request.user.is_authenticated and not request.user.name:
            return reverse("my_profile")
        return str(super().get_login_redirect_url(request))

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)


class PasskeyAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This passkey does not fit an account here. Sign in with a code instead."),
        "unverified_email": _("Please confirm your mail address first."),
    }

    def generate_authenticator_name(self, user: Person, type: str) -> str:  # noqa: A002  # the library's word
        from allauth.mfa.models import Authenticator

        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return str(_("Passkey %(number)d") % {"number": number})


class OrganisationAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Sign-in with one's organisation. Only an address it vouches for leads to a person."""

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Person:
        person: Person = super().populate_user(request, sociallogin, data)
        name = data.get("name") or " ".join(filter(None, (data.get("first_name"), data.get("last_name"))))
        person.name = " ".join(str(name).split())[:120]
        person.email = None
        verified = verified_address(sociallogin)
        if verified:
            person.email = verified
        return person

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Link to the person the vouched-for address belongs to; refuse what nobody vouches for."""
        from convene.apps.people import queries, services

        if sociallogin.account.pk:
            return  # linked before
        address = verified_address(sociallogin)
        if not address:
            self._refuse(
                request,
                _(
                    "Your organisation did not confirm your mail address to us. Please sign in with a code "
                    "sent to your address."
                ),
            )
        owner = queries.find_person(address)
        if sociallogin.state.get("process") == "connect" and owner != request.user:
            # Else whoever lures a signed-in person here could link their own organisation's account.
            self._refuse(request, _("Your organisation vouches for another address than yours here."))
        if owner is None:
            return  # the library makes the person, with this confirmed address
        if not owner.is_active:
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_inactive")))
        services.confirm_address(person=owner, email=address, name=sociallogin.user.name, now=timezone.now())
        sociallogin.connect(request, owner)

    def _refuse(self, request: HttpRequest, message: object) -> None:
        messages.error(request, str(message))
        target = "my_profile" if request.user.is_authenticated else "account_login"
        raise ImmediateHttpResponse(HttpResponseRedirect(reverse(target)))


def verified_address(sociallogin: Any) -> str:
    """The address the organisation says it has verified; empty when it says so of none."""
    for address in sociallogin.email_addresses:
        if address.verified is True:  # not "false", as some say it
            return str(address.email).strip().lower()
    return ""
