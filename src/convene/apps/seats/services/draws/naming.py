"""Entries and targets as the engine takes them, under the names that people know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from convene.apps.communities.models import TraitQuestion
from convene.apps.seats import allotting
from convene.apps.seats.allotting import PASSED_OVER, POOL, UNSAID, Candidate
from convene.apps.seats.candidates import questions_of, targets_of
from convene.apps.seats.models import Draw, Pool
from convene.engines.allotment import Applicant, Lottery, Objective, Quota, solve_lottery


def lottery_of(
    draw: Draw, entries: Sequence[Candidate], by_pool: Mapping[str, int] | None
) -> tuple[Lottery, list[Quota]]:
    """The fairest lottery for these entries, and the quotas it keeps. Raises InfeasibleError, InputError."""
    targets = targets_of(draw.policy)
    questions = questions_of(draw.policy)
    names = _question_names(questions)
    pools = list(draw.policy.pools.filter(merged=False)) if by_pool is not None else []
    pool_names = _pool_names(pools)
    quotas = allotting.quotas(entries, targets, draw.seats, by_pool)
    quotas += _never_given(quotas, questions, draw.seats)
    quotas = [_open_pool(each, pools, draw.seats) for each in quotas]
    if not pools:
        quotas = [each for each in quotas if each.feature != POOL]
    named = [_name_quota(each, names, pool_names) for each in quotas]
    people = [_name_person(each, names, pool_names) for each in allotting.applicants(entries, targets)]
    return solve_lottery(people, named, draw.seats, objective=cast("Objective", draw.objective)), named


def _question_names(questions: Sequence[TraitQuestion]) -> dict[str, str]:
    """The question's words; with its key where two ask the same, or where it would be taken for another."""
    labels = [question.label for question in questions]
    return {
        str(question.pk): question.label
        if labels.count(question.label) == 1 and question.label not in {POOL, PASSED_OVER}
        else f"{question.label} ({question.key})"
        for question in questions
    }


def _pool_names(pools: Sequence[Pool]) -> dict[str, str]:
    names = [pool.name for pool in pools]
    return {
        str(pool.pk): pool.name if names.count(pool.name) == 1 else f"{pool.name} ({pool.position + 1})"
        for pool in pools
    }


def _never_given(quotas: Sequence[Quota], questions: Sequence[TraitQuestion], seats: int) -> list[Quota]:
    """Answers that nobody gave, as free as those without a target: the list does not tell which."""
    there = {(each.feature, each.value) for each in quotas}
    return [
        Quota(str(question.pk), value, 0, seats)
        for question in questions
        for value in (*question.values, UNSAID)
        if (str(question.pk), value) not in there
    ]


def _open_pool(quota: Quota, pools: Sequence[Pool], seats: int) -> Quota:
    """At most as many as the pool has seats. As all seats together are the sum of what the pools can fill,
    each is filled; and the record does not tell how few may have asked for one.
    """
    if quota.feature != POOL or not pools:
        return quota
    pool = next((each for each in pools if str(each.pk) == quota.value), None)
    return replace(quota, least=0, most=0 if pool is None else min(pool.capacity - pool.taken, seats))


def _name_quota(quota: Quota, names: Mapping[str, str], pools: Mapping[str, str]) -> Quota:
    if quota.feature == POOL:
        return replace(quota, value=pools.get(quota.value, UNSAID))
    return replace(quota, feature=names.get(quota.feature, quota.feature))


def _name_person(person: Applicant, names: Mapping[str, str], pools: Mapping[str, str]) -> Applicant:
    traits = {names.get(feature, feature): value for feature, value in person.traits.items()}
    pool = traits.pop(POOL)
    if pools:
        traits[POOL] = pools.get(pool, UNSAID)
    return replace(person, traits=traits)
