"""The equity page of a community, and its figures as a table."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from convene.apps.communities.models import Community
from convene.apps.equity import csvs, page, permissions, queries, services
from convene.apps.equity.models import Publication
from convene.apps.equity.periods import Step, parse, quarter_of
from convene.apps.equity.permissions import Permission
from convene.apps.people.models import Person
from convene.apps.workshops.models import Workshop
from convene.foundation.errors import NotAllowed
from convene.foundation.times import zone_or

OVER_TIME = (Step.OFFERED, Step.ASKED, Step.CAME)


@dataclass(frozen=True)
class Chosen:
    """The publication asked for, and those of the same length and kind up to now, earliest first."""

    publication: Publication
    history: list[Publication]
    every: list[Publication]


@login_required
@require_safe
def equity(request: HttpRequest, slug: str) -> HttpResponse:
    community = _community(request, slug)
    chosen = _chosen(request, community)
    if chosen is None:
        return render(request, "equity/empty.html", _nothing_yet(community))
    step = _step(request)
    _note(request, chosen.publication, as_table=False)
    coming = queries.next_workshop(community.pk, timezone.now())
    context = {
        "community": community,
        "publication": chosen.publication,
        "period": parse(chosen.publication.period),
        "tables": page.tables_of(chosen.publication, chosen.history, coming, step),
        "guests": page.guests_line(chosen.publication),
        "periods": _periods(chosen.every),
        "kinds": _kinds(chosen),
        "steps": OVER_TIME,
        "step": step,
    }
    return render(request, "equity/equity.html", context)


@login_required
@require_safe
def equity_table(request: HttpRequest, slug: str) -> HttpResponse:
    """What the page shows, as CSV."""
    community = _community(request, slug)
    chosen = _chosen(request, community)
    if chosen is None:
        raise Http404
    publication = chosen.publication
    _note(request, publication, as_table=True)
    tables = page.tables_of(publication, chosen.history, None, _step(request))
    text = csvs.as_csv(publication, tables, page.guests_line(publication))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    name = "-".join(filter(None, ("access", publication.period.lower(), publication.kind)))
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _community(request: HttpRequest, slug: str) -> Community:
    community = get_object_or_404(Community, slug=slug)
    if not permissions.can_read(request.user, community.pk):
        raise NotAllowed(Permission.READ_EQUITY)
    return community


def _step(request: HttpRequest) -> Step:
    return next((one for one in OVER_TIME if one == request.GET.get("step")), Step.OFFERED)


def _chosen(request: HttpRequest, community: Community) -> Chosen | None:
    """As the address says; without a word, the newest quarter. What is not published is not found."""
    every = queries.publications_of(community.pk)
    wanted, kind = request.GET.get("period", ""), request.GET.get("kind", "")
    found = [one for one in every if one.period == wanted and one.kind == kind]
    if not found:
        # A kind that the chosen period does not have: all kinds. No period: the newest quarter.
        whole = [one for one in every if not one.kind]
        found = [one for one in whole if one.period == wanted] or [one for one in whole if "Q" in one.period]
    if not found:
        # A kind that the chosen period does not have: all kinds.
        found = [one for one in every if one.period == wanted and not one.kind] or [
            one
            for one in every
            if not one.kind and (parse(one.period) or quarter_of(timezone.localdate())).quarter
        ]
    if not found:
        return None
    newest = found[0]
    alike = [one for one in every if one.kind == newest.kind and len(one.period) == len(newest.period)]
    for one in alike:
        one.community = community
    return Chosen(newest, [one for one in reversed(alike) if one.period <= newest.period], every)


def _note(request: HttpRequest, publication: Publication, *, as_table: bool) -> None:
    assert isinstance(request.user, Person)  # behind login_required
    services.note_reading(publication=publication, actor=request.user, as_table=as_table, now=timezone.now())


def _periods(every: list[Publication]) -> list[tuple[str, str]]:
    keys = dict.fromkeys(one.period for one in every)
    return [(key, found.words) for key in keys if (found := parse(key))]


def _kinds(chosen: Chosen) -> list[tuple[str, str]]:
    kinds = dict(Workshop.Kind.choices)
    here = [one.kind for one in chosen.every if one.period == chosen.publication.period and one.kind]
    return [(kind, str(kinds[kind])) for kind in here if kind in kinds]


def _nothing_yet(community: Community) -> dict[str, object]:
    """When the first figures will be there; without a workshop nobody knows."""
    first = queries.first_day(community)
    now = timezone.now()
    begun = first is not None and first <= now.astimezone(zone_or(community.zone)).date()
    period = quarter_of(first) if first is not None and begun else None
    return {"community": community, "period": period}
