"""For stewards: how seats are given, who asked, and what is decided about it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from convene.apps.communities.queries import features_on
from convene.apps.communities.rules import FeatureName
from convene.apps.people.services import find_or_make_person
from convene.apps.seats import queries, rules, services
from convene.apps.seats.forms import ByHandForm, DecisionForm, PolicyForm, PoolForm, SearchForm, pool_form_set
from convene.apps.seats.models import Registration, SeatPolicy
from convene.apps.seats.rules import PoolFacts, State
from convene.apps.seats.services import PolicyTerms, PoolTerms
from convene.apps.seats.views.common import refuse, signed_in
from convene.apps.workshops.models import Workshop
from convene.apps.workshops.queries import planned_workshop_for
from convene.foundation.errors import RuleBroken

PAGE = 100


@login_required
@require_http_methods(["GET", "POST"])
def seat_policy(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """How seats are given, beside the words everyone reads; `preview` shows them before saving."""
    workshop = planned_workshop_for(request.user, workshop_id)
    policy = services.ensure_policy(workshop=workshop, now=timezone.now())
    unlocked = set(FeatureName) if request.GET.get("more") else features_on(workshop.community_id)
    form = PolicyForm(request.POST or None, policy=policy, features=unlocked)
    pools = _pool_forms(request, policy, workshop) if _shows_pools(policy, unlocked) else None
    preview = None
    if request.method == "POST" and form.is_valid() and (pools is None or pools.is_valid()):
        try:
            if "preview" in request.POST:
                preview = _preview(form, pools)
            else:
                _save(request, workshop, form, pools)
                messages.success(request, _("Saved. This is how seats are given from now on."))
                return redirect("seat_policy", workshop.pk)
        except RuleBroken as error:
            refuse(form, error)
    context = {
        "workshop": workshop,
        "policy": policy,
        "form": form,
        "pools": pools,
        "unlocked": {name.value for name in unlocked},
        "opens_chance": policy.kind == rules.Kind.DRAW or bool(form.errors),
        "text": preview or queries.public_text(policy),
        "is_preview": preview is not None,
        "all_unlocked": len(unlocked) == len(FeatureName),
    }
    return render(request, "seats/policy.html", context, status=422 if form.errors else 200)


def _shows_pools(policy: SeatPolicy, unlocked: set[FeatureName]) -> bool:
    return FeatureName.POOLS in unlocked or policy.pools.filter(merged=False).exists()


def _pool_forms(request: HttpRequest, policy: SeatPolicy, workshop: Workshop) -> Any:
    initial = [
        {
            "id": pool.pk,
            "name": pool.name,
            "capacity": pool.capacity,
            "who": pool.who,
            "organisation": pool.organisation_id,
            "opens_at": pool.opens_at,
            "merges_at": pool.merges_at,
        }
        for pool in policy.pools.filter(merged=False)
    ]
    return pool_form_set(len(initial))(
        request.POST or None,
        initial=initial,
        prefix="pools",
        form_kwargs={"community_id": workshop.community_id},
    )


def _pool_terms(pools: Any) -> list[PoolTerms] | None:
    if pools is None:
        return None
    used: list[PoolForm] = [form for form in pools.forms if PoolForm.is_used(form.cleaned_data)]
    return [form.terms() for form in used]


def _preview(form: PolicyForm, pools: Any) -> list[str]:
    """The words for what is typed, before anything is saved."""
    terms: PolicyTerms = form.terms(approver_id=None, deputy_id=None, auditor_id=None)
    rules.check_seats_stated(kind=terms.kind, capacity=terms.capacity, closes_at=terms.closes_at)
    wished = _pool_terms(pools) or []
    rules.check_pools(capacity=terms.capacity, pools=wished)
    facts = [
        PoolFacts(who=pool.who, capacity=pool.capacity, opens_at=pool.opens_at, merges_at=pool.merges_at)
        for pool in wished
    ]
    return rules.policy_text(terms, pools=facts)


def _save(request: HttpRequest, workshop: Workshop, form: PolicyForm, pools: Any) -> None:
    now = timezone.now()

    def person(email: str) -> UUID | None:
        if not email:
            return None
        return find_or_make_person(email=email, name="", language="", zone="", now=now, nameless=True).pk

    said = form.cleaned_data
    terms = form.terms(
        approver_id=person(said["approver_email"]),
        deputy_id=person(said["deputy_email"]),
        auditor_id=person(said["auditor_email"]),
    )
    witnesses = [found for email in said["witness_emails"] if (found := person(email)) is not None]
    services.set_policy(
        workshop=workshop,
        terms=terms,
        pools=_pool_terms(pools),
        witnesses=witnesses if terms.chance_source == rules.ChanceSource.WITNESSES else None,
        actor=signed_in(request),
        now=now,
    )


@login_required
@require_GET
def registrations(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """Everyone who asked, and where each stands."""
    workshop = planned_workshop_for(request.user, workshop_id)
    search = SearchForm(request.GET or None)
    wanted = search.cleaned_data if search.is_valid() else {}
    rows = queries.registrations_in(workshop, **wanted)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "workshop": workshop,
        "policy": services.ensure_policy(workshop=workshop, now=timezone.now()),
        "page": page,
        "search": search,
        "counts": queries.counts_by_state(workshop),
        "searched": any(wanted.values()),
    }
    return render(request, "seats/registrations.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def registration_settle(request: HttpRequest, workshop_id: UUID, registration_id: UUID) -> HttpResponse:
    """One registration: approve it, refuse it with a reason, or end it."""
    workshop = planned_workshop_for(request.user, workshop_id)
    found = get_object_or_404(
        Registration.objects.select_related("person", "pool"), pk=registration_id, workshop=workshop
    )
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        acts: dict[str, Any] = {
            "approve": services.approve_request,
            "refuse": services.decline_request,
            "end": services.cancel,
        }
        act = acts.get(request.POST.get("act", ""), services.approve_request)
        try:
            act(registration=found, actor=signed_in(request), now=timezone.now(), **form.cleaned_data)
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("Done. They get a mail."))
            return redirect("registrations", workshop.pk)
    context = {
        "workshop": workshop,
        "registration": found,
        "form": form,
        "waits": found.state == State.NEEDS_APPROVAL,
        "live": found.state in rules.LIVE,
        "history": [{"title": rules.State(row.after).label, "at": row.at} for row in found.movements.all()],
    }
    return render(request, "seats/settle.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def registration_add(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """Write down someone who asked by phone or on paper."""
    workshop = planned_workshop_for(request.user, workshop_id)
    form = ByHandForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        data = form.cleaned_data
        try:
            person = find_or_make_person(
                email=data["email"], name=data["name"], language="", zone="", now=now
            )
            row = services.register_by_hand(
                workshop=workshop, person=person, actor=signed_in(request), now=now, hope=data["hope"]
            )
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(
                request, _("%(name)s: %(state)s.") % {"name": person, "state": rules.State(row.state).label}
            )
            return redirect("registrations", workshop.pk)
    context = {"workshop": workshop, "form": form}
    return render(request, "seats/add.html", context, status=422 if form.errors else 200)
