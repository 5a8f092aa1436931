"""The best possible of a small case, by CP-SAT, in the solver's environment: JSON lines in, JSON lines out.

A case has n, sizes (of the tables, the same in every round), rounds, differ (n x n), met (n x n), again
(the price of a repeated meeting), apart and together (lists of pairs). Answered, each proven by the solver:
`mixing` (the most), `repeats` (the fewest, as the sum of m(m-1)/2), `met` (the most pairs),
`mixing_at_fewest` (the most mixing of all plans with the fewest repeats) and `price` (the least of again x
repeats - mixing).
"""

# A script for another environment, where nothing checks types:
# ruff: noqa: ANN001, ANN201
import json
import sys
from itertools import combinations

from ortools.sat.python import cp_model

SCALE = 1_000_000


def model_of(case, rounds):
    model, share = cp_model.CpModel(), {}
    for r in range(rounds):
        share |= seated(model, case, r)
        if r:  # rounds may come in any order: by whom the first person sits with
            codes = [sum(2**q * share[each, 0, q] for q in range(1, case["n"])) for each in (r - 1, r)]
            model.add(codes[0] >= codes[1])
        for name, together in (("apart", 0), ("together", 1)):
            for p, q in case[name]:
                model.add(share[r, min(p, q), max(p, q)] == together)
    return model, share


def seated(model, case, r):
    people, sizes = range(case["n"]), case["sizes"]
    sits = {(p, t): model.new_bool_var("") for p in people for t in range(len(sizes))}
    for p in people:
        model.add_exactly_one(sits[p, t] for t in range(len(sizes)))
    for t, size in enumerate(sizes):
        model.add(sum(sits[p, t] for p in people) == size)
        if t and size == sizes[t - 1]:  # tables of one size are told apart by who sits there only
            here, before = (sum(2 ** (case["n"] - p) * sits[p, at] for p in people) for at in (t, t - 1))
            model.add(before >= here)
    share = {}
    for p, q in combinations(people, 2):
        both = share[r, p, q] = model.new_bool_var("")
        for t in range(len(sizes)):
            model.add(sits[p, t] + sits[q, t] - both <= 1)
            model.add(sits[p, t] + both - sits[q, t] <= 1)
    return share


def twice_of(model, share, n, rounds):
    found = []
    for p, q in combinations(range(n), 2):
        for r, s in combinations(range(rounds), 2):
            both = model.new_bool_var("")
            model.add(share[r, p, q] + share[s, p, q] - both <= 1)
            found.append(both)
    return sum(found)


def solved(model):
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 4
    solver.parameters.random_seed = 1
    solver.parameters.max_time_in_seconds = 40
    if solver.solve(model) != cp_model.OPTIMAL:
        return None
    return solver


def whole(matrix):
    return [[round(each * SCALE) for each in row] for row in matrix]


def mixing_in(share, differ):
    return sum(differ[p][q] * each for (_, p, q), each in share.items())


def exact(solver, share, differ):
    return sum(differ[p][q] for (_, p, q), each in share.items() if solver.value(each))


def mixing_of(case):
    model, share = model_of(case, 1)
    model.maximize(mixing_in(share, whole(case["differ"])))
    solver = solved(model)
    return solver and {"mixing": case["rounds"] * exact(solver, share, case["differ"])}


def repeats_of(case):
    model, share = model_of(case, case["rounds"])
    twice = twice_of(model, share, case["n"], case["rounds"])
    model.minimize(twice)
    solver = solved(model)
    if solver is None:
        return None
    fewest = int(solver.objective_value)
    model.clear_objective()
    model.add(twice <= fewest)
    model.maximize(mixing_in(share, whole(case["differ"])))
    solver = solved(model)
    return solver and {"repeats": fewest, "mixing_at_fewest": exact(solver, share, case["differ"])}


def met_of(case):
    model, share = model_of(case, case["rounds"])
    ever = []
    for p, q in combinations(range(case["n"]), 2):
        one = model.new_bool_var("")
        model.add(sum(share[r, p, q] for r in range(case["rounds"])) >= one)
        ever.append(one)
    model.maximize(sum(ever))
    solver = solved(model)
    return solver and {"met": int(solver.objective_value)}


def price_of(case):
    model, share = model_of(case, case["rounds"])
    twice = twice_of(model, share, case["n"], case["rounds"])
    again, met = round(case["again"] * SCALE), whole(case["met"])
    before = sum(met[p][q] * each for (_, p, q), each in share.items())
    model.minimize(SCALE * (again * twice - mixing_in(share, whole(case["differ"]))) + again * before)
    solver = solved(model)
    return solver and {"price": solver.objective_value / SCALE**2}


def best(case):
    """None where one of them was not proven in time."""
    answer = {}
    for part in (mixing_of, repeats_of, met_of, price_of):
        found = part(case)
        if not found:
            return None
        answer |= found
    return answer


for line in sys.stdin:
    print(json.dumps(best(json.loads(line))), flush=True)
