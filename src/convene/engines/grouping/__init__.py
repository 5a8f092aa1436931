"""Who sits together: groups for several rounds, so that people meet someone new and differ at each table."""

from convene.engines.grouping.arranging import arrange
from convene.engines.grouping.errors import (
    Clash,
    ClashCode,
    ClashError,
    Code,
    GroupingError,
    InputError,
    Problem,
)
from convene.engines.grouping.history import decayed
from convene.engines.grouping.measuring import Figures, measure
from convene.engines.grouping.people import Met, Mix, Person, Rule, Table
from convene.engines.grouping.plan import Plan, Violation
from convene.engines.grouping.repair import Arrived, Moved, Repaired, repair
from convene.engines.grouping.replanning import Replanned, pins, replan

__all__ = [
    "Arrived",
    "Clash",
    "ClashCode",
    "ClashError",
    "Code",
    "Figures",
    "GroupingError",
    "InputError",
    "Met",
    "Mix",
    "Moved",
    "Person",
    "Plan",
    "Problem",
    "Repaired",
    "Replanned",
    "Rule",
    "Table",
    "Violation",
    "arrange",
    "decayed",
    "measure",
    "pins",
    "repair",
    "replan",
]
