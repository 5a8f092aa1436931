"""Pages ask every few seconds, mostly for nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from convene.foundation.access.links import BadLink
from convene.foundation.live import queries, rendering, tokens


@require_safe
def live_poll(request: HttpRequest, token: str) -> HttpResponse:
    """What changed since `?since=`; 304 with the ETag of the newest, at the price of one query."""
    try:
        watch = tokens.read(token)
    except BadLink:
        return JsonResponse({}, status=403)
    versions = queries.versions(watch.topics)
    version = tokens.spell(versions)
    headers = {"ETag": f'"{version}"', "Cache-Control": "no-store"}
    if request.headers.get("If-None-Match", "").removeprefix("W/") == headers["ETag"]:
        return HttpResponse(status=304, headers=headers)
    seen = tokens.unspell(request.GET.get("since", ""), watch.topics)
    changed = {name: number for name, number in versions.items() if seen[name] != number}
    fragments = rendering.kept.fragments(changed, watch.variant)
    return JsonResponse({"version": version, "fragments": fragments}, headers=headers)
