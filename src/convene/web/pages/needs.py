"""From a need to a draft workshop: needs stand below workshops, so the step is composed here."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from convene.apps.capabilities.models import Need, NeedSource
from convene.apps.capabilities.services import plan_need
from convene.apps.workshops.models import Workshop
from convene.apps.workshops.services import create_workshop

if TYPE_CHECKING:
    from convene.apps.people.models import Person


@login_required
@require_POST
def need_plan(request: HttpRequest, slug: str, need_id: UUID) -> HttpResponse:
    """Make the draft and settle the need in one step: of two stewards only one makes it.

    `as`: conversation, for what people want to think about rather than be taught."""
    need = get_object_or_404(Need.objects.select_related("community"), pk=need_id, community__slug=slug)
    actor, now = cast("Person", request.user), timezone.now()
    outside = need.sources.filter(kind=NeedSource.Kind.REQUEST).exists()
    with transaction.atomic():
        workshop = create_workshop(
            community=need.community,
            template="hot_topic" if request.POST.get("as") == "conversation" else "skills",
            title=need.title[:160],
            audience=Workshop.Audience.EVERYONE if outside else Workshop.Audience.MEMBERS,
            actor=actor,
            now=now,
        )
        plan_need(need=need, workshop_id=workshop.pk, actor=actor, now=now)
    messages.success(request, _("A draft is made. Those who asked hear of it when you publish."))
    return redirect("workshop_page", workshop.pk)
