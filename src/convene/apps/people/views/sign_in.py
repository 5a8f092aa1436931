"""How I get in: mail address, passkeys, my organisation; and getting out everywhere."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from convene.apps.people import services
from convene.apps.people.models import Person
from convene.apps.people.views.about_me import context_of
from convene.apps.people.views.fresh import needs_fresh_sign_in


@require_safe
@never_cache
@login_required
def my_sign_in(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, Person)
    me = request.user
    context = context_of(
        me,
        passkeys=Authenticator.objects.filter(user_id=me.pk).order_by("created_at"),
        organisations=SocialAccount.objects.filter(user_id=me.pk).order_by("date_joined"),
    )
    return render(request, "people/sign_in.html", context)


@require_POST
@needs_fresh_sign_in
def remove_organisation(request: HttpRequest, account_id: int) -> HttpResponse:
    """The code by mail remains, so nobody locks themselves out."""
    deleted, _by_model = SocialAccount.objects.filter(pk=account_id, user_id=request.user.pk).delete()
    if not deleted:
        raise Http404
    messages.success(request, _("Sign-in with your organisation is removed."))
    return redirect("my_sign_in")


@require_POST
@login_required
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, Person)
    services.sign_out_everywhere(person=request.user)
    logout(request)
    messages.success(
        request, _("You are signed out on every device, and links in older mails no longer work.")
    )
    return redirect("account_login")
