"""The opinion map of what was released, as aggregates that may be seen. No vote that waits is in it.

The engine draws it (`engines/opinion`); here votes become its arrays, and its picture becomes the `body` of a
release, keyed by the statements' numbers:

    voters, statements       how many are in it
    stable, reason           whether groups hold, and the engine's code for why not
    agreement                median adjusted Rand index over resamples, or None
    groups                   of each: size, what sets it apart [number, way], shares {number: [agree, n]}
    common, against          numbers in which people agree, and which they reject
    ranking                  numbers, by the worse of common ground across groups and bridging
    slate                    what represents people together: `shown` [number, way, people, without another],
                             `covered` people, and whether the certificate of equal shares holds
    anchors                  numbers that everyone is asked, so that people can be compared
    alike                    whether some ballots are nearly the same
    points, dots             statements {number: [x, y]}; people [x, y, group, count], five or more a dot,
                             from `showing.DOTS` people on
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convene.apps.voices.models import Inquiry, Statement, Vote
from convene.apps.voices.rules import showing
from convene.engines import opinion

Body = dict[str, Any]
FEWEST_STATEMENTS = 3
"""Fewer give no picture: two points are always a line."""


def body_of(inquiry: Inquiry) -> Body:
    """Two queries, and as long as the engine takes: seconds for thousands of people."""
    rows = list(
        Vote.objects.filter(
            statement__inquiry=inquiry, statement__state=Statement.State.LIVE, released__isnull=False
        )
        .order_by("ballot_id", "statement__number")
        .values_list("ballot_id", "statement__number", "released")
    )
    ballots = {key: place for place, key in enumerate(sorted({row[0] for row in rows}))}
    body: Body = {"voters": len(ballots), "statements": len({row[1] for row in rows})}
    if len(ballots) < showing.K or body["statements"] < FEWEST_STATEMENTS:
        return body | {"stable": False, "reason": "too_few", "groups": []}
    votes = opinion.Votes.of(
        [ballots[row[0]] for row in rows], [row[1] for row in rows], [row[2] or 0 for row in rows]
    )
    drawn = _drawn(opinion.draw_map(votes, seed=0))
    if inquiry.kind == Inquiry.Kind.TOPICS and inquiry.places:
        drawn["slate"] = _topics(votes, inquiry.places)
    return body | drawn


def _drawn(picture: opinion.Picture) -> Body:
    votes, labels = picture.votes, picture.groups.labels
    return {
        "stable": labels is not None,
        "reason": str(picture.groups.reason.value),
        "agreement": None if picture.groups.stability is None else _agreement(picture),
        "groups": [] if labels is None else _groups(picture, labels),
        "common": [one.statement for one in picture.consensus.agree],
        "against": [one.statement for one in picture.consensus.disagree],
        "ranking": [int(picture.votes.statements[at]) for at in picture.common_ground.order],
        "slate": {
            "shown": [[one.statement, one.direction, one.people, one.first] for one in picture.slate.shown],
            "covered": picture.slate.covered,
            "holds": picture.slate.certificate.holds,
        },
        "anchors": [int(votes.statements[at]) for at in opinion.anchors_of(votes)],
        "alike": bool(opinion.near_duplicates(votes)),
        "points": {
            str(number): [round(float(value), 3) for value in at]
            for number, at in zip(votes.statements.tolist(), picture.axes.statements, strict=True)
        },
        "dots": _dots(picture, labels),
    }


def _topics(votes: opinion.Votes, places: int) -> Body:
    """Equal shares over the workshops that can be held. Who agrees wishes for it; no vote speaks against."""
    wants = votes.value == opinion.AGREE
    statement, person = votes.statement[wants].astype(np.int64), votes.person[wants]
    shares = opinion.equal_shares(statement, person, len(votes.voters), places)
    shown, without = [], np.ones(len(votes.voters), dtype=bool)
    for place in shares.chosen:
        people = person[statement == place]
        shown.append([int(votes.statements[place]), "agree", len(people), int(without[people].sum())])
        without[people] = False
    return {"shown": shown, "covered": int((~without).sum()), "holds": shares.certificate.holds}


def _agreement(picture: opinion.Picture) -> float:
    stability = picture.groups.stability
    assert stability is not None
    return round(float(stability.median), 3)


def _groups(picture: opinion.Picture, labels: NDArray[np.integer]) -> list[Body]:
    by_group, stands = picture.by_group, picture.representative
    assert by_group is not None
    assert stands is not None
    numbers = picture.votes.statements.tolist()
    return [
        {
            "size": int((labels == at).sum()),
            "stands": [[one.statement, one.direction] for one in stands[at]],
            "shares": {
                str(number): [int(by_group.agree[at, place]), int(by_group.seen[at, place])]
                for place, number in enumerate(numbers)
                if by_group.seen[at, place] >= showing.K_GROUPS
            },
        }
        for at in range(int(labels.max()) + 1)
    ]


def _dots(picture: opinion.Picture, labels: NDArray[np.integer] | None) -> list[list[float]]:
    """Never one person: each dot is the middle of five or more. Knowing five of someone's votes, a dot of
    their own would be told from all others in up to one case of eight (`benchmarks/opinion.py`).
    """
    groups = None if labels is None else labels.astype(np.int64)
    found = opinion.dots(picture.axes.people, groups, from_=showing.DOTS)
    widest = max((abs(value) for dot in found for value in (dot.x, dot.y)), default=1.0) or 1.0
    return [[round(dot.x / widest, 3), round(dot.y / widest, 3), dot.group, dot.people] for dot in found]
