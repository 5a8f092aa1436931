import hashlib
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convene.engines.allotment.chance import Chance
from convene.engines.allotment.columns import Mixture
from convene.engines.allotment.lottery import Row, in_tickets


def test_the_stream_is_what_its_rule_says() -> None:
    digest = hashlib.sha256(b"convene-stream/1\npanel\n4 2 6\n0").digest()
    first = int.from_bytes(digest[:8], "big")
    assert first == 1662716505060566215
    assert Chance("4 2 6", "panel").below(2**64) == first
    assert Chance("4 2 6", "panel").below(10) == first % 10


def test_numbers_from_the_uneven_end_are_thrown_away() -> None:
    chance, bound = Chance("seed", "label"), 2**63 + 1
    raw = Chance("seed", "label")
    kept = [number for number in (raw.below(2**64) for _ in range(200)) if number < bound]
    assert [chance.below(bound) for _ in range(len(kept))] == kept


def test_labels_and_seeds_give_streams_of_their_own() -> None:
    firsts = {Chance(seed, label).below(2**64) for seed in ("a", "b") for label in ("c", "d")}
    assert len(firsts) == 4


def test_every_order_is_equally_likely() -> None:
    seen = Counter("".join(Chance(str(seed), "x").shuffled("abc")) for seed in range(6000))
    assert len(seen) == 6
    assert all(900 < count < 1100 for count in seen.values())


@pytest.mark.parametrize("bound", [0, 2**64 + 1])
def test_a_bound_out_of_range_is_refused(bound: int) -> None:
    with pytest.raises(ValueError, match="not between"):
        Chance("s", "l").below(bound)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6).filter(lambda shares: sum(shares) > 0.1))
def test_tickets_add_up_and_follow_the_shares(shares: list[float]) -> None:
    panels = tuple(np.array([n, 7 - n]) for n in range(len(shares)))
    rows = in_tickets(Mixture(panels, np.array(shares) / sum(shares)))
    assert sum(row.tickets for row in rows) == 10**12
    for row in rows:
        assert abs(row.tickets - 10**12 * shares[row.counts[0]] / sum(shares)) < 1.01


def test_the_same_composition_is_one_row() -> None:
    rows = in_tickets(
        Mixture((np.array([1, 0]), np.array([0, 1]), np.array([1, 0])), np.array([0.25, 0.5, 0.25]))
    )
    assert rows == (Row(10**12 // 2, (0, 1)), Row(10**12 // 2, (1, 0)))
