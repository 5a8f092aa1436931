"""One's own membership, on the site and by the links in one's mails; what one says about oneself."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from convene.apps.communities import mails, queries, services
from convene.apps.communities.forms.more import AnswersForm
from convene.apps.communities.forms.people import AcceptInvitationForm, OwnMembershipForm
from convene.apps.communities.forms.start import OptionalReasonForm
from convene.apps.communities.models import Membership, TraitQuestion
from convene.apps.communities.views.common import attempt, page, person_in
from convene.apps.people.queries import has_consent
from convene.apps.people.rules import Purpose
from convene.foundation.access import links
from convene.foundation.errors import RuleBroken

State = Membership.State


def _own(request: HttpRequest, slug: str) -> Membership:
    community = queries.find_community(slug)
    membership = queries.live_membership(person_in(request).pk, community.pk)
    if membership is None:
        raise Http404
    return membership


@login_required
@require_http_methods(["GET", "POST"])
def my_membership(request: HttpRequest, slug: str) -> HttpResponse:
    """My organisation, whether others see me, my roles; pause and leave."""
    membership = _own(request, slug)
    me, community = membership.person, membership.community
    initial = {
        "organisation": membership.organisation.name if membership.organisation else "",
        "listed": has_consent(me.pk, Purpose.LISTED, scope_id=community.pk),
    }
    form = OwnMembershipForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        services.set_organisation(
            membership=membership, name=form.cleaned_data["organisation"], actor=me, now=now
        )
        services.be_listed(community=community, listed=form.cleaned_data["listed"], actor=me, now=now)
        messages.success(request, _("Saved."))
        return redirect("my_membership", slug)
    context = {
        "community": community,
        "membership": membership,
        "form": form,
        "leave_form": OptionalReasonForm(),
        "roles": queries.roles_now(community.pk).filter(person_id=me.pk),
    }
    return page(request, "my_membership.html", context, form)


@login_required
@require_POST
def membership_answer(request: HttpRequest, slug: str) -> HttpResponse:
    """Join (an invitation), decline it, stay, pause or leave: one button each."""
    membership = _own(request, slug)
    return _answer(request, membership, back=("my_membership", slug))


def _answer(request: HttpRequest, membership: Membership, *, back: tuple[str, ...]) -> HttpResponse:
    me, now = membership.person, timezone.now()
    match request.POST.get("answer"):
        case "accept":
            services.answer_invitation(membership=membership, accept=True, actor=me, now=now)
            messages.success(request, _("Welcome to “%(name)s”.") % {"name": membership.community})
            return redirect("community_page", membership.community.slug)
        case "decline":
            services.answer_invitation(membership=membership, accept=False, actor=me, now=now)
            messages.success(request, _("Thank you for answering. You will not be asked again."))
            return redirect("community_page", membership.community.slug)
        case "stay":
            services.stay_member(membership=membership, actor=me, now=now)
            messages.success(request, _("Good to have you. We ask again in a year."))
        case "pause":
            services.pause_membership(membership=membership, actor=me, now=now)
            messages.success(request, _("You are pausing. Come back whenever you like."))
        case "leave":
            reason = request.POST.get("reason", "")
            services.leave_community(membership=membership, actor=me, now=now, reason=reason)
            return render(request, "communities/thanks.html", {"community": membership.community})
        case _other:
            raise Http404
    return redirect(*back)


def _linked(purpose: str, token: str) -> Membership | None:
    """The membership a mailed link is about; None when the link is damaged or spent."""
    try:
        subject_id, version = links.read(purpose, token)
        found = Membership.objects.select_related("community", "person", "organisation").get(
            pk=UUID(subject_id)
        )
    except (links.BadLink, Membership.DoesNotExist, ValueError, ValidationError):
        return None
    return found if found.person.is_active and mails.version_of(found) == version else None


def _spent(request: HttpRequest) -> HttpResponse:
    return render(request, "communities/link_spent.html", status=410)


@require_http_methods(["GET", "POST"])
def membership_invited(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind an invitation; only its buttons act."""
    membership = _linked(mails.INVITATION, token)
    if membership is None:
        return _spent(request)
    form = AcceptInvitationForm(request.POST or None, initial={"name": membership.person.name})
    if request.method == "POST" and membership.state == State.INVITED:
        if request.POST.get("answer") == "decline":
            return _answer(request, membership, back=("membership_invited", token))
        if form.is_valid():
            done, _nothing = attempt(
                form,
                lambda: services.accept_as(
                    membership=membership, name=form.cleaned_data["name"], now=timezone.now()
                ),
            )
            if done:
                messages.success(request, _("Welcome to “%(name)s”.") % {"name": membership.community})
                return redirect("community_page", membership.community.slug)
    context = {"community": membership.community, "membership": membership, "form": form}
    return page(request, "invited.html", context, form)


@require_http_methods(["GET", "POST"])
def membership_review(request: HttpRequest, token: str) -> HttpResponse:
    """“Still for you?” Yes, pause or leave."""
    membership = _linked(mails.REVIEW, token)
    if membership is None or membership.state not in {State.ACTIVE, State.PAUSED}:
        return _spent(request)
    if request.method == "POST":
        if request.POST.get("answer") not in {"stay", "pause", "leave"}:
            raise Http404
        try:
            return _answer(request, membership, back=("membership_review", token))
        except RuleBroken as error:
            messages.error(request, str(error.public_message))
            return redirect("membership_review", token)
    context = {
        "community": membership.community,
        "membership": membership,
        "leave_form": OptionalReasonForm(),
    }
    return render(request, "communities/review.html", context)


@require_http_methods(["GET", "POST"])
def membership_return(request: HttpRequest, token: str) -> HttpResponse:
    membership = _linked(mails.RETURN, token)
    if membership is None:
        return _spent(request)
    if request.method == "POST":
        services.return_to_community(membership=membership, actor=membership.person, now=timezone.now())
        messages.success(request, _("Welcome back to “%(name)s”.") % {"name": membership.community})
        return redirect("community_page", membership.community.slug)
    return render(
        request, "communities/return.html", {"community": membership.community, "membership": membership}
    )


@login_required
@require_http_methods(["GET", "POST"])
def my_traits(request: HttpRequest) -> HttpResponse:
    """Every question my communities ask about me, each with its purpose; nothing is required."""
    me = person_in(request)
    questions = list(
        TraitQuestion.objects.filter(community__in=queries.communities_of(me), retired_at=None)
        .select_related("community")
        .order_by("community__name", "position")
    )
    answers = {question_id: trait.value for question_id, trait in queries.answers_of(me.pk).items()}
    form = AnswersForm(request.POST or None, questions=questions, answers=answers)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        for question in questions:
            given = form.answer_to(question)
            if given != answers.get(question.pk):
                services.declare_trait(question=question, value=given, actor=me, now=now)
        messages.success(request, _("Saved. You can change or withdraw each answer at any time."))
        return redirect("my_traits")
    groups = [(question.community, form[str(question.pk)]) for question in questions]
    return page(request, "my_traits.html", {"form": form, "groups": groups}, form)
