"""A picture as a drawing, and in words: where groups and links stand. The page has the same as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin, sqrt
from typing import Any

from django.utils.translation import gettext as _

from convene.apps.communities.models import Membership
from convene.apps.connections.queries.picture import NONE, ORGANISATION, SINCE, TIER
from convene.apps.connections.services.picture import TOGETHER

WIDTH, HEIGHT = 720, 440
_MIDDLE = (WIDTH / 2, HEIGHT / 2)
_ROUND = (200, 160)
_SMALLEST, _LARGEST = 16, 40
_LONGEST = 22


@dataclass(frozen=True)
class Node:
    number: int
    label: str
    short: str
    size: int
    x: float
    y: float
    radius: float
    text_x: float
    text_y: float
    anchor: str
    inside: int
    """The span of its own pairs."""
    to: Sequence[tuple[int, list[str]]]
    """Span, strongest first, and the groups it is linked to so."""


@dataclass(frozen=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float
    span: int


@dataclass(frozen=True)
class Drawing:
    by: str
    title: str
    nodes: Sequence[Node]
    lines: Sequence[Line]
    width: int = WIDTH
    height: int = HEIGHT


def titles() -> dict[str, str]:
    return {
        ORGANISATION: _("By organisation"),
        SINCE: _("By the year of becoming a member"),
        TIER: _("By tier"),
    }


def span_words(span: int) -> str:
    return [
        _("few or none"),
        _("a tenth to a quarter"),
        _("a quarter to half"),
        _("half or more"),
    ][span]


def draw(view: dict[str, Any]) -> Drawing:
    nodes, links = view["nodes"], [tuple(link) for link in view["links"]]
    labels = [_label(view["by"], node) for node in nodes]
    largest = max(node["size"] for node in nodes)
    places = [_place(at, len(nodes)) for at in range(len(nodes))]
    spans = {(one, other): span for one, other, span in links}
    drawn = [
        _node(at, node, labels, places[at], sqrt(node["size"] / largest), spans)
        for at, node in enumerate(nodes)
    ]
    lines = [
        Line(places[one][0], places[one][1], places[other][0], places[other][1], span)
        for (one, other), span in spans.items()
        if one != other
    ]
    lines.sort(key=lambda line: line.span)
    return Drawing(view["by"], titles()[view["by"]], drawn, lines)


def _label(by: str, node: dict[str, Any]) -> str:
    key = node["key"]
    if key == TOGETHER:
        return _("all others, counted together")
    if key == NONE:
        return _("no organisation named")
    return str(dict(Membership.Tier.choices)[key]) if by == TIER else node["label"] or key


def _place(at: int, count: int) -> tuple[float, float]:
    angle = 2 * pi * at / count - pi / 2
    return round(_MIDDLE[0] + _ROUND[0] * cos(angle), 1), round(_MIDDLE[1] + _ROUND[1] * sin(angle), 1)


def _node(
    at: int,
    node: dict[str, Any],
    labels: Sequence[str],
    place: tuple[float, float],
    part: float,
    spans: dict[tuple[int, int], int],
) -> Node:
    x, y = place
    radius = round(max(_SMALLEST, _LARGEST * part), 1)
    across = (x - _MIDDLE[0]) / _ROUND[0]
    side = (across > 0.2) - (across < -0.2)  # noqa: PLR2004 - left, right, or neither
    others = {two: span for pair, span in spans.items() if at in pair and (two := _other(pair, at)) != at}
    return Node(
        number=at + 1,
        label=labels[at],
        short=labels[at] if len(labels[at]) <= _LONGEST else labels[at][: _LONGEST - 1].rstrip() + "…",
        size=node["size"],
        x=x,
        y=y,
        radius=radius,
        text_x=round(x + side * (radius + 10), 1),
        text_y=y if side else round(y + (radius + 16) * (1 if y > _MIDDLE[1] else -1), 1),
        anchor=("middle", "start", "end")[side],
        inside=spans.get((at, at), 0),
        to=[
            (span, [f"{two + 1} {labels[two]}" for two in sorted(others) if others[two] == span])
            for span in (3, 2, 1)
        ],
    )


def _other(pair: tuple[int, int], at: int) -> int:
    return pair[1] if pair[0] == at else pair[0]
