"""The recorded small cases with their best possible plans, proven by CP-SAT (`benchmarks/grouping_bounds.py`)."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from convene.engines.grouping import Met, Mix, Person, Plan, Rule, Table, arrange
from convene.engines.grouping.building import build

RECORD = Path(__file__).parent / "small.json"


@dataclass(frozen=True)
class Small:
    people: tuple[Person, ...]
    tables: tuple[Table, ...]
    rounds: int
    mix: Mix
    rules: tuple[Rule, ...]
    met: tuple[Met, ...]
    best: dict[str, float]

    @classmethod
    def of(cls, case: dict[str, Any]) -> "Small":
        names = tuple(case["people"][0])
        rules = [
            Rule(kind, people=(f"p{one}", f"p{other}"))
            for kind in ("apart", "together")
            for one, other in case[kind]
        ]
        return cls(
            people=tuple(Person(f"p{at}", said) for at, said in enumerate(case["people"])),
            tables=tuple(Table(str(at + 1)) for at in range(case["groups"])),
            rounds=case["rounds"],
            mix=Mix(names, frozenset(case["ordinal"]), case["weights"]),
            rules=tuple(rules),
            met=tuple(Met(f"p{one}", f"p{other}", times) for one, other, times in case["met"]),
            best=case.get("best", {}),
        )

    def planned(self, seconds: float) -> Plan:
        return arrange(
            self.people,
            self.tables,
            self.rounds,
            mix=self.mix,
            rules=self.rules,
            met=self.met,
            seconds=seconds,
        )

    def price_of(self, plan: Plan) -> float:
        """What the search makes as small as it can."""
        task = build(
            self.people, self.tables, self.rounds, mix=self.mix, rules=self.rules, met=self.met, meet=0.5
        )
        return task.model.again * (plan.repeats + plan.again) - plan.mixing


def read() -> list[Small]:
    return [Small.of(case) for case in json.loads(RECORD.read_text(encoding="utf-8"))]
