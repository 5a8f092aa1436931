"""What a grouping is made from: what may be known of people for it, rules, tables. Nothing here is shown.

Of people who did not say yes to `Purpose.SEATING` only the tier and whether they facilitate are known, which
the community keeps itself; everything they said about themselves counts as unsaid.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext as _

from convene.apps.communities.models import Membership, TraitQuestion
from convene.apps.communities.queries import open_questions, traits_of
from convene.apps.people.queries import needs_for, people_consenting
from convene.apps.people.rules import AccessKind, Purpose
from convene.apps.rooms.models import Group, Participant, Room, TableRule
from convene.apps.rooms.ports import ports
from convene.apps.rooms.rules import groups as rules
from convene.apps.rooms.rules.groups import Said, Wishes
from convene.engines import grouping as engine

FEWEST = 5
"""Of fewer people nothing they said is used to mix."""
Kind = TableRule.Kind
Fixed = tuple[str, int, int]
"""Participant, round and table, both from 0."""


@dataclass(frozen=True)
class Aspect:
    """Something groups can be mixed by. `answers`: it is one of the community's questions."""

    key: str
    label: str
    answers: bool = False


def aspects(room: Room) -> list[Aspect]:
    """Tier, organisation, every question the community asks; viewpoints once somebody gathers them."""
    community_id = room.session.workshop.community_id
    found = [
        Aspect(rules.TIER, _("core, active, peripheral members and guests")),
        Aspect(rules.ORGANISATION, _("organisation")),
    ]
    found += [
        Aspect(f"{rules.QUESTION}{one.pk}", one.label, answers=True) for one in open_questions(community_id)
    ]
    if ports.viewpoints is not None:
        found.append(Aspect(rules.VIEWPOINT, _("viewpoints")))
    return found


@dataclass(frozen=True)
class Place:
    """A table of one number, in all rounds."""

    label: str = ""
    link: str = ""
    step_free: bool = False


def places_of(groups: Iterable[Group], count: int) -> list[Place]:
    known = {one.number: Place(one.label, one.link, one.step_free) for one in groups}
    return [known.get(number, Place()) for number in range(1, count + 1)]


@dataclass(frozen=True)
class Setting:
    """Everything the engine is given, and each of its rules in words."""

    people: list[engine.Person]
    tables: list[engine.Table]
    mix: engine.Mix
    rules: list[engine.Rule]
    said: list[Said]
    names: Mapping[str, str]
    labels: Mapping[str, str]


def rules_of(room: Room) -> list[TableRule]:
    return list(room.table_rules.prefetch_related("people__person"))


def words_of(rule: TableRule, labels: Mapping[str, str]) -> Said:
    names = sorted(one.person.name for one in rule.people.all())
    return rules.rule_words(rule.kind, names=names, key=rule.key, label=labels.get(rule.key, ""))


def setting_of(
    room: Room,
    participants: Sequence[Participant],
    wishes: Wishes,
    *,
    places: Sequence[Place],
    fixed: Sequence[Fixed] = (),
) -> Setting:
    """A constant number of queries; only what the wishes and rules ask for is read."""
    standing = rules_of(room)
    labels = {one.key: one.label for one in aspects(room)}
    people = _people(room, participants, wishes, standing)
    names = {str(one.pk): one.person.name for one in participants}
    tables = [
        engine.Table(
            rules.table_name(number, place.label),
            frozenset({rules.NEEDS_STEP_FREE}) if place.step_free else frozenset(),
        )
        for number, place in enumerate(places, start=1)
    ]
    given = list(_rules(standing, people, labels)) + list(_pins(fixed, names, tables))
    return Setting(
        people=people,
        tables=tables,
        mix=_mix(wishes, people),
        rules=[rule for rule, _said in given],
        said=[said for _rule, said in given],
        names=names,
        labels=labels,
    )


def _people(
    room: Room, participants: Sequence[Participant], wishes: Wishes, standing: Sequence[TableRule]
) -> list[engine.Person]:
    workshop = room.session.workshop
    ids = [one.person_id for one in participants]
    keys = {*wishes.mixes, *(rule.key for rule in standing if rule.kind == Kind.NOT_ALONE)}
    kinds = {rule.kind for rule in standing}
    agreed = people_consenting(Purpose.SEATING, person_ids=ids)
    tiers, organisations = _memberships(workshop.community_id, ids)
    answers = _answers(workshop.community_id, agreed, keys, set(wishes.ordered))
    step_free = _step_free(agreed, workshop.pk) if Kind.STEP_FREE in kinds else set()
    vectors = _vectors(workshop.community_id, ids) if rules.VIEWPOINT in keys else {}
    return [
        engine.Person(
            str(one.pk),
            traits={
                rules.TIER: tiers.get(one.person_id, "guest"),
                **(
                    {rules.ORGANISATION: organisations.get(one.person_id, "")}
                    if one.person_id in agreed
                    else {}
                ),
                **answers.get(one.person_id, {}),
            },
            viewpoint=vectors.get(one.person_id),
            languages=frozenset(one.person.speaks) if one.person_id in agreed else frozenset(),
            flags=frozenset(
                flag
                for flag, has in (
                    (rules.FACILITATOR, one.facilitates),
                    (rules.CORE, tiers.get(one.person_id) == Membership.Tier.CORE),
                    (rules.NEEDS_STEP_FREE, one.person_id in step_free),
                )
                if has
            ),
        )
        for one in participants
    ]


