"""Least chances and sums of squared chances of invented pools, proven once: a silent error would change them.

The least chance is proven by exact prices (bounds.py) and its certificate; the sum of squares is that of the one
leximin vector, found in the same way by two generations of this engine's search.
"""

import pytest

from convene.engines.allotment import Objective, allot
from convene.engines.allotment.tests.invented import KINDS, invented

GOLDEN = {
    ("plain", 120, 12, 1): (0.0958904110, 1.20315512),
    ("plain", 120, 12, 2): (0.0808080808, 1.58549179),
    ("skewed", 120, 12, 1): (0.0459770115, 3.88794327),
    ("skewed", 120, 12, 2): (0.0724637681, 1.32949100),
    ("alike", 120, 12, 1): (0.0731707317, 1.42100101),
    ("alike", 120, 12, 2): (0.0602409639, 2.69375884),
    ("tight", 120, 12, 1): (0.0747330961, 2.41878902),
    ("tight", 120, 12, 2): (0.0694444444, 3.46772364),
    ("weights", 120, 12, 1): (0.0162037037, 1.53049734),
    ("weights", 120, 12, 2): (0.0134907251, 2.28844327),
    ("fine", 120, 12, 1): (0.0842105263, 1.65097876),
    ("fine", 120, 12, 2): (0.0970873786, 1.21182356),
    ("plain", 400, 30, 1): (0.0613496933, 3.88535696),
    ("skewed", 400, 30, 1): (0.0233333333, 11.34634283),
    ("skewed", 400, 30, 2): (0.0262390671, 9.41571250),
    ("alike", 400, 30, 1): (0.0695364238, 2.37961452),
    ("alike", 400, 30, 2): (0.0625000000, 2.95752667),
    ("weights", 400, 30, 1): (0.0110741971, 4.68837539),
    ("weights", 400, 30, 2): (0.0126735063, 3.72388328),
    ("fine", 400, 30, 2): (0.0646551724, 3.49834719),
}


@pytest.mark.parametrize("pool", GOLDEN)
def test_an_invented_pool_keeps_its_proven_chances(pool: tuple[str, int, int, int]) -> None:
    kind, people, seats, seed = pool
    outcome = allot(*invented(people, seats, seed, KINDS[kind]), seats, seed="golden")
    least, squares = GOLDEN[pool]
    assert outcome.minimum_chance.achieved == pytest.approx(least, abs=2e-9)
    assert outcome.minimum_chance.gap < 1e-9
    assert sum(chance * chance for chance in outcome.chances.values()) == pytest.approx(squares, abs=1e-6)


@pytest.mark.parametrize("pool", [pool for pool in GOLDEN if pool[1] == 120])
def test_maximin_has_the_same_least_chance(pool: tuple[str, int, int, int]) -> None:
    kind, people, seats, seed = pool
    objective: Objective = "maximin"
    outcome = allot(*invented(people, seats, seed, KINDS[kind]), seats, seed="golden", objective=objective)
    assert outcome.minimum_chance.achieved == pytest.approx(GOLDEN[pool][0], abs=2e-9)
