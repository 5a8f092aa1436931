"""Members, roles, one's own membership."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from convene.apps.communities import permissions, queries, services
from convene.apps.communities.forms.people import InviteForm, MemberForm, PeopleFilter, RoleForm, TermForm
from convene.apps.communities.forms.start import ReasonForm
from convene.apps.communities.models import Community, Membership, RoleTerm
from convene.apps.communities.rules import FeatureName
from convene.apps.communities.views.common import (
    attempt,
    member_community,
    page,
    person_in,
    steward_community,
)

PAGE = 50


@login_required
@require_GET
def community_people(request: HttpRequest, slug: str) -> HttpResponse:
    """Stewards see everyone; members those who agreed to be listed."""
    community = member_community(request, slug)
    steward = permissions.is_steward(request.user, community.pk)
    filters = PeopleFilter(request.GET or None)
    asked = filters.cleaned_data if filters.is_bound and filters.is_valid() else {}
    rows = queries.people_matching(
        queries.members_visible_to(request.user, community.pk), asked, by_state=steward
    )
    shown = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "community": community,
        "steward": steward,
        "filters": filters,
        "filtered": any(asked.values()),
        "people": queries.with_roles(shown.object_list),
        "page": shown,
        "terms_over": queries.terms_over(community.pk, today=timezone.now().date()) if steward else [],
        "applications": steward and queries.feature_on(community.pk, FeatureName.APPLICATIONS),
    }
    return page(request, "people.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def member_invite(request: HttpRequest, slug: str) -> HttpResponse:
    community = steward_community(request, slug)
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done, _membership = attempt(
            form,
            lambda: services.invite_member(
                community=community, actor=person_in(request), now=timezone.now(), **form.cleaned_data
            ),
        )
        if done:
            messages.success(
                request, _("The invitation goes to %(address)s.") % {"address": form.cleaned_data["email"]}
            )
            return redirect("community_people", slug)
    return page(request, "invite.html", {"community": community, "form": form}, form)


def _membership(community: Community, membership_id: UUID) -> Membership:
    return get_object_or_404(
        Membership.objects.select_related("person", "organisation", "community"),
        pk=membership_id,
        community=community,
    )


@login_required
@require_http_methods(["GET", "POST"])
def member_edit(request: HttpRequest, slug: str, membership_id: UUID) -> HttpResponse:
    community = steward_community(request, slug)
    membership = _membership(community, membership_id)
    name = membership.organisation.name if membership.organisation else ""
    form = MemberForm(request.POST or None, initial={"tier": membership.tier, "organisation": name})
    if request.method == "POST" and form.is_valid():
        who, now, data = person_in(request), timezone.now(), form.cleaned_data
        services.change_tier(membership=membership, tier=data["tier"], actor=who, now=now)
        services.set_organisation(membership=membership, name=data["organisation"], actor=who, now=now)
        messages.success(request, _("Saved."))
        return redirect("member_edit", slug, membership.pk)
    return page(request, "member.html", _member_context(community, membership, form=form), form)


def _member_context(community: Community, membership: Membership, **forms_: object) -> dict[str, object]:
    terms = RoleTerm.objects.filter(community=community, person_id=membership.person_id)
    return {
        "community": community,
        "membership": membership,
        "roles": queries.roles_now(community.pk).filter(person_id=membership.person_id),
        "past_roles": terms.exclude(ends_on=None).order_by("-ends_on"),
        "role_form": RoleForm(),
        "end_form": ReasonForm(),
        "left": membership.state == Membership.State.LEFT,
        **forms_,
    }


@login_required
@require_POST
def role_give(request: HttpRequest, slug: str, membership_id: UUID) -> HttpResponse:
    community = steward_community(request, slug)
    membership = _membership(community, membership_id)
    form = RoleForm(request.POST)
    if form.is_valid():
        done, _term = attempt(
            form,
            lambda: services.give_role(
                community=community,
                person=membership.person,
                actor=person_in(request),
                now=timezone.now(),
                **form.cleaned_data,
            ),
        )
        if done:
            messages.success(request, _("The role is given; they have a mail about it."))
            return redirect("member_edit", slug, membership.pk)
    member_form = MemberForm(initial={"tier": membership.tier})
    context = _member_context(community, membership, role_form=form, form=member_form)
    return page(request, "member.html", context, form)


@login_required
@require_http_methods(["GET", "POST"])
def role_end(request: HttpRequest, slug: str, term_id: UUID) -> HttpResponse:
    """By a steward, or by who holds it."""
    community = queries.find_community(slug)
    term = get_object_or_404(RoleTerm.objects.select_related("person"), pk=term_id, community=community)
    if term.person_id != person_in(request).pk:
        steward_community(request, slug)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done, _nothing = attempt(
            form,
            lambda: services.end_role(
                term=term, reason=form.cleaned_data["reason"], actor=person_in(request), now=timezone.now()
            ),
        )
        if done:
            messages.success(request, _("The role has ended."))
            return redirect("community_page", slug)
    return page(request, "role_end.html", {"community": community, "term": term, "form": form}, form)


@login_required
@require_http_methods(["GET", "POST"])
def role_term(request: HttpRequest, slug: str, term_id: UUID) -> HttpResponse:
    """Agree on a new term."""
    community = steward_community(request, slug)
    term = get_object_or_404(RoleTerm.objects.select_related("person"), pk=term_id, community=community)
    form = TermForm(request.POST or None, initial={"until": term.planned_until})
    if request.method == "POST" and form.is_valid():
        done, _nothing = attempt(
            form,
            lambda: services.extend_role(
                term=term, until=form.cleaned_data["until"], actor=person_in(request), now=timezone.now()
            ),
        )
        if done:
            messages.success(request, _("The new term is noted."))
            return redirect("community_people", slug)
    return page(request, "role_term.html", {"community": community, "term": term, "form": form}, form)


@login_required
@require_http_methods(["GET", "POST"])
def member_end(request: HttpRequest, slug: str, membership_id: UUID) -> HttpResponse:
    community = steward_community(request, slug)
    membership = _membership(community, membership_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done, _nothing = attempt(
            form,
            lambda: services.end_membership(
                membership=membership,
                reason=form.cleaned_data["reason"],
                actor=person_in(request),
                now=timezone.now(),
            ),
        )
        if done:
            messages.success(request, _("The membership has ended; they have a mail with your reason."))
            return redirect("community_people", slug)
    context = {"community": community, "membership": membership, "form": form}
    return page(request, "member_end.html", context, form)


@login_required
@require_POST
def invitation_again(request: HttpRequest, slug: str, membership_id: UUID) -> HttpResponse:
    community = steward_community(request, slug)
    membership = _membership(community, membership_id)
    services.invite_again(membership=membership, actor=person_in(request), now=timezone.now())
    messages.success(request, _("A new invitation goes out; the old link no longer works."))
    return redirect("member_edit", slug, membership.pk)


@login_required
@require_POST
def invitation_take_back(request: HttpRequest, slug: str, membership_id: UUID) -> HttpResponse:
    community = steward_community(request, slug)
    membership = _membership(community, membership_id)
    services.take_back_invitation(membership=membership, actor=person_in(request), now=timezone.now())
    messages.success(request, _("The invitation is taken back."))
    return redirect("community_people", slug)
