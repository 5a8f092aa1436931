"""Offers, and the page of one practice for its two people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from convene.apps.capabilities.models import Outcome
from convene.apps.capabilities.outcomes.queries import on_the_map
from convene.apps.communities.models import Community
from convene.apps.stewardship import permissions
from convene.apps.stewardship.models import Practice
from convene.apps.stewardship.permissions import Permission
from convene.apps.stewardship.practice import queries, services
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.forms import posted

if TYPE_CHECKING:
    from convene.apps.people.models import Person

    _Choice = forms.ModelChoiceField[Outcome]
else:
    _Choice = forms.ModelChoiceField


class _OutcomeField(_Choice):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.code} {obj.title}"


class OfferForm(forms.Form):
    outcome = _OutcomeField(
        label=gettext_lazy("What one can practise"),
        queryset=Outcome.objects.none(),
        empty_label=gettext_lazy("choose"),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("How"), choices=Practice.Kind.choices, widget=forms.RadioSelect
    )
    what = forms.CharField(
        label=gettext_lazy("What, when and where"),
        max_length=300,
        help_text=gettext_lazy("For instance: my round on ward 4, Tuesdays at 8, for a month."),
    )

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["outcome"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = on_the_map(community.pk)


class LogForm(forms.Form):
    day = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=1)
    text = forms.CharField(
        label=gettext_lazy("What you did, and what you noticed"),
        max_length=500,
        help_text=gettext_lazy("Read by the two of you and nobody else. No names of patients or clients."),
    )


def _community(request: HttpRequest, slug: str) -> tuple[Community, Person]:
    community = get_object_or_404(Community.objects.exclude(stage=Community.Stage.CLOSED), slug=slug)
    person = cast("Person", request.user)
    if not permissions.can_read(person, community.pk):
        raise NotAllowed(Permission.PRACTISE)
    return community, person


def _refuse(form: forms.Form, error: RuleBroken) -> None:
    form.add_error(error.field if error.field in form.fields else None, str(error.public_message))


@login_required
@require_http_methods(["GET", "POST"])
def practices(request: HttpRequest, slug: str) -> HttpResponse:
    """What others offer, one's own, and an offer."""
    community, person = _community(request, slug)
    form = OfferForm(posted(request), community=community)
    if request.method == "POST" and form.is_valid():
        try:
            services.offer(actor=person, now=timezone.now(), **form.cleaned_data)
        except RuleBroken as error:
            _refuse(form, error)
        else:
            messages.success(request, _("It is offered. You are told when someone would like to come."))
            return redirect("practices", slug)
    context = {
        "community": community,
        "form": form,
        "has_map": on_the_map(community.pk).exists(),
        "offers": queries.offers(community.pk, person),
        "mine": queries.mine(community.pk, person),
    }
    return render(request, "stewardship/practice/list.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def practice(request: HttpRequest, slug: str, practice_id: UUID) -> HttpResponse:
    """Its log. POST writes a line."""
    community, person = _community(request, slug)
    found = queries.practice_for(person, community.pk, practice_id)
    if found is None:
        raise Http404
    form = LogForm(posted(request), initial={"day": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            services.log(practice=found, actor=person, now=timezone.now(), **form.cleaned_data)
        except RuleBroken as error:
            _refuse(form, error)
        else:
            messages.success(request, _("Written down."))
            return redirect("practice", slug, practice_id)
    context = {
        "community": community,
        "practice": found,
        "hosts": found.host_id == person.pk,
        "log": found.log.select_related("written_by"),
        "form": form,
    }
    return render(request, "stewardship/practice/practice.html", context, status=422 if form.errors else 200)


ACTS = {
    "ask": services.ask,
    "agree": services.agree,
    "step_back": services.step_back,
    "withdraw": services.withdraw,
    "end": services.end,
}


@login_required
@require_POST
def practice_act(request: HttpRequest, slug: str, practice_id: UUID) -> HttpResponse:
    """`act`: a key of ACTS. What is refused is said at the head of the list."""
    community, person = _community(request, slug)
    rows = Practice.objects.select_related("outcome")
    found = get_object_or_404(rows, pk=practice_id, outcome__community=community)
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    try:
        act(practice=found, actor=person, now=timezone.now())
    except RuleBroken as error:
        messages.error(request, str(error.public_message))
    else:
        messages.success(request, _("Done."))
    return redirect("practices", slug)
