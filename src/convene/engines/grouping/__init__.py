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
from convene.engines.grouping.explain import (
    PersonReasons,
    RuleReason,
    Swap,
    TableReasons,
    broken_rules,
    explain_person,
    explain_table,
)
from convene.engines.grouping.exports import (
    Card,
    Sheet,
    Stop,
    ZoomFile,
    door_sheet,
    personal_sheets,
    plan_json,
    table_cards,
    zoom_csv,
)
from convene.engines.grouping.history import decayed
from convene.engines.grouping.measuring import Figures, measure
from convene.engines.grouping.people import Met, Mix, Person, Rule, Table
from convene.engines.grouping.plan import Plan, Violation
from convene.engines.grouping.repair import Arrived, Moved, Repaired, repair
from convene.engines.grouping.replanning import Replanned, pins, replan

__all__ = [
    "Arrived",
    "Card",
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
    "PersonReasons",
    "Plan",
    "Problem",
    "Repaired",
    "Replanned",
    "Rule",
    "RuleReason",
    "Sheet",
    "Stop",
    "Swap",
    "Table",
    "TableReasons",
    "Violation",
    "ZoomFile",
    "arrange",
    "broken_rules",
    "decayed",
    "door_sheet",
    "explain_person",
    "explain_table",
    "measure",
    "personal_sheets",
    "pins",
    "plan_json",
    "repair",
    "replan",
    "table_cards",
    "zoom_csv",
]
