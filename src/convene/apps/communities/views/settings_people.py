"""Questions about people, the composition page, stakeholders."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from convene.apps.communities import queries, services
from convene.apps.communities.forms.more import ContactForm, QuestionForm, StakeholderForm
from convene.apps.communities.models import Community, Membership, Stakeholder, TraitQuestion
from convene.apps.communities.rules.traits import clean_answers
from convene.apps.communities.views.common import attempt, page, person_in, steward_community
from convene.apps.people.models import Person


@login_required
@require_http_methods(["GET", "POST"])
def trait_questions(request: HttpRequest, slug: str) -> HttpResponse:
    """What the community asks people about themselves, and one more question."""
    community = steward_community(request, slug)
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done, _question = attempt(
            form,
            lambda: services.ask_trait_question(
                community=community,
                label=data["label"],
                purpose=data["purpose"],
                values=clean_answers(data["values"]),
                actor=person_in(request),
                now=timezone.now(),
            ),
        )
        if done:
            messages.success(request, _("The question is asked. Members find it under “About me”."))
            return redirect("trait_questions", slug)
    context = {"community": community, "form": form, "questions": queries.open_questions(community.pk)}
    return page(request, "trait_questions.html", context, form)


def _question(request: HttpRequest, slug: str, question_id: UUID) -> TraitQuestion:
    community = steward_community(request, slug)
    return get_object_or_404(TraitQuestion, pk=question_id, community=community, retired_at=None)


@login_required
@require_http_methods(["GET", "POST"])
def trait_question(request: HttpRequest, slug: str, question_id: UUID) -> HttpResponse:
    question = _question(request, slug, question_id)
    initial = {
        "label": question.label,
        "purpose": question.purpose,
        "values": "\n".join(question.values),
    }
    form = QuestionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done, _nothing = attempt(
            form,
            lambda: services.change_trait_question(
                question=question,
                label=data["label"],
                purpose=data["purpose"],
                values=clean_answers(data["values"]),
                actor=person_in(request),
                now=timezone.now(),
            ),
        )
        if done:
            messages.success(request, _("Saved."))
            return redirect("trait_questions", slug)
    context = {"community": question.community, "question": question, "form": form}
    return page(request, "trait_question.html", context, form)


@login_required
@require_POST
def trait_retire(request: HttpRequest, slug: str, question_id: UUID) -> HttpResponse:
    question = _question(request, slug, question_id)
    services.retire_trait_question(question=question, actor=person_in(request), now=timezone.now())
    messages.success(request, _("Nobody is asked this any more, and the answers are deleted."))
    return redirect("trait_questions", slug)


@login_required
@require_GET
def composition(request: HttpRequest, slug: str) -> HttpResponse:
    """Who we are, as far as people said: counts of five or more."""
    community = steward_community(request, slug)
    context = {"community": community, "parts": queries.composition_of(community.pk)}
    return page(request, "composition.html", context)


def _keepers(community: Community) -> object:
    """Members, for the choice of who keeps in touch."""
    active = Membership.objects.filter(community=community, state=Membership.State.ACTIVE)
    return Person.objects.filter(pk__in=active.values("person_id"), is_active=True).order_by("name")


@login_required
@require_GET
def stakeholders(request: HttpRequest, slug: str) -> HttpResponse:
    community = steward_community(request, slug)
    context = {
        "community": community,
        "stakeholders": queries.stakeholders_of(community.pk),
        "today": timezone.localdate(),
    }
    return page(request, "stakeholders.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def stakeholder_new(request: HttpRequest, slug: str) -> HttpResponse:
    community = steward_community(request, slug)
    form = StakeholderForm(request.POST or None, keepers=_keepers(community))
    if request.method == "POST" and form.is_valid():
        done, _stakeholder = attempt(
            form,
            lambda: services.add_stakeholder(
                community=community, actor=person_in(request), now=timezone.now(), **form.cleaned_data
            ),
        )
        if done:
            messages.success(request, _("Noted."))
            return redirect("stakeholders", slug)
    return page(request, "stakeholder_new.html", {"community": community, "form": form}, form)


def _stakeholder(request: HttpRequest, slug: str, stakeholder_id: UUID) -> Stakeholder:
    community = steward_community(request, slug)
    return get_object_or_404(
        Stakeholder.objects.select_related("community", "contact", "keeper"),
        pk=stakeholder_id,
        community=community,
    )


@login_required
@require_http_methods(["GET", "POST"])
def stakeholder(request: HttpRequest, slug: str, stakeholder_id: UUID) -> HttpResponse:
    found = _stakeholder(request, slug, stakeholder_id)
    initial = {
        "contact_email": (found.contact.email or "") if found.contact else "",
        "contact_name": found.contact.name if found.contact else "",
        "keeper": found.keeper_id,
    }
    shown = Stakeholder.objects.get(pk=found.pk)
    form = StakeholderForm(
        request.POST or None, instance=shown, initial=initial, keepers=_keepers(found.community)
    )
    if request.method == "POST" and form.is_valid():
        done, _nothing = attempt(
            form,
            lambda: services.change_stakeholder(
                stakeholder=found, actor=person_in(request), now=timezone.now(), **form.cleaned_data
            ),
        )
        if done:
            messages.success(request, _("Saved."))
            return redirect("stakeholder", slug, found.pk)
    return page(request, "stakeholder.html", _context(found, form=form), form)


def _context(found: Stakeholder, **forms_: object) -> dict[str, object]:
    return {
        "community": found.community,
        "stakeholder": found,
        "contacts": found.contacts.select_related("by"),
        "contact_form": ContactForm(initial={"on": timezone.localdate()}),
        **forms_,
    }


@login_required
@require_POST
def stakeholder_contact(request: HttpRequest, slug: str, stakeholder_id: UUID) -> HttpResponse:
    found = _stakeholder(request, slug, stakeholder_id)
    form = ContactForm(request.POST)
    if form.is_valid():
        done, _contact = attempt(
            form,
            lambda: services.note_contact(
                stakeholder=found, actor=person_in(request), now=timezone.now(), **form.cleaned_data
            ),
        )
        if done:
            messages.success(request, _("Noted."))
            return redirect("stakeholder", slug, found.pk)
    edit = StakeholderForm(instance=found, keepers=_keepers(found.community))
    return page(request, "stakeholder.html", _context(found, form=edit, contact_form=form), form)


@login_required
@require_POST
def stakeholder_end(request: HttpRequest, slug: str, stakeholder_id: UUID) -> HttpResponse:
    found = _stakeholder(request, slug, stakeholder_id)
    services.end_stakeholder(stakeholder=found, actor=person_in(request), now=timezone.now())
    messages.success(request, _("They are off the list; what was said stays on record."))
    return redirect("stakeholders", slug)
