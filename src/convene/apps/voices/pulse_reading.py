"""What a pulse says once it is closed: shares with their interval, trends, and own words from ten on."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from convene.apps.voices.models import Pulse, PulseAnswer, PulseItem
from convene.apps.voices.rules import pulse as rules
from convene.apps.voices.rules import showing
from convene.apps.voices.rules.showing import Counts


@dataclass(frozen=True)
class ItemRead:
    """`words` and `percent` as for statements; `said`: own words, or how many more it takes."""

    item: PulseItem
    heard: bool
    words: str = ""
    percent: int | None = None
    sureness: str = ""
    said: tuple[str, ...] = ()

    @property
    def share(self) -> str:
        return "" if self.percent is None else showing.share_words(self.percent)

    @property
    def is_words(self) -> bool:
        return self.item.answer == PulseItem.Answer.WORDS


@dataclass(frozen=True)
class PulseRead:
    """`answered` None: fewer than five."""

    pulse: Pulse
    asked: int | None
    answered: int | None
    items: list[ItemRead]
    scores: list[tuple[str, rules.Score]]


def read_pulse(pulse: Pulse) -> PulseRead:
    """Three queries. Of an open pulse nothing is read; of fewer than five answers neither."""
    items, asked = list(pulse.items.all()), pulse.asks.count()
    rows = list(PulseAnswer.objects.filter(item__pulse=pulse)) if pulse.state == Pulse.State.CLOSED else []
    sheets = {row.sheet for row in rows}
    enough = len(sheets) >= showing.K
    answers: dict[UUID, list[PulseAnswer]] = defaultdict(list)
    for row in rows if enough else ():
        answers[row.item_id].append(row)
    return PulseRead(
        pulse,
        asked if asked >= showing.K else None,
        len(sheets) if enough else None,
        [_item(item, answers[item.pk], len(sheets)) for item in items],
        _scores(items, answers),
    )


def _item(item: PulseItem, rows: list[PulseAnswer], sheets: int) -> ItemRead:
    if item.answer == PulseItem.Answer.WORDS:
        said = [row.words for row in rows]
        random.Random(str(item.pk)).shuffle(said)  # noqa: S311  # an order, no secret
        heard = sheets >= rules.K_WORDS and bool(said)
        return ItemRead(item, heard, said=tuple(said) if heard else ())
    counts = rules.counts_of([rules.turned(row.value or 0, is_reversed=item.reversed) for row in rows])
    if not showing.shows_anything(counts):
        return ItemRead(item, heard=False)
    words = showing.stand_words(showing.stand(counts))
    if not showing.shows_shares(counts):
        return ItemRead(item, heard=True, words=words)
    percent = showing.share_told(counts.agreed, counts.voters)
    return ItemRead(item, True, words, percent, showing.sureness_of(percent, counts))


def _scores(items: list[PulseItem], answers: dict[UUID, list[PulseAnswer]]) -> list[tuple[str, rules.Score]]:
    scales: dict[str, dict[UUID, list[int]]] = defaultdict(lambda: defaultdict(list))
    for item in items:
        for row in answers[item.pk] if item.scale else ():
            if row.value is not None:
                scales[item.scale][row.sheet].append(rules.turned(row.value, is_reversed=item.reversed))
    found = ((name, rules.score(list(sheets.values()))) for name, sheets in scales.items())
    return [(name, score) for name, score in found if score is not None and score.people > showing.ROOM]


@dataclass(frozen=True)
class Moment:
    """One closed pulse in a trend."""

    at: datetime
    percent: int
    low: int
    high: int


def trends(community_id: UUID) -> list[tuple[str, list[Moment]]]:
    """Of items asked in the same words at least twice: the share who agree, over time. Never by workshop.

    Two queries. Sessions too small for shares are left out; so a trend names no small group.
    """
    rows = PulseAnswer.objects.filter(
        item__pulse__community_id=community_id,
        item__pulse__state=Pulse.State.CLOSED,
        item__answer=PulseItem.Answer.SCALE,
        value__isnull=False,
    ).values_list("item__text", "item__pulse_id", "item__pulse__asked_at", "item__reversed", "value")
    values: dict[str, dict[tuple[datetime, UUID], list[int]]] = defaultdict(lambda: defaultdict(list))
    for text, pulse_id, asked_at, is_reversed, value in rows:
        if asked_at is not None and value is not None:
            values[text][asked_at, pulse_id].append(rules.turned(value, is_reversed=is_reversed))
    found = [(text, _moments(times)) for text, times in sorted(values.items())]
    return [(text, moments) for text, moments in found if len(moments) > 1]


def _moments(times: dict[tuple[datetime, UUID], list[int]]) -> list[Moment]:
    moments = []
    for (at, _pulse), values in sorted(times.items()):
        counts: Counts = rules.counts_of(values)
        if showing.shows_shares(counts):
            percent = showing.share_told(counts.agreed, counts.voters)
            low, high = showing.interval(round(percent * counts.voters / 100), counts.voters)
            moments.append(Moment(at, percent, round(100 * low), round(100 * high)))
    return moments
