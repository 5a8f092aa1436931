"""Members' time: the share of training by quarter, the target, one's own load."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from convene.apps.communities.models import Community
from convene.apps.stewardship import permissions
from convene.apps.stewardship.hours import queries, services
from convene.apps.stewardship.hours.rules import WHOLE
from convene.apps.stewardship.permissions import Permission
from convene.foundation.errors import NotAllowed
from convene.foundation.forms import posted

if TYPE_CHECKING:
    from convene.apps.people.models import Person


class TargetForm(forms.Form):
    most_training = forms.IntegerField(
        label=gettext_lazy("Of a hundred hours of members, at most so many for training"),
        min_value=0,
        max_value=WHOLE,
        required=False,
        help_text=gettext_lazy("Empty: no target."),
    )


@login_required
@require_http_methods(["GET", "POST"])
def members_time(request: HttpRequest, slug: str) -> HttpResponse:
    """Members read it; POST, by a steward, sets the target."""
    community = get_object_or_404(Community.objects.exclude(stage=Community.Stage.CLOSED), slug=slug)
    person, now = cast("Person", request.user), timezone.now()
    if not permissions.can_read(person, community.pk):
        raise NotAllowed(Permission.READ_DECISIONS)
    most = queries.target_of(community.pk)
    form = TargetForm(posted(request), initial={"most_training": most})
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["most_training"]
        services.set_target(community=community, most_training=wanted, actor=person, now=now)
        messages.success(request, _("Kept. The check before publishing reminds you of it."))
        return redirect("members_time", slug)
    steward = permissions.can_decide(person, community.pk)
    context = {
        "community": community,
        "steward": steward,
        "form": form,
        "most": most,
        "quarters": queries.quarters(community, now),
        "mine": queries.loads(community, now, only=person.pk),
        "loads": queries.loads(community, now) if steward else [],
    }
    return render(request, "stewardship/hours/time.html", context, status=422 if form.errors else 200)
