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
from convene.engines.grouping.people import Met, Mix, Person, Rule, Table
from convene.engines.grouping.plan import Plan, Violation

__all__ = [
    "Clash",
    "ClashCode",
    "ClashError",
    "Code",
    "GroupingError",
    "InputError",
    "Met",
    "Mix",
    "Person",
    "Plan",
    "Problem",
    "Rule",
    "Table",
    "Violation",
    "arrange",
]