def _memberships(community_id: UUID, ids: Sequence[UUID]) -> tuple[dict[UUID, str], dict[UUID, str]]:
    known = list(
        Membership.objects.filter(
            community_id=community_id, person_id__in=ids, state=Membership.State.ACTIVE
        ).only("person_id", "tier", "organisation_id")
    )
    return (
        {one.person_id: one.tier for one in known},
        {one.person_id: str(one.organisation_id) for one in known if one.organisation_id is not None},
    )


def _answers(
    community_id: UUID, agreed: set[UUID], keys: set[str], ordered: set[str]
) -> dict[UUID, dict[str, str | float]]:
    """Person -> key -> answer; of an ordered question its place among the answers."""
    asked: list[TraitQuestion] = [
        one for one in open_questions(community_id) if f"{rules.QUESTION}{one.pk}" in keys
    ]
    if not asked or not agreed:
        return {}
    said = traits_of(agreed, asked)
    return {
        person_id: {
            key: _placed(question, answer) if key in ordered else answer
            for question in asked
            for key in [f"{rules.QUESTION}{question.pk}"]
            for answer in [given.get(question.pk, "")]
            if answer
        }
        for person_id, given in said.items()
    }


def _placed(question: TraitQuestion, answer: str) -> str:
    return str(question.values.index(answer)) if answer in question.values else ""


def _step_free(agreed: set[UUID], workshop_id: UUID) -> set[UUID]:
    needs = needs_for(agreed, workshop_id).filter(kind=AccessKind.STEP_FREE)
    return set(needs.values_list("person_id", flat=True))


def _vectors(community_id: UUID, ids: Sequence[UUID]) -> dict[UUID, tuple[float, ...]]:
    if ports.viewpoints is None:
        return {}
    found = ports.viewpoints(community_id=community_id, person_ids=ids)
    return {person_id: tuple(vector) for person_id, vector in found.items()}


def _mix(wishes: Wishes, people: Sequence[engine.Person]) -> engine.Mix:
    """What fewer than five here said anything about is left out: no figure may tell of so few."""
    said = Counter(key for one in people for key, value in one.traits.items() if value != "")
    keys = tuple(key for key in wishes.mixes if said[key] >= FEWEST or (key == rules.TIER and said[key]))
    placed = sum(one.viewpoint is not None for one in people)
    viewpoint = rules.VIEWPOINT in wishes.mixes and placed >= FEWEST
    return engine.Mix(keys, frozenset(wishes.ordered) & frozenset(keys), viewpoint=float(viewpoint))


def _rules(
    standing: Sequence[TableRule], people: Sequence[engine.Person], labels: Mapping[str, str]
) -> Iterator[tuple[engine.Rule, Said]]:
    present = {one.id for one in people}
    for rule in standing:
        said = words_of(rule, labels)
        named = tuple(str(one.pk) for one in rule.people.all() if str(one.pk) in present)
        match rule.kind:
            case Kind.APART if len(named) > 1:
                yield engine.Rule("apart", people=named), said
            case Kind.TOGETHER if len(named) > 1:
                yield engine.Rule("together", people=named), said
            case Kind.AT_EACH:
                yield engine.Rule("at_least", flag=rule.key, number=1), said
            case Kind.LANGUAGE:
                yield engine.Rule("language"), said
            case Kind.STEP_FREE:
                yield engine.Rule("needs", flag=rules.NEEDS_STEP_FREE), said
            case Kind.NOT_ALONE:
                # Who is the only one in the whole room is so at any table: no rule can help it.
                counts = Counter(str(one.traits.get(rule.key, "")) for one in people)
                for value in sorted(value for value, count in counts.items() if value and count > 1):
                    yield engine.Rule("not_alone", trait=rule.key, value=value), said


def _pins(
    fixed: Sequence[Fixed], names: Mapping[str, str], tables: Sequence[engine.Table]
) -> Iterator[tuple[engine.Rule, Said]]:
    for pin in engine.pins(fixed):
        who = [names[one] for one in pin.people]
        table = tables[pin.table or 0].name
        yield pin, rules.pin_words(who, table, [one + 1 for one in pin.rounds or ()])


def without_pins(setting: Setting) -> Setting:
    """For a look at groups as they are: that someone was fixed by hand breaks nothing."""
    kept = [
        (rule, said) for rule, said in zip(setting.rules, setting.said, strict=True) if rule.kind != "pinned"
    ]
    return replace(setting, rules=[rule for rule, _ in kept], said=[said for _, said in kept])
