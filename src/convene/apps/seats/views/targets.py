"""Targets of a draw, for stewards: who there is for each answer, least and most, what clashes, the cost.

Each act answers a plain POST with the whole page. Asked by htmx, while someone types, it answers with the
parts that say something, so that what is typed and where the cursor stands are never touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from convene.apps.seats import rules, services
from convene.apps.seats.allotting import Finding, Target
from convene.apps.seats.foreseeing import Effort, Field, costs_of
from convene.apps.seats.forms import TargetsForm
from convene.apps.seats.suggesting import method, suggestion
from convene.apps.seats.targeting import Can, Sheet, Verdict, judge, judge_saved, sheet_of
from convene.apps.seats.telling import cost_in_words, spread_in_words
from convene.apps.seats.views.common import refuse, signed_in
from convene.apps.seats.views.drawing import draw_panel
from convene.apps.workshops.queries import planned_workshop_for
from convene.foundation.errors import RuleBroken


@login_required
@require_http_methods(["GET", "POST"])
def seat_targets(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """For each question: who there is, least and most; what clashes, at the target; and the draw itself."""
    workshop = planned_workshop_for(request.user, workshop_id)
    policy = services.ensure_policy(workshop=workshop, now=timezone.now())
    sheet = sheet_of(policy, policy.draws.first())
    if request.method != "POST":
        return _page(request, sheet, TargetsForm(sheet=sheet), judge_saved(sheet))
    try:
        return _act(request, sheet)
    except RuleBroken as error:
        form = TargetsForm(request.POST, sheet=sheet)
        refuse(form, error)
        return _page(request, sheet, form, judge_saved(sheet))


def _act(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    act, _colon, which = request.POST.get("act", "check").partition(":")
    match act:
        case "save":
            return _save(request, sheet)
        case "relax":
            return _relax(request, sheet)
        case "check" if sheet.draw is None:
            return _looked_at(request, sheet, request.POST)
        case "suggest" if sheet.draw is None:
            return _suggest(request, sheet)
        case "cost" if sheet.draw is None:
            return _cost(request, sheet, int(which) if which.isdecimal() else 0)
        case _:
            raise RuleBroken(_("This button is not known here. Please choose again."), code="unknown_act")


def _save(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    form = TargetsForm(request.POST, sheet=sheet)
    if form.is_valid():
        workshop, now = sheet.policy.workshop, timezone.now()
        services.set_targets(workshop=workshop, targets=form.targets(), actor=signed_in(request), now=now)
        messages.success(request, _("Saved. The targets are part of the public text."))
        return redirect("seat_targets", workshop.pk)
    return _page(request, sheet, form, judge_saved(sheet))


def _relax(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    workshop = sheet.policy.workshop
    services.relax_targets(workshop=workshop, actor=signed_in(request), now=timezone.now())
    messages.success(request, _("Changed as little as possible: now the targets can be met."))
    return redirect("seat_targets", workshop.pk)


def _looked_at(request: HttpRequest, sheet: Sheet, data: Any) -> HttpResponse:
    """What is typed, looked at and not saved."""
    form, targets = _typed(sheet, data)
    verdict = judge(sheet, [*targets, *sheet.beside])
    for line in form.every_line:
        line.notes = verdict.notes.get(line.row.name, ())
    mended = _mended(form, targets, verdict.finding) if verdict.finding else {}
    return _page(request, sheet, form, verdict, typed=True, more={"mended": mended})


def _typed(sheet: Sheet, data: Any) -> tuple[TargetsForm, list[Target]]:
    """The form with every error that saving would find, and the targets without one."""
    form = TargetsForm(data, sheet=sheet)
    form.is_valid()
    terms = form.targets()
    faults = list(services.faults_of(sheet.policy, terms, community_id=sheet.policy.workshop.community_id))
    for fault in faults:
        refuse(form, fault)
    wrong = {fault.field for fault in faults}
    sound = [each for each in terms if services.field_of(each) not in wrong]
    return form, [Target(str(each.question_id), each.value, each.least, each.most) for each in sound]


def _mended(form: TargetsForm, targets: Sequence[Target], finding: Finding) -> dict[str, Any]:
    """What is typed, with the smallest change filled in."""
    numbers = {f"{each.question}:{each.value}": (each.least, each.most) for each in targets}
    for change in finding.relaxation:
        if f"{change.question}:{change.value}" not in numbers:
            continue  # places held for those passed over are set on another page
        least, most = numbers[f"{change.question}:{change.value}"]
        least, most = (change.becomes, most) if change.side == "least" else (least, change.becomes)
        numbers[f"{change.question}:{change.value}"] = min(least, most), most
    return form.filled_in(numbers)


def _suggest(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """All numbers anew, from who the members are; for the steward to change and save."""
    found = suggestion(sheet)
    numbers = {f"{each.question}:{each.value}": (each.least, each.most) for each in found.targets}
    if not numbers:
        words = _("There is nothing to suggest: the figures that can be shown here do not ask for a target.")
    elif found.looked_at_asking:
        words = _(
            "Suggested numbers are filled in, such as those who asked can meet. They are not saved yet."
        )
    else:
        words = _("Suggested numbers are filled in, from the members alone. They are not saved yet.")
    messages.info(request, words)
    return _looked_at(request, sheet, TargetsForm({}, sheet=sheet).filled_in(numbers, all_questions=True))


def _cost(request: HttpRequest, sheet: Sheet, start: int) -> HttpResponse:
    """What each target costs in equal chances, from place `start` on, as far as the effort goes."""
    form, targets = _typed(sheet, request.POST)
    together = [*targets, *sheet.beside]
    verdict = judge(sheet, together)
    looks = verdict.can in {Can.MET, Can.NONE}
    coarse = sheet.hides_any(together)
    field = Field(sheet.people, sheet.seats, sheet.by_pool)
    base, costs = costs_of(field, together, targets[start:], Effort()) if looks else (None, {})
    for line in form.every_line:
        line.notes = verdict.notes.get(line.row.name, ())
        cost = costs.get((str(line.row.question.pk), line.row.value))
        line.cost = cost_in_words(cost, coarse=coarse) if cost else ""
    done = start + len(costs)
    more: dict[str, Any] = {
        "mended": _mended(form, targets, verdict.finding) if verdict.finding else {},
        "spread": spread_in_words(base, coarse=coarse) if base else "",
        "cost_asked": True,
        "go_on": done if base and done < len(targets) else None,
        "done": done,
        "all": len(targets),
        "going_on": start > 0,
        "next_cost": f"cost:{done}",
    }
    return _page(request, sheet, form, verdict, typed=True, more=more)


def _page(
    request: HttpRequest,
    sheet: Sheet,
    form: TargetsForm,
    verdict: Verdict,
    *,
    typed: bool = False,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    """The whole page, or for htmx its speaking parts."""
    policy = sheet.policy
    if not typed:
        for line in form.every_line:
            line.notes = verdict.notes.get(line.row.name, ())
    wrong = bool(form.errors)
    context = {
        "workshop": policy.workshop,
        "policy": policy,
        "is_draw": policy.kind == rules.Kind.DRAW,
        "form": form,
        "verdict": verdict,
        "typed": typed,
        "wrong": wrong,
        "entries": len(sheet.people),
        "method": method(),
        **draw_panel(sheet.draw),
        **(more or {}),
    }
    live = typed and getattr(request, "htmx", False)
    name = "seats/_targets_live.html" if live else "seats/targets.html"
    return render(request, name, context, status=422 if wrong else 200)
