"""The record of a draw: plain values for JSON that repeat it (docs/reference/draw-record.md)."""

from collections.abc import Sequence
from typing import Any

from convene.engines.allotment.chance import STREAM_RULE
from convene.engines.allotment.entries import Quota
from convene.engines.allotment.limits import Limit
from convene.engines.allotment.lottery import TICKETS
from convene.engines.allotment.outcome import Caution, Outcome

FORMAT = "convene-draw-record/1"


def record(outcome: Outcome, quotas: Sequence[Quota], seats: int, *, version: str) -> dict[str, Any]:
    """All about a draw but traits without quotas; ``version`` is that of the code."""
    return {
        "format": FORMAT,
        "rule": outcome.rule,
        "stream": STREAM_RULE,
        "version": version,
        "objective": outcome.objective,
        "seats": seats,
        "seed": outcome.seed,
        "quotas": [
            {"feature": each.feature, "value": each.value, "min": each.least, "max": each.most}
            for each in quotas
        ],
        "minimum_chance": {
            "achieved": outcome.minimum_chance.achieved,
            "bound": outcome.minimum_chance.bound,
            "gap": outcome.minimum_chance.gap,
        },
        "selected": list(outcome.selected),
        "reserve": list(outcome.reserve),
        "chances": dict(outcome.chances),
        "types": [
            {
                "ids": list(each.ids),
                "traits": dict(each.traits),
                "weight": float(each.weight),
                "held": each.held,
            }
            for each in outcome.types
        ],
        "tickets": TICKETS,
        "lottery": [
            {"weight": row.weight, "tickets": row.tickets, "counts": list(row.counts)}
            for row in outcome.lottery
        ],
        "warnings": [_warning(each) for each in outcome.warnings],
    }


def _warning(caution: Caution) -> dict[str, Any]:
    return {
        "code": str(caution.code),
        "params": dict(caution.params),
        "ids": list(caution.ids),
        "limits": [_limit(each) for each in caution.limits],
        "text": caution.text,
    }


def _limit(limit: Limit) -> dict[str, Any]:
    return {"feature": limit.feature, "value": limit.value, "side": limit.side, "seats": limit.seats}
