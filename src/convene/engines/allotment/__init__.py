"""Who gets a seat: a lottery over the panels that meet the quotas, in which chances are as equal as can be.

    from convene.engines.allotment import Applicant, Quota, allot

    quotas = [Quota("gender", "woman", 5, 6), Quota("gender", "man", 5, 6)]
    outcome = allot(applicants, quotas, 11, seed="4 2 6 1 3")

See README.md in this folder for the mathematics.
"""

from convene.engines.allotment.drawing import allot, replace, solve_lottery
from convene.engines.allotment.entries import Applicant, Objective, Quota, Type
from convene.engines.allotment.errors import AllotmentError, Code, InputError, Problem, SolverError
from convene.engines.allotment.infeasible import InfeasibleError, check_feasible, has_panel
from convene.engines.allotment.limits import Change, Limit
from convene.engines.allotment.lottery import Row
from convene.engines.allotment.outcome import (
    Caution,
    CautionCode,
    Lottery,
    MinimumChance,
    Optimum,
    Outcome,
    Progress,
    Watcher,
)
from convene.engines.allotment.shut_out import shut_out

__all__ = [
    "AllotmentError",
    "Applicant",
    "Caution",
    "CautionCode",
    "Change",
    "Code",
    "InfeasibleError",
    "InputError",
    "Limit",
    "Lottery",
    "MinimumChance",
    "Objective",
    "Optimum",
    "Outcome",
    "Problem",
    "Progress",
    "Quota",
    "Row",
    "SolverError",
    "Type",
    "Watcher",
    "allot",
    "check_feasible",
    "has_panel",
    "replace",
    "shut_out",
    "solve_lottery",
]
