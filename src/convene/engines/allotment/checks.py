"""Input that cannot be drawn from is refused with every fault named, before any solver runs."""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from convene.engines.allotment.entries import Applicant, Quota, features_of
from convene.engines.allotment.errors import Code, InputError, Param, Problem

Params = dict[str, Param]


def check(
    applicants: Sequence[Applicant],
    quotas: Sequence[Quota],
    seats: int,
    *,
    held: Collection[str] = (),
    exclude: Collection[str] = (),
) -> None:
    """Raise `InputError` with all problems, unless the input is sound. Whether quotas clash is a later
    question.
    """
    problems = [
        *_about_quotas(quotas),
        *_about_people(applicants, quotas),
        *_about_held(applicants, held, exclude),
        *_about_units(applicants, seats, frozenset(held), frozenset(exclude)),
    ]
    if not problems:
        everyone = [person for person in applicants if person.id not in frozenset(exclude)]
        sure = [person for person in everyone if person.held or person.id in frozenset(held)]
        problems = [*_about_numbers(everyone, quotas, seats), *_about_held_numbers(sure, quotas, seats)]
    if problems:
        raise InputError(problems)


def _about_quotas(quotas: Sequence[Quota]) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for index, quota in enumerate(quotas):
        params: Params = {
            "feature": quota.feature,
            "value": quota.value,
            "least": quota.least,
            "most": quota.most,
        }
        if not quota.feature or not quota.value:
            yield Problem(Code.EMPTY_QUOTA, params, "quota", index)
        if (quota.feature, quota.value) in seen:
            yield Problem(Code.DUPLICATE_QUOTA, params, "quota", index)
        if quota.least < 0:
            yield Problem(Code.NEGATIVE_LEAST, params, "quota", index)
        if quota.least > quota.most:
            yield Problem(Code.LEAST_ABOVE_MOST, params, "quota", index)
        seen.add((quota.feature, quota.value))


def _about_people(applicants: Sequence[Applicant], quotas: Sequence[Quota]) -> Iterator[Problem]:
    named = {feature: set[str]() for feature in features_of(quotas)}
    for quota in quotas:
        named[quota.feature].add(quota.value)
    seen: set[str] = set()
    sound: set[tuple[str | None, ...]] = set()  # combinations of values already found to be without fault
    for index, person in enumerate(applicants):
        if not person.id:
            yield Problem(Code.EMPTY_ID, {}, "applicant", index)
        elif person.id in seen:
            yield Problem(Code.DUPLICATE_ID, {"id": person.id}, "applicant", index)
        seen.add(person.id)
        if not _is_weight(person.weight):
            params: Params = {"id": person.id, "weight": str(person.weight)}
            yield Problem(Code.BAD_WEIGHT, params, "applicant", index)
        if person.household and person.team:
            yield Problem(Code.HOUSEHOLD_AND_TEAM, {"id": person.id}, "applicant", index)
        combination = tuple(map(person.traits.get, named))
        if combination not in sound:
            faults = list(_about_values(person, named, index))
            yield from faults
            sound |= set() if faults else {combination}


def _is_weight(weight: object) -> bool:
    if type(weight) is int:  # nearly all are
        return weight > 0
    if isinstance(weight, bool) or not isinstance(weight, int | float | Decimal | Fraction):
        return False
    return math.isfinite(weight) and weight > 0


def _about_values(person: Applicant, named: Mapping[str, Collection[str]], index: int) -> Iterator[Problem]:
    for feature, values in named.items():
        problem = _about_value(person, feature, values)
        if problem is not None:
            yield Problem(problem, _value_params(person, feature), "applicant", index)


def _about_value(person: Applicant, feature: str, values: Collection[str]) -> Code | None:
    if feature not in person.traits:
        return Code.MISSING_FEATURE
    value = person.traits[feature]
    if not value:
        return Code.EMPTY_VALUE
    return None if value in values else Code.UNKNOWN_VALUE


def _value_params(person: Applicant, feature: str) -> dict[str, str]:
    return {"id": person.id, "feature": feature, "value": person.traits.get(feature, "")}


