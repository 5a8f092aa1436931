"""The way in: a mailed code, for those with an account and for newcomers alike.

These are the login library's views with our forms: the same page and the same mail, whether or not an
address is known.
"""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.stagekit import clear_login
from allauth.account.views import ConfirmLoginCodeView, RequestLoginCodeView
from allauth.decorators import rate_limit
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import get_language

from convene.apps.people import services
from convene.apps.people.forms import CodeForm, SignInForm, SignUpForm

ZONE_COOKIE = "zone"


class _Entrance(RequestLoginCodeView):  # type: ignore[misc]  # allauth ships no types
    def _redirect_to_pending_stage(self, request: HttpRequest, _stage: object) -> None:
        """Whoever comes back here wants another address, not the page that waits for the code."""
        clear_login(request)

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 422
        return response


@method_decorator(rate_limit(action="login"), name="dispatch")
class SignInView(_Entrance):
    template_name = "account/login.html"
    form_class = SignInForm

    def get_form_class(self) -> type[SignInForm]:
        return SignInForm


@method_decorator(rate_limit(action="signup"), name="dispatch")
class SignUpView(_Entrance):
    """Makes the person, as an outsider's registration does; the code makes the account."""

    template_name = "account/signup.html"
    form_class = SignUpForm

    def get_form_class(self) -> type[SignUpForm]:
        return SignUpForm

    def form_valid(self, form: SignUpForm) -> HttpResponse:
        person = services.find_or_make_person(
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            language=get_language() or "",
            zone=self.request.COOKIES.get(ZONE_COOKIE, ""),
            now=timezone.now(),
        )
        process = LoginCodeVerificationProcess.initiate(
            request=self.request,
            user=person if person.is_active else None,
            email=form.cleaned_data["email"],
        )
        process.state["name"] = form.cleaned_data["name"]
        process.persist()
        return HttpResponseRedirect(str(self.get_success_url()))


class CodeView(ConfirmLoginCodeView):  # type: ignore[misc]  # allauth ships no types
    def get_form_class(self) -> Any:
        if self._action == "resend":
            return super().get_form_class()
        return CodeForm

    def _verify_form_valid(self, form: Any) -> HttpResponse:
        state, person = self._process.state, self._process.user
        if person is not None and person.is_active:
            services.confirm_address(
                person=person, email=state["email"], name=state.get("name", ""), now=timezone.now()
            )
        response: HttpResponse = super()._verify_form_valid(form)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        if response.status_code == 200:  # noqa: PLR2004  # the page again, with the error
            response.status_code = 422
        return response


sign_in = SignInView.as_view()
sign_up = SignUpView.as_view()
confirm_code = CodeView.as_view()
