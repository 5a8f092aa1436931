"""The board: read, ask, want to think; for stewards what becomes of a question."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, cast
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

from convene.apps.communities.models import Community
from convene.apps.stewardship import permissions
from convene.apps.stewardship.board import queries, services
from convene.apps.stewardship.board.rules import LONGEST
from convene.apps.stewardship.models import OpenQuestion
from convene.apps.stewardship.permissions import Permission
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.forms import posted

if TYPE_CHECKING:
    from convene.apps.people.models import Person


class AskForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What would you like to find out together?"),
        max_length=LONGEST,
        help_text=gettext_lazy(
            "Something nobody here can teach. What others can teach belongs to the needs."
        ),
    )


def _community(request: HttpRequest, slug: str) -> tuple[Community, Person]:
    community = get_object_or_404(Community.objects.exclude(stage=Community.Stage.CLOSED), slug=slug)
    person = cast("Person", request.user)
    if not permissions.can_read(person, community.pk):
        raise NotAllowed(Permission.READ_DECISIONS)
    return community, person


@login_required
@require_http_methods(["GET", "POST"])
def open_questions(request: HttpRequest, slug: str) -> HttpResponse:
    community, person = _community(request, slug)
    form = AskForm(posted(request))
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        try:
            services.ask(community=community, text=text, actor=person, now=timezone.now())
        except RuleBroken as error:
            form.add_error(error.field, str(error.public_message))
        else:
            messages.success(
                request, _("It stands on the board. You are told when a conversation has a date.")
            )
            return redirect("open_questions", slug)
    steward = permissions.can_decide(person, community.pk)
    context = {
        "community": community,
        "steward": steward,
        "form": form,
        "questions": queries.board(community.pk, person),
        "waiting": queries.waiting(community.pk, person) if steward else [],
        "settled": queries.settled(community.pk, person),
    }
    return render(request, "stewardship/board/board.html", context, status=422 if form.errors else 200)


Act = Callable[[HttpRequest, OpenQuestion, "Person", datetime], HttpResponse | None]


def _think(request: HttpRequest, question: OpenQuestion, person: Person, now: datetime) -> None:
    may_name = request.POST.get("may_name") == "on"
    services.think(question=question, may_name=may_name, actor=person, now=now)
    messages.success(request, _("Noted. You are told when a conversation has a date."))


def _leave(_request: HttpRequest, question: OpenQuestion, person: Person, now: datetime) -> None:
    services.leave(question=question, actor=person, now=now)


def _put_up(request: HttpRequest, question: OpenQuestion, person: Person, now: datetime) -> None:
    services.put_up(question=question, text=request.POST.get("text", ""), actor=person, now=now)


def _converse(request: HttpRequest, question: OpenQuestion, person: Person, now: datetime) -> HttpResponse:
    workshop_id = services.converse(question=question, actor=person, now=now)
    messages.success(
        request, _("A draft of the conversation is made. Those who want to think hear of its date.")
    )
    return redirect("workshop_page", workshop_id)


def _settle(request: HttpRequest, question: OpenQuestion, person: Person, now: datetime) -> None:
    answered = request.POST.get("how") == "answered"
    words = request.POST.get("words", "")
    services.settle(question=question, words=words, answered=answered, actor=person, now=now)


def _reopen(_request: HttpRequest, question: OpenQuestion, person: Person, now: datetime) -> None:
    services.reopen(question=question, actor=person, now=now)


ACTS: dict[str, Act] = {
    "think": _think,
    "leave": _leave,
    "up": _put_up,
    "converse": _converse,
    "settle": _settle,
    "reopen": _reopen,
}


@login_required
@require_POST
def open_question_act(request: HttpRequest, slug: str, open_question_id: UUID) -> HttpResponse:
    """`act`: a key of ACTS. What is refused is said at the head of the board."""
    community, person = _community(request, slug)
    question = get_object_or_404(
        OpenQuestion.objects.select_related("community"), pk=open_question_id, community=community
    )
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    try:
        answer = act(request, question, person, timezone.now())
    except RuleBroken as error:
        messages.error(request, str(error.public_message))
        answer = None
    return answer or redirect("open_questions", slug)