def _about_held(
    applicants: Sequence[Applicant], held: Collection[str], exclude: Collection[str]
) -> Iterator[Problem]:
    ids = {person.id for person in applicants}
    sure = set(held) | {person.id for person in applicants if person.held}
    for each in sorted(set(held) - ids):
        yield Problem(Code.UNKNOWN_HELD, {"id": each})
    for each in sorted(set(exclude) - ids):
        yield Problem(Code.UNKNOWN_EXCLUDED, {"id": each})
    for each in sorted(sure & set(exclude)):
        yield Problem(Code.HELD_AND_EXCLUDED, {"id": each})


def _about_units(
    applicants: Sequence[Applicant], seats: int, held: Collection[str], exclude: Collection[str]
) -> Iterator[Problem]:
    teams, households = defaultdict[str, list[Applicant]](list), defaultdict[str, list[Applicant]](list)
    for person in applicants:
        if person.team:
            teams[person.team].append(person)
        if person.household and person.id not in exclude:
            households[person.household].append(person)
    for name, team in sorted(teams.items()):
        out = sum(person.id in exclude for person in team)
        sure = sum(person.held or person.id in held for person in team)
        if 0 < out < len(team):
            yield Problem(Code.TEAM_PARTLY_EXCLUDED, {"team": name, "people": len(team), "excluded": out})
        elif 0 < sure < len(team):
            yield Problem(Code.TEAM_PARTLY_HELD, {"team": name, "people": len(team), "held": sure})
        elif not out and len(team) > max(seats, 0):
            yield Problem(Code.TEAM_ABOVE_SEATS, {"team": name, "people": len(team), "seats": seats})
    for name, household in sorted(households.items()):
        sure = sum(person.held or person.id in held for person in household)
        if sure > 1:
            yield Problem(Code.HELD_IN_ONE_HOUSEHOLD, {"household": name, "held": sure})


def _about_numbers(people: Sequence[Applicant], quotas: Sequence[Quota], seats: int) -> Iterator[Problem]:
    if seats < 1:
        yield Problem(Code.NO_SEATS, {"seats": seats})
        return
    if not people:
        yield Problem(Code.NO_APPLICANTS)
        return
    if seats > len(people):
        yield Problem(Code.MORE_SEATS_THAN_PEOPLE, {"seats": seats, "people": len(people)})
    elif seats > (apart := _apart(people)):
        params: Params = {"seats": seats, "people": len(people), "apart": apart}
        yield Problem(Code.MORE_SEATS_THAN_HOUSEHOLDS, params)
    for feature in features_of(quotas):
        own = [quota for quota in quotas if quota.feature == feature]
        least, most = sum(quota.least for quota in own), sum(quota.most for quota in own)
        if least > seats:
            yield Problem(Code.LEASTS_ABOVE_SEATS, {"feature": feature, "total": least, "seats": seats})
        if most < seats:
            yield Problem(Code.MOSTS_BELOW_SEATS, {"feature": feature, "total": most, "seats": seats})
    have = _tally(people, quotas)
    for index, quota in enumerate(quotas):
        people_of = have[quota.feature, quota.value]
        if people_of < quota.least:
            params = {
                "feature": quota.feature,
                "value": quota.value,
                "least": quota.least,
                "people": people_of,
            }
            yield Problem(Code.TOO_FEW_PEOPLE, params, "quota", index)


def _about_held_numbers(sure: Sequence[Applicant], quotas: Sequence[Quota], seats: int) -> Iterator[Problem]:
    if len(sure) > seats > 0:
        yield Problem(Code.HELD_ABOVE_SEATS, {"held": len(sure), "seats": seats})
    have = _tally(sure, quotas)
    for index, quota in enumerate(quotas):
        held = have[quota.feature, quota.value]
        if held > quota.most:
            params: Params = {
                "feature": quota.feature,
                "value": quota.value,
                "held": held,
                "most": quota.most,
            }
            yield Problem(Code.HELD_ABOVE_MOST, params, "quota", index)


def _apart(people: Sequence[Applicant]) -> int:
    """How many people there are, each household counted once."""
    return len({person.household for person in people if person.household}) + sum(
        not person.household for person in people
    )


def _tally(people: Sequence[Applicant], quotas: Sequence[Quota]) -> Counter[tuple[str, str]]:
    features = features_of(quotas)
    tally: Counter[tuple[str, str]] = Counter()
    for values, count in Counter(
        tuple(map(person.traits.__getitem__, features)) for person in people
    ).items():
        for feature, value in zip(features, values, strict=True):
            tally[feature, value] += count
    return tally
