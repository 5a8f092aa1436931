from __future__ import annotations

import uuid

import pytest

from convene.apps.capabilities import rules
from convene.foundation.errors import RuleBroken


def test_fewer_than_five_askers_are_spoken_of_in_words():
    assert [rules.asked_by(n) for n in (0, 1, 4, 5, 12)] == [
        "Nobody has asked for it yet",
        "A few people ask for it",
        "A few people ask for it",
        "5 people ask for it",
        "12 people ask for it",
    ]


def test_a_need_is_merged_only_with_others_of_its_community():
    into, other, home, away = (uuid.uuid4() for _ in range(4))
    rules.check_mergeable(into=into, others=[other], communities=[home, home])
    for others, communities, code in [
        ([], [home], "merge_one"),
        ([into], [home, home], "merge_self"),
        ([other], [home, away], "merge_across"),
    ]:
        with pytest.raises(RuleBroken) as refused:
            rules.check_mergeable(into=into, others=others, communities=communities)
        assert refused.value.code == code
