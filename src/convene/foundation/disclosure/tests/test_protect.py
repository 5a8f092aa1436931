"""A reader who knows the columns by name and every figure learns nothing of fewer than k people.

The attacker below shares no code with the auditor: it writes down every way in which so few people can have
answered, and keeps those that agree with all that was published.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convene.foundation.disclosure import NOTHING_SAID, Column, Figure, protect, protect_counts

ROWS = ("north", "south", "east")


def worlds(people, rows, figures):
    """Every assignment of answers to people that agrees with the figures."""
    order = sorted(people)
    for picked in product(rows, repeat=len(order)):
        world = dict(zip(order, picked, strict=True))
        if all(sum(world[one] in f.answers for one in f.people) == f.count for f in figures):
            yield world


def broken(answers, columns, figures, *, rows, k, beside=()):
    """The ways in which the promise is broken; empty: it holds."""
    found = [f"shown: {figure}" for figure in figures if figure.count < k]
    possible = list(worlds(answers, rows, figures))
    own = [one.people for one in columns]
    sets = {*own}
    for one, other in [*combinations(own, 2), *product(own, beside)]:
        sets |= {one - other, other - one}
    for people in sets - {frozenset()}:
        for answer in set(rows) - {NOTHING_SAID}:
            truth = sum(answers[one] == answer for one in people)
            if 0 < truth < k:
                could = {sum(world[one] == answer for one in people) for world in possible}
                if 0 not in could or max(could) < min(k, len(people)):
                    found.append(f"{sorted(people)} {answer}: {truth} is within {sorted(could)}")
    return found + [
        f"{person} certainly said {answers[person]}"
        for person in frozenset().union(*own)
        if answers[person] != NOTHING_SAID
        and {world[person] for world in possible} <= {answers[person], NOTHING_SAID}
    ]


@st.composite
def nested(draw, rows=ROWS, least=4, most=8):
    """People, what they said, and two to three columns, each within the one before."""
    answers = dict(enumerate(draw(st.lists(st.sampled_from(rows), min_size=least, max_size=most))))
    columns, within = [], sorted(answers)
    for name in ("members", "asked", "came")[: draw(st.integers(1, 3))]:
        columns.append(Column(name, frozenset(within)))
        within = [one for one in within if draw(st.booleans())]
    return answers, columns


@settings(max_examples=150, deadline=None)
@given(nested(), st.sampled_from([2, 3]))
def test_nothing_hidden_can_be_worked_out_from_one_table(case, k):
    answers, columns = case
    table = protect(answers, columns, ROWS, k=k)
    assert broken(answers, columns, table.figures, rows=ROWS, k=k) == []


@settings(max_examples=100, deadline=None)
@given(nested(rows=(*ROWS[:2], NOTHING_SAID)), st.data())
def test_nor_from_two_tables_of_the_same_people(case, data):
    """A later date, or a filter: other columns, the same answers."""
    rows = (*ROWS[:2], NOTHING_SAID)
    answers, columns = case
    first = protect(answers, columns, rows, k=2)
    later = [
        Column(one.name, frozenset(person for person in one.people if data.draw(st.booleans())))
        for one in columns
    ]
    beside = [one.people for one in columns]
    second = protect(answers, later, rows, k=2, earlier=first.figures, beside=beside)
    known = {"rows": rows, "k": 2, "beside": beside}
    # A later column can single out people within an earlier figure, which then says a little about them.
    before = broken(answers, later, first.figures, **known)
    assert broken(answers, columns, first.figures, rows=rows, k=2) == []
    after = broken(answers, later, [*first.figures, *second.figures], **known)
    assert {line.partition(":")[0] for line in after} <= {line.partition(":")[0] for line in before}


@pytest.mark.parametrize(("size", "k"), [(6, 2), (7, 2), (7, 3), (8, 3), (10, 3), (12, 5), (14, 5)])
def test_who_knows_how_rows_are_chosen_still_learns_no_small_count(size, k):
    """Every possible world is published. Whatever page comes out, no count of 1 to k-1 is told by it."""
    pages = defaultdict(list)
    for counts in product(range(size + 1), repeat=3):
        if sum(counts) == size:
            table = protect_counts(dict(zip(ROWS, counts, strict=True)), k=k)
            pages[tuple((row.answers, row.counts["people"]) for row in table.rows)].append(counts)
    for page, found in pages.items():
        for place in range(3):
            could = {counts[place] for counts in found}
            assert len(could) > 1 or not could <= set(range(1, k)), (page, ROWS[place], could)


def test_two_counts_that_would_give_each_other_away_are_shown_together():
    table = protect_counts({"north": 20, "south": 9, "west": 2})
    assert [(row.answers, row.counts["people"]) for row in table.rows] == [
        (("north",), 20),
        (("south", "west"), 11),
    ]


def test_a_column_that_leaves_out_one_person_is_not_shown_beside_the_other():
    """Of the nine from the south eight came; the reader knows the one who did not."""
    answers = {n: "south" if n < 9 else "north" for n in range(30)}
    everyone = frozenset(answers)
    table = protect(answers, [Column("asked", everyone), Column("came", everyone - {0})], ["south", "north"])
    assert table.row("south").counts == {"asked": 9, "came": None}


def test_one_person_more_does_not_tell_their_answer():
    """The quarter before, without them: their answer is the difference."""
    answers = {n: ("south", "north")[n % 2] for n in range(21)}
    before = Column("asked", frozenset(range(20)))
    first = protect(answers, [before], ["south", "north"])
    now = Column("asked", frozenset(range(21)))
    later = protect(answers, [now], ["south", "north"], earlier=first.figures, beside=[before.people])
    assert [row.counts for row in first.rows] == [{"asked": 10}, {"asked": 10}]
    assert later.empty


def test_nor_is_it_told_by_what_they_cannot_have_said():
    """Forty from the north as before, and one more who is from the south or said nothing."""
    rows = ["north", "south", NOTHING_SAID]
    answers = {n: "north" if n < 40 else "south" for n in range(71)}
    first = protect(answers, [Column("members", frozenset(range(70)))], rows)
    later = protect(answers, [Column("members", frozenset(range(71)))], rows, earlier=first.figures)
    assert [row.counts["members"] for row in first.rows] == [40, 30, None]
    assert later.empty


def test_where_everyone_said_the_same_nothing_is_shown():
    assert protect_counts({"south": 12, "north": 0}).empty


def test_contradicting_figures_show_nothing_more():
    answers = {n: ("south", "north")[n % 2] for n in range(20)}
    wrong = Figure(frozenset(range(20)), frozenset({"south"}), 3)
    assert protect(answers, [Column("asked", frozenset(answers))], ["south", "north"], earlier=[wrong]).empty


def test_what_is_not_proven_in_time_is_not_shown():
    answers = {n: ("south", "north")[n % 2] for n in range(20)}
    assert protect(answers, [Column("asked", frozenset(answers))], ["south", "north"], seconds=0).empty


def test_people_whose_answer_is_no_longer_known_still_count_in_earlier_figures():
    answers = {n: ("south", "north")[n % 2] for n in range(30)}
    first = protect(answers, [Column("asked", frozenset(range(20)))], ["south", "north"])
    left = {one: said for one, said in answers.items() if one not in {0, 3}}
    later = protect(
        left, [Column("asked", frozenset(range(10, 30)))], ["south", "north"], earlier=first.figures
    )
    assert [row.counts for row in later.rows] == [{"asked": 10}, {"asked": 10}]


def test_an_answer_without_a_row_is_refused():
    with pytest.raises(ValueError, match="west"):
        protect({1: "west"}, [Column("asked", frozenset({1}))], ["north"])
